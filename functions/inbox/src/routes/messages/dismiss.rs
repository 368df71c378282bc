//! `POST /api/messages/{id}/dismiss`: a person puts aside what they will not send again.

use axum::Json;
use axum::extract::State;
use porchlight_domain::access::Act;
use porchlight_domain::delivery::Delivery;
use porchlight_domain::event::Happening;
use porchlight_domain::id::MessageId;
use porchlight_domain::message::Message;
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use porchlight_edge::view::MessageView;

use crate::Inbox;
use crate::ask::{MaybeBody, Named};
use crate::attempt::Refusal;
use crate::command::Command;
use crate::routes::conversations::ActCommand;

/// Put a message aside
///
/// One that failed, or is still `unknown` after a day. 409 for any other. Late evidence still counts.
#[utoipa::path(
    post, path = "/api/messages/{id}/dismiss", operation_id = "dismissMessage", tag = "conversations",
    params(("id" = String, Path, pattern = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$")),
    request_body = Option<ActCommand>,
    responses(
        (status = 200, description = "As it is now", body = MessageView),
        (status = 409, description = "Not to be put aside",
            body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn dismiss(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<MessageId>,
    MaybeBody(body): MaybeBody<ActCommand>,
) -> Result<Json<MessageView>, Problem> {
    let parts = ["dismiss", who.staff.id.as_str(), id.as_str()];
    let command = inbox.command(&who.business.id, body.id, &parts);
    let message = inbox.until_written(|| inbox.try_dismiss(&who, &id, &command)).await?;
    let names = inbox.names(&who.business.id).await?;
    Ok(Json(MessageView::new(&message, &names)))
}

impl Inbox {
    async fn try_dismiss(
        &self,
        who: &SignedIn,
        id: &MessageId,
        command: &Command,
    ) -> Result<Message, Refusal> {
        let found = self.store.message_by_id(&who.business.id, id).await?;
        let mut message = found.ok_or_else(Problem::not_found)?;
        let mut seen = self.see(who, &message.conversation).await?;
        if !seen.sight.shows(&message) {
            return Err(Problem::not_found().into());
        }
        seen.permit(who, Act::Dismiss)?;
        if self.was_done(command).await? || message.dismissed_at().is_some() {
            return Ok(message);
        }
        if !message.delivery().is_some_and(|delivery: &Delivery| delivery.may_resend(self.now())) {
            let problem = Problem::conflict("not-dismissable", "Not to be put aside");
            return Err(problem
                .detail("Only a message that failed, or is still unknown after a day, is.")
                .into());
        }
        message.dismiss(self.now());
        let event = self.event(&seen.conversation, Happening::MessageUpdated { seq: message.seq });
        let commit = command.join(self.store.commit(&who.business.id)).update_message(&mut message);
        commit.conversation(&mut seen.conversation).event(&event).run().await?;
        Ok(message)
    }
}
