//! Changes of a conversation with the quiet line that tells of them.

use porchlight_domain::conversation::{Conversation, SystemLine};
use porchlight_domain::event::Happening;
use porchlight_domain::id::MessageId;
use porchlight_edge::session::SignedIn;
use porchlight_store::Commit;

use crate::Inbox;

impl Inbox {
    /// The conversation as it now is, with a quiet line of this person's act where one tells of it, and word to
    /// the live feed: of the line, with which the row comes, else of the row.
    pub fn changed<'s>(
        &self,
        commit: Commit<'s>,
        who: &SignedIn,
        conversation: &mut Conversation,
        line: Option<SystemLine<'_>>,
    ) -> Commit<'s> {
        let now = self.now();
        let (commit, happening) = match line {
            None => (commit, Happening::ConversationUpdated),
            Some(line) => {
                let id = MessageId::from(self.entropy.ulid(now));
                let mut line = conversation.record_system(id, line, Some(who.staff.id.clone()), now);
                (commit.create_message(&mut line), Happening::MessageCreated { seq: line.seq })
            }
        };
        let event = self.event(conversation, happening);
        commit.conversation(conversation).event(&event)
    }
}
