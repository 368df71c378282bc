//! What a customer's text means to the inbox (RULES "Attention and waiting").

use crate::consent::{self, ConsentWord};
use crate::conversation::{Conversation, InboundEffect};
use crate::terms;

mod emoji;
mod reaction;

pub use self::reaction::{ReactionText, reaction};

/// Words that put a conversation on top, unless a business has its own list.
pub const EMERGENCY_WORDS: [&str; 41] = [
    "burst",
    "flood",
    "flooding",
    "flooded",
    "water everywhere",
    "water pouring",
    "pouring water",
    "gas smell",
    "smell gas",
    "smells like gas",
    "smelling gas",
    "smell of gas",
    "gas leak",
    "leaking gas",
    "carbon monoxide",
    "co alarm",
    "co detector",
    "sparking",
    "sparks",
    "smoke",
    "on fire",
    "electrical fire",
    "burning smell",
    "smell burning",
    "smells like burning",
    "exposed wire",
    "exposed wires",
    "live wire",
    "electrocuted",
    "got shocked",
    "sewage",
    "sewer backup",
    "sewer backing up",
    "ceiling collapsed",
    "ceiling is coming down",
    "power line down",
    "emergency",
    "inundacion",
    "fuga de gas",
    "huele a gas",
    "emergencia",
];

/// Heating trouble is an emergency where somebody frail is in the house.
const NO_HEAT: [&str; 7] = [
    "no heat",
    "no heating",
    "heat is out",
    "heat is off",
    "heater is out",
    "furnace is out",
    "without heat",
];
const FRAIL: [&str; 23] = [
    "baby",
    "babies",
    "infant",
    "newborn",
    "toddler",
    "child",
    "children",
    "kid",
    "kids",
    "elderly",
    "senior",
    "grandma",
    "grandmother",
    "grandpa",
    "grandfather",
    "my mother",
    "my mom",
    "my father",
    "my dad",
    "disabled",
    "oxygen",
    "years old",
    "year old",
];

/// Whole messages that settle a conversation in which nothing waits.
const THANKS: [&str; 30] = [
    "thanks",
    "thank you",
    "thank u",
    "thankyou",
    "thx",
    "ty",
    "tysm",
    "thanks so much",
    "thank you so much",
    "thanks a lot",
    "many thanks",
    "thanks again",
    "thank you again",
    "ok thanks",
    "okay thanks",
    "ok thank you",
    "okay thank you",
    "great thanks",
    "great thank you",
    "perfect thanks",
    "perfect thank you",
    "awesome thanks",
    "awesome thank you",
    "got it thanks",
    "got it thank you",
    "sounds good thanks",
    "sounds good thank you",
    "will do thanks",
    "gracias",
    "muchas gracias",
];

/// Signs that may stand with thanks, or for it; 🏻 to 🏿 colour hands.
const THANKS_SIGNS: [char; 19] = [
    '👍', '🙏', '❤', '😊', '🙂', '👌', '🧡', '💛', '💚', '💙', '💜', '🤎', '🖤', '🤍', '🏻', '🏼', '🏽',
    '🏾', '🏿',
];

/// Openings of a sentence that wants an answer even without a question mark.
const ASKS: [&str; 20] = [
    "let me know",
    "let us know",
    "please confirm",
    "can you",
    "could you",
    "would you",
    "will you",
    "do you",
    "are you",
    "is it",
    "is there",
    "what",
    "which",
    "when",
    "where",
    "who",
    "how",
    "please reply",
    "please send",
    "reply",
];

/// An exact short thanks, and nothing else: a file, a question mark or any other sign makes it a message.
pub fn thanks(text: &str, has_files: bool) -> bool {
    let is_sign = |c: char| THANKS_SIGNS.contains(&c);
    let quiet = |c: char| {
        c.is_whitespace()
            || matches!(c, '.' | ',' | '!' | '¡' | '…' | '\'' | '’' | '-' | '\u{FE0E}' | '\u{FE0F}')
    };
    let nothing_else = text.chars().all(|c| c.is_alphabetic() || is_sign(c) || quiet(c));
    let words = terms::plain_words(text).join(" ");
    let said = THANKS.contains(&words.as_str()) || (words.is_empty() && text.chars().any(is_sign));
    !has_files && nothing_else && said
}

/// Whether one of the words was said, as whole words; "no heat" only with a child or an elderly person.
pub fn emergency<W: AsRef<str>>(text: &str, words: &[W]) -> bool {
    let said = format!(" {} ", terms::plain_words(text).join(" "));
    let has = |phrase: &str| said.contains(&format!(" {phrase} "));
    let listed = words.iter().map(|word| terms::plain_words(word.as_ref()).join(" "));
    listed.filter(|word| !word.is_empty()).any(|word| has(&word))
        || (NO_HEAT.iter().any(|p| has(p)) && FRAIL.iter().any(|p| has(p)))
}

/// Whether a message of ours wants an answer: then thanks is one.
pub fn asks_something(text: &str) -> bool {
    text.contains('?')
        || text.split(['.', '!', '\n', ';']).any(|sentence| {
            let words = format!("{} ", terms::plain_words(sentence).join(" "));
            ASKS.iter().any(|opening| words.starts_with(&format!("{opening} ")))
        })
}

