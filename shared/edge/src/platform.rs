//! Everything from outside that a function may use, made once per process.
//!
//! Invariant: a function is handed what its settings name, and nothing else. What it may do with it is in its role;
//! both stand in `infra/app.yaml` and nowhere else.
//!
//! One thing more from outside (a topic, a queue) is a field here with its setting: `with_…` takes it, if the
//! settings name it, and a method hands it out.

use std::sync::Arc;

use porchlight_ambient::{Clock, Entropy};
use porchlight_bucket::Bucket;
use porchlight_calls::Calls;
use porchlight_store::{Store, Tables};

use crate::function::BoxError;
use crate::secrets::{Remembered, Secrets, SecretsUnder, SsmSecrets};
use crate::settings::{ConfigError, Settings};
use crate::wake::Wake;

/// The names of tables are settings that begin so.
const TABLE: &str = "TABLE_";
/// The path under which credentials are kept.
const SECRETS: &str = "SECRETS";
/// The bucket in which files lie.
const BUCKET: &str = "BUCKET_FILES";
/// Settings that name platform applications of SNS begin so; empty where there is none.
const SNS: [&str; 2] = ["SNS_APNS_APPLICATION", "SNS_FCM_APPLICATION"];

/// Time, randomness, settings, and what the settings name. Cheap to clone.
#[derive(Clone)]
pub struct Platform {
    /// Tells the time.
    pub clock: Clock,
    /// Ids, tokens and jitter.
    pub entropy: Entropy,
    /// The function's environment, as the template gives it.
    pub settings: Settings,
    /// Word that a table was written.
    pub wake: Wake,
    dynamodb: Option<Arc<dyn Calls>>,
    secrets: Option<Arc<dyn Secrets>>,
    bucket: Option<Bucket>,
    aws: Option<aws_config::SdkConfig>,
}

impl Platform {
    /// Nothing from outside yet.
    pub const fn new(clock: Clock, entropy: Entropy, settings: Settings, wake: Wake) -> Self {
        Self { clock, entropy, settings, wake, dynamodb: None, secrets: None, bucket: None, aws: None }
    }

    /// AWS: clients from the function's role and region, settings from its environment.
    pub async fn from_aws() -> Result<Self, BoxError> {
        let config = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
        Ok(Self::on_aws(&config, Settings::from_env()))
    }

    /// AWS, as whoever `config` speaks for finds it: what `settings` name.
    pub fn on_aws(config: &aws_config::SdkConfig, settings: Settings) -> Self {
        let clock = Clock::system();
        let secrets = || Remembered::new(Arc::new(SsmSecrets::new(config)), clock.clone());
        Self::new(clock.clone(), Entropy::system(), settings, Wake::timer())
            .with_dynamodb(|| porchlight_calls::sdk(&aws_sdk_dynamodb::Client::new(config)))
            .with_secrets(|| Arc::new(secrets()))
            .with_bucket(|name| on_s3(config, name))
            .with_aws(|| Some(config.clone()))
    }

    /// The calls of the tables, if the settings name tables; on one machine they hold the function to its policy.
    #[must_use]
    pub fn with_dynamodb(mut self, calls: impl FnOnce() -> Arc<dyn Calls>) -> Self {
        self.dynamodb = self.settings.some_begin_with(TABLE).then(calls);
        self
    }

    /// Credentials, if the settings name a path to them.
    #[must_use]
    pub fn with_secrets(mut self, secrets: impl FnOnce() -> Arc<dyn Secrets>) -> Self {
        let path = self.settings.require(SECRETS).ok();
        self.secrets = path.map(|path| Arc::new(SecretsUnder::new(path, secrets())) as Arc<dyn Secrets>);
        self
    }

    /// Files, if the settings name their bucket.
    #[must_use]
    pub fn with_bucket(mut self, bucket: impl FnOnce(&str) -> Option<Bucket>) -> Self {
        self.bucket = self.settings.require(BUCKET).ok().and_then(bucket);
        self
    }

    /// The configuration of AWS's clients, if the settings name an application of SNS.
    #[must_use]
    pub fn with_aws(mut self, config: impl FnOnce() -> Option<aws_config::SdkConfig>) -> Self {
        let named = |key: &&str| self.settings.require(key).is_ok_and(|arn| !arn.is_empty());
        self.aws = if SNS.iter().any(named) { config() } else { None };
        self
    }

