//! Loading: what many commits would write, for a store that nobody else writes to yet.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use porchlight_domain::contribution::{Change, Contribution};
use porchlight_domain::conversation::Conversation;
use porchlight_domain::customer::{ContactLink, Customer};
use porchlight_domain::id::BusinessId;
use porchlight_domain::message::Message;

use crate::commit::Commit;
use crate::counters::{Applied, applied_item, shard_item};
use crate::derived::DerivedItem;
use crate::error::StoreError;
use crate::keys;
use crate::people;
use crate::search::Laying;
use crate::store::Store;
use crate::table::{Item, Table};

/// The directory first: who follows the streams finds customers when it meets their conversations.
const TABLES: [Table; 6] =
    [Table::Directory, Table::Conversations, Table::Messages, Table::Events, Table::Derived, Table::Vault];

/// Items of one table, by its name.
pub type Load = (String, Vec<HashMap<String, AttributeValue>>);

impl Store {
    /// What all these commits would put, table by table, without their conditions: only for seeding. A commit that
    /// updates or deletes is refused.
    pub fn loads(&self, commits: Vec<Commit<'_>>) -> Result<Vec<Load>, StoreError> {
        let puts = self.puts(commits)?.into_iter();
        Ok(puts.map(|(table, items)| (self.tables.name(table).to_owned(), items)).collect())
    }

    /// Writes the same in batches of 25, not as transactions.
    pub async fn load(&self, commits: Vec<Commit<'_>>) -> Result<(), StoreError> {
        for (table, items) in self.puts(commits)? {
            self.write_many(table, items, &[]).await?;
        }
        Ok(())
    }

    fn puts(&self, commits: Vec<Commit<'_>>) -> Result<Vec<(Table, Vec<Item>)>, StoreError> {
        let mut by_table: HashMap<String, Vec<Item>> = HashMap::new();
        for put in commits.into_iter().flat_map(Commit::into_puts) {
            let (table, item) = put.ok_or_else(|| StoreError::Refused {
                operation: "BatchWriteItem",
                source: "a batch can only put".into(),
            })?;
            by_table.entry(table).or_default().push(item);
        }
        let items = |table: Table| Some((table, by_table.remove(self.tables.name(table))?));
        Ok(TABLES.into_iter().filter_map(items).collect())
    }
}

/// What is derived of a business while it is loaded, whole threads one after the other: the same as `index` would come
/// to, without a look at what is there.
pub struct Fresh {
    store: Store,
    business: BusinessId,
    laying: Laying,
    counters: BTreeMap<u8, Change>,
}

impl Fresh {
    /// Of a business of which nothing is derived yet.
    pub fn new(store: Store, business: BusinessId) -> Self {
        Self { store, business, laying: Laying::default(), counters: BTreeMap::new() }
    }

    /// What is derived of one thread.
    pub fn lay(
        &mut self,
        conversation: &Conversation,
        messages: &[Message],
        contribution: Contribution,
    ) -> Load {
        let (mut items, indexed) = self.laying.lay(conversation, messages);
        let shard = self.counters.entry(keys::counter_shard_of(&conversation.id)).or_default();
        shard.add(&Change::between(&Contribution::default(), &contribution));
        let applied = Applied { contribution, indexed: indexed.to_text() };
        items.push(applied_item(&self.business, &conversation.id, &applied));
        (self.table(), items)
    }

    /// What a customer is found by.
    pub fn know(&self, customer: &Customer, links: &[ContactLink]) -> Load {
        let items = people::fresh(&self.business, customer, links);
        (self.table(), items.into_iter().map(DerivedItem::into_item).collect())
    }

    /// What threads share, when all are laid: sums, postings, and the sets of those who are called alike.
    pub fn end(self) -> Load {
        let shards = self.counters.iter().filter(|(_, sum)| !sum.is_nothing());
        let shards = shards.map(|(shard, sum)| shard_item(&self.business, *shard, sum));
        (self.table(), shards.chain(self.laying.end(&self.business)).collect())
    }

    fn table(&self) -> String {
        self.store.tables.name(Table::Derived).to_owned()
    }
}
