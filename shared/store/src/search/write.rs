//! Laying the index: what a conversation newly says, and what it is newly called.

use std::collections::{BTreeSet, HashSet};

use porchlight_domain::conversation::Conversation;
use porchlight_domain::id::BusinessId;
use porchlight_domain::message::Message;
use serde::{Deserialize, Serialize};

use super::candidates::is_common;
use super::labels::{Called, Sets};
use super::words::{BLOCK, Line, Shown, block_item, block_of, first_of};
use crate::derived::DerivedItem;
use crate::error::StoreError;
use crate::keys::{self, Key, term_pk, vocabulary_pk};
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
}

impl Indexed {
    /// As it is kept.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).expect("plain structs become JSON")
    }

    fn up_to(seq: u64, conversation: &Conversation) -> Self {
        let name = conversation.customer.as_ref().map(|customer| customer.name.clone());
        let Called { more, .. } = Called::by(conversation.customer.as_ref(), Shown::Office);
        Self { seq, name, more, contact: true }
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
        let mut done = before.seq;
        let mut waits = false;
        while done < conversation.seq && !waits {
            (done, waits) = self.index_piece(conversation, done).await?;
        }
        Ok(Indexed::up_to(done, conversation))
    }

    /// Indexes some messages after the place `done`; the new place, and whether the next one waits: what may be taken back
    /// for a moment is indexed when it has left, or without its words, and what follows it with it.
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
        let fresh: Vec<&Message> = messages.iter().filter(|message| message.seq > done).collect();
        self.put_postings(business, &fresh).await?;
        for (until, lines) in blocks(&messages) {
            self.put_block(business, &conversation.id, until, &lines).await?;
        }
        Ok((until, waiting.is_some()))
    }

    async fn put_postings(&self, business: &BusinessId, messages: &[&Message]) -> Result<(), StoreError> {
        let (mut items, words) = postings(business, messages.iter().copied());
        items.extend(self.new_words(business, words).await?);
        self.put_derived(items).await
    }

    /// The words that the business has never seen before.
    async fn new_words(
        &self,
        business: &BusinessId,
        words: BTreeSet<String>,
    ) -> Result<Vec<DerivedItem>, StoreError> {
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let keys: Vec<Key> = words.into_iter().map(|word| vocabulary(business, word)).collect();
        let known = self.which_derived(&keys).await?;
        let new = keys.into_iter().filter(|key| !known.contains(key));
        Ok(new.map(|key| DerivedItem::bare(key.pk, key.sk)).collect())
    }
}

/// The postings of messages, and the words that they are of.
fn postings<'m>(
    business: &BusinessId,
    messages: impl IntoIterator<Item = &'m Message>,
) -> (Vec<DerivedItem>, BTreeSet<String>) {
    let (mut items, mut words) = (Vec::new(), BTreeSet::new());
    for message in messages {
        let line = Line::of(message).map(|line| line.terms).unwrap_or_default();
        for term in line.into_iter().filter(|term| !is_common(term)) {
            let place = keys::posting_sk(message.created_at, &message.conversation, message.seq);
            items.push(DerivedItem::bare(term_pk(business, &term), place));
            words.insert(term);
        }
    }
    (items, words)
}

/// The blocks of messages in a row, each with the place that it reaches.
fn blocks(messages: &[Message]) -> impl Iterator<Item = (u64, Vec<Line>)> {
    messages.chunk_by(|a, b| block_of(a.seq) == block_of(b.seq)).map(|block| {
        let until = block.last().map_or(0, |last| last.seq);
        (until, block.iter().filter_map(Line::of).collect())
    })
}

fn vocabulary(business: &BusinessId, word: String) -> Key {
    Key::new(vocabulary_pk(business, &word), word)
}

/// What the index knows of a business while it is loaded.
#[derive(Debug, Default)]
pub(crate) struct Laying {
    words: HashSet<String>,
    sets: Sets,
}

impl Laying {
    /// All that the index holds of a conversation that nothing was laid of, whole from its first message on, but for
    /// the sets that it shares with others.
    pub fn lay(&mut self, conversation: &Conversation, messages: &[Message]) -> (Vec<Item>, Indexed) {
        let (business, id) = (&conversation.business, &conversation.id);
        let (mut items, words) = postings(business, messages);
        let new = words.into_iter().filter(|word| self.words.insert(word.clone()));
        let new = new.map(|word| vocabulary(business, word));
        items.extend(new.map(|key| DerivedItem::bare(key.pk, key.sk)));
        items.extend(self.sets.lay(conversation));
        let blocks = blocks(messages).map(|(until, lines)| block_item(business, id, until, &lines));
        let items = items.into_iter().map(DerivedItem::into_item).chain(blocks).collect();
        (items, Indexed::up_to(conversation.seq, conversation))
    }

    /// The sets, when all are laid.
    pub fn end(self) -> impl Iterator<Item = Item> {
        self.sets.into_items()
    }
}
