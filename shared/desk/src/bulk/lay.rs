//! The snapshot of a bulk command: what was named, or what a list shows when it begins.
//!
//! A list is walked by its activity, downwards: what is written meanwhile comes to its top, behind the walk, and is none
//! of the snapshot.

use std::collections::HashSet;

use porchlight_domain::access::{Person, Sight, sight};
use porchlight_domain::bulk::{Bulk, LAID_AT_ONCE};
use porchlight_domain::conversation::Conversation;
use porchlight_domain::id::{CommandId, ConversationId};
use porchlight_store::StoreError;
use porchlight_store::lists::{ListCursor, ListQuery, Sort};

use super::{BulkRows, NewBulk};
use crate::command::Command;
use crate::{Desk, Refusal};

/// Some rows, and where there are more.
struct Found {
    rows: Vec<ConversationId>,
    goes_on: Option<ListCursor>,
}

impl Desk {
    pub(super) async fn try_begin_bulk(
        &self,
        who: &Person,
        new: &NewBulk,
        command: &Command,
    ) -> Result<Bulk, Refusal> {
        if self.was_done(command).await? {
            return self.bulk(who, &new.id).await;
        }
        let bulk = Bulk::begin(new.id.clone(), who.staff.id.clone(), new.act.clone(), self.now());
        let found = match &new.rows {
            BulkRows::Named(ids) => Found { rows: each_once(ids), goes_on: None },
            BulkRows::Shown(query) if who.viewer.is_office() => {
                let query = ListQuery { sort: Sort::Recent, ..query.clone() };
                self.listed(&query, None).await?
            }
            BulkRows::Shown(query) => Found { rows: self.own_listed(who, query).await?, goes_on: None },
        };
        self.lay(who, bulk, found, Some(command)).await
    }

    pub(super) async fn try_lay_more(&self, who: &Person, id: &CommandId) -> Result<Bulk, Refusal> {
        let bulk = self.bulk(who, id).await?;
        let Some(place) = &bulk.goes_on else { return Ok(bulk) };
        let cursor = ListCursor::of_text(place)?;
        let found = self.listed(cursor.query(), Some(&cursor)).await?;
        self.lay(who, bulk, found, None).await
    }

    async fn lay(
        &self,
        who: &Person,
        mut bulk: Bulk,
        found: Found,
        command: Option<&Command>,
    ) -> Result<Bulk, Refusal> {
        let pages = bulk.lay(&found.rows, found.goes_on.as_ref().map(ListCursor::to_text));
        let commit = self.store.commit(&who.business.id);
        let mut commit = command.map_or(commit.clone(), |command| command.join(commit));
        for (page, rows) in pages {
            commit = commit.bulk_page(&bulk, page, rows);
        }
        commit.bulk(&mut bulk).run().await?;
        Ok(bulk)
    }

    async fn listed(&self, query: &ListQuery, cursor: Option<&ListCursor>) -> Result<Found, StoreError> {
        let page = self.store.list(query, cursor, LAID_AT_ONCE).await?;
        let rows = page.conversations.iter().map(|it| it.id.clone()).collect();
        Ok(Found { rows, goes_on: page.next })
    }

    /// Of a technician's own. They have as many as they have customers.
    async fn own_listed(&self, who: &Person, query: &ListQuery) -> Result<Vec<ConversationId>, StoreError> {
        let own = self.own(who).await?;
        let shown = own.into_iter().filter(|(conversation, _)| query.shows(conversation));
        Ok(shown.map(|(conversation, _)| conversation.id.clone()).take(LAID_AT_ONCE).collect())
    }

    /// Everything with a customer that somebody who is not of the office sees now.
    pub async fn own(&self, who: &Person) -> Result<Vec<(Conversation, Sight)>, StoreError> {
        let business = &who.business.id;
        let ids = self.store.conversations_of_member(business, &who.staff.id).await?;
        let conversations = self.store.conversations(business, &ids).await?;
        let facts = self.store.access_facts_of_all(&who.viewer, &conversations, self.now()).await?;
        let seen = conversations.into_iter().zip(facts).map(|(conversation, facts)| {
            let sight = sight(&who.viewer, &conversation, &facts, self.now());
            (conversation, sight)
        });
        Ok(seen.filter(|(_, sight)| !sight.is_hidden()).collect())
    }
}

fn each_once(ids: &[ConversationId]) -> Vec<ConversationId> {
    let mut met = HashSet::new();
    ids.iter().filter(|id| met.insert(*id)).cloned().collect()
}
