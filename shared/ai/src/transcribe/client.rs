//! The call: the only I/O of this room.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Client, Response};

use super::{Form, Recording, TranscribeError, read};

/// For all of it: less than the function that waits may take (29 s behind API Gateway).
const PATIENCE: Duration = Duration::from_secs(25);
const CONNECT_PATIENCE: Duration = Duration::from_secs(5);
/// Five minutes of speech are some 6 kB of words.
const LONGEST_ANSWER: usize = 256 * 1024;

/// The HTTP client cannot be set up on this machine (TLS).
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client for transcriptions cannot be set up")]
pub struct ClientSetupError(#[from] reqwest::Error);

/// Asks one provider. Its address is configured, so it may lie in a private network. Cheap to clone.
#[derive(Clone, Debug)]
pub struct TranscribeClient {
    http: Client,
    address: String,
    model: String,
    patience: Duration,
}

impl TranscribeClient {
    /// `base_url` such as `https://api.openai.com/v1`, without a slash at the end; `model` such as `whisper-1`.
    pub fn new(base_url: &str, model: &str) -> Result<Self, ClientSetupError> {
        let http = Client::builder()
            .retry(reqwest::retry::never())
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_PATIENCE)
            .user_agent(concat!("porchlight/", env!("CARGO_PKG_VERSION")))
            .build()?;
        let address = format!("{}/audio/transcriptions", base_url.trim_end_matches('/'));
        Ok(Self { http, address, model: model.to_owned(), patience: PATIENCE })
    }

    /// The same with another patience, for tests.
    #[must_use]
    pub fn patient_for(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The words of a recording; empty where nobody spoke. A server of one's own may want no `key`. `boundary`: see
    /// [`Form::of`].
    pub async fn words(
        &self,
        recording: &Recording,
        key: Option<&str>,
        boundary: &str,
    ) -> Result<String, TranscribeError> {
        let Form { content_type, body } = Form::of(recording, &self.model, boundary);
        let request = self.http.post(&self.address).timeout(self.patience);
        let request = request.header(CONTENT_TYPE, content_type).body(body);
        let request = key.into_iter().fold(request, reqwest::RequestBuilder::bearer_auth);
        let answer = request.send().await.map_err(no_answer)?;
        let (status, again) = (answer.status().as_u16(), retry_after(&answer));
        read(status, again, &body_of(answer).await?)
    }
}

/// The address of a provider may hold a key of its own: it goes with no error.
fn no_answer(error: reqwest::Error) -> TranscribeError {
    TranscribeError::NoAnswer(Some(error.without_url()))
}

async fn body_of(mut answer: Response) -> Result<Vec<u8>, TranscribeError> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(no_answer)? {
        if body.len() + chunk.len() > LONGEST_ANSWER {
            return Err(TranscribeError::Strange(answer.status().as_u16()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn retry_after(answer: &Response) -> Option<Duration> {
    let seconds = answer.headers().get(RETRY_AFTER)?.to_str().ok()?;
    seconds.trim().parse().ok().map(Duration::from_secs)
}
