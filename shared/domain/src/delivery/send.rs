//! Claim, post, settle: the only way to a POST (PROTOCOLS §2; P4).
//!
//! Why nothing is posted twice: a POST needs a claim; a claim needs `queued` without evidence; and from a
//! claim the only way back to `queued` is [`Delivery::settle_post`] by the claim's own holder, with an
//! outcome that proves non-acceptance. A holder that dies leaves `sending`, which becomes `unknown`.

use std::time::Duration;

use super::{ClaimId, Delivery, Evidence, FailureReason, Local, Status};
use crate::time::Timestamp;

/// A claim's holder begins no POST later than this after claiming.
pub const POST_WITHIN: Duration = Duration::from_secs(20);

/// A message that the provider would not take for so long after it was queued has failed.
pub const GIVE_UP_AFTER: Duration = Duration::from_hours(4);

/// The last try is made when patience ends; who comes later than this after it is too late.
const LAST_TRY_WITHIN: Duration = Duration::from_mins(5);

/// The wait before the next POST of the same claim, unless the provider asks for another.
const RETRY_WAIT: Duration = Duration::from_secs(2);

/// Bounds of the wait between two claims.
const SHORTEST_RELEASE: Duration = Duration::from_secs(15);
const LONGEST_RELEASE: Duration = Duration::from_mins(15);

/// The message is in no state for this act; nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot {act} a message that is {from:?}")]
pub struct InvalidTransition {
    /// What was tried.
    pub act: &'static str,
    /// Where the message stood.
    pub from: Status,
}

/// What one POST came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PostOutcome {
    /// 201.
    Accepted(Evidence),
    /// Certainly not accepted, and it may be another time: failed connect, 429, a passing code.
    NotAccepted {
        /// The provider's code, where it gave one.
        code: Option<u32>,
        /// How long it asked to wait.
        retry_after: Option<Duration>,
    },
    /// Certainly not accepted, and never will be: any other code of the provider.
    Rejected(FailureReason),
    /// Everything else: it may have been accepted.
    Unknown,
}

impl PostOutcome {
    /// No connection, or a 429 without the provider's body.
    pub const fn not_accepted(retry_after: Option<Duration>) -> Self {
        Self::NotAccepted { code: None, retry_after }
    }
}

/// What the holder of a claim does after a POST.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// Write the delivery; this message needs no more now.
    Done,
    /// Nothing changed. Wait, check consent again, and post again if [`Delivery::may_post`].
    Retry {
        /// How long.
        wait: Duration,
    },
    /// Write the delivery: `queued` again, not to be claimed before a time.
    Released {
        /// When it may be claimed again.
        not_before: Timestamp,
    },
    /// Write nothing: the claim was lost meanwhile and the outcome adds no evidence.
    Stale,
}

impl Delivery {
    /// A scheduled message's time has come.
    pub fn enqueue(&mut self, now: Timestamp) -> Result<(), InvalidTransition> {
        match self.local {
            Local::Scheduled { at } if at <= now && self.evidence.is_empty() => {
                self.local = Local::Queued { not_before: None };
                self.queued_at = now;
                Ok(())
            }
            _ => Err(self.invalid("queue")),
        }
    }

    /// Takes back what was not posted yet.
    pub fn cancel(&mut self) -> Result<(), InvalidTransition> {
        match self.local {
            Local::Scheduled { .. } | Local::Queued { .. } if self.evidence.is_empty() => {
                self.local = Local::Canceled;
                Ok(())
            }
            _ => Err(self.invalid("cancel")),
        }
    }

    /// What it waited for is over: it may be claimed at once. Nothing for what is not queued.
    pub fn hurry(&mut self) {
        if let Local::Queued { not_before } = &mut self.local {
            *not_before = None;
        }
    }

    /// `queued → sending`. The caller has seen that no lower message of the thread [holds](Self::holds_later)
    /// this one, and writes it on condition that the stored message is still as it was read.
    pub fn claim(&mut self, claim: ClaimId, now: Timestamp) -> Result<(), InvalidTransition> {
        match self.local {
            Local::Queued { not_before }
                if self.evidence.is_empty() && not_before.is_none_or(|at| at <= now) =>
            {
                self.local = Local::Sending { claim, post_before: now + POST_WITHIN };
                Ok(())
            }
            _ => Err(self.invalid("claim")),
        }
    }

