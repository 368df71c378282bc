//! Whom the office adds to a conversation.

use porchlight_domain::access::{Act, Person};
use porchlight_domain::id::{ConversationId, StaffId};
use porchlight_store::jobs::Participant;

use crate::{Desk, Refusal};

impl Desk {
    /// Adds somebody; they may see it from then on.
    pub async fn add_participant(
        &self,
        who: &Person,
        id: &ConversationId,
        staff: &StaffId,
    ) -> Result<Participant, Refusal> {
        self.until_written(|| self.try_add(who, id, staff)).await
    }

    async fn try_add(
        &self,
        who: &Person,
        id: &ConversationId,
        staff: &StaffId,
    ) -> Result<Participant, Refusal> {
        let seen = self.see(who, id).await?;
        seen.permit(who, Act::Share)?;
        self.known_staff(&who.business.id, staff).await?;
        let known = self.store.participants(&who.business.id, id).await?;
        if let Some(known) = known.into_iter().find(|known| known.staff == *staff) {
            return Ok(known);
        }
        let participant =
            Participant { conversation: id.clone(), staff: staff.clone(), added_at: self.now() };
        let commit = self.store.commit(&who.business.id).participant(&participant);
        self.access_changed(commit, &[seen.conversation], &[staff.clone()].into()).run().await?;
        Ok(participant)
    }

    /// Takes somebody out.
    pub async fn remove_participant(
        &self,
        who: &Person,
        id: &ConversationId,
        staff: &StaffId,
    ) -> Result<(), Refusal> {
        self.until_written(async || {
            let seen = self.see(who, id).await?;
            seen.permit(who, Act::Share)?;
            let commit = self.store.commit(&who.business.id).remove_participant(id, staff);
            Ok(self.access_changed(commit, &[seen.conversation], &[staff.clone()].into()).run().await?)
        })
        .await
    }
}
