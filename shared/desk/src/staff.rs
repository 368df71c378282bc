//! Who works here and what they may do. Every change is an admin's, made only while they are one: two who change each
//! other at once never leave nobody.

use porchlight_domain::access::{Grant, KeepStaff, Person, Right};
use porchlight_domain::business::Business;
use porchlight_domain::event::Happening;
use porchlight_domain::id::{BusinessId, CommandId, StaffId};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::staff::{Staff, StaffChange, StaffDeed, StaffEntry};
use porchlight_store::Commit;

use crate::command::Command;
use crate::{Desk, Refusal};

impl Desk {
    /// Everybody of the business, those who left too.
    pub async fn staff(&self, _: Grant<KeepStaff>, business: &BusinessId) -> Result<Vec<Staff>, Refusal> {
        Ok(self.store.staff_of(business).await?)
    }

    /// Changes one person; how they then are. What it ends, ends at once: whatever somebody is signed in with is held
    /// against their record each time.
    pub async fn change_staff(
        &self,
        _: Grant<KeepStaff>,
        who: &Person,
        id: &StaffId,
        change: StaffChange,
        command: Option<CommandId>,
    ) -> Result<Staff, Refusal> {
        let asked = format!("{change:?}");
        let parts = ["staff", who.staff.id.as_str(), id.as_str(), &asked];
        let command = self.command(&who.business.id, command, &parts);
        self.until_written(|| self.try_change_staff(who, id, change, &command)).await
    }

    async fn try_change_staff(
        &self,
        who: &Person,
        id: &StaffId,
        change: StaffChange,
        command: &Command,
    ) -> Result<Staff, Refusal> {
        let business = &who.business.id;
        let all = self.store.staff_of(business).await?;
        let maker = still_admin(&all, &who.staff.id)?;
        let before = all.iter().find(|person| person.id == *id).ok_or(Refusal::NotFound)?;
        if self.was_done(command).await? {
            return Ok(before.clone());
        }
        if matches!(change, StaffChange::FullChatAccess { .. }) && before.role.sees_everything() {
            return Err(Refusal::NotATechnician);
        }
        let Some(after) = change.of(before, self.now()) else {
            command.keep(self).await?;
            return Ok(before.clone());
        };
        let commit = self.store.commit(business).change_staff(before, &after);
        let commit = match witness(&all, maker, before, &after)? {
            Some(witness) => commit.while_admin(witness),
            None => commit,
        };
        let deed = StaffDeed::Changed { staff: id.clone(), change };
        command.join(self.told_of_staff(commit, &who.staff.id, deed)).run().await?;
        Ok(after)
    }

    /// Somebody's own phone, or none any more; how they then are. What they agreed to about texts was for the number that
    /// they had.
    pub async fn set_staff_phone(
        &self,
        _: Grant<KeepStaff>,
        who: &Person,
        id: &StaffId,
        phone: Option<&ContactPoint>,
        command: Option<CommandId>,
    ) -> Result<Staff, Refusal> {
        let asked = phone.map_or("none", ContactPoint::as_str);
        let parts = ["staff phone", who.staff.id.as_str(), id.as_str(), asked];
        let command = self.command(&who.business.id, command, &parts);
        self.until_written(|| self.try_set_staff_phone(who, id, phone, &command)).await
    }

    async fn try_set_staff_phone(
        &self,
        who: &Person,
        id: &StaffId,
        phone: Option<&ContactPoint>,
        command: &Command,
    ) -> Result<Staff, Refusal> {
        let business = &who.business.id;
        let all = self.store.staff_of(business).await?;
        let maker = still_admin(&all, &who.staff.id)?;
        let before = all.iter().find(|person| person.id == *id).ok_or(Refusal::NotFound)?;
        if self.was_done(command).await? {
            return Ok(before.clone());
        }
        if before.phone.as_ref() == phone {
            command.keep(self).await?;
            return Ok(before.clone());
        }
        if let Some(phone) = phone {
            self.free_number(business, &all, before, phone).await?;
        }
        let commit = self.store.commit(business).staff_phone(before, phone).end_texts_agreement(id);
        let commit = if maker.id == before.id { commit } else { commit.while_admin(maker) };
        let deed = StaffDeed::Phone { staff: id.clone(), known: phone.is_some() };
        command.join(self.told_of_staff(commit, &who.staff.id, deed)).run().await?;
        Ok(Staff { phone: phone.cloned(), ..before.clone() })
    }

