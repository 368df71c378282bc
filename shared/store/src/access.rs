//! The facts on which the access policy decides, read consistently (P7). The policy is the domain's.

use std::collections::BTreeSet;
use std::time::Duration;

use futures::future::try_join_all;
use futures::{StreamExt, TryStreamExt};
use porchlight_domain::access::{AccessFacts, Viewer};
use porchlight_domain::business::Business;
use porchlight_domain::conversation::Conversation;
use porchlight_domain::customer::{Assignment, ContactLink, Job};
use porchlight_domain::id::{BusinessId, JobId, StaffId};
use porchlight_domain::party::Party;
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;

use crate::error::StoreError;
use crate::store::Store;

/// Conversations whose facts are read at the same time.
const AT_ONCE: usize = 16;

/// Everybody's work at a contact point, for one conversation; facts for any one person are cut from it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessLedger {
    /// Current assignments to jobs of the customers who use the contact point. Jobs that ended longer ago
    /// than access lasts are left out.
    pub work: Vec<(Assignment, Job)>,
    /// Whom the office added.
    pub participants: BTreeSet<StaffId>,
    /// Who uses the contact point, and who used to.
    pub links: Vec<ContactLink>,
    /// The contact point is a landlord's or property manager's.
    pub shared_contact: bool,
    /// Days of access after a job's end.
    pub days_after_completion: u32,
}

impl AccessLedger {
    /// What the policy asks about one person.
    pub fn facts_for(&self, staff: &StaffId) -> AccessFacts {
        AccessFacts {
            work: self.work.iter().filter(|(assignment, _)| assignment.staff == *staff).cloned().collect(),
            participant: self.participants.contains(staff),
            links: self.links.clone(),
            shared_contact: self.shared_contact,
            days_after_completion: self.days_after_completion,
        }
    }

    /// Everybody who may have access: at work there, or added.
    pub fn candidates(&self) -> BTreeSet<StaffId> {
        let crew = self.work.iter().map(|(assignment, _)| assignment.staff.clone());
        crew.chain(self.participants.iter().cloned()).collect()
    }
}

impl Store {
    /// What the policy asks about this viewer and this conversation; nothing is read for the office, who see
    /// everything of their business.
    pub async fn access_facts(
        &self,
        viewer: &Viewer,
        conversation: &Conversation,
        now: Timestamp,
    ) -> Result<AccessFacts, StoreError> {
        if viewer.is_office() || viewer.business != conversation.business {
            return Ok(AccessFacts::default());
        }
        Ok(self.access_ledger(conversation, now).await?.facts_for(&viewer.staff))
    }

    /// The same for many conversations, in their order, several at a time.
    pub async fn access_facts_of_all(
        &self,
        viewer: &Viewer,
        conversations: &[Conversation],
        now: Timestamp,
    ) -> Result<Vec<AccessFacts>, StoreError> {
        // Collected first: a closure that is called while the stream runs is not general enough to be `Send`.
        let facts: Vec<_> =
            conversations.iter().map(|conversation| self.access_facts(viewer, conversation, now)).collect();
        futures::stream::iter(facts).buffered(AT_ONCE).try_collect().await
    }

    /// Everybody's work at a conversation's contact point, or at its job; strongly consistent. Of the other
    /// parties the conversation itself says who they are.
    pub async fn access_ledger(
        &self,
        conversation: &Conversation,
        now: Timestamp,
    ) -> Result<AccessLedger, StoreError> {
        match &conversation.party {
            Party::Customer(route) => self.ledger_of_contact(conversation, &route.contact, now).await,
            Party::Crew { job } => self.ledger_of_job(&conversation.business, job).await,
            Party::Pair(_) | Party::Staff { .. } | Party::StaffPhone { .. } => Ok(AccessLedger::default()),
        }
    }

    async fn ledger_of_job(&self, business: &BusinessId, job: &JobId) -> Result<AccessLedger, StoreError> {
        let (record, job) = futures::try_join!(self.business(business), self.job(business, job))?;
        let days_after_completion = record.as_ref().map_or(0, access_days);
        let work = match job {
            Some(job) => self.work_at(business, job).await?,
            None => Vec::new(),
        };
        Ok(AccessLedger { work, days_after_completion, ..AccessLedger::default() })
    }

    async fn ledger_of_contact(
        &self,
        conversation: &Conversation,
        contact: &ContactPoint,
        now: Timestamp,
    ) -> Result<AccessLedger, StoreError> {
        let business = &conversation.business;
        let (record, contact, participants) = futures::try_join!(
            self.business(business),
            self.contact_facts(business, contact),
            self.participants(business, &conversation.id),
        )?;
        let days = record.as_ref().map_or(0, access_days);
        let customers = contact.customers();
        let jobs =
            try_join_all(customers.iter().map(|customer| self.jobs_of_customer(business, customer))).await?;
        let jobs = jobs.into_iter().flatten().filter(|job| access_lasts(job, days, now));
        let work = try_join_all(jobs.map(|job| self.work_at(business, job))).await?;
        Ok(AccessLedger {
            work: work.into_iter().flatten().collect(),
            participants: participants.into_iter().map(|participant| participant.staff).collect(),
            shared_contact: contact.is_shared(),
            links: contact.links,
            days_after_completion: days,
        })
    }

    async fn work_at(&self, business: &BusinessId, job: Job) -> Result<Vec<(Assignment, Job)>, StoreError> {
        let mut assignments = self.assignments_of_job(business, &job.id).await?;
        assignments.retain(|assignment| assignment.unassigned_at.is_none());
        Ok(assignments.into_iter().map(|assignment| (assignment, job.clone())).collect())
    }
}

const fn access_days(business: &Business) -> u32 {
    business.access_days_after_completion
}

/// Spares reading the crews of long ended jobs; the policy decides again.
fn access_lasts(job: &Job, days: u32, now: Timestamp) -> bool {
    let lasts = Duration::from_hours(24 * u64::from(days));
    job.ended_at.is_none_or(|ended| now.since(ended) <= lasts)
}
