//! Where a text may be cut between segments, as the provider's own calculator sees it.
//!
//! It cuts by Unicode 10 (npm `grapheme-splitter` 1.0.4), not by the Unicode of today: a Hindi conjunct and an
//! emoji that is younger come apart, and so does what follows a decorated flag or a second skin tone after a
//! heart. Counting what the provider counts means following it there.

use unicode_normalization::char::is_combining_mark;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// What a character is to its neighbours.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Stands alone: line breaks and signs that only steer.
    Control,
    /// Belongs to what stands before it: accents.
    Mark,
    /// The same, and has a place of its own: vowel signs.
    Sign,
    /// Belongs to what stands after it.
    Prefix,
    /// Joins emoji.
    Joiner,
    /// Takes a skin tone.
    Body,
    /// A body that may also be joined to another: man, woman, boy, girl.
    Relative,
    /// A skin tone.
    Tone,
    /// What may be joined to a body: the tools of a trade, a heart.
    Thing,
    /// Half a flag.
    Flag,
    /// The parts and blocks of Korean syllables.
    Lead,
    Vowel,
    Tail,
    Open,
    Closed,
    Other,
}

/// Character by character, `\r\n` included; all others as the calculator keeps them whole.
pub(super) fn clusters(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut from, mut cluster) = (0, Vec::new());
    for (at, c) in text.char_indices() {
        let class = class(c);
        if !cluster.is_empty() && !joins(&cluster, class) {
            found.push(&text[from..at]);
            from = at;
            cluster.clear();
        }
        cluster.push(class);
    }
    found.extend((from < text.len()).then_some(&text[from..]));
    found
}

/// Whether the next character belongs to the cluster.
fn joins(cluster: &[Class], next: Class) -> bool {
    use Class::{Control, Flag, Joiner, Mark, Prefix, Relative, Sign, Thing, Tone};
    let [.., last] = cluster else { return true };
    let is_after_decorated_flag = *last != Flag && cluster[1..].contains(&Flag);
    if is_after_decorated_flag || *last == Control || next == Control {
        return false;
    }
    match (*last, next) {
        (_, Mark | Sign | Joiner) | (Prefix, _) | (Joiner, Thing | Relative) => true,
        (_, Tone) => takes_tone(cluster),
        (Flag, Flag) => cluster.len() == 1,
        (last, next) => is_syllable(last, next),
    }
}

/// The parts of a Korean syllable.
const fn is_syllable(last: Class, next: Class) -> bool {
    use Class::{Closed, Lead, Open, Tail, Vowel};
    matches!(
        (last, next),
        (Lead, Lead | Vowel | Open | Closed) | (Open | Vowel, Vowel | Tail) | (Closed | Tail, Tail)
    )
}

/// A skin tone joins a body, with one mark between them at most.
fn takes_tone(cluster: &[Class]) -> bool {
    let is_body = |class: &Class| matches!(class, Class::Body | Class::Relative);
    match cluster {
        [.., body, Class::Mark] => is_body(body),
        [.., body] => is_body(body) && !cluster.contains(&Class::Mark),
        [] => false,
    }
}

fn class(c: char) -> Class {
    let is_in = |ranges: &[(char, char)]| ranges.iter().any(|(first, last)| (*first..=*last).contains(&c));
    match c {
        '\u{20}'..='\u{7e}' | '\u{a0}'..='\u{ac}' | '\u{ae}'..='\u{2ff}' => Class::Other,
        '\u{200d}' => Class::Joiner,
        '\u{1f3fb}'..='\u{1f3ff}' => Class::Tone,
        '\u{1f1e6}'..='\u{1f1ff}' => Class::Flag,
        '\u{1f466}'..='\u{1f469}' => Class::Relative,
        '\u{1100}'..='\u{115f}' | '\u{a960}'..='\u{a97c}' => Class::Lead,
        '\u{1160}'..='\u{11a7}' | '\u{d7b0}'..='\u{d7c6}' => Class::Vowel,
        '\u{11a8}'..='\u{11ff}' | '\u{d7cb}'..='\u{d7fb}' => Class::Tail,
        '\u{ac00}'..='\u{d7a3}' if (u32::from(c) - 0xac00).is_multiple_of(28) => Class::Open,
        '\u{ac00}'..='\u{d7a3}' => Class::Closed,
        c if c.is_control() || is_in(&CONTROL) => Class::Control,
        _ if is_in(&PREFIX) => Class::Prefix,
        _ if is_in(&BODY) => Class::Body,
        c if THING.contains(c) => Class::Thing,
        c if is_sign(c) => Class::Sign,
        c if is_mark(c) => Class::Mark,
        _ => Class::Other,
    }
}

