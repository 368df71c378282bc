//! The list of channels: one crate each, one line here.
//!
//! Invariant: nothing else names a channel's crate.

use std::sync::Arc;

use async_trait::async_trait;
use porchlight_channel::{Accounts, Channels, Credentials, NoAccount};
use porchlight_domain::channel::Channel;
use porchlight_domain::id::BusinessId;
use porchlight_edge::secrets::provider_credentials;
use porchlight_edge::{ConfigError, Platform, Secrets};
use porchlight_twilio::carrier::{Provider, TwilioCarrier};
use porchlight_twilio::door::TwilioDoor;

/// Where the provider is.
const BASE_URL: &str = "TWILIO_BASE_URL";

/// Every way in. Setting: `PUBLIC_URL`, the address that providers were given.
pub fn doors(platform: &Platform) -> Result<Channels, ConfigError> {
    let accounts = accounts(platform)?;
    Ok(Channels::default().door(TwilioDoor::new(accounts, platform.settings.require("PUBLIC_URL")?)))
}

/// Every way out. Settings: `TWILIO_BASE_URL` says whom to call, `PUBLIC_URL` where reports go, `ALLOW_LOOPBACK` whether
/// files may lie in private networks.
pub fn carriers(platform: &Platform) -> Result<Channels, ConfigError> {
    let allow_loopback = platform.settings.parse("ALLOW_LOOPBACK", "true or false")?;
    let public_url = platform.settings.require("PUBLIC_URL")?;
    let carrier = TwilioCarrier::new(provider(platform)?, public_url, allow_loopback);
    let carrier = carrier.map_err(|error| ConfigError::Client(error.into()))?;
    Ok(Channels::default().carrier(Channel::Sms, carrier))
}

/// The provider, for any business. Setting: `TWILIO_BASE_URL`.
fn provider(platform: &Platform) -> Result<Provider, ConfigError> {
    let base_url = platform.settings.require(BASE_URL)?;
    let expected = "an http address to call";
    // What is wrong with it may quote a password that stands in it.
    let unusable = |_| ConfigError::Invalid { key: BASE_URL.to_owned(), expected };
    Provider::new(accounts(platform)?, base_url).map_err(unusable)
}

fn accounts(platform: &Platform) -> Result<Arc<dyn Accounts>, ConfigError> {
    Ok(Arc::new(Kept(platform.secrets()?)))
}

/// Accounts, as they are kept among the secrets.
struct Kept(Arc<dyn Secrets>);

#[async_trait]
impl Accounts for Kept {
    async fn of(&self, business: &BusinessId) -> Result<Credentials, NoAccount> {
        let found = provider_credentials(&*self.0, business).await;
        let kept = found.map_err(|error| NoAccount::OutOfReach(error.into()))?.ok_or(NoAccount::NotSetUp)?;
        Ok(Credentials { account: kept.account_sid, tokens: kept.auth_tokens })
    }
}
