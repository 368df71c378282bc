//! The ways a customer writes to a business.

use serde::{Deserialize, Serialize};

/// How a conversation's messages travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// SMS and MMS through the provider.
    Sms,
    /// Email.
    Email,
    /// The customer's own page.
    Portal,
}

impl Channel {
    /// All of them.
    pub const EVERY: [Self; 3] = [Self::Sms, Self::Email, Self::Portal];

    /// The word in keys, tables and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Email => "email",
            Self::Portal => "portal",
        }
    }
}
