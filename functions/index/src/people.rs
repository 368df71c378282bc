//! Somebody came, left, or became something else: everybody of the office has an unread count of their own
//! in every conversation's contribution. A walk over all of them begins at once and may go on for minutes.

use std::collections::BTreeSet;
use std::time::Duration;

use porchlight_domain::conversation::Filter;
use porchlight_domain::id::{BusinessId, ConversationId, StaffId};
use porchlight_edge::BoxError;
use porchlight_store::StoreError;
use porchlight_store::derived::DerivedItem;
use porchlight_store::keys::Key;
use porchlight_store::lists::{Assigned, ListQuery, Sort};
use porchlight_store::walks::Walk;
use tokio::time::Instant;

use crate::Index;

/// Conversations of one page of the walk.
const PAGE: usize = 100;
/// A walk that takes longer is left to the minute: other changes wait behind this one.
const AT_ONCE_FOR: Duration = Duration::from_secs(5);
/// With the longest that a page takes, the invocation ends before its 60 s are over.
const GOES_ON_FOR: Duration = Duration::from_secs(40);

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
            let walk = Walk { business: business.clone(), id: self.desk.new_name(), from: None };
            self.store.put_walk(&walk).await?;
            self.remember_office(business, office).await?;
            self.walk_on(walk, Instant::now() + AT_ONCE_FOR).await?;
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

    /// Every minute: walks that were left go on while time lasts.
    pub(crate) async fn recount(self) -> Result<(), BoxError> {
        let ends = Instant::now() + GOES_ON_FOR;
        let mut walks = self.store.walks().await?;
        while let Some(walk) = walks.pop() {
            // An earlier one of the same business counts for an office that has changed since.
            while let Some(earlier) = walks.pop_if(|other| other.business == walk.business) {
                self.store.end_walk(&earlier).await?;
            }
            self.walk_on(walk, ends).await?;
        }
        Ok(())
    }

    /// Derives every conversation that counts, page by page until `ends`; the place is left after each. One that
    /// the index does not show yet was just written, and its own record follows.
    async fn walk_on(&self, mut walk: Walk, ends: Instant) -> Result<(), StoreError> {
        let query = ListQuery {
            business: walk.business.clone(),
            filter: Filter::All,
            sort: Sort::Recent,
            assigned: Assigned::Anyone,
        };
        while Instant::now() < ends {
            let page = self.store.list(&query, walk.from.as_ref(), PAGE).await?;
            self.derive_these(&walk.business, page.conversations).await?;
            walk.from = page.next;
            if walk.from.is_none() {
                return self.store.end_walk(&walk).await;
            }
            self.store.put_walk(&walk).await?;
        }
        Ok(())
    }
}

fn office_key(business: &BusinessId) -> Key {
    Key { pk: format!("{business}#OFFICE"), sk: "META".to_owned() }
}

/// The people of the office as one text, equal exactly when they are.
pub(crate) fn office_text(office: &BTreeSet<StaffId>) -> String {
    office.iter().map(StaffId::as_str).collect::<Vec<_>>().join(" ")
}
