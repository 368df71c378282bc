//! A business, its lines and the groups that they form.

use serde::{Deserialize, Serialize};

use crate::hours::BusinessHours;
use crate::id::{BusinessId, LineGroupId};
use crate::phone::ContactPoint;
use crate::push::PushLadder;
use crate::time::Timestamp;

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Business {
    /// Its id, part of every key and of its webhook addresses.
    pub id: BusinessId,
    /// As customers know it.
    pub name: String,
    /// IANA name, such as `America/New_York`; business hours and daily summaries are in it.
    pub time_zone: String,
    /// When people are expected to answer.
    pub hours: BusinessHours,
    /// The provider's account that its lines belong to (`AC…`).
    pub provider_account: String,
    /// Whether technicians may text customers at all (FEATURES 6).
    pub technicians_text: bool,
    /// Days that a technician still sees a thread after the job's completion.
    pub access_days_after_completion: u32,
    /// From when one revocation of consent covers everything; the rule's own day where it says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub one_revocation_covers_all_from: Option<Timestamp>,
    /// What happens when nobody of the crew opens a customer's message.
    #[serde(default, skip_serializing_if = "PushLadder::is_usual")]
    pub push_ladder: PushLadder,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Lines that share their conversations; history is keyed to the group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineGroup {
    /// Its id, part of every conversation's id.
    pub id: LineGroupId,
    /// Shown where a business has several brands.
    pub name: String,
}

/// A number of the business.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// E.164.
    pub number: ContactPoint,
    /// The group whose conversations it serves.
    pub group: LineGroupId,
    /// Its name on the screen.
    pub label: String,
    /// A ported or replaced number names the one that took over.
    pub successor: Option<ContactPoint>,
}
