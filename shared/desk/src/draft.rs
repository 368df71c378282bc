//! What somebody was writing, on every device of theirs.

use porchlight_domain::access::{Act, Person};
use porchlight_domain::conversation::{Draft, DraftKind};
use porchlight_domain::event::Happening;
use porchlight_domain::id::ConversationId;

use crate::{Desk, Refusal};

impl Desk {
    /// Keeps the words so far; none throws the draft away. They take the place of the words that `replaces` says:
    /// where others are kept by now, those stay. Without it, the last one wins.
    pub async fn keep_draft(
        &self,
        who: &Person,
        id: &ConversationId,
        kind: DraftKind,
        text: &str,
        replaces: Option<&str>,
    ) -> Result<Draft, Refusal> {
        let draft = Draft { text: text.to_owned(), updated_at: self.now() };
        self.until_written(|| self.try_keep_draft(who, id, kind, &draft, replaces)).await?;
        Ok(draft)
    }

    async fn try_keep_draft(
        &self,
        who: &Person,
        id: &ConversationId,
        kind: DraftKind,
        draft: &Draft,
        replaces: Option<&str>,
    ) -> Result<(), Refusal> {
        let seen = self.see(who, id).await?;
        seen.permit(who, Act::Draft)?;
        let (business, staff) = (&who.business.id, &who.staff.id);
        let had = self.store.draft(business, id, staff, kind).await?;
        let others = had.as_ref().filter(|had| had.text != draft.text);
        if others.is_some_and(|had| replaces.is_some_and(|replaces| replaces != had.text)) {
            return Err(Refusal::DraftChanged);
        }
        let commit = self.store.commit(business).draft(id, staff, kind, draft, had.as_ref());
        let event = self.event(id, Happening::ConversationMarked { staff: staff.clone() });
        Ok(commit.event(&event).run().await?)
    }
}
