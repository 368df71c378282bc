//! The states of a message, and the provider's words for them.

use serde::{Deserialize, Serialize};

/// Where a message stands, as rows, JSON and the screen say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// To be queued at a time.
    Scheduled,
    /// Not posted yet.
    Queued,
    /// Claimed, or accepted by the provider.
    Sending,
    /// Handed to the carrier.
    Sent,
    /// On the customer's phone.
    Delivered,
    /// Accepted, and not delivered.
    Undelivered,
    /// Not accepted, or not handed to the carrier.
    Failed,
    /// It may or may not have been accepted.
    Unknown,
    /// Taken back.
    Canceled,
    /// Came in.
    Received,
}

impl Status {
    /// The word in tables and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Undelivered => "undelivered",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Canceled => "canceled",
            Self::Received => "received",
        }
    }

    /// Nothing more happens to it on its way.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Delivered | Self::Undelivered | Self::Failed | Self::Canceled | Self::Received)
    }

    /// It did not arrive, and nothing more happens by itself.
    pub const fn is_final_failure(self) -> bool {
        matches!(self, Self::Undelivered | Self::Failed)
    }
}

/// The provider's word for where a message stands (Twilio's `MessageStatus`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderStatus {
    /// Accepted by a messaging service; no sender chosen yet.
    Accepted,
    /// Kept by the provider for a time.
    Scheduled,
    /// Accepted.
    Queued,
    /// On its way to the carrier.
    Sending,
    /// Handed to the carrier.
    Sent,
    /// Taken back.
    Canceled,
    /// Not handed to the carrier.
    Failed,
    /// The carrier could not deliver it.
    Undelivered,
    /// A part arrived.
    PartiallyDelivered,
    /// It arrived.
    Delivered,
    /// It was read.
    Read,
}

impl ProviderStatus {
    /// Every word, lowest rank first.
    pub const EVERY: [Self; 11] = [
        Self::Accepted,
        Self::Scheduled,
        Self::Queued,
        Self::Sending,
        Self::Sent,
        Self::Canceled,
        Self::Failed,
        Self::Undelivered,
        Self::PartiallyDelivered,
        Self::Delivered,
        Self::Read,
    ];

    /// Its place in the fold; the state is that of the highest (reference/twilio.md §3).
    pub const fn rank(self) -> u8 {
        match self {
            Self::Accepted | Self::Scheduled => 0,
            Self::Queued => 1,
            Self::Sending => 2,
            Self::Sent => 3,
            Self::Canceled => 4,
            Self::Failed => 5,
            Self::Undelivered => 6,
            Self::PartiallyDelivered => 7,
            Self::Delivered => 8,
            Self::Read => 9,
        }
    }

    /// The provider's word.
    pub const fn as_word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Scheduled => "scheduled",
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Canceled => "canceled",
            Self::Failed => "failed",
            Self::Undelivered => "undelivered",
            Self::PartiallyDelivered => "partially_delivered",
            Self::Delivered => "delivered",
            Self::Read => "read",
        }
    }

    /// Reads the provider's word; `receiving` and `received` tell of inbound messages and are none of these.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|status| status.as_word() == word)
    }

    /// Nothing more is to be expected.
    pub const fn is_final(self) -> bool {
        self.rank() >= Self::Canceled.rank()
    }
}

impl From<ProviderStatus> for Status {
    fn from(status: ProviderStatus) -> Self {
        match status {
            ProviderStatus::Accepted
            | ProviderStatus::Scheduled
            | ProviderStatus::Queued
            | ProviderStatus::Sending => Self::Sending,
            ProviderStatus::Sent => Self::Sent,
            ProviderStatus::Canceled => Self::Canceled,
            ProviderStatus::Failed => Self::Failed,
            ProviderStatus::Undelivered | ProviderStatus::PartiallyDelivered => Self::Undelivered,
            ProviderStatus::Delivered | ProviderStatus::Read => Self::Delivered,
        }
    }
}
