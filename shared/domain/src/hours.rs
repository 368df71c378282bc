//! Business hours, and how urgently a waiting customer is coloured.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::channel::Channel;
use crate::conversation::Attention;
use crate::time::Timestamp;

/// The hours or the time zone make no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidHours {
    /// Not `HH:MM` between `00:00` and `24:00`.
    #[error("not a time of day (HH:MM)")]
    TimeOfDay,
    /// An interval ends before it opens, or overlaps the one before.
    #[error("{day}: each interval must open before it closes, and after the one before it")]
    Order {
        /// Which day.
        day: &'static str,
    },
    /// No such time zone.
    #[error("not a time zone name (such as America/New_York)")]
    TimeZone,
}

/// A time of day, in minutes after midnight; `24:00` is the day's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay(u16);

/// A stretch of a day, `08:00`–`17:00`, in which somebody answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interval {
    /// From.
    pub opens: TimeOfDay,
    /// Until, exclusive.
    pub closes: TimeOfDay,
}

/// When people are expected to answer; a day without intervals is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Week", into = "Week")]
pub struct BusinessHours(Week);

/// The days as they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "the seven days of the week name themselves")]
pub struct Week {
    pub monday: Vec<Interval>,
    pub tuesday: Vec<Interval>,
    pub wednesday: Vec<Interval>,
    pub thursday: Vec<Interval>,
    pub friday: Vec<Interval>,
    pub saturday: Vec<Interval>,
    pub sunday: Vec<Interval>,
}

/// The time zone of an IANA name, from the database compiled in.
pub fn time_zone(name: &str) -> Result<TimeZone, InvalidHours> {
    TimeZone::get(name).map_err(|_| InvalidHours::TimeZone)
}

/// How urgently a waiting customer is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Waiting {
    /// Not long.
    Calm,
    /// Long.
    Amber,
    /// Too long.
    Red,
}

impl Waiting {
    /// What waits since then, seen at `now`: an emergency is red at once, at any hour.
    pub fn of(
        attention: &Attention,
        channel: Channel,
        now: Timestamp,
        hours: &BusinessHours,
        zone: &TimeZone,
    ) -> Self {
        if attention.emergency {
            return Self::Red;
        }
        Self::after(channel, hours.open_time_between(attention.waiting_since, now, zone))
    }

    /// By channel, after so much open time.
    pub fn after(channel: Channel, open_time: Duration) -> Self {
        let (amber, red) = match channel {
            Channel::Sms | Channel::Portal => (1, 4),
            Channel::Email => (8, 24),
        };
        if open_time >= Duration::from_hours(red) {
            Self::Red
        } else if open_time >= Duration::from_hours(amber) {
            Self::Amber
        } else {
            Self::Calm
        }
    }
}

/// No colour needs more: a longer wait is red in any week that opens at all.
const LONGEST_LOOK: Duration = Duration::from_hours(24 * 60);

impl BusinessHours {
    /// Hours of which each day's intervals are in order and apart.
    pub fn new(week: Week) -> Result<Self, InvalidHours> {
        for (day, intervals) in week.days() {
            let mut free_from = TimeOfDay(0);
            for interval in intervals {
                if interval.opens < free_from || interval.closes <= interval.opens {
                    return Err(InvalidHours::Order { day });
                }
                free_from = interval.closes;
            }
        }
        Ok(Self(week))
    }

    /// Monday to Friday, eight to five.
    pub fn usual() -> Self {
        let day = vec![Interval { opens: TimeOfDay(8 * 60), closes: TimeOfDay(17 * 60) }];
        Self(Week {
            monday: day.clone(),
            tuesday: day.clone(),
            wednesday: day.clone(),
            thursday: day.clone(),
            friday: day,
            ..Week::default()
        })
    }

    /// The days.
    pub const fn week(&self) -> &Week {
        &self.0
    }

    /// Whether somebody is expected to answer at this instant.
    pub fn is_open(&self, at: Timestamp, zone: &TimeZone) -> bool {
        let local = zone.to_datetime(at.to_jiff());
        self.intervals_on(local.date(), zone).any(|(opens, closes)| opens <= at && at < closes)
    }

