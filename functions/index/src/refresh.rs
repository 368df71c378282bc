//! What a conversation takes from the directory: its customer, whether it can be texted or is blocked, its members.

use std::collections::{BTreeMap, BTreeSet};

use porchlight_domain::conversation::{Conversation, CrewJob, Known, ReadMarker};
use porchlight_domain::event::Happening;
use porchlight_domain::id::{BusinessId, ConversationId, JobId, StaffId};
use porchlight_domain::party::{Party, Route};
use porchlight_domain::time::Timestamp;
use porchlight_store::contacts::Sender;
use porchlight_store::conversations::ConversationPartition;
use porchlight_store::{Commit, StoreError};

use crate::{Index, PATIENCE};

/// Members that one transaction lets in or out, at three parts each.
const CHANGES: usize = 24;

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
        while self.desk.rereading(PATIENCE, || Box::pin(self.refresh_once(business, id, booked))).await? {}
        Ok(())
    }

    /// One transaction; whether some members are left for another one.
    async fn refresh_once(
        &self,
        business: &BusinessId,
        id: &ConversationId,
        booked: &BTreeSet<JobId>,
    ) -> Result<bool, StoreError> {
        let now = self.desk.now();
        let partition = self.store.conversation_partition(business, id).await?;
        let Some(mut conversation) = partition.conversation.clone() else { return Ok(false) };
        if conversation.party.is_internal() {
            return self.refresh_internal(conversation, &partition, now).await;
        }
        let Some(route) = conversation.party.customer() else { return Ok(false) };
        let said = self.said(&conversation, route, now).await?;
        let mut commit = self.store.commit(business);
        if conversation.know(&said.known(), booked, now) {
            let event = self.desk.event(&conversation.id, Happening::ConversationUpdated);
            commit = commit.conversation(&mut conversation).event(&event);
        }
        let moves = Moves::between(&partition, &said.members);
        let is_more = moves.joined.len() + moves.left.len() > CHANGES;
        self.moved(commit, &conversation, &partition, moves, now).run().await?;
        Ok(is_more)
    }

    /// Of an internal thread: whom it is between, and what its job is called. One transaction; whether some are left for
    /// another one. Everybody was let in when it began: who comes now joins, and has nothing of before unread.
    async fn refresh_internal(
        &self,
        mut conversation: Conversation,
        partition: &ConversationPartition,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (business, id) = (conversation.business.clone(), conversation.id.clone());
        let between = self.desk.between(&conversation).await?;
        let is_there = |staff: &&StaffId| partition.markers.contains_key(*staff);
        let mut joined: Vec<StaffId> = between.office.iter().filter(|it| !is_there(it)).cloned().collect();
        let mut commit = self.store.commit(&business);
        if let Some(job) = self.job_of(&conversation).await?
            && conversation.know_job(job)
        {
            let event = self.desk.event(&id, Happening::ConversationUpdated);
            commit = commit.conversation(&mut conversation).event(&event);
        }
        let members = between.members.into_iter().map(|staff| (staff, Some(now))).collect();
        let moves = Moves::between(partition, &members);
        let is_more = moves.joined.len() + moves.left.len() > CHANGES || joined.len() > CHANGES;
        commit = self.moved(commit, &conversation, partition, moves, now);
        joined.truncate(CHANGES);
        for staff in joined {
            let mut marker = ReadMarker::default();
            marker.read(&conversation);
            commit = commit.read_marker(&id, &staff, &mut marker);
        }
        commit.run().await?;
        Ok(is_more)
    }

    async fn job_of(&self, conversation: &Conversation) -> Result<Option<CrewJob>, StoreError> {
        let Party::Crew { job } = &conversation.party else { return Ok(None) };
        let job = self.store.job(&conversation.business, job).await?;
        Ok(job.map(|job| CrewJob { number: job.number, title: job.title }))
    }

    async fn said(
        &self,
        conversation: &Conversation,
        route: &Route,
        now: Timestamp,
    ) -> Result<Said, StoreError> {
        let (business, Route { contact, .. }) = (&conversation.business, route);
        let (sender, ledger, staff) = futures::try_join!(
            self.store.sender(business, contact),
            self.store.access_ledger(conversation, now),
            self.store.staff_of(business),
        )?;
        let candidates = ledger.candidates();
        let technicians = staff.into_iter().filter(|person| {
            !person.role.sees_everything() && person.disabled_at.is_none() && candidates.contains(&person.id)
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
        let changed = |staff: StaffId| self.desk.event(&conversation.id, Happening::AccessChanged { staff });
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

impl Said {
    fn known(&self) -> Known<'_> {
        Known {
            customer: self.sender.customer.as_ref(),
            cannot_text: self.sender.contact.cannot_text(),
            blocked: self.sender.contact.is_blocked(),
            active_jobs: &self.sender.active_jobs,
        }
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
