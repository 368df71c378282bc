//! Where the conversations with one term come from: its postings, and those of what it may grow into.

use std::collections::VecDeque;

use porchlight_domain::id::{BusinessId, ConversationId};
use porchlight_domain::terms::QueryTerm;

use crate::error::StoreError;
use crate::query::{Query, Range};
use crate::store::Store;
use crate::table::{Item, Table, text_of};

/// Terms that a beginning may grow into before it counts as common.
const MOST_GROWN: usize = 40;
/// Conversations that a name or a part of a number may stand for before it counts as common.
const MOST_LABELED: usize = 200;
/// Postings of one list read at a time.
const PIECE: usize = 64;

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

pub(super) fn term_pk(business: &BusinessId, term: &str) -> String {
    format!("{business}#TERM#{term}")
}

pub(super) fn vocabulary_pk(business: &BusinessId, term: &str) -> String {
    format!("{business}#VOCAB#{}", first_two(term))
}

pub(super) fn label_pk(business: &BusinessId, label: &str) -> String {
    format!("{business}#LABEL#{}", first_two(label))
}

fn first_two(term: &str) -> String {
    term.chars().take(2).collect()
}

/// A message that has the term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Posting {
    pub place: String,
    pub conversation: ConversationId,
    pub seq: u64,
}

impl Posting {
    fn from_item(item: &Item) -> Option<Self> {
        let place = text_of(item, "sk")?.to_owned();
        let mut parts = place.split('#').skip(1);
        let conversation = parts.next()?.parse().ok()?;
        let seq = parts.next()?.parse().ok()?;
        Some(Self { place, conversation, seq })
    }
}

/// The conversations with one term: those called so, and those that say so, newest first.
pub(super) struct Source {
    pub labels: Vec<ConversationId>,
    lanes: Vec<Lane>,
}

/// The postings of one term, read piece by piece.
struct Lane {
    partition: String,
    postings: VecDeque<Posting>,
    next: Option<Item>,
    is_done: bool,
}

impl Source {
    /// The source of a term; none when it is too common to have one.
    pub async fn of(
        store: &Store,
        business: &BusinessId,
        term: &QueryTerm,
    ) -> Result<Option<Self>, StoreError> {
        if too_common(term) {
            return Ok(None);
        }
        let (terms, labels) =
            futures::try_join!(grown(store, business, term), labeled(store, business, term))?;
        let (Some(terms), Some(labels)) = (terms, labels) else { return Ok(None) };
        let mut lanes: Vec<Lane> = terms.iter().map(|term| Lane::new(term_pk(business, term))).collect();
        futures::future::try_join_all(lanes.iter_mut().map(|lane| lane.fill(store))).await?;
        Ok(Some(Self { labels, lanes }))
    }

    /// About how many there are: exact while they are few.
    pub fn size(&self) -> usize {
        let postings = self.lanes.iter().map(|lane| lane.postings.len() + usize::from(!lane.is_done) * LONG);
        self.labels.len() + postings.sum::<usize>()
    }

    /// The newest posting that was not given yet.
    pub async fn next(&mut self, store: &Store) -> Result<Option<Posting>, StoreError> {
        let thirsty = self.lanes.iter_mut().filter(|lane| lane.postings.is_empty() && !lane.is_done);
        futures::future::try_join_all(thirsty.map(|lane| lane.fill(store))).await?;
        let filled = self.lanes.iter_mut().filter(|lane| !lane.postings.is_empty());
        let newest = filled.max_by(|a, b| a.postings[0].place.cmp(&b.postings[0].place));
        Ok(newest.and_then(|lane| lane.postings.pop_front()))
    }
}

/// What a list that goes on counts for.
const LONG: usize = 1_000_000;

impl Lane {
    const fn new(partition: String) -> Self {
        Self { partition, postings: VecDeque::new(), next: None, is_done: false }
    }

    async fn fill(&mut self, store: &Store) -> Result<(), StoreError> {
        let query = Query::table(Table::Derived, &self.partition).descending(true).limit(PIECE);
        let found = store.query(query.from(self.next.take())).await?;
        self.postings.extend(found.items.iter().filter_map(Posting::from_item));
        self.is_done = found.next.is_none();
        self.next = found.next;
        Ok(())
    }
}

/// One letter, or what a common word is or begins with.
pub(super) fn too_common(term: &QueryTerm) -> bool {
    let grows_common = || COMMON.iter().any(|word| word.starts_with(&term.text));
    is_common(&term.text) || term.is_prefix && (term.text.chars().nth(1).is_none() || grows_common())
}

/// The terms with postings that a query's term stands for; none when there are too many.
async fn grown(
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

/// The conversations whose name or number has one of the terms, as far as they are not too many: whoever is
/// called like a common word is found by name all the same.
pub(super) async fn called(
    store: &Store,
    business: &BusinessId,
    terms: &[QueryTerm],
) -> Result<Vec<ConversationId>, StoreError> {
    let called = terms.iter().map(|term| labeled(store, business, term));
    let called = futures::future::try_join_all(called).await?;
    Ok(called.into_iter().flatten().flatten().collect())
}

/// The conversations whose name or number has the term; none when there are too many.
async fn labeled(
    store: &Store,
    business: &BusinessId,
    term: &QueryTerm,
) -> Result<Option<Vec<ConversationId>>, StoreError> {
    // Whole labels end with `#`.
    let prefix = if term.is_prefix { term.text.clone() } else { format!("{}#", term.text) };
    let query = Query::table(Table::Derived, label_pk(business, &term.text)).range(Range::Prefix(prefix));
    let found = store.query_first(query.limit(MOST_LABELED + 1), MOST_LABELED + 1).await?;
    let ids: Vec<ConversationId> = found.iter().filter_map(|item| last_part(item)?.parse().ok()).collect();
    Ok((ids.len() <= MOST_LABELED).then_some(ids))
}

fn last_part(item: &Item) -> Option<&str> {
    text_of(item, "sk")?.rsplit('#').next()
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
