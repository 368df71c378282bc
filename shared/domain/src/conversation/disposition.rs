//! What people decide of a conversation, apart from what is said in it: to be kept, and put back.

use serde::{Deserialize, Serialize};

use super::{Attention, Conversation, ReadMarker, State};
use crate::id::StaffId;
use crate::time::Timestamp;

/// Whose a conversation is, and whether it needs anybody: all that Done, Close, Snooze and Assign change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disposition {
    state: State,
    snoozed_until: Option<Timestamp>,
    attention: Option<Attention>,
    set_aside: Option<Attention>,
    looked_settled: bool,
    failed: Option<u64>,
    assignee: Option<StaffId>,
}

impl Disposition {
    /// Whether a message waits here that did not arrive.
    pub const fn has_failure(&self) -> bool {
        self.failed.is_some()
    }
}

impl Conversation {
    /// What was decided of it.
    pub fn disposition(&self) -> Disposition {
        Disposition {
            state: self.state,
            snoozed_until: self.snoozed_until,
            attention: self.attention,
            set_aside: self.set_aside,
            looked_settled: self.looked_settled,
            failed: self.failed,
            assignee: self.assignee.clone(),
        }
    }

    /// As it was decided before.
    pub fn put_back(&mut self, was: &Disposition) {
        let was = was.clone();
        self.0.state = was.state;
        self.0.snoozed_until = was.snoozed_until;
        self.0.attention = was.attention;
        self.0.set_aside = was.set_aside;
        self.0.looked_settled = was.looked_settled;
        self.0.failed = was.failed;
        self.0.assignee = was.assignee;
    }
}

/// How far somebody has read: all that reading changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadUpTo {
    read_count: u64,
    marked_unread: bool,
    mentioned: Option<u64>,
}

impl ReadMarker {
    /// How far they have read.
    pub const fn up_to(&self) -> ReadUpTo {
        ReadUpTo { read_count: self.read_count, marked_unread: self.marked_unread, mentioned: self.mentioned }
    }

    /// As far as they had read before.
    pub const fn put_back(&mut self, was: ReadUpTo) {
        self.read_count = was.read_count;
        self.marked_unread = was.marked_unread;
        self.mentioned = was.mentioned;
    }
}
