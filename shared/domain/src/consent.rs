//! Consent to be texted, per contact point and line group (P6).
//!
//! Closing is generous (a whole message in any usual wording closes), opening is strict. What comes later by
//! receipt time stands, in whatever order it is applied.

use serde::{Deserialize, Serialize};

use crate::terms;
use crate::time::Timestamp;

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
}

impl Consent {
    /// What a received word does; HELP does nothing.
    pub const fn of_word(word: ConsentWord, received_at: Timestamp) -> Option<Self> {
        let state = match word {
            ConsentWord::Stop => ConsentState::Closed,
            ConsentWord::Start => ConsentState::Open,
            ConsentWord::Help => return None,
        };
        Some(Self { state, at: received_at, how: ConsentSource::Word(word) })
    }

    /// The provider refused because they opted out.
    pub const fn provider_refused(posted_at: Timestamp) -> Self {
        Self { state: ConsentState::Closed, at: posted_at, how: ConsentSource::ProviderRefused }
    }

    /// "Not this person": what another said does not hold for whoever has the number now.
    pub const fn not_this_person(at: Timestamp) -> Self {
        Self { state: ConsentState::Closed, at, how: ConsentSource::Office }
    }

    /// Whether texts may be sent, given what is on record.
    pub fn allows(on_record: Option<&Self>) -> bool {
        on_record.is_none_or(|consent| consent.state == ConsentState::Open)
    }

    /// Takes over a change unless it is older; at the same instant closing wins. Whether anything changed.
    pub fn apply(&mut self, change: Self) -> bool {
        let closes = change.state == ConsentState::Closed && self.state == ConsentState::Open;
        let stands = change.at > self.at || (change.at == self.at && closes);
        if stands {
            *self = change;
        }
        stands
    }

    /// What is to be written when `change` meets what is on record; nothing when it is older.
    pub fn after(on_record: Option<Self>, change: Self) -> Option<Self> {
        match on_record {
            None => Some(change),
            Some(mut consent) => consent.apply(change).then_some(consent),
        }
    }
}

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

/// The provider's defaults, the FCC's words of revocation, and how people say it.
const STOP: [&str; 48] = [
    "stop",
    "stopall",
    "unsubscribe",
    "end",
    "quit",
    "revoke",
    "optout",
    "cancel",
    "opt out",
    "stop all",
    "cancel all texts",
    "opt me out",
    "i want to opt out",
    "please opt me out",
    "please stop",
    "stop please",
    "stop it",
    "stop now",
    "stop stop",
    "just stop",
    "stop text",
    "stop texts",
    "stop texting",
    "stop texting me",
    "please stop texting me",
    "stop texting please",
    "stop messages",
    "stop all messages",
    "stop all texts",
    "stop messaging me",
    "stop sending me texts",
    "stop contacting me",
    "stop sending messages",
    "unsubscribe me",
    "please unsubscribe",
    "unsubscribe please",
    "remove me",
    "please remove me",
    "take me off",
    "take me off your list",
    "remove me from your list",
    "do not text me",
    "dont text me",
    "no more texts",
    // Spanish, whole message only.
    "alto",
    "parar",
    "cancelar",
    "no mas mensajes",
];

const START: [&str; 5] = ["start", "unstop", "start texting", "opt in", "optin"];

const HELP: [&str; 2] = ["help", "info"];

/// Words that open consent only where it is closed; everywhere else they are messages.
const YES: [&str; 1] = ["yes"];

/// What a whole message says about consent, given what is on record.
pub fn classify(text: &str, current: ConsentState) -> Option<ConsentWord> {
    let words = terms::plain_words(text).join(" ");
    let compact: String = words.split(' ').collect();
    // "S.T.O.P." and "opt-out" are their letters; longer phrases must have their words.
    let is = |list: &[&str]| list.iter().any(|known| *known == words || *known == compact);
    if is(&STOP) {
        Some(ConsentWord::Stop)
    } else if is(&START) || (current == ConsentState::Closed && is(&YES)) {
        Some(ConsentWord::Start)
    } else if is(&HELP) {
        Some(ConsentWord::Help)
    } else {
        None
    }
}

