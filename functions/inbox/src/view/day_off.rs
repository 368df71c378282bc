//! Who is off today, and what then wants somebody else.

use porchlight_api::StaffRef;
use porchlight_api::words::{JobStatusWord, RoleWord};
use porchlight_desk::{MarkedOff, Wanting};
use porchlight_domain::conversation::Conversation;
use porchlight_domain::customer::Job;
use porchlight_domain::id::{ConversationId, JobId};
use porchlight_domain::staff::Staff;
use porchlight_domain::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::bulk::BulkView;

/// Somebody, as they are marked.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DayOff {
    /// Who.
    pub person: StaffRef,
    /// Off until then; none: they are there.
    #[schema(required)]
    pub off_until: Option<Timestamp>,
    /// How far the command is that makes their conversations nobody's, a command over many like any (`/api/bulk`): it is
    /// gone on with and taken back there. None where this changed nothing.
    #[schema(required)]
    pub release: Option<BulkView>,
}

/// Everybody who is off today.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DaysOff {
    /// By name.
    pub people: Vec<OffToday>,
}

/// Somebody who is off today, with what wants somebody else.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OffToday {
    /// Who.
    pub person: StaffRef,
    /// What they are to the inbox.
    pub role: RoleWord,
    /// Off until then.
    pub off_until: Timestamp,
    /// Their jobs of today that have not ended, in the order of the day.
    pub jobs: Vec<JobLeft>,
    /// Open conversations that were theirs and are nobody's, or are theirs still; the last active first, at most 200.
    pub conversations: Vec<ConversationLeft>,
}

/// A job whose technician is off.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct JobLeft {
    /// Its id.
    pub id: JobId,
    /// The number people call it by.
    pub number: u32,
    /// "Water heater replacement".
    pub title: String,
    /// Where it stands.
    pub status: JobStatusWord,
    /// When the crew comes.
    #[schema(required)]
    pub starts_at: Option<Timestamp>,
    /// The customer's name.
    pub customer_name: String,
}

/// A conversation whose assignee is off.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConversationLeft {
    /// Its id.
    pub id: ConversationId,
    /// Whom it is with.
    pub name: String,
    /// It needs a person.
    pub attention: bool,
}

impl DayOff {
    /// As somebody is now.
    pub fn new(staff: &Staff, now: Timestamp) -> Self {
        Self { person: reference(staff), off_until: off_until(staff, now), release: None }
    }

    /// As somebody was just marked.
    pub fn marked(marked: MarkedOff, now: Timestamp) -> Self {
        Self { release: marked.release.map(BulkView::from), ..Self::new(&marked.staff, now) }
    }
}

impl OffToday {
    /// None of somebody who is there.
    pub fn new(wanting: &Wanting, now: Timestamp) -> Option<Self> {
        let Wanting { staff, jobs, conversations } = wanting;
        Some(Self {
            person: reference(staff),
            role: staff.role.into(),
            off_until: off_until(staff, now)?,
            jobs: jobs.iter().map(job).collect(),
            conversations: conversations.iter().map(conversation).collect(),
        })
    }
}

fn reference(staff: &Staff) -> StaffRef {
    StaffRef { id: staff.id.clone(), name: staff.name.clone() }
}

fn off_until(staff: &Staff, now: Timestamp) -> Option<Timestamp> {
    staff.day_off.as_ref().filter(|_| staff.is_off(now)).map(|off| off.until)
}

fn job((job, customer_name): &(Job, String)) -> JobLeft {
    JobLeft {
        id: job.id.clone(),
        number: job.number,
        title: job.title.clone(),
        status: job.status.into(),
        starts_at: job.scheduled_at,
        customer_name: customer_name.clone(),
    }
}

fn conversation(it: &Conversation) -> ConversationLeft {
    ConversationLeft {
        id: it.id.clone(),
        name: it.name().to_owned(),
        attention: it.shown_attention().is_some(),
    }
}
