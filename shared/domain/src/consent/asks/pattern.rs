//! Patterns of words: a line of a grammar, read once and looked for in a clause.
//!
//! The parts of a line, with a blank between them: `word`; `CLASS` of the vocabulary; `_`, any word; `a|b|CLASS`, one
//! of them; `^` and `~`, the beginning of a clause and of a question; `$`, the end; `x?`, perhaps; `x*`, up to
//! eight; `!x`, and no `x` stands here. Words that only colour a sentence (`FILLER`) may stand between any two parts.

use super::vocabulary::{self, Word};

/// Words that one `*` may take: enough for a sentence, and what keeps a search linear.
const MOST: usize = 8;

/// One line of a grammar.
pub(super) struct Pattern(Vec<Part>);

struct Part {
    any_of: Vec<Kind>,
    least: usize,
    most: usize,
    is_absent: bool,
}

enum Kind {
    Exactly(&'static str),
    Of(u64),
    Anything,
}

impl Pattern {
    pub(super) fn read(line: &'static str) -> Self {
        Self(line.split(' ').map(Part::read).collect())
    }

    /// Whether it stands anywhere in a clause.
    pub(super) fn is_in(&self, clause: &[Word]) -> bool {
        (0..clause.len()).any(|at| begin(&clause[at..], &self.0))
    }
}

impl Part {
    fn read(written: &'static str) -> Self {
        let (is_absent, written) = written.strip_prefix('!').map_or((false, written), |rest| (true, rest));
        let (written, least, most) = match written.split_at(written.len() - 1) {
            (what, "?") => (what, 0, 1),
            (what, "*") => (what, 0, MOST),
            _ => (written, 1, 1),
        };
        Self { any_of: written.split('|').map(Kind::read).collect(), least, most, is_absent }
    }

    fn takes(&self, word: &Word) -> bool {
        self.any_of.iter().any(|kind| kind.is(word))
    }
}

impl Kind {
    fn read(written: &'static str) -> Self {
        match written {
            "_" => Self::Anything,
            "NAME" => Self::Of(vocabulary::NAME),
            "DIGIT" => Self::Of(vocabulary::DIGIT),
            class if class.starts_with(|c: char| c.is_ascii_uppercase()) => {
                Self::Of(vocabulary::class(class).expect("a grammar names classes of the vocabulary"))
            }
            word => Self::Exactly(word),
        }
    }

    fn is(&self, word: &Word) -> bool {
        match self {
            Self::Exactly("^") => word.begins(),
            Self::Exactly(text) => word.text == *text,
            Self::Of(class) => word.classes & class != 0,
            Self::Anything => !word.begins() && !word.ends(),
        }
    }
}

/// Whether words begin with these parts.
fn begin(words: &[Word], parts: &[Part]) -> bool {
    let Some((part, rest)) = parts.split_first() else { return true };
    if part.is_absent {
        return !words.first().is_some_and(|word| part.takes(word)) && begin(words, rest);
    }
    let run = words.iter().take(part.most).take_while(|word| part.takes(word)).count();
    (part.least..=run).any(|taken| begin(&words[taken..], rest))
        || words.first().is_some_and(Word::is_filler) && begin(&words[1..], parts)
}
