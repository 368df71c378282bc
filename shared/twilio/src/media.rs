//! The files of messages (`reference/twilio.md` §6).
//!
//! An address comes from a webhook, so it is distrusted: it must lie under our account at the configured address
//! of the API, and only there the token is shown. Where it leads from there is followed by hand, a few steps, over
//! https, and never into a private network. What comes back is told by its bytes, not by what it says it is.

#[cfg(test)]
mod tests;

use std::time::Duration;

use porchlight_network::{PublicOnly, is_public_host};
use reqwest::header::LOCATION;
use reqwest::{Client, Response, StatusCode};
use url::Url;

use crate::account::Account;
use crate::client::{BodyError, ClientSetupError, builder, read_at_most};

/// From one place to the next, at most so often.
const MOST_REDIRECTS: usize = 3;
/// For all of it: 25 MB over half a megabyte a second. `send` begins none after 40 s, and its function has 120.
const PATIENCE: Duration = Duration::from_mins(1);
/// While not a byte comes.
const STALLED: Duration = Duration::from_secs(15);

/// Fetches files. Cheap to clone.
#[derive(Clone, Debug)]
pub struct MediaClient {
    /// For the configured address, which may lie anywhere.
    ours: Client,
    /// For wherever an answer leads: it connects to public addresses only.
    elsewhere: Client,
    allow_loopback: bool,
    patience: Duration,
}

/// Why a file cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// The provider has it no longer.
    #[error("the provider no longer has the file")]
    Gone,
    /// The address is not one of our account's files, or leads where we do not go.
    #[error("the address is none that we fetch from")]
    Refused,
    /// More bytes than the caller takes.
    #[error("the file is too large")]
    TooLarge,
    /// It leads from one place to the next.
    #[error("the address leads on and on")]
    TooManyRedirects,
    /// Another status than 200.
    #[error("the provider answered HTTP {0}")]
    Status(u16),
    /// No answer, or not all of it, in time.
    #[error("the provider did not answer")]
    NoAnswer,
}

impl MediaClient {
    /// `allow_loopback`, for tests only, lets answers lead into private networks and over http.
    pub fn new(allow_loopback: bool) -> Result<Self, ClientSetupError> {
        // A proxy would look names up by itself, past the check of what they stand for.
        let ours = builder(PATIENCE).read_timeout(STALLED).no_proxy();
        let elsewhere = builder(PATIENCE).read_timeout(STALLED).no_proxy();
        let elsewhere = if allow_loopback { elsewhere } else { elsewhere.dns_resolver(PublicOnly) };
        let (ours, elsewhere) = (ours.build()?, elsewhere.build()?);
        Ok(Self { ours, elsewhere, allow_loopback, patience: PATIENCE })
    }

    /// The bytes of a file of this account, if it has at most so many.
    pub async fn fetch(
        &self,
        account: &Account,
        address: &str,
        largest: usize,
    ) -> Result<Vec<u8>, MediaError> {
        let address = Url::parse(address).map_err(|_| MediaError::Refused)?;
        if !is_of_account(account, &address) {
            return Err(MediaError::Refused);
        }
        let followed = tokio::time::timeout(self.patience, self.follow(account, address, largest));
        followed.await.map_err(|_| MediaError::NoAnswer)?
    }

    async fn follow(
        &self,
        account: &Account,
        mut address: Url,
        largest: usize,
    ) -> Result<Vec<u8>, MediaError> {
        for _ in 0..=MOST_REDIRECTS {
            let response = self.ask(account, &address).await?;
            if !response.status().is_redirection() {
                return file(response, largest).await;
            }
            address = next(&address, &response).ok_or(MediaError::Status(response.status().as_u16()))?;
        }
        Err(MediaError::TooManyRedirects)
    }

    /// The token is shown under our own account only, however an answer came to lead back there.
    async fn ask(&self, account: &Account, address: &Url) -> Result<Response, MediaError> {
        let request = if is_of_account(account, address) {
            let token = account.auth_token().expose();
            self.ours.get(address.clone()).basic_auth(account.sid(), Some(token))
        } else if self.may_go_to(address) {
            self.elsewhere.get(address.clone())
        } else {
            return Err(MediaError::Refused);
        };
        request.send().await.map_err(|error| {
            if porchlight_network::is_refused(&error) { MediaError::Refused } else { MediaError::NoAnswer }
        })
    }

    fn may_go_to(&self, address: &Url) -> bool {
        let bare = address.username().is_empty() && address.password().is_none();
        let safe = address.scheme() == "https" && is_public_host(address);
        bare && (safe || (self.allow_loopback && matches!(address.scheme(), "http" | "https")))
    }
}

async fn file(response: Response, largest: usize) -> Result<Vec<u8>, MediaError> {
    match response.status() {
        StatusCode::OK => {}
        StatusCode::NOT_FOUND | StatusCode::GONE => return Err(MediaError::Gone),
        status => return Err(MediaError::Status(status.as_u16())),
    }
    let told = response.content_length().and_then(|length| usize::try_from(length).ok());
    if told.is_some_and(|length| length > largest) {
        return Err(MediaError::TooLarge);
    }
    read_at_most(response, largest).await.map_err(|error| match error {
        BodyError::TooLong => MediaError::TooLarge,
        BodyError::Broken(_) => MediaError::NoAnswer,
    })
}

/// At the configured address of the API, under the path of the account.
fn is_of_account(account: &Account, address: &Url) -> bool {
    let bare = address.username().is_empty() && address.password().is_none();
    let files = account.resource("");
    bare && address.origin() == files.origin() && address.path().starts_with(files.path())
}

fn next(from: &Url, response: &Response) -> Option<Url> {
    from.join(response.headers().get(LOCATION)?.to_str().ok()?).ok()
}
