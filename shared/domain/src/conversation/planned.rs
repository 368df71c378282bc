//! What waits to go: it stands in the timeline, and is no part of what was said before it goes.

use super::{AttentionReason, Conversation, LastMessage};
use crate::delivery::Schedule;
use crate::message::Message;
use crate::time::Timestamp;

/// Messages of one conversation that may wait at a time.
pub const MOST_PLANNED: usize = 20;

impl Conversation {
    /// A message that is to go later takes the next place, and changes nothing else: neither attention nor unread,
    /// neither the order of the list nor what its row shows.
    pub fn record_planned(&mut self, message: &Message) {
        debug_assert_eq!(message.seq, self.seq + 1, "the timeline has no gaps");
        self.0.seq = message.seq;
        if message.is_planned() {
            self.0.planned.push(message.seq);
        }
    }

    /// Whether there is room for one more that waits.
    pub fn has_room_for_plans(&self) -> bool {
        self.planned.len() < MOST_PLANNED
    }

    /// It waits no longer: it went, or was taken back.
    pub fn forget_planned(&mut self, seq: u64) {
        self.0.planned.retain(|place| *place != seq);
    }

    /// What waited goes now, from its place or to the end of the timeline: it answers for everyone what its writer
    /// had seen. What the customer wrote after that still waits.
    pub fn record_departure(&mut self, message: &Message, schedule: Option<&Schedule>, by_office: bool) {
        let known = schedule.map_or(self.customer_count, |schedule| schedule.customer_count);
        if message.seq > self.seq {
            self.append(message);
        } else {
            self.0.last_activity_at = self.last_activity_at.max(message.created_at);
            if self.last_message.as_ref().is_none_or(|last| last.seq <= message.seq) {
                self.0.last_message = Some(LastMessage::of(message));
            }
        }
        self.reopen_by(known);
        if by_office {
            self.0.assignee = self.0.assignee.take().or_else(|| message.author().cloned());
        }
    }

    fn reopen_by(&mut self, known: u64) {
        self.0.answered_count = self.answered_count.max(known.min(self.customer_count));
        self.reopen();
        if known >= self.customer_count {
            self.settle();
            self.0.set_aside = None;
        }
    }

    /// What was to go by itself waits for a person, who looks among the open ones: it opens again.
    pub fn record_held(&mut self, at: Timestamp) {
        self.reopen();
        self.need_person(at, AttentionReason::Held, false);
    }
}
