//! `GET /api/conversations/{id}/audience`: who sees it.

use axum::Json;
use axum::extract::State;
use porchlight_domain::id::ConversationId;
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;

use crate::Inbox;
use crate::ask::Named;
use crate::refusal::problem;
use crate::view::audience::Audience;

/// Who sees it
///
/// Everybody who sees the conversation now, and whether the next message there wakes them. The office is told each of
/// its people; whoever else asks, how many they are.
#[utoipa::path(
    get, path = "/api/conversations/{id}/audience", operation_id = "getAudience", tag = "conversations",
    params(("id" = ConversationId, Path)),
    responses((status = 200, description = "Who sees it", body = Audience)),
)]
pub async fn audience(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<ConversationId>,
) -> Result<Json<Audience>, Problem> {
    let looking = inbox.desk.audience(&who, &id).await.map_err(problem)?;
    Ok(Json(Audience::new(&looking, who.viewer.is_office())))
}
