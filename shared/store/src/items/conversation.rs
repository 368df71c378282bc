//! The summary of a conversation.

use porchlight_domain::channel::Channel;
use porchlight_domain::conversation::{
    Attention, AttentionReason, Conversation, CrewJob, CustomerSummary, Doubt, Folder, JobSummary,
    LastMessage, State, Summary, Tombstones,
};
use porchlight_domain::customer::{JobStatus, LeadStage};
use porchlight_domain::delivery::Status;
use porchlight_domain::id::{CustomerId, JobId, LineGroupId, MessageId, StaffId};
use porchlight_domain::message::{Direction, MessageKind};
use porchlight_domain::party::Route;
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::party::{PartyPart, party};
use super::{from_item, is_false, is_zero, millis, no_key, to_item};
use crate::error::StoreError;
use crate::keys;
use crate::records::conversation_of;
use crate::table::{Item, key_of};

/// The customer of a summary.
#[derive(Serialize, Deserialize)]
struct CustomerPart {
    id: CustomerId,
    name: String,
    lead: Option<LeadStage>,
    #[serde(default, skip_serializing_if = "is_false")]
    booked: bool,
    job: Option<JobPart>,
    // Names of one letter, as each byte counts.
    #[serde(rename = "s")]
    street: Option<String>,
    #[serde(rename = "n", default, skip_serializing_if = "Vec::is_empty")]
    other_jobs: Vec<u32>,
}

/// The job of a summary's customer.
#[derive(Serialize, Deserialize)]
struct JobPart {
    id: JobId,
    number: u32,
    title: String,
    status: JobStatus,
    #[serde(with = "millis::option", default)]
    at: Option<Timestamp>,
}

/// What Done put aside.
#[derive(Serialize, Deserialize)]
struct AsidePart {
    #[serde(with = "millis")]
    since: Timestamp,
    reason: AttentionReason,
    #[serde(default, skip_serializing_if = "is_false")]
    emergency: bool,
}

/// What seems to ask for no more texts.
#[derive(Serialize, Deserialize)]
struct DoubtPart {
    seq: u64,
    #[serde(with = "millis")]
    at: Timestamp,
}

/// The last message of a summary.
#[derive(Serialize, Deserialize)]
struct LastPart {
    id: MessageId,
    seq: u64,
    text: String,
    kind: MessageKind,
    direction: Direction,
    author: Option<StaffId>,
    status: Status,
    #[serde(with = "millis")]
    at: Timestamp,
}

impl From<&CustomerSummary> for CustomerPart {
    fn from(customer: &CustomerSummary) -> Self {
        Self {
            id: customer.id.clone(),
            name: customer.name.clone(),
            lead: customer.lead,
            booked: customer.has_booked_job,
            job: customer.job.as_ref().map(|job| JobPart {
                id: job.id.clone(),
                number: job.number,
                title: job.title.clone(),
                status: job.status,
                at: job.scheduled_at,
            }),
            street: customer.street.clone(),
            other_jobs: customer.other_jobs.clone(),
        }
    }
}

impl From<CustomerPart> for CustomerSummary {
    fn from(customer: CustomerPart) -> Self {
        let CustomerPart { id, name, lead, booked, job, street, other_jobs } = customer;
        let job = job.map(|JobPart { id, number, title, status, at }| JobSummary {
            id,
            number,
            title,
            status,
            scheduled_at: at,
        });
        Self { id, name, lead, has_booked_job: booked, job, street, other_jobs }
    }
}

impl From<Attention> for AsidePart {
    fn from(attention: Attention) -> Self {
        let Attention { waiting_since, reason, emergency } = attention;
        Self { since: waiting_since, reason, emergency }
    }
}

impl From<AsidePart> for Attention {
    fn from(aside: AsidePart) -> Self {
        let AsidePart { since, reason, emergency } = aside;
        Self { waiting_since: since, reason, emergency }
    }
}

impl From<&LastMessage> for LastPart {
    fn from(last: &LastMessage) -> Self {
        Self {
            id: last.id.clone(),
            seq: last.seq,
            text: last.text.clone(),
            kind: last.kind,
            direction: last.direction,
            author: last.author.clone(),
            status: last.status,
            at: last.at,
        }
    }
}

impl From<LastPart> for LastMessage {
    fn from(last: LastPart) -> Self {
        let LastPart { id, seq, text, kind, direction, author, status, at } = last;
        Self { id, seq, text, kind, direction, author, status, at }
    }
}

