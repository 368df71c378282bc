//! What a whole message says about being texted, however people put it.
//!
//! A word of the provider's, or of the FCC's list, with whatever politeness, quotes or emoji stand around it, closes.
//! One word more that is none of them ("stop by at 5", "stop the leak") makes it a message, and a sentence that asks
//! for no more texts is a person's to understand (`asks`).

use super::{ConsentState, ConsentWord, asks_to_stop};
use crate::terms;

/// No more texts, and nothing else can be meant.
const STOP: [&str; 9] = [
    "stop",
    "stopall",
    "unsubscribe",
    "unsub",
    "revoke",
    "optout",
    "opt out",
    "opted out",
    "not interested stop",
];

/// What ends consent and may mean something else: a visit, a plan, another person's number.
const UNCLEAR: [&str; 19] = [
    "cancel",
    "cancel it",
    "cancel that",
    "end",
    "quit",
    "alto",
    "parar",
    "pare",
    "detener",
    "detenga",
    "basta",
    "baja",
    "salir",
    "cancelar",
    "cancela",
    "cancele",
    "cancelen",
    "terminar",
    "finalizar",
];

const START: [&str; 5] = ["start", "unstop", "start texting", "opt in", "optin"];

const HELP: [&str; 2] = ["help", "info"];

/// Words that open consent only where it is closed; everywhere else they are messages.
const YES: [&str; 1] = ["yes"];

/// What stands before a wish, or after it, and changes nothing.
const BEFORE: [&str; 18] = [
    "please",
    "pls",
    "plz",
    "kindly",
    "just",
    "ok",
    "okay",
    "hi",
    "hello",
    "hey",
    "sorry",
    "i want to",
    "i want you to",
    "i would like to",
    "id like to",
    "i wish to",
    "and",
    "por favor",
];
const AFTER: [&str; 20] = [
    "please",
    "pls",
    "plz",
    "thanks",
    "thank you",
    "thank u",
    "thanks so much",
    "thank you so much",
    "many thanks",
    "thx",
    "ty",
    "now",
    "immediately",
    "sorry",
    "bye",
    "goodbye",
    "sir",
    "and",
    "gracias",
    "por favor",
];

/// Sentences that name the right itself, and leave nothing to understand.
const UNSUBSCRIBES: [&str; 7] =
    ["unsubscribe", "unsubscribe me", "unsubscribe us", "opt me out", "opt us out", "opt out", "revoke"];
/// The only words with which they go on.
const ABOUT: [&str; 21] = [
    "i", "my", "our", "your", "the", "this", "these", "all", "any", "from", "of", "to", "list", "lists",
    "consent", "number", "text", "texts", "messages", "sms", "updates",
];

/// What a whole message says about consent, given what is on record.
pub fn classify(text: &str, current: ConsentState) -> Option<ConsentWord> {
    let mut words = terms::plain_words(text);
    words.dedup();
    let said = words.join(" ");
    let bare = bare(&said);
    let compact: String = words.concat();
    // "S.T.O.P." and "opt-out" are their letters; longer phrases must have their words.
    let is = |list: &[&str]| list.iter().any(|known| *known == said || *known == compact);
    let ends = |list: &[&str]| is(list) || list.contains(&bare);
    if ends(&STOP) || unsubscribes(bare) {
        Some(ConsentWord::Stop)
    } else if ends(&UNCLEAR) {
        Some(ConsentWord::Unclear)
    } else if is(&START) || (current == ConsentState::Closed && is(&YES)) {
        Some(ConsentWord::Start)
    } else if is(&HELP) {
        Some(ConsentWord::Help)
    } else {
        asks_to_stop(text).then_some(ConsentWord::Asked)
    }
}

/// The same, where the provider sent its own reading: it wins, and what it takes for a STOP may still be meant
/// otherwise.
pub fn word_of(text: &str, opt_out_type: Option<&str>, current: ConsentState) -> Option<ConsentWord> {
    let ours = classify(text, current);
    match opt_out_type.and_then(ConsentWord::from_provider) {
        Some(ConsentWord::Stop) if ours == Some(ConsentWord::Unclear) => ours,
        Some(theirs) => Some(theirs),
        None => ours,
    }
}

/// Whether a message that opens consent is at the same time an answer to us ("Yes").
pub fn is_also_an_answer(text: &str) -> bool {
    YES.contains(&terms::plain_words(text).join(" ").as_str())
}

