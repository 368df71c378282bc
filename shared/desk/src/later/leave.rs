//! A message that waited goes.

use std::time::Duration;

use porchlight_domain::conversation::Conversation;
use porchlight_domain::delivery::Schedule;
use porchlight_domain::event::Happening;
use porchlight_domain::message::Message;
use porchlight_store::messages::MessagePointer;
use porchlight_store::{Commit, StoreError};

use crate::Desk;

/// What goes, and what it goes from.
pub(super) struct Departure<'a> {
    /// Its delivery is queued; it stands where it waited.
    pub message: Message,
    /// What was planned for a time takes the next place of the timeline; what could be taken back for a moment stays.
    pub was_planned: bool,
    /// As it was read.
    pub conversation: &'a mut Conversation,
    /// What its writer knew; all of it, where a person sends it now.
    pub known: Option<Schedule>,
    /// Its writer, or whoever sends it, is of the office.
    pub by_office: bool,
}

impl Desk {
    /// Message, conversation, pointer and events join the transaction; the message where it then stands.
    pub(super) async fn leave<'s>(
        &self,
        commit: Commit<'s>,
        departure: Departure<'_>,
    ) -> Result<(Commit<'s>, Message), StoreError> {
        let Departure { mut message, was_planned, conversation, known, by_office } = departure;
        let now = self.now();
        let business = conversation.business.clone();
        if !was_planned {
            conversation.record_departure(&message, known.as_ref(), by_office);
            let event = self.updated(&message);
            let commit = commit.update_message(&mut message).conversation(conversation).event(&event);
            return Ok((commit, message));
        }
        let pointer = self.store.message_pointer(&business, &message.id).await?;
        conversation.forget_planned(message.seq);
        let (mut entry, mut message) = message.leave(conversation, self.new_id(now), now);
        conversation.record_departure(&message, known.as_ref(), by_office);
        let pointer = MessagePointer::to(&message, pointer.and_then(|pointer| pointer.fingerprint));
        let created = self.created(&message);
        // Ids of one millisecond have no order: what takes its place is told after it has gone.
        let later = now + Duration::from_millis(1);
        let stays = self.event_at(&entry.conversation, Happening::MessageUpdated { seq: entry.seq }, later);
        let commit = commit.leave(&mut message, &mut entry, &pointer).conversation(conversation);
        Ok((commit.event(&created).event(&stays), message))
    }
}
