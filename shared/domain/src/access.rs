//! Who may see and do what: one function of (who, what), over current assignments (P7).
//!
//! # Layout
//!
//! - [`sight`]: how much of a conversation somebody sees; lists, search, threads, live events, media and guessed
//!   ids all ask here. The caller reads the facts consistently from `directory`; membership derived for lists is
//!   only a candidate.
//! - [`audience`]: who is meant to read each kind of message.
//! - [`Act`], [`BusinessAct`]: who may do what.
//!
//! Invariant: closed by default. Each kind's audience and each act's right stand in a match without a wildcard,
//! so that a new one does not compile before somebody has decided.

use std::time::Duration;

use crate::business::Business;
use crate::conversation::{Conversation, State};
use crate::customer::{Assignment, ContactLink, Job};
use crate::form_factor::FormFactor;
use crate::id::{BusinessId, JobId, StaffId};
use crate::party::Party;
use crate::staff::{Role, Staff};
use crate::time::Timestamp;

mod audience;
mod rights;
mod sight;

pub use self::audience::{Audience, audience};
pub use self::rights::{
    Act, Begin, Browse, BusinessAct, BusinessRight, Dictate, Grant, KeepBlocked, KeepConsent, KeepDictation,
    KeepDirectory, KeepHours, KeepPushLadder, KeepStaff, KeepTemplates, KeepTray, MarkOff, Permit, Right,
    SetConsentRule, Upload, UseTemplates, is_shut_out,
};
pub use self::sight::Sight;

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
            may_text: staff.role.sees_everything() || (technicians_text && staff.full_chat_access),
        }
    }

    /// Of the office: every conversation with a customer is theirs to see, and what all share theirs to change.
    pub const fn is_office(&self) -> bool {
        self.role.sees_everything()
    }

    /// Whether they have a right.
    pub const fn has(&self, right: Right) -> bool {
        match right {
            Right::Everybody => true,
            Right::Texting => self.may_text,
            Right::Office => self.is_office(),
            Right::Admin => matches!(self.role, Role::Admin),
        }
    }

    /// Whether they may do this for the business.
    pub const fn may(&self, act: BusinessAct) -> bool {
        self.has(act.right())
    }
}

/// Somebody of a business, as they act: read afresh, and never from the request.
#[derive(Clone)]
pub struct Person {
    /// What the policy asks about.
    pub viewer: Viewer,
    /// Who they are.
    pub staff: Staff,
    /// The tenant.
    pub business: Business,
    /// What they have before them, where that is known.
    pub device: Option<FormFactor>,
}

crate::debug_shows!(Person: viewer);

impl Person {
    /// A member of staff of this business.
    pub fn new(staff: Staff, business: Business) -> Self {
        Self { viewer: Viewer::new(&staff, business.technicians_text), staff, business, device: None }
    }

    /// The same, at this device.
    #[must_use]
    pub fn at(self, device: Option<FormFactor>) -> Self {
        Self { device, ..self }
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

/// The policy: how much of this conversation they see.
pub fn sight(viewer: &Viewer, conversation: &Conversation, facts: &AccessFacts, now: Timestamp) -> Sight {
    if viewer.business != conversation.business {
        return Sight::Hidden;
    }
    match &conversation.party {
        Party::Customer(_) => of_customer(viewer, conversation, facts, now),
        Party::Pair(pair) => insider(pair.has(&viewer.staff)),
        Party::Crew { job } => insider(viewer.is_office() || works_at(viewer, facts, job, now)),
        Party::Staff { staff } => insider(viewer.is_office() || *staff == viewer.staff),
        // What the push ladder tells somebody's own phone is no thread that is read here.
        Party::StaffPhone { .. } => Sight::Hidden,
    }
}

fn of_customer(viewer: &Viewer, conversation: &Conversation, facts: &AccessFacts, now: Timestamp) -> Sight {
    if viewer.is_office() {
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

const fn insider(is_one: bool) -> Sight {
    if is_one { Sight::Insider } else { Sight::Hidden }
}

fn works_at(viewer: &Viewer, facts: &AccessFacts, job: &JobId, now: Timestamp) -> bool {
    jobs_in_sight(viewer, facts, now).iter().any(|theirs| theirs.id == *job)
}

/// Whether somebody sees a job of their business: the office all of them, anybody else those on which they work, and for
/// some days worked. Of the facts, the assignments to it are asked.
pub fn sees_job(viewer: &Viewer, facts: &AccessFacts, job: &JobId, now: Timestamp) -> bool {
    viewer.is_office() || works_at(viewer, facts, job, now)
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
mod policy_tests;
#[cfg(test)]
mod tests;
