//! The jobs of a day with what stands beside each: whoever works on one finds who it is for, how to get in, and the
//! threads that are theirs to open (P7).

use std::cmp::Reverse;
use std::collections::HashMap;

use futures::future::try_join_all;
use futures::{StreamExt, TryStreamExt};
use porchlight_domain::access::{AccessFacts, Person, sees_job, sight};
use porchlight_domain::conversation::{Conversation, ReadMarker};
use porchlight_domain::customer::{Assignment, ContactLink, ContactRecord, Customer, Job};
use porchlight_domain::id::{BusinessId, ConversationId, JobId, StaffId};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;
use porchlight_domain::workday::{Days, Workday};
use porchlight_store::StoreError;
use porchlight_store::customer_file::CustomerFile;

use crate::{Desk, Refusal};

/// Jobs that are looked into at the same time.
const AT_ONCE: usize = 16;

/// A job as whoever works on it needs it.
#[derive(Clone)]
pub struct JobAtHand {
    /// Itself.
    pub job: Job,
    /// Whose it is.
    pub customer: Customer,
    /// Who works on it now.
    pub crew: Vec<StaffId>,
    /// How the customer is reached, phones and addresses: those with a thread first, the last used before the others.
    pub numbers: Vec<NumberAtHand>,
}

/// A contact point of a job's customer.
#[derive(Clone)]
pub struct NumberAtHand {
    /// Whose, and what it is called.
    pub link: ContactLink,
    /// Texts do not reach it.
    pub cannot_text: bool,
    /// The thread there, where the viewer may open one.
    pub thread: Option<ThreadAtHand>,
}

/// A thread that may be opened.
#[derive(Clone)]
pub struct ThreadAtHand {
    /// Which.
    pub id: ConversationId,
    /// What the viewer has not read there.
    pub unread: u64,
    /// When anything last happened there.
    pub last_used_at: Timestamp,
}

impl Desk {
    /// The jobs of these days in the order of reading: all of the business for the office, unless it asks for its own;
    /// for anybody else those on which they work. At most so many.
    pub async fn jobs_of_days(
        &self,
        who: &Person,
        day: &Workday,
        days: Days,
        only_mine: bool,
        most: usize,
    ) -> Result<Vec<JobAtHand>, StoreError> {
        let business = &who.business.id;
        let (from, to) = day.booked_within();
        let mut jobs = if who.viewer.is_office() && !only_mine {
            self.store.jobs_between(business, from, to).await?
        } else {
            self.own_jobs(who, from, to).await?
        };
        jobs.retain(|job| day.has(days, job));
        day.sort(&mut jobs);
        jobs.truncate(most);
        self.at_hand(who, jobs).await
    }

    /// One job with what stands beside it, if it is this person's to see.
    pub async fn job_at_hand(&self, who: &Person, id: &JobId) -> Result<JobAtHand, Refusal> {
        let job = self.job_in_sight(who, id).await?;
        self.at_hand(who, vec![job]).await?.pop().ok_or(Refusal::NotFound)
    }

    /// One job, if it is this person's to see.
    pub(crate) async fn job_in_sight(&self, who: &Person, id: &JobId) -> Result<Job, Refusal> {
        let business = &who.business.id;
        let (job, assignment) = tokio::try_join!(
            self.store.job(business, id),
            self.store.assignment(business, id, &who.staff.id)
        )?;
        let job = job.ok_or(Refusal::NotFound)?;
        let work = assignment.map(|it| (it, job.clone())).into_iter().collect();
        if !sees_job(&who.viewer, &facts(who, work), id, self.now()) {
            return Err(Refusal::NotFound);
        }
        Ok(job)
    }

    /// Those on which they work, by the policy.
    async fn own_jobs(&self, who: &Person, from: Timestamp, to: Timestamp) -> Result<Vec<Job>, StoreError> {
        let mut work = self.store.jobs_between_of(&who.business.id, &who.staff.id, from, to).await?;
        work.retain(|(assignment, _)| assignment.unassigned_at.is_none());
        let facts = facts(who, work);
        let theirs = facts.work.iter().map(|(_, job)| job);
        Ok(theirs.filter(|job| sees_job(&who.viewer, &facts, &job.id, self.now())).cloned().collect())
    }

