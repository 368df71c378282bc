//! What leaves: the words, the line, the job.

use std::time::Duration;

use porchlight_domain::access::{Person, Sight};
use porchlight_domain::consent::Consent;
use porchlight_domain::conversation::Conversation;
use porchlight_domain::delivery::{Delivery, Schedule};
use porchlight_domain::id::JobId;
use porchlight_domain::markdown;
use porchlight_domain::message::{Media, Message, Outbound};
use porchlight_domain::party::Route;
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;
use porchlight_store::StoreError;

use super::{NewText, When};
use crate::{Desk, Refusal, Seen};

impl Desk {
    pub(super) async fn compose(
        &self,
        who: &Person,
        seen: &Seen,
        new: &NewText,
        (consent, media): (Option<&Consent>, Vec<Media>),
    ) -> Result<Message, Refusal> {
        if who.viewer.is_office() {
            self.known_job(who, new.job.as_ref()).await?;
        }
        let (conversation, now) = (&seen.conversation, self.now());
        let route = conversation.party.customer().ok_or(Refusal::NoCustomer)?;
        let line = self.line_of(conversation).await?.unwrap_or_else(|| route.line.clone());
        let route = Route { line, ..route.clone() };
        let (text, media) = self.on_their_way(&route, &markdown::clean(&new.text), media)?;
        let out = Outbound::new(&route, text, self.delivery(who, conversation, new, now).await?)
            .under(conversation.purpose_of_answer(), consent)
            .again(new.resend_of.clone());
        let out = Outbound { media, ..out };
        let job = job_of_reply(who, seen, new.job.clone(), now)?;
        let reply = Message::reply(conversation, new.id.clone(), now, who.staff.id.clone(), out);
        Ok(reply.about(job).written_at(who.device))
    }

    /// Now, in a moment, or after the customer's night at the earliest.
    async fn delivery(
        &self,
        who: &Person,
        conversation: &Conversation,
        new: &NewText,
        now: Timestamp,
    ) -> Result<Delivery, StoreError> {
        let (count, seen) = (conversation.customer_count, conversation.next_seq());
        Ok(match new.when {
            When::Now => Delivery::queued(now),
            When::Undo(seconds) => {
                Delivery::later(Schedule::undo(now + Duration::from_secs(u64::from(seconds)), count, seen))
            }
            When::At { at, cancel_on_reply } => {
                let night = self.night(&who.business, conversation, at).await?;
                Delivery::later(Schedule::at(at, cancel_on_reply, count, seen).after_night(night))
            }
        })
    }

    /// The line that a reply leaves from: the one last used, or its successor; none of an internal thread.
    pub async fn line_of(&self, conversation: &Conversation) -> Result<Option<ContactPoint>, StoreError> {
        let Some(Route { line, .. }) = conversation.route() else { return Ok(None) };
        let mut lines = self.store.line_and_successors(&conversation.business, line).await?;
        Ok(Some(lines.pop().unwrap_or_else(|| line.clone())))
    }

    /// Refuses a job that the business does not have.
    async fn known_job(&self, who: &Person, job: Option<&JobId>) -> Result<(), Refusal> {
        let Some(job) = job else { return Ok(()) };
        let known = self.store.job(&who.business.id, job).await?;
        known.map(drop).ok_or(Refusal::UnknownJob)
    }
}

/// The job that a message is about. A technician's always carries one of their jobs, where they have one; the
/// office's carries the one that it says, or that the thread was just about.
pub(crate) fn job_of_reply(
    who: &Person,
    seen: &Seen,
    wanted: Option<JobId>,
    now: Timestamp,
) -> Result<Option<JobId>, Refusal> {
    let recent = seen.conversation.job_of_inbound(&[], now);
    if who.viewer.is_office() {
        return Ok(wanted.or(recent));
    }
    let theirs = jobs_of(seen);
    match wanted {
        Some(job) if theirs.contains(&job) => Ok(Some(job)),
        Some(_) => Err(Refusal::NotTheirJob),
        None => Ok(recent.filter(|job| theirs.contains(job)).or_else(|| theirs.into_iter().next())),
    }
}

/// The jobs by which a technician sees the conversation, those under way or ahead first.
pub(crate) fn jobs_of(seen: &Seen) -> Vec<JobId> {
    if let Sight::Jobs(jobs) = &seen.sight {
        return jobs.iter().map(|(job, _)| job.clone()).collect();
    }
    let mut work: Vec<_> = seen.facts.work.iter().filter(|(it, _)| it.unassigned_at.is_none()).collect();
    work.sort_by_key(|(_, job)| !job.status.is_active());
    work.into_iter().map(|(_, job)| job.id.clone()).collect()
}
