//! The person who is signed in.

use porchlight_api::words::{BusinessActWord, RoleWord};
use porchlight_domain::access::{BusinessAct, Person};
use porchlight_domain::id::{BusinessId, StaffId};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::staff::Staff;
use porchlight_domain::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// The person who is signed in, their business and their colleagues.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Me {
    /// Their id.
    pub id: StaffId,
    /// Their business.
    pub business_id: BusinessId,
    /// Its name.
    pub business_name: String,
    /// Their name.
    pub name: String,
    /// What they sign in with.
    pub email: String,
    /// What they are to the inbox.
    pub role: RoleWord,
    /// The business's IANA time zone.
    pub time_zone: String,
    /// What they may do.
    pub permissions: Permissions,
    /// What they may do for the business as a whole.
    pub may: Vec<BusinessActWord>,
    /// Everybody who works here, for assignment, by name.
    pub staff: Vec<Colleague>,
    /// The business's first line.
    #[schema(required)]
    pub line: Option<ContactPoint>,
    /// What browsers subscribe to push with: an uncompressed point of P-256 in base64url; none while there is no push.
    #[schema(required)]
    pub vapid_public_key: Option<String>,
}

/// What somebody may do beyond looking.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Permissions {
    /// Write to customers.
    pub texting: bool,
}

/// Somebody who works here.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Colleague {
    /// Their id.
    pub id: StaffId,
    /// Their name.
    pub name: String,
    /// What they are to the inbox.
    pub role: RoleWord,
    /// "Off today", until then; none while they are not. Past, it has ended.
    #[schema(required)]
    pub off_until: Option<Timestamp>,
}

/// The answer to signing in.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SignedIn)]
pub struct SessionStarted {
    /// Who is signed in now.
    pub me: Me,
}

impl Me {
    /// Of the person, all staff of the business, its first line and the key that browsers subscribe with.
    pub fn new(
        who: &Person,
        staff: &[Staff],
        line: Option<ContactPoint>,
        vapid_public_key: Option<String>,
    ) -> Self {
        Self {
            id: who.staff.id.clone(),
            business_id: who.business.id.clone(),
            business_name: who.business.name.clone(),
            name: who.staff.name.clone(),
            email: who.staff.email.clone(),
            role: who.staff.role.into(),
            time_zone: who.business.time_zone.clone(),
            permissions: Permissions { texting: who.viewer.may_text },
            may: BusinessAct::ALL.into_iter().filter(|act| who.viewer.may(*act)).map(Into::into).collect(),
            staff: colleagues(staff),
            line,
            vapid_public_key,
        }
    }
}

fn colleagues(staff: &[Staff]) -> Vec<Colleague> {
    let working = staff.iter().filter(|person| person.disabled_at.is_none());
    let mut colleagues: Vec<Colleague> = working
        .map(|person| Colleague {
            id: person.id.clone(),
            name: person.name.clone(),
            role: person.role.into(),
            off_until: person.day_off.as_ref().map(|off| off.until),
        })
        .collect();
    colleagues.sort_by_key(|person| person.name.to_lowercase());
    colleagues
}
