//! Which fault happens to whom.

use super::{Fault, FaultKind, FaultSettings, Planned};
use crate::draw::{between, draw, happens};

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
