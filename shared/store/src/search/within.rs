//! Finding in one conversation: every message that has all terms, by the same words as the list's search.
//!
//! The words of a thread lie in blocks of a dozen messages. Of a long thread they are not all read where a term is not
//! in very many messages of the business: its postings tell the places, those of several terms are met, and only their
//! blocks are read, or none where every term was told of and everything may be shown (P7). Else the blocks are read in a
//! few pieces side by side.

use std::collections::BTreeSet;

use futures::future::try_join_all;
use porchlight_domain::conversation::Conversation;
use porchlight_domain::terms::QueryTerm;

use super::candidates::{grown, too_common};
use super::log::Log;
use super::postings::{Posting, places_of};
use super::words::{Line, Shown, block_key, block_of, block_sk, has, lines};
use crate::error::StoreError;
use crate::keys::{short, term_pk, words_pk};
use crate::query::{Query, Range};
use crate::store::Store;
use crate::table::{Item, Table, number_of};

/// Blocks of a thread that are read and done: of a longer one the postings are asked first.
const FEW: u64 = 40;
/// Words that a beginning may stand for, and items of the postings of each, where postings tell the places.
const RARE_WORDS: usize = 6;
const RARE: usize = 64;
/// Pieces of a long thread that are read side by side.
const PIECES: u64 = 8;
/// Messages that the index may be behind.
const BEHIND: usize = 200;

/// The places where all those terms are that are not in very many messages of the business.
struct Told {
    places: BTreeSet<u64>,
    /// No term was passed over.
    of_all: bool,
}

impl Store {
    /// The places of the messages that have all terms, the newest first; of what is the office's alone only for the
    /// office. What the index has not taken up yet is looked for, too.
    pub async fn search_within(
        &self,
        conversation: &Conversation,
        terms: &[QueryTerm],
        for_office: bool,
    ) -> Result<Vec<u64>, StoreError> {
        if terms.is_empty() || conversation.seq == 0 {
            return Ok(Vec::new());
        }
        let shown = if for_office { Shown::Office } else { Shown::Crew };
        // What is indexed in between is then met twice, and not missed.
        let fresh = self.unindexed(conversation).await?;
        let told = self.places_with(conversation, terms).await?;
        let has_all = |line: &Line| {
            let said = |term| line.terms.iter().any(|word| has(word, term));
            line.is_shown(shown) && terms.iter().all(said)
        };
        let matching = |line: Line| has_all(&line).then_some(line.seq);
        let mut found: BTreeSet<u64> = fresh.into_iter().filter_map(matching).collect();
        match told {
            // Whoever sees every message need not look at them.
            Some(Told { places, of_all: true }) if for_office => found.extend(places),
            told => {
                let blocks = self.blocks_with(conversation, told).await?;
                found.extend(blocks.iter().flat_map(lines).filter_map(matching));
            }
        }
        Ok(found.into_iter().rev().collect())
    }

    /// All blocks in which something may be found.
    async fn blocks_with(
        &self,
        conversation: &Conversation,
        told: Option<Told>,
    ) -> Result<Vec<Item>, StoreError> {
        if let Some(Told { places, .. }) = told {
            let blocks: BTreeSet<u64> = places.into_iter().map(block_of).collect();
            let key = |block| block_key(&conversation.business, &conversation.id, block);
            return self.get_many(Table::Derived, &blocks.into_iter().map(key).collect::<Vec<_>>()).await;
        }
        let last = block_of(conversation.seq);
        let size = (last + 1).div_ceil(PIECES).max(FEW);
        let pieces = (0..=last).step_by(usize::try_from(size).unwrap_or(usize::MAX)).map(|first| {
            let range = Range::Between(block_sk(first), block_sk(first + size - 1));
            let query = Query::table(Table::Derived, words_pk(&conversation.business, &conversation.id));
            self.query_all(query.range(range))
        });
        Ok(try_join_all(pieces.collect::<Vec<_>>()).await?.into_iter().flatten().collect())
    }

    /// What the postings tell of a long thread; none where they tell of no term.
    async fn places_with(
        &self,
        conversation: &Conversation,
        terms: &[QueryTerm],
    ) -> Result<Option<Told>, StoreError> {
        // Of what staff write to staff there are no postings.
        if block_of(conversation.seq) < FEW || conversation.party.is_internal() {
            return Ok(None);
        }
        let log = self.log(&conversation.business).await?;
        let rare = terms.iter().filter(|term| !too_common(term));
        let places = rare.map(|term| self.places_of(conversation, &log, term)).collect::<Vec<_>>();
        let told: Vec<_> = try_join_all(places).await?.into_iter().flatten().collect();
        let of_all = told.len() == terms.len();
        let met = told.into_iter().reduce(|met, places| met.intersection(&places).copied().collect());
        Ok(met.map(|places| Told { places, of_all }))
    }

    /// The places of a term in this conversation; none where it is in very many messages of the business.
    async fn places_of(
        &self,
        conversation: &Conversation,
        log: &Log,
        term: &QueryTerm,
    ) -> Result<Option<BTreeSet<u64>>, StoreError> {
        let words = grown(self, &conversation.business, term).await?;
        let Some(words) = words.filter(|words| words.len() <= RARE_WORDS) else { return Ok(None) };
        let items = words.iter().map(|word| {
            let query = Query::table(Table::Derived, term_pk(&conversation.business, word));
            self.query_first(query.limit(RARE + 1), RARE + 1)
        });
        let items = try_join_all(items.collect::<Vec<_>>()).await?;
        if items.iter().any(|items| items.len() > RARE) {
            return Ok(None);
        }
        let here = format!("#{}#", short(&conversation.id));
        let lately = log.places(term);
        let places = items.iter().flatten().flat_map(places_of).chain(lately.iter().map(String::as_str));
        let postings = places.filter(|place| place.contains(&here)).filter_map(Posting::at);
        Ok(Some(postings.map(|posting| posting.seq).collect()))
    }

    /// The words of what came after the last block was put.
    async fn unindexed(&self, conversation: &Conversation) -> Result<Vec<Line>, StoreError> {
        let (business, id) = (&conversation.business, &conversation.id);
        let last = Query::table(Table::Derived, words_pk(business, id)).descending(true).limit(1);
        let last = self.query_first(last, 1).await?;
        let until = last.first().and_then(|block| number_of(block, "until")).unwrap_or(0);
        let until = u64::try_from(until).unwrap_or(0);
        if until >= conversation.seq {
            return Ok(Vec::new());
        }
        let fresh = self.messages_after(business, id, until, BEHIND).await?;
        Ok(fresh.iter().filter_map(Line::of).collect())
    }
}
