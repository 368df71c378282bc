//! Commands over many conversations: how far each is, and the pages of its snapshot. What was done with a row, and what
//! the row was before, lies with the row's own command ([`vault`](crate::vault)).
//!
//! All of it lies in the partition of one command and ends with it: whoever gave it works it off, one page at a time,
//! and meets nobody there (P12).

use std::collections::HashMap;

use porchlight_domain::bulk::{Bulk, Row};
use porchlight_domain::id::{BusinessId, CommandId, ConversationId};
use porchlight_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::commit::{Commit, Part, unchanged_since};
use crate::error::StoreError;
use crate::items;
use crate::keys::{self, Key};
use crate::lists::{ListCursor, ListQuery};
use crate::receipts::lives;
use crate::store::Store;
use crate::table::{Expression, Item, Table, number};
use crate::vault::CommandRecord;

#[derive(Serialize, Deserialize)]
struct PageItem {
    rows: Vec<ConversationId>,
    /// Of each row: two lists are smaller than one of pairs.
    said: Vec<u64>,
}

/// Where the laying of a snapshot goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Place {
    /// In the list of the office.
    List(ListCursor),
    /// After one of a technician's own.
    Own {
        /// Which of them are laid.
        of: ListQuery,
        /// The one that was laid last.
        last: ConversationId,
    },
}

impl Place {
    /// As a bulk command keeps it.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).expect("a place is plain data")
    }

    /// What was kept.
    ///
    /// # Errors
    /// When it is no such text.
    pub fn of_text(text: &str) -> Result<Self, StoreError> {
        serde_json::from_str(text)
            .map_err(|error| StoreError::Unreadable { kind: "place of a bulk command", source: error.into() })
    }
}

fn ending(mut item: Item, ends_at: Timestamp) -> Item {
    item.insert("expires_at".to_owned(), number(ends_at.seconds()));
    item
}

impl Commit<'_> {
    /// A bulk command as it now is, if nobody else went on with it since it was read.
    pub fn bulk(self, bulk: &mut Bulk) -> Self {
        let unchanged = unchanged_since(bulk.version);
        bulk.version += 1;
        let item = items::to_item(&keys::bulk(self.business(), &bulk.id), bulk);
        self.put(Part::Other, Table::Vault, ending(item, bulk.ends_at()), unchanged)
    }

    /// A page of its snapshot; with the command, whose condition it shares.
    pub fn bulk_page(self, bulk: &Bulk, page: u32, rows: Vec<Row>) -> Self {
        let (rows, said) = rows.into_iter().map(|row| (row.conversation, row.said)).unzip();
        let item =
            items::to_item(&keys::bulk_page(self.business(), &bulk.id, page), &PageItem { rows, said });
        self.put(Part::Other, Table::Vault, ending(item, bulk.ends_at()), Expression::default())
    }
}

impl Store {
    /// A bulk command, until it ends; strongly consistent.
    pub async fn bulk(
        &self,
        business: &BusinessId,
        id: &CommandId,
        now: Timestamp,
    ) -> Result<Option<Bulk>, StoreError> {
        self.living(&keys::bulk(business, id), "bulk command", now).await
    }

    /// The rows of a page, in their order; none once the command has ended.
    pub async fn bulk_page(
        &self,
        business: &BusinessId,
        id: &CommandId,
        page: u32,
        now: Timestamp,
    ) -> Result<Vec<Row>, StoreError> {
        let page: Option<PageItem> =
            self.living(&keys::bulk_page(business, id, page), "bulk page", now).await?;
        let Some(PageItem { rows, said }) = page else { return Ok(Vec::new()) };
        Ok(rows.into_iter().zip(said).map(|(conversation, said)| Row { conversation, said }).collect())
    }

    /// Those of these commands that were carried out; strongly consistent.
    pub async fn commands(
        &self,
        business: &BusinessId,
        ids: &[CommandId],
    ) -> Result<HashMap<CommandId, CommandRecord>, StoreError> {
        let keys: Vec<Key> = ids.iter().map(|id| keys::command(business, id)).collect();
        let found = self.get_many(Table::Vault, &keys).await?.into_iter();
        let records = found.map(|item| CommandRecord::from_item(business, item));
        records.map(|record| record.map(|record| (record.id.clone(), record))).collect()
    }

    async fn living<T: serde::de::DeserializeOwned>(
        &self,
        key: &Key,
        kind: &'static str,
        now: Timestamp,
    ) -> Result<Option<T>, StoreError> {
        let item = self.get(Table::Vault, key).await?.filter(|item| lives(item, now));
        item.map(|item| items::from_item(kind, item)).transpose()
    }
}
