//! What somebody was writing, on every device of theirs.

use porchlight_domain::access::{Act, Person};
use porchlight_domain::conversation::Draft;
use porchlight_domain::event::Happening;
use porchlight_domain::id::ConversationId;

use crate::{Desk, Refusal};

impl Desk {
    /// Keeps the words so far; none throws the draft away. The last one wins.
    pub async fn keep_draft(&self, who: &Person, id: &ConversationId, text: &str) -> Result<Draft, Refusal> {
        let draft = Draft { text: text.to_owned(), updated_at: self.now() };
        self.until_written(|| self.try_keep_draft(who, id, &draft)).await?;
        Ok(draft)
    }

    async fn try_keep_draft(&self, who: &Person, id: &ConversationId, draft: &Draft) -> Result<(), Refusal> {
        let seen = self.see(who, id).await?;
        seen.permit(who, Act::Draft)?;
        let staff = &who.staff.id;
        let commit = self.store.commit(&who.business.id);
        let commit = if draft.text.is_empty() {
            commit.delete_draft(id, staff)
        } else {
            commit.draft(id, staff, draft)
        };
        let event = self.event(id, Happening::ConversationMarked { staff: staff.clone() });
        Ok(commit.event(&event).run().await?)
    }
}
