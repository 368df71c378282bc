//! What a business says of the push ladder: whether there is one, and how long each step waits.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Fewest minutes that a step waits.
pub const SHORTEST_STEP: u16 = 1;
/// Most minutes that a step waits: what is later than a working day is of another day.
pub const LONGEST_STEP: u16 = 480;

/// The push ladder of a business: nobody of the crew opens a customer's message, so they are texted, and then the office is
/// told. Off until an admin says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Said")]
pub struct PushLadder {
    enabled: bool,
    text_after_minutes: u16,
    alert_after_minutes: u16,
}

/// As it is kept.
#[derive(Deserialize)]
struct Said {
    enabled: bool,
    text_after_minutes: u16,
    alert_after_minutes: u16,
}

/// A step that waits too short or too long a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a step waits {SHORTEST_STEP} to {LONGEST_STEP} minutes")]
pub struct NotAStep;

impl Default for PushLadder {
    fn default() -> Self {
        Self { enabled: false, text_after_minutes: 10, alert_after_minutes: 10 }
    }
}

impl TryFrom<Said> for PushLadder {
    type Error = NotAStep;

    fn try_from(said: Said) -> Result<Self, NotAStep> {
        Self::new(said.enabled, said.text_after_minutes, said.alert_after_minutes)
    }
}

impl PushLadder {
    /// The crew is texted so many minutes after the message, the office told so many after that.
    pub fn new(enabled: bool, text_after: u16, alert_after: u16) -> Result<Self, NotAStep> {
        let fits = |minutes: u16| (SHORTEST_STEP..=LONGEST_STEP).contains(&minutes);
        if fits(text_after) && fits(alert_after) {
            Ok(Self { enabled, text_after_minutes: text_after, alert_after_minutes: alert_after })
        } else {
            Err(NotAStep)
        }
    }

    /// Whether there is one.
    pub const fn is_on(&self) -> bool {
        self.enabled
    }

    /// Whether nobody has said anything else than what is usual.
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// Minutes from the message to the text.
    pub const fn text_after_minutes(&self) -> u16 {
        self.text_after_minutes
    }

    /// Minutes from the text to the office.
    pub const fn alert_after_minutes(&self) -> u16 {
        self.alert_after_minutes
    }

    /// From the message to the text.
    pub fn text_after(&self) -> Duration {
        Duration::from_mins(self.text_after_minutes.into())
    }

    /// From the text to the office.
    pub fn alert_after(&self) -> Duration {
        Duration::from_mins(self.alert_after_minutes.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_off_until_somebody_says_otherwise() {
        assert!(!PushLadder::default().is_on());
        assert!(PushLadder::default().is_usual());
    }

    #[test]
    fn a_step_waits_from_a_minute_to_a_working_day() {
        for (text, alert, fits) in
            [(1, 480, true), (480, 1, true), (0, 10, false), (10, 0, false), (481, 10, false)]
        {
            assert_eq!(PushLadder::new(true, text, alert).is_ok(), fits, "{text} {alert}");
        }
    }
}
