//! Who may see and do what: one function of (who, what), over current assignments (P7).
//!
//! Lists, search, threads, live events, media and guessed ids all ask here. The caller reads the facts
//! consistently from `directory`; membership derived for lists is only a candidate.

use std::time::Duration;

use crate::conversation::{Conversation, LastMessage, ReadMarker, State};
use crate::customer::{Assignment, ContactLink, Job};
use crate::id::{BusinessId, CustomerId, JobId, StaffId};
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
    /// Who uses the contact point, and who used to.
    pub links: Vec<ContactLink>,
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
    /// Only the messages of these jobs, each with its customer (a shared number).
    Jobs(Vec<(JobId, CustomerId)>),
    /// The contact point's whole history, without the office's notes.
    Crew,
    /// The same from then on: before, somebody else had the contact point ("not this person").
    CrewSince(Timestamp),
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
            Self::Crew => message.kind() != MessageKind::Note,
            Self::CrewSince(since) => message.kind() != MessageKind::Note && message.created_at >= *since,
            Self::Jobs(jobs) => {
                message.kind() != MessageKind::Note && message.job.as_ref().is_some_and(|job| has(jobs, job))
            }
        }
    }

    /// Whether the end of the timeline, as the summary keeps it, is part of what is seen. It does not say
    /// which job it is about, so whoever sees only some jobs does not see it.
    pub fn shows_last(&self, last: &LastMessage) -> bool {
        match self {
            Self::Hidden | Self::Jobs(_) => false,
            Self::Office => true,
            Self::Crew => last.kind != MessageKind::Note,
            Self::CrewSince(since) => last.kind != MessageKind::Note && last.at >= *since,
        }
    }

    /// Whether this job of the customer's is part of what is seen.
    pub fn shows_job(&self, job: &JobId) -> bool {
        match self {
            Self::Hidden => false,
            Self::Office | Self::Crew | Self::CrewSince(_) => true,
            Self::Jobs(jobs) => has(jobs, job),
        }
    }

    /// Whether this customer of the contact point is one that is seen: of a shared number, only those of one's
    /// own jobs.
    pub fn shows_customer(&self, customer: &CustomerId) -> bool {
        match self {
            Self::Hidden => false,
            Self::Office | Self::Crew | Self::CrewSince(_) => true,
            Self::Jobs(jobs) => jobs.iter().any(|(_, theirs)| theirs == customer),
        }
    }

    /// Unread for one person. Counts do not say which jobs they are about, so whoever sees only some jobs is
    /// told of none but their own mark.
    pub fn unread(&self, conversation: &Conversation, marker: &ReadMarker) -> u64 {
        match self {
            Self::Hidden => 0,
            Self::Office | Self::Crew | Self::CrewSince(_) => conversation.unread(marker),
            Self::Jobs(_) => u64::from(marker.marked_unread),
        }
    }

    /// A crew's, of a history that begins there.
    fn of_crew(begins: Option<Timestamp>) -> Self {
        begins.map_or(Self::Crew, Self::CrewSince)
    }
}

fn has(jobs: &[(JobId, CustomerId)], job: &JobId) -> bool {
    jobs.iter().any(|(theirs, _)| theirs == job)
}

/// The policy.
pub fn sight(viewer: &Viewer, conversation: &Conversation, facts: &AccessFacts, now: Timestamp) -> Sight {
    if viewer.business != conversation.business {
        return Sight::Hidden;
    }
    if conversation.party.customer().is_none() {
        return Sight::Hidden;
    }
    if viewer.role.is_office() {
        return Sight::Office;
    }
    if conversation.state == State::Closed || conversation.blocked {
        return Sight::Hidden;
    }
    if facts.participant {
        return Sight::of_crew(history_begins(&facts.links, |_| true));
    }
    let jobs = jobs_in_sight(viewer, facts, now);
    match (jobs.is_empty(), facts.shared_contact) {
        (true, _) => Sight::Hidden,
        (false, true) => {
            Sight::Jobs(jobs.into_iter().map(|job| (job.id.clone(), job.customer.clone())).collect())
        }
        (false, false) => {
            let theirs = |link: &ContactLink| jobs.iter().any(|job| job.customer == link.customer);
            Sight::of_crew(history_begins(&facts.links, theirs))
        }
    }
}

/// "Not this person" hides earlier history from later crews: where somebody had the contact point before and
/// has it no longer, it begins with the customer's own link; with the last unlinking while nobody has it.
fn history_begins(links: &[ContactLink], theirs: impl Fn(&ContactLink) -> bool) -> Option<Timestamp> {
    let begins = |link: &ContactLink| {
        let is_former = |other: &ContactLink| {
            !other.is_current() && other.customer != link.customer && other.linked_at < link.linked_at
        };
        links.iter().any(is_former).then_some(link.linked_at)
    };
    // Of several customers, the one whose history goes back furthest: `None` is the smallest.
    let earliest = links.iter().filter(|link| link.is_current() && theirs(link)).map(begins).min();
    earliest.unwrap_or_else(|| links.iter().filter_map(|link| link.unlinked_at).max())
}

/// Jobs whose assignment holds, and which have not ended too long ago.
fn jobs_in_sight<'f>(viewer: &Viewer, facts: &'f AccessFacts, now: Timestamp) -> Vec<&'f Job> {
    let lasts = Duration::from_hours(24 * u64::from(facts.days_after_completion));
    facts
        .work
        .iter()
        .filter(|(assignment, _)| assignment.staff == viewer.staff && assignment.unassigned_at.is_none())
        .filter(|(_, job)| job.ended_at.is_none_or(|ended| now.since(ended) <= lasts))
        .map(|(_, job)| job)
        .collect()
}

#[cfg(test)]
mod tests;