    /// How much of the time between two instants was open; of very long times, the first sixty days.
    pub fn open_time_between(&self, from: Timestamp, to: Timestamp, zone: &TimeZone) -> Duration {
        let to = to.min(from + LONGEST_LOOK);
        let first = zone.to_datetime(from.to_jiff()).date();
        let last = zone.to_datetime(to.to_jiff()).date();
        first
            .series(jiff::Span::new().days(1))
            .take_while(|date| *date <= last)
            .flat_map(|date| self.intervals_on(date, zone))
            .map(|(opens, closes)| closes.min(to).since(opens.max(from)))
            .sum()
    }

    /// The day's intervals as instants; clock changes are the time zone's.
    fn intervals_on(&self, date: Date, zone: &TimeZone) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        let instants = move |interval: &Interval| {
            Some((instant(date, interval.opens, zone)?, instant(date, interval.closes, zone)?))
        };
        self.0.on(date.weekday()).iter().filter_map(instants)
    }
}

/// None only beyond the calendar's end.
fn instant(date: Date, time: TimeOfDay, zone: &TimeZone) -> Option<Timestamp> {
    let minutes = i64::from(time.0);
    let civil = if time == TimeOfDay::MIDNIGHT {
        date.tomorrow().ok()?.at(0, 0, 0, 0)
    } else {
        date.at(0, 0, 0, 0).checked_add(jiff::Span::new().minutes(minutes)).ok()?
    };
    let at = zone.to_timestamp(civil).ok()?;
    Some(Timestamp::from_millis(at.as_millisecond()))
}

impl Week {
    const fn on(&self, day: Weekday) -> &Vec<Interval> {
        match day {
            Weekday::Monday => &self.monday,
            Weekday::Tuesday => &self.tuesday,
            Weekday::Wednesday => &self.wednesday,
            Weekday::Thursday => &self.thursday,
            Weekday::Friday => &self.friday,
            Weekday::Saturday => &self.saturday,
            Weekday::Sunday => &self.sunday,
        }
    }

    const fn days(&self) -> [(&'static str, &Vec<Interval>); 7] {
        [
            ("monday", &self.monday),
            ("tuesday", &self.tuesday),
            ("wednesday", &self.wednesday),
            ("thursday", &self.thursday),
            ("friday", &self.friday),
            ("saturday", &self.saturday),
            ("sunday", &self.sunday),
        ]
    }
}

impl TryFrom<Week> for BusinessHours {
    type Error = InvalidHours;
    fn try_from(week: Week) -> Result<Self, InvalidHours> {
        Self::new(week)
    }
}

impl From<BusinessHours> for Week {
    fn from(hours: BusinessHours) -> Self {
        hours.0
    }
}

impl TimeOfDay {
    /// The day's beginning, `00:00`.
    pub const START: Self = Self(0);
    /// The day's end, `24:00`.
    pub const MIDNIGHT: Self = Self(24 * 60);

