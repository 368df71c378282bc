//! Credentials as SSM `SecureString` parameters.

use std::time::Duration;

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_sdk_ssm::config::timeout::TimeoutConfig;
use aws_sdk_ssm::operation::get_parameter::GetParameterError;
use aws_sdk_ssm::operation::put_parameter::PutParameterError;
use aws_sdk_ssm::types::ParameterType;

use super::{Secrets, SecretsError};

/// How long one try may take, and all of them: a provider waits for its answer meanwhile.
const TRY: Duration = Duration::from_secs(1);
const ALL: Duration = Duration::from_secs(3);

/// SSM parameters, each read anew.
pub struct SsmSecrets(aws_sdk_ssm::Client);

impl SsmSecrets {
    /// Reads with the role and in the region of `config`.
    pub fn new(config: &SdkConfig) -> Self {
        let short = TimeoutConfig::builder()
            .connect_timeout(TRY)
            .operation_attempt_timeout(TRY)
            .operation_timeout(ALL)
            .build();
        let config = aws_sdk_ssm::config::Builder::from(config).timeout_config(short).build();
        Self(aws_sdk_ssm::Client::from_conf(config))
    }
}

#[async_trait]
impl Secrets for SsmSecrets {
    async fn get(&self, name: &str) -> Result<Option<String>, SecretsError> {
        match self.0.get_parameter().name(name).with_decryption(true).send().await {
            Ok(found) => Ok(found.parameter.and_then(|parameter| parameter.value)),
            Err(e) if e.as_service_error().is_some_and(GetParameterError::is_parameter_not_found) => Ok(None),
            Err(e) => Err(SecretsError { name: name.to_owned(), source: e.into() }),
        }
    }

    async fn put(&self, name: &str, value: &str) -> Result<(), SecretsError> {
        let put = self.0.put_parameter().name(name).value(value).overwrite(true);
        let sent = put.r#type(ParameterType::SecureString).send().await;
        sent.map(drop).map_err(|e| SecretsError { name: name.to_owned(), source: e.into() })
    }

    async fn add(&self, name: &str, value: &str) -> Result<String, SecretsError> {
        let put = self.0.put_parameter().name(name).value(value).overwrite(false);
        let there = match put.r#type(ParameterType::SecureString).send().await {
            Ok(_) => return Ok(value.to_owned()),
            Err(e) if e.as_service_error().is_some_and(PutParameterError::is_parameter_already_exists) => e,
            Err(e) => return Err(SecretsError { name: name.to_owned(), source: e.into() }),
        };
        let kept = self.get(name).await?;
        kept.ok_or_else(|| SecretsError { name: name.to_owned(), source: there.into() })
    }
}
