//! Events of the live feed: made here and nowhere else.

use std::collections::BTreeSet;

use porchlight_domain::conversation::Conversation;
use porchlight_domain::event::{Event, Happening};
use porchlight_domain::id::{ConversationId, StaffId};
use porchlight_domain::message::Message;
use porchlight_domain::time::Timestamp;
use porchlight_store::Commit;

use crate::Desk;

/// Parts that a transaction keeps for what is written after people are told of their access.
const KEPT: usize = 20;

impl Desk {
    /// An event, its id minted for this attempt.
    pub fn event(&self, conversation: &ConversationId, happening: Happening) -> Event {
        self.event_at(conversation, happening, self.now())
    }

    pub(crate) fn event_at(
        &self,
        conversation: &ConversationId,
        happening: Happening,
        at: Timestamp,
    ) -> Event {
        Event { id: self.new_id(at), conversation: Some(conversation.clone()), happening }
    }

    /// An event of what all of the business share.
    pub(crate) fn event_of_business(&self, happening: Happening) -> Event {
        Event { id: self.new_id(self.now()), conversation: None, happening }
    }

    pub(crate) fn created(&self, message: &Message) -> Event {
        self.event(&message.conversation, Happening::MessageCreated { seq: message.seq })
    }

    pub(crate) fn updated(&self, message: &Message) -> Event {
        self.event(&message.conversation, Happening::MessageUpdated { seq: message.seq })
    }

    /// Tells the live feed that the access of these people to these conversations may have changed; as many as
    /// there is room for. A stream that is not told asks again by itself.
    pub(crate) fn access_changed<'s>(
        &self,
        commit: Commit<'s>,
        conversations: &[Conversation],
        staff: &BTreeSet<StaffId>,
    ) -> Commit<'s> {
        let pairs =
            conversations.iter().flat_map(|conversation| staff.iter().map(move |it| (conversation, it)));
        let room = commit.room().saturating_sub(KEPT);
        pairs.take(room).fold(commit, |commit, (conversation, staff)| {
            commit.event(&self.event(&conversation.id, Happening::AccessChanged { staff: staff.clone() }))
        })
    }
}
