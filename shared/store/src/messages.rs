//! The timeline of a conversation, read; written by [`Commit`](crate::Commit).

use std::collections::BTreeSet;
use std::time::Duration;

use porchlight_domain::command::Fingerprint;
use porchlight_domain::id::{BusinessId, ConversationId, MessageId};
use porchlight_domain::message::Message;
use porchlight_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::items::{self, PlaceItem};
use crate::keys;
use crate::query::{Query, Range};
use crate::store::Store;
use crate::table::{Item, Table};

/// Some of a timeline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessagePage {
    /// Oldest first.
    pub messages: Vec<Message>,
    /// Older messages stand before this `seq`.
    pub next_before: Option<u64>,
}

/// From a message's id to its place, with what was asked for (P9). Written with every outbound message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessagePointer {
    /// The message.
    pub message: MessageId,
    /// Where it stands.
    pub conversation: ConversationId,
    /// Its place there.
    pub seq: u64,
    /// Of the command that made it.
    pub fingerprint: Option<Fingerprint>,
}

#[derive(Serialize, Deserialize)]
struct PointerItem {
    conversation: ConversationId,
    seq: u64,
    fingerprint: Option<Fingerprint>,
}

impl MessagePointer {
    /// The pointer to a message.
    pub fn to(message: &Message, fingerprint: Option<Fingerprint>) -> Self {
        Self {
            message: message.id.clone(),
            conversation: message.conversation.clone(),
            seq: message.seq,
            fingerprint,
        }
    }

    pub(crate) fn item(&self, business: &BusinessId) -> Item {
        let item = PointerItem {
            conversation: self.conversation.clone(),
            seq: self.seq,
            fingerprint: self.fingerprint.clone(),
        };
        items::to_item(&keys::message_pointer(business, &self.message), &item)
    }

    fn from_item(message: MessageId, item: Item) -> Result<Self, StoreError> {
        let PointerItem { conversation, seq, fingerprint } = items::from_item("message pointer", item)?;
        Ok(Self { message, conversation, seq, fingerprint })
    }
}

/// Places that are looked at together in looking for an instant.
const PROBES: u64 = 16;
/// A message's id and the time of its coming differ by no more, and so many messages are read in looking for one.
const NEAR: Duration = Duration::from_mins(1);
const NEARBY: usize = 200;

/// Messages that are looked through at once for the newest of some, and how often.
const PIECE: usize = 50;
const LOOKED_THROUGH: usize = 8;

impl Store {
    /// The newest messages, or those before a `seq`; strongly consistent.
    pub async fn messages(
        &self,
        business: &BusinessId,
        conversation: &ConversationId,
        before: Option<u64>,
        limit: usize,
    ) -> Result<MessagePage, StoreError> {
        let pk = keys::conversation_pk(business, conversation);
        let range = match before {
            Some(before) => Range::Between(keys::message_sk(0), keys::message_sk(before.saturating_sub(1))),
            None => Range::Prefix("MSG#".to_owned()),
        };
        let query = Query::table(Table::Messages, pk).range(range).descending(true).limit(limit);
        let mut messages = items::messages(self.query_first(query, limit).await?)?;
        messages.reverse();
        let next_before = messages.first().map(|first| first.seq).filter(|first| *first > 1);
        let next_before = next_before.filter(|_| messages.len() >= limit);
        Ok(MessagePage { messages, next_before })
    }

    /// The newest message that `shows` takes, as far back as somebody would look for it; strongly consistent.
    pub async fn newest_message(
        &self,
        business: &BusinessId,
        conversation: &ConversationId,
        shows: impl Fn(&Message) -> bool,
    ) -> Result<Option<Message>, StoreError> {
        let mut before = None;
        for _ in 0..LOOKED_THROUGH {
            let page = self.messages(business, conversation, before, PIECE).await?;
            if let Some(message) = page.messages.into_iter().rev().find(|message| shows(message)) {
                return Ok(Some(message));
            }
            before = page.next_before;
            if before.is_none() {
                break;
            }
        }
        Ok(None)
    }

