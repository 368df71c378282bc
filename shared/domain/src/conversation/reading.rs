//! What one person has read of a conversation, and what they are writing in it.

use serde::{Deserialize, Serialize};

use super::Conversation;
use crate::markdown;
use crate::time::Timestamp;

impl Conversation {
    /// Unread for one person: customer messages after the later of their read marker and anyone's last
    /// human reply; at least 1 while marked unread. While it is blocked, none.
    pub fn unread(&self, marker: &ReadMarker) -> u64 {
        if self.blocked {
            return 0;
        }
        let seen = self.answered_count.max(marker.read_count);
        self.customer_count.saturating_sub(seen).max(u64::from(marker.marked_unread))
    }
}

/// What one member of staff has seen of one conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadMarker {
    /// `customer_count` when they last looked (or when they joined).
    pub read_count: u64,
    /// Marked unread by hand.
    pub marked_unread: bool,
    /// Counts the writes.
    pub version: u64,
}

impl ReadMarker {
    /// Looking clears mine.
    pub fn read(&mut self, conversation: &Conversation) {
        self.read_count = self.read_count.max(conversation.customer_count);
        self.marked_unread = false;
    }

    /// Marked unread by hand.
    pub fn mark_unread(&mut self) {
        self.marked_unread = true;
    }
}

/// What one member of staff is writing in one conversation.
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
