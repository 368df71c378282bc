//! Everything derived, once more from nothing (P10).

use porchlight_domain::id::BusinessId;
use porchlight_edge::{BoxError, Platform};

use crate::Index;
use crate::people::office_text;

/// What a rebuild did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Conversations walked over.
    pub conversations: usize,
}

/// Customers that are taken up together.
const CUSTOMERS: usize = 200;

impl Index {
    async fn know_customers(&self, business: &BusinessId) -> Result<(), BoxError> {
        let mut after = None;
        loop {
            let (customers, next) = self.store.customers(business, after, CUSTOMERS).await?;
            for customer in customers {
                self.store.index_customer(business, &customer.id).await?;
            }
            after = next;
            if after.is_none() {
                return Ok(());
            }
        }
    }
}

/// Drops everything derived of a business and derives it again. Nothing else may follow the streams
/// meanwhile. It walks over whole tables (`Scan`), which the function's own role may not.
pub async fn rebuild(platform: &Platform, business: &BusinessId) -> Result<Rebuilt, BoxError> {
    let index = Index::new(platform.clone())?;
    index.store.drop_derived(business).await?;
    let office = office_text(&index.office(business).await?);
    index.remember_office(business, office).await?;
    index.know_customers(business).await?;
    let (mut rebuilt, mut cursor) = (Rebuilt::default(), None);
    loop {
        let (conversations, next) = index.store.scan_conversations(business, cursor).await?;
        rebuilt.conversations += conversations.len();
        index.derive_these(business, conversations).await?;
        cursor = next;
        if cursor.is_none() {
            return Ok(rebuilt);
        }
    }
}
