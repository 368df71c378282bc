//! What goes wrong: on demand for the next messages, or at a rate drawn from the seed.

use serde::{Deserialize, Serialize};

mod decide;

pub(crate) use decide::{FaultList, Faults};

/// The ways to misbehave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// A webhook comes twice.
    Duplicate,
    /// *sent* is reported after *delivered*.
    Reorder,
    /// A text, or its progress, is held back.
    Delay,
    /// The create is answered 429 with code 20429.
    TooManyRequests,
    /// Accepted, but answered with a 500.
    ServerError,
    /// Answered with a 500 and not accepted.
    ServerErrorRefused,
    /// A proxy's 408; not accepted.
    ProxyTimeout,
    /// Accepted and never answered.
    TimeoutAfterAccepting,
    /// Accepted, and the connection dropped.
    DropAfterAccepting,
    /// The connection dropped; not accepted.
    DropBeforeAccepting,
    /// No status is ever reported.
    LostCallbacks,
    /// The first attempt of a webhook carries a wrong signature.
    WrongSignature,
    /// A webhook meets a closed door: by rate each attempt by itself, on demand all attempts.
    EdgeDown,
    /// The text is not delivered, with an error code.
    Fail,
}

impl FaultKind {
    /// At most one of these happens to a create, the first that is drawn.
    const CREATE: [Self; 7] = [
        Self::TooManyRequests,
        Self::ServerError,
        Self::TimeoutAfterAccepting,
        Self::DropAfterAccepting,
        Self::ServerErrorRefused,
        Self::ProxyTimeout,
        Self::DropBeforeAccepting,
    ];
    const OUTBOUND: [Self; 6] =
        [Self::Fail, Self::Delay, Self::Reorder, Self::LostCallbacks, Self::Duplicate, Self::WrongSignature];
    const INBOUND: [Self; 4] = [Self::Delay, Self::Duplicate, Self::WrongSignature, Self::EdgeDown];

    /// Its name in JSON and in the event log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::Reorder => "reorder",
            Self::Delay => "delay",
            Self::TooManyRequests => "too_many_requests",
            Self::ServerError => "server_error",
            Self::ServerErrorRefused => "server_error_refused",
            Self::ProxyTimeout => "proxy_timeout",
            Self::TimeoutAfterAccepting => "timeout_after_accepting",
            Self::DropAfterAccepting => "drop_after_accepting",
            Self::DropBeforeAccepting => "drop_before_accepting",
            Self::LostCallbacks => "lost_callbacks",
            Self::WrongSignature => "wrong_signature",
            Self::EdgeDown => "edge_down",
            Self::Fail => "fail",
        }
    }

    /// Whether the provider has the message although its answer says otherwise, or nothing.
    pub const fn accepts(self) -> bool {
        matches!(self, Self::ServerError | Self::TimeoutAfterAccepting | Self::DropAfterAccepting)
    }
}

/// One thing that goes wrong with one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "GivenFault")]
pub struct Fault {
    /// What.
    pub kind: FaultKind,
    /// `delay`: how long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
    /// `fail`: the error code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<u32>,
}

/// A fault may be written as its bare name.
#[derive(Deserialize)]
#[serde(untagged)]
enum GivenFault {
    Name(FaultKind),
    #[serde(rename_all = "snake_case")]
    Whole {
        kind: FaultKind,
        #[serde(default)]
        delay_ms: Option<u64>,
        #[serde(default)]
        code: Option<u32>,
    },
}

impl From<GivenFault> for Fault {
    fn from(given: GivenFault) -> Self {
        match given {
            GivenFault::Name(kind) => Self { kind, delay_ms: None, code: None },
            GivenFault::Whole { kind, delay_ms, code } => Self { kind, delay_ms, code },
        }
    }
}

/// The usual error of `fail`: filtered by the carrier.
const FAIL_CODE: u32 = 30007;
const DELAY_MS: u64 = 2_000;

/// How often each thing goes wrong by itself: rates between 0 and 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is the rate of the FaultKind of that name")]
pub struct FaultSettings {
    pub duplicate: f64,
    pub reorder: f64,
    pub delay: f64,
    /// The longest delay.
    pub delay_up_to_ms: u64,
    pub too_many_requests: f64,
    pub server_error: f64,
    pub timeout_after_accepting: f64,
    pub drop_after_accepting: f64,
    pub lost_callbacks: f64,
    pub wrong_signature: f64,
    pub edge_down: f64,
    pub fail: f64,
    /// The error code of a failed text.
    pub fail_code: u32,
}

impl Default for FaultSettings {
    fn default() -> Self {
        Self {
            duplicate: 0.0,
            reorder: 0.0,
            delay: 0.0,
            delay_up_to_ms: DELAY_MS,
            too_many_requests: 0.0,
            server_error: 0.0,
            timeout_after_accepting: 0.0,
            drop_after_accepting: 0.0,
            lost_callbacks: 0.0,
            wrong_signature: 0.0,
            edge_down: 0.0,
            fail: 0.0,
            fail_code: FAIL_CODE,
        }
    }
}

impl FaultSettings {
    /// Everything at 20 %. The kinds that leave a message unknown although nothing was accepted have no rate:
    /// only a person can settle those, so they happen on demand alone.
    pub fn bad_monday() -> Self {
        let rate = 0.2;
        Self {
            duplicate: rate,
            reorder: rate,
            delay: rate,
            too_many_requests: rate,
            server_error: rate,
            timeout_after_accepting: rate,
            drop_after_accepting: rate,
            lost_callbacks: rate,
            wrong_signature: rate,
            edge_down: rate,
            fail: rate,
            ..Self::default()
        }
    }

    /// The rate of a kind.
    pub fn rate(&self, kind: FaultKind) -> f64 {
        match kind {
            FaultKind::Duplicate => self.duplicate,
            FaultKind::Reorder => self.reorder,
            FaultKind::Delay => self.delay,
            FaultKind::TooManyRequests => self.too_many_requests,
            FaultKind::ServerError => self.server_error,
            FaultKind::TimeoutAfterAccepting => self.timeout_after_accepting,
            FaultKind::DropAfterAccepting => self.drop_after_accepting,
            FaultKind::LostCallbacks => self.lost_callbacks,
            FaultKind::WrongSignature => self.wrong_signature,
            FaultKind::EdgeDown => self.edge_down,
            FaultKind::Fail => self.fail,
            FaultKind::ServerErrorRefused | FaultKind::ProxyTimeout | FaultKind::DropBeforeAccepting => 0.0,
        }
    }

    /// Whether every rate is one.
    pub fn is_valid(&self) -> bool {
        let kinds = FaultKind::CREATE.iter().chain(&FaultKind::OUTBOUND).chain(&FaultKind::INBOUND);
        kinds.into_iter().all(|kind| (0.0..=1.0).contains(&self.rate(*kind)))
    }
}

/// A fault for the next messages that fit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Planned {
    /// What goes wrong.
    pub fault: Fault,
    /// With how many messages.
    #[serde(default = "once")]
    pub count: u32,
    /// Only with this phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Only where the body contains this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

const fn once() -> u32 {
    1
}

impl Planned {
    /// A fault for the next message that it can happen to.
    pub const fn next(kind: FaultKind) -> Self {
        Self { fault: Fault { kind, delay_ms: None, code: None }, count: 1, number: None, body: None }
    }

    fn fits(&self, kind: FaultKind, phone: &str, body: &str) -> bool {
        self.count > 0
            && self.fault.kind == kind
            && self.number.as_deref().is_none_or(|number| number == phone)
            && self.body.as_deref().is_none_or(|part| body.contains(part))
    }
}
