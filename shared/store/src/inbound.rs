//! A webhook's way in (PROTOCOLS §1): the raw receipt first, then the one transaction that applies it.
//!
//! Lists of receipts, quarantine and the sweep are in [`receipts`](crate::receipts).

use porchlight_domain::conversation::Conversation;
use porchlight_domain::event::Event;
use porchlight_domain::message::Message;
use porchlight_domain::time::Timestamp;

use crate::commit::{Commit, Part};
use crate::consent::ConsentChange;
use crate::error::StoreError;
use crate::receipts::{Receipt, ReceiptKey};
use crate::store::Store;
use crate::table::{Expression, Item, Outcome, Table, text, text_of};

/// How far a receipt is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReceiptState {
    /// Kept, and nothing came of it yet.
    Unapplied,
    /// What it says is in the inbox.
    Applied,
    /// It waits in the tray for a person.
    Quarantined {
        /// Why, in a word or two.
        reason: String,
    },
}

impl ReceiptState {
    pub(crate) fn of(item: &Item) -> Self {
        if item.contains_key("applied_at") {
            Self::Applied
        } else if let Some(reason) = text_of(item, "reason") {
            Self::Quarantined { reason: reason.to_owned() }
        } else {
            Self::Unapplied
        }
    }
}

/// What keeping a receipt came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PutReceipt {
    /// It is kept.
    New,
    /// It was there already, and stays as it was.
    Present(ReceiptState),
}

/// What a customer's message makes of things.
#[derive(Debug)]
pub struct RecordInbound<'a> {
    /// The conversation with the message in it; its `version` is the one that was read (0: none).
    pub conversation: &'a mut Conversation,
    /// The message, at the conversation's new `seq`.
    pub message: &'a mut Message,
    /// Tells the live feed.
    pub event: &'a Event,
    /// The receipt that says all this.
    pub receipt: &'a ReceiptKey,
    /// STOP or START, also where it changes nothing.
    pub consent: Option<&'a ConsentChange>,
    /// Now: when the receipt was applied.
    pub now: Timestamp,
}

impl Store {
    /// Keeps the raw receipt, due for the sweep at `due`; one that is there already stays as it was.
    pub async fn put_receipt(&self, receipt: &Receipt, due: Timestamp) -> Result<PutReceipt, StoreError> {
        let mut item = receipt.item();
        let key = receipt.key.key();
        item.insert("due_shard".to_owned(), text(crate::keys::due_shard(&key.pk)));
        item.insert("due_at".to_owned(), text(due));
        match self.put_if(Table::Vault, item, &Expression::absent()).await? {
            Outcome::Done(_) => Ok(PutReceipt::New),
            Outcome::Refused(present) => Ok(PutReceipt::Present(ReceiptState::of(&present))),
        }
    }
}

impl Commit<'_> {
    /// An inbound message: message, conversation, event, receipt, consent. A conflict at [`Part::Receipt`] means that
    /// it was applied before; any other: read again and decide again.
    pub fn inbound(self, inbound: RecordInbound<'_>) -> Self {
        let RecordInbound { conversation, message, event, receipt, consent, now } = inbound;
        let commit = self.receipt_applied(receipt, now).create_message(message);
        let commit = commit.conversation(conversation).event(event);
        match consent {
            Some(change) => commit.consent(change),
            None => commit,
        }
    }

    /// The receipt has been applied; fails if it was before, or was never kept.
    pub fn receipt_applied(self, receipt: &ReceiptKey, now: Timestamp) -> Self {
        let update = Expression::new("SET applied_at = :now REMOVE due_shard, due_at, tray, reason")
            .value(":now", crate::table::number(now.millis()));
        let waiting = "attribute_exists(pk) AND attribute_not_exists(applied_at)";
        self.update(Part::Receipt, Table::Vault, &receipt.key(), update, Some(waiting))
    }
}
