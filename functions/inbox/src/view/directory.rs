//! What the directory endpoints answer with: the record as it now is.

use porchlight_api::row::LeadView;
use porchlight_api::words::{ChannelWord, JobStatusWord};
use porchlight_domain::customer::{Assignment, ContactLink, ContactRecord, Customer, Job};
use porchlight_domain::hours::Week;
use porchlight_domain::id::{ConversationId, CustomerId, JobId, StaffId};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;
use porchlight_store::jobs::Participant;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A customer.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Customer)]
pub struct CustomerView {
    /// Their id.
    pub id: CustomerId,
    /// A person or a firm.
    pub name: String,
    /// Where the work is.
    #[schema(required)]
    pub address: Option<String>,
    /// What the office wrote about them.
    #[schema(required)]
    pub notes: Option<String>,
    /// What whoever stands at the door needs; crews see it.
    #[schema(required)]
    pub access_notes: Option<String>,
    /// What they owe, in cents.
    pub balance_cents: i64,
    /// Present while they are, or were, a lead.
    #[schema(required)]
    pub lead: Option<LeadView>,
    /// Since when they are known.
    pub since: Timestamp,
}

impl From<Customer> for CustomerView {
    fn from(customer: Customer) -> Self {
        Self {
            id: customer.id,
            name: customer.name,
            address: customer.address,
            notes: customer.notes,
            access_notes: customer.access_notes,
            balance_cents: customer.balance_cents,
            lead: customer.lead.map(|stage| LeadView { stage: stage.into() }),
            since: customer.since,
        }
    }
}

/// A customer uses a contact point, or used to.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ContactLink)]
pub struct LinkView {
    /// Who.
    pub customer_id: CustomerId,
    /// What.
    pub contact: ContactPoint,
    /// The channel it is used on.
    pub channel: ChannelWord,
    /// "Maria's cell".
    #[schema(required)]
    pub label: Option<String>,
    /// From when.
    pub linked_at: Timestamp,
}

impl From<ContactLink> for LinkView {
    fn from(link: ContactLink) -> Self {
        Self {
            customer_id: link.customer,
            contact: link.contact,
            channel: link.channel.into(),
            label: link.label,
            linked_at: link.linked_at,
        }
    }
}

/// What is known of a contact point itself.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ContactRecord)]
pub struct ContactRecordView {
    /// The number or address.
    pub contact: ContactPoint,
    /// A landline, or unreachable for texts.
    pub cannot_text: bool,
    /// A landlord's or property manager's: crews see only their own jobs' messages.
    pub shared: bool,
}

impl From<ContactRecord> for ContactRecordView {
    fn from(record: ContactRecord) -> Self {
        Self { contact: record.contact, cannot_text: record.cannot_text, shared: record.shared }
    }
}

/// A job.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = BookedJob)]
pub struct JobRecordView {
    /// Its id.
    pub id: JobId,
    /// Whose it is.
    pub customer_id: CustomerId,
    /// The number people call it by.
    pub number: u32,
    /// "Water heater replacement".
    pub title: String,
    /// Where it stands.
    pub status: JobStatusWord,
    /// When the crew comes.
    #[schema(required)]
    pub scheduled_at: Option<Timestamp>,
    /// Until when it is planned to take.
    #[schema(required)]
    pub ends_at: Option<Timestamp>,
    /// When it was completed or canceled.
    #[schema(required)]
    pub ended_at: Option<Timestamp>,
    /// What it costs, in cents.
    pub amount_cents: i64,
}

impl From<Job> for JobRecordView {
    fn from(job: Job) -> Self {
        Self {
            id: job.id,
            customer_id: job.customer,
            number: job.number,
            title: job.title,
            status: job.status.into(),
            scheduled_at: job.scheduled_at,
            ends_at: job.ends_at,
            ended_at: job.ended_at,
            amount_cents: job.amount_cents,
        }
    }
}

/// Somebody works on a job.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Assignment)]
pub struct AssignmentView {
    /// The job.
    pub job_id: JobId,
    /// The person.
    pub staff_id: StaffId,
    /// From when.
    pub assigned_at: Timestamp,
}

impl From<Assignment> for AssignmentView {
    fn from(assignment: Assignment) -> Self {
        Self { job_id: assignment.job, staff_id: assignment.staff, assigned_at: assignment.assigned_at }
    }
}

/// The office added somebody to a conversation.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Participant)]
pub struct ParticipantView {
    /// The conversation.
    pub conversation_id: ConversationId,
    /// The person.
    pub staff_id: StaffId,
    /// From when.
    pub added_at: Timestamp,
}

impl From<Participant> for ParticipantView {
    fn from(participant: Participant) -> Self {
        Self {
            conversation_id: participant.conversation,
            staff_id: participant.staff,
            added_at: participant.added_at,
        }
    }
}

/// When people are expected to answer.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// IANA name, such as `America/New_York`.
    #[schema(min_length = 1, max_length = 64)]
    pub time_zone: String,
    /// Each day's stretches, in order and apart; a day without any is closed.
    #[schema(value_type = WeekSchema)]
    pub week: Week,
}

/// The days of a week.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Week)]
#[expect(missing_docs, reason = "describes `porchlight_domain::hours::Week`, whose days name themselves")]
pub struct WeekSchema {
    #[schema(required = false)]
    pub monday: Vec<OpenInterval>,
    #[schema(required = false)]
    pub tuesday: Vec<OpenInterval>,
    #[schema(required = false)]
    pub wednesday: Vec<OpenInterval>,
    #[schema(required = false)]
    pub thursday: Vec<OpenInterval>,
    #[schema(required = false)]
    pub friday: Vec<OpenInterval>,
    #[schema(required = false)]
    pub saturday: Vec<OpenInterval>,
    #[schema(required = false)]
    pub sunday: Vec<OpenInterval>,
}

/// A stretch of a day.
#[derive(ToSchema)]
#[schema(as = Interval)]
pub struct OpenInterval {
    /// From, `HH:MM`.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    pub opens: String,
    /// Until, exclusive; `24:00` is the day's end.
    #[schema(pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
    pub closes: String,
}
