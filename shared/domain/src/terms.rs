//! The terms that search finds texts, names and numbers by.
//!
//! A term is a word as Unicode cuts it, without case, accents and apostrophes. Writing and asking go through
//! the same cut, so what was written is found.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

use crate::phone::ContactPoint;

mod near;

pub(crate) use self::near::distance;
pub use self::near::nearest;

/// Characters of a term; longer words are cut, in texts and queries alike.
pub const LONGEST_TERM: usize = 32;

/// Terms that one text is found by.
pub const MOST_TERMS: usize = 120;

/// Terms that one query may have.
pub const MOST_QUERY_TERMS: usize = 8;

/// Digits from which a part of a number is looked for.
pub const SHORTEST_FRAGMENT: usize = 3;

/// One term of a query; a conversation must have all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryTerm {
    /// The term, cut as texts are.
    pub text: String,
    /// Also finds longer terms that begin with it.
    pub is_prefix: bool,
    /// Digits that may be a part of a phone number (and may still be a number in a text).
    pub is_phone_fragment: bool,
}

/// The terms of a message.
pub fn terms(text: &str) -> BTreeSet<String> {
    words(text).take(MOST_TERMS).collect()
}

/// The terms of a name: its words, and the parts that an apostrophe joins (`O'Brien` also as `brien`).
pub fn name_terms(name: &str) -> BTreeSet<String> {
    let parts = name.split(is_apostrophe).flat_map(words);
    words(name).chain(parts).take(MOST_TERMS).collect()
}

/// The ends of a number from which any fragment of three digits or more is a prefix; of an email address,
/// its words.
pub fn phone_fragments(contact: &ContactPoint) -> BTreeSet<String> {
    let digits = contact.digits();
    if digits.is_empty() {
        return terms(contact.as_str());
    }
    ends(&digits).map(str::to_owned).collect()
}

/// The ends of a row of digits from which any fragment of three or more is a beginning.
pub fn ends(digits: &str) -> impl Iterator<Item = &str> {
    let last_start = digits.len().saturating_sub(SHORTEST_FRAGMENT);
    (0..=last_start).filter_map(|start| digits.get(start..))
}

/// The terms of a query, as one types: each may be the beginning of a word, a single letter only at the end.
pub fn query(text: &str) -> Vec<QueryTerm> {
    if let Some(number) = whole_number(text) {
        return vec![QueryTerm { text: number, is_prefix: true, is_phone_fragment: true }];
    }
    let mut cut: Vec<String> = Vec::new();
    for word in words(text).take(MOST_QUERY_TERMS) {
        if !cut.contains(&word) {
            cut.push(word);
        }
    }
    let last = cut.len().saturating_sub(1);
    let term = |(at, text): (usize, String)| QueryTerm {
        is_prefix: at == last || text.chars().nth(1).is_some(),
        is_phone_fragment: text.len() >= SHORTEST_FRAGMENT && text.bytes().all(|b| b.is_ascii_digit()),
        text,
    };
    cut.into_iter().enumerate().map(term).collect()
}

/// A query that is a (part of a) number as people type it: `(207) 555-01`.
fn whole_number(text: &str) -> Option<String> {
    let typed_so =
        text.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '(' | ')' | '-' | '.' | '+' | '/'));
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    (typed_so && (SHORTEST_FRAGMENT..=15).contains(&digits.len())).then_some(digits)
}

/// A text's words without case, accents and punctuation, in order: what phrases are compared by.
pub(crate) fn plain_words(text: &str) -> Vec<String> {
    words(text).collect()
}

/// Where the first word stands that has one of the terms, in characters; none where no word has.
pub fn place_of(text: &str, terms: &[QueryTerm]) -> Option<usize> {
    let has = |word: &str| {
        let plain = plain_words(word);
        terms.iter().any(|term| plain.iter().any(|word| word.starts_with(&term.text)))
    };
    let (at, _) = text.split_word_bound_indices().find(|(_, word)| has(word))?;
    Some(text[..at].chars().count())
}

fn words(text: &str) -> impl Iterator<Item = String> {
    let folded = fold(text);
    let words: Vec<String> = folded
        .unicode_words()
        .map(|word| word.replace('\'', ""))
        // Unicode keeps `207.555.0142` and `ok.thanks` together; people look for the parts.
        .flat_map(|word| word.split(|c: char| !c.is_alphanumeric()).map(cut).collect::<Vec<_>>())
        .filter(|word| !word.is_empty())
        .collect();
    words.into_iter()
}

/// Every form of an apostrophe that keyboards and phones write.
const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '‛' | 'ʼ' | 'ʻ' | '`' | '´' | '′' | '＇' | '｀')
}

/// Compatibility forms made plain, lower case, without accents, one apostrophe, letters as one types them.
fn fold(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase().replace('`', "'") } else { fold_any(text) }
}

