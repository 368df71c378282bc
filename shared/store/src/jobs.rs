//! Jobs, who works on them, and who was added to a conversation.

use std::collections::HashMap;

use porchlight_domain::conversation::{CustomerSummary, JobSummary};
use porchlight_domain::customer::{Assignment, Customer, Job, JobStatus};
use porchlight_domain::id::{BusinessId, ConversationId, CustomerId, JobId, StaffId};
use porchlight_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::commit::{Commit, Part, unchanged_since};
use crate::directory::list_as;
use crate::error::StoreError;
use crate::items;
use crate::keys::{self, Key};
use crate::query::{KIND, Query, Range};
use crate::records::{DirectoryPart, directory_record};
use crate::store::Store;
use crate::table::{Expression, Table, key_of, text};

/// The office added somebody to a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// To which.
    pub conversation: ConversationId,
    /// Whom.
    pub staff: StaffId,
    /// When.
    pub added_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct JobPointer {
    customer: CustomerId,
}

impl Commit<'_> {
    /// A job as it now is, if nobody else changed it since it was read (`version` 0: new). A job never
    /// changes its customer.
    pub fn job(self, job: &mut Job) -> Self {
        let unchanged = unchanged_since(job.version);
        job.version += 1;
        let key = keys::job(self.business(), &job.customer, &job.id);
        let mut item = items::to_item(&key, job);
        let date = job.scheduled_at.map(|at| at.to_string()).unwrap_or_default();
        list_as(&mut item, keys::jobs_list(self.business()), format!("{date}#{}", job.id));
        let pointer = JobPointer { customer: job.customer.clone() };
        let pointer = items::to_item(&keys::job_pointer(self.business(), &job.id), &pointer);
        let same = Expression::new("attribute_not_exists(pk) OR customer = :customer")
            .value(":customer", text(&job.customer));
        self.put(Part::Job, Table::Directory, item, unchanged).put(Part::Job, Table::Directory, pointer, same)
    }

    /// A technician works on a job, or does no longer, on both sides.
    pub fn assignment(self, assignment: &Assignment) -> Self {
        let by_staff = keys::assignment_of_staff(self.business(), &assignment.staff, &assignment.job);
        let by_job = keys::assignment_of_job(self.business(), &assignment.job, &assignment.staff);
        self.put(Part::Job, Table::Directory, items::to_item(&by_staff, assignment), Expression::default())
            .put(Part::Job, Table::Directory, items::to_item(&by_job, assignment), Expression::default())
    }

    /// The office adds somebody to a conversation.
    pub fn participant(self, participant: &Participant) -> Self {
        let key = keys::participant(self.business(), &participant.conversation, &participant.staff);
        self.put(Part::Other, Table::Directory, items::to_item(&key, participant), Expression::default())
    }

    /// The office takes somebody out of a conversation.
    pub fn remove_participant(self, conversation: &ConversationId, staff: &StaffId) -> Self {
        let key = keys::participant(self.business(), conversation, staff);
        self.delete(Part::Other, Table::Directory, &key)
    }
}

impl Store {
    /// The job, through its pointer; strongly consistent.
    pub async fn job(&self, business: &BusinessId, id: &JobId) -> Result<Option<Job>, StoreError> {
        let pointer: Option<JobPointer> = self.read(&keys::job_pointer(business, id), "job pointer").await?;
        let Some(JobPointer { customer }) = pointer else { return Ok(None) };
        self.read(&keys::job(business, &customer, id), "job").await
    }

    /// Puts a job as it now is; the version is the one that was read (0: new).
    pub async fn put_job(&self, business: &BusinessId, job: &mut Job) -> Result<(), StoreError> {
        self.commit(business).job(job).run().await
    }

    /// A customer's jobs; strongly consistent.
    pub async fn jobs_of_customer(
        &self,
        business: &BusinessId,
        customer: &CustomerId,
    ) -> Result<Vec<Job>, StoreError> {
        self.read_all(&keys::customer_pk(business, customer), "JOB#", "job").await
    }

    /// A page of the jobs by date, undated ones first. By the index, which may lag.
    pub async fn jobs(
        &self,
        business: &BusinessId,
        after: Option<String>,
        limit: usize,
    ) -> Result<(Vec<Job>, Option<String>), StoreError> {
        self.read_list(keys::jobs_list(business), after, limit, "job").await
    }

