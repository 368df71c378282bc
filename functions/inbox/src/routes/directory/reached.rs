//! Which conversations and whose access a write to the directory reaches.

use std::collections::BTreeSet;

use futures::future::try_join_all;
use porchlight_domain::conversation::Conversation;
use porchlight_domain::customer::ContactLink;
use porchlight_domain::event::Happening;
use porchlight_domain::id::{BusinessId, CustomerId, JobId, StaffId};
use porchlight_domain::phone::ContactPoint;
use porchlight_store::{Commit, StoreError};

use crate::Inbox;

/// Parts that a transaction keeps for what is written after people are told of their access.
const KEPT: usize = 20;

impl Inbox {
    /// The conversations with all contact points that a customer uses now.
    pub async fn conversations_of(
        &self,
        business: &BusinessId,
        customer: &CustomerId,
    ) -> Result<Vec<Conversation>, StoreError> {
        let links = self.store.links_of_customer(business, customer).await?;
        let current = links.iter().filter(|link| link.is_current());
        let found =
            try_join_all(current.map(|link| self.store.conversations_with(business, &link.contact))).await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Who works on a job now.
    pub async fn crew_of(&self, business: &BusinessId, job: &JobId) -> Result<BTreeSet<StaffId>, StoreError> {
        let assignments = self.store.assignments_of_job(business, job).await?;
        Ok(assignments.into_iter().filter(|it| it.unassigned_at.is_none()).map(|it| it.staff).collect())
    }

    /// Who works on any job of a customer now.
    pub async fn crews_of(
        &self,
        business: &BusinessId,
        customer: &CustomerId,
    ) -> Result<BTreeSet<StaffId>, StoreError> {
        let jobs = self.store.jobs_of_customer(business, customer).await?;
        let crews = try_join_all(jobs.iter().map(|job| self.crew_of(business, &job.id))).await?;
        Ok(crews.into_iter().flatten().collect())
    }

    /// The link of a customer to a contact point, a former one too.
    pub async fn link_between(
        &self,
        business: &BusinessId,
        customer: &CustomerId,
        contact: &ContactPoint,
    ) -> Result<Option<ContactLink>, StoreError> {
        let facts = self.store.contact_facts(business, contact).await?;
        Ok(facts.links.into_iter().find(|link| link.customer == *customer))
    }

    /// Tells the live feed that the access of these people to these conversations may have changed; as many as
    /// there is room for. A stream that is not told asks again by itself.
    pub fn access_changed<'s>(
        &self,
        commit: Commit<'s>,
        conversations: &[Conversation],
        staff: &BTreeSet<StaffId>,
    ) -> Commit<'s> {
        let pairs =
            conversations.iter().flat_map(|conversation| staff.iter().map(move |it| (conversation, it)));
        let room = commit.room().saturating_sub(KEPT);
        pairs.take(room).fold(commit, |commit, (conversation, staff)| {
            commit.event(&self.event(conversation, Happening::AccessChanged { staff: staff.clone() }))
        })
    }
}
