//! A time on the clock, in a zone whose clocks change (RULES "Later").

use jiff::ToSpan;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::Timestamp;

/// A time on the clock as an instant. One that does not exist moves forward by the gap; of one that comes twice it is
/// the first.
pub fn instant_of(wall: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    // RFC 5545's rule, which is jiff's `compatible`: after the gap by its length, and before the fold.
    let at = zone.to_ambiguous_timestamp(wall).compatible().ok()?;
    Some(Timestamp::from_millis(at.as_millisecond()))
}

/// The same date and time on the clock next year, in the time zone of this IANA name; of 29 February, the 28th.
pub fn a_year_after(at: Timestamp, zone: &str) -> Timestamp {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let wall = zone.to_datetime(at.to_jiff());
    let next = wall.checked_add(1.year()).ok().and_then(|wall| instant_of(wall, &zone));
    next.unwrap_or(Timestamp::from_millis(i64::MAX))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    /// A case that the browser's `instantOf` is held to as well.
    #[derive(Deserialize)]
    struct Case {
        name: String,
        zone: String,
        wall: String,
        instant: String,
    }

    #[test]
    fn a_time_on_the_clock_is_resolved_as_in_the_browser() {
        let cases: Vec<Case> =
            serde_json::from_str(include_str!("../../cases/wall_clock.json")).expect("the cases are JSON");
        for Case { name, zone, wall, instant } in cases {
            let zone = TimeZone::get(&zone).expect("a zone");
            let found = instant_of(wall.parse().expect("a time on the clock"), &zone).expect("an instant");
            assert_eq!(found, instant.parse().expect("an instant"), "{name}");
        }
    }

    /// A case that the browser's `yearAfter` is held to as well.
    #[derive(Deserialize)]
    struct YearCase {
        name: String,
        zone: String,
        now: Timestamp,
        until: Timestamp,
    }

    #[test]
    fn a_year_is_counted_by_the_calendar_as_in_the_browser() {
        let cases: Vec<YearCase> =
            serde_json::from_str(include_str!("../../cases/year_ahead.json")).expect("the cases are JSON");
        for YearCase { name, zone, now, until } in cases {
            assert_eq!(a_year_after(now, &zone), until, "{name}");
        }
    }

    #[test]
    fn a_year_after_the_last_one_is_the_end_of_time() {
        let end = Timestamp::from_millis(i64::MAX);
        assert_eq!(a_year_after(end, "UTC"), end);
    }
}
