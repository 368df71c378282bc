//! What is known of a contact point itself, whoever uses it.

use serde::{Deserialize, Serialize};

use crate::delivery::FailureReason;
use crate::id::StaffId;
use crate::phone::ContactPoint;
use crate::time::Timestamp;

/// What is known of a contact point itself, whoever uses it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactRecord {
    /// The number or address.
    pub contact: ContactPoint,
    /// A landline, or unreachable: texts cannot be sent to it.
    #[serde(default)]
    pub cannot_text: bool,
    /// A landlord's or property manager's: crews see only their own jobs' messages.
    #[serde(default)]
    pub shared: bool,
    /// What the provider said when it was marked "cannot text"; none where a person said so.
    #[serde(default)]
    pub told: Option<Unreachable>,
    /// Since when texts reach it after all: failures of what left before mark it no more.
    #[serde(default)]
    pub reachable_since: Option<Timestamp>,
    /// Nobody of the business is to be disturbed by it.
    #[serde(default)]
    pub block: Option<Block>,
}

impl ContactRecord {
    /// A contact point of which nothing is known.
    pub const fn new(contact: ContactPoint) -> Self {
        Self { contact, cannot_text: false, shared: false, told: None, reachable_since: None, block: None }
    }

    /// Whether a failure of what left then still says something: nothing where somebody has said, or it has shown,
    /// since that texts reach it.
    pub fn is_marked_by(&self, left: Timestamp) -> bool {
        self.reachable_since.is_none_or(|since| left >= since)
    }
}

/// Texts do not reach a contact point, as the provider said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unreachable {
    /// When.
    pub since: Timestamp,
    /// In whose words.
    pub reason: FailureReason,
}

/// A contact point is blocked: what it sends is kept, and disturbs nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// By whom.
    pub by: StaffId,
    /// When.
    pub at: Timestamp,
    /// As a sender of spam.
    #[serde(default)]
    pub spam: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{at, phone};

    #[test]
    fn what_left_before_it_was_known_to_be_reached_marks_it_no_more() {
        let mut record = ContactRecord::new(phone("+12075550142"));
        assert!(record.is_marked_by(at(1)));
        record.reachable_since = Some(at(5));
        assert!(!record.is_marked_by(at(4)));
        assert!(record.is_marked_by(at(5)));
    }

    #[test]
    fn a_record_of_before_reads() {
        let old = serde_json::json!({"contact": "+12075550142", "cannot_text": true, "shared": false});
        let record: ContactRecord = serde_json::from_value(old).unwrap();
        assert!(record.cannot_text && record.told.is_none() && record.block.is_none());
    }
}
