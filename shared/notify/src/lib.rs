//! The ways to wake a device, behind one port: Web Push (RFC 8030, 8291, 8292), and SNS mobile push to Apple's and
//! Google's services.
//!
//! # Layout
//!
//! - [`Carrier`]: the port. [`Push`], [`Outcome`]: what is posted, and
//!   what came of it.
//! - [`webpush`]: a browser's push service; `encrypt`: RFC 8291; [`vapid`]: RFC 8292.
//! - [`sns`]: platform endpoints and what is published to them.
//! - [`payload`]: pure: the formats.
//!
//! Invariant: time and randomness are arguments, so that every byte of a post can be told beforehand.
//! Invariant: an endpoint comes from data: it is reached by https at public addresses only, and never followed elsewhere.
//!
//! It must not know who is woken, and why; nor where devices are kept.

pub mod payload;
pub mod sns;
pub mod vapid;
pub mod webpush;

use std::time::Duration;

use async_trait::async_trait;
use porchlight_domain::device::Device;
use porchlight_domain::push::{Learned, Notice};
use porchlight_domain::time::Timestamp;

pub use sns::Sns;
pub use vapid::{BadKey, VapidKey};
pub use webpush::{BadSubscription, ClientSetupError, WebPush};

/// Random bytes of one post: the private key of its encryption, and its salt. Each post needs its own.
#[derive(Clone, Copy)]
pub struct Chance {
    /// 32 bytes.
    pub key: [u8; 32],
    /// 16 bytes.
    pub salt: [u8; 16],
}

/// What is posted to a device.
#[derive(Clone, Debug)]
pub struct Push {
    /// The notification.
    pub notice: Notice,
    /// What is shown where it is too large.
    pub smaller: Notice,
    /// How long it is worth being delivered.
    pub lasts: Duration,
}

/// What came of a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The push service has it.
    Taken,
    /// The push service knows the device no longer: it is to be removed.
    Gone,
    /// The push service refuses us there, and will; why, for its owner.
    Refused(String),
    /// It takes nothing just now; why, for its owner, and when it wants to be asked again.
    Later {
        /// A sentence.
        reason: String,
        /// What the service asked for.
        after: Option<Duration>,
        /// Nobody knows whether it was taken.
        unknown: bool,
    },
}

impl Outcome {
    /// What it tells of the device.
    pub fn learned(&self) -> Learned {
        match self {
            Self::Taken => Learned::Taken,
            Self::Gone => Learned::Gone,
            Self::Refused(why) => Learned::Refused(why.clone()),
            Self::Later { reason, .. } => Learned::Failing(reason.clone()),
        }
    }
}

/// What came of a post, and what SNS calls the device where that is new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// What came of it.
    pub outcome: Outcome,
    /// The platform endpoint, where one was made.
    pub endpoint: Option<String>,
}

impl From<Outcome> for Posted {
    fn from(outcome: Outcome) -> Self {
        Self { outcome, endpoint: None }
    }
}

/// A way to wake devices of some kinds.
#[async_trait]
pub trait Carrier: Send + Sync {
    /// Posts once, or twice where the first was too large.
    async fn post(&self, device: &Device, push: &Push, now: Timestamp, chance: Chance) -> Posted;
    /// The device was removed: whatever is kept of it outside goes too.
    async fn forget(&self, device: &Device);
}
