//! `POST /api/internal`: a thread between members of staff.

use axum::Json;
use axum::extract::State;
use porchlight_api::ProblemShape;
use porchlight_desk::With;
use porchlight_domain::id::{CommandId, JobId, StaffId};
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Body, Checked, Wrong};
use crate::refusal::problem;
use crate::view::detail::ConversationDetail;

/// With whom: one of `with` and `job`.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InternalCommand {
    /// Made by the client: repeating the command with the same id is harmless.
    pub id: CommandId,
    /// A colleague: the two of you.
    #[serde(default)]
    pub with: Option<StaffId>,
    /// A job: its crew, as it is assigned, and the office.
    #[serde(default)]
    pub job: Option<JobId>,
}

impl InternalCommand {
    fn wanted(&self) -> Option<With> {
        match (&self.with, &self.job) {
            (Some(colleague), None) => Some(With::Colleague(colleague.clone())),
            (None, Some(job)) => Some(With::CrewOf(job.clone())),
            _ => None,
        }
    }
}

impl Checked for InternalCommand {
    fn check(&self) -> Result<(), Wrong> {
        self.wanted().map(drop).ok_or_else(|| Wrong::new("Give with or job, and not both."))
    }
}

/// Write to a colleague, or to the crew of a job
///
/// The thread, made where there is none; its messages by the routes of conversations. It is listed once somebody has
/// written in it. 404 for a job whose crew one is not of (the office is of all), 409 (`colleague-left`) for whoever no
/// longer works here and was never written to.
#[utoipa::path(
    post, path = "/api/internal", operation_id = "openInternal", tag = "conversations",
    request_body = InternalCommand,
    responses(
        (status = 200, description = "The conversation", body = ConversationDetail),
        (status = 404, description = "No such job, or not theirs to see",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 409, description = "They no longer work here",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn open(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Body(command): Body<InternalCommand>,
) -> Result<Json<ConversationDetail>, Problem> {
    let wanted = command.wanted().ok_or_else(Problem::not_found)?;
    let marked = inbox.desk.open_internal(&who, command.id, &wanted).await.map_err(problem)?;
    Ok(Json(inbox.detail(&who, &marked.seen).await?))
}
