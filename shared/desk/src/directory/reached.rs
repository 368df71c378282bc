//! Which conversations and whose access a change of the directory reaches.

use std::collections::BTreeSet;

use futures::future::try_join_all;
use porchlight_domain::conversation::Conversation;
use porchlight_domain::customer::ContactLink;
use porchlight_domain::id::{BusinessId, CustomerId, JobId, StaffId};
use porchlight_domain::phone::ContactPoint;
use porchlight_store::StoreError;

use crate::Desk;

impl Desk {
    /// The conversations with all contact points that a customer uses now.
    pub(super) async fn conversations_of(
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
    pub(crate) async fn crew_of(
        &self,
        business: &BusinessId,
        job: &JobId,
    ) -> Result<BTreeSet<StaffId>, StoreError> {
        let assignments = self.store.assignments_of_job(business, job).await?;
        Ok(assignments.into_iter().filter(|it| it.unassigned_at.is_none()).map(|it| it.staff).collect())
    }

    /// Who works on any job of a customer now.
    pub(super) async fn crews_of(
        &self,
        business: &BusinessId,
        customer: &CustomerId,
    ) -> Result<BTreeSet<StaffId>, StoreError> {
        let jobs = self.store.jobs_of_customer(business, customer).await?;
        let crews = try_join_all(jobs.iter().map(|job| self.crew_of(business, &job.id))).await?;
        Ok(crews.into_iter().flatten().collect())
    }

    /// The link of a customer to a contact point, a former one too.
    pub(super) async fn link_between(
        &self,
        business: &BusinessId,
        customer: &CustomerId,
        contact: &ContactPoint,
    ) -> Result<Option<ContactLink>, StoreError> {
        let facts = self.store.contact_facts(business, contact).await?;
        Ok(facts.links.into_iter().find(|link| link.customer == *customer))
    }
}
