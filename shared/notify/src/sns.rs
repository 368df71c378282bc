//! SNS mobile push: Apple's and Google's services behind platform applications.
//!
//! A device is a *platform endpoint* there, one per token. Making one again under the same token answers the same
//! endpoint and does not switch it on again; one with other attributes is refused, and the refusal names it.

use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_sns::Client;
use aws_sdk_sns::config::timeout::TimeoutConfig;
use aws_sdk_sns::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_sns::types::MessageAttributeValue;
use porchlight_domain::device::{Address, Device};
use porchlight_domain::push::Notice;
use porchlight_domain::time::Timestamp;
use serde_json::json;

use crate::payload;
use crate::{Carrier, Chance, Outcome, Posted, Push};

/// For one call, all its tries.
const PATIENCE: Duration = Duration::from_secs(8);

/// SNS's own refusals, by their code.
const ENDPOINT_DISABLED: &str = "EndpointDisabled";
const NOT_FOUND: &str = "NotFound";
const INVALID: &str = "InvalidParameter";
const NOT_ALLOWED: [&str; 3] = ["AuthorizationError", "InvalidSecurity", "PlatformApplicationDisabled"];

/// Publishes to phones.
#[derive(Clone)]
pub struct Sns {
    client: Option<Client>,
    applications: Applications,
    public_url: String,
}

/// The platform applications: their ARNs. One that is not named does not reach anybody.
#[derive(Clone, Debug, Default)]
pub struct Applications {
    /// Apple's; `…/APNS_SANDBOX/…` is its sandbox.
    pub apns: Option<String>,
    /// Google's.
    pub fcm: Option<String>,
}

impl Sns {
    /// With this client, which has its region and credentials.
    pub fn new(
        config: Option<aws_sdk_sns::config::Builder>,
        applications: Applications,
        public_url: &str,
    ) -> Self {
        let patience = TimeoutConfig::builder().operation_timeout(PATIENCE).build();
        let client = config.map(|config| Client::from_conf(config.timeout_config(patience).build()));
        Self { client, applications, public_url: public_url.trim_end_matches('/').to_owned() }
    }

    /// The application that an address belongs to, and its token; none where it is not set up.
    fn application<'a>(&'a self, address: &'a Address) -> Option<(&'a Client, &'a str, &'a str)> {
        let (application, token) = match address {
            Address::WebPush { .. } => return None,
            Address::Apns { token } => (self.applications.apns.as_deref()?, token),
            Address::Fcm { token } => (self.applications.fcm.as_deref()?, token),
        };
        Some((self.client.as_ref()?, application, token))
    }

    /// Whether phones with such an address are reached at all.
    pub fn reaches(&self, address: &Address) -> bool {
        self.application(address).is_some()
    }

    /// Makes the endpoint of a token, or finds it, and switches it on.
    async fn ensure(&self, client: &Client, application: &str, token: &str) -> Result<String, Outcome> {
        let made = client.create_platform_endpoint().platform_application_arn(application).token(token);
        let arn = match made.send().await {
            Ok(made) => made.endpoint_arn.unwrap_or_default(),
            Err(error) => match named_in(error.message().unwrap_or_default()) {
                Some(arn) => arn,
                None => return Err(outcome(&error)),
            },
        };
        let known = client.get_endpoint_attributes().endpoint_arn(&arn).send().await;
        let known = known.map_err(|error| outcome(&error))?.attributes.unwrap_or_default();
        let is_on = known.get("Enabled").is_some_and(|enabled| enabled == "true");
        let has_token = known.get("Token").is_some_and(|kept| kept.eq_ignore_ascii_case(token));
        if !(is_on && has_token) {
            let set = client.set_endpoint_attributes().endpoint_arn(&arn);
            let set = set.attributes("Token", token).attributes("Enabled", "true").send().await;
            set.map_err(|error| outcome(&error))?;
        }
        Ok(arn)
    }

    async fn publish(&self, client: &Client, arn: &str, to: &Address, push: &Push) -> Result<(), Outcome> {
        let mut call = client.publish().target_arn(arn).message_structure("json").message(message(
            self.platform(to),
            &push.notice,
            &self.public_url,
            push.lasts,
        ));
        for (name, value) in attributes(self.platform(to), &push.notice, push.lasts) {
            let value = MessageAttributeValue::builder().data_type("String").string_value(value).build();
            call = call.message_attributes(name, value.expect("a value has its type"));
        }
        call.send().await.map(drop).map_err(|error| outcome(&error))
    }

    fn platform(&self, to: &Address) -> &'static str {
        match to {
            Address::Apns { .. }
                if self.applications.apns.as_deref().is_some_and(|arn| arn.contains("/APNS_SANDBOX/")) =>
            {
                "APNS_SANDBOX"
            }
            Address::Apns { .. } => "APNS",
            Address::Fcm { .. } | Address::WebPush { .. } => "GCM",
        }
    }
}

#[async_trait]
impl Carrier for Sns {
    async fn post(&self, device: &Device, push: &Push, _: Timestamp, _: Chance) -> Posted {
        let Some((client, application, token)) = self.application(&device.address) else {
            return Outcome::Refused("Push to this kind of phone is not set up.".to_owned()).into();
        };
        let mut endpoint = None;
        // An endpoint that is gone at SNS, and not at Apple or Google, is made anew, once.
        let mut known = device.endpoint.clone();
        let published = loop {
            let is_known = known.is_some();
            let arn = match known.take() {
                Some(arn) => arn,
                None => match self.ensure(client, application, token).await {
                    Ok(arn) => endpoint.insert(arn).clone(),
                    Err(outcome) => break Err(outcome),
                },
            };
            match self.publish(client, &arn, &device.address, push).await {
                Err(Outcome::Gone) if is_known && !self.is_disabled(client, &arn).await => {}
                published => break published,
            }
        };
        Posted { outcome: published.err().unwrap_or(Outcome::Taken), endpoint }
    }

