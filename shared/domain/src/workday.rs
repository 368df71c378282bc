//! The jobs of today and tomorrow, on the business's clock, in the order in which whoever works on them reads them.

use std::cmp::Reverse;
use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::customer::{Job, JobStatus};
use crate::time::Timestamp;

/// Work that goes on for longer was forgotten, and is looked for no more.
const LONGEST_WORK: Duration = Duration::from_hours(24 * 7);

/// Which days are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Days {
    /// Today.
    Today,
    /// Tomorrow.
    Tomorrow,
    /// Both.
    Upcoming,
}

/// A day at work, somewhere.
#[derive(Clone, Debug)]
pub struct Workday {
    now: Timestamp,
    zone: TimeZone,
    today: Date,
    tomorrow: Date,
}

impl Workday {
    /// The day that it is now, in the time zone of this IANA name.
    pub fn new(now: Timestamp, zone: &str) -> Self {
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        let today = zone.to_datetime(now.to_jiff()).date();
        Self { now, zone, today, tomorrow: today.tomorrow().unwrap_or(today) }
    }

    /// Its date.
    pub const fn today(&self) -> Date {
        self.today
    }

    /// When it ends: midnight there.
    pub fn ends(&self) -> Timestamp {
        self.begin_of(self.tomorrow)
    }

    /// From when (included) until when (excluded) whatever stands on these days was booked for.
    pub fn booked_within(&self) -> (Timestamp, Timestamp) {
        let end = self.tomorrow.tomorrow().map_or(self.now, |date| self.begin_of(date));
        (self.now - LONGEST_WORK, end)
    }

    fn begin_of(&self, date: Date) -> Timestamp {
        let begins = date.to_zoned(self.zone.clone());
        begins.map_or(self.now, |at| Timestamp::from_millis(at.timestamp().as_millisecond()))
    }

    /// The day on which a job stands: what is under way or ended today stands today, whenever it was booked for. None
    /// where that is neither today nor tomorrow.
    pub fn day_of(&self, job: &Job) -> Option<Date> {
        if job.status == JobStatus::InProgress {
            return Some(self.today);
        }
        let booked = job.scheduled_at.map(|at| self.date(at));
        let ended = job.ended_at.map(|at| self.date(at)).filter(|ended| booked.is_none_or(|it| it < *ended));
        ended.or(booked).filter(|date| [self.today, self.tomorrow].contains(date))
    }

    /// Whether a job stands on one of these days.
    pub fn has(&self, days: Days, job: &Job) -> bool {
        self.day_of(job).is_some_and(|date| match days {
            Days::Today => date == self.today,
            Days::Tomorrow => date == self.tomorrow,
            Days::Upcoming => true,
        })
    }

    /// Whether somebody is at it: it was said to be under way, or it is the time that it is booked for.
    pub fn is_current(&self, job: &Job) -> bool {
        let begun = job.scheduled_at.is_some_and(|at| at <= self.now);
        match job.status {
            JobStatus::InProgress => true,
            JobStatus::Scheduled => begun && job.ends_at.is_some_and(|end| self.now < end),
            JobStatus::Completed | JobStatus::Canceled => false,
        }
    }

    /// Day by day: what goes on, the last begun first; what is ahead, the next first; what has ended.
    pub fn sort(&self, jobs: &mut [Job]) {
        jobs.sort_by_cached_key(|job| {
            let is_current = self.is_current(job);
            let begun = job.scheduled_at.filter(|_| is_current);
            let place = if is_current { 0 } else { 1 + u8::from(!job.status.is_active()) };
            (self.day_of(job), place, Reverse(begun), job.scheduled_at, job.number)
        });
    }

