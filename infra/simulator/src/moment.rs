//! A point in time, in Unix milliseconds, and the three ways in which Twilio and we write it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Unix milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(i64);

impl Moment {
    /// From Unix milliseconds.
    pub const fn from_unix_ms(ms: i64) -> Self {
        Self(ms)
    }

    /// As Unix milliseconds.
    pub const fn unix_ms(self) -> i64 {
        self.0
    }

    fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// As in Twilio's resources: `Sat, 21 Nov 2026 09:04:17 +0000`.
    pub fn rfc2822(self) -> String {
        self.timestamp().strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
    }

    /// As in our control API: `2026-11-21T09:04:17.951Z`.
    pub fn rfc3339(self) -> String {
        format!("{:.3}", self.timestamp())
    }

    /// As carriers write it into `RawDlrDoneDate`: `2611210904`.
    pub fn raw_dlr(self) -> String {
        self.timestamp().strftime("%y%m%d%H%M").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_each_reader_expects() {
        let moment = Moment::from_unix_ms(1_795_251_857_951);
        assert_eq!(moment.rfc2822(), "Sat, 21 Nov 2026 09:04:17 +0000");
        assert_eq!(moment.rfc3339(), "2026-11-21T09:04:17.951Z");
        assert_eq!(moment.raw_dlr(), "2611210904");
    }
}
