//! Web addresses as they stand, and words that lead to one.

use super::Node;
use super::clean::{is_blank, shows_something, trim};

/// What a mail link begins with; it is no part of the address.
pub(super) const MAIL: &str = "mailto:";

const SCHEMES: [&str; 2] = ["https://", "http://"];

/// Quotation marks end an address, like a space.
const ENDS: &str =
    "<>\"'`\u{201c}\u{201d}\u{201e}\u{201f}\u{2018}\u{2019}\u{201a}\u{201b}«»\u{2039}\u{203a}…";

/// The end of a sentence, a bracket around it, or a star is no part of an address.
const TAIL: &str = ".,;:!?)]}*،؛؟।॥";

/// `https://…`, without what only stands after it.
pub(super) fn bare(rest: &str) -> Option<(Node, usize)> {
    let scheme = scheme(rest)?;
    let end = rest.find(ends_address).unwrap_or(rest.len());
    let address = without_tail(&rest[..end]);
    is_host(address.get(scheme..)?).then(|| (link(address, address), address.len()))
}

/// `[the form](https://…)`.
pub(super) fn labelled(rest: &str) -> Option<(Node, usize)> {
    let (label, tail) = rest[1..].split_once(']')?;
    let address = bracketed(tail.strip_prefix('(')?)?;
    let is_label = trim(label) == label && shows_something(label) && !label.contains(['[', '\n']);
    (is_label && leads_somewhere(address))
        .then(|| (link(address, label), "[](".len() + label.len() + address.len() + ")".len()))
}

fn link(href: &str, label: &str) -> Node {
    Node::Link { href: href.to_owned(), label: label.to_owned() }
}

/// How long the scheme of a web address is.
fn scheme(text: &str) -> Option<usize> {
    let begins = |scheme: &&&str| text.get(..scheme.len()).is_some_and(|s| s.eq_ignore_ascii_case(scheme));
    SCHEMES.iter().find(begins).map(|scheme| scheme.len())
}

fn is_host(text: &str) -> bool {
    text.starts_with(char::is_alphanumeric)
}

fn leads_somewhere(address: &str) -> bool {
    match (scheme(address), address.strip_prefix(MAIL)) {
        (Some(scheme), _) => is_host(&address[scheme..]),
        (None, Some(mail)) => mail.contains('@'),
        (None, None) => false,
    }
}

/// What stands before the bracket that closes, if it could be an address.
fn bracketed(text: &str) -> Option<&str> {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            ')' if depth == 0 => return Some(&text[..at]),
            ')' => depth -= 1,
            '(' => depth += 1,
            c if is_blank(c) => return None,
            _ => {}
        }
    }
    None
}

/// Spaces, quotation marks, and the full-width punctuation of languages that put no space after an address.
fn ends_address(c: char) -> bool {
    let is_full_width = matches!(c, '\u{3000}'..='\u{303f}' | '\u{fe10}'..='\u{fe6f}'
        | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}');
    is_blank(c) || is_full_width || ENDS.contains(c)
}

/// A bracket that was opened within the address belongs to it.
fn without_tail(address: &str) -> &str {
    let count = |bracket: char| address.matches(bracket).count();
    let (opened, mut closed) = (count('('), count(')'));
    address.trim_end_matches(|c| {
        let belongs = c == ')' && closed <= opened;
        closed -= usize::from(c == ')' && !belongs);
        TAIL.contains(c) && !belongs
    })
}
