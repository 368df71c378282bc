//! Devices that are woken: a browser by Web Push, a phone by Apple's or Google's service.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::id::{BusinessId, DeviceId, StaffId};
use crate::time::Timestamp;

/// How a device is reached. It is a secret of its owner's: whoever has it can wake them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Address {
    /// A browser's subscription (RFC 8030, RFC 8291). All but the endpoint is base64url.
    WebPush {
        /// Where its push service takes messages.
        endpoint: String,
        /// The browser's public key: an uncompressed point of P-256.
        p256dh: String,
        /// What it shares with us: 16 bytes.
        auth: String,
        /// Our public key that it was made with: its push service takes no other.
        key: String,
    },
    /// A token of Apple's.
    Apns {
        /// In lower case hex, as SNS keeps it.
        token: String,
    },
    /// A token of Google's.
    Fcm {
        /// As the device was given it.
        token: String,
    },
}

impl std::fmt::Debug for Address {
    /// Without what lets somebody wake the device (P11).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.kind())
    }
}

impl Address {
    /// A token of Apple's; their hex is the same in capitals.
    pub fn apns(token: &str) -> Self {
        Self::Apns { token: token.to_lowercase() }
    }

    /// What it is called in the API.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::WebPush { .. } => "webpush",
            Self::Apns { .. } => "apns",
            Self::Fcm { .. } => "fcm",
        }
    }

    /// SHA-256, in hex, of what makes it this device and no other.
    pub fn digest(&self) -> String {
        let what = match self {
            Self::WebPush { endpoint, .. } => endpoint,
            Self::Apns { token } | Self::Fcm { token } => token,
        };
        hex::encode(Sha256::digest(format!("{} {what}", self.kind())))
    }
}

/// How the last tries to reach a device went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// Nothing was sent there yet.
    #[default]
    New,
    /// The last push was taken.
    Ok,
    /// The push service takes nothing just now; it is tried again.
    Failing,
    /// The push service refuses us there, for good: the device has to come anew.
    Refused,
    /// The push service knows it no longer.
    Gone,
}

/// A browser or phone of somebody's.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// The tenant.
    pub business: BusinessId,
    /// Its id.
    pub id: DeviceId,
    /// Whose: whoever signed in there last.
    pub staff: StaffId,
    /// As its owner knows it: "Chrome on Android".
    pub name: String,
    /// How it is reached.
    pub address: Address,
    /// The digest of the session that it was registered in: it is silent once that has ended.
    pub session: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When a push was last taken for it.
    #[serde(default)]
    pub last_success_at: Option<Timestamp>,
    /// How the last tries went.
    #[serde(default)]
    pub health: Health,
    /// Why, in a sentence for its owner.
    #[serde(default)]
    pub health_reason: Option<String>,
    /// What SNS calls it, once it was made there.
    #[serde(default)]
    pub endpoint: Option<String>,
}

crate::debug_shows!(Device: business, id, staff, address, health, created_at);

/// Devices that one person may have.
pub const MOST_DEVICES: usize = 20;

impl Device {
    /// Whether it can be reached as far as is known: not after a refusal, until it comes anew.
    pub const fn is_reachable(&self) -> bool {
        match self.health {
            Health::New | Health::Ok | Health::Failing => true,
            Health::Refused | Health::Gone => false,
        }
    }

    /// The same device registered again: it begins anew, under the id and the name that it had. SNS is asked for its
    /// endpoint again, which may have been switched off.
    #[must_use]
    pub fn again(self, known: &Self) -> Self {
        let name = if self.name.is_empty() { known.name.clone() } else { self.name };
        let last_success_at = known.last_success_at;
        let (id, created_at) = (known.id.clone(), known.created_at);
        Self { id, created_at, name, last_success_at, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_of_apples_is_one_device_however_its_hex_is_written() {
        assert_eq!(Address::apns("ABCDEF01").digest(), Address::apns("abcdef01").digest());
        let fcm = Address::Fcm { token: "abcdef01".to_owned() };
        assert_ne!(fcm.digest(), Address::apns("abcdef01").digest());
        assert_eq!(format!("{fcm:?}"), "fcm", "a token is never shown");
    }
}
