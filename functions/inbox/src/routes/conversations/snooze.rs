//! `POST /api/conversations/{id}/snooze`

use axum::Json;
use axum::extract::State;
use porchlight_api::ConversationRow;
use porchlight_domain::id::{CommandId, ConversationId};
use porchlight_domain::time::Timestamp;
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Body, Checked, Named, present};
use crate::refusal::problem;

/// Until when a conversation is put off.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SnoozeCommand {
    /// Made by the client: repeating the command with the same id does nothing more.
    #[serde(default)]
    pub id: Option<CommandId>,
    /// An instant to come, within a year; `null` ends a snooze.
    #[serde(deserialize_with = "present")]
    #[schema(required)]
    pub until: Option<Timestamp>,
}

impl Checked for SnoozeCommand {}

/// Put off until a time, or until the customer writes
///
/// It leaves Active, and comes back needing a person. Done and Close end it. 422 for a time that has passed
/// (`in-the-past`) or lies more than a year ahead (`too-far-ahead`).
#[utoipa::path(
    post, path = "/api/conversations/{id}/snooze", operation_id = "snooze", tag = "conversations",
    params(("id" = ConversationId, Path)),
    request_body = SnoozeCommand,
    responses((status = 200, description = "As it is now", body = ConversationRow)),
)]
pub async fn snooze(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<ConversationId>,
    Body(body): Body<SnoozeCommand>,
) -> Result<Json<ConversationRow>, Problem> {
    let marked = inbox.desk.snooze(&who, &id, body.until, body.id).await.map_err(problem)?;
    Ok(Json(inbox.row(&who, &marked).await?))
}
