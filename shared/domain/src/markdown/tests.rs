use serde::Deserialize;

use super::*;
use crate::segments::Segments;

/// What `cases/texts.json` says of a text; the window passes the same cases (`texts.test.ts`).
#[derive(Deserialize)]
struct Case {
    name: String,
    text: String,
    shows: Vec<Node>,
    leaves: String,
    encoding: crate::segments::Encoding,
    units: usize,
    parts: usize,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("../../cases/texts.json")).expect("the cases are JSON")
}

#[test]
fn what_leaves_is_what_the_bubble_shows() {
    for Case { name, text, shows, leaves, .. } in cases() {
        assert_eq!(parse(&text), shows, "{name}");
        assert_eq!(plain_text(&text), leaves, "{name}");
    }
}

#[test]
fn every_case_takes_as_many_parts_as_the_provider_counts() {
    for Case { name, leaves, encoding, units, parts, .. } in cases() {
        let counted = Segments::of(&leaves);
        assert_eq!((counted.encoding, counted.units, counted.count), (encoding, units, parts), "{name}");
    }
}

#[test]
fn nothing_that_shows_nothing_is_sent() {
    for nothing in ["", " \n\t", "\u{200b}\u{feff}", "\u{2800}\u{3164}", "\0\u{1b}\u{7f}", "\u{ad}\u{fe0f}"] {
        assert!(!sendable(nothing), "{nothing:?}");
    }
    for something in ["a", "\u{200b}.", "👍\u{fe0f}", "`\u{200b}x`", "\u{301}", "________"] {
        assert!(sendable(something), "{something:?}");
    }
    assert!(!sendable("`\u{200b}`"), "what is left without its marks shows nothing");
}

#[test]
fn control_characters_are_taken_out_and_counted_before() {
    assert_eq!(clean(" a\0b\u{1b}[31mc\r\nd\te "), "ab[31mc\nd e");
    assert_eq!(taken_out("a\0b\u{1b}[31mc\r\nd\te\u{9b}"), 3);
    assert_eq!(taken_out("two\nlines, a\ttab\u{2028}"), 0);
}

proptest::proptest! {
    #[test]
    fn a_text_that_was_cleaned_stays_as_it_is(text in "\\PC{0,20}[\0\r\n\t\u{1b}\u{85}\u{2028} ]{0,4}\\PC{0,20}") {
        let once = clean(&text);
        proptest::prop_assert_eq!(clean(&once), once.clone());
        proptest::prop_assert_eq!(taken_out(&once), 0);
    }

    #[test]
    fn only_marks_are_lost_on_the_way_out(text in "[a-z0-9*_`~\\[\\]()<>\\\\ #\nhtps:/éß👍¯ツ]{0,80}") {
        let signs = |text: &str| text.replace(['*', '_', '`', '[', ']', '(', ')', ' '], "");
        proptest::prop_assert_eq!(signs(&plain_text(&text)), signs(&clean(&text)));
    }
}
