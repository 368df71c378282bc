//! How somebody comes to work here: by a link that an admin made, once, while the admin still is one
//! and has not been signed out since.

use porchlight_domain::access::{Grant, KeepStaff, Person};
use porchlight_domain::business::Business;
use porchlight_domain::id::{CommandId, InviteId, StaffId};
use porchlight_domain::staff::{INVITE_LASTS, Invite, MOST_INVITES, Role, Staff, StaffDeed};

use crate::command::Command;
use crate::staff::still_admin;
use crate::{Desk, Refusal};

/// An invitation that is to be made.
pub struct NewInvite {
    /// Made by whoever asks.
    pub id: InviteId,
    /// In lower case.
    pub email: String,
    /// What they will be.
    pub role: Role,
    /// Of a technician: may write to customers.
    pub full_chat_access: bool,
    /// SHA-256 of the link's token, in hex.
    pub digest: String,
}

/// An invitation, by its link.
pub struct Invited {
    /// The invitation.
    pub invite: Invite,
    /// Where they are invited to.
    pub business: Business,
    /// Who invites.
    pub inviter: Staff,
}

/// Whoever comes.
pub struct Joining {
    /// SHA-256 of the link's token, in hex.
    pub digest: String,
    /// As colleagues will know them.
    pub name: String,
    /// Argon2id, PHC string format.
    pub password_hash: String,
}

porchlight_domain::debug_shows!(NewInvite: id, role);
porchlight_domain::debug_shows!(Invited: invite);

impl Desk {
    /// The invitations that are open and whose inviters still may invite, the first one first.
    pub async fn invites(&self, _: Grant<KeepStaff>, who: &Person) -> Result<Vec<Invite>, Refusal> {
        let business = &who.business.id;
        let (open, all) =
            tokio::try_join!(self.store.invites(business, self.now()), self.store.staff_of(business))?;
        Ok(open.into_iter().filter(|invite| inviter(&all, invite).is_some()).collect())
    }

    /// Invites somebody. The same again makes another link in place of the one before, whose answer was lost.
    pub async fn invite(
        &self,
        _: Grant<KeepStaff>,
        who: &Person,
        new: &NewInvite,
    ) -> Result<Invite, Refusal> {
        let role = format!("{:?} {}", new.role, new.full_chat_access);
        let parts = ["invite", who.staff.id.as_str(), &new.email, &role];
        let command = self.command(&who.business.id, Some(CommandId::from(new.id.ulid())), &parts);
        self.until_written(|| self.try_invite(who, new, &command)).await
    }

    async fn try_invite(&self, who: &Person, new: &NewInvite, command: &Command) -> Result<Invite, Refusal> {
        let (business, now) = (&who.business.id, self.now());
        let (all, open) = tokio::try_join!(self.store.staff_of(business), self.store.invites(business, now))?;
        let maker = still_admin(&all, &who.staff.id)?;
        let mut open = open.into_iter().filter(|invite| inviter(&all, invite).is_some());
        let deed = StaffDeed::Invited { invite: new.id.clone(), role: new.role };
        if self.was_done(command).await? {
            let before = open.find(|it| it.id == new.id).ok_or(Refusal::InviteEnded)?;
            let invite = Invite { digest: new.digest.clone(), ..before.clone() };
            let commit = self.store.commit(business).invite(&invite, Some(&before)).while_admin(maker);
            self.told_of_staff(commit, &maker.id, deed).run().await?;
            return Ok(invite);
        }
        if let Some(here) = all.iter().find(|person| person.email == new.email) {
            return Err(Refusal::AlreadyHere { name: here.name.clone(), works: here.works() });
        }
        let open: Vec<Invite> = open.collect();
        if open.len() >= MOST_INVITES {
            return Err(Refusal::TooManyInvites);
        }
        if open.iter().any(|invite| invite.email == new.email) {
            return Err(Refusal::AlreadyInvited);
        }
        let invite = Invite {
            business: business.clone(),
            id: new.id.clone(),
            email: new.email.clone(),
            role: new.role,
            full_chat_access: new.role.sees_everything() || new.full_chat_access,
            by: maker.id.clone(),
            // As they asked, not as they are by now: who was signed out while they asked has made nothing that works.
            session_epoch: who.staff.session_epoch,
            created_at: now,
            ends_at: now + INVITE_LASTS,
            digest: new.digest.clone(),
        };
        let commit = self.store.commit(business).invite(&invite, None).while_admin(maker);
        command.join(self.told_of_staff(commit, &maker.id, deed)).run().await?;
        Ok(invite)
    }

