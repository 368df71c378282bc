//! Tapbacks, which phones of another make get as text: `Liked “See you at 9”`.

/// A tapback, as its text tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReactionText {
    /// `liked`, `loved`, `laughed`, `emphasized`, `disliked`, `questioned`, or the emoji itself.
    pub kind: String,
    /// The words it is about; some phones cut them short, ending in `…`.
    pub quoted: String,
    /// It was taken back.
    pub removed: bool,
}

const GIVEN: [(&str, &str); 8] = [
    ("Liked ", "liked"),
    ("Loved ", "loved"),
    ("Laughed at ", "laughed"),
    ("Emphasized ", "emphasized"),
    ("Emphasised ", "emphasized"),
    ("Disliked ", "disliked"),
    ("Questioned ", "questioned"),
    ("Reacted ❤️ to ", "loved"),
];

const TAKEN_BACK: [(&str, &str); 7] = [
    ("Removed a like from ", "liked"),
    ("Removed a heart from ", "loved"),
    ("Removed a laugh from ", "laughed"),
    ("Removed an exclamation from ", "emphasized"),
    ("Removed an emphasis from ", "emphasized"),
    ("Removed a dislike from ", "disliked"),
    ("Removed a question mark from ", "questioned"),
];

/// Longest text taken for an emoji: a family with skin tones.
const LONGEST_EMOJI: usize = 64;

/// Reads a tapback; a text that only resembles one is a message.
pub fn reaction(text: &str) -> Option<ReactionText> {
    let text: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    let text = text.trim();
    known(text, &GIVEN, false).or_else(|| known(text, &TAKEN_BACK, true)).or_else(|| emoji(text))
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

fn known(text: &str, forms: &[(&str, &str)], removed: bool) -> Option<ReactionText> {
    forms.iter().find_map(|(opening, kind)| {
        let quoted = quoted(text.strip_prefix(opening)?)?;
        Some(ReactionText { kind: (*kind).to_owned(), quoted, removed })
    })
}

/// `Reacted 👍 to “…”`, `👍 to “…”` and `Removed 👍 from “…”`.
fn emoji(text: &str) -> Option<ReactionText> {
    let (rest, between, removed) = match text.strip_prefix("Removed ") {
        Some(rest) => (rest, " from ", true),
        None => (text.strip_prefix("Reacted ").unwrap_or(text), " to ", false),
    };
    let (sign, rest) = rest.split_once(between)?;
    let sign = sign.strip_prefix("a ").unwrap_or(sign);
    let sign = sign.strip_suffix(" reaction").unwrap_or(sign).trim();
    let is_emoji = !sign.is_empty()
        && sign.len() <= LONGEST_EMOJI
        && !sign.is_ascii()
        && !sign.chars().any(|c| c.is_alphanumeric() || c.is_whitespace());
    is_emoji.then_some(())?;
    Some(ReactionText { kind: sign.to_owned(), quoted: quoted(rest)?, removed })
}

/// The words between the outer quotation marks, which must be all there is.
fn quoted(text: &str) -> Option<String> {
    let inner = text.trim().strip_prefix(['“', '"', '„', '«'])?.strip_suffix(['”', '"', '“', '»'])?;
    Some(inner.trim().to_owned())
}

/// Zero-width and hair spaces and direction marks that phones put around the parts.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200A}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

/// The same words however quotes, dashes and spaces were changed on the way.
fn plain(text: &str) -> String {
    let straight = text.chars().filter(|c| !is_invisible(*c)).map(|c| match c {
        '‘' | '’' => '\'',
        '“' | '”' => '"',
        '–' | '—' => '-',
        other => other,
    });
    straight.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
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
            ("loved".to_owned(), see_you(), true)
        );
        assert_eq!(
            read("Reacted \u{1f44d} to \u{201c}See you at 9\u{201d}"),
            ("\u{1f44d}".to_owned(), see_you(), false)
        );
        let google = "\u{200b}\u{1f44d}\u{200b} to \u{201c}\u{200a}See you at 9\u{200a}\u{201d}\u{200b}";
        assert_eq!(read(google), ("\u{1f44d}".to_owned(), see_you(), false));
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
