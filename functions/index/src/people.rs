//! Somebody came, left, or became something else: everybody of the office has an unread count of their own
//! in every conversation's contribution.

use std::collections::BTreeSet;

use porchlight_domain::conversation::Filter;
use porchlight_domain::id::{BusinessId, ConversationId, StaffId};
use porchlight_store::StoreError;
use porchlight_store::derived::DerivedItem;
use porchlight_store::keys::Key;
use porchlight_store::lists::{Assigned, ListQuery, Sort};

use crate::Index;

/// Conversations of one page of the walk.
const PAGE: usize = 100;

impl Index {
    /// Counts for the office as it now is, if it changed. The conversations whose members may have changed.
    pub(crate) async fn person_changed(
        &self,
        business: &BusinessId,
        staff: &StaffId,
    ) -> Result<BTreeSet<ConversationId>, StoreError> {
        let office = office_text(&self.office(business).await?);
        let known = self.store.get_derived(&[office_key(business)]).await?;
        let known = known.first().and_then(|item| item.fields.get("office"));
        if known != Some(&office) {
            self.derive_all(business).await?;
            self.remember_office(business, office).await?;
        }
        self.conversations_near(business, staff).await
    }

    /// Notes for whom everything is counted.
    pub(crate) async fn remember_office(
        &self,
        business: &BusinessId,
        office: String,
    ) -> Result<(), StoreError> {
        let Key { pk, sk } = office_key(business);
        self.store.put_derived(vec![DerivedItem::bare(pk, sk).with("office", office)]).await
    }

    /// Every conversation that counts. One that the index does not show yet was just written, and its own
    /// record follows.
    async fn derive_all(&self, business: &BusinessId) -> Result<(), StoreError> {
        let query = ListQuery {
            business: business.clone(),
            filter: Filter::All,
            sort: Sort::Recent,
            assigned: Assigned::Anyone,
        };
        let mut cursor = None;
        loop {
            let page = self.store.list(&query, cursor.as_ref(), PAGE).await?;
            self.derive_these(business, page.conversations).await?;
            cursor = page.next;
            if cursor.is_none() {
                return Ok(());
            }
        }
    }
}

fn office_key(business: &BusinessId) -> Key {
    Key { pk: format!("{business}#OFFICE"), sk: "META".to_owned() }
}

/// The people of the office as one text, equal exactly when they are.
pub(crate) fn office_text(office: &BTreeSet<StaffId>) -> String {
    office.iter().map(StaffId::as_str).collect::<Vec<_>>().join(" ")
}
