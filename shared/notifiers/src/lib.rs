//! The carriers that wake devices, made from a function's settings and secrets.
//!
//! Invariant: nothing else names our key for push services, or reads it.
//!
//! It must not know who is woken, and why.

use std::sync::{Arc, Mutex, PoisonError};

use porchlight_domain::device::{Address, Device};
use porchlight_edge::secrets::VAPID_KEY;
use porchlight_edge::{Clock, ConfigError, Entropy, Platform, Secrets, SecretsError};
use porchlight_notify::sns::Applications;
use porchlight_notify::{
    BadKey, BadSubscription, Carrier, Chance, ClientSetupError, Outcome, Posted, Push, Sns, VapidKey,
    WebPush, webpush,
};

/// Whom push services find us at, where the settings say nothing and the site is none that others reach.
const NOBODY: &str = "mailto:porchlight@example.com";

/// Our key cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The secrets are out of reach.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// What is kept is no key.
    #[error("the secret {VAPID_KEY} is no key: {0}")]
    Bad(#[from] BadKey),
    /// The HTTP client cannot be made.
    #[error(transparent)]
    Client(#[from] ClientSetupError),
}

/// Wakes devices. Cheap to clone.
#[derive(Clone)]
pub struct Notifiers {
    secrets: Arc<dyn Secrets>,
    clock: Clock,
    entropy: Entropy,
    contact: Arc<str>,
    public_url: Arc<str>,
    allow_loopback: bool,
    sns: Arc<Sns>,
    /// Made with the key that was read last.
    web: Arc<Mutex<Option<(String, WebPush)>>>,
}

impl Notifiers {
    /// Settings: `PUBLIC_URL`, `VAPID_CONTACT` (empty: the public address), `ALLOW_LOOPBACK`, `SNS_APNS_APPLICATION` and
    /// `SNS_FCM_APPLICATION` (empty where there is none). The key is a secret.
    pub fn new(platform: &Platform) -> Result<Self, ConfigError> {
        let settings = &platform.settings;
        let public_url = settings.require("PUBLIC_URL")?.trim_end_matches('/');
        let named = |key: &str| settings.require(key).map(|arn| (!arn.is_empty()).then(|| arn.to_owned()));
        let applications =
            Applications { apns: named("SNS_APNS_APPLICATION")?, fcm: named("SNS_FCM_APPLICATION")? };
        let config = platform.aws().map(aws_sdk_sns::config::Builder::from);
        Ok(Self {
            secrets: platform.secrets()?,
            clock: platform.clock.clone(),
            entropy: platform.entropy.clone(),
            contact: contact(settings.require("VAPID_CONTACT")?, public_url).into(),
            public_url: public_url.into(),
            allow_loopback: settings.parse("ALLOW_LOOPBACK", "true or false")?,
            sns: Arc::new(Sns::new(config, applications, public_url)),
            web: Arc::default(),
        })
    }

    /// The key that browsers subscribe with; made at the first time, and kept.
    pub async fn public_key(&self) -> Result<String, KeyError> {
        if let Some(kept) = self.secrets.get(VAPID_KEY).await? {
            return Ok(VapidKey::parse(&kept)?.public().to_owned());
        }
        let made = (0..4).find_map(|_| VapidKey::of_chance(&self.entropy.bytes())).ok_or(BadKey)?;
        let kept = self.secrets.add(VAPID_KEY, &made.to_secret()).await?;
        Ok(VapidKey::parse(&kept)?.public().to_owned())
    }

    /// Whether a browser's subscription can be pushed to.
    pub fn check(&self, endpoint: &str, p256dh: &str, auth: &str) -> Result<(), BadSubscription> {
        webpush::check(endpoint, p256dh, auth, self.allow_loopback)
    }

    /// Whether devices with such an address are reached at all.
    pub fn reaches(&self, address: &Address) -> bool {
        matches!(address, Address::WebPush { .. }) || self.sns.reaches(address)
    }

    /// Posts to a device, now.
    pub async fn post(&self, device: &Device, push: &Push) -> Posted {
        let chance = Chance { key: self.entropy.bytes(), salt: self.entropy.bytes() };
        let now = self.clock.now();
        if !matches!(device.address, Address::WebPush { .. }) {
            return self.sns.post(device, push, now, chance).await;
        }
        match self.web().await {
            Ok(web) => web.post(device, push, now, chance).await,
            Err(error) => {
                tracing::error!(
                    error = &error as &(dyn std::error::Error + 'static),
                    "nobody can be pushed to"
                );
                let reason = "The server cannot read its push key just now.".to_owned();
                Outcome::Later { reason, after: None, unknown: false }.into()
            }
        }
    }

    /// The device was removed; whatever is kept of it outside goes too.
    pub async fn forget(&self, device: &Device) {
        if device.endpoint.is_some() {
            self.sns.forget(device).await;
        }
    }

    async fn web(&self) -> Result<WebPush, KeyError> {
        let kept = self.secrets.get(VAPID_KEY).await?.ok_or(BadKey)?;
        let key = VapidKey::parse(&kept)?;
        let mut known = self.web.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, web)) = &*known
            && of == key.public()
        {
            return Ok(web.clone());
        }
        let public = key.public().to_owned();
        let web = WebPush::new(key, &self.contact, &self.public_url, self.allow_loopback)?;
        *known = Some((public, web.clone()));
        Ok(web)
    }
}

/// `mailto:` or `https:`, as RFC 8292 wants it.
fn contact(said: &str, public_url: &str) -> String {
    match said {
        "" if public_url.starts_with("https://") => public_url.to_owned(),
        "" => NOBODY.to_owned(),
        said if said.starts_with("mailto:") || said.starts_with("https://") => said.to_owned(),
        said => format!("mailto:{said}"),
    }
}
