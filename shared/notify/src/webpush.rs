//! A browser's push service.

mod encrypt;

use std::time::Duration;

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::{PublicKey, SecretKey};
use porchlight_domain::device::{Address, Device};
use porchlight_domain::push::Notice;
use porchlight_domain::time::Timestamp;
use porchlight_network::{PublicOnly, is_public_host};
use reqwest::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use url::Url;

use self::encrypt::{Recipient, encrypt};
use crate::payload;
use crate::vapid::VapidKey;
use crate::{Carrier, Chance, Outcome, Posted, Push};

/// For one post, all of it.
const PATIENCE: Duration = Duration::from_secs(10);
const CONNECTS_IN: Duration = Duration::from_secs(5);
/// Endpoints are some 200 to 500 characters long.
const LONGEST_ENDPOINT: usize = 2000;

/// The HTTP client cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client cannot be made")]
pub struct ClientSetupError(#[from] reqwest::Error);

/// What a browser sent is no subscription that can be pushed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSubscription {
    /// Not https, or no address of the public network.
    #[error("the endpoint is no https address of a push service")]
    Endpoint,
    /// No point of P-256.
    #[error("p256dh is no public key of a browser")]
    Key,
    /// Not 16 bytes.
    #[error("auth has not 16 bytes")]
    Auth,
}

/// Posts to push services.
#[derive(Clone)]
pub struct WebPush {
    client: Client,
    key: VapidKey,
    contact: String,
    public_url: String,
    allow_loopback: bool,
}

impl WebPush {
    /// With this key; whoever runs a push service finds us at `contact`. `allow_loopback`, for tests only, lets endpoints
    /// lie in private networks and be reached over http.
    pub fn new(
        key: VapidKey,
        contact: &str,
        public_url: &str,
        allow_loopback: bool,
    ) -> Result<Self, ClientSetupError> {
        // A proxy would look names up by itself, past the check of what they stand for.
        let builder = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .timeout(PATIENCE)
            .connect_timeout(CONNECTS_IN)
            .user_agent("Porchlight");
        let builder = if allow_loopback { builder } else { builder.dns_resolver(PublicOnly) };
        let public_url = public_url.trim_end_matches('/').to_owned();
        Ok(Self { client: builder.build()?, key, contact: contact.to_owned(), public_url, allow_loopback })
    }

    async fn try_once(
        &self,
        to: &Subscription,
        notice: &Notice,
        push: &Push,
        now: Timestamp,
        chance: Chance,
    ) -> Tried {
        let text = payload::declarative(notice, &self.public_url);
        let Ok(secret) = SecretKey::from_slice(&chance.key) else {
            return Tried::Is(later("The push could not be encrypted just now.", None, false));
        };
        let Some(body) = encrypt(text.as_bytes(), &to.recipient, &secret, chance.salt) else {
            return Tried::TooLarge;
        };
        let authorization = self.key.authorization(&to.origin(), &self.contact, now);
        let mut request = self
            .client
            .post(to.endpoint.clone())
            .header(AUTHORIZATION, authorization)
            .header(CONTENT_ENCODING, "aes128gcm")
            .header(CONTENT_TYPE, "application/octet-stream")
            .header("TTL", push.lasts.as_secs().to_string())
            .header("Urgency", payload::urgency(notice));
        if let Some(topic) = payload::topic(notice) {
            request = request.header("Topic", topic);
        }
        match request.body(body).send().await {
            Ok(answer) => read(answer.status(), answer.headers(), now),
            Err(error) if porchlight_network::is_refused(&error) => {
                Tried::Is(Outcome::Refused(REFUSED.to_owned()))
            }
            Err(error) => {
                let unknown = !error.is_connect();
                Tried::Is(later("The push service did not answer.", None, unknown))
            }
        }
    }
}

/// What the owner of a device can do where it is refused for good.
const REFUSED: &str = "The push service refuses this device. Open the app there once.";

enum Tried {
    TooLarge,
    Is(Outcome),
}

/// What the status says, as Chrome's, Mozilla's and Apple's services document it.
fn read(status: StatusCode, headers: &HeaderMap, now: Timestamp) -> Tried {
    match status {
        status if status.is_success() => Tried::Is(Outcome::Taken),
        StatusCode::NOT_FOUND | StatusCode::GONE => Tried::Is(Outcome::Gone),
        StatusCode::PAYLOAD_TOO_LARGE => Tried::TooLarge,
        StatusCode::TOO_MANY_REQUESTS => {
            Tried::Is(later("The push service asks us to wait.", retry_after(headers, now), false))
        }
        status if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT => {
            Tried::Is(later("The push service is out of order just now.", retry_after(headers, now), false))
        }
        // 400, 401, 403: the key, the contact or the topic; it would be so the next time too. Elsewhere nobody is sent.
        status => {
            tracing::warn!(status = status.as_u16(), "a push service refuses us");
            Tried::Is(Outcome::Refused(REFUSED.to_owned()))
        }
    }
}

