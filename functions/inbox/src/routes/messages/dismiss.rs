//! `POST /api/messages/{id}/dismiss`: a person puts aside what they will not send again.

use axum::Json;
use axum::extract::State;
use porchlight_api::MessageView;
use porchlight_api::ProblemShape;
use porchlight_domain::id::MessageId;
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;

use crate::Inbox;
use crate::ask::{MaybeBody, Named};
use crate::refusal::problem;
use crate::routes::conversations::ActCommand;

/// Put a message aside
///
/// One that failed, or is still `unknown` after a day. 409 for any other. Late evidence still counts.
#[utoipa::path(
    post, path = "/api/messages/{id}/dismiss", operation_id = "dismissMessage", tag = "conversations",
    params(("id" = MessageId, Path)),
    request_body = Option<ActCommand>,
    responses(
        (status = 200, description = "As it is now", body = MessageView),
        (status = 409, description = "Not to be put aside",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn dismiss(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<MessageId>,
    MaybeBody(body): MaybeBody<ActCommand>,
) -> Result<Json<MessageView>, Problem> {
    let message = inbox.desk.dismiss(&who, &id, body.id).await.map_err(problem)?;
    let names = inbox.names(&who.business.id).await?;
    Ok(Json(MessageView::new(&message, &names)))
}
