//! The little markdown of our messages: bold, italic, code, links (FEATURES row 40), and how it leaves.
//!
//! One definition for what the bubble shows and what leaves (RULES "Sending"): the window reads with the same
//! grammar, both pass the cases of `cases/texts.json`, and a test feeds both the same random texts. In doubt a
//! sign is text: a mark without its partner, a blank of underscores, a shrug, a code with stars and an address
//! stay as typed.
//!
//! # Layout
//!
//! `clean`: what never leaves at all; `marks`: pairs of stars, underscores and backticks; `address`: links.

use serde::{Deserialize, Serialize};

mod address;
mod clean;
mod marks;

pub use self::clean::{clean, shows_something, taken_out};

/// A piece of a message, as the bubble draws it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Node {
    /// As it stands.
    Text(String),
    /// `` `A1` ``
    Code(String),
    /// `**Tuesday**`
    Strong(Vec<Node>),
    /// `*nine*` and `_nine_`
    Em(Vec<Node>),
    /// `https://…` and `[the form](https://…)`
    Link {
        /// Where it leads: a web or mail address.
        href: String,
        /// The words that are shown for it.
        label: String,
    },
}

/// What the bubble shows.
pub fn parse(text: &str) -> Vec<Node> {
    read(&clean(text))
}

/// The words as they leave on a channel without formatting, links as `words (address)`.
pub fn plain_text(markdown: &str) -> String {
    parse(markdown).iter().map(Node::words).collect()
}

/// Whether anything is left to be read of what leaves: nothing else is sent.
pub fn sendable(markdown: &str) -> bool {
    shows_something(&plain_text(markdown))
}

impl Node {
    fn words(&self) -> String {
        match self {
            Self::Text(text) | Self::Code(text) => text.clone(),
            Self::Strong(inner) | Self::Em(inner) => inner.iter().map(Self::words).collect(),
            Self::Link { href, label } => {
                let address = href.strip_prefix(address::MAIL).unwrap_or(href);
                if label == address { label.clone() } else { format!("{label} ({address})") }
            }
        }
    }
}

/// From left to right: what begins at a sign and is whole, is taken; any other sign is text.
fn read(text: &str) -> Vec<Node> {
    let mut nodes = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(next) = text[at..].chars().next() {
        let Some((node, length)) = piece(text, at, next) else {
            at += next.len_utf8();
            continue;
        };
        nodes.extend(as_text(&text[from..at]));
        nodes.push(node);
        at += length;
        from = at;
    }
    nodes.extend(as_text(&text[from..]));
    nodes
}

fn as_text(text: &str) -> Option<Node> {
    (!text.is_empty()).then(|| Node::Text(text.to_owned()))
}

/// What stands at `at`, and how many bytes of the source it takes.
fn piece(text: &str, at: usize, next: char) -> Option<(Node, usize)> {
    match next {
        'h' | 'H' => address::bare(&text[at..]),
        '[' => address::labelled(&text[at..]),
        '*' | '_' | '`' => marks::between(text, at, next),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
