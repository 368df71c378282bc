//! Create a message: one attempt, and an outcome that tells certain from unknown (PROTOCOLS §2, "Outcome").
//!
//! Twilio has no idempotency key for this call, so every second POST may be a second text to a customer.

use std::fmt;
use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Response, StatusCode};

use super::resource::MessageResource;
use super::{CALL_TIMEOUT, ClientSetupError, ErrorBody, builder, read_body, retry_after};
use crate::account::Account;

/// The client that posts. It keeps no idle connection: a stale one would make a failed POST look possible to
/// repeat, and "connection failed" would no longer mean that nothing was sent.
#[derive(Clone, Debug)]
pub struct CreateClient {
    http: Client,
}

/// What to send. `Debug` shows nothing of it (P11).
#[derive(Clone, PartialEq, Eq)]
pub struct CreateMessage {
    /// E.164.
    pub to: String,
    /// Our line, E.164.
    pub from: String,
    /// The words; may be empty where there are files.
    pub body: String,
    /// Where delivery reports go; carries our message id in its path and ends in `#rc=5&rp=all`.
    pub status_callback: String,
    /// Addresses that Twilio can GET and HEAD; ten at most.
    pub media_urls: Vec<String>,
}

impl fmt::Debug for CreateMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreateMessage").finish_non_exhaustive()
    }
}

/// What is known after the one attempt.
#[derive(Debug)]
pub enum CreateOutcome {
    /// 201 with a SID: Twilio has it.
    Accepted(MessageResource),
    /// A 4xx with Twilio's own `code`: Twilio refused it, for certain.
    Rejected(Rejection),
    /// Twilio did not take it, for certain, and says nothing about the message itself.
    NotAccepted(NotAccepted),
    /// It may be on its way: never post again without evidence.
    Unknown(UnknownWhy),
}

/// Twilio's refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The HTTP status.
    pub http_status: u16,
    /// Twilio's code; [`crate::explain`] says what it means.
    pub code: u32,
    /// Twilio's words, for the log of a developer; they may quote the number, so no log line of ours has them.
    pub message: String,
}

/// Why nothing was accepted.
#[derive(Debug)]
pub enum NotAccepted {
    /// No connection came about: nothing was sent.
    ConnectFailed(reqwest::Error),
    /// 429: "not processed and safe to retry after backing off".
    TooManyRequests {
        /// `Retry-After`, where one came.
        retry_after: Option<Duration>,
        /// Twilio's code, where one came (20429, or 63038 for a used-up daily limit).
        code: Option<u32>,
    },
}

/// Why the outcome is unknown.
#[derive(Debug, thiserror::Error)]
pub enum UnknownWhy {
    /// The connection broke, or time ran out, after something may have been sent.
    #[error("no answer came")]
    NoAnswer(#[source] reqwest::Error),
    /// A 201 that cannot be read.
    #[error("the answer to the create cannot be read")]
    UnreadableAnswer,
    /// Any other status: a 5xx, a proxy's 408, a redirect, a 4xx without Twilio's code, a 200.
    #[error("the answer proves nothing: HTTP {0}")]
    Inconclusive(u16),
    /// The request could not even be made (an address that is none): nothing was sent, but nothing proves it.
    #[error("the request failed")]
    Request(#[source] reqwest::Error),
}

impl CreateClient {
    /// A client with the time-out that the protocol asks for.
    pub fn new() -> Result<Self, ClientSetupError> {
        Self::with_timeout(CALL_TIMEOUT)
    }

    /// A client with another time-out, for tests.
    pub fn with_timeout(timeout: Duration) -> Result<Self, ClientSetupError> {
        Ok(Self { http: builder(timeout).pool_max_idle_per_host(0).build()? })
    }

    /// Posts once. There is no error: every way to fail is an outcome.
    pub async fn create(&self, account: &Account, message: &CreateMessage) -> CreateOutcome {
        let request = self
            .http
            .post(account.resource("Messages.json"))
            .basic_auth(account.sid(), Some(account.auth_token().expose()))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form_body(message));
        match request.send().await {
            Ok(response) => judge(response).await,
            Err(error) if error.is_connect() => CreateOutcome::NotAccepted(NotAccepted::ConnectFailed(error)),
            Err(error) if error.is_builder() => CreateOutcome::Unknown(UnknownWhy::Request(error)),
            Err(error) => CreateOutcome::Unknown(UnknownWhy::NoAnswer(error)),
        }
    }
}

fn form_body(message: &CreateMessage) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("To", &message.to).append_pair("From", &message.from);
    form.append_pair("StatusCallback", &message.status_callback);
    if !message.body.is_empty() || message.media_urls.is_empty() {
        form.append_pair("Body", &message.body);
    }
    form.extend_pairs(message.media_urls.iter().map(|url| ("MediaUrl", url)));
    form.finish()
}

async fn judge(response: Response) -> CreateOutcome {
    let status = response.status();
    let retry_after = retry_after(&response);
    let body = read_body(response).await.ok();
    if status == StatusCode::CREATED {
        return accepted(body.as_deref());
    }
    let error = body.as_deref().and_then(ErrorBody::read);
    match (status, error) {
        (StatusCode::TOO_MANY_REQUESTS, error) => {
            let code = error.map(|error| error.code);
            CreateOutcome::NotAccepted(NotAccepted::TooManyRequests { retry_after, code })
        }
        (StatusCode::REQUEST_TIMEOUT, _) | (_, None) => {
            CreateOutcome::Unknown(UnknownWhy::Inconclusive(status.as_u16()))
        }
        (status, Some(ErrorBody { code, message })) if status.is_client_error() => {
            CreateOutcome::Rejected(Rejection { http_status: status.as_u16(), code, message })
        }
        (status, Some(_)) => CreateOutcome::Unknown(UnknownWhy::Inconclusive(status.as_u16())),
    }
}

fn accepted(body: Option<&[u8]>) -> CreateOutcome {
    let resource = body.and_then(|body| serde_json::from_slice::<MessageResource>(body).ok());
    match resource.filter(MessageResource::has_message_sid) {
        Some(resource) => CreateOutcome::Accepted(resource),
        None => CreateOutcome::Unknown(UnknownWhy::UnreadableAnswer),
    }
}