/// The same for every script.
fn fold_any(text: &str) -> String {
    // An accent that stands alone would fall apart into a blank and a mark.
    let text = text.chars().map(|c| if is_apostrophe(c) { '\'' } else { c });
    // Lower case both makes marks (İ) and hides behind compatibility forms (ℌ): hence twice.
    let lower: String = text.nfkd().flat_map(char::to_lowercase).collect();
    let bare = lower.nfkd().filter(|c| !is_combining_mark(*c)).nfkc();
    bare.fold(String::new(), |mut folded, c| {
        match as_typed(c) {
            Some(letters) => folded.push_str(letters),
            None => folded.push(c),
        }
        folded
    })
}

/// What people without the key type for a letter that is none with an accent.
const fn as_typed(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ł' => "l",
        'ħ' => "h",
        'ŧ' => "t",
        'ŋ' => "n",
        'ı' => "i",
        _ => return None,
    })
}

fn cut(word: &str) -> String {
    word.chars().take(LONGEST_TERM).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn set(words: &[&str]) -> BTreeSet<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn words_lose_case_accents_and_apostrophes_and_numbers_stay() {
        assert_eq!(
            terms("The CAF\u{c9}'s heater, unit 1042!"),
            set(&["the", "cafes", "heater", "unit", "1042"])
        );
        assert_eq!(terms("\u{ff28}i \u{130}stanbul \u{1f44d}"), set(&["hi", "istanbul"]));
        assert_eq!(terms(&"x".repeat(500)), set(&[&"x".repeat(LONGEST_TERM)]));
        assert_eq!(name_terms("Siobhan O\u{2019}Brien"), set(&["siobhan", "obrien", "o", "brien"]));
    }

    #[test]
    fn letters_are_found_as_people_without_the_key_type_them() {
        for (written, typed) in [
            ("Hauptstra\u{df}e", "hauptstrasse"),
            ("HAUPTSTRA\u{1e9e}E", "Hauptstrasse"),
            ("S\u{f8}rensen", "sorensen"),
            ("\u{c6}r\u{f8}", "aero"),
            ("c\u{153}ur", "coeur"),
            ("\u{110}or\u{111}e", "dorde"),
            ("\u{141}\u{f3}d\u{17a}", "lodz"),
            ("Gu\u{f0}r\u{fa}n \u{de}\u{f3}r", "gudrun thor"),
            ("I\u{131}k", "iik"),
            ("\u{ff33}\u{f8}ren \u{ff11}\u{ff12}", "soren 12"),
        ] {
            assert_eq!(terms(written), terms(typed), "{written}");
        }
        for apostrophe in ['\'', '\u{2019}', '\u{2bc}', '`', '\u{b4}', '\u{2018}', '\u{2032}'] {
            let name = format!("O{apostrophe}Brien");
            assert_eq!(terms(&name), set(&["obrien"]), "{name}");
            assert_eq!(name_terms(&name), set(&["obrien", "o", "brien"]), "{name}");
        }
    }

    #[test]
    fn the_place_of_what_was_found_is_found_folded() {
        let place = |text, typed| place_of(text, &query(typed));
        assert_eq!(place("Call Mr. S\u{f8}rensen", "sorensen"), Some(9));
        assert_eq!(place("In der Hauptstra\u{df}e 4", "strasse hauptstrasse"), Some(7));
        assert_eq!(place("nothing", "boiler"), None);
    }

    #[test]
    fn any_three_digits_of_a_number_are_the_beginning_of_a_fragment() {
        let contact = ContactPoint::phone("+12075550142").expect("a number");
        let fragments = phone_fragments(&contact);
        for typed in ["555", "0142", "207 555", "(207) 555-01", "+1 207 555 0142", "142"] {
            let asked = query(typed);
            assert_eq!(asked.len(), 1, "{typed}");
            assert!(
                asked[0].is_phone_fragment && fragments.iter().any(|f| f.starts_with(&asked[0].text)),
                "{typed}"
            );
        }
        assert_eq!(fragments.len(), 9);
        let email = ContactPoint::email("maria@example.com").expect("an address");
        assert_eq!(phone_fragments(&email), set(&["maria", "example", "com"]));
    }

    #[test]
    fn a_query_is_cut_like_texts_and_matches_beginnings() {
        let asked = query("Mar\u{ed}a a 0142 le");
        let words: Vec<_> =
            asked.iter().map(|t| (t.text.as_str(), t.is_prefix, t.is_phone_fragment)).collect();
        assert_eq!(
            words,
            [("maria", true, false), ("a", false, false), ("0142", true, true), ("le", true, false)]
        );
        assert!(query("  !! ").is_empty());
        assert_eq!(query("a a a").len(), 1);
    }

    proptest! {
        #[test]
        fn plain_letters_are_folded_as_all_others_are(text in "[ -~\\t\\n\\r]{0,60}") {
            prop_assert_eq!(fold(&text), fold_any(&text));
        }

        #[test]
        fn whatever_was_written_is_found_by_its_own_terms(text in "\\PC{0,60}") {
            let written = terms(&text);
            prop_assert!(written.iter().all(|term| !term.is_empty() && term.chars().count() <= LONGEST_TERM));
            for term in &written {
                prop_assert!(query(term).iter().all(|asked| written.iter().any(|w| w.starts_with(&asked.text))));
            }
        }
    }
}
