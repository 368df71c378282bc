//! Consent to be texted, per contact point and line group (P6).
//!
//! Closing is generous (a whole message in any usual wording closes), opening is strict. Fresh words act in the
//! order in which they arrive, whatever the clocks that stamped them say; a word that is replayed is ordered by
//! when it was received, and where clocks leave that in doubt, consent is closed. Which words are meant is in
//! `words`; `asks`: sentences that seem to ask for it, which a person decides; `ledger`: what is kept of each word;
//! `revocation`: how far one goes.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

mod asks;
mod ledger;
mod revocation;
mod words;

pub use self::asks::asks_to_stop;
pub use self::ledger::{ConsentAct, ConsentLineId, Particulars};
pub use self::revocation::{ONE_COVERS_ALL_FROM, Revocation};
pub use self::words::{classify, is_also_an_answer, word_of};

/// What a text is for. Who may be texted for one may be texted for those before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// An answer to what they wrote.
    Reply,
    /// About work that they have ordered, or asked about.
    #[default]
    Service,
    /// To sell something.
    Marketing,
}

impl Purpose {
    /// What remains when this one is taken away.
    pub const fn below(self) -> Option<Self> {
        match self {
            Self::Reply => None,
            Self::Service => Some(Self::Reply),
            Self::Marketing => Some(Self::Service),
        }
    }
}

/// Whether texts may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConsentState {
    /// They may.
    Open,
    /// They opted out.
    Closed,
}

/// A customer's word about being texted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConsentWord {
    /// No more texts.
    Stop,
    /// No more texts as far as the provider is concerned, and perhaps something else was meant: CANCEL, END.
    Unclear,
    /// A sentence that seems to ask for no more texts: "please stop texting me". Nothing leaves until a person has
    /// decided what it meant.
    Asked,
    /// Texts again.
    Start,
    /// Who are you? The provider answers it.
    Help,
}

/// What opened or closed consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentSource {
    /// The customer's own word.
    Word(ConsentWord),
    /// The provider refused a text: they opted out there (21610).
    ProviderRefused,
    /// The office, on the customer's wish.
    Office,
}

/// The consent of one contact point towards one line group. None on record is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Open or closed.
    pub state: ConsentState,
    /// When the word was received; for a provider's refusal, when its POST began.
    pub at: Timestamp,
    /// Why.
    pub how: ConsentSource,
    /// How far it goes while it is open.
    #[serde(default)]
    pub scope: Purpose,
    /// The ledger's line that opened it, where one did: what permits a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub granted: Option<ConsentLineId>,
}

impl Consent {
    const fn new(state: ConsentState, at: Timestamp, how: ConsentSource) -> Self {
        Self { state, at, how, scope: Purpose::Service, granted: None }
    }

    /// What a received word does; HELP does nothing, nor does what a person must decide.
    pub const fn of_word(word: ConsentWord, received_at: Timestamp) -> Option<Self> {
        let state = match word {
            ConsentWord::Stop | ConsentWord::Unclear => ConsentState::Closed,
            ConsentWord::Start => ConsentState::Open,
            ConsentWord::Help | ConsentWord::Asked => return None,
        };
        Some(Self::new(state, received_at, ConsentSource::Word(word)))
    }

    /// The provider refused because they opted out.
    pub const fn provider_refused(posted_at: Timestamp) -> Self {
        Self::new(ConsentState::Closed, posted_at, ConsentSource::ProviderRefused)
    }

    /// "Not this person": what another said does not hold for whoever has the number now.
    pub const fn not_this_person(at: Timestamp) -> Self {
        Self::new(ConsentState::Closed, at, ConsentSource::Office)
    }

    /// The office keeps what a customer said: they may be texted for this, and for what is less. `line` is the
    /// ledger's.
    pub fn given(on_record: Option<&Self>, scope: Purpose, line: ConsentLineId, at: Timestamp) -> Self {
        // Whoever wrote to us is told of their work already: what is given takes nothing away.
        let was =
            on_record.map_or(Some(Purpose::Service), |consent| consent.is_open().then_some(consent.scope));
        let scope = was.map_or(scope, |was| was.max(scope));
        Self { scope, granted: Some(line), ..Self::new(ConsentState::Open, at, ConsentSource::Office) }
    }

    /// Whether texts may be sent at all, given what is on record.
    pub fn allows(on_record: Option<&Self>) -> bool {
        on_record.is_none_or(Self::is_open)
    }

    /// Whether a text for this may be sent, given what is on record. Nothing on record is whoever wrote to us: they
    /// are answered and told of their work, and nothing is sold to them.
    pub fn permits(on_record: Option<&Self>, purpose: Purpose) -> bool {
        let scope = on_record.map_or(Purpose::Service, |consent| consent.scope);
        Self::allows(on_record) && purpose <= scope
    }

    /// Whether it is open.
    pub fn is_open(&self) -> bool {
        self.state == ConsentState::Open
    }

