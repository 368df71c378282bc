//! What one person has read of a conversation, and what they are writing in it.

use serde::{Deserialize, Serialize};

use super::Conversation;
use crate::markdown;
use crate::time::Timestamp;

impl Conversation {
    /// Unread for one person: customer messages after the later of their read marker and anyone's last
    /// human reply; at least 1 while marked unread, or mentioned in a note since they looked. While it is blocked, none.
    pub fn unread(&self, marker: &ReadMarker) -> u64 {
        if self.blocked {
            return 0;
        }
        let seen = self.answered_count.max(marker.read_count);
        self.customer_count.saturating_sub(seen).max(marker.marks())
    }
}

/// What one member of staff has seen of one conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadMarker {
    /// `customer_count` when they last looked (or when they joined).
    pub read_count: u64,
    /// Marked unread by hand.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub marked_unread: bool,
    /// The place of the newest note that names them, since they last looked.
    #[serde(default)]
    pub mentioned: Option<u64>,
    /// On top of their list.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pinned: bool,
    /// Counts the writes.
    pub version: u64,
}

impl ReadMarker {
    /// Looking clears mine.
    pub fn read(&mut self, conversation: &Conversation) {
        self.read_count = self.read_count.max(conversation.customer_count);
        self.marked_unread = false;
        self.mentioned = None;
    }

    /// They wrote the newest message, which is recorded already: their own words are read, and what stands before them
    /// where they had seen it, or had nothing of it unread.
    pub fn wrote(&mut self, conversation: &Conversation, saw_the_end: bool) {
        if saw_the_end || !self.has_joined() {
            self.read(conversation);
        } else {
            self.read_count = (self.read_count + 1).min(conversation.customer_count);
        }
    }

    /// A note names them.
    pub fn mention(&mut self, seq: u64) {
        self.mentioned = self.mentioned.max(Some(seq));
    }

    /// Of an internal thread: whether they were let in. Everybody has a marker from then on.
    pub const fn has_joined(&self) -> bool {
        self.version > 0
    }

    /// 1 where they or a colleague's note have marked it.
    pub fn marks(&self) -> u64 {
        u64::from(self.marked_unread || self.mentioned.is_some())
    }

    /// Marked unread by hand.
    pub fn mark_unread(&mut self) {
        self.marked_unread = true;
    }
}

/// What a draft is to become: words are never carried from one to the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DraftKind {
    /// Words to the customer.
    #[default]
    Reply,
    /// Words to colleagues.
    Note,
}

/// What one member of staff is writing in one conversation: one draft of each kind.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The words so far.
    pub text: String,
    /// When they were kept.
    pub updated_at: Timestamp,
}

impl Draft {
    /// Whether its words are among those that were sent: it then is an earlier state of them, or all of them.
    pub fn went_with(&self, sent: &str) -> bool {
        sent.contains(markdown::clean(&self.text).as_str())
    }
}

crate::debug_shows!(Draft: updated_at);
