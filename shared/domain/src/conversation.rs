//! A conversation: one per party. Its state and the acts that change it.
//!
//! What it holds can be read by everybody and is changed by its acts alone: each takes the conversation and
//! values and leaves the next conversation. Writing it is the caller's, on condition that the stored `version`
//! is still the one that was read.
//!
//! # Layout
//!
//! What it is stands here; `acts`: what changes it; `booking`: what it takes from the directory; `disposition`: what people decided of it, to be put back; `notice`: the quiet entries that tell of acts; `planned`: what waits to go; `folder`:
//! where it stands among the lists; `internal`: what staff write to staff; `reading`: what one person has read and is writing.

mod acts;
mod booking;
mod disposition;
mod folder;
mod internal;
mod notice;
mod obstacle;
mod planned;
mod reading;

#[cfg(test)]
mod tests;

use std::ops::Deref;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::customer::{JobStatus, LeadStage};
use crate::delivery::Status;
use crate::id::{BusinessId, ConversationId, CustomerId, JobId, LineGroupId, MessageId, StaffId};
use crate::message::{Direction, MessageKind};
use crate::party::{Party, Route};
use crate::phone::ContactPoint;
use crate::time::Timestamp;

pub use self::booking::Known;
pub use self::disposition::{Disposition, ReadUpTo};
pub use self::folder::{Filter, Folder, Shelf};
pub use self::internal::{CrewJob, Tombstones};
pub use self::notice::Notice;
pub use self::obstacle::Obstacle;
pub use self::planned::MOST_PLANNED;
pub use self::reading::{Draft, DraftKind, ReadMarker};

/// Shared by all staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// In hand.
    Open,
    /// Put away; "Archived" names only the filter.
    Closed,
}

/// Why a conversation needs a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttentionReason {
    /// The customer waits for an answer.
    Customer,
    /// A message could not be delivered.
    Failure,
    /// A snooze ended.
    SnoozeEnded,
    /// Somebody of the business said so.
    Raised,
    /// A message that was to go by itself waits for a person.
    Held,
    /// A word ended consent that may mean something else.
    UnclearStop,
    /// They seem to ask for no more texts: nothing leaves until a person has decided.
    AskedToStop,
    /// Nobody on the job has opened what the customer wrote.
    Unopened,
}

impl AttentionReason {
    /// What the screen says of it, where the thread does not say it by itself.
    pub const fn advice(self) -> Option<&'static str> {
        match self {
            Self::UnclearStop => Some("They may have meant the appointment. Call them."),
            Self::AskedToStop => {
                Some("They may be asking you to stop texting. Confirm it, or say that they did not.")
            }
            Self::Unopened => Some("Nobody on the job has opened it. Answer, or call."),
            Self::Customer | Self::Failure | Self::SnoozeEnded | Self::Raised | Self::Held => None,
        }
    }
}

/// A conversation needs a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attention {
    /// The first customer message, or other cause, after the last settling act.
    pub waiting_since: Timestamp,
    /// What turned it on.
    pub reason: AttentionReason,
    /// An emergency word was said: top of the list.
    pub emergency: bool,
}

/// The customer behind a contact point, as rows show them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerSummary {
    /// Their id.
    pub id: CustomerId,
    /// Their name.
    pub name: String,
    /// Present while they are, or were, a lead.
    pub lead: Option<LeadStage>,
    /// A job is booked or was done: no longer among the leads.
    pub has_booked_job: bool,
    /// The job that a row tells of: under way, else next, else last.
    pub job: Option<JobSummary>,
    /// House and street of their address, for finding them.
    pub street: Option<String>,
    /// The numbers of their other jobs, for finding them: the newest ones.
    pub other_jobs: Vec<u32>,
}

crate::debug_shows!(CustomerSummary: id, lead, has_booked_job, job);

/// A job, as rows show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobSummary {
    /// Its id.
    pub id: JobId,
    /// The number people call it by.
    pub number: u32,
    /// "Water heater replacement".
    pub title: String,
    /// Where it stands.
    pub status: JobStatus,
    /// When the crew comes.
    pub scheduled_at: Option<Timestamp>,
}

crate::debug_shows!(JobSummary: id, number, status, scheduled_at);

/// The end of the timeline, as rows show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastMessage {
    /// Its id.
    pub id: MessageId,
    /// Its place.
    pub seq: u64,
    /// The start of what it says.
    pub text: String,
    /// Who or what wrote it.
    pub kind: MessageKind,
    /// Which way it went.
    pub direction: Direction,
    /// The member of staff who wrote it.
    pub author: Option<StaffId>,
    /// Where it stands.
    pub status: Status,
    /// When it was received or written.
    pub at: Timestamp,
}