/// A conversation's summary. The first seven attributes are the keys of its indexes.
#[derive(Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "the flags that a conversation has")]
struct ConversationItem {
    folder: Option<String>,
    activity: Option<String>,
    waiting_folder: Option<String>,
    waiting_key: Option<String>,
    due_shard: Option<String>,
    due_at: Option<String>,
    assignee: Option<StaffId>,
    party: Option<PartyPart>,
    group: Option<LineGroupId>,
    channel: Option<Channel>,
    contact: Option<ContactPoint>,
    line: Option<ContactPoint>,
    version: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    seq: u64,
    state: State,
    #[serde(with = "millis::option", default)]
    snoozed_until: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "is_false")]
    blocked: bool,
    #[serde(with = "millis::option", default)]
    waiting_since: Option<Timestamp>,
    attention: Option<AttentionReason>,
    #[serde(default, skip_serializing_if = "is_false")]
    emergency: bool,
    aside: Option<AsidePart>,
    #[serde(default, skip_serializing_if = "is_false")]
    looked_settled: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    failed: Option<u64>,
    customer: Option<CustomerPart>,
    #[serde(default, skip_serializing_if = "is_false")]
    opted_out: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    doubt: Option<DoubtPart>,
    #[serde(default, skip_serializing_if = "is_false")]
    cannot_text: bool,
    #[serde(default, skip_serializing_if = "is_zero")]
    customer_count: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    answered_count: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    planned: Vec<u64>,
    last: Option<LastPart>,
    #[serde(with = "millis")]
    last_activity: Timestamp,
    job: Option<JobId>,
    #[serde(with = "millis::option", default)]
    job_at: Option<Timestamp>,
    #[serde(with = "millis")]
    created: Timestamp,
    #[serde(default, skip_serializing_if = "is_false")]
    office_only: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    crew_job: Option<CrewJob>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tombstones: Option<Tombstones>,
}

pub(crate) fn conversation_item(c: &Conversation) -> Item {
    let key = keys::summary(&c.business, &c.id);
    let folder = c.folder().map(Folder::as_key).or_else(|| c.team_list().map(str::to_owned));
    let waiting = c.shown_attention();
    let due = c.snoozed_until.filter(|_| c.state == State::Open);
    let lead = if c.is_lead() { "+l" } else { "" };
    let item = ConversationItem {
        activity: folder.as_ref().map(|_| keys::activity(c.last_activity_at, &c.id)),
        folder: folder.map(|folder| keys::folder_pk(&c.business, &folder)),
        waiting_folder: waiting.map(|_| keys::folder_pk(&c.business, &format!("active{lead}"))),
        waiting_key: waiting.map(|it| keys::waiting(it.emergency, it.waiting_since, &c.id)),
        due_shard: due.map(|_| keys::due_shard(&key.pk)),
        due_at: due.map(|at| at.to_string()),
        assignee: c.assignee.clone(),
        party: PartyPart::of(&c.party),
        group: c.route().map(|route| route.group.clone()),
        channel: c.route().map(|route| route.channel),
        contact: c.route().map(|route| route.contact.clone()),
        line: c.route().map(|route| route.line.clone()),
        version: c.version,
        seq: c.seq,
        state: c.state,
        snoozed_until: c.snoozed_until,
        blocked: c.blocked,
        waiting_since: c.attention.map(|attention| attention.waiting_since),
        attention: c.attention.map(|attention| attention.reason),
        emergency: c.attention.is_some_and(|attention| attention.emergency),
        aside: c.set_aside.map(AsidePart::from),
        looked_settled: c.looked_settled,
        failed: c.failed,
        customer: c.customer.as_ref().map(CustomerPart::from),
        opted_out: c.opted_out,
        doubt: c.doubt.map(|Doubt { seq, at }| DoubtPart { seq, at }),
        cannot_text: c.cannot_text,
        customer_count: c.customer_count,
        answered_count: c.answered_count,
        planned: c.planned.clone(),
        last: c.last_message.as_ref().map(LastPart::from),
        last_activity: c.last_activity_at,
        job: c.last_job.as_ref().map(|(job, _)| job.clone()),
        job_at: c.last_job.as_ref().map(|(_, at)| *at),
        created: c.created_at,
        office_only: c.office_only,
        crew_job: c.crew_job.clone(),
        tombstones: c.tombstones,
    };
    to_item(&key, &item)
}

pub(crate) fn conversation(item: Item) -> Result<Conversation, StoreError> {
    const KIND: &str = "conversation";
    let key = key_of(&item).ok_or_else(|| no_key(KIND))?;
    let (business, id) = conversation_of(&key.pk).ok_or_else(|| no_key(KIND))?;
    let item: ConversationItem = from_item(KIND, item)?;
    let attention = item.attention.zip(item.waiting_since);
    let route = item.group.zip(item.channel).zip(item.contact.zip(item.line));
    let route = route.map(|((group, channel), (contact, line))| Route { group, channel, contact, line });
    Ok(Conversation::restore(Summary {
        business,
        id,
        party: party(item.party, route)?,
        version: item.version,
        seq: item.seq,
        state: item.state,
        snoozed_until: item.snoozed_until,
        blocked: item.blocked,
        attention: attention.map(|(reason, waiting_since)| Attention {
            waiting_since,
            reason,
            emergency: item.emergency,
        }),
        set_aside: item.aside.map(Attention::from),
        looked_settled: item.looked_settled,
        failed: item.failed,
        assignee: item.assignee,
        customer: item.customer.map(CustomerSummary::from),
        opted_out: item.opted_out,
        doubt: item.doubt.map(|DoubtPart { seq, at }| Doubt { seq, at }),
        cannot_text: item.cannot_text,
        customer_count: item.customer_count,
        answered_count: item.answered_count,
        planned: item.planned,
        last_message: item.last.map(LastMessage::from),
        last_activity_at: item.last_activity,
        last_job: item.job.zip(item.job_at),
        created_at: item.created,
        office_only: item.office_only,
        crew_job: item.crew_job,
        tombstones: item.tombstones,
    }))
}
