//! A conversation: one per line group, contact point and channel. Its state and the acts that change it.
//!
//! Every act takes the conversation and values and leaves the next conversation; writing it is the
//! caller's, on condition that the stored `version` is still the one that was read.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::channel::Channel;
use crate::customer::{JobStatus, LeadStage};
use crate::delivery::Status;
use crate::id::{BusinessId, ConversationId, CustomerId, JobId, LineGroupId, MessageId, StaffId};
use crate::message::{Direction, Message, MessageKind};
use crate::phone::ContactPoint;
use crate::time::Timestamp;

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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
}

/// A job, as rows show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// The end of the timeline, as rows show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// Characters of a message that its conversation's row keeps.
pub const SNIPPET_CHARS: usize = 140;

/// How long a thread's last tagged job also tags what the customer writes next.
pub const JOB_TAG_LASTS: Duration = Duration::from_hours(24);

/// A conversation's summary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// The business it belongs to.
    pub business: BusinessId,
    /// Derived from group, channel and contact.
    pub id: ConversationId,
    /// The line group.
    pub group: LineGroupId,
    /// How its messages travel.
    pub channel: Channel,
    /// The customer's end.
    pub contact: ContactPoint,
    /// The line last used with that contact point: replies leave from it.
    pub line: ContactPoint,
    /// Counts the writes: the larger one is the later one.
    pub version: u64,
    /// The place of the newest entry of the timeline; 0 before the first.
    pub seq: u64,
    /// Open or closed.
    pub state: State,
    /// Out of Active until then.
    pub snoozed_until: Option<Timestamp>,
    /// Spam: in no filter.
    pub blocked: bool,
    /// Present while it needs a person.
    pub attention: Option<Attention>,
    /// A thanks came while nothing waited: "looked settled · undo".
    pub looked_settled: bool,
    /// Whose it is.
    pub assignee: Option<StaffId>,
    /// Who the contact point belongs to, kept up by `index`.
    pub customer: Option<CustomerSummary>,
    /// The contact point's consent is closed (STOP); the ledger in `directory` decides, this shows.
    pub opted_out: bool,
    /// A landline or unreachable.
    pub cannot_text: bool,
    /// Customer messages ever.
    pub customer_count: u64,
    /// `customer_count` at the last human reply.
    pub answered_count: u64,
    /// The end of the timeline.
    pub last_message: Option<LastMessage>,
    /// Orders the list.
    pub last_activity_at: Timestamp,
    /// The job that the thread was last about, and when.
    pub last_job: Option<(JobId, Timestamp)>,
    /// When the first message came.
    pub created_at: Timestamp,
}

/// The five filters above the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Filter {
    /// Everything not blocked.
    All,
    /// Open and not snoozed.
    Active,
    /// Those of Active that need a person.
    Attention,
    /// Open, with no customer, or with an open lead and no booked job.
    Leads,
    /// Closed.
    Archived,
}

/// Where a conversation stands among the lists. Each is in exactly one folder; a filter is a set of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Folder {
    /// Active, snoozed or closed.
    pub shelf: Shelf,
    /// Needs a person (only ever on the active shelf).
    pub attention: bool,
    /// Among the leads (never on the closed shelf).
    pub lead: bool,
}

/// The first part of a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shelf {
    /// Open and not snoozed.
    Active,
    /// Open, and out of sight until a time.
    Snoozed,
    /// Closed.
    Closed,
}

impl Folder {
    /// Every folder that there can be.
    pub const EVERY: [Self; 7] = [
        Self { shelf: Shelf::Active, attention: false, lead: false },
        Self { shelf: Shelf::Active, attention: false, lead: true },
        Self { shelf: Shelf::Active, attention: true, lead: false },
        Self { shelf: Shelf::Active, attention: true, lead: true },
        Self { shelf: Shelf::Snoozed, attention: false, lead: false },
        Self { shelf: Shelf::Snoozed, attention: false, lead: true },
        Self { shelf: Shelf::Closed, attention: false, lead: false },
    ];

    /// The word in keys, such as `active+a+l`.
    pub fn as_key(self) -> String {
        let shelf = match self.shelf {
            Shelf::Active => "active",
            Shelf::Snoozed => "snoozed",
            Shelf::Closed => "closed",
        };
        let attention = if self.attention { "+a" } else { "" };
        let lead = if self.lead { "+l" } else { "" };
        format!("{shelf}{attention}{lead}")
    }
}

impl Filter {
    /// Whether the filter shows what stands in `folder`.
    pub const fn shows(self, folder: Folder) -> bool {
        match self {
            Self::All => true,
            Self::Active => matches!(folder.shelf, Shelf::Active),
            Self::Attention => folder.attention,
            Self::Leads => folder.lead,
            Self::Archived => matches!(folder.shelf, Shelf::Closed),
        }
    }
}

/// What begins a conversation.
#[derive(Clone, Debug)]
pub struct Beginning {
    /// The business.
    pub business: BusinessId,
    /// Its line group.
    pub group: LineGroupId,
    /// How messages travel.
    pub channel: Channel,
    /// The customer's end.
    pub contact: ContactPoint,
    /// The line that was written to, or is written from.
    pub line: ContactPoint,
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
    /// STOP, START or HELP: unread, attention as it was.
    ConsentWord,
}

