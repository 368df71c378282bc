//! Who has a conversation before them: told to others while it is fresh, and kept nowhere.

use std::time::Duration;

use crate::time::Timestamp;

/// One person is told of so often at most, wherever they look.
pub const EVERY: Duration = Duration::from_secs(5);

/// So long it holds, by its own time.
pub const LASTS: Duration = Duration::from_secs(10);

/// The clocks of whoever wrote it down and of whoever reads it may differ by so much.
pub const CLOCKS_DIFFER: Duration = Duration::from_secs(5);

/// How long a presence of this time still holds for who reads it now; none when it is over. A clock that is behind the
/// writer's makes it no longer, one that is ahead makes it no shorter than it is meant.
pub fn holds(at: Timestamp, now: Timestamp) -> Option<Duration> {
    let age = now.since(at);
    let left = (LASTS + CLOCKS_DIFFER).checked_sub(age)?;
    Some(left.min(LASTS)).filter(|left| !left.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::at;

    #[test]
    fn a_presence_holds_ten_seconds_though_clocks_differ_by_five() {
        let seconds = |age: u64| holds(at(100), at(100 + age)).map(|left| left.as_secs());
        assert_eq!([0, 5, 8, 14, 15, 90].map(seconds), [Some(10), Some(10), Some(7), Some(1), None, None]);
        assert_eq!(holds(at(105), at(100)), Some(LASTS), "from a clock that is ahead");
    }
}