    /// The number may be this person's: a line of the business is nobody's phone, a colleague's is theirs while they work
    /// here. Whoever left gives it up.
    async fn free_number(
        &self,
        business: &BusinessId,
        all: &[Staff],
        person: &Staff,
        number: &ContactPoint,
    ) -> Result<(), Refusal> {
        if self.store.line(business, number).await?.is_some() {
            return Err(Refusal::NumberTaken);
        }
        let holder = all.iter().find(|other| other.id != person.id && other.phone.as_ref() == Some(number));
        match holder {
            Some(holder) if holder.works() => Err(Refusal::NumberTaken),
            Some(left) => {
                let commit = self.store.commit(business).staff_phone(left, None);
                Ok(commit.end_texts_agreement(&left.id).run().await?)
            }
            None => Ok(()),
        }
    }

    /// Whether technicians may text customers at all; the business as it then is.
    pub async fn set_technicians_text(
        &self,
        _: Grant<KeepStaff>,
        who: &Person,
        allowed: bool,
        command: Option<CommandId>,
    ) -> Result<Business, Refusal> {
        let id = &who.business.id;
        let asked = allowed.to_string();
        let command = self.command(id, command, &["technicians text", who.staff.id.as_str(), &asked]);
        self.until_written(async || {
            let (business, all) = tokio::try_join!(self.store.business(id), self.store.staff_of(id))?;
            let maker = still_admin(&all, &who.staff.id)?;
            let business = business.ok_or(Refusal::NotFound)?;
            if self.was_done(&command).await? {
                return Ok(business);
            }
            if business.technicians_text == allowed {
                command.keep(self).await?;
                return Ok(business);
            }
            let commit = self.store.commit(id).technicians_text(id, allowed).while_admin(maker);
            let deed = StaffDeed::TechniciansText { allowed };
            command.join(self.told_of_staff(commit, &who.staff.id, deed)).run().await?;
            Ok(Business { technicians_text: allowed, ..business })
        })
        .await
    }

    /// What was done is kept, and everybody's open streams are told.
    pub(crate) fn told_of_staff<'s>(&self, commit: Commit<'s>, by: &StaffId, what: StaffDeed) -> Commit<'s> {
        let event = self.event_of_business(Happening::StaffUpdated);
        let entry = StaffEntry { id: self.new_id(self.now()), by: by.clone(), what };
        commit.staff_entry(&entry).event(&event)
    }
}

/// Whoever makes a change, as an admin who still is one.
pub(crate) fn still_admin<'a>(all: &'a [Staff], maker: &StaffId) -> Result<&'a Staff, Refusal> {
    let maker = all.iter().find(|person| person.id == *maker && person.is_admin());
    maker.ok_or(Refusal::NotAllowed(Right::Admin))
}

/// An admin who is not changed, on whose staying one the change depends; nobody where somebody changes themselves and
/// stays one. Nobody takes the last one away.
fn witness<'a>(
    all: &'a [Staff],
    maker: &'a Staff,
    before: &Staff,
    after: &Staff,
) -> Result<Option<&'a Staff>, Refusal> {
    if maker.id != before.id {
        return Ok(Some(maker));
    }
    if !StaffChange::ends_an_admin(before, after) {
        return Ok(None);
    }
    let other = all.iter().find(|person| person.id != before.id && person.is_admin());
    other.map(Some).ok_or(Refusal::LastAdmin)
}
