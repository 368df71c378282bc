//! The demo's times: relative to now, so that it is always fresh.

use std::time::Duration;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Span, Zoned};
use porchlight_domain::time::Timestamp;

/// The text names no time.
#[derive(Debug, thiserror::Error)]
#[error("“{0}” is no time: write 25m, 9h, 3d 08:12, today 14:00 or in 2d 10:00")]
pub struct InvalidWhen(String);

/// `25m` and `9h` are ago; `3d 08:12` is three days ago at 08:12 in `zone`; `today 14:00`; `in 2d 10:00`.
pub fn when(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Timestamp, InvalidWhen> {
    parse(text, now, zone).ok_or_else(|| InvalidWhen(text.to_owned()))
}

fn parse(text: &str, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    if let Some(minutes) = text.strip_suffix('m') {
        return Some(now - Duration::from_mins(minutes.parse().ok()?));
    }
    if let Some(hours) = text.strip_suffix('h') {
        return Some(now - Duration::from_hours(hours.parse().ok()?));
    }
    if let Some(time) = text.strip_prefix("today ") {
        return at(now, 0, time, zone);
    }
    let (sign, days) = text.strip_prefix("in ").map_or((-1, text), |rest| (1, rest));
    let (days, time) = days.split_once("d ")?;
    at(now, sign * days.parse::<i64>().ok()?, time, zone)
}

fn at(now: Timestamp, days: i64, time: &str, zone: &TimeZone) -> Option<Timestamp> {
    let (hour, minute) = time.split_once(':')?;
    let time = Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()?;
    let today = Zoned::new(now.to_jiff(), zone.clone());
    let day = today.date().checked_add(Span::new().try_days(days).ok()?).ok()?;
    let zoned = day.to_datetime(time).to_zoned(zone.clone()).ok()?;
    Some(Timestamp::from_millis(zoned.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_relative_to_now_and_in_the_zone_of_the_business() {
        let zone = TimeZone::get("America/New_York").expect("a zone");
        let now: Timestamp = "2026-11-21T15:00:00.000Z".parse().expect("an instant");
        for (text, expected) in [
            ("25m", "2026-11-21T14:35:00.000Z"),
            ("9h", "2026-11-21T06:00:00.000Z"),
            ("3d 08:12", "2026-11-18T13:12:00.000Z"),
            ("today 14:00", "2026-11-21T19:00:00.000Z"),
            ("in 2d 10:00", "2026-11-23T15:00:00.000Z"),
        ] {
            assert_eq!(when(text, now, &zone).expect(text).to_string(), expected, "{text}");
        }
        assert!(when("soon", now, &zone).is_err());
    }
}