    /// The jobs with what stands beside them, in their order. One whose customer is gone is left out.
    async fn at_hand(&self, who: &Person, jobs: Vec<Job>) -> Result<Vec<JobAtHand>, StoreError> {
        let business = &who.business.id;
        let beside: Vec<_> = jobs.into_iter().map(|job| self.beside(business, job)).collect();
        let beside: Vec<_> = futures::stream::iter(beside).buffered(AT_ONCE).try_collect().await?;
        let links = beside.iter().flat_map(|(_, file, _)| current(file));
        let contacts: Vec<ContactPoint> = links.map(|link| link.contact.clone()).collect();
        let (records, threads) = tokio::try_join!(
            self.store.contact_records(business, &contacts),
            self.threads_at(who, &contacts)
        )?;
        let cannot_text = |contact: &ContactPoint| records.iter().any(|it| is_mute(it, contact));
        let at_hand = beside.into_iter().filter_map(|(job, file, crew)| {
            let numbers = current(&file).map(|link| NumberAtHand {
                link: link.clone(),
                cannot_text: cannot_text(&link.contact),
                thread: threads.get(&link.contact).cloned(),
            });
            let mut numbers: Vec<NumberAtHand> = numbers.collect();
            numbers.sort_by_key(|number| Reverse(number.thread.as_ref().map(|thread| thread.last_used_at)));
            Some(JobAtHand { job, customer: file.customer?, crew, numbers })
        });
        Ok(at_hand.collect())
    }

    async fn beside(
        &self,
        business: &BusinessId,
        job: Job,
    ) -> Result<(Job, CustomerFile, Vec<StaffId>), StoreError> {
        let (file, crew) = tokio::try_join!(
            self.store.customer_file(business, &job.customer),
            self.crew_of(business, &job.id)
        )?;
        Ok((job, file, crew.into_iter().collect()))
    }

    /// The threads with these contact points that this person may open; of several the last used.
    async fn threads_at(
        &self,
        who: &Person,
        contacts: &[ContactPoint],
    ) -> Result<HashMap<ContactPoint, ThreadAtHand>, StoreError> {
        let business = &who.business.id;
        let mut contacts = contacts.to_vec();
        contacts.sort();
        contacts.dedup();
        let found =
            try_join_all(contacts.iter().map(|it| self.store.conversations_with(business, it))).await?;
        let mut found: Vec<Conversation> = found.into_iter().flatten().collect();
        found.sort_by_key(|conversation| conversation.last_activity_at);
        let ids: Vec<ConversationId> = found.iter().map(|conversation| conversation.id.clone()).collect();
        let (facts, markers) = tokio::try_join!(
            self.store.access_facts_of_all(&who.viewer, &found, self.now()),
            self.store.read_markers(business, &who.staff.id, &ids)
        )?;
        let unread = ReadMarker::default();
        let seen = found.into_iter().zip(facts).filter_map(|(conversation, facts)| {
            let sight = sight(&who.viewer, &conversation, &facts, self.now());
            let marker = markers.get(&conversation.id).unwrap_or(&unread);
            let unread = sight.unread(&conversation, marker);
            let contact = conversation.contact().filter(|_| !sight.is_hidden())?.clone();
            Some((
                contact,
                ThreadAtHand {
                    id: conversation.id.clone(),
                    unread,
                    last_used_at: conversation.last_activity_at,
                },
            ))
        });
        Ok(seen.collect())
    }
}

fn facts(who: &Person, work: Vec<(Assignment, Job)>) -> AccessFacts {
    let days_after_completion = who.business.access_days_after_completion;
    AccessFacts { work, days_after_completion, ..AccessFacts::default() }
}

fn current(file: &CustomerFile) -> impl Iterator<Item = &ContactLink> {
    file.links.iter().filter(|link| link.is_current())
}

fn is_mute(record: &ContactRecord, contact: &ContactPoint) -> bool {
    record.contact == *contact && record.cannot_text
}
