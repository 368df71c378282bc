//! Sentences that seem to ask for no more texts, however people put it, in English and in Spanish.
//!
//! Whoever is taken for somebody who asks is not texted until a person has looked, so that a wish that is missed
//! weighs more than one that is heard where none was: what is left to doubt asks. A held text costs a look; it is still
//! no answer to "Don't stop until it's fixed". Whoever names another way to be reached ("don't text me, call me") has
//! asked all the same. The corpus beside this file (`corpus.txt`) says what is meant.
//!
//! # Layout
//!
//! `clause` cuts a message into clauses of known words, `vocabulary` has the classes of words, `pattern` is a line of the
//! grammar, `kind` puts lines together; the grammar itself is in `english` and `spanish`.

mod clause;
mod english;
mod kind;
mod pattern;
mod spanish;
mod vocabulary;

/// Whether a message seems to ask for no more texts.
pub fn asks_to_stop(text: &str) -> bool {
    kind::any_asks(&clause::clauses(text))
}

#[cfg(test)]
mod tests;
