//! "Hand to office": it needs a person of the office, with the technician's words as a note.

use porchlight_domain::access::{Act, Person};
use porchlight_domain::command::Fingerprint;
use porchlight_domain::id::ConversationId;
use porchlight_store::messages::MessagePointer;

use crate::{Desk, NewNote, Refusal, SeenMarked};

impl Desk {
    /// Hands it over, once: attention and the note in one transaction; how the conversation then is.
    pub async fn hand_to_office(
        &self,
        who: &Person,
        id: &ConversationId,
        note: &NewNote,
    ) -> Result<SeenMarked, Refusal> {
        self.until_written(|| self.try_hand_to_office(who, id, note)).await
    }

    async fn try_hand_to_office(
        &self,
        who: &Person,
        id: &ConversationId,
        new: &NewNote,
    ) -> Result<SeenMarked, Refusal> {
        let mut seen = self.see(who, id).await?;
        let parts = ["hand to office", who.staff.id.as_str(), id.as_str(), &new.text];
        let fingerprint = Fingerprint::of(&parts);
        if let Some(pointer) = self.store.message_pointer(&who.business.id, &new.id).await? {
            self.sent_before(who, &pointer, &fingerprint).await?;
            return self.marked(who, seen).await;
        }
        seen.conversation.party.customer().ok_or(Refusal::NoCustomer)?;
        seen.permit(who, Act::Note)?;
        seen.permit(who, Act::NeedPerson)?;
        let mut note = self.compose_note(who, &seen, new)?;
        seen.conversation.record_note(&note);
        seen.conversation.hand_over(self.now());
        let (pointer, created) = (MessagePointer::to(&note, Some(fingerprint)), self.created(&note));
        let commit = self.store.commit(&who.business.id).message_pointer(&pointer).create_message(&mut note);
        commit.conversation(&mut seen.conversation).event(&created).run().await?;
        self.marked(who, seen).await
    }
}
