//! Who works on which job. Unassigning ends access at once, live.

use porchlight_domain::access::{Grant, KeepDirectory};
use porchlight_domain::customer::{Assignment, Job};
use porchlight_domain::event::Happening;
use porchlight_domain::id::{BusinessId, JobId, StaffId};

use crate::{Desk, Refusal};

impl Desk {
    /// Assigns somebody to a job; the assignment that stands, where they were assigned before.
    pub async fn assign_job(
        &self,
        _: Grant<KeepDirectory>,
        business: &BusinessId,
        id: &JobId,
        staff: &StaffId,
    ) -> Result<Assignment, Refusal> {
        self.until_written(|| self.try_assign_job(business, id, staff)).await
    }

    async fn try_assign_job(
        &self,
        business: &BusinessId,
        id: &JobId,
        staff: &StaffId,
    ) -> Result<Assignment, Refusal> {
        let job = self.known_job_of(business, id).await?;
        self.known_staff(business, staff).await?;
        if let Some(assignment) = self.current_assignment(business, id, staff).await? {
            return Ok(assignment);
        }
        let assignment = Assignment {
            job: id.clone(),
            customer: job.customer,
            staff: staff.clone(),
            assigned_at: self.now(),
            unassigned_at: None,
        };
        self.write_assignment(business, &assignment).await?;
        Ok(assignment)
    }

    /// Unassigns somebody from a job.
    pub async fn unassign_job(
        &self,
        _: Grant<KeepDirectory>,
        business: &BusinessId,
        id: &JobId,
        staff: &StaffId,
    ) -> Result<(), Refusal> {
        self.until_written(async || {
            self.known_job_of(business, id).await?;
            if let Some(current) = self.current_assignment(business, id, staff).await? {
                let ended = Assignment { unassigned_at: Some(self.now()), ..current };
                self.write_assignment(business, &ended).await?;
            }
            Ok(())
        })
        .await
    }

    async fn known_job_of(&self, business: &BusinessId, job: &JobId) -> Result<Job, Refusal> {
        self.store.job(business, job).await?.ok_or(Refusal::NotFound)
    }

    async fn current_assignment(
        &self,
        business: &BusinessId,
        job: &JobId,
        staff: &StaffId,
    ) -> Result<Option<Assignment>, Refusal> {
        let found = self.store.assignment(business, job, staff).await?;
        Ok(found.filter(|assignment| assignment.unassigned_at.is_none()))
    }

    /// The assignment and word of it to the open streams of the person and of the crew, as one.
    async fn write_assignment(&self, business: &BusinessId, assignment: &Assignment) -> Result<(), Refusal> {
        let mut conversations = self.conversations_of(business, &assignment.customer).await?;
        conversations.extend(self.crew_thread(business, &assignment.job).await?);
        let mut crew = self.crew_of(business, &assignment.job).await?;
        crew.insert(assignment.staff.clone());
        let told = self.event_of_business(Happening::JobUpdated { crew: crew.into_iter().collect() });
        let commit = self.store.commit(business).assignment(assignment).event(&told);
        let theirs = [assignment.staff.clone()].into();
        Ok(self.access_changed(commit, &conversations, &theirs).run().await?)
    }
}
