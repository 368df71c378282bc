//! What a post tells of its device.

use std::time::Duration;

use crate::device::{Device, Health};
use crate::time::Timestamp;

/// While a device is well, its last success is written so often at most: it is a write for each push otherwise.
const WRITTEN_EVERY: Duration = Duration::from_mins(10);

/// What a post tells of its device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Learned {
    /// It was taken.
    Taken,
    /// The push service knows it no longer.
    Gone,
    /// The push service refuses it for good; why.
    Refused(String),
    /// The push service takes nothing just now; why.
    Failing(String),
}

/// The device after it.
pub fn learned(device: &Device, told: &Learned, now: Timestamp) -> Device {
    let (health, health_reason, success) = match told {
        Learned::Taken => (Health::Ok, None, Some(now)),
        Learned::Gone => (Health::Gone, None, None),
        Learned::Refused(why) => (Health::Refused, Some(why.clone()), None),
        Learned::Failing(why) => (Health::Failing, Some(why.clone()), None),
    };
    let last_success_at = success.or(device.last_success_at);
    Device { health, health_reason, last_success_at, ..device.clone() }
}

impl Device {
    /// Whether what is known by now is worth a write.
    pub fn is_news_to(&self, before: &Self) -> bool {
        let told = |device: &Self| (device.health, device.health_reason.clone(), device.endpoint.clone());
        let since = before.last_success_at.zip(self.last_success_at).map(|(before, now)| now.since(before));
        told(self) != told(before)
            || before.last_success_at.is_none() != self.last_success_at.is_none()
            || since.is_some_and(|since| since >= WRITTEN_EVERY)
    }
}