    /// What a clock on the wall shows, without its seconds.
    pub fn of(wall: jiff::civil::Time) -> Self {
        Self(u16::from(wall.hour().unsigned_abs()) * 60 + u16::from(wall.minute().unsigned_abs()))
    }
}

impl FromStr for TimeOfDay {
    type Err = InvalidHours;
    fn from_str(text: &str) -> Result<Self, InvalidHours> {
        let (hour, minute) = text.split_once(':').ok_or(InvalidHours::TimeOfDay)?;
        let two_digits = |part: &str| {
            let digits = part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| part.parse::<u16>().ok()).flatten().ok_or(InvalidHours::TimeOfDay)
        };
        let (hour, minute) = (two_digits(hour)?, two_digits(minute)?);
        let time = Self(hour * 60 + minute);
        if minute < 60 && time <= Self::MIDNIGHT { Ok(time) } else { Err(InvalidHours::TimeOfDay) }
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = InvalidHours;
    fn try_from(text: String) -> Result<Self, InvalidHours> {
        text.parse()
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> Self {
        time.to_string()
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::AttentionReason;

    fn maine() -> TimeZone {
        time_zone("America/New_York").expect("compiled in")
    }

    fn time(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    fn hours(open: &str) -> Result<BusinessHours, serde_json::Error> {
        serde_json::from_str(open)
    }

    #[test]
    fn hours_read_as_they_are_written_and_nonsense_is_refused() {
        let text = r#"{"monday":[{"opens":"08:00","closes":"12:00"},{"opens":"13:00","closes":"24:00"}]}"#;
        let read = hours(text).expect("plain hours");
        let written = serde_json::to_string(&read).expect("plain data");
        assert_eq!(hours(&written).expect("own text"), read);
        for bad in [
            r#"{"monday":[{"opens":"8:00","closes":"12:00"}]}"#,
            r#"{"monday":[{"opens":"08:60","closes":"12:00"}]}"#,
            r#"{"monday":[{"opens":"08:00","closes":"24:01"}]}"#,
            r#"{"monday":[{"opens":"12:00","closes":"12:00"}]}"#,
            r#"{"monday":[{"opens":"08:00","closes":"12:00"},{"opens":"11:00","closes":"13:00"}]}"#,
            r#"{"someday":[]}"#,
        ] {
            assert!(hours(bad).is_err(), "{bad}");
        }
        assert!(time_zone("Maine").is_err());
    }

    #[test]
    fn open_means_open_there() {
        let usual = BusinessHours::usual();
        // Friday, 20 November 2026; New York is five hours behind.
        assert!(!usual.is_open(time("2026-11-20T12:59:59Z"), &maine()));
        assert!(usual.is_open(time("2026-11-20T13:00:00Z"), &maine()));
        assert!(!usual.is_open(time("2026-11-20T22:00:00Z"), &maine()));
        assert!(!usual.is_open(time("2026-11-21T15:00:00Z"), &maine()), "a Saturday");
    }

    #[test]
    fn a_weekend_is_no_waiting_time() {
        let usual = BusinessHours::usual();
        let open = |from, to| usual.open_time_between(time(from), time(to), &maine());
        assert_eq!(open("2026-11-20T21:30:00Z", "2026-11-23T13:15:00Z"), Duration::from_mins(45));
        assert_eq!(open("2026-11-23T13:15:00Z", "2026-11-20T21:30:00Z"), Duration::ZERO);
        assert_eq!(open("2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z"), Duration::ZERO);
        assert_eq!(open("0001-01-01T00:00:00Z", "2026-11-22T00:00:00Z"), Duration::from_hours(9 * 44));
    }

    #[test]
    fn a_day_with_a_clock_change_is_an_hour_shorter_or_longer() {
        let day = vec![Interval { opens: TimeOfDay(0), closes: TimeOfDay::MIDNIGHT }];
        let sundays = BusinessHours::new(Week { sunday: day, ..Week::default() }).expect("in order");
        let open = |from, to| sundays.open_time_between(time(from), time(to), &maine());
        assert_eq!(open("2026-03-08T00:00:00Z", "2026-03-10T00:00:00Z"), Duration::from_hours(23));
        assert_eq!(open("2026-11-01T00:00:00Z", "2026-11-03T00:00:00Z"), Duration::from_hours(25));
    }

    #[test]
    fn waiting_turns_amber_and_red_by_channel() {
        let colour = |channel, minutes| Waiting::after(channel, Duration::from_mins(minutes));
        assert_eq!(
            [colour(Channel::Sms, 59), colour(Channel::Sms, 60), colour(Channel::Sms, 240)],
            [Waiting::Calm, Waiting::Amber, Waiting::Red]
        );
        assert_eq!(
            [colour(Channel::Email, 479), colour(Channel::Email, 480), colour(Channel::Email, 1440)],
            [Waiting::Calm, Waiting::Amber, Waiting::Red]
        );
    }
    #[test]
    fn an_emergency_is_red_at_once_at_any_hour() {
        let sunday_night = time("2026-11-22T08:00:00Z");
        let attention = |emergency| Attention {
            waiting_since: sunday_night,
            reason: AttentionReason::Customer,
            emergency,
        };
        let colour = |attention: &Attention| {
            Waiting::of(attention, Channel::Sms, sunday_night, &BusinessHours::usual(), &maine())
        };
        assert_eq!([colour(&attention(true)), colour(&attention(false))], [Waiting::Red, Waiting::Calm]);
    }
}
