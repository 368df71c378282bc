//! Everything from outside that a function may use, made once per process.

use std::sync::Arc;

use porchlight_store::{Store, Tables};

use crate::ambient::{Clock, Entropy};
use crate::function::BoxError;
use crate::secrets::{Secrets, SsmSecrets};
use crate::settings::{ConfigError, Settings};
use crate::wake::Wake;

/// Time, randomness, store, credentials, settings. Cheap to clone.
#[derive(Clone)]
pub struct Platform {
    /// Tells the time.
    pub clock: Clock,
    /// Ids, tokens and jitter.
    pub entropy: Entropy,
    /// The tables' client; on one machine it holds the function to its policy.
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// Credentials.
    pub secrets: Arc<dyn Secrets>,
    /// The function's environment, as the template gives it.
    pub settings: Settings,
    /// Word that a table was written.
    pub wake: Wake,
}

impl Platform {
    /// AWS: clients from the function's role and region, settings from its environment.
    pub async fn from_aws() -> Result<Self, BoxError> {
        let config = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
        let clock = Clock::system();
        Ok(Self {
            secrets: Arc::new(SsmSecrets::new(aws_sdk_ssm::Client::new(&config), clock.clone())),
            dynamodb: aws_sdk_dynamodb::Client::new(&config),
            entropy: Entropy::system(),
            settings: Settings::from_env(),
            wake: Wake::timer(),
            clock,
        })
    }

    /// The tables, by the names that the template gives.
    pub fn store(&self) -> Result<Store, ConfigError> {
        let name = |key: &str| self.settings.require(key).map(str::to_owned);
        let tables = Tables {
            conversations: name("TABLE_CONVERSATIONS")?,
            messages: name("TABLE_MESSAGES")?,
            directory: name("TABLE_DIRECTORY")?,
            events: name("TABLE_EVENTS")?,
            derived: name("TABLE_DERIVED")?,
            vault: name("TABLE_VAULT")?,
        };
        Ok(Store::new(&self.dynamodb, tables))
    }
}
