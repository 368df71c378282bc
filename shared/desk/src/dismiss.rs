//! Putting aside a message that will not be sent again.

use porchlight_domain::access::{Act, Person};
use porchlight_domain::id::{CommandId, MessageId};
use porchlight_domain::message::Message;

use crate::command::Command;
use crate::{Desk, Refusal};

impl Desk {
    /// Puts aside one that failed, or is still `unknown` after a day. Late evidence still counts.
    pub async fn dismiss(
        &self,
        who: &Person,
        id: &MessageId,
        command: Option<CommandId>,
    ) -> Result<Message, Refusal> {
        let parts = ["dismiss", who.staff.id.as_str(), id.as_str()];
        let command = self.command(&who.business.id, command, &parts);
        self.until_written(|| self.try_dismiss(who, id, &command)).await
    }

    async fn try_dismiss(&self, who: &Person, id: &MessageId, command: &Command) -> Result<Message, Refusal> {
        let found = self.store.message_by_id(&who.business.id, id).await?;
        let mut message = found.ok_or(Refusal::NotFound)?;
        let mut seen = self.see(who, &message.conversation).await?;
        if !seen.sight.shows(&message) {
            return Err(Refusal::NotFound);
        }
        seen.permit(who, Act::Dismiss)?;
        if self.was_done(command).await? || message.dismissed_at().is_some() {
            return Ok(message);
        }
        if !message.delivery().is_some_and(|delivery| delivery.may_resend(self.now())) {
            return Err(Refusal::NotDismissable);
        }
        message.dismiss(self.now());
        seen.conversation.forget_failure(message.seq);
        let event = self.updated(&message);
        let commit = command.join(self.store.commit(&who.business.id)).update_message(&mut message);
        commit.conversation(&mut seen.conversation).event(&event).run().await?;
        Ok(message)
    }
}