    /// Whether only the customer themselves can open it again: they said STOP, or the provider says that they did.
    pub fn only_they_can_open(&self) -> bool {
        let theirs = matches!(self.how, ConsentSource::Word(_) | ConsentSource::ProviderRefused);
        !self.is_open() && theirs
    }

    /// What is to be written when `change` meets what is on record; nothing when it does not stand.
    pub fn after(on_record: Option<Self>, change: Self, arrival: Arrival) -> Option<Self> {
        let Some(before) = on_record else { return Some(change) };
        if before.only_they_can_open() && change.how == ConsentSource::Office {
            // Whatever the office keeps beside it: what they said themselves stands until they say otherwise.
            return None;
        }
        let stands = match (change.state, arrival) {
            (ConsentState::Closed, Arrival::Fresh | Arrival::Overtaken)
            | (ConsentState::Open, Arrival::Fresh) => true,
            (ConsentState::Closed, Arrival::Replayed) => change.at + DOUBT >= before.at,
            (ConsentState::Open, Arrival::Overtaken | Arrival::Replayed) => change.may_open(&before),
        };
        // Later than what it replaces, also where a slower clock stamped it.
        stands.then(|| Self { at: change.at.max(before.at + TICK), ..change })
    }

    /// Whether a word whose order is told by clocks alone surely came after what is on record.
    fn may_open(&self, before: &Self) -> bool {
        match before.state {
            ConsentState::Open => self.at > before.at,
            ConsentState::Closed => self.at > before.at + DOUBT,
        }
    }
}

/// How a word comes to be applied: what is known of its order among the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arrival {
    /// It has just arrived, and what is on record was there before it.
    Fresh,
    /// It has just arrived, and another word was recorded while it was being taken in.
    Overtaken,
    /// It arrived some time ago: the sweep or a person takes it up. Only clocks tell its order.
    Replayed,
}

/// How far the stamps of two clocks may contradict the order in which they were made.
pub const DOUBT: Duration = Duration::from_mins(10);

const TICK: Duration = Duration::from_millis(1);

