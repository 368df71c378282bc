//! Walks over all conversations of a business that one invocation may not finish: each page leaves its place, and
//! whoever finds it goes on from there.

use porchlight_domain::id::BusinessId;

use crate::derived::DerivedItem;
use crate::error::StoreError;
use crate::keys::{self, Key};
use crate::lists::ListCursor;
use crate::query::Query;
use crate::store::Store;
use crate::table::Table;

/// A walk that has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walk {
    /// Over whose conversations.
    pub business: BusinessId,
    /// Names it; a later one of the same business, whose name sorts higher, takes its place.
    pub id: String,
    /// Where it goes on; from the beginning without one.
    pub from: Option<ListCursor>,
}

impl Walk {
    fn key(&self) -> Key {
        keys::walk(&self.business, &self.id)
    }

    fn item(&self) -> DerivedItem {
        let from = serde_json::to_string(&self.from).expect("a cursor is plain data");
        let Key { pk, sk } = self.key();
        DerivedItem::bare(pk, sk).with("from", from)
    }

    fn from_item(item: &DerivedItem) -> Option<Self> {
        let (business, id) = item.key.sk.split_once('#')?;
        // A place that cannot be read is the beginning: what is walked over twice is as it was.
        let from = item.fields.get("from").and_then(|from| serde_json::from_str(from).ok()).flatten();
        Some(Self { business: business.parse().ok()?, id: id.to_owned(), from })
    }
}

impl Store {
    /// Begins a walk, or leaves its place.
    pub async fn put_walk(&self, walk: &Walk) -> Result<(), StoreError> {
        self.put_derived(vec![walk.item()]).await
    }

    /// It has ended.
    pub async fn end_walk(&self, walk: &Walk) -> Result<(), StoreError> {
        self.delete_derived(&[walk.key()]).await
    }

    /// All that have not ended, those of one business in the order of their beginning.
    pub async fn walks(&self) -> Result<Vec<Walk>, StoreError> {
        let items = self.query_all(Query::table(Table::Derived, keys::WALKS)).await?;
        Ok(items
            .into_iter()
            .filter_map(DerivedItem::from_item)
            .filter_map(|it| Walk::from_item(&it))
            .collect())
    }
}
