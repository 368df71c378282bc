//! What staff write to staff, in a thread of their own.

use serde::{Deserialize, Serialize};

use super::acts::snippet;
use super::{Conversation, ReadMarker};
use crate::message::Message;

/// The job of a crew's thread, as its name tells it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrewJob {
    /// The number people call it by.
    pub number: u32,
    /// "Water heater replacement".
    pub title: String,
}

crate::debug_shows!(CrewJob: number);

/// Messages of a thread that were taken back: what was derived of them goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tombstones {
    /// How many.
    pub count: u64,
    /// The place of the one taken back last.
    pub last: u64,
}

impl Conversation {
    /// A member of staff writes to staff: everybody else it is between has it unread.
    pub fn record_internal(&mut self, message: &Message) {
        self.append(message);
        self.0.customer_count += 1;
    }

    /// Its author took a message back: it keeps its place, and the row tells its words no more.
    pub fn record_deletion(&mut self, message: &Message) {
        let count = self.tombstones.map_or(0, |tombstones| tombstones.count) + 1;
        self.0.tombstones = Some(Tombstones { count, last: message.seq });
        if let Some(last) = self.0.last_message.as_mut().filter(|last| last.seq == message.seq) {
            last.text = snippet(message);
        }
    }

    /// The job that a crew's thread is about; whether that is news.
    pub fn know_job(&mut self, job: CrewJob) -> bool {
        let is_news = self.crew_job.as_ref() != Some(&job);
        self.0.crew_job = Some(job);
        is_news
    }

    /// The word of the list in which the office shares an internal thread; none of a pair's, which is the two's alone.
    pub fn team_list(&self) -> Option<&'static str> {
        use crate::party::Party;
        match self.party {
            Party::Crew { .. } | Party::Staff { .. } => Some("internal"),
            Party::Customer(_) | Party::Pair(_) | Party::StaffPhone { .. } => None,
        }
    }

    /// Unread for one of those it is between; nothing before they joined, which their marker tells.
    pub fn internal_unread(&self, marker: &ReadMarker) -> u64 {
        if marker.has_joined() { self.unread(marker) } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::Beginning;
    use crate::party::{Pair, Party};
    use crate::samples::{at, business, staff};

    fn pair() -> Conversation {
        let party = Party::Pair(Pair::of(staff(1), staff(2)).expect("two people"));
        Conversation::begin(Beginning { business: business(1), party, customer: None, at: at(0) })
    }

    fn says(conversation: &mut Conversation, author: u64, text: &str) -> Message {
        let id = ulid::Ulid::from(u128::from(conversation.next_seq())).into();
        let message = Message::internal(conversation, id, at(5), staff(author), text.to_owned(), Vec::new());
        conversation.record_internal(&message);
        message
    }

    #[test]
    fn whoever_joins_later_has_nothing_of_before_unread() {
        let mut conversation = pair();
        says(&mut conversation, 1, "Bring the ladder");
        let there = ReadMarker { version: 1, ..ReadMarker::default() };
        assert_eq!(conversation.internal_unread(&there), 1);
        assert_eq!(conversation.internal_unread(&ReadMarker::default()), 0);
        let mut joined = ReadMarker { version: 1, ..ReadMarker::default() };
        joined.read(&conversation);
        says(&mut conversation, 1, "Both of them");
        assert_eq!((conversation.internal_unread(&joined), conversation.internal_unread(&there)), (1, 2));
    }

    #[test]
    fn whoever_writes_has_read_their_own_and_what_they_saw_before_it() {
        let mut conversation = pair();
        let mut marker = ReadMarker { version: 1, ..ReadMarker::default() };
        says(&mut conversation, 1, "Bring the ladder");
        says(&mut conversation, 2, "Lunch?");
        marker.wrote(&conversation, false);
        assert_eq!(conversation.internal_unread(&marker), 1);
        says(&mut conversation, 2, "I have it");
        marker.wrote(&conversation, true);
        assert_eq!(conversation.internal_unread(&marker), 0);
        says(&mut conversation, 2, "Coming");
        marker.wrote(&conversation, false);
        assert_eq!(conversation.internal_unread(&marker), 0, "their own alone was new");
    }

    #[test]
    fn a_message_taken_back_leaves_its_place_and_none_of_its_words() {
        let mut conversation = pair();
        let first = says(&mut conversation, 1, "The code is 4711");
        let mut second = says(&mut conversation, 1, "The other code is 0815");
        second.delete(at(9));
        conversation.record_deletion(&second);
        let last = conversation.last_message.clone().expect("a row");
        assert_eq!((last.seq, last.text.as_str()), (2, "Message deleted"));
        assert_eq!((second.text(), second.deleted_at()), ("", Some(at(9))));
        let mut first = first;
        first.delete(at(10));
        conversation.record_deletion(&first);
        assert_eq!(conversation.tombstones, Some(Tombstones { count: 2, last: 1 }));
        first.delete(at(11));
        assert_eq!(first.deleted_at(), Some(at(10)), "once");
    }
}
