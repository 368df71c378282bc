//! Messages: the timeline of a conversation.

use serde::{Deserialize, Serialize};

use crate::delivery::{Delivery, Status};
use crate::id::{ConversationId, JobId, MessageId, StaffId};
use crate::phone::ContactPoint;
use crate::time::Timestamp;

/// Which way a message went, seen from the business.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// To us.
    In,
    /// From us.
    Out,
}

/// Who or what wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MessageKind {
    /// The customer.
    Customer,
    /// A member of staff, to the customer.
    Staff,
    /// A workflow, to the customer.
    Automated,
    /// The receptionist, to staff.
    Escalation,
    /// Staff, to staff, inside a customer's thread.
    Note,
    /// Staff, to staff, in an internal thread.
    Internal,
    /// Porchlight itself: assigned, closed, opted out.
    System,
}

/// A file that came or goes with a message.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// Where the provider keeps it.
    pub provider_url: String,
    /// MIME type, as the provider told it.
    pub content_type: String,
}

crate::debug_shows!(Media: content_type);

/// A customer's tapback on one of our messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// `liked`, `loved`, `laughed`, `emphasized`, `disliked`, or the emoji itself.
    pub kind: String,
    /// When it came.
    pub at: Timestamp,
}

/// One entry of a conversation's timeline.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// The conversation it stands in.
    pub conversation: ConversationId,
    /// Its place there, from 1, without gaps.
    pub seq: u64,
    /// Counts the writes: the larger one is the later one.
    pub version: u64,
    /// Which way it went.
    pub direction: Direction,
    /// Who or what wrote it.
    pub kind: MessageKind,
    /// What it says; markdown when staff wrote it.
    pub text: String,
    /// The member of staff who wrote it.
    pub author: Option<StaffId>,
    /// The customer's contact point.
    pub contact: ContactPoint,
    /// The line of the business it came to or goes from.
    pub line: ContactPoint,
    /// The job it is about, when that is unambiguous.
    pub job: Option<JobId>,
    /// When it was received or written.
    pub created_at: Timestamp,
    /// Files.
    pub media: Vec<Media>,
    /// What became of it on its way out.
    pub delivery: Option<Delivery>,
    /// The provider's id of a message that came in.
    pub inbound_sid: Option<String>,
    /// The message that this one sends again.
    pub resend_of: Option<MessageId>,
    /// An `unknown` that a person has dismissed, or an undelivered one that was sent again.
    pub dismissed_at: Option<Timestamp>,
    /// The customer's tapbacks.
    pub reactions: Vec<Reaction>,
}

crate::debug_shows!(Message: id, conversation, seq, version, direction, kind, author, job, created_at, delivery, resend_of);

impl Message {
    /// Where it stands now.
    pub fn status(&self) -> Status {
        self.delivery.as_ref().map_or(Status::Received, Delivery::status)
    }

    /// Whether a person of the business wrote this to the customer.
    pub const fn is_human_reply(&self) -> bool {
        matches!(self.kind, MessageKind::Staff)
    }
}
