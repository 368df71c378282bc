//! Who looks at a conversation, and who writes in it: told to colleagues while it lasts, and kept nowhere.

use porchlight_domain::access::{Act, Person};
use porchlight_domain::event::Happening;
use porchlight_domain::id::ConversationId;

use crate::{Desk, Refusal};

impl Desk {
    /// Tells others who see the conversation that this person has it before them. Told a moment ago, they are not told
    /// again. The conversation is not written, and nothing is derived from it.
    pub async fn present(&self, who: &Person, id: &ConversationId, typing: bool) -> Result<(), Refusal> {
        let seen = self.see(who, id).await?;
        seen.permit(who, Act::Read)?;
        let event = self.event(id, Happening::Present { staff: who.staff.id.clone(), typing });
        self.store.put_presence(&who.business.id, &who.staff.id, &event).await?;
        Ok(())
    }
}
