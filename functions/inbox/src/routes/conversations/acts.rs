//! `POST /api/conversations/{id}/read|unread|done|attention|close|reopen`

use axum::Json;
use axum::extract::State;
use porchlight_domain::access::Act;
use porchlight_domain::conversation::{Conversation, ReadMarker, State as Standing, SystemLine};
use porchlight_domain::event::Happening;
use porchlight_domain::id::{CommandId, ConversationId};
use porchlight_domain::time::Timestamp;
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use porchlight_edge::view::ConversationRow;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Checked, MaybeBody, Named};
use crate::attempt::Refusal;
use crate::command::Command;
use crate::reach::Seen;

/// A command that says all by its path.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = Command)]
pub struct ActCommand {
    /// Made by the client: repeating the command with the same id does nothing more.
    #[schema(value_type = Option<String>, pattern = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$")]
    pub id: Option<CommandId>,
}

impl Checked for ActCommand {}

/// One handler for each act that says all by its path.
macro_rules! acts {
    ($($(#[doc = $words:literal])* $handler:ident: $path:literal, $operation:literal => $act:ident;)*) => {$(
        $(#[doc = $words])*
        #[utoipa::path(
            post, path = $path, operation_id = $operation, tag = "conversations",
            params(("id" = String, Path, pattern = "^[0-9a-f]{32}$")),
            request_body = Option<ActCommand>,
            responses((status = 200, description = "As it is now", body = ConversationRow)),
        )]
        pub async fn $handler(
            State(inbox): State<Inbox>,
            who: SignedIn,
            Named(id): Named<ConversationId>,
            MaybeBody(command): MaybeBody<ActCommand>,
        ) -> Result<Json<ConversationRow>, Problem> {
            inbox.act(&who, &id, command, Act::$act).await
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

/// What a client's command id is bound to; kept in the vault, so the words stay.
const fn name(act: Act) -> &'static str {
    match act {
        Act::Read => "read",
        Act::MarkUnread => "unread",
        Act::Settle => "done",
        Act::NeedPerson => "attention",
        Act::Close => "close",
        Act::Reopen => "reopen",
        Act::Draft => "draft",
        Act::Write => "write",
        Act::Dismiss => "dismiss",
        Act::Assign => "assign",
        Act::Share => "share",
    }
}

fn apply(act: Act, conversation: &mut Conversation, marker: &mut ReadMarker, now: Timestamp) {
    match act {
        Act::Read => marker.read(conversation),
        Act::MarkUnread => marker.mark_unread(),
        Act::Settle => conversation.settle(),
        Act::NeedPerson => conversation.raise(now),
        Act::Close => conversation.close(),
        Act::Reopen => conversation.reopen(),
        // These have more to say than their path, and write by themselves.
        Act::Draft | Act::Write | Act::Dismiss | Act::Assign | Act::Share => {}
    }
}

impl Inbox {
    async fn act(
        &self,
        who: &SignedIn,
        id: &ConversationId,
        body: ActCommand,
        act: Act,
    ) -> Result<Json<ConversationRow>, Problem> {
        let parts = [name(act), who.staff.id.as_str(), id.as_str()];
        let command = self.command(&who.business.id, body.id, &parts);
        self.until_written(|| self.try_act(who, id, &command, act)).await.map(Json)
    }

    async fn try_act(
        &self,
        who: &SignedIn,
        id: &ConversationId,
        command: &Command,
        act: Act,
    ) -> Result<ConversationRow, Refusal> {
        let mut seen = self.see(who, id).await?;
        seen.permit(who, act)?;
        let mut marker = self.store.read_marker(&who.business.id, id, &who.staff.id).await?;
        if !self.was_done(command).await? {
            self.carry_out(act, who, &mut seen, &mut marker, command).await?;
        }
        Ok(self.row(who, &seen, &marker).await?)
    }

    /// Writes what the act changes, and nothing when it changes nothing.
    async fn carry_out(
        &self,
        act: Act,
        who: &SignedIn,
        seen: &mut Seen,
        marker: &mut ReadMarker,
        command: &Command,
    ) -> Result<(), Refusal> {
        let (was, was_marker) = (seen.conversation.clone(), marker.clone());
        apply(act, &mut seen.conversation, marker, self.now());
        let commit = command.join(self.store.commit(&who.business.id));
        let commit = if seen.conversation != was {
            let line = line_of(who, was.state, seen.conversation.state);
            self.changed(commit, who, &mut seen.conversation, line)
        } else if *marker != was_marker {
            let event = self.event(&was, Happening::ConversationMarked { staff: who.staff.id.clone() });
            commit.read_marker(&was.id, &who.staff.id, marker).event(&event)
        } else {
            return command.keep(self).await;
        };
        Ok(commit.run().await?)
    }
}

/// What the timeline says of it where it was closed or opened again.
fn line_of(who: &SignedIn, was: Standing, is: Standing) -> Option<SystemLine<'_>> {
    let by = &who.staff.name;
    match (was, is) {
        (Standing::Open, Standing::Closed) => Some(SystemLine::Closed { by }),
        (Standing::Closed, Standing::Open) => Some(SystemLine::Reopened { by }),
        _ => None,
    }
}
