//! Dictation: a recording goes through here to the provider, and its words come back. Nothing of it is kept, so that
//! nothing has to be deleted; words reach a composer, and nobody else, by whoever dictated.

use std::sync::Arc;

use bytes::Bytes;
use http::StatusCode;
use porchlight_ai::{AudioKind, Recording, TranscribeClient, TranscribeError};
use porchlight_domain::dictation::Language;
use porchlight_edge::secrets::TRANSCRIBE_KEY;
use porchlight_edge::{ConfigError, Entropy, Platform, Problem, Secrets};

/// Bytes of the longest recording: Lambda takes 6 MB, a third of which goes to base64. Five minutes, as the window records
/// them, are 1.2 MB, or 2.4 MB on Safari.
pub const LARGEST: usize = 4_000_000;

/// Asks the configured provider, if there is one. Cheap to clone.
#[derive(Clone)]
pub struct Dictation {
    provider: Option<TranscribeClient>,
    secrets: Arc<dyn Secrets>,
    entropy: Entropy,
}

impl Dictation {
    /// `TRANSCRIBE_BASE_URL` says where, empty for nowhere; `TRANSCRIBE_MODEL` with what. The key is a secret.
    pub fn new(platform: &Platform) -> Result<Self, ConfigError> {
        let base_url = platform.settings.require("TRANSCRIBE_BASE_URL")?;
        let client = || {
            TranscribeClient::new(base_url, platform.settings.require("TRANSCRIBE_MODEL")?)
                .map_err(|error| ConfigError::Client(error.into()))
        };
        let provider = (!base_url.is_empty()).then(client).transpose()?;
        Ok(Self { provider, secrets: platform.secrets()?, entropy: platform.entropy.clone() })
    }

    /// Whether there is a provider.
    pub const fn is_set_up(&self) -> bool {
        self.provider.is_some()
    }

    /// What was said; empty where nobody spoke.
    pub async fn words(&self, bytes: Bytes, language: Option<Language>) -> Result<String, Problem> {
        let provider = self.provider.as_ref().ok_or_else(not_set_up)?;
        let kind = AudioKind::of(&bytes).ok_or_else(|| {
            Problem::unprocessable("not-audio", "This is no recording in WebM, MP4, Ogg or WAV.")
        })?;
        let recording = Recording { kind, bytes, language: language.map(String::from) };
        let key = self.secrets.get(TRANSCRIBE_KEY).await.map_err(|error| {
            tracing::warn!(%error, "the key of the transcriptions is out of reach");
            Problem::unavailable()
        })?;
        let key = key.filter(|key| !key.is_empty());
        let boundary = hex::encode(self.entropy.bytes::<16>());
        provider.words(&recording, key.as_deref(), &boundary).await.map_err(|error| told(&error))
    }
}

fn not_set_up() -> Problem {
    Problem::conflict("not-set-up", "No provider of transcriptions is set up")
        .detail("An admin names one: TRANSCRIBE_BASE_URL, and a key where it wants one.")
}

/// Whose it is to mend, in the words of the API.
fn told(error: &TranscribeError) -> Problem {
    tracing::warn!(%error, "a recording was not transcribed");
    let gateway = |slug, title: &'static str| Problem::new(StatusCode::BAD_GATEWAY, slug, title);
    match error {
        TranscribeError::Refused(_) => gateway("provider-refuses", "The provider refuses the key")
            .detail("An admin has to look at TRANSCRIBE_API_KEY."),
        TranscribeError::Unusable(_) => {
            gateway("provider-cannot-use", "The provider cannot use the recording")
                .detail("Either it is broken, or the provider does not know TRANSCRIBE_MODEL.")
        }
        TranscribeError::Strange(_) => {
            gateway("provider-strange", "Something else answers at the provider’s address")
                .detail("An admin has to look at TRANSCRIBE_BASE_URL.")
        }
        TranscribeError::Busy { .. } => Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "provider-busy",
            "The provider takes nothing just now",
        ),
        TranscribeError::NoAnswer(_) => Problem::new(
            StatusCode::GATEWAY_TIMEOUT,
            "provider-silent",
            "The provider did not answer in time",
        ),
    }
}
