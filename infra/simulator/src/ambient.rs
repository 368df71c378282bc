//! The one place that reads the clock and the system's randomness.
//!
//! Faults, delays and replies are drawn from the seed (`draw`). SIDs and the time are not: a store that met this
//! simulator before must not meet the same SID again for another message.

use std::time::SystemTime;

use crate::moment::Moment;

/// Now.
#[expect(clippy::disallowed_methods, reason = "this file is where the simulator reads the clock")]
pub fn now() -> Moment {
    let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Moment::from_unix_ms(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
}

/// 32 hex digits that no one had before.
#[expect(clippy::disallowed_methods, reason = "this file is where the simulator takes randomness")]
pub fn fresh_hex() -> String {
    hex::encode(rand::random::<[u8; 16]>())
}