/// How a customer's message changes attention and unread. `last_out` is what we last said to them.
pub fn effect<W: AsRef<str>>(
    text: &str,
    has_files: bool,
    conversation: &Conversation,
    last_out: Option<&str>,
    word: Option<ConsentWord>,
    emergency_words: &[W],
) -> InboundEffect {
    match word {
        Some(ConsentWord::Unclear) => return InboundEffect::UnclearStop,
        Some(ConsentWord::Asked) => {
            return InboundEffect::AskedToStop { emergency: emergency(text, emergency_words) };
        }
        Some(ConsentWord::Stop) => return InboundEffect::ConsentWord,
        Some(ConsentWord::Start) if !consent::is_also_an_answer(text) => return InboundEffect::ConsentWord,
        // HELP is a question like any other.
        Some(ConsentWord::Help | ConsentWord::Start) | None => {}
    }
    let waits = conversation.attention.is_some() || last_out.is_some_and(asks_something);
    if !waits && thanks(text, has_files) {
        return InboundEffect::Settled;
    }
    InboundEffect::WantsAnswer { emergency: emergency(text, emergency_words) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::AttentionReason;
    use crate::samples::{at, conversation};

    #[test]
    fn thanks_is_an_exact_short_list() {
        for text in [
            "Thanks!",
            "ok thanks",
            "Thank you so much!!",
            "\u{1f44d}",
            "\u{1f44d}\u{1f3fd}",
            "\u{2764}\u{fe0f}",
            "Gracias",
            "thx \u{1f64f}",
            "Thanks! \u{1f642}",
            "\u{1f44c}\u{1f3ff}",
            "thank you \u{1f499}",
        ] {
            assert!(thanks(text, false), "{text}");
        }
        for text in [
            "thanks, but it still leaks",
            "no thanks",
            "yes",
            "ok",
            "",
            "\u{1f44d} see you",
            "\u{1f44e}",
            "thanks?? when",
            "thanks?",
            "\u{bf}gracias",
            "\u{1f64f}\u{1f198}",
            "thanks \u{1f622}",
            "\u{1f64c}",
            "\u{2764}\u{fe0f}\u{200d}\u{1f525}",
            "thanks :(",
        ] {
            assert!(!thanks(text, false), "{text}");
        }
    }

    #[test]
    fn emergencies_are_whole_words_and_no_heat_only_with_somebody_frail() {
        for text in [
            "The pipe BURST!",
            "I smell gas",
            "there's water everywhere",
            "No heat, and we have a baby",
            "no heat. My mom is 84 years old",
            "Huele a gas",
        ] {
            assert!(emergency(text, &EMERGENCY_WORDS), "{text}");
        }
        for text in
            ["no heat since yesterday", "my kid broke the handle", "outburst", "smoker", "fireplace service?"]
        {
            assert!(!emergency(text, &EMERGENCY_WORDS), "{text}");
        }
        assert!(emergency("the FREEZER is dead", &["freezer is dead"]));
        assert!(!emergency("burst", &["freezer"]) && !emergency("anything", &["", "!"]));
    }

    #[test]
    fn a_question_is_noticed_without_its_mark() {
        for text in [
            "Does 9 work?",
            "We can come at 9. Please confirm",
            "Let me know which day suits you",
            "what day works",
        ] {
            assert!(asks_something(text), "{text}");
        }
        for text in [
            "On my way!",
            "See you at 9.",
            "All done, have a great day",
            "Whatever you prefer is fine with us",
        ] {
            assert!(!asks_something(text), "{text}");
        }
    }

    #[test]
    fn thanks_settles_only_while_nothing_waits_and_nothing_was_asked() {
        let mut conversation = conversation();
        let means = |conversation: &Conversation, last| {
            effect("Thanks!", false, conversation, last, None, &EMERGENCY_WORDS)
        };
        let wants = InboundEffect::WantsAnswer { emergency: false };
        assert_eq!(means(&conversation, Some("All done")), InboundEffect::Settled);
        assert_eq!(means(&conversation, Some("Does 9 work?")), wants);
        let with_photo = effect("Thanks!", true, &conversation, Some("All done"), None, &EMERGENCY_WORDS);
        assert_eq!(with_photo, wants, "whoever sends a photo shows something");
        conversation.need_person(at(0), AttentionReason::Customer, false);
        assert_eq!(means(&conversation, Some("All done")), wants);
    }

    #[test]
    fn a_consent_word_wants_no_answer_but_yes_always_does() {
        let conversation = conversation();
        let means = |text, word| effect(text, false, &conversation, None, Some(word), &EMERGENCY_WORDS);
        assert_eq!(means("STOP", ConsentWord::Stop), InboundEffect::ConsentWord);
        assert_eq!(means("START", ConsentWord::Start), InboundEffect::ConsentWord);
        for (text, word) in [("Yes", ConsentWord::Start), ("HELP", ConsentWord::Help)] {
            assert_eq!(means(text, word), InboundEffect::WantsAnswer { emergency: false }, "{text}");
        }
        assert_eq!(means("CANCEL", ConsentWord::Unclear), InboundEffect::UnclearStop);
        let asked = means("Stop texting me, the pipe burst", ConsentWord::Asked);
        assert_eq!(asked, InboundEffect::AskedToStop { emergency: true }, "and an emergency stays one");
    }
}
