//! What the events of `GET /api/live` carry in their `data:` lines. The event's name tells the shape.

use porchlight_domain::id::{ConversationId, EventId};
use porchlight_domain::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{ConversationRow, MessageView, StaffRef};

/// `ready`: the first event of every stream. Load your pages now, then apply what follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LiveReady {
    /// Where this stream begins; give it back as `Last-Event-ID` or `?cursor=`.
    pub cursor: EventId,
    /// The server's clock.
    pub server_time: Timestamp,
}

/// `message.created` and `message.updated`: a message, and its conversation's row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LiveMessage {
    /// The whole message, as it is now.
    pub message: MessageView,
    /// The row, as it is now; `message.updated` may come without.
    #[schema(required)]
    pub conversation: Option<ConversationRow>,
}

/// `conversation.updated`: a row, as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LiveConversation {
    /// The row.
    pub conversation: ConversationRow,
}

/// `conversation.removed`: it is no longer yours to see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LiveRemoved {
    /// The conversation.
    pub id: ConversationId,
}

/// `templates.updated`: the business's templates or quick replies changed; read them again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LiveTemplates {}

/// `jobs.updated`: one of your jobs, or who works on one, changed; read them again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LiveJobs {}

/// `staff.updated`: somebody came or left, is invited or no longer, or may do more or less than before; read `/api/me` again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LiveStaff {}

/// `presence`: somebody else has a conversation before them. It holds so long after it came, unless it comes again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LivePresence {
    /// The conversation.
    pub conversation_id: ConversationId,
    /// Who.
    pub person: StaffRef,
    /// They are writing.
    pub typing: bool,
    /// For how many milliseconds it holds.
    pub lasts_ms: u64,
}

/// `counts`: the numbers above the list; at most one a second, without an event id.
pub type LiveCounts = super::Counts;

/// `reload`: too much was missed to catch up; load everything again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LiveReload {
    /// Why, for the log: `gap`, `slow`, `unknown_cursor`, `access` where what you may see or do has changed.
    pub reason: String,
}