    /// A queued message that nobody could post while it was fresh (everything was off) has failed; whether that
    /// is so now. The last try that [`Delivery::settle_post`] leaves comes before.
    pub fn give_up(&mut self, now: Timestamp) -> bool {
        let queued = matches!(self.local, Local::Queued { .. }) && self.evidence.is_empty();
        let is_too_old = queued && now >= self.queued_at + GIVE_UP_AFTER + LAST_TRY_WITHIN;
        if is_too_old {
            self.local = Local::Failed { reason: FailureReason::too_old() };
        }
        is_too_old
    }

    /// Whether this claim is the one that stands (also after a lost answer to our own claiming write).
    pub fn is_claimed_by(&self, claim: &ClaimId) -> bool {
        matches!(&self.local, Local::Sending { claim: held, .. } if held == claim)
    }

    /// Whether the claim's holder may begin a POST now.
    pub fn may_post(&self, claim: &ClaimId, now: Timestamp) -> bool {
        let in_time = matches!(self.local, Local::Sending { post_before, .. } if now < post_before);
        self.evidence.is_empty() && self.is_claimed_by(claim) && in_time
    }

    /// The claim's holder posted nothing and nothing will be: opted out (P6).
    pub fn refuse(&mut self, claim: &ClaimId, reason: FailureReason) -> Result<(), InvalidTransition> {
        self.held(claim, "refuse")?;
        self.local = Local::Failed { reason };
        Ok(())
    }

    /// The claim's holder posted nothing, or what it posted was certainly not accepted: back to `queued`, or
    /// `failed` when patience has ended (`None`).
    pub fn release(
        &mut self,
        claim: &ClaimId,
        now: Timestamp,
        not_before: Timestamp,
    ) -> Result<Option<Timestamp>, InvalidTransition> {
        self.held(claim, "release")?;
        Ok(self.back_to_queue(now, not_before, None))
    }

    /// A POST may have been accepted and its answer is lost.
    pub fn mark_unknown(&mut self, claim: &ClaimId, now: Timestamp) -> Result<(), InvalidTransition> {
        self.held(claim, "lose")?;
        self.local = Local::Unknown { since: now, asked: 0 };
        Ok(())
    }

    /// Folds in what a POST of this claim came to, and says what the holder does next.
    pub fn settle_post(&mut self, claim: &ClaimId, outcome: PostOutcome, now: Timestamp) -> After {
        if let PostOutcome::Accepted(evidence) = outcome {
            return if self.record(evidence) { After::Done } else { After::Stale };
        }
        let Ok(post_before) = self.held(claim, "settle") else { return After::Stale };
        match outcome {
            PostOutcome::Rejected(reason) => self.local = Local::Failed { reason },
            PostOutcome::NotAccepted { code, retry_after } => {
                return self.try_again(code, retry_after, post_before, now);
            }
            PostOutcome::Unknown | PostOutcome::Accepted(_) => {
                self.local = Local::Unknown { since: now, asked: 0 };
            }
        }
        After::Done
    }

    fn try_again(
        &mut self,
        code: Option<u32>,
        retry_after: Option<Duration>,
        post_before: Timestamp,
        now: Timestamp,
    ) -> After {
        let wait = retry_after.unwrap_or(RETRY_WAIT);
        if now + wait < post_before {
            return After::Retry { wait };
        }
        // A quarter of its age: patience grows with the trouble, without a counter to keep.
        let patience = (now.since(self.queued_at) / 4).clamp(SHORTEST_RELEASE, LONGEST_RELEASE);
        let not_before = now + retry_after.unwrap_or_default().max(patience);
        match self.back_to_queue(now, not_before, code) {
            Some(not_before) => After::Released { not_before },
            None => After::Done,
        }
    }

    fn back_to_queue(
        &mut self,
        now: Timestamp,
        not_before: Timestamp,
        code: Option<u32>,
    ) -> Option<Timestamp> {
        let patience_ends = self.queued_at + GIVE_UP_AFTER;
        if now >= patience_ends {
            self.local = Local::Failed { reason: FailureReason::gave_up(code) };
            return None;
        }
        // Whatever the provider asks, there is one last try when patience ends.
        let not_before = not_before.min(patience_ends);
        self.local = Local::Queued { not_before: Some(not_before) };
        Some(not_before)
    }

    /// The claim stands and the provider has said nothing: when its time to post ends.
    fn held(&self, claim: &ClaimId, act: &'static str) -> Result<Timestamp, InvalidTransition> {
        match &self.local {
            Local::Sending { claim: held, post_before } if held == claim && self.evidence.is_empty() => {
                Ok(*post_before)
            }
            _ => Err(self.invalid(act)),
        }
    }

    pub(super) fn invalid(&self, act: &'static str) -> InvalidTransition {
        InvalidTransition { act, from: self.status() }
    }
}
