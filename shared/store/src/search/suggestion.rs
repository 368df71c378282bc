//! What may have been meant where nothing was found.

use std::collections::BTreeSet;

use futures::{StreamExt, TryStreamExt};
use porchlight_domain::id::BusinessId;
use porchlight_domain::terms::{QueryTerm, nearest};

use super::candidates::too_common;
use super::labels::labels_shown;
use super::words::Shown;
use super::{Asked, Candidate, Scope};
use crate::derived::DerivedItem;
use crate::error::StoreError;
use crate::keys::{near_head, near_tail, vocabulary_pk};
use crate::query::Query;
use crate::store::Store;
use crate::table::{Table, text_of};

/// Words that one beginning is compared with, at most.
const COMPARED: usize = 2_000;
/// Places that are read at the same time.
const AT_ONCE: usize = 8;
/// Readings of a query that are tried.
const TRIED: usize = 4;
/// Conversations that are counted of what a suggestion finds.
const COUNTED: usize = 10;

/// Words that find something, near to those that found nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The query that may have been meant.
    pub words: String,
    /// How many conversations it finds; none where they are more than [`COUNTED`].
    pub found: Option<usize>,
}

impl Store {
    /// What may have been meant by a search that found nothing: only words that its asker finds something by (P7).
    pub async fn suggest(
        &self,
        business: &BusinessId,
        asked: &Asked<'_>,
    ) -> Result<Option<Suggestion>, StoreError> {
        for terms in self.readings(business, asked).await? {
            // Boxed, as a search is a large future.
            let asked =
                Asked { terms: &terms, scope: asked.scope.clone(), skip: 0, limit: COUNTED, ..*asked };
            let page = Box::pin(self.search_any(business, &asked)).await?;
            if !page.hits.is_empty() {
                let words: Vec<&str> = terms.iter().map(|term| term.text.as_str()).collect();
                let found = (!page.more).then_some(page.hits.len());
                return Ok(Some(Suggestion { words: words.join(" "), found }));
            }
        }
        Ok(None)
    }

    /// The query with its unknown words in place of known ones, the nearest reading first.
    async fn readings(
        &self,
        business: &BusinessId,
        asked: &Asked<'_>,
    ) -> Result<Vec<Vec<QueryTerm>>, StoreError> {
        let own = match &asked.scope {
            Scope::Within(candidates) => Some(self.words_within(business, candidates).await?),
            Scope::Office => None,
        };
        let lately = if own.is_none() { self.log(business).await?.words() } else { BTreeSet::new() };
        let mut readings = vec![Vec::new()];
        let mut changed = false;
        for term in asked.terms {
            let meant = match &own {
                Some(own) => meant(term, own),
                None => meant(term, &self.words_near(business, term, &lately).await?),
            };
            changed |= meant.iter().any(|other| other.text != term.text);
            let grown = readings.iter().flat_map(|reading| {
                meant.iter().map(move |term| [&reading[..], std::slice::from_ref(term)].concat())
            });
            readings = grown.take(TRIED).collect();
        }
        Ok(if changed { readings } else { Vec::new() })
    }

    /// The words of the business that begin like a term, or nearly so, and those of the latest texts.
    async fn words_near(
        &self,
        business: &BusinessId,
        term: &QueryTerm,
        lately: &BTreeSet<String>,
    ) -> Result<BTreeSet<String>, StoreError> {
        let reads = places(business, &term.text).into_iter().map(|place| self.words_of(place));
        let found: Vec<_> = futures::stream::iter(reads).buffer_unordered(AT_ONCE).try_collect().await?;
        Ok(found.into_iter().flatten().chain(lately.iter().cloned()).collect())
    }

    async fn words_of(&self, partition: String) -> Result<BTreeSet<String>, StoreError> {
        let query = Query::table(Table::Derived, partition).limit(COMPARED);
        let found = self.query_first(query, COMPARED).await?;
        Ok(found.iter().filter_map(|item| text_of(item, "sk").map(str::to_owned)).collect())
    }

    async fn words_within(
        &self,
        business: &BusinessId,
        candidates: &[Candidate],
    ) -> Result<BTreeSet<String>, StoreError> {
        let ids: Vec<_> = candidates.iter().map(|candidate| candidate.conversation.clone()).collect();
        let mut known = BTreeSet::new();
        for conversation in self.conversations(business, &ids).await? {
            let by_messages =
                candidates.iter().any(|it| it.conversation == conversation.id && it.by_messages);
            let shown = if by_messages { Shown::Crew } else { Shown::Labels };
            known.append(&mut labels_shown(&conversation, shown));
            if by_messages {
                let lines = self.words(business, &conversation.id).await?;
                known.extend(
                    lines.into_iter().filter(|line| line.is_shown(shown)).flat_map(|line| line.terms),
                );
            }
        }
        Ok(known)
    }
}

/// What a term may stand for: itself where it is known, common or a number, else the nearest words.
fn meant(term: &QueryTerm, known: &BTreeSet<String>) -> Vec<QueryTerm> {
    let has_it =
        |word: &String| if term.is_prefix { word.starts_with(&term.text) } else { *word == term.text };
    let digits = term.text.bytes().any(|b| b.is_ascii_digit());
    if digits || too_common(term) || known.iter().any(has_it) {
        return vec![term.clone()];
    }
    let near = nearest(&term.text, known.iter().map(String::as_str), TRIED);
    near.into_iter().map(|word| QueryTerm { text: word.to_owned(), ..term.clone() }).collect()
}

/// Where a word of a name or a street lies for those who mistype it: by its beginning and by what follows. Numbers are not
/// guessed, and of what was written only the vocabulary is known: a place more for each word would be paid by each text.
pub(super) fn of_a_name(business: &BusinessId, word: &str) -> impl Iterator<Item = DerivedItem> {
    let is_number = word.bytes().any(|b| b.is_ascii_digit());
    let places =
        near_tail(business, word).filter(|_| !is_number).map(|tail| [near_head(business, word), tail]);
    places.into_iter().flatten().map(|place| DerivedItem::bare(place, word.to_owned()))
}

/// Where a word lies of which the typed one is a slip.
fn places(business: &BusinessId, typed: &str) -> BTreeSet<String> {
    let heads = beginnings(typed);
    let heads = heads.iter().flat_map(|it| [vocabulary_pk(business, it), near_head(business, it)]);
    // A slip in the first two letters: another letter or two that changed places, one too few, one too many.
    let without: String = typed.chars().skip(1).collect();
    let ends = [typed, &format!("-{typed}"), &without].map(|meant| near_tail(business, meant));
    heads.chain(ends.into_iter().flatten()).collect()
}

/// The beginnings under which a mistyped word may lie: its own, and with its first letters in the other order.
fn beginnings(word: &str) -> Vec<String> {
    let mut letters: Vec<char> = word.chars().take(3).collect();
    let mut beginnings = vec![letters.iter().collect::<String>()];
    if letters.len() > 2 {
        letters.swap(0, 1);
        beginnings.push(letters.iter().collect());
        letters.swap(0, 1);
        letters.swap(1, 2);
        beginnings.push(letters.iter().collect());
    }
    beginnings.sort_unstable_by_key(|beginning| first_two(beginning));
    beginnings.dedup_by_key(|beginning| first_two(beginning));
    beginnings
}

fn first_two(word: &str) -> String {
    word.chars().take(2).collect()
}
