use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::asks_to_stop;

/// Lines of `+ text` (it asks) and `- text` (it does not), below the name of their language.
const CORPUS: &str = include_str!("../corpus.txt");

/// A way of typing, and what it makes of a line.
type Form = (&'static str, fn(&str) -> String);

struct Line {
    language: &'static str,
    asks: bool,
    text: &'static str,
}

fn lines() -> Vec<Line> {
    let mut language = "";
    let mut lines = Vec::new();
    for line in CORPUS.lines() {
        match line.split_once(' ') {
            Some(("#", heading)) => language = heading.split(',').next().unwrap_or_default(),
            Some((sign @ ("+" | "-"), text)) => lines.push(Line { language, asks: sign == "+", text }),
            _ => {}
        }
    }
    lines
}

fn misunderstood(form: impl Fn(&str) -> String) -> Vec<String> {
    let told = lines().into_iter().map(|line| (line.asks, form(line.text)));
    told.filter(|(asks, text)| asks_to_stop(text) != *asks).map(|(_, text)| text).collect()
}

#[test]
fn every_line_of_the_corpus_is_understood_p6() {
    let wrong = misunderstood(str::to_owned);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_corpus_is_large_and_has_both_languages_and_both_directions() {
    for (language, least) in [("English", 400), ("Spanish", 150)] {
        for asks in [true, false] {
            let count = lines().iter().filter(|line| line.language == language && line.asks == asks).count();
            assert!(count >= least, "{language}, {asks}: {count}");
        }
    }
}

#[test]
fn how_a_line_is_typed_changes_nothing() {
    let forms: [Form; 10] = [
        ("upper case", |text| text.to_uppercase()),
        ("lower case", |text| text.to_lowercase()),
        ("no accents", |text| text.nfd().filter(char::is_ascii).collect()),
        ("accents apart", |text| text.nfd().collect()),
        ("no apostrophes", |text| text.replace('\'', "")),
        ("curly apostrophes", |text| text.replace('\'', "\u{2019}")),
        ("doubled blanks", |text| text.replace(' ', "  ")),
        ("an exclamation", |text| format!("{text}!!!")),
        ("quotes", |text| format!("\u{201c}{text}\u{201d}")),
        ("an emoji", |text| format!("{text} \u{1f64f}")),
    ];
    for (name, form) in forms {
        let wrong = misunderstood(form);
        assert!(wrong.is_empty(), "{name}: {wrong:#?}");
    }
}

#[test]
fn nothing_asks_for_nothing() {
    assert!(!asks_to_stop("") && !asks_to_stop("\u{1f44d}") && !asks_to_stop("?!"));
}

proptest! {
    #[test]
    fn any_text_is_read(text in any::<String>()) {
        asks_to_stop(&text);
    }

    #[test]
    fn any_words_of_the_corpus_are_read_however_far_apart(
        words in prop::collection::vec(prop::sample::select(CORPUS.split_whitespace().collect::<Vec<_>>()), 0..60),
        blanks in 1_usize..4,
    ) {
        prop_assert_eq!(asks_to_stop(&words.join(" ")), asks_to_stop(&words.join(" ".repeat(blanks).as_str())));
    }
}
