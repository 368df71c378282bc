//! Messages: the timeline of a conversation.

use serde::{Deserialize, Serialize};

use crate::conversation::Conversation;
use crate::delivery::{Delivery, Status};
use crate::file::{Fetch, GoesAs, Kept};
use crate::id::{ConversationId, JobId, MessageId, StaffId};
use crate::phone::ContactPoint;
use crate::time::Timestamp;

mod body;
mod files;

pub use self::body::{Body, Outbound, Received, ResentTo};
pub use self::files::{MediaKind, wordless};

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
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// Where the provider keeps it; nowhere where it is ours.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub provider_url: String,
    /// MIME type: as the provider told it, and once the file lies with us that of its bytes.
    pub content_type: String,
    /// What it is called, where somebody said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The file itself, where it lies with us.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<Kept>,
    /// How far the fetching of it is, while it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fetch: Option<Fetch>,
    /// How it leaves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub way: Option<Way>,
}

crate::debug_shows!(Media: content_type, kept, fetch, way);

/// How a file leaves.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// In the message, or as a link in its words.
    pub goes_as: GoesAs,
    /// Who has it has the file, for a while.
    pub token: String,
}

crate::debug_shows!(Way: goes_as);

/// A customer's tapback on one of our messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// `liked`, `loved`, `laughed`, `emphasized`, `disliked`, or the emoji itself.
    pub kind: String,
    /// When it came.
    pub at: Timestamp,
}

/// What staff write to staff inside a customer's thread.
#[derive(Clone, PartialEq, Eq)]
pub struct Note {
    /// Who.
    pub author: StaffId,
    /// What, in markdown.
    pub text: String,
    /// Marked "crew": not the office's alone.
    pub for_crew: bool,
    /// Who is named in it.
    pub mentions: Vec<StaffId>,
}

crate::debug_shows!(Note: author, for_crew, mentions);

/// One entry of a conversation's timeline.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// The conversation it stands in.
    pub conversation: ConversationId,
    /// Its place there, from 1, without gaps.
    pub seq: u64,
    /// Counts the writes: the larger one is the later one.
    pub version: u64,
    /// When it was received or written.
    pub created_at: Timestamp,
    /// The job it is about, when that is unambiguous.
    pub job: Option<JobId>,
    /// What it is, by its kind.
    pub body: Body,
}

crate::debug_shows!(Message: id, conversation, seq, version, created_at, job, body);

impl Message {
    /// The next entry of a timeline; it is not in it before an act of the conversation records it.
    pub fn next(conversation: &Conversation, id: MessageId, at: Timestamp, body: Body) -> Self {
        let (conversation, seq) = (conversation.id.clone(), conversation.next_seq());
        Self { id, conversation, seq, version: 0, created_at: at, job: None, body }
    }

    /// A customer's message.
    pub fn received(conversation: &Conversation, id: MessageId, at: Timestamp, received: Received) -> Self {
        Self::next(conversation, id, at, Body::Customer(received))
    }

    /// A member of staff's, to the customer.
    pub fn reply(
        conversation: &Conversation,
        id: MessageId,
        at: Timestamp,
        author: StaffId,
        out: Outbound,
    ) -> Self {
        Self::next(conversation, id, at, Body::Staff { author, out })
    }

    /// A note of a member of staff's, for staff: it has no way to a provider.
    pub fn note(conversation: &Conversation, id: MessageId, at: Timestamp, note: Note) -> Self {
        let Note { author, text, for_crew, mentions } = note;
        Self::next(conversation, id, at, Body::Note { author, text, for_crew, mentions })
    }

    /// A member of staff's to staff, in an internal thread: it has no way to a provider.
    pub fn internal(
        conversation: &Conversation,
        id: MessageId,
        at: Timestamp,
        author: StaffId,
        text: String,
        media: Vec<Media>,
    ) -> Self {
        Self::next(conversation, id, at, Body::Internal { author, text, media, deleted_at: None })
    }

    /// Its author takes an internal message back: its words and files are shown no more. Nothing for any other kind.
    pub const fn delete(&mut self, at: Timestamp) {
        if let Body::Internal { deleted_at: deleted_at @ None, .. } = &mut self.body {
            *deleted_at = Some(at);
        }
    }

    /// When its author took it back.
    pub const fn deleted_at(&self) -> Option<Timestamp> {
        match self.body {
            Body::Internal { deleted_at, .. } => deleted_at,
            _ => None,
        }
    }

    /// The same about a job.
    #[must_use]
    pub fn about(self, job: Option<JobId>) -> Self {
        Self { job, ..self }
    }

    /// Who or what wrote it.
    pub const fn kind(&self) -> MessageKind {
        self.body.kind()
    }

    /// Which way it went.
    pub const fn direction(&self) -> Direction {
        self.body.direction()
    }

    /// Where it stands now. What staff write to staff is there as soon as it is written.
    pub fn status(&self) -> Status {
        let at_rest = match self.body {
            Body::Internal { .. } => Status::Sent,
            _ => Status::Received,
        };
        self.delivery().map_or(at_rest, Delivery::status)
    }

    /// Whether a person of the business wrote this to the customer.
    pub const fn is_human_reply(&self) -> bool {
        matches!(self.body, Body::Staff { .. })
    }

