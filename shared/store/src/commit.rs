//! One transaction, built part by part: the fact and its consequences.
//!
//! ```text
//! store.commit(&business)
//!     .update_message(&mut message)
//!     .conversation(&mut conversation)
//!     .event(&event)
//!     .run().await?;
//! ```
//!
//! Versioned values (`&mut`) carry the `version` that was read; adding them makes it the next one, on
//! condition that the table still holds the one that was read. After a failed `run` they are worth nothing:
//! read again. A transaction is repeated only under the same request token, so that a repeat after a
//! lost answer changes nothing; when no answer comes at all, [`StoreError::NoAnswer`] says so.
//!
//! Parts are added where they belong: this file has messages, conversations and events, the other rooms
//! (`contacts`, `jobs`, `receipts`, `vault`…) have theirs.

use std::fmt;
use std::time::Duration;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::{TransactWriteItemsError, TransactWriteItemsInput};
use aws_sdk_dynamodb::types::{CancellationReason, Delete, Put, TransactWriteItem, Update};
use porchlight_domain::conversation::Conversation;
use porchlight_domain::event::Event;
use porchlight_domain::id::BusinessId;
use porchlight_domain::message::Message;

use crate::error::StoreError;
use crate::items;
use crate::keys::{self, Key};
use crate::messages::MessagePointer;
use crate::meter::{self, Direction};
use crate::store::Store;
use crate::table::{Expression, Item, Table, key_item, number};

/// How long the live feed keeps an event, counted from its id; a little over a day, as TTL lags anyway.
const EVENT_LASTS: Duration = Duration::from_hours(25);

/// Parts that a transaction has room for.
pub const MOST_PARTS: usize = 100;

/// What a part of a transaction writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// A message.
    Message,
    /// A conversation's summary.
    Conversation,
    /// A live event.
    Event,
    /// From a message's id to its place.
    MessagePointer,
    /// From a provider's id to a message's place.
    SidPointer,
    /// A webhook's receipt.
    Receipt,
    /// Consent of a contact point.
    Consent,
    /// A contact point's record, or its link to a customer.
    Contact,
    /// A client's command.
    Command,
    /// A person's read marker, draft or membership.
    Personal,
    /// A member of staff, or their login.
    Staff,
    /// That somebody still is an admin.
    Admin,
    /// An invitation, or its link.
    Invite,
    /// A push ladder.
    Ladder,
    /// A customer.
    Customer,
    /// A job, or an assignment to one.
    Job,
    /// Any other record.
    Other,
}

/// Conditions that failed: what was read has changed meanwhile, or was there already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conflict {
    /// The parts whose condition failed.
    pub parts: Vec<Part>,
}

impl Conflict {
    /// Whether the condition of such a part failed.
    pub fn is_at(&self, part: Part) -> bool {
        self.parts.contains(&part)
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "what was read has changed meanwhile: {:?}", self.parts)
    }
}

/// A transaction in the making. At most [`MOST_PARTS`].
#[derive(Clone)]
#[must_use = "nothing is written before `run`"]
pub struct Commit<'s> {
    store: &'s Store,
    business: BusinessId,
    writes: Vec<(Part, TransactWriteItem)>,
}

impl fmt::Debug for Commit<'_> {
    /// Without what it writes (P11).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.writes.iter().map(|(part, _)| part)).finish()
    }
}

impl Store {
    /// Begins a transaction of a business.
    pub fn commit(&self, business: &BusinessId) -> Commit<'_> {
        Commit { store: self, business: business.clone(), writes: Vec::new() }
    }
}

