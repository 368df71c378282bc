//! Gathering conversations that have all terms.

use std::collections::HashSet;

use porchlight_domain::conversation::{Conversation, Filter};
use porchlight_domain::id::{BusinessId, ConversationId};
use porchlight_domain::terms::QueryTerm;

use super::labels::{label_has, labels_shown};
use super::meeting::{Evidence, Terms};
use super::words::{Match, Shown, find};
use super::{Asked, CHUNK, Candidate, LOOKED_AT, SearchHit, SearchPage};
use crate::error::StoreError;
use crate::keys::{Short, Shorts};
use crate::lists::{Assigned, ListQuery, Sort, Threads};
use crate::store::Store;

/// Conversations whose words a walk by activity reads, at most. Where only what they are called is asked, nobody's are
/// read, and the walk goes on until there is enough.
const WALKED: usize = 1_000;
/// Rows of the list that are looked at together for those that are wanted, at most.
const ROWS: usize = 1_000;
/// So few are rather read one and all than looked for in the list.
const FEW: usize = 150;
/// Rows of the list that are read as fast as one conversation.
const ROWS_FOR_ONE: usize = 3;

/// What was found so far.
pub(super) struct Gathering<'a> {
    store: &'a Store,
    business: &'a BusinessId,
    asked: &'a Asked<'a>,
    hits: Vec<SearchHit>,
    considered: HashSet<ConversationId>,
    /// Terms that no message of the business has.
    pub unsaid: Terms,
    pub more: bool,
}

impl<'a> Gathering<'a> {
    pub fn new(store: &'a Store, business: &'a BusinessId, asked: &'a Asked<'a>) -> Self {
        Self { store, business, asked, hits: Vec::new(), considered: HashSet::new(), unsaid: 0, more: false }
    }

    /// One more than is wanted tells that there are more.
    pub const fn is_full(&self) -> bool {
        self.hits.len() > self.asked.skip.saturating_add(self.asked.limit)
    }

    /// A page in the order of their finding; on it, the last active first.
    pub fn finish(self) -> SearchPage {
        let goes_on = self.is_full();
        let more = self.more || goes_on;
        let (skip, limit) = (self.asked.skip, self.asked.limit);
        let mut hits: Vec<SearchHit> = self.hits.into_iter().skip(skip).take(limit).collect();
        hits.sort_by_key(|hit| std::cmp::Reverse(hit.conversation.last_activity_at));
        SearchPage { hits, more, goes_on }
    }

    /// Looks through the conversations that somebody may see.
    pub async fn look_within(&mut self, candidates: &[Candidate]) -> Result<(), StoreError> {
        for shown in [Shown::Crew, Shown::Labels] {
            let of_kind =
                candidates.iter().filter(|candidate| candidate.by_messages == (shown == Shown::Crew));
            let turn = of_kind.map(|candidate| (candidate.conversation.clone(), Evidence::default()));
            self.consider(turn.collect(), shown).await?;
        }
        Ok(())
    }

    /// Looks through these, the last active first, until there is enough.
    pub async fn look_among(&mut self, ids: Shorts) -> Result<(), StoreError> {
        let rows = self.rows_to_meet(ids.len()).await?;
        if rows > ids.len().saturating_mul(ROWS_FOR_ONE) {
            return self.look_at(ids.into_iter().map(Short::id)).await;
        }
        let (query, mut cursor, mut looked_at) = (self.everything(), None, 0);
        while !self.is_full() {
            let page = self.store.list_ids(&query, cursor.as_ref(), rows.clamp(CHUNK, ROWS)).await?;
            looked_at += page.ids.len();
            let among: Vec<_> = page.ids.into_iter().filter(|id| ids.contains(&Short::of(id))).collect();
            let mut chunks = among.chunks(CHUNK);
            while !self.is_full()
                && let Some(chunk) = chunks.next()
            {
                self.look_at(chunk.to_vec()).await?;
            }
            cursor = page.next;
            if cursor.is_none() || looked_at >= LOOKED_AT {
                self.more |= cursor.is_some();
                return Ok(());
            }
        }
        Ok(())
    }

    /// Looks at these, of whom no list has told.
    pub async fn look_at(&mut self, ids: impl IntoIterator<Item = ConversationId>) -> Result<(), StoreError> {
        let ids = ids.into_iter().map(|id| (id, Evidence::default())).collect();
        self.consider(ids, Shown::Office).await
    }

    /// How many rows of the list hold as many of so many conversations as are wanted, if they are spread evenly.
    async fn rows_to_meet(&self, these: usize) -> Result<usize, StoreError> {
        if these <= FEW {
            return Ok(usize::MAX);
        }
        let all = usize::try_from(self.store.counters(self.business).await?.total).unwrap_or_default();
        let wanted = self.asked.skip.saturating_add(self.asked.limit).saturating_add(1);
        // A little more: they never are.
        Ok(wanted.saturating_mul(all) / these * 5 / 4)
    }

