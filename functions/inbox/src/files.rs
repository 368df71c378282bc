//! The files of messages, fetched from where the provider keeps them, as the business's own account.
//!
//! They are collected before they are answered, and Lambda answers at most 6 MB, a third of which goes to base64:
//! hence [`LARGEST`]. Copying them into a bucket of ours takes that limit away and is still to come.

use std::sync::Arc;

use http::StatusCode;
use porchlight_domain::id::BusinessId;
use porchlight_edge::secrets::provider_credentials;
use porchlight_edge::{ConfigError, Platform, Problem, Secrets, SecretsError};
use porchlight_twilio::{Account, AuthToken, MediaClient, MediaError};

/// Bytes of the largest file that is passed on.
pub const LARGEST: usize = 4_500_000;

const BASE_URL: &str = "TWILIO_BASE_URL";

/// Fetches files for any business. Cheap to clone.
#[derive(Clone)]
pub struct Files {
    client: MediaClient,
    secrets: Arc<dyn Secrets>,
    base_url: Arc<str>,
}

/// Why a file cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum NoFile {
    /// The business has no account with the provider, or one that cannot be.
    #[error("the business has no account with the provider")]
    NoAccount,
    /// Its secret cannot be read just now.
    #[error("the account could not be read")]
    OutOfReach(#[from] SecretsError),
    /// The provider does not give it.
    #[error(transparent)]
    Provider(#[from] MediaError),
}

impl Files {
    /// `TWILIO_BASE_URL` says where files may be, `ALLOW_LOOPBACK` whether they may lie in private networks.
    pub fn new(platform: &Platform) -> Result<Self, ConfigError> {
        let unusable =
            || ConfigError::Invalid { key: BASE_URL.to_owned(), expected: "an http address to call" };
        let base_url = platform.settings.require(BASE_URL)?;
        Account::new(base_url, "AC0", AuthToken::new("")).map_err(|_| unusable())?;
        let allow_loopback = platform.settings.parse("ALLOW_LOOPBACK", "true or false")?;
        Ok(Self {
            client: MediaClient::new(LARGEST, allow_loopback).map_err(|_| unusable())?,
            secrets: platform.secrets()?,
            base_url: base_url.into(),
        })
    }

    /// The bytes at an address that a webhook of this business told.
    pub async fn fetch(&self, business: &BusinessId, address: &str) -> Result<Vec<u8>, NoFile> {
        let credentials = provider_credentials(&*self.secrets, business).await?.ok_or(NoFile::NoAccount)?;
        let token = credentials.auth_tokens.first().ok_or(NoFile::NoAccount)?;
        let account = Account::new(&self.base_url, &credentials.account_sid, AuthToken::new(token));
        Ok(self.client.fetch(&account.map_err(|_| NoFile::NoAccount)?, address).await?)
    }
}

impl From<NoFile> for Problem {
    fn from(reason: NoFile) -> Self {
        // The provider's addresses name accounts and messages, no numbers; still only the kind is told (P11).
        tracing::warn!(%reason, "a file cannot be had");
        match reason {
            NoFile::OutOfReach(_) => Self::unavailable(),
            NoFile::Provider(MediaError::Gone) => {
                Self::new(StatusCode::NOT_FOUND, "gone", "The provider no longer has this file")
            }
            NoFile::Provider(MediaError::TooLarge) => {
                Self::new(StatusCode::BAD_GATEWAY, "media-too-large", "Too large")
                    .detail(format!("Files of up to {LARGEST} bytes can be shown; this one is larger."))
            }
            NoFile::Provider(_) | NoFile::NoAccount => Self::new(
                StatusCode::BAD_GATEWAY,
                "media-unavailable",
                "The provider does not give this file",
            )
            .detail(reason.to_string()),
        }
    }
}
