//! People who work for a business, and what they may do.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::id::{BusinessId, CommandId, EventId, InviteId, StaffId};
use crate::phone::ContactPoint;
use crate::time::Timestamp;

/// What a member of staff is to the inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Everything the office may, and settings.
    Admin,
    /// Every conversation of the business.
    Office,
    /// The conversations of the jobs that are theirs.
    Technician,
}

impl Role {
    /// Admins and office staff see every conversation with a customer.
    pub const fn sees_everything(self) -> bool {
        match self {
            Self::Admin | Self::Office => true,
            Self::Technician => false,
        }
    }
}

/// A member of staff.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staff {
    /// Their business.
    pub business: BusinessId,
    /// Their id.
    pub id: StaffId,
    /// As colleagues know them.
    pub name: String,
    /// Signs in with it; unique over all businesses, in lower case.
    pub email: String,
    /// Argon2id, PHC string format.
    pub password_hash: String,
    /// What they are to the inbox.
    pub role: Role,
    /// "Allow full access to customer chats": may write to customers (technicians; FEATURES 6).
    pub full_chat_access: bool,
    /// Their own phone: its texts never land among the leads.
    pub phone: Option<ContactPoint>,
    /// No longer works here: cannot sign in, and sessions end.
    pub disabled_at: Option<Timestamp>,
    /// Sessions of an earlier epoch have ended: counted up to sign somebody out everywhere, whatever the clocks say.
    #[serde(default, skip_serializing_if = "is_first")]
    pub session_epoch: u64,
    /// "Off today", while that lasts and after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day_off: Option<DayOff>,
}

crate::debug_shows!(Staff: business, id, role, full_chat_access, disabled_at, day_off);

/// Somebody is off for the rest of the business's day: nothing wakes them, and what was theirs wants somebody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayOff {
    /// Until then, exclusive: midnight where the business is. It ends by itself.
    pub until: Timestamp,
    /// Since when.
    pub at: Timestamp,
    /// Who said so: they themselves, or somebody of the office.
    pub by: StaffId,
    /// The bulk command that makes their conversations nobody's.
    pub release: CommandId,
}

impl Staff {
    /// Whether they are off now.
    pub fn is_off(&self, now: Timestamp) -> bool {
        self.day_off.as_ref().is_some_and(|off| now < off.until)
    }

    /// Whether they work here now.
    pub const fn works(&self) -> bool {
        self.disabled_at.is_none()
    }

    /// Whether they keep the staff now.
    pub const fn is_admin(&self) -> bool {
        matches!(self.role, Role::Admin) && self.works()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde calls")]
const fn is_first(epoch: &u64) -> bool {
    *epoch == 0
}

/// Somebody's address to sign in with, in lower case; none where the text is no address.
pub fn login_address(typed: &str) -> Option<String> {
    let address = typed.trim().to_lowercase();
    let (name, host) = address.split_once('@')?;
    let has_parts = !name.is_empty() && !host.is_empty() && !host.contains('@');
    let is_odd = |sign: char| sign.is_whitespace() || sign.is_control() || sign == '#';
    (has_parts && address.len() <= 254 && !address.contains(is_odd)).then_some(address)
}

/// What an admin changes about one person. Each changes its own field and no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum StaffChange {
    /// What they are to the inbox.
    Role {
        /// From then on.
        role: Role,
    },
    /// "Allow full access to customer chats".
    FullChatAccess {
        /// Granted, or taken.
        allowed: bool,
    },
    /// Works here no longer, or again.
    Disabled {
        /// No longer.
        disabled: bool,
    },
    /// Their sessions end, wherever they are.
    SignedOut,
}

impl StaffChange {
    /// The person after it; none where it changes nothing. A technician who comes from the office has not been granted
    /// the permission; whoever leaves, or is an admin no longer, is signed out.
    pub fn of(self, staff: &Staff, now: Timestamp) -> Option<Staff> {
        let mut changed = staff.clone();
        match self {
            Self::Role { role } => {
                if role == staff.role {
                    return None;
                }
                changed.role = role;
                changed.full_chat_access = role.sees_everything();
                changed.session_epoch += u64::from(Self::ends_an_admin(staff, &changed));
            }
            Self::FullChatAccess { allowed } => changed.full_chat_access = allowed,
            Self::Disabled { disabled: true } if staff.works() => {
                changed.disabled_at = Some(now);
                changed.session_epoch += 1;
            }
            Self::Disabled { disabled: true } => {}
            Self::Disabled { disabled: false } => changed.disabled_at = None,
            Self::SignedOut => changed.session_epoch += 1,
        }
        (changed != *staff).then_some(changed)
    }

    /// Whether it takes the last admin away, if nobody else is one.
    pub fn ends_an_admin(staff: &Staff, after: &Staff) -> bool {
        staff.is_admin() && !after.is_admin()
    }
}

/// An invitation to work for a business, by a link that whoever has it may use once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invite {
    /// The tenant.
    pub business: BusinessId,
    /// Its id.
    pub id: InviteId,
    /// Signs in with it, in lower case.
    pub email: String,
    /// What they will be to the inbox.
    pub role: Role,
    /// Of a technician: may write to customers.
    pub full_chat_access: bool,
    /// The admin who invites: the link ends with their rights.
    pub by: StaffId,
    /// Their session's epoch: once their sessions were ended, the link has ended too, whatever they are made again.
    pub session_epoch: u64,
    /// When.
    pub created_at: Timestamp,
    /// Until when the link works.
    pub ends_at: Timestamp,
    /// SHA-256 of the link's token, in hex: the token itself is kept nowhere.
    pub digest: String,
}

impl Invite {
    /// Whether this person made it, and has been an admin since.
    pub fn holds_by(&self, inviter: &Staff) -> bool {
        inviter.id == self.by && inviter.is_admin() && inviter.session_epoch == self.session_epoch
    }
}

crate::debug_shows!(Invite: business, id, role, full_chat_access, by, created_at, ends_at);

/// How long an invitation's link works.
pub const INVITE_LASTS: Duration = Duration::from_hours(24 * 7);

/// Invitations of a business that may be open at the same time.
pub const MOST_INVITES: usize = 50;

/// What was done about the people of a business, and by whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffEntry {
    /// Minted for the attempt that was committed; its time is when.
    pub id: EventId,
    /// Who did it; of an invitation that is accepted, whoever came.
    pub by: StaffId,
    /// What was done.
    #[serde(flatten)]
    pub what: StaffDeed,
}

/// What is done about the people of a business.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "deed", rename_all = "snake_case")]
pub enum StaffDeed {
    /// Somebody was changed.
    Changed {
        /// Who.
        staff: StaffId,
        /// How.
        change: StaffChange,
    },
    /// Somebody is off for the day, or back.
    DayOff {
        /// Who.
        staff: StaffId,
        /// Until when; none: they are back.
        until: Option<Timestamp>,
    },
    /// Somebody's own phone was said, or taken away.
    Phone {
        /// Whose.
        staff: StaffId,
        /// The business has one of theirs now.
        known: bool,
    },
    /// Whether technicians may text customers at all.
    TechniciansText {
        /// From then on.
        allowed: bool,
    },
    /// Somebody was invited.
    Invited {
        /// By which invitation.
        invite: InviteId,
        /// As what.
        role: Role,
    },
    /// An invitation was taken back.
    Revoked {
        /// Which.
        invite: InviteId,
    },
    /// Somebody accepted an invitation.
    Joined {
        /// Which.
        invite: InviteId,
        /// As what.
        role: Role,
    },
}
