//! The postings of one word, newest first, read piece by piece.

use std::collections::VecDeque;

use super::postings::{Posting, newest_of, places_of};
use crate::error::StoreError;
use crate::query::Query;
use crate::store::Store;
use crate::table::{Item, Table};

/// Items of one lane that are read at a time, at most.
const LARGEST_PIECE: usize = 20;

/// The postings of one word, read piece by piece. An item tells of several, and of two items each may have some that are
/// newer than some of the other.
pub(super) struct Lane {
    partition: String,
    /// The newest first.
    places: VecDeque<String>,
    /// Whatever was not read yet is no newer.
    bound: String,
    next: Option<Item>,
    is_done: bool,
    piece: usize,
}

impl Lane {
    /// What lies in a partition; the first piece has so many items.
    pub fn of(partition: String, piece: usize) -> Self {
        let (places, bound) = (VecDeque::new(), String::new());
        Self { partition, places, bound, next: None, is_done: false, piece }
    }

    /// These places, newest first, and no more.
    pub fn whole(places: Vec<String>) -> Self {
        Self { places: places.into(), is_done: true, ..Self::of(String::new(), 0) }
    }

    /// Whether something must be read before its newest posting is known.
    pub fn is_thirsty(&self) -> bool {
        !self.is_done && self.places.front().is_none_or(|newest| *newest < self.bound)
    }

    /// Nothing is left of it.
    pub fn is_spent(&self) -> bool {
        self.is_done && self.places.is_empty()
    }

    /// The place of the newest posting that was not taken.
    pub fn newest(&self) -> Option<&str> {
        self.places.front().map(String::as_str)
    }

    /// Takes the newest posting.
    pub fn take(&mut self) -> Option<Posting> {
        std::iter::from_fn(|| self.places.pop_front()).find_map(|place| Posting::at(&place))
    }

    /// Reads on; how many postings that brought.
    pub async fn fill(&mut self, store: &Store) -> Result<usize, StoreError> {
        let query = Query::table(Table::Derived, &self.partition).descending(true).limit(self.piece);
        let found = store.query(query.from(self.next.take())).await?;
        // Whoever reads on reads much: most searches end with the first piece.
        self.piece = (self.piece * 4).min(LARGEST_PIECE);
        let before = self.places.len();
        self.places.extend(found.items.iter().flat_map(places_of).map(str::to_owned));
        let brought = self.places.len() - before;
        self.places.make_contiguous().sort_unstable_by(|one, other| other.cmp(one));
        if let Some(last) = found.items.last().and_then(newest_of) {
            last.clone_into(&mut self.bound);
        }
        self.is_done = found.next.is_none();
        self.next = found.next;
        Ok(brought)
    }
}
