//! Instants, as every table, event and answer writes them.

use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

mod wall;

pub use self::wall::{a_year_after, instant_of};

/// An instant in unix milliseconds.
///
/// Written as RFC 3339 in UTC with exactly three fraction digits (`2026-11-21T09:04:00.123Z`), so that
/// the order of the text is the order of time and keys can be made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
pub struct Timestamp(i64);

/// The text is no RFC 3339 instant.
#[derive(Debug, thiserror::Error)]
#[error("not an RFC 3339 instant")]
pub struct InvalidTimestamp(#[from] jiff::Error);

impl Timestamp {
    /// From unix milliseconds; what lies outside the years 0–9999 is clamped to them.
    pub const fn from_millis(millis: i64) -> Self {
        const YEAR_ZERO: i64 = -62_167_219_200_000;
        const END_OF_9999: i64 = 253_402_207_200_000;
        if millis < YEAR_ZERO {
            Self(YEAR_ZERO)
        } else if millis > END_OF_9999 {
            Self(END_OF_9999)
        } else {
            Self(millis)
        }
    }

    /// Unix milliseconds.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole unix seconds, as DynamoDB's TTL attribute wants them.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// How long after `earlier` this is; zero when it is before.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0 - earlier.0).unwrap_or(0))
    }

    /// The day in UTC, `2026-11-21`: names the partitions of the live feed.
    pub fn day(self) -> String {
        self.to_string()[..10].to_owned()
    }

    /// The instant for calendar arithmetic in a time zone.
    pub fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).expect("clamped to the years 0–9999 on construction")
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;
    fn add(self, by: Duration) -> Self {
        Self::from_millis(self.0.saturating_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Self;
    fn sub(self, by: Duration) -> Self {
        Self::from_millis(self.0.saturating_sub(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.to_jiff())
    }
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::from_millis(text.parse::<jiff::Timestamp>()?.as_millisecond()))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_has_three_fraction_digits_and_sorts_like_time() {
        let early = Timestamp::from_millis(1_763_711_999_000);
        let late = Timestamp::from_millis(1_763_711_999_001);
        assert_eq!(early.to_string(), "2025-11-21T07:59:59.000Z");
        assert!(early.to_string() < late.to_string());
        assert_eq!(late.to_string().parse::<Timestamp>().expect("own text parses"), late);
    }

    #[test]
    fn the_ends_of_time_are_clamped_and_still_print() {
        assert_eq!(Timestamp::from_millis(i64::MAX).to_string().len(), 24);
        assert_eq!(Timestamp::from_millis(i64::MIN).to_string().len(), 24);
    }
}
