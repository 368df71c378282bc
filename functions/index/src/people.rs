//! Somebody came, left, or became something else: everybody of the office has an unread count of their own
//! in every conversation's contribution. A walk over all of them begins at once and may go on for minutes.

use std::collections::BTreeSet;
use std::time::Duration;

use futures::StreamExt as _;
use porchlight_domain::conversation::{Conversation, Filter};
use porchlight_domain::id::{BusinessId, ConversationId, StaffId};
use porchlight_edge::BoxError;
use porchlight_store::StoreError;
use porchlight_store::derived::DerivedItem;
use porchlight_store::keys::{self, Key};
use porchlight_store::lists::{Assigned, ListQuery, Sort, Threads};
use porchlight_store::walks::Walk;
use tokio::time::Instant;

use crate::batch::log;
use crate::{AT_ONCE, Index};

/// Conversations of one page of the walk.
const PAGE: usize = 100;
/// A walk that takes longer is left to the minute: other changes wait behind this one.
const AT_ONCE_FOR: Duration = Duration::from_secs(5);
/// Of an invocation's 60 s; one that is cut off has left its place after the page before.
const GOES_ON_FOR: Duration = Duration::from_secs(40);

impl Index {
    /// Counts for the office as it now is, if it changed. The conversations whose members may have changed.
    pub(crate) async fn person_changed(
        &self,
        business: &BusinessId,
        staff: &StaffId,
    ) -> Result<BTreeSet<ConversationId>, StoreError> {
        let office = office_text(&self.office(business).await?);
        let known = self.store.get_derived(&[keys::office(business)]).await?;
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
        let Key { pk, sk } = keys::office(business);
        self.store.put_derived(vec![DerivedItem::bare(pk, sk).with("office", office)]).await
    }

    /// Every minute: walks that were left go on while time lasts, each with its share. One that fails holds up no
    /// other.
    pub(crate) async fn recount(self) -> Result<(), BoxError> {
        let ends = Instant::now() + GOES_ON_FOR;
        let mut walks = self.store.walks().await?;
        let mut failed = 0;
        while let Some(walk) = walks.pop() {
            // An earlier one of the same business counts for an office that has changed since.
            while let Some(earlier) = walks.pop_if(|other| other.business == walk.business) {
                self.store.end_walk(&earlier).await?;
            }
            let others = u32::try_from(walks.len()).unwrap_or(u32::MAX);
            let share = ends.saturating_duration_since(Instant::now()) / others.saturating_add(1);
            if let Err(error) = self.walk_on(walk, Instant::now() + share).await {
                log(&error, "a walk over all conversations waits");
                failed += 1;
            }
        }
        if failed > 0 { Err(format!("{failed} walks could not go on").into()) } else { Ok(()) }
    }

    /// Derives every conversation that counts, page by page until `ends`; the place is left after each. One that
    /// the index does not show yet was just written, and its own record follows.
    async fn walk_on(&self, mut walk: Walk, ends: Instant) -> Result<(), StoreError> {
        let query = ListQuery {
            business: walk.business.clone(),
            filter: Filter::All,
            sort: Sort::Recent,
            assigned: Assigned::Anyone,
            threads: Threads::All,
        };
        while Instant::now() < ends {
            let page = match self.store.list(&query, walk.from.as_ref(), PAGE).await {
                // Its place was left by another version of this: what is walked over twice is as it was.
                Err(StoreError::ForeignCursor) => self.store.list(&query, None, PAGE).await?,
                page => page?,
            };
            self.derive_page(&walk.business, page.conversations).await?;
            walk.from = page.next;
            if walk.from.is_none() {
                return self.store.end_walk(&walk).await;
            }
            self.store.put_walk(&walk).await?;
        }
        Ok(())
    }

    /// Derives these; one that can never be derived as it is holds up no others.
    async fn derive_page(
        &self,
        business: &BusinessId,
        conversations: Vec<Conversation>,
    ) -> Result<(), StoreError> {
        let derived = conversations.into_iter().map(|it| async move {
            // Whoever came to the office joins what it shares with crews and colleagues.
            if it.party.is_internal() {
                self.refresh(business, &it.id, &BTreeSet::new()).await?;
            }
            self.derive(business, &it.id).await
        });
        let mut derived = futures::stream::iter(derived).buffer_unordered(AT_ONCE);
        let mut passing = None;
        while let Some(done) = derived.next().await {
            match done {
                Err(error) if error.is_worth_rereading() => passing = Some(error),
                Err(error) => log(&error, "a conversation cannot be counted"),
                Ok(()) => {}
            }
        }
        passing.map_or(Ok(()), Err)
    }
}

/// The people of the office as one text, equal exactly when they are.
pub(crate) fn office_text(office: &BTreeSet<StaffId>) -> String {
    office.iter().map(StaffId::as_str).collect::<Vec<_>>().join(" ")
}