    /// The messages after a `seq`, oldest first, at most `limit`; strongly consistent.
    pub async fn messages_after(
        &self,
        business: &BusinessId,
        conversation: &ConversationId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Message>, StoreError> {
        let query = after_seq(business, conversation, after).limit(limit);
        items::messages(self.query_first(query, limit).await?)
    }

    /// The message at a place; strongly consistent.
    pub async fn message_at(
        &self,
        business: &BusinessId,
        conversation: &ConversationId,
        seq: u64,
    ) -> Result<Option<Message>, StoreError> {
        let item = self.get(Table::Messages, &keys::message(business, conversation, seq)).await?;
        item.map(|item| Ok(items::message(item)?.1)).transpose()
    }

    /// The messages at these places, in no order; strongly consistent.
    pub async fn messages_at(
        &self,
        business: &BusinessId,
        places: &[(ConversationId, u64)],
    ) -> Result<Vec<Message>, StoreError> {
        let keys = places.iter().map(|(conversation, seq)| keys::message(business, conversation, *seq));
        let items = self.get_many(Table::Messages, &keys.collect::<Vec<_>>()).await?;
        items::messages(items)
    }

    /// The first place of a timeline of so many that is of `at` or later, where places follow time; none where all are
    /// earlier. A few rounds, each of a BatchGet.
    pub async fn place_at(
        &self,
        business: &BusinessId,
        conversation: &ConversationId,
        newest: u64,
        at: Timestamp,
    ) -> Result<Option<u64>, StoreError> {
        let (mut low, mut high) = (1, newest + 1);
        while low < high {
            let probes: BTreeSet<u64> = (0..PROBES).map(|n| low + (high - low) * n / PROBES).collect();
            let places: Vec<_> = probes.iter().map(|seq| (conversation.clone(), *seq)).collect();
            let mut found = self.messages_at(business, &places).await?;
            found.sort_by_key(|message| message.seq);
            if found.is_empty() {
                return Ok(None);
            }
            for message in found {
                if message.created_at >= at {
                    high = message.seq;
                    break;
                }
                low = message.seq + 1;
            }
        }
        Ok(Some(low).filter(|place| *place <= newest))
    }

    /// Where the message with this id stands. What came in has no pointer: its id tells when it came, and it stands near.
    pub async fn place_of(
        &self,
        business: &BusinessId,
        conversation: &ConversationId,
        newest: u64,
        id: &MessageId,
    ) -> Result<Option<u64>, StoreError> {
        if let Some(pointer) = self.message_pointer(business, id).await? {
            return Ok(Some(pointer.seq).filter(|_| pointer.conversation == *conversation));
        }
        let came = id.ulid().timestamp_ms();
        let came = Timestamp::from_millis(i64::try_from(came).unwrap_or(i64::MAX));
        let Some(mut place) = self.place_at(business, conversation, newest, came - NEAR).await? else {
            return Ok(None);
        };
        loop {
            let page = self.messages_after(business, conversation, place - 1, NEARBY).await?;
            if let Some(found) = page.iter().find(|message| message.id == *id) {
                return Ok(Some(found.seq));
            }
            match page.last() {
                Some(last) if page.len() == NEARBY && last.created_at <= came + NEAR => place = last.seq + 1,
                _ => return Ok(None),
            }
        }
    }

    /// Where the message with this id stands. Outbound messages and notes only.
    pub async fn message_pointer(
        &self,
        business: &BusinessId,
        id: &MessageId,
    ) -> Result<Option<MessagePointer>, StoreError> {
        let item = self.get(Table::Messages, &keys::message_pointer(business, id)).await?;
        item.map(|item| MessagePointer::from_item(id.clone(), item)).transpose()
    }

    /// The message with this id, through its pointer. Outbound messages only.
    pub async fn message_by_id(
        &self,
        business: &BusinessId,
        id: &MessageId,
    ) -> Result<Option<Message>, StoreError> {
        let Some(pointer) = self.message_pointer(business, id).await? else { return Ok(None) };
        self.message_at(business, &pointer.conversation, pointer.seq).await
    }

    /// Where the message with this provider's id stands, once a message owns it.
    pub async fn sid_pointer(
        &self,
        business: &BusinessId,
        sid: &str,
    ) -> Result<Option<(ConversationId, u64)>, StoreError> {
        let item = self.get(Table::Messages, &keys::sid_pointer(business, sid)).await?;
        let place: Option<PlaceItem> = item.map(|item| items::from_item("SID pointer", item)).transpose()?;
        Ok(place.map(|place| (place.conversation, place.seq)))
    }
}

/// The timeline after a place, oldest first.
pub(crate) fn after_seq(business: &BusinessId, conversation: &ConversationId, after: u64) -> Query {
    let pk = keys::conversation_pk(business, conversation);
    // `MSG~` sorts after every place.
    let range = Range::Between(keys::message_sk(after.saturating_add(1)), "MSG~".to_owned());
    Query::table(Table::Messages, pk).range(range)
}
