//! Jobs. Booking one reopens the closed conversations with its customer.

use porchlight_domain::access::{Grant, KeepDirectory};
use porchlight_domain::conversation::Conversation;
use porchlight_domain::customer::{Job, JobStatus};
use porchlight_domain::event::Happening;
use porchlight_domain::id::{BusinessId, CustomerId, JobId};
use porchlight_domain::time::Timestamp;
use porchlight_store::Commit;

use crate::{Desk, Refusal};

/// A job as it is to be.
#[derive(Clone)]
pub struct JobChange {
    /// Whose it is; it never becomes another's.
    pub customer: CustomerId,
    /// The number people call it by.
    pub number: u32,
    /// "Water heater replacement".
    pub title: String,
    /// Where it stands.
    pub status: JobStatus,
    /// When the crew comes.
    pub scheduled_at: Option<Timestamp>,
    /// Until when it is planned to take.
    pub ends_at: Option<Timestamp>,
    /// What it costs, in cents.
    pub amount_cents: i64,
}

impl JobChange {
    /// The job as it then is; an end keeps the time at which it was first told.
    fn job(&self, id: &JobId, known: Option<&Job>, now: Timestamp) -> Job {
        let ended_at = known.and_then(|known| known.ended_at).unwrap_or(now);
        Job {
            id: id.clone(),
            customer: self.customer.clone(),
            number: self.number,
            title: self.title.clone(),
            status: self.status,
            scheduled_at: self.scheduled_at,
            ends_at: self.ends_at,
            ended_at: (!self.status.is_active()).then_some(ended_at),
            amount_cents: self.amount_cents,
            facts: known.map(|known| known.facts.clone()).unwrap_or_default(),
            version: known.map_or(0, |known| known.version),
        }
    }
}

impl Desk {
    /// Puts a job, a new one too.
    pub async fn put_job(
        &self,
        _: Grant<KeepDirectory>,
        business: &BusinessId,
        id: &JobId,
        change: &JobChange,
    ) -> Result<Job, Refusal> {
        self.until_written(|| self.try_put_job(business, id, change)).await
    }

    async fn try_put_job(
        &self,
        business: &BusinessId,
        id: &JobId,
        change: &JobChange,
    ) -> Result<Job, Refusal> {
        let known = self.store.job(business, id).await?;
        if known.as_ref().is_some_and(|known| known.customer != change.customer) {
            return Err(Refusal::AnothersJob);
        }
        if self.store.customer(business, &change.customer).await?.is_none() {
            return Err(Refusal::UnknownCustomer);
        }
        let mut job = change.job(id, known.as_ref(), self.now());
        let newly_booked = job.is_newly_booked(known.as_ref());
        let was_ended = known.and_then(|known| known.ended_at);
        let conversations = self.conversations_of(business, &job.customer).await?;
        let crew = self.crew_of(business, id).await?;
        let told = self.event_of_business(Happening::JobUpdated { crew: crew.iter().cloned().collect() });
        let mut commit = self.store.commit(business).job(&mut job).event(&told);
        if was_ended != job.ended_at {
            let mut theirs = conversations.clone();
            theirs.extend(self.crew_thread(business, id).await?);
            commit = self.access_changed(commit, &theirs, &crew);
        }
        if newly_booked {
            commit = self.and_reopened(commit, conversations);
        }
        commit.run().await?;
        Ok(job)
    }

    /// What there is no room for is reopened by `index`, which follows new jobs.
    fn and_reopened<'s>(&self, mut commit: Commit<'s>, booked: Vec<Conversation>) -> Commit<'s> {
        let reopened = booked.into_iter().filter_map(|mut it| it.record_booking().then_some(it));
        let room = commit.room() / 2;
        for mut conversation in reopened.take(room) {
            let event = self.event(&conversation.id, Happening::ConversationUpdated);
            commit = commit.conversation(&mut conversation).event(&event);
        }
        commit
    }
}
