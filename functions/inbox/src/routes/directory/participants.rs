//! `PUT|DELETE /api/conversations/{id}/participants/{staff_id}`: whom the office adds to a conversation.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use porchlight_domain::id::{ConversationId, StaffId};
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;

use crate::Inbox;
use crate::ask::Named;
use crate::refusal::problem;
use crate::view::directory::ParticipantView;

/// Add somebody to a conversation
#[utoipa::path(
    put, path = "/api/conversations/{id}/participants/{staff_id}", operation_id = "addParticipant", tag = "directory",
    params(
        ("id" = ConversationId, Path),
        ("staff_id" = StaffId, Path),
    ),
    responses((status = 200, description = "They may see it now", body = ParticipantView)),
)]
pub async fn put(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named((id, staff)): Named<(ConversationId, StaffId)>,
) -> Result<Json<ParticipantView>, Problem> {
    let participant = inbox.desk.add_participant(&who, &id, &staff).await.map_err(problem)?;
    Ok(Json(participant.into()))
}

/// Take somebody out of a conversation
#[utoipa::path(
    delete, path = "/api/conversations/{id}/participants/{staff_id}", operation_id = "removeParticipant",
    tag = "directory",
    params(
        ("id" = ConversationId, Path),
        ("staff_id" = StaffId, Path),
    ),
    responses((status = 204, description = "Not added now")),
)]
pub async fn delete(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named((id, staff)): Named<(ConversationId, StaffId)>,
) -> Result<StatusCode, Problem> {
    inbox.desk.remove_participant(&who, &id, &staff).await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}