crate::debug_shows!(LastMessage: id, seq, kind, direction, author, status, at);

/// Characters of a message that its conversation's row keeps.
pub const SNIPPET_CHARS: usize = 140;

/// How long a thread's last tagged job also tags what the customer writes next.
pub const JOB_TAG_LASTS: Duration = Duration::from_hours(24);

/// A customer's text seems to ask for no more texts, and nobody has decided yet what it meant: nothing leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The place of the text.
    pub seq: u64,
    /// When it came.
    pub at: Timestamp,
}

/// A conversation's summary.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts of a row, each with its own cause")]
pub struct Summary {
    /// The business it belongs to.
    pub business: BusinessId,
    /// Derived from the party.
    pub id: ConversationId,
    /// Who it is with.
    pub party: Party,
    /// Counts the writes: the larger one is the later one.
    pub version: u64,
    /// The place of the newest entry of the timeline; 0 before the first.
    pub seq: u64,
    /// Open or closed.
    pub state: State,
    /// Out of Active until then.
    pub snoozed_until: Option<Timestamp>,
    /// Its contact point is blocked: it is in no filter, and disturbs nobody.
    pub blocked: bool,
    /// Present while it needs a person.
    pub attention: Option<Attention>,
    /// What Done, Close or a thanks put aside since: undoing turns it on again as it was.
    pub set_aside: Option<Attention>,
    /// A thanks came while nothing waited: "looked settled · undo".
    pub looked_settled: bool,
    /// The place of the newest message that did not arrive, and was neither sent again nor put aside nor settled.
    pub failed: Option<u64>,
    /// Whose it is.
    pub assignee: Option<StaffId>,
    /// Who the contact point belongs to, kept up by `index`.
    pub customer: Option<CustomerSummary>,
    /// The contact point's consent is closed (STOP); the ledger in `directory` decides, this shows.
    pub opted_out: bool,
    /// They seem to have asked for no more texts.
    pub doubt: Option<Doubt>,
    /// A landline or unreachable.
    pub cannot_text: bool,
    /// Customer messages ever, but for those of the time when they were blocked; of an internal thread its messages.
    pub customer_count: u64,
    /// `customer_count` at the last human reply.
    pub answered_count: u64,
    /// Places of messages that wait for a time that somebody chose, or for a person.
    pub planned: Vec<u64>,
    /// The end of the timeline.
    pub last_message: Option<LastMessage>,
    /// Orders the list.
    pub last_activity_at: Timestamp,
    /// The job that the thread was last about, and when.
    pub last_job: Option<(JobId, Timestamp)>,
    /// When the first message came.
    pub created_at: Timestamp,
    /// The crew reads it, and cannot write to the customer.
    pub office_only: bool,
    /// The job of a crew's thread.
    pub crew_job: Option<CrewJob>,
    /// Messages of an internal thread that were taken back.
    pub tombstones: Option<Tombstones>,
}

crate::debug_shows!(Summary: business, id, party, version, seq, state, snoozed_until, blocked, attention, assignee, customer, customer_count, answered_count, last_message, last_activity_at);

impl Summary {
    /// The way to the other end, where there is one through a provider.
    pub const fn route(&self) -> Option<&Route> {
        self.party.route()
    }

    /// The line group, where it is reached through a provider.
    pub fn group(&self) -> Option<&LineGroupId> {
        self.route().map(|route| &route.group)
    }

    /// The other end, where it is reached through a provider.
    pub fn contact(&self) -> Option<&ContactPoint> {
        self.route().map(|route| &route.contact)
    }
}

/// A conversation: its summary, to be read by everybody and changed by its acts alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation(Summary);

impl Deref for Conversation {
    type Target = Summary;

    fn deref(&self) -> &Summary {
        &self.0
    }
}

/// What begins a conversation.
#[derive(Clone, Debug)]
pub struct Beginning {
    /// The business.
    pub business: BusinessId,
    /// Who it is with.
    pub party: Party,
    /// The customer behind the contact point, where known.
    pub customer: Option<CustomerSummary>,
    /// Now.
    pub at: Timestamp,
}

/// How a customer's message changes attention and unread (RULES "Attention and waiting").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InboundEffect {
    /// It wants an answer.
    WantsAnswer {
        /// An emergency word was said.
        emergency: bool,
    },
    /// Thanks, while nothing waits and our last message asked nothing: unread, no attention.
    Settled,
    /// STOP or START: unread, attention as it was.
    ConsentWord,
    /// A word that ends consent and may mean something else: a person must ask, and not by text.
    UnclearStop,
    /// A sentence that seems to ask for no more texts, while consent is open: a person decides, and nothing leaves
    /// before.
    AskedToStop {
        /// An emergency word was said too.
        emergency: bool,
    },
}
