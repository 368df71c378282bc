//! What never leaves: control characters, and texts that show nothing.

/// Signs without a width or a look of their own (Unicode's `Default_Ignorable_Code_Point`), and two that only
/// look like a space: braille without dots, and the anchors of annotations.
const INVISIBLE: [(char, char); 19] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{202a}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{2800}', '\u{2800}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fff8}'),
    ('\u{fff9}', '\u{fffb}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// A text as it is kept and sent: every line break is `\n`, a tab is a space, other control characters are
/// gone, and so is the space around it.
pub fn clean(text: &str) -> String {
    let unix = text.replace("\r\n", "\n");
    let plain: String = unix.chars().filter(|c| !is_taken_out(*c)).map(plain_space).collect();
    trim(&plain).to_owned()
}

/// Without the space around it.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// A space of any width; a byte order mark passes for one, as in browsers.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || c == '\u{feff}'
}

/// How many characters [`clean`] takes out: the writer is told before.
pub fn taken_out(text: &str) -> usize {
    text.chars().filter(|c| is_taken_out(*c)).count()
}

/// Whether a text has anything to be seen.
pub fn shows_something(text: &str) -> bool {
    !text.chars().all(is_blank)
}

/// Spaces, and what shows nothing at all.
pub(super) fn is_blank(c: char) -> bool {
    let is_invisible = || INVISIBLE.iter().any(|(first, last)| (*first..=*last).contains(&c));
    c.is_whitespace() || c.is_control() || is_invisible()
}

fn is_taken_out(c: char) -> bool {
    c.is_control() && c != '\t' && !is_line_break(c)
}

const fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

const fn plain_space(c: char) -> char {
    match c {
        '\t' => ' ',
        c if is_line_break(c) => '\n',
        c => c,
    }
}
