//! What is done with a conversation and says all by its name: read, unread, pin, unpin, done, attention, close, reopen.

use porchlight_domain::access::{Act, Permit, Person};
use porchlight_domain::bulk::Trace;
use porchlight_domain::conversation::{Conversation, Notice, ReadMarker, State};
use porchlight_domain::event::Happening;
use porchlight_domain::id::{CommandId, ConversationId};
use porchlight_domain::time::Timestamp;
use porchlight_store::Commit;

use crate::command::Command;
use crate::{Desk, Refusal, SeenMarked};

/// What a client's command id is bound to; kept in the vault, so the words stay.
const fn name(act: Act) -> &'static str {
    match act {
        Act::Read => "read",
        Act::MarkUnread => "unread",
        Act::Settle => "done",
        Act::NeedPerson => "attention",
        Act::Snooze => "snooze",
        Act::Close => "close",
        Act::Reopen => "reopen",
        Act::Pin => "pin",
        Act::Unpin => "unpin",
        Act::Draft => "draft",
        Act::Note => "note",
        Act::Write => "write",
        Act::Dismiss => "dismiss",
        Act::Reach => "reach",
        Act::Block => "block",
        Act::Assign => "assign",
        Act::Share => "share",
        Act::Restrict => "office only",
    }
}

fn apply(permit: Permit, conversation: &mut Conversation, marker: &mut ReadMarker, now: Timestamp) {
    match permit.act() {
        Act::Read => marker.read(conversation),
        Act::MarkUnread => marker.mark_unread(),
        Act::Pin => marker.pinned = true,
        Act::Unpin => marker.pinned = false,
        Act::Settle => conversation.settle(),
        Act::NeedPerson => conversation.raise(now),
        Act::Close => conversation.close(),
        Act::Reopen => conversation.reopen(),
        // These have more to say than their name, and their own way here.
        Act::Draft
        | Act::Note
        | Act::Write
        | Act::Dismiss
        | Act::Reach
        | Act::Snooze
        | Act::Block
        | Act::Assign
        | Act::Share
        | Act::Restrict => {}
    }
}

impl Desk {
    /// Does it once, however often the command comes; how the conversation then is.
    pub async fn act(
        &self,
        who: &Person,
        id: &ConversationId,
        act: Act,
        command: Option<CommandId>,
    ) -> Result<SeenMarked, Refusal> {
        let parts = [name(act), who.staff.id.as_str(), id.as_str()];
        let command = self.command(&who.business.id, command, &parts);
        self.until_written(|| self.try_act(who, id, act, &command)).await
    }

    pub(crate) async fn try_act(
        &self,
        who: &Person,
        id: &ConversationId,
        act: Act,
        command: &Command,
    ) -> Result<SeenMarked, Refusal> {
        let seen = self.see(who, id).await?;
        let permit = seen.permit(who, act)?;
        let mut marked = self.marked(who, seen).await?;
        if !self.was_done(command).await? {
            command.takes(&marked.seen.conversation, self.now())?;
            self.carry_out(permit, who, &mut marked, command).await?;
        }
        Ok(marked)
    }

    /// Writes what the act changes, and nothing when it changes nothing.
    async fn carry_out(
        &self,
        permit: Permit,
        who: &Person,
        SeenMarked { seen, marker }: &mut SeenMarked,
        command: &Command,
    ) -> Result<(), Refusal> {
        let (was, was_marker) = (seen.conversation.clone(), marker.clone());
        apply(permit, &mut seen.conversation, marker, self.now());
        let commit = self.store.commit(&who.business.id);
        let commit = if seen.conversation != was {
            let notice = notice_of(who, was.state, seen.conversation.state);
            let commit = self.changed(commit, Some(&who.staff.id), &mut seen.conversation, notice);
            command.join_with(commit, || Trace::shared(&was, &seen.conversation))
        } else if *marker != was_marker {
            let commit = self.marked_anew(commit, who, &was.id, marker);
            command.join_with(commit, || Trace::own(&was_marker, marker, was.seq))
        } else {
            return command.keep(self).await;
        };
        Ok(commit.run().await?)
    }

    /// How far this person has read, with word to their windows.
    pub(crate) fn marked_anew<'s>(
        &self,
        commit: Commit<'s>,
        who: &Person,
        id: &ConversationId,
        marker: &mut ReadMarker,
    ) -> Commit<'s> {
        let event = self.event(id, Happening::ConversationMarked { staff: who.staff.id.clone() });
        commit.read_marker(id, &who.staff.id, marker).event(&event)
    }
}

/// What the timeline says of it where it was closed or opened again.
pub fn notice_of(who: &Person, was: State, is: State) -> Option<Notice<'_>> {
    let by = &who.staff.name;
    match (was, is) {
        (State::Open, State::Closed) => Some(Notice::Closed { by }),
        (State::Closed, State::Open) => Some(Notice::Reopened { by }),
        (State::Open, State::Open) | (State::Closed, State::Closed) => None,
    }
}
