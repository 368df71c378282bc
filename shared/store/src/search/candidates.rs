//! Where the conversations with one term come from: what they are called, the postings of the term, and those of
//! what it may grow into.

use std::collections::{HashSet, VecDeque};

use porchlight_domain::id::{BusinessId, ConversationId};
use porchlight_domain::terms::QueryTerm;

use super::labels::told;
use crate::error::StoreError;
use crate::keys::{SETS, label_pk, of_short, term_pk, vocabulary_pk};
use crate::query::{Query, Range};
use crate::store::Store;
use crate::table::{Item, Table, text_of};

/// Terms that a beginning may grow into before it counts as common.
const MOST_GROWN: usize = 40;
/// Labels that a term may stand for before it counts as common: that so many people share a name hides none of
/// them, but of an area code a list says nothing.
const MOST_CALLED: usize = 10_000;
/// Labels that are read of a term, at most: ends of numbers stand one by one.
const MOST_LABELS: usize = 1_500;
/// Labels that are read at a time: the sets of a few words.
const LABELS: usize = 256;
/// Labels that are read first: a few of a word's sets tell how many all of them hold.
const FIRST_LABELS: usize = 8;
/// Postings of one term that are read first, of all that it grows into; of each some at least, and no more than a
/// page takes.
const FIRST_PIECES: usize = 160;
const LEAST_PIECE: usize = 8;
const FIRST_PIECE: usize = 64;
/// Postings of one list that are read at a time, at most.
const LARGEST_PIECE: usize = 1_000;

/// Words that are in so many texts that a list of them finds nothing: they have no postings.
const COMMON: [&str; 56] = [
    "a", "about", "all", "am", "an", "and", "any", "are", "as", "at", "be", "but", "by", "can", "could",
    "do", "for", "from", "get", "have", "hello", "hi", "i", "if", "im", "in", "is", "it", "its", "just",
    "me", "my", "no", "not", "of", "on", "or", "our", "so", "thanks", "that", "the", "there", "they", "this",
    "to", "up", "was", "we", "what", "when", "will", "with", "would", "you", "your",
];

/// Whether a word has no postings.
pub(super) fn is_common(word: &str) -> bool {
    COMMON.binary_search(&word).is_ok()
}

/// A message that has the term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Posting {
    pub place: String,
    pub conversation: ConversationId,
    pub seq: u64,
}

impl Posting {
    pub fn from_item(item: &Item) -> Option<Self> {
        let place = text_of(item, "sk")?.to_owned();
        let mut parts = place.split('#').skip(1);
        let conversation = of_short(parts.next()?)?;
        let seq = parts.next()?.parse().ok()?;
        Some(Self { place, conversation, seq })
    }
}

/// The conversations with one term: those called so, and those that say so, newest first.
pub(super) struct List {
    /// Everybody who is called so, or was; none when they are too many.
    pub called: Option<HashSet<ConversationId>>,
    /// None when the term is too common to have a list.
    lanes: Option<Vec<Lane>>,
}

/// The postings of one word, read piece by piece.
struct Lane {
    partition: String,
    postings: VecDeque<Posting>,
    next: Option<Item>,
    is_done: bool,
    piece: usize,
}

impl List {
    /// The list of a term; nothing of its postings is read yet.
    pub async fn of(store: &Store, business: &BusinessId, term: &QueryTerm) -> Result<Self, StoreError> {
        let grown = async { if too_common(term) { Ok(None) } else { grown(store, business, term).await } };
        let (words, called) = futures::try_join!(grown, called(store, business, term))?;
        let lanes = words.map(|words| {
            let piece = (FIRST_PIECES / words.len().max(1)).clamp(LEAST_PIECE, FIRST_PIECE);
            words.iter().map(|word| Lane::new(term_pk(business, word), piece)).collect()
        });
        Ok(Self { called, lanes })
    }

    /// Whether it can be walked to its end.
    pub const fn is_walkable(&self) -> bool {
        self.called.is_some() && self.lanes.is_some()
    }

    /// Whether no message has it.
    pub fn is_unsaid(&self) -> bool {
        self.lanes.as_ref().is_some_and(Vec::is_empty)
    }

