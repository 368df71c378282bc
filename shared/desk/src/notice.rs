//! Changes of a conversation with the quiet entry that tells of them.

use porchlight_domain::conversation::{Conversation, Notice};
use porchlight_domain::event::Happening;
use porchlight_domain::id::StaffId;
use porchlight_store::Commit;

use crate::Desk;

impl Desk {
    /// The conversation as it now is, with a quiet entry of this person's act where one tells of it, and word to
    /// the live feed: of the entry, with which the row comes, else of the row.
    pub(crate) fn changed<'s>(
        &self,
        commit: Commit<'s>,
        author: Option<&StaffId>,
        conversation: &mut Conversation,
        notice: Option<Notice<'_>>,
    ) -> Commit<'s> {
        let now = self.now();
        let (commit, event) = match notice {
            None => (commit, self.event(&conversation.id, Happening::ConversationUpdated)),
            Some(notice) => {
                let mut entry = conversation.note(self.new_id(now), notice, author.cloned(), now);
                (commit.create_message(&mut entry), self.created(&entry))
            }
        };
        commit.conversation(conversation).event(&event)
    }
}
