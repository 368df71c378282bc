//! When drawn threads played: spread over months as an office lives them, many lately and few long ago, by day.

use std::time::Duration;

use jiff::Zoned;
use jiff::tz::TimeZone;
use porchlight_domain::time::Timestamp;
use porchlight_edge::Entropy;

/// Nothing drawn is newer.
const LEAST: Duration = Duration::from_mins(20);
const DAY: Duration = Duration::from_hours(24);
/// Nobody texts before, in milliseconds of the day; and then for as long as this.
const MORNING: i64 = 7 * 3_600_000;
const SHARE_OF_THE_DAY: f64 = 0.5;

/// The time over which threads are spread.
#[derive(Clone, Debug)]
pub struct Spread {
    /// How far back the oldest goes.
    pub since: Duration,
    /// Where the day is that of the business.
    pub zone: TimeZone,
}

impl Spread {
    /// When each of `messages` messages was written, the oldest first; the last one before `now`.
    pub fn times(&self, now: Timestamp, messages: u64, entropy: &Entropy) -> Vec<Timestamp> {
        let share = draw(entropy);
        let age = LEAST + self.since.saturating_sub(LEAST).mul_f64(share * share);
        let room = self.since.saturating_sub(age);
        let gaps: Vec<Duration> = (1..messages).map(|_| gap(entropy)).collect();
        let whole: Duration = gaps.iter().sum();
        let shorter = if whole > room { room.as_secs_f64() / whole.as_secs_f64() } else { 1.0 };
        let is_to_come = self.by_day(now - age) > now - LEAST;
        let ended = if is_to_come { now - age - DAY } else { now - age };
        let mut at = ended - whole.mul_f64(shorter);
        let mut times = vec![self.by_day(at)];
        for gap in gaps {
            at = at + gap.mul_f64(shorter);
            times.push(self.by_day(at));
        }
        times
    }

    /// The same moment of a shorter day: what came first stays first.
    fn by_day(&self, at: Timestamp) -> Timestamp {
        let local = Zoned::new(at.to_jiff(), self.zone.clone());
        let Ok(midnight) = local.start_of_day() else { return at };
        let midnight = midnight.timestamp().as_millisecond();
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a part of a day")]
        let into = ((at.millis() - midnight) as f64 * SHARE_OF_THE_DAY) as i64;
        Timestamp::from_millis(midnight + MORNING + into)
    }
}

/// Most answers come within the hour, some on another day.
fn gap(entropy: &Entropy) -> Duration {
    let (kind, share) = (draw(entropy), draw(entropy));
    if kind < 0.85 {
        Duration::from_mins(1) + Duration::from_mins(55).mul_f64(share * share)
    } else {
        Duration::from_hours(4) + (DAY * 6).mul_f64(share)
    }
}

/// At least 0 and below 1.
fn draw(entropy: &Entropy) -> f64 {
    f64::from(u32::from_be_bytes(entropy.bytes())) / 4_294_967_296.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(days: u64) -> Spread {
        Spread {
            since: DAY * u32::try_from(days).expect("few"),
            zone: TimeZone::get("America/New_York").expect("a zone"),
        }
    }

    #[test]
    fn threads_play_by_day_in_order_and_all_over_the_time() {
        let now: Timestamp = "2026-11-21T08:00:00.000Z".parse().expect("an instant");
        let (spread, entropy) = (spread(730), Entropy::seeded(7));
        let threads: Vec<Vec<Timestamp>> =
            (0..2_000).map(|n| spread.times(now, 1 + n % 5, &entropy)).collect();
        for times in &threads {
            assert!(times.is_sorted() && times.last().expect("one at least") <= &(now - LEAST));
            for at in times {
                let hour = Zoned::new(at.to_jiff(), spread.zone.clone()).hour();
                // An hour more or less on the days when clocks change.
                assert!((6..=20).contains(&hour), "{at}");
            }
        }
        let ended =
            |within: Duration| threads.iter().filter(|it| *it.last().expect("one") > now - within).count();
        let (week, year) = (ended(DAY * 7), ended(DAY * 365));
        assert!((100..400).contains(&week) && (1_200..1_700).contains(&year), "{week}, {year}");
    }

    #[test]
    fn a_long_thread_is_no_older_than_the_business() {
        let now: Timestamp = "2026-11-21T20:00:00.000Z".parse().expect("an instant");
        let times = spread(730).times(now, 50_000, &Entropy::seeded(9));
        assert!(times.len() == 50_000 && times[0] > now - DAY * 732 && times.is_sorted());
    }
}