/// Of them, those that take room: vowel signs, but for a few without which their letters are others.
fn is_sign(c: char) -> bool {
    let is_part = matches!(
        c,
        '\u{9be}'
            | '\u{9d7}'
            | '\u{b3e}'
            | '\u{b57}'
            | '\u{bbe}'
            | '\u{bd7}'
            | '\u{cc2}'
            | '\u{cd5}'
            | '\u{cd6}'
            | '\u{d3e}'
            | '\u{d57}'
            | '\u{dcf}'
            | '\u{ddf}'
            | '\u{302e}'
            | '\u{302f}'
            | '\u{1133e}'
            | '\u{11357}'
            | '\u{114b0}'
            | '\u{114bd}'
            | '\u{115af}'
            | '\u{1d165}'
            | '\u{1d16e}'..='\u{1d172}'
    );
    let takes_room = c.general_category() == GeneralCategory::SpacingMark && !is_part;
    matches!(c, '\u{e33}' | '\u{eb3}') || (takes_room && is_mark(c))
}

/// Marks as today's Unicode knows them, but for a few that Unicode 10 saw otherwise here.
fn is_mark(c: char) -> bool {
    let stands_alone = matches!(c, '\u{102b}' | '\u{102c}' | '\u{1038}' | '\u{1062}'..='\u{1064}'
        | '\u{1067}'..='\u{106d}' | '\u{1083}' | '\u{1087}'..='\u{108c}' | '\u{108f}' | '\u{109a}'..='\u{109c}'
        | '\u{1a61}' | '\u{1a63}' | '\u{1a64}' | '\u{aa7b}' | '\u{aa7d}');
    let joins_too = matches!(
        c,
        '\u{e33}' | '\u{eb3}' | '\u{1cf2}' | '\u{1cf3}' | '\u{200c}' | '\u{ff9e}' | '\u{ff9f}' | '\u{e0020}'
            ..='\u{e007f}'
    );
    joins_too || (is_combining_mark(c) && !stands_alone)
}

const CONTROL: [(char, char); 13] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{180e}', '\u{180e}'),
    ('\u{200b}', '\u{200b}'),
    ('\u{200e}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e001f}'),
    ('\u{e0080}', '\u{e00ff}'),
];

/// Signs of Arabic and other numbers, and letters written above the next one.
const PREFIX: [(char, char); 10] = [
    ('\u{600}', '\u{605}'),
    ('\u{6dd}', '\u{6dd}'),
    ('\u{70f}', '\u{70f}'),
    ('\u{8e2}', '\u{8e2}'),
    ('\u{d4e}', '\u{d4e}'),
    ('\u{110bd}', '\u{110bd}'),
    ('\u{111c2}', '\u{111c3}'),
    ('\u{11a3a}', '\u{11a3a}'),
    ('\u{11a86}', '\u{11a89}'),
    ('\u{11d46}', '\u{11d46}'),
];

/// Emoji of people and hands, up to 2017.
const BODY: [(char, char); 31] = [
    ('\u{261d}', '\u{261d}'),
    ('\u{26f9}', '\u{26f9}'),
    ('\u{270a}', '\u{270d}'),
    ('\u{1f385}', '\u{1f385}'),
    ('\u{1f3c2}', '\u{1f3c4}'),
    ('\u{1f3c7}', '\u{1f3c7}'),
    ('\u{1f3ca}', '\u{1f3cc}'),
    ('\u{1f442}', '\u{1f443}'),
    ('\u{1f446}', '\u{1f450}'),
    ('\u{1f46e}', '\u{1f46e}'),
    ('\u{1f470}', '\u{1f478}'),
    ('\u{1f47c}', '\u{1f47c}'),
    ('\u{1f481}', '\u{1f483}'),
    ('\u{1f485}', '\u{1f487}'),
    ('\u{1f4aa}', '\u{1f4aa}'),
    ('\u{1f574}', '\u{1f575}'),
    ('\u{1f57a}', '\u{1f57a}'),
    ('\u{1f590}', '\u{1f590}'),
    ('\u{1f595}', '\u{1f596}'),
    ('\u{1f645}', '\u{1f647}'),
    ('\u{1f64b}', '\u{1f64f}'),
    ('\u{1f6a3}', '\u{1f6a3}'),
    ('\u{1f6b4}', '\u{1f6b6}'),
    ('\u{1f6c0}', '\u{1f6c0}'),
    ('\u{1f6cc}', '\u{1f6cc}'),
    ('\u{1f918}', '\u{1f91c}'),
    ('\u{1f91e}', '\u{1f91f}'),
    ('\u{1f926}', '\u{1f926}'),
    ('\u{1f930}', '\u{1f939}'),
    ('\u{1f93d}', '\u{1f93e}'),
    ('\u{1f9d1}', '\u{1f9dd}'),
];

const THING: &str = "♀♂⚕⚖✈❤🌈🌾🍳🎓🎤🎨🏫🏭💋💻💼🔧🔬🗨🚀🚒";
