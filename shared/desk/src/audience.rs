//! Who sees a conversation, and whether what comes there wakes them: for whoever is about to write.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::try_join_all;
use porchlight_domain::access::{Person, Sight, Viewer, sight};
use porchlight_domain::conversation::Conversation;
use porchlight_domain::device::Device;
use porchlight_domain::id::{ConversationId, JobId, StaffId};
use porchlight_domain::party::Party;
use porchlight_domain::push::{Reach, Standing, reach};
use porchlight_domain::staff::Staff;
use porchlight_store::StoreError;
use porchlight_store::access::AccessLedger;
use porchlight_store::devices::Woken;

use crate::{Desk, Refusal, Seen};

/// Somebody who sees a conversation.
#[derive(Clone)]
pub struct Onlooker {
    /// Who.
    pub staff: Staff,
    /// They see it as one of the office, not for a job or as one of two.
    pub is_office: bool,
    /// They see a part of it: the messages of their own jobs, or those since their customer has the number.
    pub sees_part: bool,
    /// Whether the next message wakes them.
    pub reach: Reach,
}

/// What everybody is asked about.
struct Facts<'a> {
    conversation: &'a Conversation,
    ledger: AccessLedger,
    woken: Woken,
    /// The job that the next message is about.
    job: Option<JobId>,
    crew: BTreeSet<StaffId>,
    /// Somebody of it is not off.
    has_crew: bool,
}

impl Desk {
    /// Everybody who sees it now (P7), by name; of a number that several customers share, whoever sees some jobs alone
    /// is told of those who see one of the same.
    pub async fn audience(&self, who: &Person, id: &ConversationId) -> Result<Vec<Onlooker>, Refusal> {
        let seen = self.see(who, id).await?;
        let (business, conversation) = (&who.business.id, &seen.conversation);
        let (mut staff, ledger, woken, job) = futures::try_join!(
            self.store.staff_of(business),
            self.store.access_ledger(conversation, self.now()),
            self.store.woken(business),
            self.next_job(conversation),
        )?;
        staff.retain(Staff::works);
        staff.sort_by_key(|person| person.name.to_lowercase());
        let names: BTreeMap<_, _> = staff.iter().map(|it| (&it.id, it.session_epoch)).collect();
        let work = ledger.work.iter().filter(|(_, of)| Some(&of.id) == job.as_ref());
        let crew = work.map(|(assignment, _)| assignment.staff.clone()).filter(|it| names.contains_key(it));
        let crew: BTreeSet<_> = crew.collect();
        let now = self.now();
        let has_crew = staff.iter().any(|person| crew.contains(&person.id) && !person.is_off(now));
        let facts = Facts { conversation, ledger, woken, job, crew, has_crew };
        let looking = staff.iter().filter_map(|person| {
            let sight = self.sight_of(who, &facts, person);
            is_told_of(&seen, &sight).then_some((person.clone(), sight))
        });
        let each = looking.map(|(person, sight)| self.onlooker(who, &facts, person, sight));
        Ok(try_join_all(each.collect::<Vec<_>>()).await?)
    }

    fn sight_of(&self, who: &Person, facts: &Facts<'_>, person: &Staff) -> Sight {
        let viewer = Viewer::new(person, who.business.technicians_text);
        sight(&viewer, facts.conversation, &facts.ledger.facts_for(&person.id), self.now())
    }

    async fn onlooker(
        &self,
        who: &Person,
        facts: &Facts<'_>,
        staff: Staff,
        sight: Sight,
    ) -> Result<Onlooker, StoreError> {
        let has_device = self.has_device(facts, &staff).await?;
        let viewer = Viewer::new(&staff, who.business.technicians_text);
        let preferences = facts.woken.preferences_of(&staff.id);
        let standing = Standing {
            conversation: facts.conversation,
            staff: &staff,
            viewer: &viewer,
            is_crew: match facts.conversation.party {
                // Of a crew's thread whoever sees it and is not of the office is the crew.
                Party::Crew { .. } => !viewer.is_office(),
                _ => facts.crew.contains(&staff.id),
            },
            has_crew: facts.has_crew,
            is_participant: facts.ledger.participants.contains(&staff.id),
            preferences: &preferences,
        };
        let (shows_next, sees_part) = match &sight {
            Sight::Jobs(_) => (facts.job.as_ref().is_some_and(|job| sight.shows_job(job)), true),
            Sight::CrewSince(_) => (true, true),
            Sight::Hidden | Sight::Crew | Sight::Office | Sight::Insider => (true, false),
        };
        let reach = reach(&standing, has_device, shows_next, self.now());
        let is_office = viewer.is_office() && !matches!(facts.conversation.party, Party::Pair(_));
        Ok(Onlooker { staff, is_office, sees_part, reach })
    }

    /// Whether a push reaches one of their devices: not one whose session has ended.
    async fn has_device(&self, facts: &Facts<'_>, staff: &Staff) -> Result<bool, StoreError> {
        let now = self.now();
        let theirs = facts.woken.devices.iter().filter(|it| it.staff == staff.id && it.is_reachable());
        let signed_in = |device: &Device| {
            let session = device.session.clone();
            async move {
                let session = self.store.session(&session, now).await?;
                Ok::<_, StoreError>(session.is_some_and(|it| it.epoch == staff.session_epoch))
            }
        };
        let all = try_join_all(theirs.map(signed_in).collect::<Vec<_>>()).await?;
        Ok(all.contains(&true))
    }

    /// What the next message of the customer would be about.
    async fn next_job(&self, conversation: &Conversation) -> Result<Option<JobId>, StoreError> {
        let Some(contact) = conversation.contact() else { return Ok(None) };
        let sender = self.store.sender(&conversation.business, contact).await?;
        Ok(conversation.job_of_inbound(&sender.active_jobs, self.now()))
    }
}

/// Whether the viewer may know that somebody sees the conversation. Whoever sees some jobs of a shared number knows
/// nothing of the others, nor of who works there.
fn is_told_of(seen: &Seen, theirs: &Sight) -> bool {
    match (&seen.sight, theirs) {
        (_, Sight::Hidden) => false,
        (Sight::Jobs(_), Sight::Jobs(jobs)) => jobs.iter().any(|(job, _)| seen.sight.shows_job(job)),
        _ => true,
    }
}
