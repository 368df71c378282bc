//! `POST /api/conversations/{id}/read|unread|pin|unpin|done|attention|close|reopen`

use axum::Json;
use axum::extract::State;
use porchlight_api::ConversationRow;
use porchlight_domain::access::Act;
use porchlight_domain::id::{CommandId, ConversationId};
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Checked, MaybeBody, Named};
use crate::refusal::problem;

/// A command that says all by its path.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = Command)]
pub struct ActCommand {
    /// Made by the client: repeating the command with the same id does nothing more.
    pub id: Option<CommandId>,
}

impl Checked for ActCommand {}

/// One handler for each act that says all by its path.
macro_rules! acts {
    ($($(#[doc = $words:literal])* $handler:ident: $path:literal, $operation:literal => $act:ident;)*) => {$(
        $(#[doc = $words])*
        #[utoipa::path(
            post, path = $path, operation_id = $operation, tag = "conversations",
            params(("id" = ConversationId, Path)),
            request_body = Option<ActCommand>,
            responses((status = 200, description = "As it is now", body = ConversationRow)),
        )]
        pub async fn $handler(
            State(inbox): State<Inbox>,
            who: SignedIn,
            Named(id): Named<ConversationId>,
            MaybeBody(command): MaybeBody<ActCommand>,
        ) -> Result<Json<ConversationRow>, Problem> {
            let marked = inbox.desk.act(&who, &id, Act::$act, command.id).await.map_err(problem)?;
            Ok(Json(inbox.row(&who, &marked).await?))
        }
    )*};
}

acts! {
    /// Mark as read
    ///
    /// Clears the viewer's own unread; nobody else's.
    read: "/api/conversations/{id}/read", "markRead" => Read;
    /// Mark as unread
    ///
    /// For the viewer only.
    unread: "/api/conversations/{id}/unread", "markUnread" => MarkUnread;
    /// Keep on top of the viewer's own list
    pin: "/api/conversations/{id}/pin", "pin" => Pin;
    /// No longer on top
    unpin: "/api/conversations/{id}/unpin", "unpin" => Unpin;
    /// Done: stays open, needs nobody
    done: "/api/conversations/{id}/done", "markDone" => Settle;
    /// Needs a person, after all
    ///
    /// Undoes Done, Close or "looked settled": it waits again since it did before. With none of these to undo it
    /// waits from now on. One that needs a person already stays as it is.
    attention: "/api/conversations/{id}/attention", "needsPerson" => NeedPerson;
    /// Close: leaves Active and every technician's list
    close: "/api/conversations/{id}/close", "close" => Close;
    /// Open a closed conversation again
    reopen: "/api/conversations/{id}/reopen", "reopen" => Reopen;
}