    /// The jobs booked from one instant on and before another. Found by the index, which may lag; read consistently.
    pub async fn jobs_between(
        &self,
        business: &BusinessId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Job>, StoreError> {
        let keys: Vec<Key> =
            self.keys_between(business, from, to).await?.into_iter().map(|it| it.0).collect();
        items::from_items("job", self.get_many(Table::Directory, &keys).await?)
    }

    /// Those of them on which somebody works, or worked, each with the assignment; found in the same way.
    pub async fn jobs_between_of(
        &self,
        business: &BusinessId,
        staff: &StaffId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<(Assignment, Job)>, StoreError> {
        let booked = self.keys_between(business, from, to).await?;
        let theirs: Vec<Key> =
            booked.iter().map(|(_, job)| keys::assignment_of_job(business, job, staff)).collect();
        let found: Vec<Assignment> =
            items::from_items("assignment", self.get_many(Table::Directory, &theirs).await?)?;
        let keys: Vec<Key> = found.iter().map(|it| keys::job(business, &it.customer, &it.job)).collect();
        let jobs: Vec<Job> = items::from_items("job", self.get_many(Table::Directory, &keys).await?)?;
        let mut jobs: HashMap<JobId, Job> = jobs.into_iter().map(|job| (job.id.clone(), job)).collect();
        Ok(found.into_iter().filter_map(|it| jobs.remove(&it.job).map(|job| (it, job))).collect())
    }

    /// Where the jobs booked then lie.
    async fn keys_between(
        &self,
        business: &BusinessId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<(Key, JobId)>, StoreError> {
        let range = Range::Between(from.to_string(), to.to_string());
        let query = Query::index(Table::Directory, KIND, keys::jobs_list(business)).range(range);
        let found = self.query_all(query).await?;
        let job_of = |key: Key| match directory_record(&key.pk, &key.sk)?.part {
            DirectoryPart::Job { job, .. } => Some((key, job)),
            _ => None,
        };
        Ok(found.iter().filter_map(key_of).filter_map(job_of).collect())
    }

    /// Who works, or worked, on a job; strongly consistent.
    pub async fn assignments_of_job(
        &self,
        business: &BusinessId,
        job: &JobId,
    ) -> Result<Vec<Assignment>, StoreError> {
        self.read_all(&keys::job_pk(business, job), "STAFF#", "assignment").await
    }

    /// What somebody works, or worked, on; strongly consistent.
    pub async fn assignments_of_staff(
        &self,
        business: &BusinessId,
        staff: &StaffId,
    ) -> Result<Vec<Assignment>, StoreError> {
        self.read_all(&keys::staff_pk(business, staff), "JOB#", "assignment").await
    }

    /// The assignment of somebody to a job, a former one too; strongly consistent.
    pub async fn assignment(
        &self,
        business: &BusinessId,
        job: &JobId,
        staff: &StaffId,
    ) -> Result<Option<Assignment>, StoreError> {
        self.read(&keys::assignment_of_job(business, job, staff), "assignment").await
    }

    /// Puts an assignment, on both sides.
    pub async fn put_assignment(
        &self,
        business: &BusinessId,
        assignment: &Assignment,
    ) -> Result<(), StoreError> {
        self.commit(business).assignment(assignment).run().await
    }

    /// Unassigns somebody from `at` on; `false` if they were not assigned.
    pub async fn end_assignment(
        &self,
        business: &BusinessId,
        job: &JobId,
        staff: &StaffId,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let current = self.assignment(business, job, staff).await?;
        let Some(mut assignment) = current.filter(|it| it.unassigned_at.is_none()) else { return Ok(false) };
        assignment.unassigned_at = Some(at);
        self.put_assignment(business, &assignment).await.map(|()| true)
    }

    /// Whom the office added to a conversation; strongly consistent.
    pub async fn participants(
        &self,
        business: &BusinessId,
        conversation: &ConversationId,
    ) -> Result<Vec<Participant>, StoreError> {
        self.read_all(&keys::conversation_pk(business, conversation), "PARTICIPANT#", "participant").await
    }
}

/// A customer as rows show them: with the job under way, else the next, else the last.
pub fn summarize(customer: &Customer, jobs: &[Job]) -> CustomerSummary {
    CustomerSummary {
        id: customer.id.clone(),
        name: customer.name.clone(),
        lead: customer.lead,
        has_booked_job: jobs.iter().any(|job| job.status != JobStatus::Canceled),
        job: job_of_row(jobs).map(|job| JobSummary {
            id: job.id.clone(),
            number: job.number,
            title: job.title.clone(),
            status: job.status,
            scheduled_at: job.scheduled_at,
        }),
        street: customer.address.as_deref().and_then(street),
        other_jobs: other_numbers(jobs),
    }
}

/// A row stays small: one write unit.
const LONGEST_STREET: usize = 40;
const MOST_NUMBERS: usize = 5;

/// What stands before the town.
fn street(address: &str) -> Option<String> {
    let street: String = address.split([',', '\n']).next()?.trim().chars().take(LONGEST_STREET).collect();
    (!street.is_empty()).then_some(street)
}

/// The newest jobs but the one that the row tells of.
fn other_numbers(jobs: &[Job]) -> Vec<u32> {
    let shown = job_of_row(jobs).map(|job| job.number);
    let mut numbers: Vec<u32> = jobs.iter().map(|job| job.number).filter(|it| Some(*it) != shown).collect();
    numbers.sort_unstable_by(|a, b| b.cmp(a));
    numbers.truncate(MOST_NUMBERS);
    numbers
}

fn job_of_row(jobs: &[Job]) -> Option<&Job> {
    let with = |status| jobs.iter().filter(move |job: &&Job| job.status == status);
    // A job without a date comes after those with one.
    let date = |job: &&Job| (job.scheduled_at.is_none(), job.scheduled_at);
    let under_way = with(JobStatus::InProgress).min_by_key(date);
    let next = || with(JobStatus::Scheduled).min_by_key(date);
    let last = || with(JobStatus::Completed).max_by_key(|job| (job.ended_at, job.scheduled_at));
    under_way.or_else(next).or_else(last)
}
