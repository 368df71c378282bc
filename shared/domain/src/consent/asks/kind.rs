//! A kind of request: the lines that make it, and those that say that something else is meant.

use std::sync::LazyLock;

use super::pattern::Pattern;
use super::vocabulary::Word;
use super::{english, spanish};

/// One kind as it is written.
pub(super) struct Kind {
    /// A clause with one of these asks,
    pub(super) asks: &'static [&'static str],
    /// if it has none of these,
    pub(super) unless: &'static [&'static str],
    /// and no clause of the message has one of these.
    pub(super) nowhere: &'static [&'static str],
}

/// The same, read.
struct Grammar {
    asks: Vec<Pattern>,
    unless: Vec<Pattern>,
    nowhere: Vec<Pattern>,
}

static GRAMMARS: LazyLock<Vec<Grammar>> =
    LazyLock::new(|| english::KINDS.iter().chain(&spanish::KINDS).map(Grammar::read).collect());

/// Whether any clause of a message asks.
pub(super) fn any_asks(clauses: &[Vec<Word>]) -> bool {
    GRAMMARS.iter().any(|grammar| grammar.asks(clauses))
}

impl Grammar {
    fn read(kind: &Kind) -> Self {
        let read = |lines: &[&'static str]| lines.iter().map(|line| Pattern::read(line)).collect();
        Self { asks: read(kind.asks), unless: read(kind.unless), nowhere: read(kind.nowhere) }
    }

    fn asks(&self, clauses: &[Vec<Word>]) -> bool {
        clauses.iter().any(|clause| has(&self.asks, clause) && !has(&self.unless, clause))
            && !clauses.iter().any(|clause| has(&self.nowhere, clause))
    }
}

fn has(patterns: &[Pattern], clause: &[Word]) -> bool {
    patterns.iter().any(|pattern| pattern.is_in(clause))
}
