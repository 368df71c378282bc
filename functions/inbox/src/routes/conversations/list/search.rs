//! Search, as one types: the store finds, the filter and the access policy keep.

use futures::{StreamExt, TryStreamExt};
use porchlight_domain::access::Sight;
use porchlight_domain::conversation::{Conversation, Summary};
use porchlight_domain::message::Message;
use porchlight_domain::terms::{self, QueryTerm};
use porchlight_edge::session::SignedIn;
use porchlight_store::StoreError;
use porchlight_store::lists::{Assigned, ListQuery};
use porchlight_store::search::{Asked, Candidate, Scope, SearchHit};

use super::Rows;
use crate::Inbox;
use crate::view::list::MatchView;

/// Messages that are read at the same time for their excerpts.
const AT_ONCE: usize = 16;

/// Characters of an excerpt: before the first word that was searched for, and in all.
const EXCERPT_BEFORE: usize = 40;
const EXCERPT: usize = 160;

impl Inbox {
    /// What the office finds.
    pub async fn search_all(
        &self,
        who: &SignedIn,
        query: &ListQuery,
        words: &str,
        limit: usize,
    ) -> Result<Rows, StoreError> {
        self.search_in(who, query, words, limit, Scope::Office, |_| Sight::Office).await
    }

    /// What a technician finds among their own. Where they see only some messages (a shared number, a number that
    /// somebody else had before), words of messages find nothing: what cannot be read must not be found out by asking for it (P7).
    pub async fn search_own(
        &self,
        who: &SignedIn,
        query: &ListQuery,
        words: &str,
        limit: usize,
        own: &[(Conversation, Sight)],
    ) -> Result<Rows, StoreError> {
        let candidate = |(conversation, sight): &(Conversation, Sight)| Candidate {
            conversation: conversation.id.clone(),
            by_messages: *sight == Sight::Crew,
        };
        // Nor is somebody found by the name of another customer of their shared number.
        let named = own.iter().filter(|(conversation, sight)| {
            conversation.customer.as_ref().is_none_or(|customer| sight.shows_customer(&customer.id))
        });
        let scope = Scope::Within(named.map(candidate).collect());
        let sight_of = |found: &Conversation| {
            let known = own.iter().find(|(conversation, _)| conversation.id == found.id);
            known.map_or(Sight::Hidden, |(_, sight)| sight.clone())
        };
        self.search_in(who, query, words, limit, scope, sight_of).await
    }

    async fn search_in(
        &self,
        who: &SignedIn,
        query: &ListQuery,
        words: &str,
        limit: usize,
        scope: Scope,
        sight_of: impl Fn(&Conversation) -> Sight + Sync,
    ) -> Result<Rows, StoreError> {
        let terms = terms::query(words);
        let keep = |conversation: &Conversation| belongs(conversation, query);
        let asked = Asked { terms: &terms, scope, keep: &keep, limit };
        let page = self.store.search(&who.business.id, &asked).await?;
        let suggestion = if page.hits.is_empty() {
            Box::pin(self.store.suggest(&who.business.id, &asked)).await?
        } else {
            None
        };
        let with_sight = |hit: SearchHit| {
            let sight = sight_of(&hit.conversation);
            (hit, sight)
        };
        let mut hits: Vec<(SearchHit, Sight)> = page.hits.into_iter().map(with_sight).collect();
        hits.retain(|(_, sight)| !sight.is_hidden());
        let matches = self.matches(&hits, &terms).await?;
        let conversations = hits.into_iter().map(|(hit, sight)| (hit.conversation, sight)).collect();
        Ok(Rows { conversations, next: None, matches, more: page.more, suggestion })
    }

    /// The messages that were found, as excerpts.
    async fn matches(
        &self,
        hits: &[(SearchHit, Sight)],
        terms: &[QueryTerm],
    ) -> Result<Vec<MatchView>, StoreError> {
        let reads: Vec<_> = hits.iter().map(|(hit, sight)| self.match_of(hit, sight, terms)).collect();
        let found: Vec<Option<MatchView>> =
            futures::stream::iter(reads).buffered(AT_ONCE).try_collect().await?;
        Ok(found.into_iter().flatten().collect())
    }

    async fn match_of(
        &self,
        hit: &SearchHit,
        sight: &Sight,
        terms: &[QueryTerm],
    ) -> Result<Option<MatchView>, StoreError> {
        let Some(seq) = hit.seq else { return Ok(None) };
        let Summary { business, id, .. } = &*hit.conversation;
        let message = self.store.message_at(business, id, seq).await?;
        Ok(message.filter(|message| sight.shows(message)).map(|message| found(&message, terms)))
    }
}

/// Whether a conversation stands in the list that is asked for.
pub fn belongs(conversation: &Conversation, query: &ListQuery) -> bool {
    let assigned = match &query.assigned {
        Assigned::Anyone => true,
        Assigned::Nobody => conversation.assignee.is_none(),
        Assigned::To(staff) => conversation.assignee.as_ref() == Some(staff),
    };
    assigned && conversation.folder().is_some_and(|folder| query.filter.shows(folder))
}

fn found(message: &Message, terms: &[QueryTerm]) -> MatchView {
    MatchView {
        conversation_id: message.conversation.clone(),
        seq: message.seq,
        direction: message.direction().into(),
        text: excerpt(message.text(), terms),
    }
}

/// The part of a text around the first word that was searched for, in one line.
fn excerpt(text: &str, terms: &[QueryTerm]) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let first = terms::place_of(&line, terms).unwrap_or(0);
    let start = first.saturating_sub(EXCERPT_BEFORE);
    let part: String = line.chars().skip(start).take(EXCERPT).collect();
    let (before, after) =
        (if start > 0 { "…" } else { "" }, if line.chars().count() > start + EXCERPT { "…" } else { "" });
    format!("{before}{part}{after}")
}
