//! `POST /api/conversations/{id}/read|unread|done|attention|close|reopen`

use axum::Json;
use axum::extract::State;
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

/// What is done with a conversation.
#[derive(Clone, Copy, Debug)]
enum Act {
    Read,
    Unread,
    Done,
    Attention,
    Close,
    Reopen,
}

impl Act {
    const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Unread => "unread",
            Self::Done => "done",
            Self::Attention => "attention",
            Self::Close => "close",
            Self::Reopen => "reopen",
        }
    }

    /// Reading is everybody's own, and everybody may call for the office; what else all staff share is the
    /// office's to change.
    const fn is_everybodys(self) -> bool {
        matches!(self, Self::Read | Self::Unread | Self::Attention)
    }

    fn apply(self, conversation: &mut Conversation, marker: &mut ReadMarker, now: Timestamp) {
        match self {
            Self::Read => marker.read(conversation),
            Self::Unread => marker.mark_unread(),
            Self::Done => conversation.settle(),
            Self::Attention => conversation.raise(now),
            Self::Close => conversation.close(),
            Self::Reopen => conversation.reopen(),
        }
    }
}

/// Mark as read
///
/// Clears the viewer's own unread; nobody else's.
#[utoipa::path(
    post, path = "/api/conversations/{id}/read", operation_id = "markRead", tag = "conversations",
    params(("id" = String, Path, pattern = "^[0-9a-f]{32}$")),
    request_body = Option<ActCommand>,
    responses((status = 200, description = "As it is now", body = ConversationRow)),
)]
pub async fn read(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<ConversationId>,
    MaybeBody(command): MaybeBody<ActCommand>,
) -> Result<Json<ConversationRow>, Problem> {
    inbox.act(&who, &id, command, Act::Read).await
}

/// Mark as unread
///
/// For the viewer only.
#[utoipa::path(
    post, path = "/api/conversations/{id}/unread", operation_id = "markUnread", tag = "conversations",
    params(("id" = String, Path, pattern = "^[0-9a-f]{32}$")),
    request_body = Option<ActCommand>,
    responses((status = 200, description = "As it is now", body = ConversationRow)),
)]
pub async fn unread(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<ConversationId>,
    MaybeBody(command): MaybeBody<ActCommand>,
) -> Result<Json<ConversationRow>, Problem> {
    inbox.act(&who, &id, command, Act::Unread).await
}

/// Done: stays open, needs nobody
#[utoipa::path(
    post, path = "/api/conversations/{id}/done", operation_id = "markDone", tag = "conversations",
    params(("id" = String, Path, pattern = "^[0-9a-f]{32}$")),
    request_body = Option<ActCommand>,
    responses((status = 200, description = "As it is now", body = ConversationRow)),
)]
pub async fn done(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<ConversationId>,
    MaybeBody(command): MaybeBody<ActCommand>,
) -> Result<Json<ConversationRow>, Problem> {
    inbox.act(&who, &id, command, Act::Done).await
}

/// Needs a person, after all
///
/// Undoes Done, Close or "looked settled": it waits again since it did before. With none of these to undo it
/// waits from now on. One that needs a person already stays as it is.
#[utoipa::path(
    post, path = "/api/conversations/{id}/attention", operation_id = "needsPerson", tag = "conversations",
    params(("id" = String, Path, pattern = "^[0-9a-f]{32}$")),
    request_body = Option<ActCommand>,
    responses((status = 200, description = "As it is now", body = ConversationRow)),
)]
pub async fn attention(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<ConversationId>,
    MaybeBody(command): MaybeBody<ActCommand>,
) -> Result<Json<ConversationRow>, Problem> {
    inbox.act(&who, &id, command, Act::Attention).await
}

/// Close: leaves Active and every technician's list
#[utoipa::path(
    post, path = "/api/conversations/{id}/close", operation_id = "close", tag = "conversations",
    params(("id" = String, Path, pattern = "^[0-9a-f]{32}$")),
    request_body = Option<ActCommand>,
    responses((status = 200, description = "As it is now", body = ConversationRow)),
)]
pub async fn close(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<ConversationId>,
    MaybeBody(command): MaybeBody<ActCommand>,
) -> Result<Json<ConversationRow>, Problem> {
    inbox.act(&who, &id, command, Act::Close).await
}

/// Open a closed conversation again
#[utoipa::path(
    post, path = "/api/conversations/{id}/reopen", operation_id = "reopen", tag = "conversations",
    params(("id" = String, Path, pattern = "^[0-9a-f]{32}$")),
    request_body = Option<ActCommand>,
    responses((status = 200, description = "As it is now", body = ConversationRow)),
)]
pub async fn reopen(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<ConversationId>,
    MaybeBody(command): MaybeBody<ActCommand>,
) -> Result<Json<ConversationRow>, Problem> {
    inbox.act(&who, &id, command, Act::Reopen).await
}

impl Inbox {
    async fn act(
        &self,
        who: &SignedIn,
        id: &ConversationId,
        body: ActCommand,
        act: Act,
    ) -> Result<Json<ConversationRow>, Problem> {
        let parts = [act.name(), who.staff.id.as_str(), id.as_str()];
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
        if !act.is_everybodys() && !who.viewer.role.is_office() {
            return Err(Problem::forbidden("This is the office's to do.").into());
        }
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
        act.apply(&mut seen.conversation, marker, self.now());
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
