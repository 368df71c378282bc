//! What goes wrong: on demand for the next messages, or at a rate drawn from the seed.

use serde::{Deserialize, Serialize};

use crate::draw::{between, draw, happens};

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

/// Where faults are decided.
#[derive(Debug)]
pub(crate) struct Faults {
    seed: u64,
    pub(crate) settings: FaultSettings,
    pub(crate) planned: Vec<Planned>,
    /// How many creates, texts and webhook attempts were decided upon.
    creates: u64,
    texts: u64,
    attempts: u64,
}

impl Faults {
    pub(crate) fn new(seed: u64, settings: FaultSettings) -> Self {
        Self { seed, settings, planned: Vec::new(), creates: 0, texts: 0, attempts: 0 }
    }

    /// What goes wrong with a create: at most one fault of its answer, and any of its later life.
    pub(crate) fn for_create(&mut self, phone: &str, body: &str) -> (Option<FaultKind>, Vec<Fault>) {
        self.creates += 1;
        let count = self.creates;
        let answer =
            FaultKind::CREATE.into_iter().find_map(|kind| self.decide(kind, "out", count, phone, body));
        if answer.is_some_and(|fault| !fault.kind.accepts()) {
            return (answer.map(|fault| fault.kind), Vec::new());
        }
        let decide = |kind| self.decide(kind, "out", count, phone, body);
        (answer.map(|fault| fault.kind), FaultKind::OUTBOUND.into_iter().filter_map(decide).collect())
    }

    /// What goes wrong with a text from a phone. A closed door by rate is drawn at each attempt instead.
    pub(crate) fn for_text(&mut self, phone: &str, body: &str) -> Vec<Fault> {
        self.texts += 1;
        let count = self.texts;
        let kinds = FaultKind::INBOUND.into_iter();
        kinds
            .filter_map(|kind| match kind {
                FaultKind::EdgeDown => self.take_planned(kind, phone, body),
                _ => self.decide(kind, "in", count, phone, body),
            })
            .collect()
    }

    /// Whether this attempt of a webhook meets a closed door by rate.
    pub(crate) fn closes_door(&mut self) -> bool {
        self.attempts += 1;
        happens(draw(self.seed, "attempt edge_down", self.attempts), self.settings.edge_down)
    }

    fn decide(&mut self, kind: FaultKind, way: &str, count: u64, phone: &str, body: &str) -> Option<Fault> {
        let by_rate = || {
            let drawn = draw(self.seed, &format!("{way} {}", kind.as_str()), count);
            let fault = Fault { kind, delay_ms: None, code: None };
            happens(drawn, self.settings.rate(kind)).then_some(fault)
        };
        let by_rate = by_rate();
        self.take_planned(kind, phone, body).or(by_rate).map(|fault| self.complete(fault, count))
    }

    fn take_planned(&mut self, kind: FaultKind, phone: &str, body: &str) -> Option<Fault> {
        let at = self.planned.iter().position(|planned| planned.fits(kind, phone, body))?;
        self.planned[at].count -= 1;
        let fault = self.planned[at].fault;
        self.planned.retain(|planned| planned.count > 0);
        Some(fault)
    }

    /// Fills in what was left open: how long, which code.
    pub(crate) fn complete(&self, fault: Fault, count: u64) -> Fault {
        let length = || {
            let most = self.settings.delay_up_to_ms;
            between(draw(self.seed, "delay length", count), most / 4, most)
        };
        match fault.kind {
            FaultKind::Delay => Fault { delay_ms: fault.delay_ms.or_else(|| Some(length())), ..fault },
            FaultKind::Fail => Fault { code: fault.code.or(Some(self.settings.fail_code)), ..fault },
            _ => fault,
        }
    }
}

/// Finds a fault by kind.
pub(crate) trait FaultList {
    fn of(&self, kind: FaultKind) -> Option<&Fault>;

    fn has(&self, kind: FaultKind) -> bool {
        self.of(kind).is_some()
    }
}

impl FaultList for [Fault] {
    fn of(&self, kind: FaultKind) -> Option<&Fault> {
        self.iter().find(|fault| fault.kind == kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn monday(seed: u64) -> Vec<(Option<FaultKind>, Vec<Fault>)> {
        let mut faults = Faults::new(seed, FaultSettings::bad_monday());
        (0..200).map(|_| faults.for_create("+1", "x")).collect()
    }

    #[test]
    fn the_same_seed_makes_the_same_monday() {
        assert_eq!(monday(3), monday(3));
        assert_ne!(monday(3), monday(4));
        let kinds = monday(3).into_iter().filter_map(|(answer, _)| answer).collect::<Vec<_>>();
        assert!(FaultKind::CREATE[..4].iter().all(|kind| kinds.contains(kind)));
        assert!(kinds.iter().all(|kind| FaultKind::CREATE[..4].contains(kind)), "the rest only on demand");
    }

    #[test]
    fn a_planned_fault_waits_for_the_message_that_fits() {
        let mut faults = Faults::new(1, FaultSettings::default());
        let mut planned = Planned::next(FaultKind::Fail);
        planned.number = Some("+2".into());
        planned.body = Some("later".into());
        faults.planned.push(planned);
        assert_eq!(faults.for_create("+1", "later"), (None, vec![]));
        assert_eq!(faults.for_create("+2", "now"), (None, vec![]));
        let failing = Fault { kind: FaultKind::Fail, delay_ms: None, code: Some(30007) };
        assert_eq!(faults.for_create("+2", "see you later"), (None, vec![failing]));
        assert_eq!(faults.for_create("+2", "see you later"), (None, vec![]));
    }

    #[test]
    fn a_fault_is_written_as_its_name_or_whole() {
        let bare: Fault = serde_json::from_str(r#""duplicate""#).unwrap();
        assert_eq!(bare.kind, FaultKind::Duplicate);
        let whole: Fault = serde_json::from_str(r#"{"kind":"fail","code":30005}"#).unwrap();
        assert_eq!(whole.code, Some(30005));
        assert_eq!(serde_json::from_str::<Fault>(&serde_json::to_string(&whole).unwrap()).unwrap(), whole);
        assert!(!FaultSettings { fail: 1.5, ..FaultSettings::default() }.is_valid());
    }
}