impl Conversation {
    /// An empty conversation, `version` 0 until it is first written.
    pub fn begin(b: Beginning) -> Self {
        Self {
            id: ConversationId::derive(&b.group, b.channel, &b.contact),
            business: b.business,
            group: b.group,
            channel: b.channel,
            contact: b.contact,
            line: b.line,
            version: 0,
            seq: 0,
            state: State::Open,
            snoozed_until: None,
            blocked: false,
            attention: None,
            looked_settled: false,
            assignee: None,
            customer: b.customer,
            opted_out: false,
            cannot_text: false,
            customer_count: 0,
            answered_count: 0,
            last_message: None,
            last_activity_at: b.at,
            last_job: None,
            created_at: b.at,
        }
    }

    /// The name on the screen: the customer's, else the contact point.
    pub fn name(&self) -> &str {
        self.customer.as_ref().map_or(self.contact.as_str(), |c| &c.name)
    }

    /// Among the leads: with no customer, or with an open lead and no booked job.
    pub fn is_lead(&self) -> bool {
        self.state == State::Open
            && self
                .customer
                .as_ref()
                .is_none_or(|c| c.lead.is_some_and(LeadStage::is_open) && !c.has_booked_job)
    }

    /// Where it stands among the lists; nowhere when it is blocked.
    pub fn folder(&self) -> Option<Folder> {
        let shelf = match (self.state, self.snoozed_until) {
            (State::Closed, _) => Shelf::Closed,
            (State::Open, Some(_)) => Shelf::Snoozed,
            (State::Open, None) => Shelf::Active,
        };
        let attention = self.attention.is_some() && shelf == Shelf::Active;
        (!self.blocked).then(|| Folder { shelf, attention, lead: self.is_lead() })
    }

    /// Unread for one person: customer messages after the later of their read marker and anyone's last
    /// human reply; at least 1 while marked unread.
    pub fn unread(&self, marker: &ReadMarker) -> u64 {
        let seen = self.answered_count.max(marker.read_count);
        self.customer_count.saturating_sub(seen).max(u64::from(marker.marked_unread))
    }

    /// A customer's message joins the timeline at `message.seq` (which must be `self.seq + 1`).
    pub fn record_inbound(&mut self, message: &Message, effect: InboundEffect) {
        self.append(message);
        self.line = message.line.clone();
        self.customer_count += 1;
        self.reopen_for_people();
        self.looked_settled = effect == InboundEffect::Settled;
        if let InboundEffect::WantsAnswer { emergency } = effect {
            self.need_person(message.created_at, AttentionReason::Customer, emergency);
        }
    }

    /// A person of the business writes to the customer: settles attention, answers for everyone.
    pub fn record_reply(&mut self, message: &Message) {
        self.append(message);
        self.reopen_for_people();
        self.settle();
        self.answered_count = self.customer_count;
    }

    /// An entry that changes neither attention nor unread: automated, note, system.
    pub fn record_other(&mut self, message: &Message) {
        self.append(message);
    }

    /// A person is needed; the first cause since the last settling act keeps its time.
    pub fn need_person(&mut self, at: Timestamp, reason: AttentionReason, emergency: bool) {
        let attention = self.attention.get_or_insert(Attention { waiting_since: at, reason, emergency });
        attention.emergency |= emergency;
        self.looked_settled = false;
    }

    /// Done: stays open, needs nobody.
    pub fn settle(&mut self) {
        self.attention = None;
        self.looked_settled = false;
    }

    /// Close: leaves Active and every technician's list.
    pub fn close(&mut self) {
        self.state = State::Closed;
        self.snoozed_until = None;
        self.settle();
    }

    /// Open again.
    pub fn reopen(&mut self) {
        self.state = State::Open;
        self.snoozed_until = None;
    }

    /// A message of the timeline changed its state: the row shows it, and a final failure of a send
    /// needs a person.
    pub fn record_status(&mut self, message: &Message, at: Timestamp) {
        let status = message.status();
        if let Some(last) = self.last_message.as_mut().filter(|last| last.seq == message.seq) {
            last.status = status;
        }
        if status.is_final_failure() && message.dismissed_at.is_none() && self.state == State::Open {
            self.need_person(at, AttentionReason::Failure, false);
        }
    }

    /// The job that a new customer message is about: the customer's one active job, or the job that the
    /// thread was about within a day.
    pub fn job_of_inbound(&self, active_jobs: &[JobId], now: Timestamp) -> Option<JobId> {
        match active_jobs {
            [only] => Some(only.clone()),
            _ => self
                .last_job
                .as_ref()
                .filter(|(_, at)| now.since(*at) < JOB_TAG_LASTS)
                .map(|(job, _)| job.clone()),
        }
    }

    /// The next place of the timeline.
    pub const fn next_seq(&self) -> u64 {
        self.seq + 1
    }

    fn append(&mut self, message: &Message) {
        debug_assert_eq!(message.seq, self.seq + 1, "the timeline has no gaps");
        self.seq = message.seq;
        self.last_activity_at = self.last_activity_at.max(message.created_at);
        if let Some(job) = &message.job {
            self.last_job = Some((job.clone(), message.created_at));
        }
        self.last_message = Some(LastMessage {
            id: message.id.clone(),
            seq: message.seq,
            text: snippet(&message.text),
            kind: message.kind,
            direction: message.direction,
            author: message.author.clone(),
            status: message.status(),
            at: message.created_at,
        });
    }

    fn reopen_for_people(&mut self) {
        self.state = State::Open;
        self.snoozed_until = None;
    }
}

/// The start of a text in one line.
fn snippet(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= SNIPPET_CHARS {
        return line;
    }
    let mut cut: String = line.chars().take(SNIPPET_CHARS - 1).collect();
    cut.push('…');
    cut
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The words so far.
    pub text: String,
    /// When they were kept.
    pub updated_at: Timestamp,
}
