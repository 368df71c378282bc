//! Credentials. SSM `SecureString` parameters on AWS, a private file on one machine.

mod remembered;
mod ssm;

use std::sync::Arc;

use async_trait::async_trait;
use porchlight_domain::id::BusinessId;
use serde::{Deserialize, Serialize};

pub use remembered::Remembered;
pub use ssm::SsmSecrets;

/// The name of the key of the provider of transcriptions; empty where it wants none.
pub const TRANSCRIBE_KEY: &str = "/porchlight/transcribe";

/// The name of our key for push services: 32 bytes in base64url. It is made once, and kept.
pub const VAPID_KEY: &str = "/porchlight/vapid";

/// The credentials could not be read or written just now.
#[derive(Debug, thiserror::Error)]
#[error("secret {name} is out of reach")]
pub struct SecretsError {
    /// Which.
    pub name: String,
    /// Why.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

/// Keeps credentials by name.
#[async_trait]
pub trait Secrets: Send + Sync {
    /// The secret of this name; `None` when there is none.
    async fn get(&self, name: &str) -> Result<Option<String>, SecretsError>;
    /// Keeps a secret under this name, instead of what was there.
    async fn put(&self, name: &str, value: &str) -> Result<(), SecretsError>;
    /// Keeps a secret under this name unless there is one; whatever is kept then. Whoever can do it in one step, does.
    async fn add(&self, name: &str, value: &str) -> Result<String, SecretsError> {
        if let Some(kept) = self.get(name).await? {
            return Ok(kept);
        }
        self.put(name, value).await?;
        Ok(self.get(name).await?.unwrap_or_else(|| value.to_owned()))
    }
}

/// Secrets whose names begin with one path; others are out of reach.
pub(crate) struct SecretsUnder {
    path: String,
    inner: Arc<dyn Secrets>,
}

/// A name that the settings do not cover.
#[derive(Debug, thiserror::Error)]
#[error("the settings name secrets under {0} only")]
struct NotUnder(String);

impl SecretsUnder {
    pub(crate) fn new(path: &str, inner: Arc<dyn Secrets>) -> Self {
        Self { path: format!("{}/", path.trim_end_matches('/')), inner }
    }

    fn check(&self, name: &str) -> Result<(), SecretsError> {
        if name.starts_with(&self.path) {
            return Ok(());
        }
        Err(SecretsError { name: name.to_owned(), source: NotUnder(self.path.clone()).into() })
    }
}

#[async_trait]
impl Secrets for SecretsUnder {
    async fn get(&self, name: &str) -> Result<Option<String>, SecretsError> {
        self.check(name)?;
        self.inner.get(name).await
    }

    async fn put(&self, name: &str, value: &str) -> Result<(), SecretsError> {
        self.check(name)?;
        self.inner.put(name, value).await
    }

    async fn add(&self, name: &str, value: &str) -> Result<String, SecretsError> {
        self.check(name)?;
        self.inner.add(name, value).await
    }
}

/// A business's account with the provider.
#[derive(Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct ProviderCredentials {
    /// `AC…`.
    pub account_sid: String,
    /// Signs webhooks and opens the API; the first is the current one, a second is accepted during rotation.
    pub auth_tokens: Vec<String>,
}

impl std::fmt::Debug for ProviderCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProviderCredentials").finish_non_exhaustive()
    }
}

/// The name that a business's [`ProviderCredentials`] are kept under.
pub fn provider_credentials_name(business: &BusinessId) -> String {
    format!("/porchlight/{business}/twilio")
}

/// A business's account with the provider; `None` when it has none yet.
pub async fn provider_credentials(
    secrets: &dyn Secrets,
    business: &BusinessId,
) -> Result<Option<ProviderCredentials>, SecretsError> {
    let name = provider_credentials_name(business);
    let Some(text) = secrets.get(&name).await? else { return Ok(None) };
    serde_json::from_str(&text).map(Some).map_err(|e| SecretsError { name, source: e.into() })
}
