//! Calls to Twilio: the only I/O of this crate.
//!
//! Two clients of different types, so that one cannot be used for the other's work: [`CreateClient`] makes one
//! attempt and says honestly what it does not know; [`ReadClient`] asks, and may be asked again.

mod create;
mod read;
mod resource;

#[cfg(test)]
mod tests;

use std::time::Duration;

pub use create::{CreateClient, CreateMessage, CreateOutcome, NotAccepted, Rejection, UnknownWhy};
pub use read::{MessageList, ReadClient, ReadError};
pub use resource::MessageResource;

use reqwest::{ClientBuilder, Response};
use serde::Deserialize;

/// How long a call may take, from the first byte of connecting to the last of the answer (PROTOCOLS §2).
pub const CALL_TIMEOUT: Duration = Duration::from_secs(10);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Far more than any answer of the Messages API; beyond it something else is answering.
const MAX_ANSWER_BYTES: usize = 4 << 20;

/// The HTTP client cannot be set up on this machine (TLS).
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client for Twilio cannot be set up")]
pub struct ClientSetupError(#[from] reqwest::Error);

/// What both clients share: no hidden second attempt, no redirect that could carry the token away.
pub(crate) fn builder(timeout: Duration) -> ClientBuilder {
    reqwest::Client::builder()
        .retry(reqwest::retry::never())
        .redirect(reqwest::redirect::Policy::none())
        .timeout(timeout)
        .connect_timeout(CONNECT_TIMEOUT.min(timeout))
        .user_agent(concat!("porchlight/", env!("CARGO_PKG_VERSION")))
}

/// Twilio's error body, `{code, message, more_info, status}`.
#[derive(Deserialize)]
struct ErrorBody {
    code: u32,
    #[serde(default)]
    message: String,
}

impl ErrorBody {
    /// Twilio's codes have five digits; a smaller one is some proxy's own JSON and proves nothing.
    const SMALLEST_CODE: u32 = 10_000;

    fn read(body: &[u8]) -> Option<Self> {
        serde_json::from_slice(body).ok().filter(|error: &Self| error.code >= Self::SMALLEST_CODE)
    }
}

/// Why an answer's body could not be read to its end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BodyError {
    #[error("the answer broke off")]
    Broken(#[source] reqwest::Error),
    #[error("the answer is too long")]
    TooLong,
}

async fn read_body(response: Response) -> Result<Vec<u8>, BodyError> {
    read_at_most(response, MAX_ANSWER_BYTES).await
}

/// The whole body, if it has at most so many bytes.
pub(crate) async fn read_at_most(mut response: Response, most: usize) -> Result<Vec<u8>, BodyError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(BodyError::Broken)? {
        if body.len() + chunk.len() > most {
            return Err(BodyError::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// `Retry-After` in seconds; Twilio documents no date form.
fn retry_after(response: &Response) -> Option<Duration> {
    let header = response.headers().get(reqwest::header::RETRY_AFTER)?;
    header.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}
