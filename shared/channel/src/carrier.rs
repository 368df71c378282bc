//! How something goes out.

use async_trait::async_trait;
use porchlight_domain::delivery::{Evidence, ListedMessage, PostOutcome, Price};
use porchlight_domain::file::NotFetched;
use porchlight_domain::id::{BusinessId, MessageId};
use porchlight_domain::message::Message;
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;

use crate::NoAccount;

/// One way out.
#[async_trait]
pub trait Carrier: Send + Sync {
    /// The business's account in hand: nothing slow is left between a decision and its POST.
    async fn open(&self, business: &BusinessId) -> Result<Box<dyn Wire>, NoAccount>;

    /// The words as they leave.
    fn words(&self, text: &str) -> String;
}

/// A carrier with an account in hand.
#[async_trait]
pub trait Wire: Send + Sync {
    /// Posts once: no retry, no redirect, and honest about what is not known afterwards (P4).
    async fn post(&self, parcel: &Parcel, now: Timestamp) -> PostOutcome;

    /// What the provider knows of messages from one of our lines to a contact point.
    async fn list(&self, to: &ContactPoint, from: &ContactPoint) -> Result<Vec<ListedMessage>, Silence>;

    /// A file of a message that came in, at the address that was told with it; of at most so many bytes.
    async fn file(&self, _address: &str, _most: u64) -> Result<Vec<u8>, NotFetched> {
        Err(NotFetched::Refused)
    }

    /// Where a message stands, and what it cost.
    async fn fetch(&self, sid: &str, now: Timestamp) -> Result<Fetched, Silence>;
}

/// A message as the provider has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Where it stands.
    pub evidence: Evidence,
    /// What it cost; none where that is not known yet, or never will be.
    pub price: Option<Price>,
}

/// A message that is to leave. It is made of what goes out ([`Parcel::of`]) and of nothing else: a note and an internal
/// message have nothing to make one of.
#[derive(Clone)]
#[non_exhaustive]
pub struct Parcel {
    /// Whose.
    pub business: BusinessId,
    /// Which message of ours: the provider's reports name it.
    pub message: MessageId,
    /// The line that it leaves from.
    pub from: ContactPoint,
    /// Where it goes.
    pub to: ContactPoint,
    /// The words as they leave.
    pub words: String,
    /// Where the provider finds the files that it carries.
    pub files: Vec<String>,
}

impl Parcel {
    /// This message, from this line, in the words as they leave; none of a message that has no way out.
    pub fn of(
        business: &BusinessId,
        message: &Message,
        from: ContactPoint,
        words: impl FnOnce(&str) -> String,
    ) -> Option<Self> {
        let out = message.body.outbound()?;
        let (business, message, to) = (business.clone(), message.id.clone(), out.contact.clone());
        Some(Self { business, message, from, to, words: words(&out.text), files: Vec::new() })
    }

    /// The same with these files.
    #[must_use]
    pub fn with(self, files: Vec<String>) -> Self {
        Self { files, ..self }
    }
}

/// Why the provider told nothing. Its words name a kind, never an address or a number (P11).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Silence {
    /// Whether the next minute may be better.
    pub passes: bool,
    /// What happened.
    pub why: String,
}
