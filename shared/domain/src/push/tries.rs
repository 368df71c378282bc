//! When a post is tried again.

use std::time::Duration;

use crate::time::Timestamp;

/// How long a push is worth anything, counted from its message: the push service keeps it no longer, and nothing is
/// tried any more.
pub const LASTS: Duration = Duration::from_hours(24);

/// A post that was begun and of which nobody heard for so long was broken off: somebody else takes it up. A post takes
/// 10 s at most.
pub const LEASE: Duration = Duration::from_secs(45);

const FIRST: Duration = Duration::from_secs(30);
const LONGEST: Duration = Duration::from_hours(1);

/// When a push that was not taken is tried again, after so many tries: when the service asks for it, else at growing
/// intervals. None when that would be too late. `jitter` is between 0 and 1.
pub fn next_try(
    tries: u32,
    asked: Option<Duration>,
    begun: Timestamp,
    now: Timestamp,
    jitter: f64,
) -> Option<Timestamp> {
    let doubled = FIRST.saturating_mul(1 << tries.saturating_sub(1).min(16)).min(LONGEST);
    let wait = asked.unwrap_or_else(|| doubled.mul_f64(1.0 + jitter / 4.0));
    let at = now + wait;
    (at < begun + LASTS).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::at;

    #[test]
    fn tries_grow_apart_and_end_with_the_worth_of_the_push() {
        let wait = |tries| next_try(tries, None, at(0), at(0), 0.0).map(|next| next.since(at(0)).as_secs());
        assert_eq!([wait(1), wait(2), wait(3), wait(30)], [Some(30), Some(60), Some(120), Some(3600)]);
        assert_eq!(next_try(1, None, at(0), at(24 * 3600 - 10), 0.0), None);
    }

    #[test]
    fn what_the_service_asks_for_is_kept() {
        let hour = Duration::from_hours(1);
        assert_eq!(next_try(1, Some(hour), at(0), at(10), 1.0), Some(at(3610)));
        assert_eq!(next_try(1, Some(Duration::from_hours(25)), at(0), at(10), 1.0), None);
    }
}
