//! Loading: what many commits would write, in batches, for a store that nobody else writes to yet.

use std::collections::HashMap;

use crate::commit::Commit;
use crate::error::StoreError;
use crate::store::Store;
use crate::table::{Item, Table};

/// The directory first: who follows the streams finds customers when it meets their conversations.
const TABLES: [Table; 6] =
    [Table::Directory, Table::Conversations, Table::Messages, Table::Events, Table::Derived, Table::Vault];

impl Store {
    /// Writes the puts of all commits in batches of 25, without their conditions and not as transactions:
    /// only for seeding. A commit that updates or deletes is refused, as batches cannot.
    pub async fn load(&self, commits: Vec<Commit<'_>>) -> Result<(), StoreError> {
        let mut by_table: HashMap<String, Vec<Item>> = HashMap::new();
        for put in commits.into_iter().flat_map(Commit::into_puts) {
            let (table, item) = put.ok_or_else(|| StoreError::Refused {
                operation: "BatchWriteItem",
                source: "a batch can only put".into(),
            })?;
            by_table.entry(table).or_default().push(item);
        }
        for table in TABLES {
            let puts = by_table.remove(self.tables.name(table)).unwrap_or_default();
            self.write_many(table, puts, &[]).await?;
        }
        Ok(())
    }
}
