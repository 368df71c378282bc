//! Events of the live feed (PROTOCOLS §3).
//!
//! An event is a pointer: it says what changed and where. The feed reads the objects as they are when it
//! tells a client, so a client gets the newest version of each, and applying it twice is harmless.

use serde::{Deserialize, Serialize};

use crate::id::{ConversationId, EventId, StaffId};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Happening {
    /// A message joined the timeline, and the conversation changed with it.
    MessageCreated {
        /// Its place.
        seq: u64,
    },
    /// A message changed: its delivery, its reactions. The conversation may have changed with it.
    MessageUpdated {
        /// Its place.
        seq: u64,
    },
    /// The conversation changed: attention, state, assignee, customer.
    ConversationUpdated,
    /// One person's view changed: read marker, draft. Only their clients are told.
    ConversationMarked {
        /// Whose view.
        staff: StaffId,
    },
    /// Somebody has the conversation before them. It is over soon, whatever comes: it changes nothing, and only
    /// others who see the conversation are told. See [`crate::presence`].
    Present {
        /// Who.
        staff: StaffId,
        /// They are writing.
        typing: bool,
    },
    /// One person's access may have begun or ended. Only their clients are told.
    AccessChanged {
        /// Whose access.
        staff: StaffId,
    },
    /// The business's templates or quick replies changed. Everybody who may use them is told.
    TemplatesUpdated,
    /// A job, or who works on it, changed. The office and those who work or worked on it are told.
    JobUpdated {
        /// Who works on it, and who does no longer.
        crew: Vec<StaffId>,
    },
    /// Somebody came or left, is invited or no longer, or may do more or less than before. Everybody is told, and whom
    /// it concerns is read anew.
    StaffUpdated,
}

impl Happening {
    /// The only person whose clients are told, when it is not everybody with access.
    pub const fn only_for(&self) -> Option<&StaffId> {
        match self {
            Self::ConversationMarked { staff } | Self::AccessChanged { staff } => Some(staff),
            Self::MessageCreated { .. }
            | Self::MessageUpdated { .. }
            | Self::ConversationUpdated
            | Self::Present { .. }
            | Self::TemplatesUpdated
            | Self::JobUpdated { .. }
            | Self::StaffUpdated => None,
        }
    }

    /// Whose presence it tells of, where it tells of nothing else.
    pub const fn presence_of(&self) -> Option<(&StaffId, bool)> {
        match self {
            Self::Present { staff, typing } => Some((staff, *typing)),
            _ => None,
        }
    }

    /// The place of the message that it is about.
    pub const fn seq(&self) -> Option<u64> {
        match self {
            Self::MessageCreated { seq } | Self::MessageUpdated { seq } => Some(*seq),
            _ => None,
        }
    }
}

/// An event of the feed of a business.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Minted for the attempt that was committed.
    pub id: EventId,
    /// Where it happened; nowhere, for what concerns the business as a whole.
    pub conversation: Option<ConversationId>,
    /// What happened.
    #[serde(flatten)]
    pub happening: Happening,
}
