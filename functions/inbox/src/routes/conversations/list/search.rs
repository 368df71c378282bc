//! Search, as one types: the store finds, the filter and the access policy keep.

use porchlight_domain::access::Sight;
use porchlight_domain::conversation::Conversation;
use porchlight_domain::id::BusinessId;
use porchlight_domain::message::Message;
use porchlight_domain::terms::{self, QueryTerm};
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use porchlight_store::StoreError;
use porchlight_store::lists::ListQuery;
use porchlight_store::search::{Asked, Candidate, Scope, SearchHit};

use super::Rows;
use super::cursor::{self, Place};
use crate::Inbox;
use crate::view::list::MatchView;

/// Characters of an excerpt: before the first word that was searched for, and in all.
const EXCERPT_BEFORE: usize = 40;
const EXCERPT: usize = 160;

/// A search is made anew for each page: nobody reads further than this.
const DEEPEST: usize = 10_000;

/// A part of what is found.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// So many were given before.
    pub skip: usize,
    /// At most so many.
    pub limit: usize,
}

impl Part {
    /// From the place of a cursor on, which must be one of a search.
    pub fn of(from: Option<&Place>, limit: usize) -> Result<Self, Problem> {
        match from {
            None => Ok(Self { skip: 0, limit }),
            Some(Place::Found(skip)) if *skip <= DEEPEST => Ok(Self { skip: *skip, limit }),
            Some(_) => Err(cursor::foreign()),
        }
    }
}

impl Inbox {
    /// What the office finds.
    pub async fn search_all(
        &self,
        who: &SignedIn,
        query: &ListQuery,
        words: &str,
        part: Part,
    ) -> Result<Rows, StoreError> {
        self.search_in(who, query, words, part, Scope::Office, |_| Sight::Office).await
    }

    /// What a technician finds among their own. Where they see only some messages (a shared number, a number that
    /// somebody else had before), words of messages find nothing: what cannot be read must not be found out by asking for it (P7).
    pub async fn search_own(
        &self,
        who: &SignedIn,
        query: &ListQuery,
        words: &str,
        part: Part,
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
        self.search_in(who, query, words, part, scope, sight_of).await
    }

    async fn search_in(
        &self,
        who: &SignedIn,
        query: &ListQuery,
        words: &str,
        Part { skip, limit }: Part,
        scope: Scope,
        sight_of: impl Fn(&Conversation) -> Sight + Sync,
    ) -> Result<Rows, StoreError> {
        let terms = terms::query(words);
        let keep = |conversation: &Conversation| query.shows(conversation);
        let asked = Asked { terms: &terms, scope, keep: &keep, skip, limit };
        // Boxed, as a search is a large future.
        let page = Box::pin(self.store.search(&who.business.id, &asked)).await?;
        let suggestion = if page.hits.is_empty() && skip == 0 {
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
        let matches = self.matches(&who.business.id, &hits, &terms).await?;
        let conversations = hits.into_iter().map(|(hit, sight)| (hit.conversation, sight)).collect();
        let next = page.goes_on.then(|| Place::Found(skip + limit)).filter(|_| skip + limit <= DEEPEST);
        Ok(Rows { conversations, next, matches, more: page.more, suggestion })
    }

    /// The messages that were found, as excerpts.
    async fn matches(
        &self,
        business: &BusinessId,
        hits: &[(SearchHit, Sight)],
        terms: &[QueryTerm],
    ) -> Result<Vec<MatchView>, StoreError> {
        let place = |(hit, _): &(SearchHit, Sight)| Some((hit.conversation.id.clone(), hit.seq?));
        let places: Vec<_> = hits.iter().filter_map(place).collect();
        let messages = self.store.messages_at(business, &places).await?;
        let message_of =
            |hit: &SearchHit| messages.iter().find(|message| message.conversation == hit.conversation.id);
        let shown = hits.iter().filter_map(|(hit, sight)| message_of(hit).filter(|it| sight.shows(it)));
        Ok(shown.map(|message| found(message, terms)).collect())
    }
}

pub(super) fn found(message: &Message, terms: &[QueryTerm]) -> MatchView {
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
