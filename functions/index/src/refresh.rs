//! What a conversation takes from the directory: its customer, whether it can be texted, its members.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use porchlight_domain::conversation::{Conversation, CustomerSummary, State};
use porchlight_domain::event::Happening;
use porchlight_domain::id::{BusinessId, ConversationId, JobId, StaffId};
use porchlight_domain::staff::Role;
use porchlight_domain::time::Timestamp;
use porchlight_edge::patience::rereading;
use porchlight_store::contacts::Sender;
use porchlight_store::conversations::ConversationPartition;
use porchlight_store::{Commit, StoreError};

use crate::{Index, PATIENCE};

/// Members that one transaction lets in or out, at three parts each.
const CHANGES: usize = 24;
/// How old a job's id may be for the job to count as newly booked; as long as the stream brings records.
const BOOKED_WITHIN: Duration = Duration::from_hours(1);

/// What the directory says about a conversation, all of it read consistently.
struct Said {
    sender: Sender,
    /// Technicians with access, and since when their work gives it; nothing for those who were added.
    members: BTreeMap<StaffId, Option<Timestamp>>,
}

/// Who comes and who goes.
#[derive(Debug, Default)]
struct Moves {
    joined: Vec<(StaffId, Option<Timestamp>)>,
    left: Vec<StaffId>,
}

impl Index {
    /// Makes a conversation what the directory says of it, and tells the live feed what changed.
    pub(crate) async fn refresh(
        &self,
        business: &BusinessId,
        id: &ConversationId,
        booked: &BTreeSet<JobId>,
    ) -> Result<(), StoreError> {
        while rereading(&self.entropy, PATIENCE, || self.refresh_once(business, id, booked)).await? {}
        Ok(())
    }

    /// One transaction; whether some members are left for another one.
    async fn refresh_once(
        &self,
        business: &BusinessId,
        id: &ConversationId,
        booked: &BTreeSet<JobId>,
    ) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let partition = self.store.conversation_partition(business, id).await?;
        let Some(mut conversation) = partition.conversation.clone() else { return Ok(false) };
        let said = self.said(&conversation, now).await?;
        let mut commit = self.store.commit(business);
        if take_over(&mut conversation, &said.sender, booked, now) {
            let event = self.event(&conversation, Happening::ConversationUpdated);
            commit = commit.conversation(&mut conversation).event(&event);
        }
        let moves = Moves::between(&partition, &said.members);
        let is_more = moves.joined.len() + moves.left.len() > CHANGES;
        self.moved(commit, &conversation, &partition, moves, now).run().await?;
        Ok(is_more)
    }

    async fn said(&self, conversation: &Conversation, now: Timestamp) -> Result<Said, StoreError> {
        let Conversation { business, id, contact, .. } = conversation;
        let (sender, ledger, staff) = futures::try_join!(
            self.store.sender(business, contact),
            self.store.access_ledger(business, id, contact, now),
            self.store.staff_of(business),
        )?;
        let candidates = ledger.candidates();
        let technicians = staff.into_iter().filter(|person| {
            person.role == Role::Technician && person.disabled_at.is_none() && candidates.contains(&person.id)
        });
        let since = |staff: &StaffId| {
            let work = ledger.work.iter().filter(|(assignment, _)| assignment.staff == *staff);
            work.map(|(assignment, _)| assignment.assigned_at).min()
        };
        let members = technicians.map(|person| (person.id.clone(), since(&person.id))).collect();
        Ok(Said { sender, members })
    }

    /// Lets members in and out. Unread begins at joining, also for one who was a member before; whoever was
    /// there before the conversation began has read nothing of it.
    fn moved<'s>(
        &self,
        mut commit: Commit<'s>,
        conversation: &Conversation,
        partition: &ConversationPartition,
        moves: Moves,
        now: Timestamp,
    ) -> Commit<'s> {
        let changed = |staff: StaffId| self.event(conversation, Happening::AccessChanged { staff });
        let room = CHANGES.saturating_sub(moves.left.len().min(CHANGES));
        for staff in moves.left.into_iter().take(CHANGES) {
            commit = commit.remove_member(&conversation.id, &staff).event(&changed(staff));
        }
        for (staff, since) in moves.joined.into_iter().take(room) {
            if since.is_none_or(|since| since >= conversation.created_at) {
                let mut marker = partition.markers.get(&staff).cloned().unwrap_or_default();
                marker.read(conversation);
                commit = commit.read_marker(&conversation.id, &staff, &mut marker);
            }
            commit = commit.member(&conversation.id, &staff, now).event(&changed(staff));
        }
        commit
    }
}

impl Moves {
    fn between(partition: &ConversationPartition, members: &BTreeMap<StaffId, Option<Timestamp>>) -> Self {
        let before: BTreeSet<StaffId> = partition.members.iter().cloned().collect();
        let joined = members.iter().filter(|(staff, _)| !before.contains(*staff));
        Self {
            joined: joined.map(|(staff, since)| (staff.clone(), *since)).collect(),
            left: before.iter().filter(|staff| !members.contains_key(*staff)).cloned().collect(),
        }
    }
}

/// Takes over what the directory says; whether anything of the summary changed.
fn take_over(
    conversation: &mut Conversation,
    sender: &Sender,
    booked: &BTreeSet<JobId>,
    now: Timestamp,
) -> bool {
    let cannot_text = sender.contact.cannot_text();
    let reopens = conversation.state == State::Closed && reopens(conversation, sender, booked, now);
    if conversation.customer == sender.customer && conversation.cannot_text == cannot_text && !reopens {
        return false;
    }
    conversation.customer.clone_from(&sender.customer);
    conversation.cannot_text = cannot_text;
    if reopens {
        conversation.reopen();
    }
    true
}

/// A newly booked job reopens a closed thread. A repeat of the record does not: the row shows that job by
/// then, or the job has grown old.
fn reopens(conversation: &Conversation, sender: &Sender, booked: &BTreeSet<JobId>, now: Timestamp) -> bool {
    let shown =
        |customer: &Option<CustomerSummary>| customer.as_ref()?.job.as_ref().map(|job| job.id.clone());
    let (before, after) = (shown(&conversation.customer), shown(&sender.customer));
    let active = booked.iter().filter(|job| sender.active_jobs.contains(job));
    let mut new = active.filter(|job| before.as_ref() != Some(*job));
    new.any(|job| after.as_ref() == Some(job) || now.since(job.time()) <= BOOKED_WITHIN)
}
