//! Gathering conversations that have all terms.

use std::collections::HashSet;

use futures::{StreamExt, TryStreamExt};
use porchlight_domain::conversation::{Conversation, Filter};
use porchlight_domain::id::{BusinessId, ConversationId};

use super::words::{Match, Shown, find, labels_have_all};
use super::{Asked, CHUNK, Candidate, SearchHit, SearchPage};
use crate::error::StoreError;
use crate::lists::{Assigned, ListQuery, Sort};
use crate::store::Store;

/// Conversations whose words are read at the same time.
const AT_ONCE: usize = 16;
/// Conversations that a walk by activity looks at, at most.
const WALKED: usize = 500;

/// Why a conversation is a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Evidence {
    /// A message has the walked term.
    Posting(u64),
    /// Its name or number has, or had, the walked term.
    Label,
    /// None: it is looked at in its turn.
    Turn,
}

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

    pub const fn is_full(&self) -> bool {
        self.hits.len() >= self.asked.limit
    }

    /// The last active first.
    pub fn finish(mut self) -> SearchPage {
        self.hits.sort_by_key(|hit| std::cmp::Reverse(hit.conversation.last_activity_at));
        let more = self.more || self.hits.len() > self.asked.limit;
        self.hits.truncate(self.asked.limit);
        SearchPage { hits: self.hits, more }
    }

    /// Looks through the conversations that somebody may see.
    pub async fn look_within(&mut self, candidates: &[Candidate]) -> Result<(), StoreError> {
        for shown in [Shown::Crew, Shown::Labels] {
            let of_kind =
                candidates.iter().filter(|candidate| candidate.by_messages == (shown == Shown::Crew));
            let turn = of_kind.map(|candidate| (candidate.conversation.clone(), Evidence::Turn));
            self.consider(turn.collect(), shown).await?;
        }
        Ok(())
    }

    /// Looks through all conversations, the last active first, until there is enough.
    pub async fn look_by_activity(&mut self) -> Result<(), StoreError> {
        let query = ListQuery {
            business: self.business.clone(),
            filter: Filter::All,
            sort: Sort::Recent,
            assigned: Assigned::Anyone,
        };
        let (mut cursor, mut walked) = (None, 0);
        loop {
            let page = self.store.list(&query, cursor.as_ref(), CHUNK).await?;
            walked += CHUNK;
            let new = page.conversations.into_iter().filter(|row| self.considered.insert(row.id.clone()));
            let turn = new.map(|row| (row, Evidence::Turn)).collect();
            self.hold(turn, Shown::Office).await?;
            cursor = page.next;
            if cursor.is_none() || self.is_full() || walked >= WALKED {
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
            let evidence = evidence.get(&row.id).copied().unwrap_or(Evidence::Turn);
            (row, evidence)
        });
        self.hold(rows.collect(), shown).await
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
        let terms = self.asked.terms;
        let found = match evidence {
            // The one term that there is was just met; the words would tell the same.
            Evidence::Posting(seq) if terms.len() == 1 => Some(Match::Message(seq)),
            _ if labels_have_all(&conversation, terms, shown) => Some(Match::Labels),
            _ if shown == Shown::Labels => None,
            _ => {
                let lines = self.store.words(self.business, &conversation.id).await?;
                find(&conversation, &lines, terms, shown)
            }
        };
        Ok(found.map(|found| SearchHit { conversation, seq: found.seq() }))
    }
}
