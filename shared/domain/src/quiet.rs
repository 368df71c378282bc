//! The customer's night: what no person sends now waits for 8:00–21:00 where the customer lives (rows 103, 104).
//!
//! The night is the federal one (47 CFR 64.1200(c)(1): not before 8 a.m. nor after 9 p.m. local time at the called
//! party's location), narrower where a state's own law is (`hours`). Where the customer lives is told by the state of
//! their property's address, else by the area code of their number; a state of two time zones whose area code does not
//! tell which keeps to both. Who is nowhere on these lists lives where the business does.
//!
//! # Layout
//!
//! `place`: from an address or a number to a state and its zones. `areas`: the numbering plan's area codes.

mod areas;
mod place;

use std::time::Duration;

use jiff::civil::{Time, Weekday, time};
use jiff::tz::TimeZone;

use self::place::Place;
use crate::phone::ContactPoint;
use crate::time::Timestamp;

/// Nothing waits longer: a day without an hour is in no table.
const MOST_STEPS: usize = 24;

/// Where a customer lives, as far as their hours go.
#[derive(Clone, Debug)]
pub struct Home {
    state: Option<&'static str>,
    zones: Vec<(String, TimeZone)>,
}

impl Home {
    /// By the property's address, else by the number, else where the business is (`zone`, by its IANA name).
    pub fn of(contact: &ContactPoint, address: Option<&str>, zone: &str) -> Self {
        let place = Place::of(contact, address);
        let known = |name: &&'static str| Some(((*name).to_owned(), TimeZone::get(name).ok()?));
        let zones: Vec<_> = place.iter().flat_map(|place| place.zones).filter_map(known).collect();
        if zones.is_empty() {
            let business = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
            return Self { state: None, zones: vec![(zone.to_owned(), business)] };
        }
        Self { state: place.map(|place| place.state), zones }
    }

    /// When the customer's night ends, if it is night there, and in which zone: the next instant at which it is day in
    /// each of their zones.
    pub fn night_ends(&self, at: Timestamp) -> Option<(Timestamp, String)> {
        let mut ends: Option<(Timestamp, String)> = None;
        for _ in 0..MOST_STEPS {
            let from = ends.as_ref().map_or(at, |(end, _)| *end);
            let next =
                self.zones.iter().find_map(|(name, zone)| Some((self.opens(from, zone)?, name.clone())));
            match next {
                Some(later) => ends = Some(later),
                None => break,
            }
        }
        ends
    }

    /// The next time that the day begins in a zone; nothing where it is day.
    fn opens(&self, at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let local = zone.to_datetime(at.to_jiff());
        let (opens, closes) = hours(self.state, local.weekday());
        if opens <= local.time() && local.time() < closes {
            return None;
        }
        let date = if local.time() < opens { local.date() } else { local.date().tomorrow().ok()? };
        let (opens, _) = hours(self.state, date.weekday());
        let begins = zone.to_timestamp(date.to_datetime(opens)).ok()?;
        let begins = Timestamp::from_millis(begins.as_millisecond());
        // Never backwards, whatever a zone does.
        Some(begins.max(at + Duration::from_millis(1)))
    }
}

/// The hours of a day in a state, the end exclusive.
///
/// Narrower than the federal ones, as of 2025: Ala. Code 8-19A-14, Conn. Gen. Stat. 42-288a (PA 23-98), Fla. Stat.
/// 501.616(6), Ky. Rev. Stat. 367.46955, La. Rev. Stat. 45:844.12, Md. Com. Law 14-4502, Mass. 201 CMR 12.04, Miss. Code
/// 77-3-723, Nev. Admin. Code 597, Okla. Stat. 15-775C.4, R.I. Gen. Laws 5-61-3.6, S.D. Codified Laws 37-30A-3, Tex. Bus. &
/// Com. Code 301.051, Wash. RCW 80.36.390, Wyo. Stat. 40-12-302. Days on which solicitation is forbidden altogether are
/// not here: a word about a visit is none.
fn hours(state: Option<&str>, day: Weekday) -> (Time, Time) {
    let (opens, closes) = match (state, day) {
        (Some("TX"), Weekday::Sunday) => (12, 21),
        (Some("TX" | "SD"), _) => (9, 21),
        (Some("KY"), _) => (10, 21),
        (Some("CT" | "NV"), _) => (9, 20),
        (Some("RI"), Weekday::Saturday | Weekday::Sunday) => (10, 17),
        (Some("RI"), _) => (9, 18),
        (Some("AL" | "FL" | "LA" | "MD" | "MA" | "MS" | "OK" | "WA" | "WY"), _) => (8, 20),
        _ => (8, 21),
    };
    (time(opens, 0, 0, 0), time(closes, 0, 0, 0))
}

#[cfg(test)]
mod tests;
