//! "Off today": until midnight where the business is nothing wakes somebody, and their conversations become nobody's.
//!
//! The mark is one commit. What follows from it is a bulk command whose id is derived from the mark's: it is worked in
//! the same request as far as that goes, and gone on with by whoever asks again (P9). Whatever was not come to stays
//! theirs, and stands among what the office is told of ([`Desk::wanting`]).

use futures::future::try_join_all;
use porchlight_domain::access::{AccessFacts, Browse, Grant, MarkOff, Person, Right, Sight};
use porchlight_domain::bulk::{Bulk, BulkAct, Step, Trace, release_command};
use porchlight_domain::conversation::{Conversation, Filter, Notice, State};
use porchlight_domain::customer::Job;
use porchlight_domain::id::{BusinessId, CommandId, ConversationId, CustomerId, StaffId};
use porchlight_domain::staff::{DayOff, Staff, StaffDeed};
use porchlight_domain::workday::{Days, Workday};
use porchlight_store::StoreError;
use porchlight_store::lists::{Assigned, ListQuery, Sort, Threads};

use crate::bulk::{BulkRows, NewBulk};
use crate::command::Command;
use crate::{Desk, Refusal, Seen};

/// Pages of conversations that are worked in the request that marks somebody: 200 of them.
const AT_ONCE: usize = 10;
/// Conversations of one person that the office is told of.
const MOST: usize = 200;

/// Somebody, as they are marked.
pub struct MarkedOff {
    /// As they now are.
    pub staff: Staff,
    /// How far the making free of their conversations is; none where nothing was to be done.
    pub release: Option<Bulk>,
}

/// Somebody who is off today, with what wants somebody else.
pub struct Wanting {
    /// Who.
    pub staff: Staff,
    /// Their jobs of today that have not ended, with the customer's name.
    pub jobs: Vec<(Job, String)>,
    /// Open conversations that were theirs and are nobody's now, or are theirs still; the last active first.
    pub conversations: Vec<Conversation>,
}

/// Proof that this person may say so of that one.
pub fn may_mark_off<'a>(who: &'a Person, staff: &'a StaffId) -> Result<MarkOff<'a>, Refusal> {
    who.viewer.mark_off(staff).ok_or(Refusal::NotAllowed(Right::Office))
}

impl Desk {
    /// Says that somebody is off today, and makes their conversations nobody's; asked again, it goes on with that.
    pub async fn mark_off(
        &self,
        who: &Person,
        id: &StaffId,
        command: CommandId,
    ) -> Result<MarkedOff, Refusal> {
        let may = may_mark_off(who, id)?;
        let release = release_command(&command);
        let parts = ["off today", who.staff.id.as_str(), id.as_str()];
        let command = self.command(&who.business.id, Some(command), &parts);
        let now = self.now();
        let until = Workday::new(now, &who.business.time_zone).ends();
        let off = DayOff { until, at: now, by: who.staff.id.clone(), release };
        let staff = self.until_written(|| self.try_mark(who, may, Some(off.clone()), &command)).await?;
        let mine = staff.day_off.clone().filter(|it| it.release == off.release && staff.is_off(now));
        let Some(off) = mine else { return Ok(MarkedOff { staff, release: None }) };
        let release = self.release(who, &staff, off.release).await?;
        Ok(MarkedOff { staff, release: Some(release) })
    }

    /// They are back. What was theirs stays with whoever has it by now: the bulk command can be taken back.
    pub async fn mark_back(&self, who: &Person, id: &StaffId, command: CommandId) -> Result<Staff, Refusal> {
        let may = may_mark_off(who, id)?;
        let parts = ["back today", who.staff.id.as_str(), id.as_str()];
        let command = self.command(&who.business.id, Some(command), &parts);
        self.until_written(|| self.try_mark(who, may, None, &command)).await
    }

    async fn try_mark(
        &self,
        who: &Person,
        may: MarkOff<'_>,
        off: Option<DayOff>,
        command: &Command,
    ) -> Result<Staff, Refusal> {
        let business = &who.business.id;
        let person = self.store.staff(business, may.staff()).await?.filter(Staff::works);
        let before = person.ok_or(Refusal::NotFound)?;
        if self.was_done(command).await? {
            return Ok(before);
        }
        if before.is_off(self.now()) == off.is_some() {
            command.keep(self).await?;
            return Ok(before);
        }
        let after = Staff { day_off: off, ..before.clone() };
        let until = after.day_off.as_ref().map(|off| off.until);
        let deed = StaffDeed::DayOff { staff: after.id.clone(), until };
        let commit = self.store.commit(business).day_off(&before, after.day_off.as_ref());
        command.join(self.told_of_staff(commit, &who.staff.id, deed)).run().await?;
        Ok(after)
    }

    /// Begins the bulk command, or goes on with it, for as long as a request may take.
    async fn release(&self, who: &Person, staff: &Staff, id: CommandId) -> Result<Bulk, Refusal> {
        let query = theirs(&who.business.id, &staff.id, Filter::All);
        let act = BulkAct::Release { from: staff.id.clone() };
        let new = NewBulk { id: id.clone(), act, rows: BulkRows::Shown(query) };
        let mut bulk = self.begin_bulk(who, new).await?;
        for _ in 1..AT_ONCE {
            if bulk.next() == Step::Nothing {
                break;
            }
            bulk = self.go_on_with_bulk(who, &id).await?;
        }
        Ok(bulk)
    }

