//! What may have been meant where nothing was found.

use std::collections::BTreeSet;

use porchlight_domain::id::BusinessId;
use porchlight_domain::terms::{QueryTerm, nearest};

use super::candidates::too_common;
use super::labels::labels_shown;
use super::words::Shown;
use super::{Asked, Candidate, Scope};
use crate::error::StoreError;
use crate::keys::{label_pk, vocabulary_pk};
use crate::query::Query;
use crate::store::Store;
use crate::table::{Table, text_of};

/// Words that one beginning is compared with, at most.
const COMPARED: usize = 2_000;
/// Readings of a query that are tried.
const TRIED: usize = 4;

/// Words that find something, near to those that found nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The query that may have been meant.
    pub words: String,
    /// How many conversations it finds, as far as was looked.
    pub found: usize,
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
            let asked = Asked { terms: &terms, scope: asked.scope.clone(), skip: 0, ..*asked };
            let page = Box::pin(self.search(business, &asked)).await?;
            if !page.hits.is_empty() {
                let words: Vec<&str> = terms.iter().map(|term| term.text.as_str()).collect();
                return Ok(Some(Suggestion { words: words.join(" "), found: page.hits.len() }));
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
        let mut readings = vec![Vec::new()];
        let mut changed = false;
        for term in asked.terms {
            let meant = match &own {
                Some(own) => meant(term, own),
                None => meant(term, &self.words_near(business, term).await?),
            };
            changed |= meant.iter().any(|other| other.text != term.text);
            let grown = readings.iter().flat_map(|reading| {
                meant.iter().map(move |term| [&reading[..], std::slice::from_ref(term)].concat())
            });
            readings = grown.take(TRIED).collect();
        }
        Ok(if changed { readings } else { Vec::new() })
    }

    /// The words of the business that begin like a term, or nearly so.
    async fn words_near(
        &self,
        business: &BusinessId,
        term: &QueryTerm,
    ) -> Result<BTreeSet<String>, StoreError> {
        let mut known = BTreeSet::new();
        for beginning in beginnings(&term.text) {
            known.append(&mut self.words_of(vocabulary_pk(business, &beginning)).await?);
            known.append(&mut self.words_of(label_pk(business, &beginning)).await?);
        }
        Ok(known)
    }

    async fn words_of(&self, partition: String) -> Result<BTreeSet<String>, StoreError> {
        let query = Query::table(Table::Derived, partition).limit(COMPARED);
        let found = self.query_first(query, COMPARED).await?;
        let word = |item| Some(text_of(item, "sk")?.split('#').next()?.to_owned());
        Ok(found.iter().filter_map(word).collect())
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
