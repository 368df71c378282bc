//! Putting a conversation off until a time, and its end.

use porchlight_domain::access::{Act, Person};
use porchlight_domain::bulk::Trace;
use porchlight_domain::conversation::Conversation;
use porchlight_domain::event::Happening;
use porchlight_domain::id::{BusinessId, CommandId, ConversationId};
use porchlight_domain::time::Timestamp;
use porchlight_store::StoreError;

use crate::command::Command;
use crate::{Desk, Refusal, SeenMarked};

impl Desk {
    /// Puts it off until a time to come, or ends that; how the conversation then is.
    pub async fn snooze(
        &self,
        who: &Person,
        id: &ConversationId,
        until: Option<Timestamp>,
        command: Option<CommandId>,
    ) -> Result<SeenMarked, Refusal> {
        let at = until.map(|at| at.to_string()).unwrap_or_default();
        let command =
            self.command(&who.business.id, command, &["snooze", who.staff.id.as_str(), id.as_str(), &at]);
        self.until_written(|| self.try_snooze(who, id, until, &command)).await
    }

    pub(crate) async fn try_snooze(
        &self,
        who: &Person,
        id: &ConversationId,
        until: Option<Timestamp>,
        command: &Command,
    ) -> Result<SeenMarked, Refusal> {
        let mut seen = self.see(who, id).await?;
        seen.permit(who, Act::Snooze)?;
        if self.was_done(command).await? {
            return self.marked(who, seen).await;
        }
        command.takes(&seen.conversation, self.now())?;
        let was = seen.conversation.clone();
        match until {
            Some(until) => {
                self.may_come(&who.business, until)?;
                seen.conversation.snooze(until);
            }
            None => seen.conversation.unsnooze(),
        }
        if seen.conversation == was {
            command.keep(self).await?;
        } else {
            let commit = self.store.commit(&who.business.id);
            let commit = self.changed(commit, Some(&who.staff.id), &mut seen.conversation, None);
            command.join_with(commit, || Trace::shared(&was, &seen.conversation)).run().await?;
        }
        self.marked(who, seen).await
    }

    /// Wakes a conversation whose snooze has ended; as it then is. A conflict means that somebody was faster.
    pub async fn wake(
        &self,
        business: &BusinessId,
        id: &ConversationId,
    ) -> Result<Option<Conversation>, StoreError> {
        let found = self.store.conversations(business, std::slice::from_ref(id)).await?.pop();
        let Some(mut conversation) = found else { return Ok(None) };
        if conversation.wake(self.now()) {
            let event = self.event(id, Happening::ConversationUpdated);
            self.store.commit(business).conversation(&mut conversation).event(&event).run().await?;
        }
        Ok(Some(conversation))
    }
}
