//! The demo's times: relative to now, so that it is always fresh.

use std::time::Duration;

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Zoned};
use porchlight_domain::time::Timestamp;

/// The text names no time.
#[derive(Debug, thiserror::Error)]
#[error("“{0}” is no time: write 25m, 9h, 3d 08:12, next 14:00, since 150m or in 2d 10:00")]
pub struct InvalidWhen(String);

/// `25m` and `9h` are ago; `3d 08:12` is three days ago at 08:12 in `zone`; `next 14:00` is the next such time, an
/// hour ahead at least; `since 150m` is ago, on the half hour; `in 2d 10:00` is on the first working day from then on.
pub fn when(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Timestamp, InvalidWhen> {
    parse(text, now, zone).ok_or_else(|| InvalidWhen(text.to_owned()))
}

fn parse(text: &str, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    if let Some(minutes) = text.strip_prefix("since ").and_then(|rest| rest.strip_suffix('m')) {
        return Some(on_half_hour(now - Duration::from_mins(minutes.parse().ok()?)));
    }
    if let Some(minutes) = text.strip_suffix('m') {
        return Some(now - Duration::from_mins(minutes.parse().ok()?));
    }
    if let Some(hours) = text.strip_suffix('h') {
        return Some(now - Duration::from_hours(hours.parse().ok()?));
    }
    if let Some(time) = text.strip_prefix("next ") {
        let today = at(now, 0, time, zone)?;
        return if today >= now + AHEAD { Some(today) } else { at(now, 1, time, zone) };
    }
    let ahead = text.strip_prefix("in ");
    let (days, time) = ahead.unwrap_or(text).split_once("d ")?;
    let days: i64 = days.parse().ok()?;
    match ahead {
        None => at(now, -days, time, zone),
        Some(_) => (days..days + 3)
            .map(|days| at(now, days, time, zone))
            .find(|at| at.is_none_or(|at| works(at, zone)))?,
    }
}

/// Nobody promises to be there within less.
const AHEAD: Duration = Duration::from_hours(1);

fn works(at: Timestamp, zone: &TimeZone) -> bool {
    !matches!(local(at, zone).weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// The same instant on the wall of the business.
fn local(at: Timestamp, zone: &TimeZone) -> Zoned {
    Zoned::new(at.to_jiff(), zone.clone())
}

fn on_half_hour(at: Timestamp) -> Timestamp {
    Timestamp::from_millis(at.millis() - at.millis().rem_euclid(30 * 60_000))
}

/// Words with the times that they name filled in: `{weekday next 14:00}`, `{day next 14:00}` (today, tomorrow),
/// `{clock since 150m}`.
pub fn spoken(words: &str, now: Timestamp, zone: &TimeZone) -> Result<String, InvalidWhen> {
    let Some((before, rest)) = words.split_once('{') else { return Ok(words.to_owned()) };
    let (named, after) = rest.split_once('}').ok_or_else(|| InvalidWhen(words.to_owned()))?;
    let (form, time) = named.split_once(' ').ok_or_else(|| InvalidWhen(named.to_owned()))?;
    let named =
        named_so(form, when(time, now, zone)?, now, zone).ok_or_else(|| InvalidWhen(named.to_owned()))?;
    Ok(format!("{before}{named}{}", spoken(after, now, zone)?))
}

fn named_so(form: &str, at: Timestamp, now: Timestamp, zone: &TimeZone) -> Option<String> {
    let then = local(at, zone);
    match form {
        "weekday" => Some(then.strftime("%A").to_string()),
        "day" if then.date() == local(now, zone).date() => Some("today".to_owned()),
        "day" => Some("tomorrow".to_owned()),
        "clock" => Some(then.strftime("%-I:%M %p").to_string()),
        _ => None,
    }
}

fn at(now: Timestamp, days: i64, time: &str, zone: &TimeZone) -> Option<Timestamp> {
    let (hour, minute) = time.split_once(':')?;
    let time = Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()?;
    let day = local(now, zone).date().checked_add(Span::new().try_days(days).ok()?).ok()?;
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
            ("next 14:00", "2026-11-21T19:00:00.000Z"),
            ("next 10:30", "2026-11-22T15:30:00.000Z"),
            ("since 95m", "2026-11-21T13:00:00.000Z"),
            ("in 2d 10:00", "2026-11-23T15:00:00.000Z"),
            ("in 1d 10:00", "2026-11-23T15:00:00.000Z"),
        ] {
            assert_eq!(when(text, now, &zone).expect(text).to_string(), expected, "{text}");
        }
        assert!(when("soon", now, &zone).is_err());
        let words = "Until {weekday in 2d 10:00}: we come {day next 14:00} at {clock since 95m}.";
        assert_eq!(spoken(words, now, &zone).expect("times"), "Until Monday: we come today at 8:00 AM.");
        assert!(spoken("{when next 14:00}", now, &zone).is_err() && spoken("{day", now, &zone).is_err());
    }
}
