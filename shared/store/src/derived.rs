//! The room for whatever can be rebuilt: primitives on which `search` lays its index. The keys are its own;
//! each partition key begins with the business.

use std::collections::{BTreeMap, HashSet};

use porchlight_domain::id::BusinessId;

use crate::error::StoreError;
use crate::keys::{self, Key};
use crate::store::Store;
use crate::table::{Expression, Item, Table, key_item, key_of, text};

/// An item of the derived table: a key, and a few texts.
#[derive(Clone, PartialEq, Eq)]
pub struct DerivedItem {
    /// Its key; `pk` begins with `{business}#`, but for walks.
    pub key: Key,
    /// What it says.
    pub fields: BTreeMap<String, String>,
}

porchlight_domain::debug_shows!(DerivedItem: key);

impl DerivedItem {
    /// An item that says nothing but its key.
    pub fn bare(pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self { key: Key::new(pk, sk), fields: BTreeMap::new() }
    }

    /// The same, saying one thing more.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.fields.insert(name.into(), value.into());
        self
    }

    pub(crate) fn into_item(self) -> Item {
        let mut item = key_item(&self.key);
        item.extend(self.fields.into_iter().map(|(name, value)| (name, text(value))));
        item
    }

    pub(crate) fn from_item(item: Item) -> Option<Self> {
        let key = key_of(&item)?;
        let fields = item.into_iter().filter(|(name, _)| name != "pk" && name != "sk");
        let fields = fields.filter_map(|(name, value)| Some((name, value.as_s().ok()?.clone())));
        Some(Self { key, fields: fields.collect() })
    }
}

impl Store {
    /// Puts all of them, in no order and not as one; repeating it changes nothing.
    pub async fn put_derived(&self, items: Vec<DerivedItem>) -> Result<(), StoreError> {
        let items = items.into_iter().map(DerivedItem::into_item).collect();
        self.write_many(Table::Derived, items, &[]).await
    }

    /// Deletes all of them, in no order and not as one.
    pub async fn delete_derived(&self, keys: &[Key]) -> Result<(), StoreError> {
        self.write_many(Table::Derived, Vec::new(), keys).await
    }

    /// Which of these keys there are; strongly consistent.
    pub async fn which_derived(&self, keys: &[Key]) -> Result<HashSet<Key>, StoreError> {
        let items = self.get_many(Table::Derived, keys).await?;
        Ok(items.iter().filter_map(key_of).collect())
    }

    /// These items, in no order; absent ones are left out. Strongly consistent.
    pub async fn get_derived(&self, keys: &[Key]) -> Result<Vec<DerivedItem>, StoreError> {
        let items = self.get_many(Table::Derived, keys).await?;
        Ok(items.into_iter().filter_map(DerivedItem::from_item).collect())
    }

    /// Deletes everything derived of a business, to be rebuilt from the facts. Nothing may be applying
    /// contributions meanwhile, or the counters would hold what no conversation contributed.
    pub async fn drop_derived(&self, business: &BusinessId) -> Result<(), StoreError> {
        let mut from = None;
        loop {
            let of_business =
                Expression::new("begins_with(pk, :prefix)").value(":prefix", text(keys::prefix_of(business)));
            let found = self.scan(Table::Derived, of_business, from).await?;
            let keys: Vec<Key> = found.items.iter().filter_map(key_of).collect();
            self.write_many(Table::Derived, Vec::new(), &keys).await?;
            from = found.next;
            if from.is_none() {
                return Ok(());
            }
        }
    }
}
