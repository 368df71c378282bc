//! The keys of the search's index, and conversations as they stand in it.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use porchlight_domain::id::{BusinessId, ConversationId};
use porchlight_domain::time::Timestamp;

use super::{Key, first_event_id, fnv};

pub(crate) fn term_pk(business: &BusinessId, term: &str) -> String {
    format!("{business}#TERM#{term}")
}

pub(crate) fn posting_sk(at: Timestamp, conversation: &ConversationId, seq: u64) -> String {
    format!("{}#{}#{seq}", &first_event_id(at)[..10], short(conversation))
}

/// A conversation as it stands in keys that there are many of, 22 characters for 32, and in lists of very many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Short(u128);

/// Very many conversations.
pub(crate) type Shorts = HashSet<Short, BuildHasherDefault<Digested>>;
/// What is known of very many conversations.
pub(crate) type OfShorts<T> = HashMap<Short, T, BuildHasherDefault<Digested>>;

/// The hash of an id, which is a digest as it is.
#[derive(Debug, Default)]
pub(crate) struct Digested(u64);

impl Hasher for Digested {
    fn write_u128(&mut self, id: u128) {
        self.0 = u64::try_from(id & u128::from(u64::MAX)).unwrap_or_default();
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| hash.rotate_left(8) ^ u64::from(*byte));
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

impl Short {
    pub fn of(conversation: &ConversationId) -> Self {
        Self(u128::from_str_radix(conversation.as_str(), 16).expect("an id is 32 hex digits"))
    }

    /// The conversation that is written so, if any is.
    pub fn read(written: &str) -> Option<Self> {
        let mut bytes = [0; 24];
        let count = URL_SAFE_NO_PAD.decode_slice(written, &mut bytes).ok()?;
        bytes[..count].try_into().ok().map(u128::from_be_bytes).map(Self)
    }

    /// Which conversation it is.
    pub fn id(self) -> ConversationId {
        format!("{:032x}", self.0).parse().expect("an id is 32 hex digits")
    }
}

/// A conversation as it is written in short.
pub(crate) fn short(conversation: &ConversationId) -> String {
    URL_SAFE_NO_PAD.encode(Short::of(conversation).0.to_be_bytes())
}

pub(crate) fn vocabulary_pk(business: &BusinessId, term: &str) -> String {
    format!("{business}#VOCAB#{}", first_two(term))
}

/// Where a word of names lies by its first two letters, for whoever mistypes a later one.
pub(crate) fn near_head(business: &BusinessId, word: &str) -> String {
    format!("{business}#NEAR#{}", first_two(word))
}

/// Where a word lies by its third and fourth letters, for whoever mistypes one of the first two; nowhere if it has none.
pub(crate) fn near_tail(business: &BusinessId, word: &str) -> Option<String> {
    let letters: String = word.chars().skip(2).take(2).collect();
    (!letters.is_empty()).then(|| format!("{business}#NEAR#-{letters}"))
}

pub(crate) fn label_pk(business: &BusinessId, label: &str) -> String {
    format!("{business}#LABEL#{}", first_two(label))
}

/// The lines of a business that are not packed yet.
pub(crate) fn log_pk(business: &BusinessId) -> String {
    format!("{business}#LOG")
}

/// A block of them.
pub(crate) fn log_place(block: u64) -> String {
    format!("{block:010}")
}

/// Where the ends of numbers lie that begin with two digits.
pub(crate) fn ends_pk(business: &BusinessId, end: &str) -> String {
    format!("{business}#ENDS#{}", first_two(end))
}

/// Where those lie that begin with the same few.
pub(crate) fn ends_place(end: &str) -> &str {
    end.get(..6).unwrap_or(end)
}

/// Tells one item from another that says something else; the same for the same text.
pub(crate) fn digest(text: &str) -> String {
    format!("{:016x}", fnv(text))
}

/// Sets of those who are called by one word.
pub(crate) const SETS: usize = 64;

/// Where a conversation stands among those that are called so.
pub(crate) fn label_set(business: &BusinessId, label: &str, conversation: &ConversationId) -> Key {
    let first = u8::from_str_radix(&conversation.as_str()[..2], 16).expect("an id is 32 hex digits");
    Key::new(label_pk(business, label), format!("{label}#{:02x}", usize::from(first) % SETS))
}

pub(super) fn first_two(term: &str) -> String {
    term.chars().take(2).collect()
}

pub(crate) fn words_pk(business: &BusinessId, conversation: &ConversationId) -> String {
    format!("{business}#WORDS#{conversation}")
}