    fn everything(&self) -> ListQuery {
        ListQuery {
            business: self.business.clone(),
            filter: Filter::All,
            sort: Sort::Recent,
            assigned: Assigned::Anyone,
            threads: Threads::Customer,
        }
    }

    /// Looks through all conversations, the last active first, until there is enough.
    pub async fn look_by_activity(&mut self) -> Result<(), StoreError> {
        let (query, mut cursor, mut walked, mut piece) = (self.everything(), None, 0, CHUNK * 2);
        let is_unsaid = self.unsaid == all_of(self.asked.terms);
        let walks = if is_unsaid { LOOKED_AT } else { WALKED + 2 * self.asked.skip };
        loop {
            let page = self.store.list_ids(&query, cursor.as_ref(), piece).await?;
            let mut chunks = page.ids.chunks(CHUNK);
            while !self.is_full()
                && walked < walks
                && let Some(chunk) = chunks.next()
            {
                walked += CHUNK;
                self.look_at(chunk.to_vec()).await?;
            }
            cursor = page.next;
            if cursor.is_none() || self.is_full() || walked >= walks {
                self.more |= cursor.is_some() || chunks.next().is_some();
                return Ok(());
            }
            piece = CHUNK * 8;
        }
    }

    /// Reads these conversations as they are now and holds them against all terms, the last active first, until there is
    /// enough.
    pub async fn consider(
        &mut self,
        candidates: Vec<(ConversationId, Evidence)>,
        shown: Shown,
    ) -> Result<(), StoreError> {
        let mut new = candidates;
        new.retain(|(id, _)| self.considered.insert(id.clone()));
        let ids: Vec<ConversationId> = new.iter().map(|(id, _)| id.clone()).collect();
        let rows = self.store.conversations(self.business, &ids).await?;
        let evidence: std::collections::HashMap<_, _> = new.into_iter().collect();
        let rows = rows.into_iter().map(|row| {
            let evidence = evidence.get(&row.id).copied().unwrap_or_default();
            (row, evidence)
        });
        let mut rows: Vec<_> = rows.collect();
        rows.sort_by_key(|(row, _)| std::cmp::Reverse((row.last_activity_at, row.id.clone())));
        let mut rows = rows.into_iter();
        while !self.is_full() && rows.len() > 0 {
            self.hold(rows.by_ref().take(CHUNK).collect(), shown).await?;
        }
        Ok(())
    }

    /// Holds these conversations against all terms.
    async fn hold(&mut self, rows: Vec<(Conversation, Evidence)>, shown: Shown) -> Result<(), StoreError> {
        let wanted = rows.into_iter().filter(|(row, _)| !row.blocked && (self.asked.keep)(row));
        let wanted: Vec<(Conversation, Evidence)> = wanted.collect();
        let found: Vec<Found> =
            wanted.iter().map(|(row, evidence)| self.found(row, *evidence, shown)).collect();
        let unsure = wanted.iter().zip(&found).filter(|(_, found)| **found == Found::InItsWords);
        let unsure: Vec<&Conversation> = unsure.map(|((row, _), _)| row).collect();
        let words = self.store.words_of_all(self.business, &unsure).await?;
        for ((conversation, _), found) in wanted.into_iter().zip(found) {
            let found = match found {
                Found::Nowhere => None,
                Found::At(found) => Some(found),
                Found::InItsWords => {
                    let lines = words.get(&conversation.id).map_or(&[][..], Vec::as_slice);
                    find(&conversation, lines, self.asked.terms, shown)
                }
            };
            self.hits.extend(found.map(|found| SearchHit { conversation, seq: found.seq() }));
        }
        Ok(())
    }

    fn found(&self, conversation: &Conversation, evidence: Evidence, shown: Shown) -> Found {
        let (terms, Evidence { said, best }) = (self.asked.terms, evidence);
        let called = called_by(conversation, terms, shown);
        let all = all_of(terms);
        match best {
            _ if called == all => Found::At(Match::Labels),
            _ if shown == Shown::Labels || (called | !self.unsaid) & all != all => Found::Nowhere,
            // An older message can have no more of the terms.
            Some(best) if said | called == all && best.terms == said.count_ones() => {
                Found::At(Match::Message(best.seq))
            }
            _ => Found::InItsWords,
        }
    }
}

/// What can be told of a conversation without its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    At(Match),
    Nowhere,
    /// They must be read.
    InItsWords,
}

fn all_of(terms: &[QueryTerm]) -> Terms {
    Terms::MAX >> (Terms::BITS as usize - terms.len())
}

/// The terms that its name, street, jobs and number have now.
fn called_by(conversation: &Conversation, terms: &[QueryTerm], shown: Shown) -> Terms {
    let labels = labels_shown(conversation, shown);
    let has = |term: &QueryTerm| labels.iter().any(|label| label_has(label, term));
    let called = terms.iter().enumerate().filter(|(_, term)| has(term));
    called.fold(0, |called, (place, _)| called | 1 << place)
}
