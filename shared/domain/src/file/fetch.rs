//! A file that the provider has and we do not yet.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// Whoever took the message fetches its files at once; what a crash left of that is due after this.
const FIRST: Duration = Duration::from_secs(30);
/// From one try to the next; after the last one it is given up. A provider keeps files for long.
const WAITS: [Duration; 7] = [
    Duration::from_mins(1),
    Duration::from_mins(5),
    Duration::from_mins(15),
    Duration::from_hours(1),
    Duration::from_hours(4),
    Duration::from_hours(8),
    Duration::from_hours(12),
];
/// A file may be told of before it can be had: for so many tries "gone" is not believed.
const GONE_IS_BELIEVED_AFTER: u32 = 3;

/// How far the fetching of a file is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetch {
    /// Tries that failed.
    #[serde(default)]
    pub tries: u32,
    /// When it is tried next; none when it was given up.
    #[serde(default)]
    pub due: Option<Timestamp>,
    /// Why the last try failed.
    #[serde(default)]
    pub why: Option<NotFetched>,
}

/// Why a file could not be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotFetched {
    /// The provider has it no longer.
    Gone,
    /// Its address is none that is fetched from.
    Refused,
    /// More than 25 MB.
    TooLarge,
    /// The provider does not give it just now.
    Unavailable,
}

/// Where a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileState {
    /// It can be had.
    Ready,
    /// It is on its way.
    Fetching,
    /// It was given up.
    Failed,
}

impl Fetch {
    /// It begins now.
    pub fn begin(now: Timestamp) -> Self {
        Self { tries: 0, due: Some(now + FIRST), why: None }
    }

    /// A try failed.
    #[must_use]
    pub fn failed(&self, why: NotFetched, now: Timestamp) -> Self {
        let tries = self.tries + 1;
        let is_final = match why {
            NotFetched::Refused | NotFetched::TooLarge => true,
            NotFetched::Gone => tries >= GONE_IS_BELIEVED_AFTER,
            NotFetched::Unavailable => false,
        };
        let wait = WAITS.get(self.tries as usize).filter(|_| !is_final);
        Self { tries, due: wait.map(|wait| now + *wait), why: Some(why) }
    }
}

impl NotFetched {
    /// One plain sentence.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Gone => "The phone company no longer has this file. Ask for it again.",
            Self::Refused => "This file lies where we do not fetch from.",
            Self::TooLarge => "This file is larger than 25 MB.",
            Self::Unavailable => "The phone company does not give this file just now.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::at;

    #[test]
    fn what_cannot_be_had_is_tried_for_a_day_and_what_never_can_once() {
        let (mut fetch, mut now) = (Fetch::begin(at(0)), at(0));
        while let Some(due) = fetch.due {
            assert!(due > now);
            now = due;
            fetch = fetch.failed(NotFetched::Unavailable, now);
        }
        assert!(now > at(0) + Duration::from_hours(24), "{now}");
        assert_eq!(fetch.tries, 8);
        let begun = Fetch::begin(at(0));
        assert_eq!(begun.failed(NotFetched::TooLarge, at(1)).due, None);
        let gone = begun.failed(NotFetched::Gone, at(1)).failed(NotFetched::Gone, at(2));
        assert!(gone.due.is_some(), "it may only be told of too early");
        assert_eq!(gone.failed(NotFetched::Gone, at(3)).due, None);
    }
}
