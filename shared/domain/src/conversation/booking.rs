//! What the directory says of a conversation's contact point, and the newly booked job that reopens it.

use std::collections::BTreeSet;
use std::time::Duration;

use super::{Conversation, CustomerSummary, State};
use crate::id::JobId;
use crate::time::Timestamp;

/// How old a job's id may be for the job to count as newly booked; as long as a stream brings records.
const BOOKED_WITHIN: Duration = Duration::from_hours(1);

/// What the directory says of a contact point.
#[derive(Clone, Debug)]
pub struct Known<'d> {
    /// Who it belongs to.
    pub customer: Option<&'d CustomerSummary>,
    /// Texts do not reach it.
    pub cannot_text: bool,
    /// It is blocked.
    pub blocked: bool,
    /// Jobs of its customers that are booked or under way.
    pub active_jobs: &'d [JobId],
}

impl Conversation {
    /// Takes over what the directory says; `booked` are the jobs that it newly has. Whether anything changed.
    pub fn know(&mut self, known: &Known<'_>, booked: &BTreeSet<JobId>, now: Timestamp) -> bool {
        let reopens = self.state == State::Closed && self.is_booked_anew(known, booked, now);
        let (marks, known_marks) = ((self.cannot_text, self.blocked), (known.cannot_text, known.blocked));
        if self.customer.as_ref() == known.customer && marks == known_marks && !reopens {
            return false;
        }
        self.0.customer = known.customer.cloned();
        (self.0.cannot_text, self.0.blocked) = known_marks;
        if reopens {
            self.reopen();
        }
        true
    }

    /// A job of the customer's was booked: whether that opened a closed conversation.
    pub fn record_booking(&mut self) -> bool {
        let was_closed = self.state == State::Closed;
        if was_closed {
            self.reopen();
        }
        was_closed
    }

    /// A repeat of a record books nothing: the row shows that job by then, or the job has grown old.
    fn is_booked_anew(&self, known: &Known<'_>, booked: &BTreeSet<JobId>, now: Timestamp) -> bool {
        let shown = |customer: Option<&CustomerSummary>| customer?.job.as_ref().map(|job| job.id.clone());
        let (before, after) = (shown(self.customer.as_ref()), shown(known.customer));
        let active = booked.iter().filter(|job| known.active_jobs.contains(job));
        let mut new = active.filter(|job| before.as_ref() != Some(*job));
        new.any(|job| after.as_ref() == Some(job) || now.since(job.time()) <= BOOKED_WITHIN)
    }
}
