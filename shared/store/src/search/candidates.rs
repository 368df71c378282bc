//! Where the conversations with one term come from: what they are called, the postings of the term, and those of
//! what it may grow into.

use porchlight_domain::id::BusinessId;
use porchlight_domain::terms::{QueryTerm, SHORTEST_FRAGMENT};

use super::labels::told;
use super::lane::Lane;
use super::log::Log;
use super::postings::{Posting, ending};
use crate::error::StoreError;
use crate::keys::{SETS, Shorts, ends_pk, ends_place, label_pk, term_pk, vocabulary_pk};
use crate::people::is_number;
use crate::query::{Query, Range};
use crate::store::Store;
use crate::table::{Item, Table, text_of};

/// Terms that a beginning may grow into before it counts as common.
const MOST_GROWN: usize = 40;
/// People who may be called by a term before it counts as common: that so many share a name hides none of them. Beyond,
/// those who were active last soon bring enough of them.
const MOST_CALLED: usize = 20_000;
/// Labels that are read of a term, at most.
const MOST_LABELS: usize = 1_500;
/// Labels that are read at a time: the sets of a few words.
const LABELS: usize = 256;
/// Labels that are read first: a few of a word's sets tell how many all of them hold.
const FIRST_LABELS: usize = 8;
/// Items of one term's postings that are read first, of all words that it grows into; of each some at least.
const FIRST_PIECES: usize = 16;
const LEAST_PIECE: usize = 2;
const FIRST_PIECE: usize = 3;
/// Items of ends that are read at a time.
const ENDS: usize = 128;

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

/// The conversations with one term: those called so, and those that say so, newest first.
pub(super) struct List {
    /// Everybody who is called so, or was, as far as was read; none when they are too many.
    pub called: Option<Shorts>,
    /// What was not read of them yet.
    rest: Option<Labels>,
    /// None when the term is too common to have a list.
    lanes: Option<Vec<Lane>>,
}

impl List {
    /// The list of a term; of its postings nothing is read yet but what the log tells, and of who is called so not
    /// much: another term may tell that nobody has both.
    pub async fn of(
        store: &Store,
        business: &BusinessId,
        log: &Log,
        term: &QueryTerm,
    ) -> Result<Self, StoreError> {
        let grown = async { if too_common(term) { Ok(None) } else { grown(store, business, term).await } };
        let labels = Labels::of(business, term);
        let (words, labels, ending) =
            futures::try_join!(grown, labels.read(store), ending_so(store, business, log, term))?;
        let lanes = words.map(|words| {
            let piece = (FIRST_PIECES / words.len().max(1)).clamp(LEAST_PIECE, FIRST_PIECE);
            let packed = words.iter().map(|word| Lane::of(term_pk(business, word), piece));
            packed.chain(Some(Lane::whole(log.places(term))).filter(|lane| !lane.is_spent())).collect()
        });
        let mut list = Self { called: ending, rest: None, lanes };
        list.take_in(labels);
        Ok(list)
    }

    /// Reads what is left of who is called so.
    pub async fn complete(&mut self, store: &Store) -> Result<(), StoreError> {
        while let Some(labels) = self.rest.take() {
            let labels = labels.read(store).await?;
            self.take_in(labels);
        }
        Ok(())
    }

    fn take_in(&mut self, read: Option<(Shorts, Option<Labels>)>) {
        let both = self.called.take().zip(read);
        (self.called, self.rest) =
            both.map_or((None, None), |(called, (ids, rest))| (Some(joined(called, ids)), rest));
        if self.called.as_ref().is_some_and(|called| called.len() > MOST_CALLED) {
            (self.called, self.rest) = (None, None);
        }
    }

    /// Whether there is nobody of whom it could tell.
    pub fn is_empty(&self) -> bool {
        self.is_unsaid() && self.rest.is_none() && self.called.as_ref().is_some_and(Shorts::is_empty)
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
        self.lanes.iter().flatten().all(Lane::is_spent)
    }

    /// The place of the newest posting that was not taken.
    pub fn newest(&self) -> Option<&str> {
        self.lanes.iter().flatten().filter_map(Lane::newest).max()
    }

    /// Takes the newest posting.
    pub fn take(&mut self) -> Option<Posting> {
        let lanes = self.lanes.iter_mut().flatten().filter(|lane| lane.newest().is_some());
        let lane = lanes.max_by(|a, b| a.newest().cmp(&b.newest()))?;
        lane.take()
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

/// The few are added to the many.
fn joined(one: Shorts, other: Shorts) -> Shorts {
    let (mut many, few) = if one.capacity() < other.capacity() { (other, one) } else { (one, other) };
    many.extend(few);
    many
}

/// Everybody whose name, street or number has the term, or had: the sets that are read next.
struct Labels {
    query: Query,
    from: Option<Item>,
    read: usize,
}

impl Labels {
    fn of(business: &BusinessId, term: &QueryTerm) -> Self {
        // Whole labels end with `#`.
        let prefix = if term.is_prefix { term.text.clone() } else { format!("{}#", term.text) };
        let query = Query::table(Table::Derived, label_pk(business, &term.text)).range(Range::Prefix(prefix));
        Self { query, from: None, read: 0 }
    }

    /// Those of the next sets, and what comes after them; none when they are too many.
    async fn read(mut self, store: &Store) -> Result<Option<(Shorts, Option<Self>)>, StoreError> {
        let is_first = self.read == 0;
        let piece = if is_first { FIRST_LABELS } else { LABELS };
        let found = store.query(self.query.clone().limit(piece).from(self.from.take())).await?;
        self.read += found.items.len();
        let mut ids: Shorts = found.items.iter().flat_map(told).collect();
        let sets_to_come = if is_first && self.read == FIRST_LABELS { SETS / FIRST_LABELS } else { 1 };
        let likely = ids.len() * sets_to_come;
        if likely > MOST_CALLED || self.read > MOST_LABELS {
            return Ok(None);
        }
        ids.reserve(likely - ids.len());
        self.from = found.next;
        let rest = self.from.is_some().then_some(self);
        Ok(Some((ids, rest)))
    }
}

/// Everybody whose number has the fragment; none when they are too many.
async fn ending_so(
    store: &Store,
    business: &BusinessId,
    log: &Log,
    term: &QueryTerm,
) -> Result<Option<Shorts>, StoreError> {
    if !is_number(&term.text) || term.text.len() < SHORTEST_FRAGMENT {
        return Ok(Some(Shorts::default()));
    }
    let mut ids: Shorts = log.ending(term).into_iter().collect();
    let place = ends_place(&term.text);
    let query = Query::table(Table::Derived, ends_pk(business, place)).prefix(place).limit(ENDS);
    let mut from = None;
    loop {
        let found = store.query(query.clone().from(from)).await?;
        ids.extend(found.items.iter().flat_map(|item| ending(item, term)));
        from = found.next;
        if ids.len() > MOST_CALLED {
            return Ok(None);
        }
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
