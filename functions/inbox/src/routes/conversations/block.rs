//! `POST /api/conversations/{id}/block|unblock`

use axum::Json;
use axum::extract::State;
use porchlight_api::ConversationRow;
use porchlight_domain::id::{CommandId, ConversationId};
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use serde::Deserialize;
use utoipa::ToSchema;

use super::ActCommand;
use crate::Inbox;
use crate::ask::{Checked, MaybeBody, Named};
use crate::refusal::problem;

/// How to block.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BlockCommand {
    /// Made by the client: repeating the command with the same id does nothing more.
    pub id: Option<CommandId>,
    /// As a sender of spam.
    #[schema(required = false)]
    pub spam: bool,
}

impl Checked for BlockCommand {}

/// Block the other end
///
/// What it sends is kept, and nobody is told: the conversation is in no list, and neither counted nor unread. It holds
/// for every thread with the contact point, those to come too.
#[utoipa::path(
    post, path = "/api/conversations/{id}/block", operation_id = "block", tag = "conversations",
    params(("id" = ConversationId, Path)),
    request_body = Option<BlockCommand>,
    responses((status = 200, description = "As it is now", body = ConversationRow)),
)]
pub async fn block(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<ConversationId>,
    MaybeBody(command): MaybeBody<BlockCommand>,
) -> Result<Json<ConversationRow>, Problem> {
    let marked = inbox.desk.block(&who, &id, command.spam, command.id).await.map_err(problem)?;
    Ok(Json(inbox.row(&who, &marked).await?))
}

/// Block it no more
///
/// It is again as it was before: what waited then, waits; what came meanwhile has been kept, and waits for nobody.
#[utoipa::path(
    post, path = "/api/conversations/{id}/unblock", operation_id = "unblock", tag = "conversations",
    params(("id" = ConversationId, Path)),
    request_body = Option<ActCommand>,
    responses((status = 200, description = "As it is now", body = ConversationRow)),
)]
pub async fn unblock(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<ConversationId>,
    MaybeBody(command): MaybeBody<ActCommand>,
) -> Result<Json<ConversationRow>, Problem> {
    let marked = inbox.desk.unblock(&who, &id, command.id).await.map_err(problem)?;
    Ok(Json(inbox.row(&who, &marked).await?))
}