    fn date(&self, at: Timestamp) -> Date {
        self.zone.to_datetime(at.to_jiff()).date()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::job as id;

    const MAINE: &str = "America/New_York";

    fn time(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    /// Friday, noon in Maine.
    fn noon() -> Timestamp {
        time("2026-11-20T17:00:00.000Z")
    }

    fn job(number: u32, status: JobStatus, at: &str, hours: u64) -> Job {
        let at = time(at);
        Job {
            id: id(u64::from(number)),
            customer: ulid::Ulid::from(1_u128).into(),
            number,
            title: "Water heater".to_owned(),
            status,
            scheduled_at: Some(at),
            ends_at: Some(at + Duration::from_hours(hours)),
            ended_at: (!status.is_active()).then_some(at),
            amount_cents: 0,
            facts: Vec::new(),
            version: 1,
        }
    }

    #[test]
    fn a_day_ends_at_midnight_where_the_business_is() {
        let day = Workday::new(noon(), MAINE);
        let at = |at| day.day_of(&job(1, JobStatus::Scheduled, at, 1)).map(|date| date.to_string());
        assert_eq!(at("2026-11-21T04:59:00.000Z").as_deref(), Some("2026-11-20"));
        assert_eq!(at("2026-11-21T05:00:00.000Z").as_deref(), Some("2026-11-21"));
        assert_eq!(at("2026-11-22T05:00:00.000Z"), None);
        assert_eq!(at("2026-11-20T04:59:00.000Z"), None, "yesterday's, and nobody went");
        assert_eq!(day.booked_within().1, time("2026-11-22T05:00:00.000Z"));
    }

    #[test]
    fn a_day_lasts_until_midnight_there_when_the_clocks_change_too() {
        let ends = |at| Workday::new(time(at), MAINE).ends();
        assert_eq!(ends("2026-11-20T17:00:00.000Z"), time("2026-11-21T05:00:00.000Z"));
        assert_eq!(ends("2026-11-21T04:59:59.999Z"), time("2026-11-21T05:00:00.000Z"));
        assert_eq!(ends("2026-11-21T05:00:00.000Z"), time("2026-11-22T05:00:00.000Z"));
        assert_eq!(ends("2026-11-01T04:30:00.000Z"), time("2026-11-02T05:00:00.000Z"), "25 hours");
        assert_eq!(ends("2026-03-08T05:30:00.000Z"), time("2026-03-09T04:00:00.000Z"), "23 hours");
    }

    #[test]
    fn what_goes_on_or_ended_today_stands_today_whenever_it_was_booked() {
        let day = Workday::new(noon(), MAINE);
        let since_tuesday = job(1, JobStatus::InProgress, "2026-11-17T14:00:00.000Z", 2);
        assert!(day.has(Days::Today, &since_tuesday) && day.is_current(&since_tuesday));
        let mut done = job(2, JobStatus::Completed, "2026-11-19T14:00:00.000Z", 2);
        assert!(!day.has(Days::Upcoming, &done));
        done.ended_at = Some(time("2026-11-20T12:40:00.000Z"));
        assert!(day.has(Days::Today, &done) && !day.is_current(&done));
        assert!(day.booked_within().0 <= since_tuesday.scheduled_at.expect("a time"));
    }

    #[test]
    fn the_current_job_comes_first_then_the_next_then_what_has_ended_then_tomorrow() {
        let day = Workday::new(noon(), MAINE);
        let mut jobs = vec![
            job(1, JobStatus::Scheduled, "2026-11-21T14:00:00.000Z", 1),
            job(2, JobStatus::Completed, "2026-11-20T12:00:00.000Z", 1),
            job(3, JobStatus::Scheduled, "2026-11-20T21:00:00.000Z", 1),
            job(4, JobStatus::Scheduled, "2026-11-20T19:00:00.000Z", 1),
            job(5, JobStatus::InProgress, "2026-11-20T13:00:00.000Z", 1),
            job(6, JobStatus::Scheduled, "2026-11-20T16:30:00.000Z", 2),
        ];
        day.sort(&mut jobs);
        let numbers: Vec<u32> = jobs.iter().map(|job| job.number).collect();
        assert_eq!(numbers, [6, 5, 4, 3, 2, 1]);
    }
}