    /// Whether it was written to the customer, as far as colleagues go: not what waits for a time that somebody chose,
    /// and not what was taken back.
    pub fn counts_as_written(&self) -> bool {
        self.delivery().is_some_and(Delivery::counts_as_written)
    }

    /// Whether it is part of what was said: neither what waits for a time that somebody chose, nor what was taken back
    /// before it left.
    pub fn is_said(&self) -> bool {
        self.delivery().is_none_or(Delivery::counts_as_written)
    }

    /// Whether it is held for the moment in which its writer may take it back.
    pub fn is_in_its_moment(&self) -> bool {
        self.delivery().is_some_and(Delivery::is_in_its_moment)
    }

    /// Whether it waits for a time that somebody chose: it is no part of the thread yet.
    pub fn is_planned(&self) -> bool {
        self.delivery().is_some_and(Delivery::is_planned)
    }

    /// A planned message that goes takes the next place of the timeline, as everything that is said; at its old place
    /// stays the entry that tells of it.
    pub fn leave(self, conversation: &Conversation, entry: MessageId, at: Timestamp) -> (Self, Self) {
        let text = "A text was written here to go later".to_owned();
        let stays = Body::System { author: self.author().cloned(), text };
        let stays = Self { id: entry, job: None, body: stays, ..self.clone() };
        (stays, Self { seq: conversation.next_seq(), created_at: at, ..self })
    }

    /// Other words, while it waits, and its files on their way with them.
    pub fn reword(&mut self, words: String, media: Vec<Media>) {
        if let Some(out) = self.body.outbound_mut() {
            (out.text, out.media) = (words, media);
        }
    }

    /// What it says; markdown when staff wrote it. Nothing any more where its author took it back.
    pub fn text(&self) -> &str {
        self.body.text()
    }

    /// The member of staff who wrote it, or whose act it tells.
    pub const fn author(&self) -> Option<&StaffId> {
        self.body.author()
    }

    /// Its files.
    pub fn media(&self) -> &[Media] {
        self.body.media()
    }

    /// The same, to be changed: a customer's files are fetched after their message.
    pub fn media_mut(&mut self) -> &mut [Media] {
        self.body.media_mut()
    }

    /// When a file of it is fetched next.
    pub fn fetch_due(&self) -> Option<Timestamp> {
        self.media().iter().filter_map(|file| file.fetch.as_ref()?.due).min()
    }

    /// The contact point that it came from or goes to.
    pub const fn contact(&self) -> Option<&ContactPoint> {
        self.body.contact()
    }

    /// The line of the business that it came to or goes from.
    pub const fn line(&self) -> Option<&ContactPoint> {
        self.body.line()
    }

    /// The provider's id of a message that came in.
    pub fn inbound_sid(&self) -> Option<&str> {
        match &self.body {
            Body::Customer(received) => received.sid.as_deref(),
            _ => None,
        }
    }

    /// What became of it on its way out.
    pub fn delivery(&self) -> Option<&Delivery> {
        self.body.outbound().map(|out| &out.delivery)
    }

    /// The same, to be changed.
    pub fn delivery_mut(&mut self) -> Option<&mut Delivery> {
        self.body.outbound_mut().map(|out| &mut out.delivery)
    }

    /// The message that this one sends again.
    pub fn resend_of(&self) -> Option<&MessageId> {
        self.body.outbound()?.resend_of.as_ref()
    }

    /// Where it was sent instead.
    pub fn resent_to(&self) -> Option<&ResentTo> {
        self.body.outbound()?.resent_to.as_ref()
    }

    /// Who else a customer's text went to.
    pub fn others(&self) -> &[ContactPoint] {
        match &self.body {
            Body::Customer(received) => &received.others,
            _ => &[],
        }
    }

    /// When a person put its failure or its `unknown` aside.
    pub fn dismissed_at(&self) -> Option<Timestamp> {
        self.body.outbound()?.dismissed_at
    }

    /// A person puts its failure or its `unknown` aside, or sends it again; nothing for what did not go out.
    pub fn dismiss(&mut self, at: Timestamp) {
        if let Some(out) = self.body.outbound_mut() {
            out.dismissed_at = Some(at);
        }
    }

    /// A person sends it to another contact point instead: it is put aside, and says where it went.
    pub fn send_elsewhere(&mut self, to: ResentTo, at: Timestamp) {
        if let Some(out) = self.body.outbound_mut() {
            (out.resent_to, out.dismissed_at) = (Some(to), Some(at));
        }
    }

    /// Who is named in it: in a note only.
    pub fn mentions(&self) -> &[StaffId] {
        match &self.body {
            Body::Note { mentions, .. } => mentions,
            _ => &[],
        }
    }

    /// It is to be seen to after all: what was to be sent instead does not go.
    pub fn bring_back(&mut self) {
        if let Some(out) = self.body.outbound_mut() {
            out.dismissed_at = None;
        }
    }

    /// The customer's tapbacks on it.
    pub fn reactions(&self) -> &[Reaction] {
        self.body.outbound().map_or(&[], |out| &out.reactions)
    }

    /// The same, to be changed; only what went out has any.
    pub fn reactions_mut(&mut self) -> Option<&mut Vec<Reaction>> {
        self.body.outbound_mut().map(|out| &mut out.reactions)
    }
}
