//! One conversation's counters and search (PROTOCOLS §4).

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt, TryStreamExt};
use porchlight_domain::contribution::Contribution;
use porchlight_domain::conversation::Conversation;
use porchlight_domain::id::{BusinessId, ConversationId, StaffId};
use porchlight_store::StoreError;
use porchlight_store::conversations::ConversationPartition;
use porchlight_store::counters::Applied;
use porchlight_store::search::Indexed;

use crate::{AT_ONCE, Index, PATIENCE};

impl Index {
    /// Makes what is derived from a conversation what it should be.
    pub(crate) async fn derive(&self, business: &BusinessId, id: &ConversationId) -> Result<(), StoreError> {
        // Boxed: one within the other, these make futures too large for a thread's stack.
        self.desk.rereading(PATIENCE, || Box::pin(self.derive_once(business, id))).await
    }

    async fn derive_once(&self, business: &BusinessId, id: &ConversationId) -> Result<(), StoreError> {
        // First of all: whatever is read afterwards is at least as new as what was applied.
        let applied = self.store.applied(business, id).await?;
        if applied.is_none() {
            // Nothing of it was derived yet: a new conversation has its members from its first moment.
            Box::pin(self.refresh(business, id, &BTreeSet::new())).await?;
        }
        let (office, partition) =
            futures::try_join!(self.office(business), self.store.conversation_partition(business, id))?;
        let Some(conversation) = &partition.conversation else { return Ok(()) };
        self.wait_for_snooze(conversation);
        let before = applied.as_ref().map(|applied| Indexed::from_text(&applied.indexed)).unwrap_or_default();
        let indexed = Box::pin(self.store.index_conversation(conversation, &before)).await?;
        let contribution = contribution(&partition, &office);
        let next = Applied { contribution, indexed: indexed.to_text() };
        self.store.apply_contribution(business, id, applied.as_ref(), &next).await
    }

    /// The same for many, several at a time.
    pub(crate) async fn derive_these(
        &self,
        business: &BusinessId,
        conversations: Vec<Conversation>,
    ) -> Result<(), StoreError> {
        let derived = conversations.into_iter().map(|it| async move { self.derive(business, &it.id).await });
        futures::stream::iter(derived).buffer_unordered(AT_ONCE).try_collect().await
    }

    /// Admins and office users who work there now.
    pub(crate) async fn office(&self, business: &BusinessId) -> Result<BTreeSet<StaffId>, StoreError> {
        let staff = self.store.staff_of(business).await?;
        let office =
            staff.into_iter().filter(|person| person.role.sees_everything() && person.disabled_at.is_none());
        Ok(office.map(|person| person.id).collect())
    }
}

fn contribution(partition: &ConversationPartition, office: &BTreeSet<StaffId>) -> Contribution {
    let Some(conversation) = &partition.conversation else { return Contribution::default() };
    let members = partition.members.iter().cloned().collect();
    let markers: BTreeMap<_, _> = partition.markers.clone().into_iter().collect();
    Contribution::of(conversation, office, &members, &markers)
}
