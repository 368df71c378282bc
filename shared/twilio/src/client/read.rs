//! Ask Twilio what became of messages. Asking twice is harmless, so errors say whether to ask again.

use std::time::Duration;

use reqwest::{Client, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::resource::MessageResource;
use super::{BodyError, CALL_TIMEOUT, ClientSetupError, ErrorBody, builder, read_body};
use crate::account::Account;

/// One page of a list; Twilio allows 1,000.
const PAGE_SIZE: &str = "200";
/// Two numbers with more texts between them than this are looked at newest first only.
const MAX_PAGES: usize = 5;

/// The client that asks.
#[derive(Clone, Debug)]
pub struct ReadClient {
    http: Client,
}

/// What a list found, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageList {
    /// The messages.
    pub messages: Vec<MessageResource>,
    /// Whether the list ended; if not, older messages exist that were not read.
    pub complete: bool,
}

/// Why Twilio could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// No answer, or not all of it.
    #[error("Twilio did not answer")]
    NoAnswer(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// 429 or 5xx.
    #[error("Twilio cannot answer now: HTTP {0}")]
    Unavailable(u16),
    /// There is no such message.
    #[error("Twilio knows no such message")]
    NotFound,
    /// Twilio refuses to answer: wrong token, wrong account.
    #[error("Twilio refuses to answer: HTTP {http_status}, code {code:?}")]
    Refused {
        /// The HTTP status.
        http_status: u16,
        /// Twilio's code, where one came.
        code: Option<u32>,
    },
    /// The answer is none of Twilio's.
    #[error("the answer cannot be read")]
    Unreadable,
    /// A next page lies on another host: following it would hand over the token.
    #[error("the list leads to another host")]
    ForeignPage,
}

impl ReadError {
    /// Whether asking again later may help.
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::NoAnswer(_) | Self::Unavailable(_))
    }
}

#[derive(Deserialize)]
struct Page {
    messages: Vec<MessageResource>,
    #[serde(default)]
    next_page_uri: Option<String>,
}

impl ReadClient {
    /// A client with the usual time-out.
    pub fn new() -> Result<Self, ClientSetupError> {
        Self::with_timeout(CALL_TIMEOUT)
    }

    /// A client with another time-out, for tests.
    pub fn with_timeout(timeout: Duration) -> Result<Self, ClientSetupError> {
        Ok(Self { http: builder(timeout).build()? })
    }

    /// One message by its SID.
    pub async fn fetch_message(&self, account: &Account, sid: &str) -> Result<MessageResource, ReadError> {
        if sid.is_empty() || !sid.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(ReadError::NotFound);
        }
        self.get(account, account.resource(&format!("Messages/{sid}.json"))).await
    }

    /// The messages from one number to another, newest first, without a date filter: that one works on the
    /// date *sent* and would hide the queued ones.
    pub async fn list_messages(
        &self,
        account: &Account,
        to: &str,
        from: &str,
    ) -> Result<MessageList, ReadError> {
        let mut url = account.resource("Messages.json");
        url.query_pairs_mut()
            .append_pair("To", to)
            .append_pair("From", from)
            .append_pair("PageSize", PAGE_SIZE);
        let mut messages = Vec::new();
        for _ in 0..MAX_PAGES {
            let page: Page = self.get(account, url).await?;
            messages.extend(page.messages);
            match page.next_page_uri.filter(|next| !next.is_empty()) {
                Some(next) => url = next_page(account, &next)?,
                None => return Ok(MessageList { messages, complete: true }),
            }
        }
        Ok(MessageList { messages, complete: false })
    }

    async fn get<T: DeserializeOwned>(&self, account: &Account, url: Url) -> Result<T, ReadError> {
        let request = self.http.get(url).basic_auth(account.sid(), Some(account.auth_token().expose()));
        let response = request.send().await.map_err(|error| ReadError::NoAnswer(error.into()))?;
        let status = response.status();
        let body = read_body(response).await.map_err(|error| match error {
            BodyError::Broken(_) => ReadError::NoAnswer(error.into()),
            BodyError::TooLong => ReadError::Unreadable,
        })?;
        if status == StatusCode::OK {
            return serde_json::from_slice(&body).map_err(|_| ReadError::Unreadable);
        }
        Err(refusal(status, ErrorBody::read(&body).map(|error| error.code)))
    }
}

fn refusal(status: StatusCode, code: Option<u32>) -> ReadError {
    let http_status = status.as_u16();
    match status {
        StatusCode::NOT_FOUND => ReadError::NotFound,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => ReadError::Unavailable(http_status),
        status if status.is_server_error() => ReadError::Unavailable(http_status),
        _ => ReadError::Refused { http_status, code },
    }
}

/// `next_page_uri` is a path; it is followed on the account's own host only.
fn next_page(account: &Account, next: &str) -> Result<Url, ReadError> {
    let url = account.base_url().join(next).map_err(|_| ReadError::Unreadable)?;
    let same_host = url.origin() == account.base_url().origin() && url.username().is_empty();
    if same_host { Ok(url) } else { Err(ReadError::ForeignPage) }
}
