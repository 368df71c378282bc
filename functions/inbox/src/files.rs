//! The files of messages, fetched from where the provider keeps them, as the business's own account.
//!
//! They are collected before they are answered, and Lambda answers at most 6 MB, a third of which goes to base64:
//! hence [`LARGEST`]. Copying them into a bucket of ours takes that limit away and is still to come.

use http::StatusCode;
use porchlight_channel::NoAccount;
use porchlight_domain::id::BusinessId;
use porchlight_edge::{ConfigError, Platform, Problem};
use porchlight_twilio::carrier::Provider;
use porchlight_twilio::{MediaClient, MediaError};

/// Bytes of the largest file that is passed on.
pub const LARGEST: usize = 4_500_000;

/// Fetches files for any business. Cheap to clone.
#[derive(Clone)]
pub struct Files {
    client: MediaClient,
    provider: Provider,
}

/// Why a file cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum NoFile {
    /// There is nobody to fetch it as.
    #[error(transparent)]
    Account(#[from] NoAccount),
    /// The provider does not give it.
    #[error(transparent)]
    Provider(#[from] MediaError),
}

impl Files {
    /// `TWILIO_BASE_URL` says where files may be, `ALLOW_LOOPBACK` whether they may lie in private networks.
    pub fn new(platform: &Platform) -> Result<Self, ConfigError> {
        let allow_loopback = platform.settings.parse("ALLOW_LOOPBACK", "true or false")?;
        let client = MediaClient::new(LARGEST, allow_loopback);
        let client = client.map_err(|error| ConfigError::Client(error.into()))?;
        Ok(Self { client, provider: porchlight_channels::provider(platform)? })
    }

    /// The bytes at an address that a webhook of this business told.
    pub async fn fetch(&self, business: &BusinessId, address: &str) -> Result<Vec<u8>, NoFile> {
        Ok(self.client.fetch(&self.provider.account(business).await?, address).await?)
    }
}

impl From<NoFile> for Problem {
    fn from(reason: NoFile) -> Self {
        // The provider's addresses name accounts and messages, no numbers; still only the kind is told (P11).
        tracing::warn!(%reason, "a file cannot be had");
        match reason {
            NoFile::Account(NoAccount::OutOfReach(_)) => Self::unavailable(),
            NoFile::Provider(MediaError::Gone) => {
                Self::new(StatusCode::NOT_FOUND, "gone", "The provider no longer has this file")
            }
            NoFile::Provider(MediaError::TooLarge) => {
                Self::new(StatusCode::BAD_GATEWAY, "media-too-large", "Too large")
                    .detail(format!("Files of up to {LARGEST} bytes can be shown; this one is larger."))
            }
            NoFile::Provider(_) | NoFile::Account(NoAccount::NotSetUp) => Self::new(
                StatusCode::BAD_GATEWAY,
                "media-unavailable",
                "The provider does not give this file",
            )
            .detail(reason.to_string()),
        }
    }
}
