//! The jobs of a day, as whoever works on them reads them.

use porchlight_api::row::CustomerRef;
use porchlight_api::words::{ChannelWord, JobStatusWord};
use porchlight_api::{StaffNames, StaffRef};
use porchlight_desk::{JobAtHand, NumberAtHand};
use porchlight_domain::id::{ConversationId, JobId};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;
use porchlight_domain::workday::Workday;
use serde::Serialize;
use utoipa::ToSchema;

use super::facts::JobFactView;

/// The jobs of some days.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Workday)]
pub struct WorkdayView {
    /// Today's date where the business is.
    #[schema(format = Date)]
    pub today: String,
    /// Its time zone, an IANA name.
    pub time_zone: String,
    /// Day by day: what goes on, what is ahead, what has ended.
    pub jobs: Vec<WorkdayJob>,
    /// There are others: so many are not told of at once.
    pub more: bool,
}

/// A job with what whoever works on it needs.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WorkdayJob {
    /// Its id.
    pub id: JobId,
    /// The number people call it by.
    pub number: u32,
    /// "Water heater replacement".
    pub title: String,
    /// Where it stands.
    pub status: JobStatusWord,
    /// The day on which it stands, today or tomorrow where the business is; none of another day's.
    #[schema(required, format = Date)]
    pub day: Option<String>,
    /// Somebody is at it, or it is the time that it is booked for.
    pub current: bool,
    /// When the crew comes.
    #[schema(required)]
    pub starts_at: Option<Timestamp>,
    /// Until when it is planned to take.
    #[schema(required)]
    pub ends_at: Option<Timestamp>,
    /// When it was completed or canceled.
    #[schema(required)]
    pub ended_at: Option<Timestamp>,
    /// Whose it is.
    pub customer: CustomerRef,
    /// Where the work is.
    #[schema(required)]
    pub address: Option<String>,
    /// What whoever stands at the door needs.
    #[schema(required)]
    pub access_notes: Option<String>,
    /// How the customer is reached, the last used first.
    pub contacts: Vec<ContactPoint>,
    /// The same, each with its thread.
    pub numbers: Vec<JobNumber>,
    /// Who works on it.
    pub crew: Vec<StaffRef>,
    /// What stands above its threads, the first one kept first.
    pub facts: Vec<JobFactView>,
}

/// A contact point of a job's customer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct JobNumber {
    /// The number or address.
    pub contact: ContactPoint,
    /// "Maria's cell".
    #[schema(required)]
    pub label: Option<String>,
    /// The channel it is used on.
    pub channel: ChannelWord,
    /// Texts do not reach it.
    pub cannot_text: bool,
    /// The conversation with it that the viewer may open; where there is none, the office starts it.
    #[schema(required)]
    pub conversation_id: Option<ConversationId>,
    /// What the viewer has not read there.
    pub unread: u64,
}

impl WorkdayJob {
    /// A job on this day, with the names of the staff.
    pub fn new(at_hand: JobAtHand, day: &Workday, names: &StaffNames) -> Self {
        let JobAtHand { job, customer, crew, numbers } = at_hand;
        Self {
            day: day.day_of(&job).map(|date| date.to_string()),
            current: day.is_current(&job),
            facts: JobFactView::of(&job, names),
            id: job.id,
            number: job.number,
            title: job.title,
            status: job.status.into(),
            starts_at: job.scheduled_at,
            ends_at: job.ends_at,
            ended_at: job.ended_at,
            customer: CustomerRef { id: customer.id, name: customer.name },
            address: customer.address,
            access_notes: customer.access_notes,
            contacts: numbers.iter().map(|number| number.link.contact.clone()).collect(),
            numbers: numbers.into_iter().map(JobNumber::from).collect(),
            crew: crew.iter().map(|staff| names.get(staff)).collect(),
        }
    }
}

impl From<NumberAtHand> for JobNumber {
    fn from(NumberAtHand { link, cannot_text, thread }: NumberAtHand) -> Self {
        Self {
            contact: link.contact,
            label: link.label,
            channel: link.channel.into(),
            cannot_text,
            unread: thread.as_ref().map_or(0, |thread| thread.unread),
            conversation_id: thread.map(|thread| thread.id),
        }
    }
}