    async fn forget(&self, device: &Device) {
        let (Some(client), Some(arn)) = (&self.client, &device.endpoint) else { return };
        if let Err(error) = client.delete_endpoint().endpoint_arn(arn).send().await {
            tracing::warn!(device = %device.id, error = %DisplayErrorContext(&error), "its endpoint stays at SNS");
        }
    }
}

impl Sns {
    /// Whether an endpoint is there, and off.
    async fn is_disabled(&self, client: &Client, arn: &str) -> bool {
        let known = client.get_endpoint_attributes().endpoint_arn(arn).send().await;
        known.is_ok_and(|known| {
            known.attributes.is_some_and(|it| it.get("Enabled").is_some_and(|on| on == "false"))
        })
    }
}

/// What SNS's refusal means for the device.
fn outcome<E, R>(error: &SdkError<E, R>) -> Outcome
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    let code = error.code().unwrap_or_default();
    let names = |wanted: &str| code == wanted || code.strip_suffix("Exception") == Some(wanted);
    let is_invalid = names(INVALID) && error.message().is_some_and(knows_it_not);
    if names(ENDPOINT_DISABLED) || names(NOT_FOUND) || is_invalid {
        return Outcome::Gone;
    }
    tracing::warn!(code, "SNS does not take a push");
    if NOT_ALLOWED.into_iter().any(names) || names(INVALID) {
        return Outcome::Refused("Push to this kind of phone is not set up as it should be.".to_owned());
    }
    let unknown = matches!(error, SdkError::TimeoutError(_) | SdkError::ResponseError(_));
    Outcome::Later { reason: "The push service takes nothing just now.".to_owned(), after: None, unknown }
}

/// Of an invalid parameter: the token is none, or the endpoint that is published to was deleted (`Invalid parameter:
/// TargetArn Reason: No endpoint found for the target arn specified`).
fn knows_it_not(why: &str) -> bool {
    let why = why.to_lowercase();
    why.contains("token") || why.contains("no endpoint found")
}

/// `Invalid parameter: Token Reason: Endpoint arn:… already exists with the same Token, but different attributes.`
fn named_in(message: &str) -> Option<String> {
    let rest = &message[message.find("Endpoint arn:")? + "Endpoint ".len()..];
    let (arn, after) = rest.split_once(' ')?;
    after.starts_with("already exists").then(|| arn.to_owned())
}

/// A message of which each platform has its own: every value is JSON as a text.
fn message(platform: &str, notice: &Notice, public_url: &str, lasts: Duration) -> String {
    let own = match platform {
        "GCM" => payload::fcm(notice, public_url, lasts),
        _ => payload::apns(notice, public_url),
    };
    json!({ "default": notice.title, platform: own }).to_string()
}

/// What goes beside it. The time to live here goes before the body's; without one it is four weeks.
fn attributes(platform: &str, notice: &Notice, lasts: Duration) -> Vec<(String, String)> {
    let name = |what: &str| format!("AWS.SNS.MOBILE.{platform}.{what}");
    let ttl = (name("TTL"), lasts.as_secs().to_string());
    if platform == "GCM" {
        return vec![ttl];
    }
    // The sandbox has only its own time to live; the rest has one name.
    let apple = |what: &str| format!("AWS.SNS.MOBILE.APNS.{what}");
    let mut all = vec![
        ttl,
        (apple("PUSH_TYPE"), "alert".to_owned()),
        (apple("PRIORITY"), if payload::urgency(notice) == "high" { "10" } else { "5" }.to_owned()),
    ];
    all.extend(payload::topic(notice).map(|topic| (apple("COLLAPSE_ID"), topic)));
    all
}

#[cfg(test)]
mod tests {
    use aws_sdk_sns::error::ErrorMetadata;

    use super::*;

    fn refused(code: &str, message: &str) -> Outcome {
        let error = ErrorMetadata::builder().code(code).message(message).build();
        outcome(&SdkError::service_error(error, ()))
    }

    #[test]
    fn a_deleted_endpoint_is_gone_however_it_is_said() {
        let gone = "Invalid parameter: TargetArn Reason: No endpoint found for the target arn specified";
        assert_eq!(refused("InvalidParameter", gone), Outcome::Gone);
        assert_eq!(refused("InvalidParameterException", gone), Outcome::Gone);
        assert_eq!(refused("InvalidParameter", "Invalid parameter: Token"), Outcome::Gone);
        assert_eq!(refused("NotFound", "Endpoint does not exist"), Outcome::Gone);
        let other = refused("InvalidParameter", "Invalid parameter: Message too long");
        assert!(matches!(other, Outcome::Refused(_)), "{other:?}");
    }

    #[test]
    fn a_refusal_names_the_endpoint_that_is_there() {
        let arn = "arn:aws:sns:us-east-1:1:endpoint/GCM/app/0f7c";
        let told = format!(
            "Invalid parameter: Token Reason: Endpoint {arn} already exists with the same Token, but different attributes."
        );
        assert_eq!(named_in(&told).as_deref(), Some(arn));
        assert_eq!(named_in("Invalid parameter: Token"), None);
    }
}
