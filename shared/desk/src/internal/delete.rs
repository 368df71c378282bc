//! Taking an internal message back: a tombstone stays in its place.

use porchlight_domain::access::Person;
use porchlight_domain::id::MessageId;
use porchlight_domain::message::{Message, MessageKind};

use crate::{Desk, Refusal};

impl Desk {
    /// Takes back what this person wrote to colleagues, once, however often they ask: its words and files are shown to
    /// nobody from then on.
    pub async fn delete_message(&self, who: &Person, id: &MessageId) -> Result<Message, Refusal> {
        self.until_written(|| self.try_delete_message(who, id)).await
    }

    async fn try_delete_message(&self, who: &Person, id: &MessageId) -> Result<Message, Refusal> {
        let found = self.store.message_by_id(&who.business.id, id).await?;
        let mut message = found.ok_or(Refusal::NotFound)?;
        let mut seen = self.see(who, &message.conversation).await?;
        if !seen.sight.shows(&message) {
            return Err(Refusal::NotFound);
        }
        if message.kind() != MessageKind::Internal {
            return Err(Refusal::NotDeletable);
        }
        if !seen.sight.may_delete(&who.viewer, &message) {
            return Err(Refusal::NotTheirs);
        }
        if message.deleted_at().is_some() {
            return Ok(message);
        }
        message.delete(self.now());
        seen.conversation.record_deletion(&message);
        let event = self.updated(&message);
        let commit = self.store.commit(&who.business.id).update_message(&mut message);
        commit.conversation(&mut seen.conversation).event(&event).run().await?;
        Ok(message)
    }
}
