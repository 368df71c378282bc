//! Customers, how they are reached, their jobs, and whether they are leads.

mod contact;
mod fact;

use serde::{Deserialize, Serialize};

pub use self::contact::{Block, ContactRecord, Unreachable};
pub use self::fact::{JobFact, KeptFact, LONGEST_FACT, MOST_FACTS, TooManyFacts};

use crate::channel::Channel;
use crate::id::{CustomerId, JobId, StaffId};
use crate::phone::ContactPoint;
use crate::time::Timestamp;

/// How far a lead has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeadStage {
    /// Not yet spoken with.
    New,
    /// Worth an offer.
    Qualified,
    /// To be asked again.
    FollowUp,
    /// Won or lost: no lead any more.
    Closed,
}

impl LeadStage {
    /// Whether somebody still has to win this customer.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Closed)
    }
}

/// A customer of a business.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Their id.
    pub id: CustomerId,
    /// A person or a firm.
    pub name: String,
    /// Where the work is.
    pub address: Option<String>,
    /// What the office wrote about them; its own.
    pub notes: Option<String>,
    /// What whoever stands at the door needs: the dog, the key, where the heater is. The crew sees it.
    #[serde(default)]
    pub access_notes: Option<String>,
    /// What they owe, in cents of the business's currency.
    pub balance_cents: i64,
    /// Present while they are, or were, a lead.
    pub lead: Option<LeadStage>,
    /// Since when they are known.
    pub since: Timestamp,
    /// Counts the writes, for conditions.
    pub version: u64,
}

crate::debug_shows!(Customer: id, lead, since, version);

/// A customer uses a contact point. Many to many, dated and labelled; unlinking never moves messages.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactLink {
    /// Who uses it.
    pub customer: CustomerId,
    /// What is used.
    pub contact: ContactPoint,
    /// The channel it is used on.
    pub channel: Channel,
    /// "Maria's cell".
    pub label: Option<String>,
    /// From when.
    pub linked_at: Timestamp,
    /// "Not this person": until when.
    pub unlinked_at: Option<Timestamp>,
}

crate::debug_shows!(ContactLink: customer, channel, linked_at, unlinked_at);

impl ContactLink {
    /// Whether the link holds now.
    pub const fn is_current(&self) -> bool {
        self.unlinked_at.is_none()
    }
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobStatus {
    /// Booked for a day to come.
    Scheduled,
    /// Somebody is at it.
    InProgress,
    /// Done.
    Completed,
    /// Will not happen.
    Canceled,
}

impl JobStatus {
    /// Booked or under way.
    pub const fn is_active(self) -> bool {
        matches!(self, Self::Scheduled | Self::InProgress)
    }
}

/// Work at a customer's.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// Whose it is.
    pub customer: CustomerId,
    /// The number people call it by, `1042`.
    pub number: u32,
    /// "Water heater replacement".
    pub title: String,
    /// Where it stands.
    pub status: JobStatus,
    /// When the crew comes.
    pub scheduled_at: Option<Timestamp>,
    /// Until when it is planned to take; never before the crew comes.
    #[serde(default)]
    pub ends_at: Option<Timestamp>,
    /// When it was completed or canceled; access for the crew ends some days after.
    pub ended_at: Option<Timestamp>,
    /// What it costs, in cents.
    pub amount_cents: i64,
    /// What stands above its threads, the first one kept first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<JobFact>,
    /// Counts the writes, for conditions.
    pub version: u64,
}

crate::debug_shows!(Job: id, customer, number, status, scheduled_at, ends_at, ended_at, version);

impl Job {
    /// Whether the work was done.
    pub const fn is_completed(&self) -> bool {
        matches!(self.status, JobStatus::Completed)
    }

    /// Booked by this change: active, and not before.
    pub fn is_newly_booked(&self, before: Option<&Self>) -> bool {
        self.status.is_active() && !before.is_some_and(|before| before.status.is_active())
    }
}

/// A technician works on a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// The job.
    pub job: JobId,
    /// Its customer.
    pub customer: CustomerId,
    /// The technician.
    pub staff: StaffId,
    /// From when.
    pub assigned_at: Timestamp,
    /// Until when: unassigning ends access at once.
    pub unassigned_at: Option<Timestamp>,
}
