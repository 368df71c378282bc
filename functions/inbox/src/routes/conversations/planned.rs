//! `GET /api/conversations/{id}/planned`

use axum::Json;
use axum::extract::State;
use porchlight_api::MessageView;
use porchlight_domain::id::ConversationId;
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::Named;
use crate::refusal::problem;

/// What waits to go.
#[derive(Debug, Serialize, ToSchema)]
pub struct Planned {
    /// In the order in which they are to go.
    pub messages: Vec<MessageView>,
}

/// What waits to go
///
/// Messages that wait for a time that somebody chose, or were held then and wait for a person.
#[utoipa::path(
    get, path = "/api/conversations/{id}/planned", operation_id = "listPlanned", tag = "conversations",
    params(("id" = ConversationId, Path)),
    responses((status = 200, description = "All of them", body = Planned)),
)]
pub async fn planned(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<ConversationId>,
) -> Result<Json<Planned>, Problem> {
    let seen = inbox.desk.see(&who, &id).await.map_err(problem)?;
    let messages = inbox.desk.planned(&who, &seen).await.map_err(problem)?;
    let names = inbox.names(&who.business.id).await?;
    Ok(Json(Planned { messages: messages.iter().map(|message| MessageView::new(message, &names)).collect() }))
}
