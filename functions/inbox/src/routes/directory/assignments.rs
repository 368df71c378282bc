//! `PUT|DELETE /api/jobs/{id}/assignments/{staff_id}`: unassigning ends access at once, live.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use porchlight_domain::customer::{Assignment, Job};
use porchlight_domain::id::{JobId, StaffId};
use porchlight_edge::Problem;
use porchlight_edge::session::{KeepDirectory, May, SignedIn};

use crate::Inbox;
use crate::ask::Named;
use crate::attempt::Refusal;
use crate::view::directory::AssignmentView;

/// Assign somebody to a job
#[utoipa::path(
    put, path = "/api/jobs/{id}/assignments/{staff_id}", operation_id = "assignJob", tag = "directory",
    params(
        ("id" = String, Path, pattern = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$"),
        ("staff_id" = String, Path, pattern = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$"),
    ),
    responses((status = 200, description = "The assignment", body = AssignmentView)),
)]
pub async fn put(
    State(inbox): State<Inbox>,
    May(who, ..): May<KeepDirectory>,
    Named((id, staff)): Named<(JobId, StaffId)>,
) -> Result<Json<AssignmentView>, Problem> {
    let assignment = inbox
        .until_written(async || {
            let job = inbox.known_job_of(&who, &id).await?;
            inbox.known_staff(&who.business.id, &staff).await?;
            let current = inbox.current_assignment(&who, &id, &staff).await?;
            if let Some(assignment) = current {
                return Ok(assignment);
            }
            let assignment = Assignment {
                job: id.clone(),
                customer: job.customer,
                staff: staff.clone(),
                assigned_at: inbox.now(),
                unassigned_at: None,
            };
            inbox.write_assignment(&who, &assignment).await?;
            Ok(assignment)
        })
        .await?;
    Ok(Json(assignment.into()))
}

/// Unassign somebody from a job
#[utoipa::path(
    delete, path = "/api/jobs/{id}/assignments/{staff_id}", operation_id = "unassignJob", tag = "directory",
    params(
        ("id" = String, Path, pattern = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$"),
        ("staff_id" = String, Path, pattern = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$"),
    ),
    responses((status = 204, description = "Not assigned now")),
)]
pub async fn delete(
    State(inbox): State<Inbox>,
    May(who, ..): May<KeepDirectory>,
    Named((id, staff)): Named<(JobId, StaffId)>,
) -> Result<StatusCode, Problem> {
    inbox
        .until_written(async || {
            inbox.known_job_of(&who, &id).await?;
            if let Some(current) = inbox.current_assignment(&who, &id, &staff).await? {
                let ended = Assignment { unassigned_at: Some(inbox.now()), ..current };
                inbox.write_assignment(&who, &ended).await?;
            }
            Ok(())
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

impl Inbox {
    async fn known_job_of(&self, who: &SignedIn, job: &JobId) -> Result<Job, Refusal> {
        self.store.job(&who.business.id, job).await?.ok_or_else(|| Problem::not_found().into())
    }

    async fn current_assignment(
        &self,
        who: &SignedIn,
        job: &JobId,
        staff: &StaffId,
    ) -> Result<Option<Assignment>, Refusal> {
        let found = self.store.assignment(&who.business.id, job, staff).await?;
        Ok(found.filter(|assignment| assignment.unassigned_at.is_none()))
    }

    /// The assignment and word of it to the person's open streams, as one.
    async fn write_assignment(&self, who: &SignedIn, assignment: &Assignment) -> Result<(), Refusal> {
        let business = &who.business.id;
        let conversations = self.conversations_of(business, &assignment.customer).await?;
        let commit = self.store.commit(business).assignment(assignment);
        let told = [assignment.staff.clone()].into();
        Ok(self.access_changed(commit, &conversations, &told).run().await?)
    }
}
