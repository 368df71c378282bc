//! `POST /api/conversations/{id}/presence`

use axum::extract::State;
use http::StatusCode;
use porchlight_domain::id::ConversationId;
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Body, Checked, Named};
use crate::refusal::problem;

/// Somebody looks.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Presence {
    /// They are writing.
    pub typing: bool,
}

impl Checked for Presence {}

/// Say that one looks at it, or writes
///
/// Others who see the conversation are told over the live feed (`presence`), at most once in five seconds; for ten
/// seconds it holds. Nothing is kept.
#[utoipa::path(
    post, path = "/api/conversations/{id}/presence", operation_id = "present", tag = "conversations",
    params(("id" = ConversationId, Path)),
    request_body = Presence,
    responses((status = 204, description = "Told, unless it was a moment ago")),
)]
pub async fn present(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<ConversationId>,
    Body(Presence { typing }): Body<Presence>,
) -> Result<StatusCode, Problem> {
    inbox.desk.present(&who, &id, typing).await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}