/// The same, where the provider sent its own reading: it wins.
pub fn word_of(text: &str, opt_out_type: Option<&str>, current: ConsentState) -> Option<ConsentWord> {
    opt_out_type.and_then(ConsentWord::from_provider).or_else(|| classify(text, current))
}

/// Whether a message that opens consent is at the same time an answer to us ("Yes").
pub fn is_also_an_answer(text: &str) -> bool {
    YES.contains(&terms::plain_words(text).join(" ").as_str())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;
    use crate::samples::at;
    use ConsentState::{Closed, Open};

    #[test]
    fn stop_words_close_however_they_are_typed_p6() {
        let ways = [
            "STOP",
            "stop.",
            " Stop! ",
            "S.T.O.P.",
            "Stopall",
            "stop all",
            "Opt out",
            "opt-out",
            "OPTOUT",
            "Unsubscribe",
            "END",
            "quit",
            "revoke",
            "Cancel",
            "please stop texting me",
            "Don\u{2019}t text me",
            "don't text me",
            "ALTO",
            "No m\u{e1}s mensajes",
            "\u{ff33}\u{ff34}\u{ff2f}\u{ff30}",
        ];
        for text in ways {
            assert_eq!(classify(text, Open), Some(ConsentWord::Stop), "{text}");
        }
    }

    #[test]
    fn words_inside_a_message_decide_nothing() {
        let messages = [
            "Can you stop by at 9?",
            "Please cancel Tuesday, Thursday is fine",
            "The end of the week works",
            "help, the sink leaks",
            "I'll start the dryer",
            "Don't stop",
            "yes please",
            "",
            "\u{1f44d}",
        ];
        for text in messages {
            assert_eq!((classify(text, Open), classify(text, Closed)), (None, None), "{text}");
        }
    }

    #[test]
    fn yes_opens_only_where_consent_is_closed_and_is_an_answer_too() {
        assert_eq!(classify("Yes!", Open), None);
        assert_eq!(classify("Yes!", Closed), Some(ConsentWord::Start));
        assert!(is_also_an_answer("Yes!") && !is_also_an_answer("START"));
        assert_eq!(classify("Unstop", Closed), Some(ConsentWord::Start));
        assert_eq!(classify("INFO", Open), Some(ConsentWord::Help));
    }

    #[test]
    fn the_providers_own_reading_wins() {
        assert_eq!(word_of("Adios", Some("STOP"), Open), Some(ConsentWord::Stop));
        assert_eq!(word_of("stop", Some("HELP"), Open), Some(ConsentWord::Help));
        assert_eq!(word_of("stop", None, Open), Some(ConsentWord::Stop));
        assert_eq!(word_of("stop", Some("odd"), Open), Some(ConsentWord::Stop));
    }

    #[test]
    fn an_older_word_never_overrides_p6() {
        let stop = Consent::of_word(ConsentWord::Stop, at(10)).expect("closes");
        let start = Consent::of_word(ConsentWord::Start, at(9)).expect("opens");
        assert_eq!(Consent::after(Some(stop), start), None);
        assert!(!Consent::allows(Consent::after(Some(start), stop).as_ref()));
        assert!(Consent::allows(None));
        assert_eq!(Consent::of_word(ConsentWord::Help, at(1)), None);
    }

    proptest! {
        #[test]
        fn consent_ends_the_same_in_any_order_p6(
            words in proptest::collection::vec((any::<bool>(), 0..5_u64), 1..8).prop_flat_map(|w| (Just(w.clone()), Just(w).prop_shuffle()))
        ) {
            let fold = |words: &[(bool, u64)]| words.iter().fold(None, |on_record, (stop, second)| {
                let word = if *stop { ConsentWord::Stop } else { ConsentWord::Start };
                let change = Consent::of_word(word, at(0) + Duration::from_secs(*second)).expect("opens or closes");
                Consent::after(on_record, change).or(on_record)
            });
            prop_assert_eq!(fold(&words.0), fold(&words.1));
        }
    }
}
