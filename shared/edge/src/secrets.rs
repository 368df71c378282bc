//! Credentials. SSM `SecureString` parameters on AWS, a private file on one machine.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_ssm::operation::get_parameter::GetParameterError;
use aws_sdk_ssm::types::ParameterType;
use porchlight_ambient::Clock;
use porchlight_domain::id::BusinessId;
use porchlight_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

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

/// How long a parameter is taken from memory before it is read again.
const FRESH: Duration = Duration::from_mins(5);

/// SSM parameters, remembered for five minutes.
pub struct SsmSecrets {
    client: aws_sdk_ssm::Client,
    clock: Clock,
    remembered: Mutex<HashMap<String, (Timestamp, String)>>,
}

impl SsmSecrets {
    /// Reads through `client`.
    pub fn new(client: aws_sdk_ssm::Client, clock: Clock) -> Self {
        Self { client, clock, remembered: Mutex::default() }
    }

    /// Absence is not remembered: who has just been given credentials is not told to wait.
    fn remember(&self, name: &str, value: &str) {
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        remembered.insert(name.to_owned(), (self.clock.now(), value.to_owned()));
    }

    fn remembered(&self, name: &str) -> Option<String> {
        let remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, value) = remembered.get(name)?;
        (self.clock.now().since(*at) < FRESH).then(|| value.clone())
    }
}

#[async_trait]
impl Secrets for SsmSecrets {
    async fn get(&self, name: &str) -> Result<Option<String>, SecretsError> {
        if let Some(value) = self.remembered(name) {
            return Ok(Some(value));
        }
        let answer = self.client.get_parameter().name(name).with_decryption(true).send().await;
        let value = match answer {
            Ok(found) => found.parameter.and_then(|parameter| parameter.value),
            Err(e) if e.as_service_error().is_some_and(GetParameterError::is_parameter_not_found) => None,
            Err(e) => return Err(SecretsError { name: name.to_owned(), source: e.into() }),
        };
        if let Some(value) = &value {
            self.remember(name, value);
        }
        Ok(value)
    }

    async fn put(&self, name: &str, value: &str) -> Result<(), SecretsError> {
        let put = self.client.put_parameter().name(name).value(value).overwrite(true);
        let sent = put.r#type(ParameterType::SecureString).send().await;
        sent.map_err(|e| SecretsError { name: name.to_owned(), source: e.into() })?;
        self.remember(name, value);
        Ok(())
    }
}
