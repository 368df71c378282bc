//! What a row was before a bulk command, and what that left.

use serde::{Deserialize, Serialize};

use crate::conversation::{Conversation, Disposition, ReadMarker, ReadUpTo};

/// What a command changed of one conversation. It lies with the row's command and is small.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trace {
    /// What all staff share.
    Shared {
        /// Before.
        was: Disposition,
        /// As the command left it.
        left: Disposition,
        /// The end of the timeline then: whatever is written since is after it.
        seq: u64,
        /// The conversation's version then.
        version: u64,
    },
    /// How far the person themselves has read.
    Own {
        /// Before.
        was: ReadUpTo,
        /// As the command left it.
        left: ReadUpTo,
        /// The end of the timeline then.
        seq: u64,
    },
}

impl Trace {
    /// Of what a command changed for all; both as they are written.
    pub fn shared(was: &Conversation, is: &Conversation) -> Self {
        let (seq, version) = (is.seq, is.version);
        Self::Shared { was: was.disposition(), left: is.disposition(), seq, version }
    }

    /// Of what a command changed for one person.
    pub const fn own(was: &ReadMarker, is: &ReadMarker, seq: u64) -> Self {
        Self::Own { was: was.up_to(), left: is.up_to(), seq }
    }

    /// Puts the row back as it was, if it is as the command left it; whether it is. Where a message had failed, anything
    /// at all that happened since may have to do with that.
    pub fn put_back(&self, conversation: &mut Conversation, marker: &mut ReadMarker) -> bool {
        match self {
            Self::Shared { was, left, seq, version } => {
                let same = conversation.seq == *seq && conversation.disposition() == *left;
                let holds = same && (!was.has_failure() || conversation.version == *version);
                if holds {
                    conversation.put_back(was);
                }
                holds
            }
            Self::Own { was, left, seq } => {
                let holds = conversation.seq == *seq && marker.up_to() == *left;
                if holds {
                    marker.put_back(*was);
                }
                holds
            }
        }
    }
}
