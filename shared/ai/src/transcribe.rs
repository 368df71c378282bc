//! Speech to text, as `POST {base}/audio/transcriptions` of OpenAI's API takes it (multipart, answered in JSON); other
//! providers and servers of one's own speak it too.

mod client;
mod form;

#[cfg(test)]
mod tests;

use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;

pub use client::{ClientSetupError, TranscribeClient};
pub use form::Form;

/// What a recording is, told by its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AudioKind {
    /// Matroska's: what Chromium and Firefox record.
    Webm,
    /// What Safari records.
    Mp4,
    /// Ogg.
    Ogg,
    /// Without compression.
    Wav,
}

impl AudioKind {
    /// By the first bytes; none where it is no recording that we send on.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x1a, 0x45, 0xdf, 0xa3, ..] => Some(Self::Webm),
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => Some(Self::Mp4),
            [b'O', b'g', b'g', b'S', ..] => Some(Self::Ogg),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Some(Self::Wav),
            _ => None,
        }
    }

    /// The media type.
    const fn media_type(self) -> &'static str {
        match self {
            Self::Webm => "audio/webm",
            Self::Mp4 => "audio/mp4",
            Self::Ogg => "audio/ogg",
            Self::Wav => "audio/wav",
        }
    }

    /// The name under which it is sent: providers go by its ending.
    const fn file_name(self) -> &'static str {
        match self {
            Self::Webm => "recording.webm",
            Self::Mp4 => "recording.mp4",
            Self::Ogg => "recording.ogg",
            Self::Wav => "recording.wav",
        }
    }
}

/// What somebody said.
#[derive(Clone)]
pub struct Recording {
    /// What it is.
    pub kind: AudioKind,
    /// All of it.
    pub bytes: Bytes,
    /// The language spoken, two letters; without one the model finds out.
    pub language: Option<String>,
}

/// Why there are no words.
#[derive(Debug, thiserror::Error)]
pub enum TranscribeError {
    /// The key, or what it may do, is not enough: an admin's to mend.
    #[error("the provider refuses the key (HTTP {0})")]
    Refused(u16),
    /// It cannot read this recording, or does not know the model.
    #[error("the provider cannot use the recording (HTTP {0})")]
    Unusable(u16),
    /// Too much at once, or out of order: another try may do.
    #[error("the provider takes nothing just now (HTTP {status})")]
    Busy {
        /// What it answered.
        status: u16,
        /// When it wants to be asked again.
        retry_after: Option<Duration>,
    },
    /// No answer, or not all of it, in time.
    #[error("the provider did not answer")]
    NoAnswer(#[source] Option<reqwest::Error>),
    /// An answer in another form: something else answers at this address.
    #[error("the provider's answer is none (HTTP {0})")]
    Strange(u16),
}

/// The part of an answer that is used.
#[derive(Deserialize)]
struct Answer {
    text: String,
}

/// What an answer says. Blanks at the ends are the model's, not the speaker's.
pub(crate) fn read(
    status: u16,
    retry_after: Option<Duration>,
    body: &[u8],
) -> Result<String, TranscribeError> {
    match status {
        200 => serde_json::from_slice(body)
            .map(|Answer { text }| text.trim().to_owned())
            .map_err(|_| TranscribeError::Strange(status)),
        401 | 403 => Err(TranscribeError::Refused(status)),
        400 | 404 | 413 | 415 | 422 => Err(TranscribeError::Unusable(status)),
        408 | 429 | 500..=599 => Err(TranscribeError::Busy { status, retry_after }),
        _ => Err(TranscribeError::Strange(status)),
    }
}