impl ConsentWord {
    /// The provider's own reading (`OptOutType`), where it sends one.
    pub fn from_provider(opt_out_type: &str) -> Option<Self> {
        match opt_out_type.to_ascii_uppercase().as_str() {
            "STOP" => Some(Self::Stop),
            "START" => Some(Self::Start),
            "HELP" => Some(Self::Help),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::samples::at;
    use ConsentState::Closed;
    use ConsentWord::{Start, Stop};

    #[test]
    fn a_fresh_word_acts_whatever_its_clock_says_p6() {
        let (slow, fast) = (said(Stop, 0), said(Start, 3));
        let opened = Consent::after(Some(slow), fast, Arrival::Fresh).expect("a fresh START opens");
        let closed =
            Consent::after(Some(opened), said(Stop, 1), Arrival::Fresh).expect("a fresh STOP closes");
        assert!(!Consent::allows(Some(&closed)));
        assert!(closed.at > opened.at, "whatever is replayed later meets it as the later one");
        assert!(Consent::allows(None));
        assert_eq!(Consent::of_word(ConsentWord::Help, at(1)), None);
    }

    #[test]
    fn a_replayed_word_is_ordered_by_receipt_and_in_doubt_closes_p6() {
        let after = |on_record, change| Consent::after(Some(on_record), change, Arrival::Replayed);
        let doubt = DOUBT.as_secs();
        assert_eq!(after(said(Stop, 10), said(Start, 9)), None, "older");
        assert_eq!(after(said(Stop, 10), said(Start, 10 + doubt)), None, "nobody knows");
        assert!(after(said(Stop, 10), said(Start, 11 + doubt)).is_some_and(|c| Consent::allows(Some(&c))));
        assert!(after(said(Start, doubt), said(Stop, 0)).is_some_and(|c| !Consent::allows(Some(&c))));
        assert_eq!(after(said(Start, doubt + 1), said(Stop, 0)), None, "surely older");
    }

    #[test]
    fn a_start_that_a_stop_overtook_opens_nothing_p6() {
        let overtaken = |change| Consent::after(Some(said(Stop, 10)), change, Arrival::Overtaken);
        assert_eq!(overtaken(said(Start, 12)), None);
        assert!(overtaken(said(Stop, 0)).is_some());
    }

    /// What may happen to consent: a word, or something that the office keeps.
    #[derive(Clone, Copy, Debug)]
    enum Happens {
        Word(ConsentWord),
        Given(Purpose),
        TakenBack(Purpose),
    }

    fn purposes() -> impl Strategy<Value = Purpose> {
        prop_oneof![Just(Purpose::Reply), Just(Purpose::Service), Just(Purpose::Marketing)]
    }

    fn happens() -> impl Strategy<Value = Happens> {
        prop_oneof![
            prop_oneof![Just(Stop), Just(ConsentWord::Unclear), Just(Start)].prop_map(Happens::Word),
            purposes().prop_map(Happens::Given),
            purposes().prop_map(Happens::TakenBack),
        ]
    }

    /// What is on record after it, as the office's desk and the webhooks decide it.
    fn after_it(
        on_record: Option<Consent>,
        what: Happens,
        second: u64,
        covers_all_from: Timestamp,
    ) -> Option<Consent> {
        let line = ulid::Ulid::from(u128::from(second)).into();
        let change = match what {
            Happens::Word(word) => said(word, second),
            Happens::Given(_) if on_record.is_some_and(|it| it.only_they_can_open()) => return on_record,
            Happens::Given(scope) => Consent::given(on_record.as_ref(), scope, line, at(second)),
            Happens::TakenBack(scope) => {
                Revocation { scope, covers_all_from, at: at(second) }.of(on_record.as_ref())
            }
        };
        Consent::after(on_record, change, Arrival::Fresh).or(on_record)
    }

    proptest! {
        #[test]
        fn consent_is_what_was_last_said_of_each_purpose_p6(
            all in proptest::collection::vec(happens(), 1..16), from in 0..20_u64
        ) {
            let (mut on_record, mut stopped) = (None, false);
            // What a plain reading of the words permits, purpose by purpose.
            let mut may = [true, true, false];
            for (second, what) in (1..).zip(&all) {
                on_record = after_it(on_record, *what, second, at(from));
                match *what {
                    Happens::Word(Start) => (may, stopped) = ([true, true, false], false),
                    Happens::Word(_) => (may, stopped) = ([false; 3], true),
                    Happens::Given(scope) if !stopped => may[..=(scope as usize)].fill(true),
                    Happens::Given(_) => {}
                    Happens::TakenBack(scope) => {
                        let first = if second >= from { 0 } else { scope as usize };
                        may[first..].fill(false);
                    }
                }
                for purpose in [Purpose::Reply, Purpose::Service, Purpose::Marketing] {
                    let permitted = Consent::permits(on_record.as_ref(), purpose);
                    prop_assert_eq!(permitted, may[purpose as usize], "{:?} after {:?}", purpose, what);
                }
                prop_assert!(!(stopped && Consent::allows(on_record.as_ref())), "nobody opens a STOP but they");
            }
        }
    }

    fn said(word: ConsentWord, second: u64) -> Consent {
        Consent::of_word(word, at(second)).expect("opens or closes")
    }

    /// A word on its way in: when it arrives, how wrong the clock that stamps it is, and whether its first
    /// attempt fails, so that it is applied only so many words later.
    #[derive(Clone, Copy, Debug)]
    struct Coming {
        stop: bool,
        skew: u64,
        late_by: usize,
        again: bool,
    }

    fn coming() -> impl Strategy<Value = Coming> {
        let skew = 0..DOUBT.as_secs() - 1;
        (any::<bool>(), skew, prop_oneof![3 => Just(0), 1 => 1..5_usize], any::<bool>())
            .prop_map(|(stop, skew, late_by, again)| Coming { stop, skew, late_by, again })
    }

    /// The words as they are applied, each with the place of its arrival.
    fn applied(words: &[Coming]) -> Vec<(usize, Consent, Arrival)> {
        let mut steps = Vec::new();
        for (place, word) in words.iter().enumerate() {
            let change = said(if word.stop { Stop } else { Start }, place as u64 + word.skew);
            let arrival = if word.late_by == 0 { Arrival::Fresh } else { Arrival::Replayed };
            steps.push((place + word.late_by, (place, change, arrival)));
            // A repeat of what was applied already: a receipt that was lost from sight.
            steps
                .extend(word.again.then_some((place + word.late_by + 2, (place, change, Arrival::Replayed))));
        }
        steps.sort_by_key(|(when, _)| *when);
        steps.into_iter().map(|(_, step)| step).collect()
    }

    proptest! {
        #[test]
        fn consent_is_never_open_after_a_stop_that_was_the_last_to_arrive_p6(
            words in proptest::collection::vec(coming(), 1..12)
        ) {
            let mut on_record = None;
            let mut last: Option<(usize, bool)> = None;
            for (place, change, arrival) in applied(&words) {
                on_record = Consent::after(on_record, change, arrival).or(on_record);
                last = last.max(Some((place, change.state == Closed)));
                let stopped = last.is_some_and(|(_, stop)| stop);
                prop_assert!(!(stopped && Consent::allows(on_record.as_ref())), "{on_record:?}");
            }
        }

        #[test]
        fn fresh_words_leave_what_the_last_of_them_said_p6(words in proptest::collection::vec((any::<bool>(), 0..600_u64), 1..12)) {
            let fold = words.iter().fold(None, |on_record, (stop, stamp)| {
                let change = said(if *stop { Stop } else { Start }, *stamp);
                Consent::after(on_record, change, Arrival::Fresh).or(on_record)
            });
            let stopped = words.last().is_some_and(|(stop, _)| *stop);
            prop_assert_eq!(Consent::allows(fold.as_ref()), !stopped);
        }
    }
}
