//! "Office only": the crew reads a customer's thread, and cannot write.

use porchlight_domain::access::{Act, Person};
use porchlight_domain::conversation::Notice;
use porchlight_domain::id::{CommandId, ConversationId};

use crate::command::Command;
use crate::{Desk, Refusal, SeenMarked};

impl Desk {
    /// Switches it on or off, once; how the conversation then is.
    pub async fn restrict(
        &self,
        who: &Person,
        id: &ConversationId,
        on: bool,
        command: Option<CommandId>,
    ) -> Result<SeenMarked, Refusal> {
        let parts = ["office only", who.staff.id.as_str(), id.as_str(), if on { "on" } else { "off" }];
        let command = self.command(&who.business.id, command, &parts);
        self.until_written(|| self.try_restrict(who, id, on, &command)).await
    }

    async fn try_restrict(
        &self,
        who: &Person,
        id: &ConversationId,
        on: bool,
        command: &Command,
    ) -> Result<SeenMarked, Refusal> {
        let mut seen = self.see(who, id).await?;
        seen.permit(who, Act::Restrict)?;
        if self.was_done(command).await? {
            return self.marked(who, seen).await;
        }
        if seen.conversation.office_only == on {
            command.keep(self).await?;
        } else {
            seen.conversation.restrict(on);
            let by = &who.staff.name;
            let notice = if on { Notice::OfficeOnly { by } } else { Notice::CrewToo { by } };
            let commit = self.store.commit(&who.business.id);
            let commit = self.changed(commit, Some(&who.staff.id), &mut seen.conversation, Some(notice));
            command.join(commit).run().await?;
        }
        self.marked(who, seen).await
    }
}
