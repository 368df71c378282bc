//! What happened with a contact point.

use porchlight_api::words::{
    ChannelWord, ConsentActWord, FormFactorWord, JobStatusWord, MessageKindWord, MessageStatus,
};
use porchlight_api::{StaffNames, StaffRef};
use porchlight_domain::conversation::Conversation;
use porchlight_domain::customer::Job;
use porchlight_domain::id::{ConversationId, JobId, MessageId};
use porchlight_domain::markdown;
use porchlight_domain::message::Message;
use porchlight_domain::time::Timestamp;
use porchlight_domain::timeline::Dated;
use porchlight_store::consent::LedgerEntry;
use serde::Serialize;
use utoipa::ToSchema;

use super::consent::view as consent_entry;
use crate::timeline::Happened;

/// A page of what happened, newest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Timeline {
    /// What happened; at the head what is ahead.
    pub entries: Vec<TimelineEntry>,
    /// Give it as `cursor` for what happened before; null where there is nothing.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// What an entry tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimelineKind {
    /// A message, a note, or an act that the thread tells of: `message`.
    Message,
    /// The crew comes, or came: `job`.
    Visit,
    /// A job was completed, or is off: `job`.
    JobEnded,
    /// `by` was put on a job.
    Assigned,
    /// `by` was taken off a job.
    Unassigned,
    /// Something was said about being texted: `consent`.
    Consent,
    /// The contact point became `customer`'s.
    Linked,
    /// It is `customer`'s no more.
    Unlinked,
}

/// Something that happened. What does not belong to its kind is null.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TimelineEntry {
    /// What names it, the same at each reading.
    pub id: String,
    /// When. What one thread tells later stands no higher than what it told before.
    pub at: Timestamp,
    /// What it tells of.
    pub kind: TimelineKind,
    /// Who of the business did it, or whom it is about.
    #[schema(required)]
    pub by: Option<StaffRef>,
    /// What they did it from, where that is known.
    #[schema(required)]
    pub device: Option<FormFactorWord>,
    /// How it travelled.
    #[schema(required)]
    pub channel: Option<ChannelWord>,
    /// What was written.
    #[schema(required)]
    pub message: Option<TimelineMessage>,
    /// The job it is about.
    #[schema(required)]
    pub job: Option<TimelineJob>,
    /// What was said about being texted.
    #[schema(required)]
    pub consent: Option<TimelineConsent>,
    /// The customer's name.
    #[schema(required)]
    pub customer: Option<String>,
}

/// A message, as much as a line tells.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TimelineMessage {
    /// Its id.
    pub id: MessageId,
    /// The thread it stands in.
    pub conversation_id: ConversationId,
    /// Its place there.
    #[schema(minimum = 1)]
    pub seq: u64,
    /// Who or what wrote it.
    pub kind: MessageKindWord,
    /// Where it stands.
    pub status: MessageStatus,
    /// The beginning of what it says, as plain text.
    #[schema(max_length = 281)]
    pub text: String,
    /// How many files are with it.
    pub files: usize,
}

/// A job, as much as a line tells.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TimelineJob {
    /// Its id.
    pub id: JobId,
    /// The number people call it by.
    pub number: u32,
    /// "Water heater replacement".
    pub title: String,
    /// Where it stands now.
    pub status: JobStatusWord,
}

/// What was said about being texted, as much as a line tells.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TimelineConsent {
    /// What was said.
    pub act: ConsentActWord,
    /// How, as whoever kept it puts it.
    #[schema(required)]
    pub how: Option<String>,
}

/// Characters of a message that a line tells.
const EXCERPT: usize = 280;

impl TimelineEntry {
    /// With the names of the staff.
    pub fn new(entry: Dated<(String, Happened)>, names: &StaffNames) -> Option<Self> {
        let Dated { at, what: (id, happened) } = entry;
        let bare = |kind| Self {
            id,
            at,
            kind,
            by: None,
            device: None,
            channel: None,
            message: None,
            job: None,
            consent: None,
            customer: None,
        };
        Some(match happened {
            Happened::Said(said) => bare(TimelineKind::Message).said(&said.0, &said.1, names),
            Happened::Silent(..) => return None,
            Happened::Visit(job) => bare(TimelineKind::Visit).about(&job),
            Happened::JobEnded(job) => bare(TimelineKind::JobEnded).about(&job),
            Happened::Assigned(job, it) => {
                Self { by: Some(names.get(&it.staff)), ..bare(TimelineKind::Assigned).about(&job) }
            }
            Happened::Unassigned(job, it) => {
                Self { by: Some(names.get(&it.staff)), ..bare(TimelineKind::Unassigned).about(&job) }
            }
            Happened::Consent(entry) => bare(TimelineKind::Consent).consent(*entry, names),
            Happened::Linked(link, name) => Self {
                customer: Some(name),
                channel: Some(link.channel.into()),
                ..bare(TimelineKind::Linked)
            },
            Happened::Unlinked(link, name) => Self {
                customer: Some(name),
                channel: Some(link.channel.into()),
                ..bare(TimelineKind::Unlinked)
            },
        })
    }

    fn said(self, conversation: &Conversation, message: &Message, names: &StaffNames) -> Self {
        let told = TimelineMessage {
            id: message.id.clone(),
            conversation_id: conversation.id.clone(),
            seq: message.seq,
            kind: message.kind().into(),
            status: message.status().into(),
            text: excerpt(&markdown::plain_text(message.text())),
            files: message.media().len(),
        };
        Self {
            by: message.author().map(|author| names.get(author)),
            device: message.device.map(Into::into),
            channel: conversation.party.customer().map(|route| route.channel.into()),
            message: Some(told),
            ..self
        }
    }

    fn about(self, job: &Job) -> Self {
        let job = TimelineJob {
            id: job.id.clone(),
            number: job.number,
            title: job.title.clone(),
            status: job.status.into(),
        };
        Self { job: Some(job), ..self }
    }

    fn consent(self, entry: LedgerEntry, names: &StaffNames) -> Self {
        let entry = consent_entry(entry, names);
        Self { by: entry.by, consent: Some(TimelineConsent { act: entry.act, how: entry.how }), ..self }
    }
}

/// The beginning of it, with a mark where it goes on.
fn excerpt(text: &str) -> String {
    let mut begins: String = text.chars().take(EXCERPT).collect();
    if begins.len() < text.len() {
        begins.push('…');
    }
    begins
}
