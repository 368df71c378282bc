//! The words by which a phone stops and starts texts from a line.

/// A word that the provider heeds by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keyword {
    /// No more texts.
    Stop,
    /// Texts again.
    Start,
    /// What is this?
    Help,
}

const STOP: [&str; 8] = ["STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"];
const START: [&str; 3] = ["START", "YES", "UNSTOP"];
const HELP: [&str; 2] = ["HELP", "INFO"];

impl Keyword {
    /// The keyword that a text is: YES and UNSTOP only mean something to whoever stopped, HELP only to others.
    pub(crate) fn of(body: &str, was_stopped: bool) -> Option<Self> {
        let said = body.trim().to_ascii_uppercase();
        match said.as_str() {
            word if STOP.contains(&word) => Some(Self::Stop),
            word if START.contains(&word) && (was_stopped || word == "START") => Some(Self::Start),
            word if HELP.contains(&word) && !was_stopped => Some(Self::Help),
            _ => None,
        }
    }
}
