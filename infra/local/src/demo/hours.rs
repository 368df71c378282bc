//! The demo's business hours: the usual ones, and those in which it is looked at.

use std::time::Duration;

use jiff::ToSpan as _;
use jiff::Zoned;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use porchlight_domain::hours::{BusinessHours, Interval, Week};
use porchlight_domain::time::Timestamp;

/// So long before the start somebody was expected to answer: longer than a wait is amber.
const BEFORE: Duration = Duration::from_hours(6);
/// And so long afterwards.
const AFTER: Duration = Duration::from_hours(3);
const OPENS: i8 = 8;
const CLOSES: i8 = 17;

/// Monday to Friday, eight to five; around `now` as well, on whichever day and at whichever hour that is.
pub fn hours_around(now: Timestamp, zone: &TimeZone) -> BusinessHours {
    let local = |at: Timestamp| Zoned::new(at.to_jiff(), zone.clone()).datetime();
    let (from, until) = (local(now - BEFORE), local(now + AFTER));
    let monday = monday_of(from.date());
    let day = |n: i64| {
        let date = monday.saturating_add(n.days());
        // A stretch that runs over Sunday's end goes on in the week's first day.
        let next_week = date.saturating_add(7.days());
        let looked_at = stretch(date, from, until).or_else(|| stretch(next_week, from, until));
        together(usual(date), looked_at)
    };
    let week = Week {
        monday: day(0),
        tuesday: day(1),
        wednesday: day(2),
        thursday: day(3),
        friday: day(4),
        saturday: day(5),
        sunday: day(6),
    };
    BusinessHours::new(week).unwrap_or_else(|_| BusinessHours::usual())
}

fn monday_of(date: Date) -> Date {
    date.saturating_sub(i64::from(date.weekday().to_monday_zero_offset()).days())
}

/// Hours of a day, from and until.
type Hours = (i8, i8);

fn usual(date: Date) -> Option<Hours> {
    let works = !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
    works.then_some((OPENS, CLOSES))
}

/// The part of a stretch that lies on a day, in whole hours.
fn stretch(date: Date, from: DateTime, until: DateTime) -> Option<Hours> {
    if date < from.date() || date > until.date() {
        return None;
    }
    let opens = if date == from.date() { from.hour() } else { 0 };
    let closes = if date == until.date() { (until.hour() + 1).min(24) } else { 24 };
    Some((opens, closes))
}

/// Both, as one where they meet.
fn together(usual: Option<Hours>, looked_at: Option<Hours>) -> Vec<Interval> {
    let mut both: Vec<Hours> = usual.into_iter().chain(looked_at).collect();
    both.sort_unstable();
    if let [one, other] = both[..]
        && other.0 <= one.1
    {
        both = vec![(one.0, one.1.max(other.1))];
    }
    let time = |hour: i8| format!("{hour:02}:00").parse().expect("an hour of the day");
    both.into_iter().map(|(opens, closes)| Interval { opens: time(opens), closes: time(closes) }).collect()
}
