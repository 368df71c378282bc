//! How a message gets out exactly once, and what is known of where it stands (PROTOCOLS §2; P4, P5).
//!
//! Two things are kept apart. [`Local`] is what *we* did: queued, claimed, gave up, lost the answer. The
//! [`Evidence`] is what the *provider* said; it is only ever added to, and the state is a fold over it that
//! does not depend on order. Evidence wins over everything local.
//!
//! # Layout
//!
//! - `status`: the words, ours and the provider's. `evidence`: the fold. `failure`: reasons in plain words.
//! - `send`: claim, post, settle: the only way to a POST. `due`: when the sweep must look again.
//! - `price`: what it cost. `schedule`: what goes later, and what holds it. `listed`: finding a lost message in the
//!   provider's list.

mod due;
mod evidence;
mod failure;
mod listed;
mod price;
mod schedule;
mod send;
mod status;

#[cfg(test)]
mod model_tests;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use self::due::{FETCH_AFTER, RESOLVE_AFTER, Step};
pub use self::evidence::Evidence;
pub use self::failure::{FailureClass, FailureReason};
pub use self::listed::{ListedMessage, Lost, match_listed};
pub use self::price::{PRICE_AFTER, Price};
pub use self::schedule::{
    Circumstances, EDITED_FOR, EDITOR_LASTS, Held, HeldReason, LATE_AFTER, Schedule, Verdict,
};
pub use self::send::{After, GIVE_UP_AFTER, InvalidTransition, POST_WITHIN, PostOutcome};
pub use self::status::{ProviderStatus, Status};

use crate::time::Timestamp;

/// One attempt's mark on a message: whoever holds it may post, nobody else.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClaimId(String);

impl ClaimId {
    /// A fresh claim's text; any text that was never used before.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What we did with a message. It shows only while there is no evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Local {
    /// To be queued at a time.
    Scheduled {
        /// When.
        at: Timestamp,
    },
    /// Not posted, or posted and certainly not accepted.
    Queued {
        /// The provider asked for patience until then.
        not_before: Option<Timestamp>,
    },
    /// Claimed; a POST may be under way.
    Sending {
        /// By whom.
        claim: ClaimId,
        /// No POST begins at or after this.
        post_before: Timestamp,
    },
    /// A POST may or may not have been accepted. Never posted again.
    Unknown {
        /// Since when.
        since: Timestamp,
        /// How many of the times to ask the provider's list have passed.
        asked: u32,
    },
    /// Certainly not accepted, and not tried again.
    Failed {
        /// Why.
        reason: FailureReason,
    },
    /// Taken back before it was posted.
    Canceled,
}

/// What became of a message on its way out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// What we did.
    pub local: Local,
    /// What the provider said, in an order that does not depend on arrival.
    pub evidence: Vec<Evidence>,
    /// When it was (to be) queued: patience ends some hours after.
    pub queued_at: Timestamp,
    /// How many of the times to fetch a silent message by its SID have passed.
    pub fetched: u32,
    /// What was asked of it, where it was to go later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// What it cost, once the provider said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
    /// How many of the times to ask for its price have passed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub price_asked: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde calls")]
const fn is_zero(value: &u32) -> bool {
    *value == 0
}

impl Delivery {
    /// To go out now.
    pub const fn queued(now: Timestamp) -> Self {
        Self::begun(Local::Queued { not_before: None }, now)
    }

    /// To go out at a time.
    pub const fn scheduled(at: Timestamp) -> Self {
        Self::begun(Local::Scheduled { at }, at)
    }

    const fn begun(local: Local, queued_at: Timestamp) -> Self {
        Self {
            local,
            evidence: Vec::new(),
            queued_at,
            fetched: 0,
            price: None,
            price_asked: 0,
            schedule: None,
        }
    }

    /// Where it stands: the highest-ranked evidence; without any, what we did.
    pub fn status(&self) -> Status {
        match self.decisive() {
            Some(evidence) => evidence.status.into(),
            None => match self.local {
                Local::Scheduled { .. } => Status::Scheduled,
                Local::Queued { .. } => Status::Queued,
                Local::Sending { .. } => Status::Sending,
                Local::Unknown { .. } => Status::Unknown,
                Local::Failed { .. } => Status::Failed,
                Local::Canceled => Status::Canceled,
            },
        }
    }

    /// Since when nobody knows whether it was accepted.
    pub fn unknown_since(&self) -> Option<Timestamp> {
        match self.local {
            Local::Unknown { since, .. } if self.evidence.is_empty() => Some(since),
            _ => None,
        }
    }

    /// Whether later messages of the thread wait for this one: `queued`, and `sending` without evidence.
    pub fn holds_later(&self) -> bool {
        self.evidence.is_empty() && matches!(self.local, Local::Queued { .. } | Local::Sending { .. })
    }

    /// Whether a person may put an `unknown` aside: after the last question to the provider's list.
    pub fn may_dismiss(&self, now: Timestamp) -> bool {
        self.unknown_since().is_some_and(|since| now >= since + due::A_PERSON_DECIDES_AFTER)
    }

    /// Whether a person may send it again as a new message.
    pub fn may_resend(&self, now: Timestamp) -> bool {
        self.status().is_final_failure() || self.may_dismiss(now)
    }
}
