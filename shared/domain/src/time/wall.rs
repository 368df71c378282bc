//! A time on the clock, in a zone whose clocks change (RULES "Later").

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
}
