//! `PUT|DELETE /api/conversations/{id}/participants/{staff_id}`: whom the office adds to a conversation.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use porchlight_domain::access::Act;
use porchlight_domain::id::{ConversationId, StaffId};
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use porchlight_store::jobs::Participant;

use crate::Inbox;
use crate::ask::Named;
use crate::view::directory::ParticipantView;

/// Add somebody to a conversation
#[utoipa::path(
    put, path = "/api/conversations/{id}/participants/{staff_id}", operation_id = "addParticipant", tag = "directory",
    params(
        ("id" = String, Path, pattern = "^[0-9a-f]{32}$"),
        ("staff_id" = String, Path, pattern = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$"),
    ),
    responses((status = 200, description = "They may see it now", body = ParticipantView)),
)]
pub async fn put(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named((id, staff)): Named<(ConversationId, StaffId)>,
) -> Result<Json<ParticipantView>, Problem> {
    let participant = inbox
        .until_written(async || {
            let seen = inbox.see(&who, &id).await?;
            seen.permit(&who, Act::Share)?;
            inbox.known_staff(&who.business.id, &staff).await?;
            let known = inbox.store.participants(&who.business.id, &id).await?;
            if let Some(known) = known.into_iter().find(|known| known.staff == staff) {
                return Ok(known);
            }
            let participant =
                Participant { conversation: id.clone(), staff: staff.clone(), added_at: inbox.now() };
            let commit = inbox.store.commit(&who.business.id).participant(&participant);
            inbox.access_changed(commit, &[seen.conversation], &[staff.clone()].into()).run().await?;
            Ok(participant)
        })
        .await?;
    Ok(Json(participant.into()))
}

/// Take somebody out of a conversation
#[utoipa::path(
    delete, path = "/api/conversations/{id}/participants/{staff_id}", operation_id = "removeParticipant",
    tag = "directory",
    params(
        ("id" = String, Path, pattern = "^[0-9a-f]{32}$"),
        ("staff_id" = String, Path, pattern = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$"),
    ),
    responses((status = 204, description = "Not added now")),
)]
pub async fn delete(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named((id, staff)): Named<(ConversationId, StaffId)>,
) -> Result<StatusCode, Problem> {
    inbox
        .until_written(async || {
            let seen = inbox.see(&who, &id).await?;
            seen.permit(&who, Act::Share)?;
            let commit = inbox.store.commit(&who.business.id).remove_participant(&id, &staff);
            inbox.access_changed(commit, &[seen.conversation], &[staff.clone()].into()).run().await?;
            Ok(())
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
