//! A text with its variables filled: once, from left to right (RULES "Templates").
//!
//! A variable is `{{name}}`, with spaces inside the braces if one likes. What is filled in is text and is not read
//! again, whatever braces, quotes or dollar signs it holds. A variable without a value stays as it was typed, and so
//! does what looks like a variable and is none of ours.

use super::values::Values;
use super::variable::Variable;

/// A piece of a template's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Words as they stand.
    Words(&'t str),
    /// One of our variables, with the braces as they were typed.
    Ours(Variable, &'t str),
    /// What looks like a variable and is none of ours: its name, and the braces as they were typed.
    Unknown(&'t str, &'t str),
}

/// The text as words and variables; together they are the text again.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(found) = text[at..].find("{{") {
        at += found;
        let Some((name, length)) = name_at(&text[at..]) else {
            at += 1;
            continue;
        };
        pieces.extend(words(&text[from..at]));
        let typed = &text[at..at + length];
        pieces
            .push(Variable::named(name).map_or(Piece::Unknown(name, typed), |ours| Piece::Ours(ours, typed)));
        at += length;
        from = at;
    }
    pieces.extend(words(&text[from..]));
    pieces
}

fn words(text: &str) -> Option<Piece<'_>> {
    (!text.is_empty()).then_some(Piece::Words(text))
}

/// The name between the braces that a text begins with, and how many bytes they take.
fn name_at(text: &str) -> Option<(&str, usize)> {
    let inside = text.strip_prefix("{{")?.trim_start_matches(' ');
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let end = inside.find(|c| !is_of_name(c)).unwrap_or(inside.len());
    let (name, rest) = inside.split_at(end);
    let rest = rest.trim_start_matches(' ').strip_prefix("}}")?;
    (!name.is_empty()).then_some((name, text.len() - rest.len()))
}

/// The names of what looks like a variable and is none of ours, each once: the writer of a template is told.
pub fn unknown(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for piece in pieces(text) {
        if let Piece::Unknown(name, _) = piece
            && !names.iter().any(|known| known == name)
        {
            names.push(name.to_owned());
        }
    }
    names
}

/// A piece of a filled text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilledPiece {
    /// What stands there now.
    pub text: String,
    /// The variable of ours that stood there.
    pub variable: Option<Variable>,
    /// It is a variable without a value.
    pub is_unresolved: bool,
}

/// A text with its variables filled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// What it came to, piece by piece.
    pub pieces: Vec<FilledPiece>,
}

impl Filled {
    /// The whole text.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }

    /// Our variables that have no value, each once, in their order.
    pub fn unresolved(&self) -> Vec<Variable> {
        let mut names = Vec::new();
        for piece in self.pieces.iter().filter(|piece| piece.is_unresolved) {
            names.extend(piece.variable.filter(|variable| !names.contains(variable)));
        }
        names
    }
}

/// The text with what is known filled in.
pub fn fill(text: &str, values: &Values) -> Filled {
    let filled = |piece: Piece<'_>| match piece {
        Piece::Words(words) => FilledPiece { text: words.to_owned(), variable: None, is_unresolved: false },
        Piece::Unknown(_, typed) => {
            FilledPiece { text: typed.to_owned(), variable: None, is_unresolved: false }
        }
        Piece::Ours(variable, typed) => {
            let value = values.get(variable);
            FilledPiece {
                text: value.unwrap_or(typed).to_owned(),
                variable: Some(variable),
                is_unresolved: value.is_none(),
            }
        }
    };
    Filled { pieces: pieces(text).into_iter().map(filled).collect() }
}
