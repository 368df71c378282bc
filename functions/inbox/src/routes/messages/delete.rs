//! `DELETE /api/messages/{id}`: its author takes an internal message back.

use axum::Json;
use axum::extract::State;
use porchlight_api::MessageView;
use porchlight_api::ProblemShape;
use porchlight_domain::id::MessageId;
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;

use crate::Inbox;
use crate::ask::Named;
use crate::refusal::problem;

/// Delete an internal message
///
/// One's own. Its words and files are gone for everybody; its place stays, with `deleted_at`. Again is harmless. 403
/// for a colleague's, 409 (`not-deletable`) for what stands in a customer's thread.
#[utoipa::path(
    delete, path = "/api/messages/{id}", operation_id = "deleteMessage", tag = "conversations",
    params(("id" = MessageId, Path)),
    responses(
        (status = 200, description = "As it is now", body = MessageView),
        (status = 409, description = "Not to be deleted",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn delete(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<MessageId>,
) -> Result<Json<MessageView>, Problem> {
    let message = inbox.desk.delete_message(&who, &id).await.map_err(problem)?;
    let names = inbox.names(&who.business.id).await?;
    Ok(Json(MessageView::new(&message, &names)))
}
