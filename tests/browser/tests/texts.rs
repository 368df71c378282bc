//! Server and window read texts alike: what the bubble shows, what leaves, and in how many parts (RULES "What
//! leaves"). Both pass the cases of `shared/domain/cases/texts.json` in tests of their own; here both get the same
//! random texts, the window's modules through node.

use std::io::Write;
use std::ops::Range;
use std::process::{Command, Stdio};

use porchlight_domain::markdown::{self, Node};
use porchlight_domain::segments::{Encoding, Segments};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde::Deserialize;

/// Texts of each kind.
const TEXTS: usize = 1000;

/// What means something to somebody, between bars: marks, addresses, spaces, what is taken out.
const SIGNS: &str = "a|b c|B4|9|é|ツ|क|*|**|***|_|__|`|```|\\|~|#|[|](|)|(|http://|https://x.example/a|\
    HTTPS://y.example/(z)|mailto:a@x.example|@|.|,|!|?|'|\"|’|“|…|-|—|/|:| |  |\n|\r\n|\t|\0|\
    \u{1b}|\u{200b}|。|*it*|**b 9**|***so***|_is_|`A1`|[the form](https://x.example/f)| **|** ";

/// What is counted in a way of its own: two septets, conjuncts, flags, skin tones, families, syllables in parts.
const CLUSTERS: &str = "a|я|€|[|ç|\n|\r\n|e\u{301}|क|क्ष|नि|த்|க்ஷி|กำ|日|한|\u{1112}|\u{1161}|\u{11ab}|🇺🇸|🇲|👍|👍🏽|🏽|👩🏽‍🔧|\
    👨‍👩‍👧‍👦|👩🏽‍❤️‍👨🏽|🫶🏽|❤️‍🔥|🏳️‍🌈|\u{200d}|\u{fe0f}|\u{200b}|\u{600}|♂|✊|✊\u{fe0f}🏽|\
    🇺🇸\u{301}\u{302}\u{303}|\u{102b}|z\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}";

/// What one side makes of a text.
#[derive(Debug, PartialEq, Deserialize)]
struct Reading {
    clean: String,
    taken_out: usize,
    sendable: bool,
    shows: Vec<Node>,
    leaves: String,
    encoding: Encoding,
    units: usize,
    parts: usize,
}

/// The window's, and beside it what the provider's own calculator counts.
#[derive(Deserialize)]
struct Answer {
    #[serde(flatten)]
    window: Reading,
    theirs: usize,
}

fn ours(text: &str) -> Reading {
    let leaves = markdown::plain_text(text);
    let Segments { encoding, units, count: parts, .. } = Segments::of(&leaves);
    Reading {
        clean: markdown::clean(text),
        taken_out: markdown::taken_out(text),
        sendable: markdown::sendable(text),
        shows: markdown::parse(text),
        leaves,
        encoding,
        units,
        parts,
    }
}

fn of(pieces: &'static str, count: Range<usize>) -> impl Strategy<Value = String> {
    proptest::collection::vec(piece(pieces), count).prop_map(|pieces| pieces.concat())
}

fn piece(pieces: &'static str) -> impl Strategy<Value = &'static str> {
    select(pieces.split('|').collect::<Vec<_>>())
}

fn texts(text: impl Strategy<Value = String>) -> Vec<String> {
    let mut runner = TestRunner::default();
    let mut one = || text.new_tree(&mut runner).expect("a text").current();
    (0..TEXTS).map(|_| one()).collect()
}

/// What is counted in a way of its own stands where the first part ends, and the second is full or nearly so: what
/// is cut elsewhere makes a third.
fn cut_at_what_is_odd() -> impl Strategy<Value = String> {
    let units = |text: &str| text.encode_utf16().count();
    (60..68_usize, of(CLUSTERS, 2..8), 128..136_usize).prop_map(move |(head, middle, all)| {
        let text = "я".repeat(head) + &middle;
        let rest = "я".repeat(all.saturating_sub(units(&text)));
        text + &rest
    })
}

/// Asks the window's modules, in one process for all texts.
fn asked(texts: &[String]) -> Vec<Answer> {
    let web = porchlight_tools::npm_packages("web").expect("the npm packages");
    let mut node = Command::new("node");
    node.arg("tests/texts.mjs").current_dir(web).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut node = node.spawn().expect("node starts");
    let question = serde_json::to_vec(texts).expect("texts are JSON");
    node.stdin.take().expect("piped").write_all(&question).expect("node listens");
    let answer = node.wait_with_output().expect("node ends");
    serde_json::from_slice(&answer.stdout).expect("an answer for each text")
}

/// The shortest text that both sides read differently is shown: random ones are long.
fn agree(texts: &[String], also: impl Fn(&Answer) -> bool) {
    let answers = asked(texts);
    assert_eq!(answers.len(), texts.len());
    let differ = |(text, answer): &(&String, &Answer)| ours(text) != answer.window || !also(answer);
    let shortest = texts.iter().zip(&answers).filter(differ).min_by_key(|(text, _)| text.len());
    if let Some((text, answer)) = shortest {
        assert_eq!(ours(text), answer.window, "{text:?}");
        panic!("{text:?} takes {} parts, says the provider's calculator", answer.theirs);
    }
}

#[test]
fn server_and_window_read_random_marks_and_addresses_alike() {
    agree(&texts(of(SIGNS, 0..14)), |_| true);
}

#[test]
fn server_and_window_read_any_characters_alike() {
    let odd = prop_oneof![2 => "\\PC", 1 => piece(SIGNS).prop_map(str::to_owned)];
    agree(&texts(proptest::collection::vec(odd, 0..30).prop_map(|pieces| pieces.concat())), |_| true);
}

#[test]
fn server_and_window_see_something_or_nothing_in_every_character_alike() {
    let tags = '\u{e0000}'..='\u{e0fff}';
    let characters = ('\0'..='\u{ffff}').chain('\u{1bc00}'..='\u{1d1ff}').chain(tags);
    agree(&characters.map(String::from).collect::<Vec<_>>(), |_| true);
}

#[test]
fn server_and_window_count_parts_as_the_providers_own_calculator_does() {
    let counted_alike = |counted: &Answer| counted.window.parts == counted.theirs;
    agree(&texts(of(CLUSTERS, 0..60)), counted_alike);
    agree(&texts(cut_at_what_is_odd()), counted_alike);
    let signs = ["ก\u{e33}", "न\u{93f}", "ব\u{9be}", "z\u{301}", "ல\u{bbe}"];
    let joined = signs.map(|sign| {
        format!("{}{sign}\u{200d}👩🏽\u{200d}❤\u{fe0f}\u{200d}👨🏽{}", "я".repeat(60), "я".repeat(60))
    });
    agree(&joined, counted_alike);
}
