//! How a business dictates.

use porchlight_domain::dictation::Dictation;
use porchlight_domain::id::BusinessId;

use crate::error::StoreError;
use crate::items;
use crate::keys;
use crate::store::Store;
use crate::table::Table;

impl Store {
    /// As the business has said, else as usual; strongly consistent.
    pub async fn dictation(&self, business: &BusinessId) -> Result<Dictation, StoreError> {
        Ok(self.read(&keys::dictation(business), "dictation").await?.unwrap_or_default())
    }

    /// Puts it; the last one wins.
    pub async fn put_dictation(&self, business: &BusinessId, said: &Dictation) -> Result<(), StoreError> {
        self.put(Table::Directory, items::to_item(&keys::dictation(business), said)).await
    }
}
