//! Which conversations a write to the directory is about.

use std::collections::BTreeSet;

use futures::future::try_join_all;
use porchlight_domain::id::{BusinessId, ConversationId, CustomerId, JobId, StaffId};
use porchlight_domain::party::Party;
use porchlight_domain::phone::ContactPoint;
use porchlight_store::StoreError;
use porchlight_store::records::{DirectoryPart, DirectoryRecord};

use crate::Index;

/// What a write to the directory is about.
#[derive(Debug, Default)]
pub(crate) struct Reached {
    pub conversations: BTreeSet<ConversationId>,
    /// The job that was just booked.
    pub booked: Option<JobId>,
}

impl Index {
    /// The conversations that a write to the directory is about; nothing for records that change none. Links
    /// and assignments are written on both sides at once, and one of the two records is enough.
    pub(crate) async fn reached(
        &self,
        record: &DirectoryRecord,
        is_new: bool,
    ) -> Result<Reached, StoreError> {
        let business = &record.business;
        let mut booked = None;
        let conversations = match &record.part {
            DirectoryPart::Contact(contact) | DirectoryPart::Link { contact, by_customer: false, .. } => {
                self.conversations_with(business, contact).await?
            }
            DirectoryPart::Customer(customer) => self.conversations_of(business, customer).await?,
            DirectoryPart::Job { customer, job } => {
                booked = is_new.then(|| job.clone());
                let mut reached = self.conversations_of(business, customer).await?;
                reached.insert(crew_thread(job));
                reached
            }
            DirectoryPart::Assignment { job, by_staff: false, .. } => {
                let mut reached = self.conversations_at(business, job).await?;
                reached.insert(crew_thread(job));
                reached
            }
            DirectoryPart::Participant { conversation, .. } => BTreeSet::from([conversation.clone()]),
            DirectoryPart::Staff(staff) => self.person_changed(business, staff).await?,
            DirectoryPart::Business
            | DirectoryPart::Group(_)
            | DirectoryPart::Line(_)
            | DirectoryPart::StaffNumber(_)
            | DirectoryPart::Consent { .. }
            | DirectoryPart::Link { .. }
            | DirectoryPart::JobPointer(_)
            | DirectoryPart::Assignment { .. } => BTreeSet::new(),
        };
        Ok(Reached { conversations, booked })
    }

    /// The conversations with a contact point.
    async fn conversations_with(
        &self,
        business: &BusinessId,
        contact: &ContactPoint,
    ) -> Result<BTreeSet<ConversationId>, StoreError> {
        let found = self.store.conversations_with(business, contact).await?;
        Ok(found.into_iter().map(|conversation| conversation.id.clone()).collect())
    }

    /// The conversations with all contact points that a customer uses, or used.
    pub(crate) async fn conversations_of(
        &self,
        business: &BusinessId,
        customer: &CustomerId,
    ) -> Result<BTreeSet<ConversationId>, StoreError> {
        let links = self.store.links_of_customer(business, customer).await?;
        let found = links.iter().map(|link| self.conversations_with(business, &link.contact));
        Ok(try_join_all(found).await?.into_iter().flatten().collect())
    }

    async fn conversations_at(
        &self,
        business: &BusinessId,
        job: &JobId,
    ) -> Result<BTreeSet<ConversationId>, StoreError> {
        match self.store.job(business, job).await? {
            Some(job) => self.conversations_of(business, &job.customer).await,
            None => Ok(BTreeSet::new()),
        }
    }

    /// The conversations that somebody is a member of, or would be by their assignments.
    pub(crate) async fn conversations_near(
        &self,
        business: &BusinessId,
        staff: &StaffId,
    ) -> Result<BTreeSet<ConversationId>, StoreError> {
        let (member_of, assignments) = futures::try_join!(
            self.store.conversations_of_member(business, staff),
            self.store.assignments_of_staff(business, staff),
        )?;
        let crews: Vec<ConversationId> = assignments.iter().map(|it| crew_thread(&it.job)).collect();
        let customers: BTreeSet<CustomerId> = assignments.into_iter().map(|it| it.customer).collect();
        let found = customers.iter().map(|customer| self.conversations_of(business, customer));
        let found = try_join_all(found).await?.into_iter().flatten();
        let own = ConversationId::of(&Party::Staff { staff: staff.clone() });
        Ok(found.chain(member_of).chain(crews).chain([own]).collect())
    }
}

/// The thread of a job's crew, which there may be.
fn crew_thread(job: &JobId) -> ConversationId {
    ConversationId::of(&Party::Crew { job: job.clone() })
}
