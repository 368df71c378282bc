//! `PUT /api/conversations/{id}/assignee`

use axum::Json;
use axum::extract::State;
use porchlight_api::ConversationRow;
use porchlight_domain::id::{CommandId, ConversationId, StaffId};
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Body, Checked, Named, present};
use crate::refusal::problem;

/// Whose a conversation is to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignCommand {
    /// Made by the client: repeating the command with the same id does nothing more.
    #[serde(default)]
    pub id: Option<CommandId>,
    /// The person; `null` for nobody.
    #[serde(deserialize_with = "present")]
    #[schema(required)]
    pub assignee: Option<StaffId>,
}

impl Checked for AssignCommand {}

/// Assign to somebody, or to nobody
///
/// The office's to do. Whose it is says nothing about who may see it.
#[utoipa::path(
    put, path = "/api/conversations/{id}/assignee", operation_id = "assign", tag = "conversations",
    params(("id" = ConversationId, Path)),
    request_body = AssignCommand,
    responses((status = 200, description = "As it is now", body = ConversationRow)),
)]
pub async fn assign(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<ConversationId>,
    Body(body): Body<AssignCommand>,
) -> Result<Json<ConversationRow>, Problem> {
    let marked = inbox.desk.assign(&who, &id, body.assignee.as_ref(), body.id).await.map_err(problem)?;
    Ok(Json(inbox.row(&who, &marked).await?))
}