fn later(reason: &str, after: Option<Duration>, unknown: bool) -> Outcome {
    Outcome::Later { reason: reason.to_owned(), after, unknown }
}

/// In seconds, or as a date.
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    Some(Timestamp::from_millis(at.as_millisecond()).since(now))
}

#[async_trait]
impl Carrier for WebPush {
    async fn post(&self, device: &Device, push: &Push, now: Timestamp, chance: Chance) -> Posted {
        let Address::WebPush { endpoint, p256dh, auth, key } = &device.address else {
            return Outcome::Refused(REFUSED.to_owned()).into();
        };
        if key != self.key.public() {
            let why = "This device was set up with an earlier key. Open the app there once.";
            return Outcome::Refused(why.to_owned()).into();
        }
        let Ok(to) = Subscription::read(endpoint, p256dh, auth, self.allow_loopback) else {
            return Outcome::Refused(REFUSED.to_owned()).into();
        };
        let outcome = match self.try_once(&to, &push.notice, push, now, chance).await {
            Tried::Is(outcome) => outcome,
            // Other words under the same key and nonce would tell both: a salt of its own.
            Tried::TooLarge => {
                let chance = Chance { salt: chance.salt.map(|byte| !byte), ..chance };
                match self.try_once(&to, &push.smaller, push, now, chance).await {
                    Tried::Is(outcome) => outcome,
                    Tried::TooLarge => {
                        Outcome::Refused("The push service takes nothing of this size.".to_owned())
                    }
                }
            }
        };
        outcome.into()
    }

    async fn forget(&self, _: &Device) {}
}

/// A subscription, read.
struct Subscription {
    endpoint: Url,
    recipient: Recipient,
}

impl Subscription {
    fn read(endpoint: &str, p256dh: &str, auth: &str, allow_loopback: bool) -> Result<Self, BadSubscription> {
        let endpoint = Url::parse(endpoint).ok().filter(|url| may_be_pushed_to(url, allow_loopback));
        let endpoint = endpoint.ok_or(BadSubscription::Endpoint)?;
        let key = decoded(p256dh).filter(|bytes| bytes.len() == 65);
        let key =
            key.and_then(|bytes| PublicKey::from_sec1_bytes(&bytes).ok()).ok_or(BadSubscription::Key)?;
        let auth = decoded(auth).and_then(|bytes| bytes.try_into().ok()).ok_or(BadSubscription::Auth)?;
        Ok(Self { endpoint, recipient: Recipient { key, auth } })
    }

    /// `aud` of RFC 8292.
    fn origin(&self) -> String {
        self.endpoint.origin().ascii_serialization()
    }
}

/// Whether this is a subscription that can be pushed to.
pub fn check(endpoint: &str, p256dh: &str, auth: &str, allow_loopback: bool) -> Result<(), BadSubscription> {
    Subscription::read(endpoint, p256dh, auth, allow_loopback).map(drop)
}

fn may_be_pushed_to(url: &Url, allow_loopback: bool) -> bool {
    let bare =
        url.username().is_empty() && url.password().is_none() && url.as_str().len() <= LONGEST_ENDPOINT;
    let safe = url.scheme() == "https" && is_public_host(url);
    bare && (safe || (allow_loopback && matches!(url.scheme(), "http" | "https") && url.has_host()))
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str =
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";

    #[test]
    fn endpoints_in_private_networks_are_none() {
        for endpoint in [
            "https://127.0.0.1/x",
            "https://10.0.0.1/x",
            "https://[::1]/x",
            "https://169.254.169.254/latest",
            "http://push.example.com/x",
            "https://user:pass@push.example.com/x",
            "ftp://push.example.com/x",
            "push",
        ] {
            assert_eq!(check(endpoint, KEY, AUTH, false), Err(BadSubscription::Endpoint), "{endpoint}");
        }
        assert_eq!(check("https://fcm.googleapis.com/fcm/send/x", KEY, AUTH, false), Ok(()));
        assert_eq!(check("http://127.0.0.1:9/x", KEY, AUTH, true), Ok(()));
        assert_eq!(check("https://a.example/x", "BCVx", AUTH, false), Err(BadSubscription::Key));
        assert_eq!(check("https://a.example/x", KEY, "BTBZ", false), Err(BadSubscription::Auth));
    }

    #[test]
    fn a_wait_is_read_in_seconds_and_as_a_date() {
        let now: Timestamp = "2026-11-20T10:00:00.000Z".parse().expect("an instant");
        let wait = |text: &str| {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, text.parse().expect("a value"))]);
            retry_after(&headers, now).map(|wait| wait.as_secs())
        };
        assert_eq!(
            [wait("120"), wait("Fri, 20 Nov 2026 10:01:00 GMT"), wait("soon")],
            [Some(120), Some(60), None]
        );
    }
}
