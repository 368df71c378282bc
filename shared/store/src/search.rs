//! Search: an inverted index in the derived table, laid by `index` and asked by `inbox`.
//!
//! # What lies where
//!
//! | partition | place | what |
//! |---|---|---|
//! | `{b}#LOG` | `{block}` | the words of the latest texts, and the latest numbers, a line each ([`log`]) |
//! | `{b}#TERM#{term}` | `{time}#{conversation}#{seq}`, of several `…~{digest of more}` | postings: this message has the term, and up to 99 older ones (`more`; time and id in few characters: there are many) |
//! | `{b}#VOCAB#{first two}` | `{term}` | the term has postings: what a beginning grows into |
//! | `{b}#NEAR#-{third and fourth}` | `{term}` | a word of a name or a street: what a slip in the first two letters may mean |
//! | `{b}#NEAR#{first two}` | `{term}` | a word of a name or a street: what a later slip may mean |
//! | `{b}#LABEL#{first two}` | `{term}#{shard}` | a word of the name or the street, a job's number: a set of those called so |
//! | `{b}#ENDS#{first two}` | `{first six}~{digest of more}` | up to a hundred ends of numbers, each with its conversation (`more`) |
//! | `{b}#WORDS#{conversation}` | `{block}` | the terms of twelve messages in a row |
//!
//! A write unit is paid per item, so the words of a conversation lie in blocks (one unit per text), those of all
//! conversations in the log (one more), and the commonest words have no postings. When some 500 lines are logged they
//! are packed: an item per word that they have (one unit, or one for each 28 places of it), two units or so per text, and a
//! new word one more. The digest keeps items apart that begin alike: a pack never overwrites what another one has laid. A new name costs
//! three for each word: its set (one more for each 40 people in it: a hundred thousand conversations have some 60 in a
//! set of a first name) and its two places for slips. Every key follows from the text alone: doing it again changes
//! nothing that is found.
//!
//! # How it is asked
//!
//! The log is read whole; where a term is nowhere, nothing more is read. Then the lists of all terms are walked
//! together, newest first ([`meeting`]), whatever their length: a conversation that all of them told of is found. Texts
//! never change, so a posting is believed; a name may have changed, so it is compared with the row, which is read anyway.
//! A term that has no list (one letter, the commonest words, a beginning of very many words) is looked for in the words
//! of those that the other lists tell of; where no term has one, it is in so many conversations that walking them by
//! their last activity soon finds enough.
//! Where nothing is found, the nearest words that there are may be suggested.

mod candidates;
mod found;
mod internal;
mod labels;
mod lane;
mod log;
mod meeting;
mod postings;
mod suggestion;
mod unpacked;
mod within;
mod words;
mod write;

use porchlight_domain::conversation::Conversation;
use porchlight_domain::id::{BusinessId, ConversationId};
use porchlight_domain::terms::QueryTerm;

pub use self::suggestion::Suggestion;
pub use self::unpacked::unpacked;
pub use self::write::Indexed;
pub(crate) use self::write::Laying;

use self::candidates::List;
use self::found::Gathering;
use self::meeting::Meeting;
use self::words::Shown;
use crate::error::StoreError;
use crate::keys::Short;
use crate::store::Store;

/// Candidates that are looked at together.
const CHUNK: usize = 50;
/// Postings, or rows of the list, that one search looks at, at most: far more than any page takes, unless two long
/// lists hardly ever meet.
const LOOKED_AT: usize = 200_000;

/// A search.
pub struct Asked<'a> {
    /// What every conversation found has; cut by [`porchlight_domain::terms::query`].
    pub terms: &'a [QueryTerm],
    /// Where to look.
    pub scope: Scope,
    /// Which of the conversations found are wanted: the filter, the assignee, what the viewer may see.
    pub keep: &'a (dyn Fn(&Conversation) -> bool + Send + Sync),
    /// So many of those found were given on the pages before.
    pub skip: usize,
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

/// Which of very many are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    /// The last active first.
    Latest,
    Any,
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
    /// There are others, or may be.
    pub more: bool,
    /// The page is full, and a next one has others.
    pub goes_on: bool,
}

impl Store {
    /// The conversations that have all terms. The caller decides once more what the viewer may see.
    pub async fn search(&self, business: &BusinessId, asked: &Asked<'_>) -> Result<SearchPage, StoreError> {
        self.look(business, asked, Which::Latest).await
    }

    /// Any that have all terms: of very many not much is read.
    async fn search_any(&self, business: &BusinessId, asked: &Asked<'_>) -> Result<SearchPage, StoreError> {
        self.look(business, asked, Which::Any).await
    }

    async fn look(
        &self,
        business: &BusinessId,
        asked: &Asked<'_>,
        which: Which,
    ) -> Result<SearchPage, StoreError> {
        let mut gathering = Gathering::new(self, business, asked);
        if asked.terms.is_empty() {
            return Ok(gathering.finish());
        }
        match &asked.scope {
            Scope::Within(candidates) => gathering.look_within(candidates).await?,
            Scope::Office => self.look_everywhere(business, asked.terms, which, &mut gathering).await?,
        }
        Ok(gathering.finish())
    }

    async fn look_everywhere(
        &self,
        business: &BusinessId,
        terms: &[QueryTerm],
        which: Which,
        gathering: &mut Gathering<'_>,
    ) -> Result<(), StoreError> {
        let log = self.log(business).await?;
        let lists = terms.iter().map(|term| List::of(self, business, &log, term));
        let mut lists = futures::future::try_join_all(lists).await?;
        if lists.iter().any(List::is_empty) {
            return Ok(());
        }
        if which == Which::Any
            && let Some(called) = Meeting::called_by_all(&lists)
        {
            gathering.look_at(called.into_iter().map(Short::id)).await?;
            if gathering.is_full() {
                return Ok(());
            }
        }
        futures::future::try_join_all(lists.iter_mut().map(|list| list.complete(self))).await?;
        let unsaid = lists.iter().enumerate().filter(|(_, list)| list.is_unsaid());
        gathering.unsaid = unsaid.fold(0, |terms, (place, _)| terms | 1 << place);
        if let Some(called) = Meeting::called_by_all(&lists) {
            gathering.look_among(called).await?;
        }
        let lists = lists.into_iter().enumerate().map(|(place, list)| (1 << place, list));
        let lists: Vec<_> = lists.filter(|(_, list)| list.is_walkable()).collect();
        if lists.is_empty() {
            return gathering.look_by_activity().await;
        }
        let mut meeting = Meeting::new(lists);
        while !gathering.is_full() {
            let met = meeting.next(self).await?;
            if met.is_empty() {
                gathering.more |= meeting.stopped_early();
                return Ok(());
            }
            gathering.consider(met, Shown::Office).await?;
        }
        Ok(())
    }
}
