//! What `send` and the composer ask of the timeline (PROTOCOLS §2, §5).

use std::collections::{BTreeSet, HashMap};

use porchlight_domain::delivery::{Delivery, Status};
use porchlight_domain::id::{BusinessId, ConversationId};
use porchlight_domain::message::{Direction, Message, MessageKind};
use porchlight_domain::time::Timestamp;

use crate::error::StoreError;
use crate::items;
use crate::keys::{self, Key};
use crate::messages::after_seq;
use crate::query::{DUE, Query, Range};
use crate::store::Store;
use crate::table::{Expression, Item, Table, key_of, text_of};

/// How far back the order of a thread is kept: a message waits for unsent ones among so many before it.
const ORDER_WINDOW: u64 = 200;

/// Of a conversation with much that is due, so many messages are given with a page.
const FIRST_OF_A_CONVERSATION: usize = 8;

impl Store {
    /// Outbound messages before a `seq` that hold the later ones, newest first; strongly consistent, over
    /// the 200 places before it.
    pub async fn earlier_holding(
        &self,
        business: &BusinessId,
        conversation: &ConversationId,
        seq: u64,
    ) -> Result<Vec<Message>, StoreError> {
        if seq <= 1 {
            return Ok(Vec::new());
        }
        let first = keys::message_sk(seq.saturating_sub(ORDER_WINDOW));
        let range = Range::Between(first, keys::message_sk(seq - 1));
        let query = Query::table(Table::Messages, keys::conversation_pk(business, conversation))
            .range(range)
            .descending(true)
            .filter(in_states(&[Status::Queued, Status::Sending]));
        let mut messages = items::messages(self.query_all(query).await?)?;
        messages.retain(|message| message.delivery().is_some_and(Delivery::holds_later));
        Ok(messages)
    }

    /// The first queued message of the thread after a `seq`; strongly consistent.
    pub async fn next_queued(
        &self,
        business: &BusinessId,
        conversation: &ConversationId,
        after: u64,
    ) -> Result<Option<Message>, StoreError> {
        let query = after_seq(business, conversation, after).filter(in_states(&[Status::Queued]));
        Ok(items::messages(self.query_first(query, 1).await?)?.pop())
    }

    /// What staff wrote to the customer after a `seq`, oldest first; strongly consistent.
    pub async fn replies_after(
        &self,
        business: &BusinessId,
        conversation: &ConversationId,
        after: u64,
    ) -> Result<Vec<Message>, StoreError> {
        let staff = Expression::new("#kind = :kind")
            .name("#kind", "kind")
            .value(":kind", serde_dynamo::to_attribute_value(MessageKind::Staff).expect("a word"));
        let query = after_seq(business, conversation, after).filter(staff);
        items::messages(self.query_all(query).await?)
    }

    /// Messages of one shard (`0..`[`SHARDS`](crate::keys::SHARDS)) whose *due* has passed, of all businesses,
    /// longest due first: a page of at most `limit` rows of the index, of each conversation the first few. Found
    /// by the index, read consistently. Many that wait for an earlier one are walked over and take little room;
    /// the earlier one, whose own *due* may be later, is for the caller to look up.
    pub async fn due_messages(
        &self,
        shard: u8,
        now: Timestamp,
        limit: usize,
        from: Option<DuePlace>,
    ) -> Result<DuePage<(BusinessId, Message)>, StoreError> {
        let rows = self.due_rows(Table::Messages, shard, now, limit, from).await?;
        let items = self.get_many(Table::Messages, &first_of_each(rows.found)).await?;
        Ok(DuePage { found: readable(still_due(items, now), items::message), next: rows.next })
    }

    /// The keys of a page of a shard of a *due* index, longest due first.
    pub(crate) async fn due_rows(
        &self,
        table: Table,
        shard: u8,
        now: Timestamp,
        limit: usize,
        from: Option<DuePlace>,
    ) -> Result<DuePage<Key>, StoreError> {
        self.due_rows_of(table, keys::due_shard_named(shard), now, limit, from).await
    }

    /// The same of a partition of the index.
    pub(crate) async fn due_rows_of(
        &self,
        table: Table,
        partition: String,
        now: Timestamp,
        limit: usize,
        from: Option<DuePlace>,
    ) -> Result<DuePage<Key>, StoreError> {
        let query = Query::index(table, DUE, partition).range(Range::UpTo(now.to_string()));
        let found = self.query(query.limit(limit).from(from.map(|place| place.0))).await?;
        let next = found.next.map(DuePlace);
        Ok(DuePage { found: found.items.iter().filter_map(key_of).collect(), next })
    }
}

/// Some of what is due in a shard.
pub struct DuePage<T> {
    /// Longest due first.
    pub found: Vec<T>,
    /// Where it goes on, if it does.
    pub next: Option<DuePlace>,
}

/// Where the walk over a shard goes on.
pub struct DuePlace(Item);

/// The first messages of each conversation.
fn first_of_each(due: Vec<Key>) -> Vec<Key> {
    let mut places: HashMap<String, BTreeSet<String>> = HashMap::new();
    for Key { pk, sk } in due {
        places.entry(pk).or_default().insert(sk);
    }
    let first = |(pk, places): (String, BTreeSet<String>)| {
        places.into_iter().take(FIRST_OF_A_CONVERSATION).map(move |sk| Key { pk: pk.clone(), sk })
    };
    places.into_iter().flat_map(first).collect()
}

/// Those that the table, too, says are due, longest due first.
pub(crate) fn still_due(mut items: Vec<Item>, now: Timestamp) -> Vec<Item> {
    let until = now.to_string();
    let due = |item: &Item| text_of(item, "due_at").map(str::to_owned);
    items.retain(|item| due(item).is_some_and(|at| at <= until));
    items.sort_by_cached_key(due);
    items
}

/// Reads items that do not belong together; one that cannot be read holds up no others.
pub(crate) fn readable<T>(items: Vec<Item>, read: impl Fn(Item) -> Result<T, StoreError>) -> Vec<T> {
    let keep = |item: Item| {
        let key = key_of(&item);
        let unread = |error: &StoreError| {
            tracing::error!(error = error as &(dyn std::error::Error + 'static), ?key, "an item is left out");
        };
        read(item).inspect_err(unread).ok()
    };
    items.into_iter().filter_map(keep).collect()
}

/// Outbound, and in one of these states.
fn in_states(states: &[Status]) -> Expression {
    let names: Vec<String> = (0..states.len()).map(|place| format!(":state{place}")).collect();
    let filter = Expression::new(format!("#direction = :out AND #status IN ({})", names.join(", ")))
        .name("#direction", "direction")
        .name("#status", "status")
        .value(":out", serde_dynamo::to_attribute_value(Direction::Out).expect("a word"));
    let word = |state: &Status| serde_dynamo::to_attribute_value(state).expect("a word");
    states.iter().zip(names).fold(filter, |filter, (state, name)| filter.value(&name, word(state)))
}
