//! Tapbacks, which phones of another make get as text: `Liked “See you at 9”`.
//!
//! Apple's and Google's forms, in English, Spanish, French, German and Portuguese. A text that only resembles one
//! is a message, and so is one whose quotation is no message of ours.

mod forms;

use self::forms::{CONNECTORS, EMOJI, GIVEN, TAKEN_BACK};
use super::emoji::is_emoji;

/// A tapback, as its text tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReactionText {
    /// `liked`, `loved`, `laughed`, `emphasized`, `disliked`, `questioned`, or the emoji itself; of one that is taken
    /// back, what the text calls it.
    pub kind: String,
    /// The words it is about; some phones cut them short, ending in `…`.
    pub quoted: String,
    /// It was taken back.
    pub removed: bool,
}

/// Words by which a text names the tapback that it takes back: "a question mark", "👍".
const LONGEST_NAME: usize = 5;

/// Reads a tapback; a text that only resembles one is a message.
pub fn reaction(text: &str) -> Option<ReactionText> {
    let text: String = text.chars().filter(|c| !is_invisible(*c)).map(straight).collect();
    let text = text.trim();
    given(text).or_else(|| taken_back(text)).or_else(|| emoji(text))
}

impl ReactionText {
    /// Whether it is about this message: the same words, or their beginning when the phone cut them.
    pub fn matches(&self, message_text: &str) -> bool {
        let ours = plain(message_text);
        let quoted = plain(&self.quoted);
        match quoted.strip_suffix('…').or_else(|| quoted.strip_suffix("...")) {
            _ if ours == quoted => true,
            Some(beginning) => !beginning.trim().is_empty() && ours.starts_with(beginning.trim_end()),
            None => false,
        }
    }

    /// "Questioned" wants an answer: it counts as a message.
    pub fn is_question(&self) -> bool {
        self.kind == "questioned" && !self.removed
    }
}

fn given(text: &str) -> Option<ReactionText> {
    GIVEN.iter().find_map(|(opening, closing, kind)| {
        let quoted = quoted(text.strip_prefix(opening)?.strip_suffix(closing)?)?;
        Some(ReactionText { kind: (*kind).to_owned(), quoted, removed: false })
    })
}

/// `Removed a heart from “…”`, whatever the tapback is called in it.
fn taken_back(text: &str) -> Option<ReactionText> {
    TAKEN_BACK.iter().find_map(|(opening, closing)| {
        let rest = text.strip_prefix(opening)?.strip_suffix(closing)?;
        let joined = |(at, _): (usize, char)| {
            let name = CONNECTORS.iter().find_map(|word| rest[..at].trim_end().strip_suffix(word))?;
            let called = name.ends_with(' ') && name.split_whitespace().count() <= LONGEST_NAME;
            Some((name.trim(), quoted(&rest[at..]).filter(|_| called)?))
        };
        let (name, quoted) = rest.char_indices().filter(|(_, c)| OPENING.contains(c)).find_map(joined)?;
        Some(ReactionText { kind: name.to_owned(), quoted, removed: true })
    })
}

/// `Reacted 👍 to “…”` and `👍 to “…”`.
fn emoji(text: &str) -> Option<ReactionText> {
    EMOJI.iter().find_map(|(opening, between, closing)| {
        let (sign, rest) = text.strip_prefix(opening)?.strip_suffix(closing)?.split_once(between)?;
        let sign = sign.trim();
        is_emoji(sign).then_some(())?;
        Some(ReactionText { kind: sign.to_owned(), quoted: quoted(rest)?, removed: false })
    })
}

const OPENING: [char; 4] = ['“', '"', '„', '«'];
const CLOSING: [char; 5] = ['”', '"', '“', '»', '‟'];

/// The words between the outer quotation marks, which must be all there is.
fn quoted(text: &str) -> Option<String> {
    let inner = text.trim().strip_prefix(OPENING)?.strip_suffix(CLOSING)?;
    Some(inner.trim().to_owned())
}

/// Zero-width and hair spaces and direction marks that phones put around the parts.
const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{200A}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}'
    )
}

/// One form of what phones change on the way.
const fn straight(c: char) -> char {
    match c {
        '‘' | '’' | 'ʼ' => '\'',
        '\u{A0}' | '\u{202F}' => ' ',
        other => other,
    }
}

