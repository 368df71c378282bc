//! `PUT /api/conversations/{id}/reachable`: "try again anyway", and its opposite.

use axum::Json;
use axum::extract::State;
use porchlight_api::ConversationRow;
use porchlight_domain::id::{CommandId, ConversationId};
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Body, Checked, Named};
use crate::refusal::problem;

/// Whether texts reach the contact point.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReachCommand {
    /// Made by the client: repeating the command with the same id does nothing more.
    #[serde(default)]
    pub id: Option<CommandId>,
    /// They do, or are to be tried.
    pub reachable: bool,
}

impl Checked for ReachCommand {}

/// Say whether texts reach the contact point
///
/// A number that the provider called a landline or dead takes no more texts until somebody says so here, or it texts
/// by itself. It holds for every thread with the contact point.
#[utoipa::path(
    put, path = "/api/conversations/{id}/reachable", operation_id = "sayReachable", tag = "conversations",
    params(("id" = ConversationId, Path)),
    request_body = ReachCommand,
    responses((status = 200, description = "As it is now", body = ConversationRow)),
)]
pub async fn put(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<ConversationId>,
    Body(command): Body<ReachCommand>,
) -> Result<Json<ConversationRow>, Problem> {
    let said = inbox.desk.say_reachable(&who, &id, command.reachable, command.id).await;
    Ok(Json(inbox.row(&who, &said.map_err(problem)?).await?))
}
