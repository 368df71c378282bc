//! Internal threads in the list: the office's shared ones from the index of folders, pairs from their two alone; and
//! finding among them. Each is held against the policy before it is told (P7).

use porchlight_api::party::PartyView;
use porchlight_domain::access::{AccessFacts, Sight, sight};
use porchlight_domain::conversation::{Conversation, Filter};
use porchlight_domain::message::Message;
use porchlight_domain::party::Party;
use porchlight_domain::terms;
use porchlight_edge::session::SignedIn;
use porchlight_store::StoreError;
use porchlight_store::lists::{Assigned, ListQuery, Sort, Threads};

use super::Rows;
use super::search::{Part, found};
use crate::Inbox;

/// Shared threads of the office that a search looks into, the last active first.
const LOOKED_INTO: usize = 200;

impl Inbox {
    /// Somebody's own pairs, where the list has any.
    pub(super) async fn pairs(
        &self,
        who: &SignedIn,
        query: &ListQuery,
    ) -> Result<Vec<Conversation>, StoreError> {
        if !query.threads.has_internal() {
            return Ok(Vec::new());
        }
        let ids = self.store.conversations_of_member(&who.business.id, &who.staff.id).await?;
        let mut pairs = self.store.conversations(&who.business.id, &ids).await?;
        pairs.retain(|it| matches!(it.party, Party::Pair(_)));
        Ok(pairs)
    }

    /// What somebody of the office sees of these: nothing needs to be read for it.
    pub(super) fn seen_by_office(
        &self,
        who: &SignedIn,
        conversations: Vec<Conversation>,
    ) -> Vec<(Conversation, Sight)> {
        let (now, facts) = (self.now(), AccessFacts::default());
        let seen = conversations.into_iter().map(|it| {
            let sight = sight(&who.viewer, &it, &facts, now);
            (it, sight)
        });
        seen.filter(|(_, sight)| !sight.is_hidden()).collect()
    }

    /// What the office finds: among customers, among its internal threads, or both.
    pub(super) async fn search_office(
        &self,
        who: &SignedIn,
        query: &ListQuery,
        words: &str,
        part: Part,
    ) -> Result<Rows, StoreError> {
        let mut rows = Rows::new(Vec::new(), None);
        if query.threads.has_customers() {
            rows = self.search_all(who, &with_customers(query), words, part).await?;
        }
        if query.threads.has_internal() && part.skip == 0 {
            let pairs = self.pairs(who, query).await?;
            let team = ListQuery {
                business: query.business.clone(),
                filter: Filter::All,
                sort: Sort::Recent,
                assigned: Assigned::Anyone,
                threads: Threads::Internal,
            };
            let page = self.store.list_with(&team, None, LOOKED_INTO, &pairs).await?;
            rows.more |= page.next.is_some();
            let threads = self.seen_by_office(who, page.conversations);
            self.search_internal(who, query, (words, part.limit), threads, &mut rows).await?;
        }
        Ok(rows)
    }

    /// Adds what is found among these internal threads, the last active ones and at most so many, all in one list by their
    /// last activity.
    pub(super) async fn search_internal(
        &self,
        who: &SignedIn,
        query: &ListQuery,
        (words, limit): (&str, usize),
        mut threads: Vec<(Conversation, Sight)>,
        rows: &mut Rows,
    ) -> Result<(), StoreError> {
        threads.retain(|(it, _)| query.shows(it) && it.party.is_internal());
        let (business, me) = (&who.business.id, &who.staff.id);
        let names = self.names(business).await?;
        let called = |it: &Conversation| PartyView::new(it, me, &names).name(me).unwrap_or_default();
        let looked: Vec<_> = threads.into_iter().map(|(it, _)| (called(&it), it)).collect();
        let looked = looked.into_iter().map(|(name, it)| (it, name)).collect();
        let terms = terms::query(words);
        let mut hits = self.store.search_internal(business, looked, &terms).await?;
        hits.sort_by_key(|hit| std::cmp::Reverse(hit.conversation.last_activity_at));
        rows.more |= hits.len() > limit;
        hits.truncate(limit);
        let places: Vec<_> =
            hits.iter().filter_map(|hit| Some((hit.conversation.id.clone(), hit.seq?))).collect();
        let messages = self.store.messages_at(business, &places).await?;
        for hit in hits {
            let by = messages.iter().find(|it| it.conversation == hit.conversation.id);
            // Taken back since its words were laid: it is found by them no more.
            if hit.seq.is_some() && by.is_none_or(|it: &Message| it.deleted_at().is_some()) {
                continue;
            }
            rows.matches.extend(by.filter(|_| hit.seq.is_some()).map(|it| found(it, &terms)));
            rows.conversations.push((hit.conversation, Sight::Insider));
        }
        rows.conversations.sort_by_key(|(it, _)| std::cmp::Reverse(it.last_activity_at));
        if !rows.conversations.is_empty() {
            rows.suggestion = None;
        }
        Ok(())
    }
}

/// The part of a query that is about customers.
pub(super) fn with_customers(query: &ListQuery) -> ListQuery {
    ListQuery { threads: Threads::Customer, ..query.clone() }
}
