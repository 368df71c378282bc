//! The way of a webhook into the inbox (PROTOCOLS §1; P1, P2, P3): genuine, kept, applied.
//!
//! `webhooks` calls it when Twilio does and again every minute for what was left unapplied; the tray's replay
//! calls it when a person asks. All of them meet in [`Intake::apply`], the protocol's step 3.
//!
//! # Layout
//!
//! - `call`: which webhook a path names; a post as it came. `verify`: its signature.
//! - `text`: a customer's text. `reaction`: a tapback. `status`: what became of a message of ours.

mod call;
mod reaction;
mod status;
mod text;
mod verify;

use std::sync::Arc;
use std::time::Duration;

use porchlight_domain::id::BusinessId;
use porchlight_domain::time::Timestamp;
use porchlight_store::commit::Part;
use porchlight_store::inbound::{PutReceipt, ReceiptState};
use porchlight_store::receipts::{Receipt, ReceiptKey};
use porchlight_store::{Store, StoreError};
use porchlight_twilio::WebhookError;
use tokio::time::Instant;

pub use self::call::{Call, Post};
use crate::ambient::{Clock, Entropy};
use crate::deliveries::Deliveries;
use crate::patience::rereading;
use crate::platform::Platform;
use crate::secrets::{Secrets, SecretsError};
use crate::settings::ConfigError;

/// How long contention is met with another try before the provider is asked to come again.
const PATIENCE: Duration = Duration::from_secs(8);
/// The sweep leaves a receipt to whoever took it in for so long: longer than any invocation tries.
const SWEEP_AFTER: Duration = Duration::from_secs(30);

/// Takes webhooks in. Cheap to clone.
#[derive(Clone)]
pub struct Intake {
    store: Store,
    clock: Clock,
    entropy: Entropy,
    secrets: Arc<dyn Secrets>,
    deliveries: Deliveries,
    public_url: Arc<str>,
}

/// What came of a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Applied {
    /// What it says is in the inbox, now or since an earlier time.
    Done,
    /// It waits in the tray for a person.
    Quarantined(Misfit),
}

/// What came of replaying a receipt of the tray.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replayed {
    /// There is no such receipt, or it has expired.
    NotFound,
    /// Its signature is still wrong: the setting is not mended.
    NotGenuine,
    /// It went the way of every receipt.
    Applied(Applied),
}

/// Why a verified webhook cannot be matched to anything; the tray shows these words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// A field is missing or holds what it cannot.
    #[error("{0}")]
    Unreadable(#[from] WebhookError),
    /// Twilio posts forms.
    #[error("the body is no form")]
    NotAForm,
    /// The path is none of ours.
    #[error("the address is none of ours")]
    UnknownAddress,
    /// Longer than what a message can hold.
    #[error("the text is longer than a text can be")]
    TooLong,
    /// Written to a number that is none of ours.
    #[error("no line of the business has this number")]
    UnknownLine,
    /// No answer could go there.
    #[error("the sender is no phone number")]
    BadSender,
    /// Their texts never land among the leads.
    #[error("the sender is a member of staff, and there are no internal threads yet")]
    StaffNumber,
    /// It was never sent from here.
    #[error("no message of ours has this id")]
    UnknownMessage,
    /// A word that Twilio's documentation does not list.
    #[error("the status word is not a known one")]
    UnknownStatusWord,
    /// The tables refuse what it says, or hold something there that cannot be read.
    #[error("what it says could not be stored")]
    NotStored,
    /// Another message of ours has this SID.
    #[error("the SID belongs to another message")]
    ForeignSid,
}

