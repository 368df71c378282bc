//! Whether somebody may write to a customer, about which job, and from which line.

use porchlight_domain::access::Sight;
use porchlight_domain::consent::Consent;
use porchlight_domain::conversation::Conversation;
use porchlight_domain::id::JobId;
use porchlight_domain::party::Route;
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::staff::{Role, Staff};
use porchlight_domain::time::Timestamp;
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use porchlight_store::StoreError;

use crate::Inbox;
use crate::attempt::Refusal;
use crate::reach::Seen;
use crate::view::detail::{CanSend, Obstacle};

/// Whether this person may write in this conversation now, given the consent on record.
pub fn can_send(
    who: &SignedIn,
    conversation: &Conversation,
    consent: Option<&Consent>,
    staff: &[Staff],
) -> CanSend {
    if !who.viewer.may_text {
        return CanSend::no(Obstacle::NotPermitted, whom_to_ask(staff));
    }
    if !Consent::allows(consent) {
        let words = "This customer opted out of texts. A text of theirs that says START opens them again.";
        return CanSend::no(Obstacle::OptedOut, words);
    }
    if conversation.cannot_text || !conversation.contact().is_some_and(ContactPoint::is_e164) {
        return CanSend::no(
            Obstacle::CannotText,
            "This number cannot receive texts. Call, or use another number.",
        );
    }
    CanSend::YES
}

fn whom_to_ask(staff: &[Staff]) -> String {
    let admins = staff.iter().filter(|person| person.role == Role::Admin && person.disabled_at.is_none());
    let names: Vec<&str> = admins.map(|admin| admin.name.as_str()).collect();
    format!("Writing to customers is not switched on for you. Ask {}.", names.join(" or "))
}

/// The answer to somebody who writes although something stands in the way.
pub fn refusal(can_send: &CanSend) -> Option<Problem> {
    let detail = can_send.detail.clone().unwrap_or_default();
    match can_send.reason? {
        Obstacle::NotPermitted => Some(Problem::forbidden(&detail)),
        Obstacle::OptedOut => Some(Problem::conflict("opted-out", "The customer opted out").detail(detail)),
        Obstacle::CannotText => {
            Some(Problem::conflict("cannot-text", "Texts do not reach this number").detail(detail))
        }
    }
}

/// The job that a message is about. A technician's always carries one of their jobs, where they have one; the
/// office's carries the one that it says, or that the thread was just about.
pub fn job_of_reply(
    who: &SignedIn,
    seen: &Seen,
    wanted: Option<JobId>,
    now: Timestamp,
) -> Result<Option<JobId>, Problem> {
    let recent = seen.conversation.job_of_inbound(&[], now);
    if who.viewer.is_office() {
        return Ok(wanted.or(recent));
    }
    let theirs = jobs_of(seen);
    match wanted {
        Some(job) if theirs.contains(&job) => Ok(Some(job)),
        Some(_) => Err(Problem::unprocessable("unknown-job", "This is none of your jobs here.")),
        None => Ok(recent.filter(|job| theirs.contains(job)).or_else(|| theirs.into_iter().next())),
    }
}

/// The jobs by which a technician sees the conversation, those under way or ahead first.
fn jobs_of(seen: &Seen) -> Vec<JobId> {
    if let Sight::Jobs(jobs) = &seen.sight {
        return jobs.iter().map(|(job, _)| job.clone()).collect();
    }
    let mut work: Vec<_> = seen.facts.work.iter().filter(|(it, _)| it.unassigned_at.is_none()).collect();
    work.sort_by_key(|(_, job)| !job.status.is_active());
    work.into_iter().map(|(_, job)| job.id.clone()).collect()
}

impl Inbox {
    /// The line that a reply leaves from: the one last used, or its successor; none of an internal thread.
    pub async fn line_of(&self, conversation: &Conversation) -> Result<Option<ContactPoint>, StoreError> {
        let Some(Route { line, .. }) = conversation.route() else { return Ok(None) };
        let mut lines = self.store.line_and_successors(&conversation.business, line).await?;
        Ok(Some(lines.pop().unwrap_or_else(|| line.clone())))
    }

    /// Refuses a job that the business does not have.
    pub async fn known_job(&self, who: &SignedIn, job: Option<&JobId>) -> Result<(), Refusal> {
        let Some(job) = job else { return Ok(()) };
        match self.store.job(&who.business.id, job).await? {
            Some(_) => Ok(()),
            None => Err(Problem::unprocessable("unknown-job", "There is no job with this id.").into()),
        }
    }
}
