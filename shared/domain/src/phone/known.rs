//! Numbers that were found to be whole and in their one spelling: a list of conversations has a hundred of them, and to
//! hold each against the numbering plan again costs more than reading it.

use std::cell::RefCell;
use std::collections::HashSet;

/// Remembered by each thread; then it begins anew.
const ROOM: usize = 4_096;

thread_local! {
    static KNOWN: RefCell<HashSet<String>> = RefCell::default();
}

/// Whether this very text was found before.
pub(super) fn is_e164(text: &str) -> bool {
    KNOWN.with_borrow(|known| known.contains(text))
}

/// `text` was found to be the number `e164`.
pub(super) fn remember(e164: &str, text: &str) {
    if e164 != text {
        return;
    }
    KNOWN.with_borrow_mut(|known| {
        if known.len() >= ROOM {
            known.clear();
        }
        known.insert(text.to_owned());
    });
}
