//! People who work for a business, and what they may do.

use serde::{Deserialize, Serialize};

use crate::id::{BusinessId, StaffId};
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
}

crate::debug_shows!(Staff: business, id, role, full_chat_access, disabled_at);
