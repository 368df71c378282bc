//! The people of a business and its open invitations, as an admin sees them.

use porchlight_api::StaffRef;
use porchlight_api::words::RoleWord;
use porchlight_domain::access::Viewer;
use porchlight_domain::business::Business;
use porchlight_domain::id::{InviteId, StaffId};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::staff::{Invite, Staff};
use porchlight_domain::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// Everybody of the business.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StaffList {
    /// Those who work here first, then those who did; each by name.
    pub staff: Vec<StaffMember>,
    /// Whether technicians may text customers at all.
    pub technicians_text: bool,
    /// Days that a technician still sees a thread after the job's completion.
    pub access_days_after_completion: u32,
}

/// Somebody of the business.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StaffMember {
    /// Their id.
    pub id: StaffId,
    /// As colleagues know them.
    pub name: String,
    /// What they sign in with.
    pub email: String,
    /// What they are to the inbox.
    pub role: RoleWord,
    /// "Allow full access to customer chats": of a technician, whether they may write to customers; the office always
    /// does.
    pub full_chat_access: bool,
    /// Whether they write to customers now: the business's switch is part of it.
    pub may_text: bool,
    /// Their own phone.
    #[schema(required)]
    pub phone: Option<ContactPoint>,
    /// Since when they work here no longer.
    #[schema(required)]
    pub disabled_at: Option<Timestamp>,
    /// "Off today", until then; none while they are not. Past, it has ended.
    #[schema(required)]
    pub off_until: Option<Timestamp>,
}

impl StaffMember {
    /// Of somebody of this business.
    pub fn new(staff: &Staff, business: &Business) -> Self {
        Self {
            id: staff.id.clone(),
            name: staff.name.clone(),
            email: staff.email.clone(),
            role: staff.role.into(),
            full_chat_access: staff.role.sees_everything() || staff.full_chat_access,
            may_text: staff.works() && Viewer::new(staff, business.technicians_text).may_text,
            phone: staff.phone.clone(),
            disabled_at: staff.disabled_at,
            off_until: staff.day_off.as_ref().map(|off| off.until),
        }
    }
}

impl StaffList {
    /// Of all staff of a business.
    pub fn new(staff: &[Staff], business: &Business) -> Self {
        let mut staff: Vec<StaffMember> =
            staff.iter().map(|person| StaffMember::new(person, business)).collect();
        staff.sort_by_cached_key(|person| (person.disabled_at.is_some(), person.name.to_lowercase()));
        Self {
            staff,
            technicians_text: business.technicians_text,
            access_days_after_completion: business.access_days_after_completion,
        }
    }
}

/// An invitation that is open. Its link is told once, when it is made.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Invite)]
pub struct InviteView {
    /// Its id.
    pub id: InviteId,
    /// For whom.
    pub email: String,
    /// What they will be.
    pub role: RoleWord,
    /// Of a technician: whether they will write to customers.
    pub full_chat_access: bool,
    /// Who invites.
    pub by: StaffRef,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when the link works.
    pub ends_at: Timestamp,
}

impl InviteView {
    /// With the name of whoever invites.
    pub fn new(invite: &Invite, by: StaffRef) -> Self {
        Self {
            id: invite.id.clone(),
            email: invite.email.clone(),
            role: invite.role.into(),
            full_chat_access: invite.full_chat_access,
            by,
            created_at: invite.created_at,
            ends_at: invite.ends_at,
        }
    }
}

/// The invitations that are open.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InviteList {
    /// The first one first.
    pub invites: Vec<InviteView>,
}

/// An invitation with its link: whoever has it may come, once.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InviteMade {
    /// The invitation.
    pub invite: InviteView,
    /// The page to give to them. What makes it theirs stands after `#`, which no server is sent.
    pub link: String,
}

/// What a link invites to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InvitedTo {
    /// The business.
    pub business_name: String,
    /// Who invites.
    pub invited_by: String,
    /// What one will sign in with.
    pub email: String,
    /// What one will be.
    pub role: RoleWord,
    /// Until when the link works.
    pub ends_at: Timestamp,
}
