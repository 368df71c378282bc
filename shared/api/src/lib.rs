//! The JSON shapes that more than one function answers with, made from domain types in this one place, so that a
//! row that was fetched and a row that was pushed are the same row.
//!
//! # Layout
//!
//! - [`words`]: the closed sets of words. [`row`]: a conversation in the list; [`party`]: who it is with. [`message`]: an entry of the
//!   timeline. [`media`]: the name of a file in it. [`live`]: what the events of the feed carry.
//!
//! - [`ProblemShape`]: how errors are documented.
//!
//! Invariant: every shape that shows parts of a conversation is told the viewer's
//! [`Sight`](porchlight_domain::access::Sight) and leaves out what it hides (P7).
//!
//! It must not know HTTP, nor what any function does.

pub mod live;
pub mod media;
pub mod message;
pub mod party;
mod problem;
pub mod row;
pub mod words;

use std::collections::{HashMap, HashSet};

use porchlight_domain::access::Sight;
use porchlight_domain::conversation::{Conversation, ReadMarker};
use porchlight_domain::id::{ConversationId, StaffId};
use porchlight_domain::staff::Staff;
use porchlight_store::counters::Counters;
use serde::Serialize;
use utoipa::ToSchema;

pub use self::message::MessageView;
pub use self::problem::ProblemShape;
pub use self::row::ConversationRow;

/// A member of staff, as others see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Person)]
pub struct StaffRef {
    /// Their id.
    pub id: StaffId,
    /// Their name.
    pub name: String,
}

/// The names of a business's staff, those who left included: messages keep their authors.
#[derive(Clone, Debug, Default)]
pub struct StaffNames {
    names: HashMap<StaffId, String>,
    left: HashSet<StaffId>,
}

impl StaffNames {
    /// From the staff of one business.
    pub fn new<'s>(staff: impl IntoIterator<Item = &'s Staff>) -> Self {
        let mut all = Self::default();
        for person in staff {
            all.names.insert(person.id.clone(), person.name.clone());
            if !person.works() {
                all.left.insert(person.id.clone());
            }
        }
        all
    }

    /// Whether somebody works there no longer.
    pub fn has_left(&self, id: &StaffId) -> bool {
        self.left.contains(id)
    }

    /// A person by id; somebody whose record is gone has an empty name.
    pub fn get(&self, id: &StaffId) -> StaffRef {
        StaffRef { id: id.clone(), name: self.names.get(id).cloned().unwrap_or_default() }
    }
}

/// How many conversations with customers there are for a viewer; never depends on a query.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Counts {
    /// Everything that is not blocked.
    pub total: u64,
    /// Those of Active that need a person.
    pub attention: u64,
    /// The sum of the viewer's unread messages; a technician's with those of colleagues.
    pub unread: u64,
    /// Of them, or beside them in the office: unread messages of colleagues.
    pub internal_unread: u64,
}

impl Counts {
    /// Those of a person of the office.
    pub fn of_office(counters: &Counters, staff: &StaffId) -> Self {
        // What was taken away before it was added may stand below nothing for a moment.
        let count = |number: i64| u64::try_from(number).unwrap_or(0);
        Self {
            total: count(counters.total),
            attention: count(counters.attention),
            unread: count(counters.unread_of(staff)),
            internal_unread: count(counters.internal_of(staff)),
        }
    }

    /// Those of a technician: what they see, counted.
    pub fn of_seen<S: std::hash::BuildHasher>(
        seen: &[(Conversation, Sight)],
        markers: &HashMap<ConversationId, ReadMarker, S>,
    ) -> Self {
        let unseen = ReadMarker::default();
        let mut counts = Self::default();
        for (conversation, sight) in seen {
            let marker = markers.get(&conversation.id).unwrap_or(&unseen);
            let (unread, is_internal) =
                (sight.unread(conversation, marker), conversation.party.is_internal());
            counts.total += u64::from(!is_internal);
            counts.attention += u64::from(conversation.shown_attention().is_some());
            counts.unread += unread;
            counts.internal_unread += if is_internal { unread } else { 0 };
        }
        counts
    }
}