    /// Reads on where nothing is left of what was read; how many postings that brought.
    pub async fn fill(&mut self, store: &Store) -> Result<usize, StoreError> {
        let thirsty = self.lanes.iter_mut().flatten().filter(|lane| lane.is_thirsty());
        let read = futures::future::try_join_all(thirsty.map(|lane| lane.fill(store))).await?;
        Ok(read.into_iter().sum())
    }

    /// Whether there is something to read before the newest posting is known.
    pub fn is_thirsty(&self) -> bool {
        self.lanes.iter().flatten().any(Lane::is_thirsty)
    }

    /// Nothing is left of it.
    pub fn is_done(&self) -> bool {
        self.lanes.iter().flatten().all(|lane| lane.is_done && lane.postings.is_empty())
    }

    /// The place of the newest posting that was not taken.
    pub fn newest(&self) -> Option<&str> {
        self.lanes.iter().flatten().filter_map(Lane::newest).max()
    }

    /// Takes the newest posting.
    pub fn take(&mut self) -> Option<Posting> {
        let lanes = self.lanes.iter_mut().flatten().filter(|lane| !lane.postings.is_empty());
        let lane = lanes.max_by(|a, b| a.newest().cmp(&b.newest()))?;
        lane.postings.pop_front()
    }
}

impl Lane {
    const fn new(partition: String, piece: usize) -> Self {
        Self { partition, postings: VecDeque::new(), next: None, is_done: false, piece }
    }

    fn is_thirsty(&self) -> bool {
        self.postings.is_empty() && !self.is_done
    }

    fn newest(&self) -> Option<&str> {
        self.postings.front().map(|posting| posting.place.as_str())
    }

    async fn fill(&mut self, store: &Store) -> Result<usize, StoreError> {
        let query = Query::table(Table::Derived, &self.partition).descending(true).limit(self.piece);
        let found = store.query(query.from(self.next.take())).await?;
        // Whoever reads on reads much: most searches end with the first piece.
        self.piece = (self.piece * 4).min(LARGEST_PIECE);
        self.postings.extend(found.items.iter().filter_map(Posting::from_item));
        self.is_done = found.next.is_none();
        self.next = found.next;
        Ok(found.items.len())
    }
}

/// One letter, or what a common word is or begins with.
pub(super) fn too_common(term: &QueryTerm) -> bool {
    let grows_common = || COMMON.iter().any(|word| word.starts_with(&term.text));
    is_common(&term.text) || term.is_prefix && (term.text.chars().nth(1).is_none() || grows_common())
}

/// The terms with postings that a query's term stands for; none when there are too many.
pub(super) async fn grown(
    store: &Store,
    business: &BusinessId,
    term: &QueryTerm,
) -> Result<Option<Vec<String>>, StoreError> {
    if !term.is_prefix {
        return Ok(Some(vec![term.text.clone()]));
    }
    let query = Query::table(Table::Derived, vocabulary_pk(business, &term.text)).prefix(&term.text);
    let found = store.query_first(query.limit(MOST_GROWN + 1), MOST_GROWN + 1).await?;
    let terms: Vec<String> = found.iter().filter_map(|item| text_of(item, "sk").map(str::to_owned)).collect();
    Ok((terms.len() <= MOST_GROWN).then_some(terms))
}

/// Everybody whose name, street or number has the term, or had; none when they are too many.
async fn called(
    store: &Store,
    business: &BusinessId,
    term: &QueryTerm,
) -> Result<Option<HashSet<ConversationId>>, StoreError> {
    // Whole labels end with `#`.
    let prefix = if term.is_prefix { term.text.clone() } else { format!("{}#", term.text) };
    let query = Query::table(Table::Derived, label_pk(business, &term.text)).range(Range::Prefix(prefix));
    let (mut ids, mut from, mut items) = (HashSet::new(), None, 0);
    loop {
        let piece = if items == 0 { FIRST_LABELS } else { LABELS };
        let found = store.query(query.clone().limit(piece).from(from)).await?;
        items += found.items.len();
        ids.extend(found.items.iter().flat_map(told));
        let sets_to_come = if items == FIRST_LABELS { SETS / FIRST_LABELS } else { 1 };
        if ids.len() * sets_to_come > MOST_CALLED || items > MOST_LABELS {
            return Ok(None);
        }
        from = found.next;
        if from.is_none() {
            return Ok(Some(ids));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_words_are_in_order_so_that_they_are_found() {
        assert!(COMMON.is_sorted());
        assert!(is_common("the") && !is_common("heater"));
    }
}