/// Why a webhook cannot be taken in just now.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The tables.
    #[error("the receipt could not be applied")]
    Store(#[from] StoreError),
    /// The tokens.
    #[error("the tokens could not be read")]
    Secrets(#[from] SecretsError),
}

/// Why an attempt ends without anything written.
enum Refusal {
    Misfit(Misfit),
    Store(StoreError),
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl<M: Into<Misfit>> From<M> for Refusal {
    fn from(misfit: M) -> Self {
        Self::Misfit(misfit.into())
    }
}

impl Intake {
    /// `PUBLIC_URL` is the address that Twilio was given.
    pub fn new(platform: &Platform) -> Result<Self, ConfigError> {
        let store = platform.store()?;
        let (clock, entropy) = (platform.clock.clone(), platform.entropy.clone());
        Ok(Self {
            deliveries: Deliveries::new(store.clone(), clock.clone(), entropy.clone()),
            secrets: platform.secrets()?,
            public_url: platform.settings.require("PUBLIC_URL")?.trim_end_matches('/').into(),
            store,
            clock,
            entropy,
        })
    }

    /// Keeps the receipt of a genuine post, then applies it; one that was applied before stays as it is.
    pub async fn admit(&self, receipt: &Receipt) -> Result<Applied, StoreError> {
        let due = receipt.received_at.max(self.clock.now()) + SWEEP_AFTER;
        match self.store.put_receipt(receipt, due).await? {
            PutReceipt::Present(ReceiptState::Applied | ReceiptState::Quarantined { .. }) => {
                Ok(Applied::Done)
            }
            PutReceipt::New => self.apply(receipt).await,
            PutReceipt::Present(ReceiptState::Unapplied) => {
                // As it came first: consent is ordered by when a word was received, not by when it was repeated.
                let first = self.store.receipt(&receipt.key, self.clock.now()).await?;
                self.apply(first.as_ref().unwrap_or(receipt)).await
            }
        }
    }

    /// Step 3: decides what the receipt says and writes it, or puts it into the tray.
    pub async fn apply(&self, receipt: &Receipt) -> Result<Applied, StoreError> {
        let verdict = rereading(&self.entropy, PATIENCE, || self.attempt(receipt)).await?;
        let Err(misfit) = verdict else { return Ok(Applied::Done) };
        tracing::warn!(receipt = %receipt.key, business = %receipt.key.business(), %misfit, "a webhook is set aside");
        let set_aside = self.store.quarantine(&receipt.key, &misfit.to_string()).await?;
        Ok(if set_aside { Applied::Quarantined(misfit) } else { Applied::Done })
    }

    /// Takes a receipt out of the tray and applies it again, once more checking an unverified one's signature.
    pub async fn replay(&self, key: &ReceiptKey) -> Result<Replayed, IntakeError> {
        let Some(receipt) = self.store.receipt(key, self.clock.now()).await? else {
            return Ok(Replayed::NotFound);
        };
        if !matches!(key, ReceiptKey::Unverified { .. }) {
            return Ok(Replayed::Applied(self.apply(&receipt).await?));
        }
        let post = Post::from(&receipt);
        let named = Call::of(&post.path).filter(|(business, _)| business == key.business());
        let Some((business, call)) = named else { return Ok(Replayed::NotFound) };
        if !self.is_genuine(&business, &post).await? {
            return Ok(Replayed::NotGenuine);
        }
        let applied = self.admit(&post.into_receipt(business, &call)).await?;
        self.store.mark_applied(key, self.clock.now()).await?;
        Ok(Replayed::Applied(applied))
    }

    /// Applies what was left unapplied in one shard of the sweep, beginning none after `ends`; how many are left
    /// for the next time.
    pub async fn sweep(&self, shard: u8, limit: usize, ends: Instant) -> Result<usize, StoreError> {
        let due = self.store.unapplied_due(shard, self.clock.now(), limit).await?;
        let mut left = 0;
        for receipt in &due {
            if Instant::now() >= ends {
                return Ok(left + 1);
            }
            left += usize::from(!self.take_up(receipt).await?);
        }
        Ok(left)
    }

    /// Applies a receipt that was left; one that can never be stored goes into the tray, where a person sees it
    /// (P1). Whether that settled it.
    async fn take_up(&self, receipt: &Receipt) -> Result<bool, StoreError> {
        let Err(error) = self.apply(receipt).await else { return Ok(true) };
        still_unapplied(&receipt.key, &error);
        if error.is_worth_rereading() {
            self.store.postpone_receipt(&receipt.key, self.clock.now() + SWEEP_AFTER).await?;
            return Ok(false);
        }
        self.store.quarantine(&receipt.key, &Misfit::NotStored.to_string()).await?;
        Ok(true)
    }

    /// One try: everything is read anew.
    async fn attempt(&self, receipt: &Receipt) -> Result<Result<(), Misfit>, StoreError> {
        match self.record(receipt).await {
            Ok(()) => Ok(Ok(())),
            Err(Refusal::Misfit(misfit)) => Ok(Err(misfit)),
            Err(Refusal::Store(error)) => Err(error),
        }
    }

    async fn record(&self, receipt: &Receipt) -> Result<(), Refusal> {
        let post = Post::from(receipt);
        let (_, call) = Call::of(&post.path).ok_or(Misfit::UnknownAddress)?;
        if !post.is_form() {
            return Err(Misfit::NotAForm.into());
        }
        match call {
            Call::Message => self.record_text(receipt).await,
            Call::Status(_) => self.record_status(receipt, call.message()).await,
        }
    }

    /// A fresh id of the business's own making.
    fn new_id<T: From<ulid::Ulid>>(&self, at: Timestamp) -> T {
        self.entropy.ulid(at).into()
    }

    /// Keeps a post whose signature was wrong, within bounds; whether it was kept.
    pub async fn keep_unverified(&self, business: BusinessId, post: Post) -> Result<bool, StoreError> {
        if post.body.len() > call::LONGEST_UNVERIFIED {
            return Ok(false);
        }
        let id = self.entropy.ulid(post.received_at).to_string();
        self.store.put_unverified(&post.into_unverified(business, id), call::UNVERIFIED_CAPS).await
    }
}

/// A receipt that was applied meanwhile needs nothing more (P2).
fn or_applied_before(written: Result<(), StoreError>) -> Result<(), StoreError> {
    match written {
        Err(StoreError::Conflict(conflict)) if conflict.is_at(Part::Receipt) => Ok(()),
        other => other,
    }
}

fn still_unapplied(key: &ReceiptKey, error: &(dyn std::error::Error + 'static)) {
    tracing::error!(receipt = %key, business = %key.business(), error, "a receipt is still not applied");
}