impl Commit<'_> {
    /// A message joins the timeline at its `seq`, where nothing may stand yet; its `version` becomes 1.
    pub fn create_message(self, message: &mut Message) -> Self {
        message.version = 1;
        let item = items::message_item(&self.business, message);
        self.put(Part::Message, Table::Messages, item, Expression::absent())
    }

    /// A message as it now is, if nobody else changed it since it was read.
    pub fn update_message(self, message: &mut Message) -> Self {
        let unchanged = unchanged_since(message.version);
        message.version += 1;
        let item = items::message_item(&self.business, message);
        self.put(Part::Message, Table::Messages, item, unchanged)
    }

    /// A message that waited goes to another place of the timeline, where nothing may stand yet; at the old one, which is
    /// as it was read, stays `entry`. Its pointer follows.
    pub fn leave(self, message: &mut Message, entry: &mut Message, pointer: &MessagePointer) -> Self {
        let unchanged = unchanged_since(entry.version);
        message.version += 1;
        entry.version += 1;
        let business = &self.business.clone();
        let moved = items::message_item(business, message);
        let stays = items::message_item(business, entry);
        self.put(Part::Message, Table::Messages, moved, Expression::absent())
            .put(Part::Message, Table::Messages, stays, unchanged)
            .put(Part::MessagePointer, Table::Messages, pointer.item(business), Expression::default())
    }

    /// A conversation as it now is, if nobody else changed it since it was read; `version` 0 means that
    /// there was none.
    pub fn conversation(self, conversation: &mut Conversation) -> Self {
        let unchanged = unchanged_since(conversation.version);
        conversation.next_version();
        let item = items::conversation_item(conversation);
        self.put(Part::Conversation, Table::Conversations, item, unchanged)
    }

    /// An event of the live feed.
    pub fn event(self, event: &Event) -> Self {
        let mut item = items::to_item(&keys::event(&self.business, &event.id), event);
        let expires = event.id.time() + EVENT_LASTS;
        item.insert("expires_at".to_owned(), number(expires.seconds()));
        self.put(Part::Event, Table::Events, item, Expression::default())
    }

    /// From the message's id to its place; fails if the id was used before (P9).
    pub fn message_pointer(self, pointer: &MessagePointer) -> Self {
        let item = pointer.item(&self.business);
        self.put(Part::MessagePointer, Table::Messages, item, Expression::absent())
    }

    /// From the provider's id to this message; fails if another message owns it.
    pub fn sid_pointer(self, sid: &str, message: &Message) -> Self {
        let place = items::PlaceItem {
            conversation: message.conversation.clone(),
            seq: message.seq,
            fingerprint: None,
        };
        let item = items::to_item(&keys::sid_pointer(&self.business, sid), &place);
        let ours =
            Expression::new("attribute_not_exists(pk) OR (conversation = :conversation AND seq = :seq)")
                .value(":conversation", crate::table::text(&message.conversation))
                .value(":seq", number(message.seq));
        self.put(Part::SidPointer, Table::Messages, item, ours)
    }

    /// How many parts more there is room for.
    pub fn room(&self) -> usize {
        MOST_PARTS.saturating_sub(self.writes.len())
    }

    /// Nothing would be written.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }

    pub(crate) fn business(&self) -> &BusinessId {
        &self.business
    }

    /// The puts among its parts, with the names of their tables; `None` for any other part.
    pub(crate) fn into_puts(self) -> impl Iterator<Item = Option<(String, Item)>> {
        self.writes.into_iter().map(|(_, write)| write.put.map(|put| (put.table_name, put.item)))
    }

    pub(crate) fn put(mut self, part: Part, table: Table, item: Item, condition: Expression) -> Self {
        let put = Put::builder()
            .table_name(self.store.tables.name(table))
            .set_item(Some(item))
            .set_expression_attribute_names(condition.names())
            .set_expression_attribute_values(condition.values())
            .set_condition_expression((!condition.text.is_empty()).then_some(condition.text))
            .build()
            .expect("table and item are set");
        self.writes.push((part, TransactWriteItem::builder().put(put).build()));
        self
    }

    pub(crate) fn update(
        mut self,
        part: Part,
        table: Table,
        key: &Key,
        update: Expression,
        condition: Option<&str>,
    ) -> Self {
        let update = Update::builder()
            .table_name(self.store.tables.name(table))
            .set_key(Some(key_item(key)))
            .set_expression_attribute_names(update.names())
            .set_expression_attribute_values(update.values())
            .update_expression(update.text)
            .set_condition_expression(condition.map(str::to_owned))
            .build()
            .expect("table, key and update are set");
        self.writes.push((part, TransactWriteItem::builder().update(update).build()));
        self
    }

    pub(crate) fn delete(self, part: Part, table: Table, key: &Key) -> Self {
        self.delete_if(part, table, key, Expression::default())
    }

    pub(crate) fn delete_if(mut self, part: Part, table: Table, key: &Key, condition: Expression) -> Self {
        let delete = Delete::builder()
            .table_name(self.store.tables.name(table))
            .set_key(Some(key_item(key)))
            .set_expression_attribute_names(condition.names())
            .set_expression_attribute_values(condition.values())
            .set_condition_expression((!condition.text.is_empty()).then_some(condition.text))
            .build()
            .expect("table and key are set");
        self.writes.push((part, TransactWriteItem::builder().delete(delete).build()));
        self
    }

    /// Writes all of it, or nothing. Nothing at all is written for an empty commit.
    pub async fn run(self) -> Result<(), StoreError> {
        let Self { store, writes, .. } = self;
        if writes.is_empty() {
            return Ok(());
        }
        let (parts, writes): (Vec<Part>, Vec<TransactWriteItem>) = writes.into_iter().unzip();
        let call = TransactWriteItemsInput::builder()
            .set_transact_items(Some(writes))
            .set_return_consumed_capacity(meter::wanted(store.meter.as_ref()));
        let answer = store.calls.transact_write_items(call).await;
        let answer = answer.map_err(|error| canceled(&parts, error))?;
        meter::count(store.meter.as_ref(), Direction::Write, answer.consumed_capacity());
        Ok(())
    }
}

/// The condition that the table holds this version still; 0: that it holds none.
pub(crate) fn unchanged_since(version: u64) -> Expression {
    if version == 0 {
        return Expression::absent();
    }
    Expression::new("#version = :version").name("#version", "version").value(":version", number(version))
}

/// Tells failed conditions from contention: only the former mean that something else is stored.
fn canceled<R>(parts: &[Part], error: SdkError<TransactWriteItemsError, R>) -> StoreError
where
    R: fmt::Debug + Send + Sync + 'static,
{
    const OPERATION: &str = "TransactWriteItems";
    let Some(TransactWriteItemsError::TransactionCanceledException(canceled)) = error.as_service_error()
    else {
        return StoreError::from_sdk(OPERATION, error);
    };
    let reasons = canceled.cancellation_reasons();
    if reasons.iter().any(|reason| reason.code() == Some("ValidationError")) {
        return StoreError::Refused { operation: OPERATION, source: Box::new(error) };
    }
    let conflict = conflict(parts, reasons);
    if conflict.parts.is_empty() {
        return StoreError::from_sdk(OPERATION, error);
    }
    StoreError::Conflict(conflict)
}

fn conflict(parts: &[Part], reasons: &[CancellationReason]) -> Conflict {
    let failed = |reason: &CancellationReason| reason.code() == Some("ConditionalCheckFailed");
    let failed = parts.iter().zip(reasons).filter(|(_, reason)| failed(reason));
    Conflict { parts: failed.map(|(part, _)| *part).collect() }
}