    /// Takes an invitation back; nothing where there is none any more.
    pub async fn revoke_invite(
        &self,
        _: Grant<KeepStaff>,
        who: &Person,
        id: &InviteId,
    ) -> Result<(), Refusal> {
        let business = &who.business.id;
        self.until_written(async || {
            let Some(invite) = self.store.invite(business, id, self.now()).await? else { return Ok(()) };
            let all = self.store.staff_of(business).await?;
            let maker = still_admin(&all, &who.staff.id)?;
            let commit = self.store.commit(business).invite_closed(&invite).while_admin(maker);
            let deed = StaffDeed::Revoked { invite: id.clone() };
            Ok(self.told_of_staff(commit, &maker.id, deed).run().await?)
        })
        .await
    }

    /// What a link invites to, while it does: whoever made it still may.
    pub async fn invited(&self, digest: &str) -> Result<Invited, Refusal> {
        let now = self.now();
        let link = self.store.invite_link(digest, now).await?.ok_or(Refusal::InviteEnded)?;
        if link.used {
            return Err(Refusal::InviteUsed);
        }
        let (invite, business, all) = tokio::try_join!(
            self.store.invite(&link.business, &link.invite, now),
            self.store.business(&link.business),
            self.store.staff_of(&link.business),
        )?;
        let Some(invite) = invite.filter(|invite| invite.digest == digest) else {
            return Err(self.why_over(digest).await?);
        };
        let inviter = inviter(&all, &invite).ok_or(Refusal::InviteEnded)?.clone();
        Ok(Invited { invite, business: business.ok_or(Refusal::InviteEnded)?, inviter })
    }

    /// Why a link that still led somewhere does not now: somebody came by it since, or it was taken back.
    async fn why_over(&self, digest: &str) -> Result<Refusal, Refusal> {
        let link = self.store.invite_link(digest, self.now()).await?;
        Ok(if link.is_some_and(|link| link.used) { Refusal::InviteUsed } else { Refusal::InviteEnded })
    }

    /// Somebody comes by a link; their record. The link is used up with it.
    pub async fn join(&self, joining: &Joining) -> Result<Staff, Refusal> {
        let id: StaffId = self.new_id(self.now());
        self.until_written(|| self.try_join(joining, &id)).await
    }

    async fn try_join(&self, joining: &Joining, id: &StaffId) -> Result<Staff, Refusal> {
        let Invited { invite, business, inviter } = match self.invited(&joining.digest).await {
            // An attempt before this one was written, and its answer lost.
            Err(Refusal::InviteUsed) => return self.joined(&joining.digest, id).await,
            invited => invited?,
        };
        if self.store.staff_by_login(&invite.email).await?.is_some() {
            return match self.why_over(&joining.digest).await? {
                // By this very link, between the two readings.
                Refusal::InviteUsed => self.joined(&joining.digest, id).await,
                _ => Err(Refusal::AddressTaken),
            };
        }
        let staff = Staff {
            business: business.id.clone(),
            id: id.clone(),
            name: joining.name.clone(),
            email: invite.email.clone(),
            password_hash: joining.password_hash.clone(),
            role: invite.role,
            full_chat_access: invite.full_chat_access,
            phone: None,
            disabled_at: None,
            session_epoch: 0,
            day_off: None,
        };
        let commit = self.store.commit(&business.id).create_staff(&staff).invite_used(&invite);
        let commit = commit.while_admin(&inviter);
        let deed = StaffDeed::Joined { invite: invite.id, role: staff.role };
        self.told_of_staff(commit, id, deed).run().await?;
        Ok(staff)
    }

    async fn joined(&self, digest: &str, id: &StaffId) -> Result<Staff, Refusal> {
        let link = self.store.invite_link(digest, self.now()).await?.ok_or(Refusal::InviteEnded)?;
        self.store.staff(&link.business, id).await?.ok_or(Refusal::InviteUsed)
    }
}

/// Whoever made an invitation, while it holds by them.
fn inviter<'a>(all: &'a [Staff], invite: &Invite) -> Option<&'a Staff> {
    all.iter().find(|person| invite.holds_by(person))
}
