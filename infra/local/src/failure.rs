//! Why something could not be done, in one line.

use std::fmt::Write as _;

/// An error and what caused it, as they introduce themselves; what was said already is not said again.
pub(crate) fn in_words(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_words = cause.to_string();
        if !words.contains(&cause_words) {
            let _ = write!(words, ": {cause_words}");
        }
        source = cause.source();
    }
    words.replace('\n', " ")
}