    /// Makes a row nobody's, if it still is theirs.
    pub(crate) async fn try_release(
        &self,
        who: &Person,
        row: &ConversationId,
        from: &StaffId,
        command: &Command,
    ) -> Result<(), Refusal> {
        let Seen { mut conversation, .. } = self.theirs(may_mark_off(who, from)?, row).await?;
        if self.was_done(command).await? {
            return Ok(());
        }
        if conversation.assignee.as_ref() != Some(from) {
            return command.keep(self).await;
        }
        let was = conversation.clone();
        let person = self.store.staff(&who.business.id, from).await?.ok_or(Refusal::UnknownStaff)?;
        conversation.assign(None);
        let by = (who.staff.id != *from).then_some(who.staff.name.as_str());
        let notice = Notice::OffToday { name: &person.name, by };
        let commit = self.store.commit(&who.business.id);
        let commit = self.changed(commit, Some(&who.staff.id), &mut conversation, Some(notice));
        Ok(command.join_with(commit, || Trace::shared(&was, &conversation)).run().await?)
    }

    /// One of the conversations that are released: whose it is may be marked off, whether or not they see it. Nothing of
    /// it is answered.
    pub(crate) async fn theirs(&self, may: MarkOff<'_>, row: &ConversationId) -> Result<Seen, Refusal> {
        let found = self.store.conversation(may.business(), row).await?;
        let conversation = found.ok_or(Refusal::NotFound)?;
        Ok(Seen { conversation, sight: Sight::Office, facts: AccessFacts::default() })
    }

    /// Everybody who is off today, with what wants somebody else.
    pub async fn wanting(&self, who: &Person, _: Grant<Browse>) -> Result<Vec<Wanting>, Refusal> {
        let now = self.now();
        let mut staff = self.store.staff_of(&who.business.id).await?;
        staff.retain(|person| person.works() && person.is_off(now));
        staff.sort_by_key(|person| person.name.to_lowercase());
        Ok(try_join_all(staff.into_iter().map(|person| self.wanting_of(who, person))).await?)
    }

    async fn wanting_of(&self, who: &Person, staff: Staff) -> Result<Wanting, StoreError> {
        let (jobs, conversations) =
            futures::try_join!(self.jobs_left(who, &staff.id), self.conversations_left(who, &staff))?;
        Ok(Wanting { staff, jobs, conversations })
    }

    async fn jobs_left(&self, who: &Person, staff: &StaffId) -> Result<Vec<(Job, String)>, StoreError> {
        let business = &who.business.id;
        let day = Workday::new(self.now(), &who.business.time_zone);
        let (from, to) = day.booked_within();
        let work = self.store.jobs_between_of(business, staff, from, to).await?;
        let at_work = work.into_iter().filter(|(assignment, _)| assignment.unassigned_at.is_none());
        let mut jobs: Vec<Job> = at_work
            .map(|(_, job)| job)
            .filter(|it| it.status.is_active() && day.has(Days::Today, it))
            .collect();
        day.sort(&mut jobs);
        let named = jobs.into_iter().map(|job| async move {
            let name = self.name_of(business, &job.customer).await?;
            Ok::<_, StoreError>((job, name))
        });
        try_join_all(named).await
    }

    async fn name_of(&self, business: &BusinessId, customer: &CustomerId) -> Result<String, StoreError> {
        let customer = self.store.customer_file(business, customer).await?.customer;
        Ok(customer.map(|customer| customer.name).unwrap_or_default())
    }

    /// Those of the bulk command that are nobody's, and those that are theirs.
    async fn conversations_left(&self, who: &Person, staff: &Staff) -> Result<Vec<Conversation>, StoreError> {
        let business = &who.business.id;
        let mut left = Vec::new();
        if let Some(off) = &staff.day_off {
            let bulk = self.store.bulk(business, &off.release, self.now()).await?;
            for page in 0..bulk.map_or(0, |bulk| bulk.pages) {
                let rows = self.store.bulk_page(business, &off.release, page, self.now()).await?;
                let ids: Vec<_> = rows.into_iter().map(|row| row.conversation).collect();
                let rows = self.store.conversations(business, &ids).await?;
                left.extend(rows.into_iter().filter(|it| it.assignee.is_none()));
                if left.len() >= MOST {
                    break;
                }
            }
        }
        let query = theirs(business, &staff.id, Filter::Active);
        left.extend(self.store.list(&query, None, MOST).await?.conversations);
        left.retain(|it| it.state == State::Open && !it.blocked);
        left.sort_by_key(|it| std::cmp::Reverse(it.last_activity_at));
        left.truncate(MOST);
        Ok(left)
    }
}

/// The conversations of one person.
fn theirs(business: &BusinessId, staff: &StaffId, filter: Filter) -> ListQuery {
    ListQuery {
        business: business.clone(),
        filter,
        sort: Sort::Recent,
        assigned: Assigned::To(staff.clone()),
        threads: Threads::Customer,
    }
}
