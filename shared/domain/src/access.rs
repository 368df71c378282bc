//! Who may see and do what: one function of (who, what), over current assignments (P7).
//!
//! Lists, search, threads, live events, media and guessed ids all ask here. The caller reads the facts
//! consistently from `directory`; membership derived for lists is only a candidate.

use std::time::Duration;

use crate::conversation::{Conversation, State};
use crate::customer::{Assignment, Job};
use crate::id::{BusinessId, JobId, StaffId};
use crate::message::{Message, MessageKind};
use crate::staff::{Role, Staff};
use crate::time::Timestamp;

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The tenant, from the session and never from the request.
    pub business: BusinessId,
    /// The person.
    pub staff: StaffId,
    /// What they are to the inbox.
    pub role: Role,
    /// May write to customers.
    pub may_text: bool,
}

impl Viewer {
    /// The person behind a session; technicians write only with the business switch and the permission.
    pub fn new(staff: &Staff, technicians_text: bool) -> Self {
        Self {
            business: staff.business.clone(),
            staff: staff.id.clone(),
            role: staff.role,
            may_text: staff.role.is_office() || (technicians_text && staff.full_chat_access),
        }
    }
}

/// What is known, now, of a technician and a conversation's contact point.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessFacts {
    /// The technician's assignments to jobs of the customers who use the contact point.
    pub work: Vec<(Assignment, Job)>,
    /// The office added them to the conversation.
    pub participant: bool,
    /// The contact point is a landlord's or property manager's.
    pub shared_contact: bool,
    /// Days of access after a job's end.
    pub days_after_completion: u32,
}

/// How much of a conversation somebody sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Nothing; to them it does not exist.
    Hidden,
    /// Only the messages of these jobs (a shared number).
    Jobs(Vec<JobId>),
    /// The contact point's whole history, without the office's notes.
    Crew,
    /// Everything.
    Office,
}

impl Sight {
    /// Whether there is anything to see.
    pub const fn is_hidden(&self) -> bool {
        matches!(self, Self::Hidden)
    }

    /// Whether this message is part of what is seen.
    pub fn shows(&self, message: &Message) -> bool {
        match self {
            Self::Hidden => false,
            Self::Office => true,
            Self::Crew => message.kind != MessageKind::Note,
            Self::Jobs(jobs) => {
                message.kind != MessageKind::Note
                    && message.job.as_ref().is_some_and(|job| jobs.contains(job))
            }
        }
    }
}

/// The policy.
pub fn sight(viewer: &Viewer, conversation: &Conversation, facts: &AccessFacts, now: Timestamp) -> Sight {
    if viewer.business != conversation.business {
        return Sight::Hidden;
    }
    if viewer.role.is_office() {
        return Sight::Office;
    }
    if conversation.state == State::Closed || conversation.blocked {
        return Sight::Hidden;
    }
    if facts.participant {
        return Sight::Crew;
    }
    let jobs = jobs_in_sight(viewer, facts, now);
    match (jobs.is_empty(), facts.shared_contact) {
        (true, _) => Sight::Hidden,
        (false, true) => Sight::Jobs(jobs),
        (false, false) => Sight::Crew,
    }
}

/// Jobs whose assignment holds, and which have not ended too long ago.
fn jobs_in_sight(viewer: &Viewer, facts: &AccessFacts, now: Timestamp) -> Vec<JobId> {
    let lasts = Duration::from_hours(24 * u64::from(facts.days_after_completion));
    facts
        .work
        .iter()
        .filter(|(assignment, _)| assignment.staff == viewer.staff && assignment.unassigned_at.is_none())
        .filter(|(_, job)| job.ended_at.is_none_or(|ended| now.since(ended) <= lasts))
        .map(|(_, job)| job.id.clone())
        .collect()
}

#[cfg(test)]
mod tests;
