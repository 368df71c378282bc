//! Words between two equal marks that stand at the edges of words.

use super::clean::{is_space, trim};
use super::{Node, read};

/// What may stand before an opening mark, besides a space and nothing.
const BEFORE: &str = "([{\"'“‘„«¿¡–—-（［「『【〈《";

/// What may stand after a closing mark, besides a space and nothing.
const AFTER: &str = ")]}\"'”’“‘»,.:;!?…–—-）］」』】〉》、。，．：；！？";

/// What stands between the mark at `at` and its partner, and how many bytes both take with it. The partner is
/// the very next run of as many marks on the line, or there is none.
pub(super) fn between(text: &str, at: usize, mark: char) -> Option<(Node, usize)> {
    let size = run(&text[at..], mark);
    if size > most(mark) || !may_open(&text[..at]) {
        return None;
    }
    let inner = &text[at + size..];
    let inner = &inner[..next_run(inner, mark, size)?];
    let length = size + inner.len() + size;
    let is_pair = may_close(&text[at + length..]) && is_tight(inner);
    let node = is_pair.then(|| node(mark, size, inner)).flatten()?;
    Some((node, length))
}

/// Longer runs are drawings and blanks.
const fn most(mark: char) -> usize {
    if mark == '*' { 3 } else { 1 }
}

/// How many marks the text begins with; each is one byte.
fn run(text: &str, mark: char) -> usize {
    text.len() - text.trim_start_matches(mark).len()
}

/// Where the next run of exactly `size` marks stands on this line.
fn next_run(text: &str, mark: char, size: usize) -> Option<usize> {
    let line = text.split('\n').next().unwrap_or_default();
    let mut at = 0;
    while let Some(found) = line[at..].find(mark) {
        at += found;
        let length = run(&line[at..], mark);
        if length == size {
            return Some(at);
        }
        at += length;
    }
    None
}

fn may_open(before: &str) -> bool {
    before.chars().next_back().is_none_or(|c| is_space(c) || BEFORE.contains(c))
}

fn may_close(after: &str) -> bool {
    after.chars().next().is_none_or(|c| is_space(c) || AFTER.contains(c))
}

/// No space on the inside of either mark.
fn is_tight(inner: &str) -> bool {
    trim(inner) == inner && !inner.is_empty()
}

fn node(mark: char, size: usize, inner: &str) -> Option<Node> {
    if mark == '`' {
        return Some(Node::Code(inner.to_owned()));
    }
    let is_emphasis =
        begins_and_ends_with_words(inner) && if size == 1 { is_prose(inner) } else { says(inner) };
    is_emphasis.then(|| match size {
        1 => Node::Em(read(inner)),
        2 => Node::Strong(read(inner)),
        _ => Node::Strong(vec![Node::Em(read(inner))]),
    })
}

/// "*Required. See (*)" has two footnotes, and no emphasis.
fn begins_and_ends_with_words(inner: &str) -> bool {
    !inner.starts_with([')', ']', '}', ',', '.', ':', ';', '!', '?']) && !inner.ends_with(['(', '[', '{'])
}

fn says(inner: &str) -> bool {
    inner.contains(char::is_alphanumeric)
}

/// Words; a code such as `*1234#` or `*A12*` has its stars from whoever made it.
fn is_prose(inner: &str) -> bool {
    let is_code = inner.contains(char::is_numeric) && !inner.contains(is_space) && !inner.contains("://");
    inner.contains(char::is_alphabetic) && !is_code
}
