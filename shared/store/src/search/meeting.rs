//! Where the lists of all terms meet.
//!
//! The lists are walked together, the newest posting first. A conversation is met as soon as each of them has told
//! of it, by a posting or by what it is called: so the newest come first, and a walk to the end meets every one.

use porchlight_domain::id::ConversationId;

use super::candidates::List;
use super::postings::Posting;
use super::{CHUNK, LOOKED_AT};
use crate::error::StoreError;
use crate::keys::{OfShorts, Short, Shorts};
use crate::store::Store;

/// Terms of a query, one bit each.
pub(super) type Terms = u8;

/// What the lists tell of a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Evidence {
    /// Terms that its messages have, as far as was walked.
    pub said: Terms,
    /// Of its messages met, the newest with the most terms.
    pub best: Option<Best>,
}

/// A message and how many of the terms it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Best {
    pub terms: u32,
    pub seq: u64,
}

/// One walk over the lists of the terms that have one.
pub(super) struct Meeting {
    lists: Vec<(Terms, List)>,
    known: OfShorts<Known>,
    looked_at: usize,
    /// Once the lists tell of nobody more: those who are rather looked at.
    rest: Option<Vec<(Short, Evidence)>>,
}

#[derive(Default)]
struct Known {
    evidence: Evidence,
    /// The message that was met last, and its terms.
    message: (u64, Terms),
    is_given: bool,
}

impl Meeting {
    /// Of these lists, each with its term's bit.
    pub fn new(lists: Vec<(Terms, List)>) -> Self {
        Self { lists, known: OfShorts::default(), looked_at: 0, rest: None }
    }

    /// Whether it stopped before the end.
    pub fn stopped_early(&self) -> bool {
        self.rest.as_ref().is_none_or(|rest| !rest.is_empty())
    }

    /// The next conversations that may have every term; none at the end.
    pub async fn next(&mut self, store: &Store) -> Result<Vec<(ConversationId, Evidence)>, StoreError> {
        let mut met = Vec::new();
        while met.len() < CHUNK && self.rest.is_none() && self.looked_at < LOOKED_AT {
            if self.lists.iter().any(|(_, list)| list.is_thirsty()) {
                self.fill(store).await?;
                self.rest = self.left(CHUNK);
                continue;
            }
            match self.take_newest() {
                Some((term, posting)) => met.extend(self.meet(term, &posting)),
                None => self.rest = self.left(usize::MAX),
            }
        }
        let room = CHUNK.saturating_sub(met.len());
        if let Some(rest) = &mut self.rest {
            met.extend(rest.drain(..rest.len().min(room)));
        }
        Ok(met.into_iter().map(|(id, evidence)| (id.id(), evidence)).collect())
    }

    async fn fill(&mut self, store: &Store) -> Result<(), StoreError> {
        let fills = self.lists.iter_mut().map(|(_, list)| list.fill(store));
        self.looked_at += futures::future::try_join_all(fills).await?.into_iter().sum::<usize>();
        Ok(())
    }

    fn take_newest(&mut self) -> Option<(Terms, Posting)> {
        let (term, list) = self.lists.iter_mut().max_by(|(_, a), (_, b)| a.newest().cmp(&b.newest()))?;
        Some((*term, list.take()?))
    }

    /// One posting more; its conversation, if that was all that was missing.
    fn meet(&mut self, term: Terms, posting: &Posting) -> Option<(Short, Evidence)> {
        let called = called(&self.lists, posting.conversation);
        let all = all(&self.lists);
        let known = self.known.entry(posting.conversation).or_default();
        known.learn(term, posting.seq);
        // A message that has several terms is met once for each of them.
        let is_met = !known.is_given && (known.evidence.said | called) == all;
        known.is_given |= is_met;
        is_met.then_some((posting.conversation, known.evidence))
    }

    /// When a list has ended, only those that it told of are left, called so for the most part: a few are rather looked
    /// at than waited for. None while no list has ended, or where there are more than so many.
    fn left(&self, at_most: usize) -> Option<Vec<(Short, Evidence)>> {
        let ended: Vec<_> = self.lists.iter().filter(|(_, list)| list.is_done()).collect();
        let needed = ended.iter().fold(0, |terms, (term, _)| terms | term);
        let (term, shortest) =
            ended.iter().min_by_key(|(_, list)| list.called.as_ref().map_or(0, Shorts::len))?;
        let said = self.known.iter().filter(|(_, known)| known.evidence.said & term != 0).map(|(id, _)| *id);
        let of_it: Shorts = said.chain(shortest.called.iter().flatten().copied()).collect();
        let mut left = Vec::new();
        for id in of_it {
            let known = self.known.get(&id);
            let evidence = known.map(|known| known.evidence).unwrap_or_default();
            let has_them = (evidence.said | called(&self.lists, id)) & needed == needed;
            if has_them && !known.is_some_and(|known| known.is_given) {
                left.push((id, evidence));
            }
            if left.len() > at_most {
                return None;
            }
        }
        // Whoever asks for the next page meets them in the same order.
        left.sort_unstable_by_key(|(id, _)| *id);
        Some(left)
    }

    /// Those that are called by all terms; none where some term has no list of whom it calls so.
    pub fn called_by_all(lists: &[List]) -> Option<Shorts> {
        let mut sets: Vec<_> = lists.iter().map(|list| list.called.as_ref()).collect::<Option<_>>()?;
        sets.sort_by_key(|set| set.len());
        let (first, others) = sets.split_first()?;
        Some(first.iter().filter(|id| others.iter().all(|set| set.contains(*id))).copied().collect())
    }
}

impl Known {
    fn learn(&mut self, term: Terms, seq: u64) {
        let (last, terms) = self.message;
        self.message = (seq, if last == seq { terms | term } else { term });
        self.evidence.said |= term;
        let best = Best { terms: self.message.1.count_ones(), seq };
        if self.evidence.best.is_none_or(|before| best.terms > before.terms) {
            self.evidence.best = Some(best);
        }
    }
}

fn all(lists: &[(Terms, List)]) -> Terms {
    lists.iter().fold(0, |terms, (term, _)| terms | term)
}

/// The terms that a conversation is called by.
fn called(lists: &[(Terms, List)], id: Short) -> Terms {
    let calls = |list: &List| list.called.as_ref().is_some_and(|called| called.contains(&id));
    lists.iter().filter(|(_, list)| calls(list)).fold(0, |terms, (term, _)| terms | term)
}
