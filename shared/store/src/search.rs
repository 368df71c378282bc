//! Search: an inverted index in the derived table, laid by `index` and asked by `inbox`.
//!
//! # What lies where
//!
//! | partition | place | what |
//! |---|---|---|
//! | `{b}#TERM#{term}` | `{time}#{conversation}#{seq}` | a posting: the message has the term |
//! | `{b}#VOCAB#{first two}` | `{term}` | the term has postings: what a beginning grows into |
//! | `{b}#LABEL#{first two}` | `{term}#{conversation}` | a word of the name or the street, a job's number, or an end of the phone number |
//! | `{b}#WORDS#{conversation}` | `{block}` | the terms of twelve messages in a row |
//!
//! A write unit is paid per item, so the words of a conversation lie in blocks (one unit per text) and the
//! commonest words have no postings. A text of a dozen words costs about eight units, the first one of a
//! number nine more for its ends. Every key follows from the text alone: doing it again changes nothing.
//!
//! # How it is asked
//!
//! The rarest term's postings are walked, newest first, and each conversation found is held against all
//! terms by its words, its name and its number, so whatever is stale in the index shows nothing wrong. A term
//! that has no short list (one or two letters, the commonest words, an area code) is in so many conversations
//! that walking them by their last activity soon finds enough. Where nothing is found, the nearest words that
//! there are may be suggested.

mod candidates;
mod found;
mod suggestion;
mod words;
mod write;

use std::collections::HashSet;

use porchlight_domain::conversation::Conversation;
use porchlight_domain::id::{BusinessId, ConversationId};
use porchlight_domain::terms::QueryTerm;

pub use self::suggestion::Suggestion;
pub use self::write::Indexed;

use self::candidates::Source;
use self::found::{Evidence, Gathering};
use self::words::Shown;
use crate::error::StoreError;
use crate::store::Store;

/// Candidates that are looked at together.
const CHUNK: usize = 50;
/// Postings that one search looks at, at most.
const LOOKED_AT: usize = 2_000;

/// A search.
pub struct Asked<'a> {
    /// What every conversation found has; cut by [`porchlight_domain::terms::query`].
    pub terms: &'a [QueryTerm],
    /// Where to look.
    pub scope: Scope,
    /// Which of the conversations found are wanted: the filter, the assignee, what the viewer may see.
    pub keep: &'a (dyn Fn(&Conversation) -> bool + Send + Sync),
    /// At most so many.
    pub limit: usize,
}

/// Where to look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything of the business, notes included.
    Office,
    /// Only these conversations, and never their notes: what a technician may be shown.
    Within(Vec<Candidate>),
}

/// A conversation that a technician may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Which.
    pub conversation: ConversationId,
    /// Found by its messages too. Not where only some of them are shown (a shared number): what somebody
    /// cannot read must not be found out by asking for it (P7).
    pub by_messages: bool,
}

/// A conversation that has all terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchHit {
    /// As it is now.
    pub conversation: Conversation,
    /// The newest message that has the most terms; none when name and number have all of them.
    pub seq: Option<u64>,
}

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchPage {
    /// The last active first.
    pub hits: Vec<SearchHit>,
    /// It was not looked any further: there may be others.
    pub more: bool,
}

impl Store {
    /// The conversations that have all terms. The caller decides once more what the viewer may see.
    pub async fn search(&self, business: &BusinessId, asked: &Asked<'_>) -> Result<SearchPage, StoreError> {
        let mut gathering = Gathering::new(self, business, asked);
        if asked.terms.is_empty() {
            return Ok(gathering.finish());
        }
        match &asked.scope {
            Scope::Within(candidates) => gathering.look_within(candidates).await?,
            Scope::Office => self.look_everywhere(business, asked.terms, &mut gathering).await?,
        }
        Ok(gathering.finish())
    }

    async fn look_everywhere(
        &self,
        business: &BusinessId,
        terms: &[QueryTerm],
        gathering: &mut Gathering<'_>,
    ) -> Result<(), StoreError> {
        if let Some(source) = self.rarest(business, terms).await? {
            return self.walk_source(source, gathering).await;
        }
        let called_so = candidates::called(self, business, terms).await?;
        let called_so = called_so.into_iter().map(|id| (id, Evidence::Label)).collect();
        gathering.consider(called_so, Shown::Office).await?;
        gathering.look_by_activity().await
    }

    /// The term with the fewest postings, ready to be walked; none when every term is too common for that.
    async fn rarest(&self, business: &BusinessId, terms: &[QueryTerm]) -> Result<Option<Source>, StoreError> {
        let sources = terms.iter().map(|term| Source::of(self, business, term));
        let sources = futures::future::try_join_all(sources).await?;
        Ok(sources.into_iter().flatten().min_by_key(Source::size))
    }

    /// Holds what a source gives against all terms, piece by piece, until there is enough.
    async fn walk_source(&self, mut source: Source, into: &mut Gathering<'_>) -> Result<(), StoreError> {
        let labels = std::mem::take(&mut source.labels);
        into.consider(labels.into_iter().map(|id| (id, Evidence::Label)).collect(), Shown::Office).await?;
        let (mut looked_at, mut met) = (0, HashSet::new());
        while !into.is_full() {
            let mut piece = Vec::new();
            while piece.len() < CHUNK && looked_at < LOOKED_AT {
                let Some(posting) = source.next(self).await? else { break };
                looked_at += 1;
                if met.insert(posting.conversation.clone()) {
                    piece.push((posting.conversation, Evidence::Posting(posting.seq)));
                }
            }
            if piece.is_empty() {
                into.more |= looked_at >= LOOKED_AT;
                return Ok(());
            }
            into.consider(piece, Shown::Office).await?;
        }
        into.more |= source.next(self).await?.is_some();
        Ok(())
    }
}
