//! `PUT|DELETE /api/jobs/{id}/assignments/{staff_id}`: unassigning ends access at once, live.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use porchlight_domain::access::KeepDirectory;
use porchlight_domain::id::{JobId, StaffId};
use porchlight_edge::Problem;
use porchlight_edge::session::May;

use crate::Inbox;
use crate::ask::Named;
use crate::refusal::problem;
use crate::view::directory::AssignmentView;

/// Assign somebody to a job
#[utoipa::path(
    put, path = "/api/jobs/{id}/assignments/{staff_id}", operation_id = "assignJob", tag = "directory",
    params(
        ("id" = JobId, Path),
        ("staff_id" = StaffId, Path),
    ),
    responses((status = 200, description = "The assignment", body = AssignmentView)),
)]
pub async fn put(
    State(inbox): State<Inbox>,
    May(who, may): May<KeepDirectory>,
    Named((id, staff)): Named<(JobId, StaffId)>,
) -> Result<Json<AssignmentView>, Problem> {
    let assignment = inbox.desk.assign_job(may, &who.business.id, &id, &staff).await.map_err(problem)?;
    Ok(Json(assignment.into()))
}

/// Unassign somebody from a job
#[utoipa::path(
    delete, path = "/api/jobs/{id}/assignments/{staff_id}", operation_id = "unassignJob", tag = "directory",
    params(
        ("id" = JobId, Path),
        ("staff_id" = StaffId, Path),
    ),
    responses((status = 204, description = "Not assigned now")),
)]
pub async fn delete(
    State(inbox): State<Inbox>,
    May(who, may): May<KeepDirectory>,
    Named((id, staff)): Named<(JobId, StaffId)>,
) -> Result<StatusCode, Problem> {
    inbox.desk.unassign_job(may, &who.business.id, &id, &staff).await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}