    /// The configuration of AWS's clients, where something of AWS's is named that only AWS has.
    pub const fn aws(&self) -> Option<&aws_config::SdkConfig> {
        self.aws.as_ref()
    }

    /// Files.
    pub fn bucket(&self) -> Result<Bucket, ConfigError> {
        self.bucket.clone().ok_or_else(|| ConfigError::Missing(BUCKET.to_owned()))
    }

    /// The calls of the tables.
    pub fn dynamodb(&self) -> Result<Arc<dyn Calls>, ConfigError> {
        self.dynamodb.clone().ok_or_else(|| ConfigError::Missing(format!("{TABLE}…")))
    }

    /// The tables, by the names that the template gives.
    pub fn store(&self) -> Result<Store, ConfigError> {
        let name = |key: &str| self.settings.require(&format!("{TABLE}{key}")).map(str::to_owned);
        let tables = Tables {
            conversations: name("CONVERSATIONS")?,
            messages: name("MESSAGES")?,
            directory: name("DIRECTORY")?,
            events: name("EVENTS")?,
            derived: name("DERIVED")?,
            vault: name("VAULT")?,
        };
        Ok(Store::new(self.dynamodb()?, tables))
    }

    /// Credentials, as far as the settings name them.
    pub fn secrets(&self) -> Result<Arc<dyn Secrets>, ConfigError> {
        self.secrets.clone().ok_or_else(|| ConfigError::Missing(SECRETS.to_owned()))
    }
}

/// The bucket, as the function's own role.
fn on_s3(config: &aws_config::SdkConfig, name: &str) -> Option<Bucket> {
    let (region, credentials) = (config.region()?, config.credentials_provider()?);
    let bucket = Bucket::on_s3(name, region.as_ref(), config.endpoint_url(), credentials);
    bucket.inspect_err(|error| tracing::error!(%error, "the bucket cannot be used")).ok()
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;

    use super::*;
    use crate::secrets::SecretsError;

    /// Keeps nothing, and has something under every name.
    struct Anything;

    #[async_trait]
    impl Secrets for Anything {
        async fn get(&self, name: &str) -> Result<Option<String>, SecretsError> {
            Ok(Some(name.to_owned()))
        }

        async fn put(&self, _: &str, _: &str) -> Result<(), SecretsError> {
            Ok(())
        }
    }

    fn platform<const N: usize>(settings: [(&str, &str); N]) -> Platform {
        Platform::new(Clock::system(), Entropy::seeded(1), settings.into_iter().collect(), Wake::timer())
    }

    #[test]
    fn what_the_settings_do_not_name_is_neither_made_nor_handed_out() {
        let platform = platform([("PUBLIC_URL", "http://localhost")])
            .with_dynamodb(|| panic!("no table is named"))
            .with_secrets(|| panic!("no secret is named"))
            .with_bucket(|_| panic!("no bucket is named"));
        let missing = |error: Option<ConfigError>| error.map(|error| error.to_string());
        assert_eq!(missing(platform.dynamodb().err()).as_deref(), Some("setting TABLE_… is missing"));
        assert_eq!(missing(platform.secrets().err()).as_deref(), Some("setting SECRETS is missing"));
        assert_eq!(missing(platform.bucket().err()).as_deref(), Some("setting BUCKET_FILES is missing"));
        assert_eq!(
            missing(platform.store().err()).as_deref(),
            Some("setting TABLE_CONVERSATIONS is missing")
        );
    }

    #[tokio::test]
    async fn secrets_are_handed_out_below_the_path_that_the_settings_name() {
        let platform = platform([("SECRETS", "/porchlight")]).with_secrets(|| Arc::new(Anything));
        let secrets = platform.secrets().expect("the settings name them");
        assert!(secrets.get("/porchlight/b/twilio").await.is_ok_and(|found| found.is_some()));
        for elsewhere in ["/porchlights/b/twilio", "/other/x", "porchlight/b"] {
            assert!(secrets.get(elsewhere).await.is_err(), "{elsewhere}");
            assert!(secrets.put(elsewhere, "x").await.is_err(), "{elsewhere}");
        }
    }
}