/// The same words however quotes, dashes and spaces were changed on the way.
fn plain(text: &str) -> String {
    let plain = text.chars().filter(|c| !is_invisible(*c)).map(|c| match straight(c) {
        '“' | '”' | '„' | '«' | '»' => '"',
        '–' | '—' => '-',
        other => other,
    });
    plain.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, String, bool) {
        let found = reaction(text).unwrap_or_else(|| panic!("a tapback: {text}"));
        (found.kind, found.quoted, found.removed)
    }

    #[test]
    fn tapbacks_of_every_phone_are_read() {
        let see_you = || "See you at 9".to_owned();
        assert_eq!(read("Liked \u{201c}See you at 9\u{201d}"), ("liked".to_owned(), see_you(), false));
        assert_eq!(read("Laughed at \"See you at 9\""), ("laughed".to_owned(), see_you(), false));
        assert_eq!(
            read("Removed a heart from \u{201c}See you at 9\u{201d}"),
            ("a heart".to_owned(), see_you(), true)
        );
        assert_eq!(
            read("Reacted \u{1f44d} to \u{201c}See you at 9\u{201d}"),
            ("\u{1f44d}".to_owned(), see_you(), false)
        );
        let google = "\u{200b}\u{1f44d}\u{200b} to \u{201c}\u{200a}See you at 9\u{200a}\u{201d}\u{200b}";
        assert_eq!(read(google), ("\u{1f44d}".to_owned(), see_you(), false));
    }

    #[test]
    fn tapbacks_are_read_in_the_languages_of_the_phones() {
        for text in [
            "Le gust\u{f3} \u{201c}See you at 9\u{201d}",
            "A aim\u{e9} \u{ab}\u{a0}See you at 9\u{a0}\u{bb}",
            "Gef\u{e4}llt \u{201e}See you at 9\u{201c}",
            "Gostou de \u{201c}See you at 9\u{201d}",
            "Curtiu \u{201c}See you at 9\u{201d}",
        ] {
            assert_eq!(read(text), ("liked".to_owned(), "See you at 9".to_owned(), false), "{text}");
        }
        for text in [
            "Reaccion\u{f3} con \u{1f64f} a \u{201c}See you at 9\u{201d}",
            "A r\u{e9}agi avec \u{1f64f} \u{e0} \u{ab} See you at 9 \u{bb}",
            "Hat mit \u{1f64f} auf \u{201e}See you at 9\u{201c} reagiert",
            "Reagiu com \u{1f64f} a \u{201c}See you at 9\u{201d}",
            "\u{1f64f} zu \u{201e}See you at 9\u{201c}",
        ] {
            assert_eq!(read(text), ("\u{1f64f}".to_owned(), "See you at 9".to_owned(), false), "{text}");
        }
        for text in [
            "Elimin\u{f3} un coraz\u{f3}n de \u{201c}See you at 9\u{201d}",
            "A supprim\u{e9} un c\u{153}ur de \u{ab} See you at 9 \u{bb}",
            "Hat ein Herz von \u{201e}See you at 9\u{201c} entfernt",
            "Removeu um cora\u{e7}\u{e3}o de \u{201c}See you at 9\u{201d}",
            "Removed \u{2764}\u{fe0f} from \u{201c}See you at 9\u{201d}",
            "Removed a \u{1f44d} reaction from \u{201c}See you at 9\u{201d}",
        ] {
            let found = reaction(text).unwrap_or_else(|| panic!("a tapback: {text}"));
            assert_eq!((found.quoted.as_str(), found.removed), ("See you at 9", true), "{text}");
        }
        assert!(reaction("Pregunt\u{f3} por \u{201c}9?\u{201d}").is_some_and(|found| found.is_question()));
    }

    #[test]
    fn keycaps_and_letters_in_boxes_are_emoji_like_all_others() {
        for sign in
            ["1\u{fe0f}\u{20e3}", "#\u{20e3}", "\u{2139}\u{fe0f}", "\u{24c2}\u{fe0f}", "\u{1f170}\u{fe0f}"]
        {
            let text = format!("Reacted {sign} to \u{201c}See you at 9\u{201d}");
            assert_eq!(read(&text).0, sign);
        }
    }

    #[test]
    fn what_only_resembles_a_tapback_is_a_message() {
        for text in [
            "Liked the work",
            "Liked",
            "I liked \"it\"",
            "9 to \"10\"",
            "Loved \u{201c}it\u{201d} so much",
            "to \u{201c}x\u{201d}",
            "\u{1f44d}",
            "\u{2014} to \u{201c}x\u{201d}",
            "5 to \u{201c}x\u{201d}",
            "Removed the old valve and the pipe from under the sink by \u{201c}x\u{201d}",
        ] {
            assert_eq!(reaction(text), None, "{text}");
        }
    }

    #[test]
    fn a_quotation_matches_whole_or_cut_and_with_straightened_quotes() {
        let of = |text: &str| reaction(text).expect("a tapback");
        assert!(of("Liked \u{201c}We\u{2019}ll be there  at 9\u{201d}").matches("We'll be there at 9"));
        assert!(
            of("Liked \u{201c}Your technician Luis is\u{2026}\u{201d}")
                .matches("Your technician Luis is on the way.")
        );
        assert!(!of("Liked \u{201c}Your technician\u{201d}").matches("Your technician Luis is on the way."));
        assert!(!of("Liked \u{201c}\u{2026}\u{201d}").matches("anything"));
        assert!(
            of("Questioned \u{201c}9?\u{201d}").is_question()
                && !of("Liked \u{201c}9?\u{201d}").is_question()
        );
    }
}
