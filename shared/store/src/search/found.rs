//! Gathering conversations that have all terms.

use std::collections::HashSet;

use futures::{StreamExt, TryStreamExt};
use porchlight_domain::conversation::{Conversation, Filter};
use porchlight_domain::id::{BusinessId, ConversationId};
use porchlight_domain::terms::QueryTerm;

use super::meeting::{Evidence, Terms};
use super::words::{Match, Shown, find, label_has, labels_shown};
use super::{Asked, CHUNK, Candidate, LOOKED_AT, MANY, SearchHit, SearchPage};
use crate::error::StoreError;
use crate::lists::{Assigned, ListQuery, Sort};
use crate::store::Store;

/// Conversations whose words are read at the same time.
const AT_ONCE: usize = 16;
/// Conversations whose words a walk by activity reads, at most.
const WALKED: usize = 500;
/// Rows of the list that are looked at together for those that are wanted.
const ROWS: usize = 1_000;

/// What was found so far.
pub(super) struct Gathering<'a> {
    store: &'a Store,
    business: &'a BusinessId,
    asked: &'a Asked<'a>,
    hits: Vec<SearchHit>,
    considered: HashSet<ConversationId>,
    pub more: bool,
}

impl<'a> Gathering<'a> {
    pub fn new(store: &'a Store, business: &'a BusinessId, asked: &'a Asked<'a>) -> Self {
        Self { store, business, asked, hits: Vec::new(), considered: HashSet::new(), more: false }
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
    pub async fn look_among(&mut self, ids: HashSet<ConversationId>) -> Result<(), StoreError> {
        if ids.len() <= MANY {
            return self
                .consider(ids.into_iter().map(|id| (id, Evidence::default())).collect(), Shown::Office)
                .await;
        }
        let (query, mut cursor, mut looked_at) = (self.everything(), None, 0);
        while !self.is_full() {
            let page = self.store.list_ids(&query, cursor.as_ref(), ROWS).await?;
            looked_at += ROWS;
            let among = page.ids.into_iter().filter(|id| ids.contains(id));
            self.consider(among.map(|id| (id, Evidence::default())).collect(), Shown::Office).await?;
            cursor = page.next;
            if cursor.is_none() || looked_at >= LOOKED_AT {
                self.more |= cursor.is_some();
                return Ok(());
            }
        }
        Ok(())
    }

    fn everything(&self) -> ListQuery {
        ListQuery {
            business: self.business.clone(),
            filter: Filter::All,
            sort: Sort::Recent,
            assigned: Assigned::Anyone,
        }
    }

    /// Looks through all conversations, the last active first, until there is enough.
    pub async fn look_by_activity(&mut self) -> Result<(), StoreError> {
        let (query, mut cursor, mut walked) = (self.everything(), None, 0);
        let walks = WALKED + self.asked.skip;
        loop {
            let page = self.store.list(&query, cursor.as_ref(), CHUNK).await?;
            walked += CHUNK;
            let new = page.conversations.into_iter().filter(|row| self.considered.insert(row.id.clone()));
            let turn = new.map(|row| (row, Evidence::default())).collect();
            self.hold(turn, Shown::Office).await?;
            cursor = page.next;
            if cursor.is_none() || self.is_full() || walked >= walks {
                self.more |= cursor.is_some();
                return Ok(());
            }
        }
    }

    /// Reads these conversations as they are now and holds them against all terms.
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
        self.hold(rows, shown).await
    }

    /// Holds these conversations against all terms.
    async fn hold(&mut self, rows: Vec<(Conversation, Evidence)>, shown: Shown) -> Result<(), StoreError> {
        let wanted = rows.into_iter().filter(|(row, _)| !row.blocked && (self.asked.keep)(row));
        let wanted: Vec<(Conversation, Evidence)> = wanted.collect();
        let this = &*self;
        let held = wanted.into_iter().map(|(row, evidence)| this.hold_one(row, evidence, shown));
        let held: Vec<Option<SearchHit>> =
            futures::stream::iter(held).buffered(AT_ONCE).try_collect().await?;
        self.hits.extend(held.into_iter().flatten());
        Ok(())
    }

    async fn hold_one(
        &self,
        conversation: Conversation,
        evidence: Evidence,
        shown: Shown,
    ) -> Result<Option<SearchHit>, StoreError> {
        let (terms, Evidence { said, best }) = (self.asked.terms, evidence);
        let called = called_by(&conversation, terms, shown);
        let all = Terms::MAX >> (Terms::BITS as usize - terms.len());
        let found = match best {
            _ if called == all => Some(Match::Labels),
            _ if shown == Shown::Labels => None,
            // An older message can have no more of the terms.
            Some(best) if said | called == all && best.terms == said.count_ones() => {
                Some(Match::Message(best.seq))
            }
            _ => {
                let lines = self.store.words(self.business, &conversation.id).await?;
                find(&conversation, &lines, terms, shown)
            }
        };
        Ok(found.map(|found| SearchHit { conversation, seq: found.seq() }))
    }
}

/// The terms that its name, street, jobs and number have now.
fn called_by(conversation: &Conversation, terms: &[QueryTerm], shown: Shown) -> Terms {
    let labels = labels_shown(conversation, shown);
    let has = |term: &QueryTerm| labels.iter().any(|label| label_has(label, term));
    let called = terms.iter().enumerate().filter(|(_, term)| has(term));
    called.fold(0, |called, (place, _)| called | 1 << place)
}
