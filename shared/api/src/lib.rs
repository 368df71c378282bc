//! The JSON shapes that more than one function answers with, made from domain types in this one place, so that a
//! row that was fetched and a row that was pushed are the same row.
//!
//! # Layout
//!
//! - [`words`]: the closed sets of words. [`row`]: a conversation in the list. [`message`]: an entry of the
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
mod problem;
pub mod row;
pub mod words;

use std::collections::HashMap;

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
pub struct StaffNames(HashMap<StaffId, String>);

impl StaffNames {
    /// From the staff of one business.
    pub fn new<'s>(staff: impl IntoIterator<Item = &'s Staff>) -> Self {
        Self(staff.into_iter().map(|person| (person.id.clone(), person.name.clone())).collect())
    }

    /// A person by id; somebody whose record is gone has an empty name.
    pub fn get(&self, id: &StaffId) -> StaffRef {
        StaffRef { id: id.clone(), name: self.0.get(id).cloned().unwrap_or_default() }
    }
}

/// How many conversations there are for a viewer; never depends on a query.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Counts {
    /// Everything that is not blocked.
    pub total: u64,
    /// Those of Active that need a person.
    pub attention: u64,
    /// The sum of the viewer's unread messages.
    pub unread: u64,
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
            counts.total += 1;
            counts.attention += u64::from(conversation.shown_attention().is_some());
            counts.unread += sight.unread(conversation, marker);
        }
        counts
    }
}
