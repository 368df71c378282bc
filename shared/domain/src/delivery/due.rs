//! When the every-minute sweep must look at a message again, and what it does then.

use std::time::Duration;

use super::{Delivery, InvalidTransition, Local};
use crate::time::Timestamp;

/// The provider's list is asked for an `unknown` message so long after it became unknown.
pub const RESOLVE_AFTER: [Duration; 6] = [
    Duration::from_mins(1),
    Duration::from_mins(5),
    Duration::from_mins(15),
    Duration::from_hours(1),
    Duration::from_hours(6),
    Duration::from_hours(24),
];

/// After this a person chooses what becomes of an `unknown`.
pub(super) const A_PERSON_DECIDES_AFTER: Duration = RESOLVE_AFTER[RESOLVE_AFTER.len() - 1];

/// A message with a SID and no final evidence is fetched so long after its acceptance (lost callbacks).
pub const FETCH_AFTER: [Duration; 4] =
    [Duration::from_mins(15), Duration::from_hours(1), Duration::from_hours(12), Duration::from_hours(24)];

/// A claim without evidence is given up so long after its last moment to post: longer than a POST takes
/// and than clocks differ.
const CLAIM_GRACE: Duration = Duration::from_mins(1);

/// What is to be done with a message now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// [`Delivery::judge`]: its time has come.
    Judge,
    /// [`Delivery::claim`], if nothing earlier in the thread holds it.
    Claim,
    /// [`Delivery::expire_claim`]: whoever claimed it is gone.
    ExpireClaim,
    /// Ask the provider's list, record what matches, then [`Delivery::asked_provider`].
    AskList,
    /// Fetch it by this SID, record what it says, then [`Delivery::fetched_by_sid`].
    FetchBySid(String),
    /// Fetch it by this SID for its price, then [`Delivery::priced`].
    AskPrice(String),
    /// Nothing yet, or ever.
    Nothing,
}

impl Delivery {
    /// The next instant at which the sweep must look; none when nothing more happens by itself.
    pub fn due_at(&self) -> Option<Timestamp> {
        if let Some(decisive) = self.decisive() {
            if decisive.status.is_final() {
                return self.price_due();
            }
            return Some(self.accepted_at()? + *FETCH_AFTER.get(self.fetched as usize)?);
        }
        match self.local {
            // One that waits for a person comes up no more by itself.
            Local::Scheduled { at } => Some(at).filter(|_| self.why_held().is_none()),
            Local::Queued { not_before } => Some(not_before.unwrap_or(self.queued_at)),
            Local::Sending { post_before, .. } => Some(post_before + CLAIM_GRACE),
            Local::Unknown { since, asked } => Some(since + *RESOLVE_AFTER.get(asked as usize)?),
            Local::Failed { .. } | Local::Canceled => None,
        }
    }

    /// What is to be done now.
    pub fn next_step(&self, now: Timestamp) -> Step {
        if self.due_at().is_none_or(|due| due > now) {
            return Step::Nothing;
        }
        if let Some(decisive) = self.decisive() {
            let sid = decisive.sid.clone();
            return if decisive.status.is_final() { Step::AskPrice(sid) } else { Step::FetchBySid(sid) };
        }
        match self.local {
            Local::Scheduled { .. } => Step::Judge,
            Local::Queued { .. } => Step::Claim,
            Local::Sending { .. } => Step::ExpireClaim,
            Local::Unknown { .. } => Step::AskList,
            Local::Failed { .. } | Local::Canceled => Step::Nothing,
        }
    }

    /// `sending → unknown`: past its time, without evidence, its holder is gone.
    pub fn expire_claim(&mut self, now: Timestamp) -> Result<(), InvalidTransition> {
        if self.next_step(now) != Step::ExpireClaim {
            return Err(self.invalid("expire the claim of"));
        }
        self.local = Local::Unknown { since: now, asked: 0 };
        Ok(())
    }

    /// The provider's list was asked and told nothing certain; questions that were missed meanwhile count.
    pub fn asked_provider(&mut self, now: Timestamp) {
        if let Local::Unknown { since, asked } = &mut self.local {
            *asked = (*asked + 1).max(passed(&RESOLVE_AFTER, *since, now));
        }
    }

    /// The message was fetched by its SID; fetches that were missed meanwhile count.
    pub fn fetched_by_sid(&mut self, now: Timestamp) {
        if let Some(accepted) = self.accepted_at() {
            self.fetched = (self.fetched + 1).max(passed(&FETCH_AFTER, accepted, now));
        }
    }
}

/// How many of these instants have passed.
pub(super) fn passed(after: &[Duration], start: Timestamp, now: Timestamp) -> u32 {
    let count = after.iter().filter(|wait| start + **wait <= now).count();
    u32::try_from(count).expect("a handful of instants")
}
