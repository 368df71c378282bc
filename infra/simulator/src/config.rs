//! How a simulator is set up.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::faults::FaultSettings;

/// Everything a simulator is started with. `Debug` hides the token.
#[derive(Clone)]
pub struct SimulatorConfig {
    /// Where it listens; port 0 takes a free one.
    pub bind: SocketAddr,
    /// The one account there is.
    pub account_sid: String,
    /// Its token: the password of the API and the key of webhook signatures.
    pub auth_token: String,
    /// The numbers of the account.
    pub lines: Vec<Line>,
    /// What all chance follows from.
    pub seed: u64,
    /// Where messages are kept across restarts; none keeps nothing.
    pub state_file: Option<PathBuf>,
    /// How long things take.
    pub pace: Pace,
    /// Who answers.
    pub personas: Personas,
    /// What goes wrong from the start.
    pub faults: FaultSettings,
    /// Where the page's "Open the inbox" leads; none hides it.
    pub inbox_url: Option<String>,
}

impl SimulatorConfig {
    /// An account without lines on a free loopback port, with phones that only speak when told to.
    pub fn new(account_sid: impl Into<String>, auth_token: impl Into<String>) -> Self {
        Self {
            bind: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            account_sid: account_sid.into(),
            auth_token: auth_token.into(),
            lines: Vec::new(),
            seed: 1,
            state_file: None,
            pace: Pace::default(),
            personas: Personas::default(),
            faults: FaultSettings::default(),
            inbox_url: None,
        }
    }
}

impl fmt::Debug for SimulatorConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("SimulatorConfig");
        shown.field("bind", &self.bind).field("account_sid", &self.account_sid).field("seed", &self.seed);
        shown.finish_non_exhaustive()
    }
}

/// A number of the account and where its texts are posted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// E.164.
    pub number: String,
    /// The webhook, with Twilio's connection overrides as its fragment: `…/messages#rc=5&rp=all`.
    pub webhook_url: String,
    /// What phones show instead of the number.
    #[serde(default)]
    pub name: Option<String>,
}

/// How long things take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// From acceptance to *sent*.
    pub sent: Duration,
    /// From *sent* to *delivered*.
    pub delivered: Duration,
    /// Before the first retry of a webhook; each further wait doubles.
    pub retry: Duration,
    /// The least and the most a person takes to answer.
    pub reply: (Duration, Duration),
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            sent: Duration::from_millis(150),
            delivered: Duration::from_millis(250),
            retry: Duration::from_millis(200),
            reply: (Duration::from_secs(3), Duration::from_secs(9)),
        }
    }
}

impl Pace {
    /// For tests: as fast as order allows.
    pub const fn brisk() -> Self {
        let short = Duration::from_millis(5);
        Self { sent: short, delivered: short, retry: short, reply: (short, short) }
    }
}

/// Whether phones answer by themselves, and what some owners are called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Personas {
    /// Whether they answer.
    pub answering: bool,
    /// Phones that are there from the start.
    pub people: Vec<Persona>,
    /// Numbers that no text comes from: they are no phones of the street.
    pub landlines: Vec<String>,
}

/// A phone with a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Persona {
    /// The phone, E.164.
    pub number: String,
    /// Its owner.
    pub name: String,
}
