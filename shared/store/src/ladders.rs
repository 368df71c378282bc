//! Push ladders: one of a conversation, beside its timeline. It stays when it is over, so that a record of its message
//! that comes again begins none.

use porchlight_domain::id::{BusinessId, ConversationId};
use porchlight_domain::push::Ladder;
use porchlight_domain::time::Timestamp;

use crate::commit::{Commit, Conflict, Part, unchanged_since};
use crate::error::StoreError;
use crate::items;
use crate::keys;
use crate::outbound::{DuePage, DuePlace, readable, still_due};
use crate::records::conversation_of;
use crate::store::Store;
use crate::table::{Expression, Item, Outcome, Table, key_of, text};

impl Commit<'_> {
    /// A ladder as it now is, if nobody else has climbed it since it was read (`version` 0: there was none).
    pub fn ladder(self, conversation: &ConversationId, ladder: &mut Ladder) -> Self {
        let (item, unchanged) = next_item(self.business(), conversation, ladder);
        self.put(Part::Ladder, Table::Messages, item, unchanged)
    }
}

impl Store {
    /// The same where nothing else follows from it: it begins, or is over.
    pub async fn put_ladder(
        &self,
        business: &BusinessId,
        conversation: &ConversationId,
        mut ladder: Ladder,
    ) -> Result<(), StoreError> {
        let (item, unchanged) = next_item(business, conversation, &mut ladder);
        match self.put_if(Table::Messages, item, &unchanged).await? {
            Outcome::Done(_) => Ok(()),
            Outcome::Refused(_) => Err(StoreError::Conflict(Conflict { parts: vec![Part::Ladder] })),
        }
    }

    /// The last ladder of a conversation; strongly consistent.
    pub async fn ladder(
        &self,
        business: &BusinessId,
        conversation: &ConversationId,
    ) -> Result<Option<Ladder>, StoreError> {
        let item = self.get(Table::Messages, &keys::ladder(business, conversation)).await?;
        item.map(|item| items::from_item("ladder", item)).transpose()
    }

    /// The conversations of one shard whose ladder is to be climbed. Found by the index, read consistently.
    pub async fn due_ladders(
        &self,
        shard: u8,
        now: Timestamp,
        limit: usize,
        from: Option<DuePlace>,
    ) -> Result<DuePage<(BusinessId, ConversationId)>, StoreError> {
        let partition = keys::ladder_shard_named(shard);
        let rows = self.due_rows_of(Table::Messages, partition, now, limit, from).await?;
        let found = self.get_each(Table::Messages, &rows.found).await?;
        Ok(DuePage { found: readable(still_due(found, now), |item| place(&item)), next: rows.next })
    }
}

/// The next version of it, and that the table still holds the one that was read.
fn next_item(
    business: &BusinessId,
    conversation: &ConversationId,
    ladder: &mut Ladder,
) -> (Item, Expression) {
    let unchanged = unchanged_since(ladder.version);
    ladder.version += 1;
    let key = keys::ladder(business, conversation);
    let mut item = items::to_item(&key, ladder);
    if let Some(next) = ladder.next {
        item.insert("due_shard".to_owned(), text(keys::ladder_shard(&key.pk)));
        item.insert("due_at".to_owned(), text(next.at));
    }
    (item, unchanged)
}

fn place(item: &Item) -> Result<(BusinessId, ConversationId), StoreError> {
    let key = key_of(item).and_then(|key| conversation_of(&key.pk));
    key.ok_or_else(|| items::no_key("ladder"))
}
