//! Laying the index: what a conversation newly says, and what it is newly called.

use porchlight_domain::conversation::{Conversation, Tombstones};
use porchlight_domain::id::BusinessId;
use porchlight_domain::message::{Message, MessageKind};
use serde::{Deserialize, Serialize};

use super::candidates::is_common;
use super::labels::{Called, Sets};
use super::log::{Entry, numbered, said};
use super::postings::Packing;
use super::words::{BLOCK, Line, Shown, block_item, block_of, first_of};
use crate::derived::DerivedItem;
use crate::error::StoreError;
use crate::keys;
use crate::store::Store;
use crate::table::Item;

/// Messages read in one piece: whole blocks.
const PIECE: u64 = 8 * BLOCK;

/// How far a conversation is indexed; kept in [`Applied::indexed`](crate::counters::Applied).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Indexed {
    /// Up to which message.
    pub seq: u64,
    /// Under which name.
    pub name: Option<String>,
    /// Under which street and numbers of jobs.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub more: String,
    /// Its number is indexed: true after the first time.
    pub contact: bool,
    /// Without so many messages that were taken back.
    #[serde(default, skip_serializing_if = "is_none")]
    pub tombstones: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde calls")]
const fn is_none(count: &u64) -> bool {
    *count == 0
}

impl Indexed {
    /// As it is kept.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).expect("plain structs become JSON")
    }

    fn up_to(seq: u64, conversation: &Conversation) -> Self {
        let name = conversation.customer.as_ref().map(|customer| customer.name.clone());
        let Called { more, .. } = Called::by(conversation.customer.as_ref(), Shown::Office);
        Self { seq, name, more, contact: true, tombstones: taken_back(conversation) }
    }

    /// From how it is kept; text of another form counts as nothing indexed, and everything is laid again.
    pub fn from_text(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }
}

impl Store {
    /// Indexes what a conversation newly says and is called, and tells how far it is then indexed. The
    /// timeline must reach the summary's `seq`; as it may be seen a moment later, that is
    /// [`StoreError::Busy`].
    pub async fn index_conversation(
        &self,
        conversation: &Conversation,
        before: &Indexed,
    ) -> Result<Indexed, StoreError> {
        self.index_labels(conversation, before).await?;
        let business = &conversation.business;
        if !before.contact {
            self.note(business, numbered(conversation).into_iter().collect()).await?;
        }
        let mut done = before.seq;
        let mut waits = false;
        while done < conversation.seq && !waits {
            (done, waits) = self.index_piece(conversation, done).await?;
        }
        self.forget_taken_back(conversation, before).await?;
        Ok(Indexed::up_to(done, conversation))
    }

    /// Lays the words of a thread without those that were taken back since: of one message its block, of several all.
    async fn forget_taken_back(
        &self,
        conversation: &Conversation,
        before: &Indexed,
    ) -> Result<(), StoreError> {
        let Some(Tombstones { count, last }) = conversation.tombstones else { return Ok(()) };
        let blocks = match count.saturating_sub(before.tombstones) {
            0 => return Ok(()),
            1 => block_of(last)..=block_of(last),
            _ => 0..=block_of(conversation.seq),
        };
        for block in blocks {
            self.put_block_anew(conversation, block).await?;
        }
        Ok(())
    }

    /// Indexes some messages after the place `done`; the new place, and whether the next one waits: what may be taken back
    /// for a moment is indexed when it has left, or without its words, and what follows it with it. A block tells how far
    /// a thread is indexed, so it is put after the log.
    async fn index_piece(&self, conversation: &Conversation, done: u64) -> Result<(u64, bool), StoreError> {
        let business = &conversation.business;
        // A block is put whole, so reading begins where the block begins.
        let first = first_of(block_of(done + 1));
        let limit = usize::try_from(PIECE).expect("a small number");
        let mut messages = self.messages_after(business, &conversation.id, first - 1, limit).await?;
        messages.retain(|message| message.seq <= conversation.seq);
        let until = messages.last().map_or(0, |last| last.seq);
        if until < conversation.seq.min(first + PIECE - 1) {
            let source = "the timeline does not reach its conversation's seq yet".into();
            return Err(StoreError::Busy { operation: "Query", source });
        }
        let waiting = messages.iter().position(|message| message.seq > done && message.is_in_its_moment());
        messages.truncate(waiting.unwrap_or(messages.len()));
        let until = messages.last().map_or(done, |last| last.seq).max(done);
        let fresh = messages.iter().filter(|message| message.seq > done);
        self.note(business, fresh.filter_map(logged).collect()).await?;
        for (until, lines) in blocks(&messages) {
            self.put_block(business, &conversation.id, until, &lines).await?;
        }
        Ok((until, waiting.is_some()))
    }
}

/// How many messages were taken back.
fn taken_back(conversation: &Conversation) -> u64 {
    conversation.tombstones.map_or(0, |tombstones| tombstones.count)
}

/// A message's line for the log; none where it has no word that is asked for. What staff write to staff is looked for in
/// its own thread's words alone: nothing of it lies among what the business shares.
fn logged(message: &Message) -> Option<String> {
    if message.kind() == MessageKind::Internal {
        return None;
    }
    let terms = Line::of(message)?.terms;
    let mut terms = terms.iter().map(String::as_str).filter(|term| !is_common(term)).peekable();
    terms.peek()?;
    Some(said(&keys::posting_sk(message.created_at, &message.conversation, message.seq), terms))
}

/// The blocks of messages in a row, each with the place that it reaches.
fn blocks(messages: &[Message]) -> impl Iterator<Item = (u64, Vec<Line>)> {
    messages.chunk_by(|a, b| block_of(a.seq) == block_of(b.seq)).map(|block| {
        let until = block.last().map_or(0, |last| last.seq);
        (until, block.iter().filter_map(Line::of).collect())
    })
}

/// What the index knows of a business while it is loaded.
#[derive(Debug, Default)]
pub(crate) struct Laying {
    packing: Packing,
    sets: Sets,
}

impl Laying {
    /// What the index holds of a conversation that nothing was laid of, whole from its first message on, but for what it
    /// shares with others.
    pub fn lay(&mut self, conversation: &Conversation, messages: &[Message]) -> (Vec<Item>, Indexed) {
        let lines = numbered(conversation).into_iter().chain(messages.iter().filter_map(logged));
        for line in lines {
            if let Some(entry) = Entry::of(&line) {
                self.packing.add(&entry);
            }
        }
        let items = self.sets.lay(conversation).into_iter().map(DerivedItem::into_item);
        let (business, id) = (&conversation.business, &conversation.id);
        let blocks = blocks(messages).map(|(until, lines)| block_item(business, id, until, &lines));
        (items.chain(blocks).collect(), Indexed::up_to(conversation.seq, conversation))
    }

    /// What conversations share, when all are laid.
    pub fn end(self, business: &BusinessId) -> impl Iterator<Item = Item> {
        let words = self.packing.words(business).into_iter().map(|key| DerivedItem::bare(key.pk, key.sk));
        let packed = words.chain(self.packing.into_items(business));
        packed.map(DerivedItem::into_item).chain(self.sets.into_items())
    }
}