/// Without what politeness puts around it; politeness alone stays as it is.
fn bare(said: &str) -> &str {
    let mut rest = without(said, &BEFORE);
    while let Some(shorter) = AFTER.iter().find_map(|polite| rest.strip_suffix(polite)?.strip_suffix(' ')) {
        rest = shorter;
    }
    rest
}

fn without<'s>(said: &'s str, openings: &[&str]) -> &'s str {
    let mut rest = said;
    while let Some(shorter) =
        openings.iter().find_map(|opening| rest.strip_prefix(opening)?.strip_prefix(' '))
    {
        rest = shorter;
    }
    rest
}

/// A sentence of nothing but the right to hear no more.
fn unsubscribes(bare: &str) -> bool {
    let bare = bare.strip_prefix("i ").unwrap_or(bare);
    UNSUBSCRIBES.iter().any(|wish| {
        let rest = bare.strip_prefix(wish).filter(|rest| rest.is_empty() || rest.starts_with(' '));
        rest.is_some_and(|rest| rest.split_whitespace().all(|word| ABOUT.contains(&word)))
    })
}

#[cfg(test)]
mod tests {
    use ConsentState::{Closed, Open};

    use super::*;

    #[test]
    fn stop_words_close_however_they_are_typed_p6() {
        let ways = [
            "STOP",
            "stop.",
            " Stop! ",
            "S.T.O.P.",
            "\u{201c}STOP\u{201d}",
            "'stop'",
            "STOP \u{1f6d1}",
            "\u{1f621} stop stop STOP!!!",
            "Stop. Thank you",
            "Stop, thanks",
            "stop pls",
            "Hi, please stop. Thanks so much!",
            "Stopall",
            "stop all",
            "Opt out",
            "opt-out",
            "OPTOUT",
            "Please opt me out",
            "I want to opt out",
            "Unsubscribe",
            "unsubscribe me please",
            "please unsubscribe me from this list",
            "revoke",
            "I revoke my consent",
            "\u{ff33}\u{ff34}\u{ff2f}\u{ff30}",
        ];
        for text in ways {
            assert_eq!(classify(text, Open), Some(ConsentWord::Stop), "{text}");
        }
    }

    #[test]
    fn words_that_may_mean_something_else_close_and_ask_for_a_person_p6() {
        let ways = [
            "CANCEL",
            "Cancel.",
            "please cancel",
            "Cancel, thanks",
            "END",
            "quit",
            "Quit please",
            "ALTO",
            "Cancelar",
            "TERMINAR",
            "cancelar por favor",
        ];
        for text in ways {
            assert_eq!(classify(text, Open), Some(ConsentWord::Unclear), "{text}");
        }
    }

    #[test]
    fn words_inside_a_message_decide_nothing() {
        let messages = [
            "Can you stop by at 9?",
            "stop by at 5",
            "Can you stop the leak?",
            "Can you stop it?",
            "I gave you the wrong number, it is 555 0142",
            "Please stop the water",
            "Stop at the blue house",
            "Could you text me when you stop?",
            "Please cancel Tuesday, Thursday is fine",
            "cancel my appointment",
            "cancel the visit please",
            "The end of the week works",
            "end of the month",
            "remove the old tank",
            "remove my old water heater",
            "take my word for it",
            "no more hot water",
            "no more leaks, thanks",
            "do not contact the tenant",
            "You have the wrong address",
            "help, the sink leaks",
            "I'll start the dryer",
            "Please start",
            "Don't stop",
            "cancel my subscription",
            "yes please",
            "please",
            "thanks",
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
    fn a_sentence_that_asks_for_no_more_texts_is_a_persons_to_understand_p6() {
        for text in ["please stop texting me", "Can you stop texting me?", "Wrong number, this is not Maria"]
        {
            assert_eq!(classify(text, Open), Some(ConsentWord::Asked), "{text}");
        }
    }

    #[test]
    fn the_providers_own_reading_wins() {
        assert_eq!(word_of("Adios", Some("STOP"), Open), Some(ConsentWord::Stop));
        assert_eq!(word_of("cancel", Some("STOP"), Open), Some(ConsentWord::Unclear));
        assert_eq!(word_of("stop", Some("HELP"), Open), Some(ConsentWord::Help));
        assert_eq!(word_of("stop", None, Open), Some(ConsentWord::Stop));
        assert_eq!(word_of("stop texting me", Some("STOP"), Open), Some(ConsentWord::Stop));
        assert_eq!(word_of("stop", Some("odd"), Open), Some(ConsentWord::Stop));
    }
}
