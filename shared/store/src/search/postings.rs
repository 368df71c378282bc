//! Postings and the ends of numbers, many in an item: what the log told of together lies together.

use std::collections::{BTreeMap, BTreeSet};

use porchlight_domain::id::BusinessId;
use porchlight_domain::terms::{self, QueryTerm};

use super::labels::label_has;
use super::log::Entry;
use crate::derived::DerivedItem;
use crate::keys::{Key, Short, digest, ends_pk, ends_place, term_pk, vocabulary_pk};
use crate::table::{Item, text_of};

/// Places, or ends, of one item: some three and a half kilobytes.
const OF_AN_ITEM: usize = 100;
/// What an item tells of besides its key.
const MORE: &str = "more";

/// A message that has the term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Posting {
    pub conversation: Short,
    pub seq: u64,
}

impl Posting {
    /// From its place, `{time}#{conversation}#{seq}`.
    pub fn at(place: &str) -> Option<Self> {
        let mut parts = place.split('#').skip(1);
        let conversation = Short::read(parts.next()?)?;
        Some(Self { conversation, seq: parts.next()?.parse().ok()? })
    }
}

/// The place of an item of a term: that of its newest posting.
pub(super) fn newest_of(item: &Item) -> Option<&str> {
    text_of(item, "sk")?.split('~').next()
}

/// The places that an item of a term tells of, newest first.
pub(super) fn places_of(item: &Item) -> impl Iterator<Item = &str> {
    newest_of(item).into_iter().chain(told_of(item))
}

/// The conversations whose number has the fragment, as an item of ends tells.
pub(super) fn ending<'i>(item: &'i Item, term: &'i QueryTerm) -> impl Iterator<Item = Short> + 'i {
    let ends = ends_told_of(item).filter(|(end, _)| label_has(end, term));
    ends.filter_map(|(_, short)| Short::read(short))
}

/// The ends that an item tells of, each with its conversation.
pub(super) fn ends_told_of(item: &Item) -> impl Iterator<Item = (&str, &str)> {
    told_of(item).filter_map(|entry| entry.split_once(':'))
}

fn told_of(item: &Item) -> impl Iterator<Item = &str> {
    text_of(item, MORE).unwrap_or_default().split_ascii_whitespace()
}

/// What is about to be laid together.
#[derive(Debug, Default)]
pub(super) struct Packing {
    /// The places of each term.
    said: BTreeMap<String, BTreeSet<String>>,
    /// By their first digits: the ends of numbers, each with its conversation.
    ends: BTreeMap<String, BTreeSet<String>>,
}

impl Packing {
    pub fn add(&mut self, entry: &Entry<'_>) {
        match entry {
            Entry::Said { place, terms } => {
                for term in terms {
                    self.said.entry((*term).to_owned()).or_default().insert((*place).to_owned());
                }
            }
            Entry::Number { short, digits } => {
                for end in terms::ends(digits) {
                    let place = ends_place(end).to_owned();
                    self.ends.entry(place).or_default().insert(format!("{end}:{short}"));
                }
            }
        }
    }

    /// Where it is noted that there are these words.
    pub fn words(&self, business: &BusinessId) -> Vec<Key> {
        let key = |word: &String| Key::new(vocabulary_pk(business, word), word.clone());
        self.said.keys().map(key).collect()
    }

    /// The same things make the same items, and others never take their place.
    pub fn into_items(self, business: &BusinessId) -> impl Iterator<Item = DerivedItem> {
        let said = self.said.into_iter().flat_map({
            let business = business.clone();
            move |(term, places)| term_items(&term_pk(&business, &term), places)
        });
        let business = business.clone();
        let ends = self.ends.into_iter();
        said.chain(ends.flat_map(move |(place, ends)| ends_items(&ends_pk(&business, &place), &place, ends)))
    }
}

fn term_items(pk: &str, places: BTreeSet<String>) -> Vec<DerivedItem> {
    let newest_first: Vec<String> = places.into_iter().rev().collect();
    let item = |places: &[String]| match places {
        [alone] => DerivedItem::bare(pk, alone),
        several => {
            let more = several[1..].join(" ");
            DerivedItem::bare(pk, format!("{}~{}", several[0], digest(&more))).with(MORE, more)
        }
    };
    newest_first.chunks(OF_AN_ITEM).map(item).collect()
}

fn ends_items(pk: &str, place: &str, ends: BTreeSet<String>) -> Vec<DerivedItem> {
    let ends: Vec<String> = ends.into_iter().collect();
    let item = |ends: &[String]| {
        let more = ends.join(" ");
        DerivedItem::bare(pk, format!("{place}~{}", digest(&more))).with(MORE, more)
    };
    ends.chunks(OF_AN_ITEM).map(item).collect()
}
