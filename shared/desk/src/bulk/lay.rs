//! The snapshot of a bulk command: what was named, or what a list shows when it begins.
//!
//! A list is walked by its activity, downwards: what is written meanwhile comes to its top, behind the walk. A
//! technician's own are walked by their ids. In either case what somebody wrote in meanwhile is none of the snapshot.

use std::collections::{HashMap, HashSet};

use porchlight_domain::access::{Person, Sight, sight};
use porchlight_domain::bulk::{Bulk, BulkAct, LAID_AT_ONCE, Row};
use porchlight_domain::conversation::Conversation;
use porchlight_domain::id::{BusinessId, CommandId, ConversationId};
use porchlight_domain::time::Timestamp;
use porchlight_store::StoreError;
use porchlight_store::bulk_acts::Place;
use porchlight_store::lists::{ListCursor, ListQuery, Sort};

use super::{BulkRows, NewBulk};
use crate::command::Command;
use crate::{Desk, Refusal};

/// Some rows, and where there are more.
struct Found {
    rows: Vec<Row>,
    goes_on: Option<Place>,
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
            BulkRows::Named(ids) => self.named(&who.business.id, ids).await?,
            // Of somebody's own being off the policy was asked before, whatever they see.
            BulkRows::Shown(query)
                if who.viewer.is_office() || matches!(new.act, BulkAct::Release { .. }) =>
            {
                let query = ListQuery { sort: Sort::Recent, ..query.clone() };
                self.listed(&query, None, None).await?
            }
            BulkRows::Shown(query) => self.own_listed(who, query, None).await?,
        };
        self.lay(who, bulk, found, Some(command)).await
    }

    pub(super) async fn try_lay_more(&self, who: &Person, id: &CommandId) -> Result<Bulk, Refusal> {
        let bulk = self.bulk(who, id).await?;
        let Some(place) = &bulk.goes_on else { return Ok(bulk) };
        let found = match Place::of_text(place)? {
            Place::List(cursor) => self.listed(cursor.query(), Some(&cursor), Some(bulk.at)).await?,
            Place::Own { of, last } => self.own_listed(who, &of, Some((last, bulk.at))).await?,
        };
        self.lay(who, bulk, found, None).await
    }

    async fn lay(
        &self,
        who: &Person,
        mut bulk: Bulk,
        found: Found,
        command: Option<&Command>,
    ) -> Result<Bulk, Refusal> {
        let pages = bulk.lay(&found.rows, found.goes_on.as_ref().map(Place::to_text));
        let commit = self.store.commit(&who.business.id);
        let mut commit = command.map_or(commit.clone(), |command| command.join(commit));
        for (page, rows) in pages {
            commit = commit.bulk_page(&bulk, page, rows);
        }
        commit.bulk(&mut bulk).run().await?;
        Ok(bulk)
    }

    async fn listed(
        &self,
        query: &ListQuery,
        cursor: Option<&ListCursor>,
        began: Option<Timestamp>,
    ) -> Result<Found, StoreError> {
        let page = self.store.list(query, cursor, LAID_AT_ONCE).await?;
        let rows = page.conversations.iter().filter(|it| was_there(it, began)).map(Row::of).collect();
        Ok(Found { rows, goes_on: page.next.map(Place::List) })
    }

    /// Each once. One that is not there is a row like any, and left alone when its turn comes.
    async fn named(&self, business: &BusinessId, ids: &[ConversationId]) -> Result<Found, StoreError> {
        let found = self.store.conversations(business, ids).await?;
        let known: HashMap<_, _> = found.iter().map(|it| (&it.id, Row::of(it))).collect();
        let row = |id: &ConversationId| {
            known.get(id).cloned().unwrap_or_else(|| Row { conversation: id.clone(), said: 0 })
        };
        Ok(Found { rows: each_once(ids).map(row).collect(), goes_on: None })
    }

    /// Of a technician's own: they have as many as they have customers. `from` says where it goes on, and when it began.
    async fn own_listed(
        &self,
        who: &Person,
        query: &ListQuery,
        from: Option<(ConversationId, Timestamp)>,
    ) -> Result<Found, StoreError> {
        let (last, began) = from.unzip();
        let own = self.own(who).await?.into_iter().map(|(conversation, _)| conversation);
        let shown = own.filter(|it| query.shows(it) && was_there(it, began));
        let rows = shown.map(|conversation| Row::of(&conversation)).collect();
        let (rows, goes_on) = some_after(rows, last.as_ref(), LAID_AT_ONCE);
        Ok(Found { rows, goes_on: goes_on.map(|last| Place::Own { of: query.clone(), last }) })
    }

    /// Everything that somebody who is not of the office sees now.
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

/// Whether it was as it is when the command began; while it begins, everything is.
fn was_there(row: &Conversation, began: Option<Timestamp>) -> bool {
    began.is_none_or(|began| row.last_activity_at <= began)
}

fn each_once(ids: &[ConversationId]) -> impl Iterator<Item = &ConversationId> {
    let mut met = HashSet::new();
    ids.iter().filter(move |id| met.insert(*id))
}

/// So many of the rows that come after this one by their ids, and after which there are more.
fn some_after(
    mut rows: Vec<Row>,
    last: Option<&ConversationId>,
    most: usize,
) -> (Vec<Row>, Option<ConversationId>) {
    rows.retain(|row| last.is_none_or(|last| row.conversation > *last));
    rows.sort_by(|one, other| one.conversation.cmp(&other.conversation));
    let goes_on = rows.len() > most;
    rows.truncate(most);
    let last = rows.last().filter(|_| goes_on).map(|row| row.conversation.clone());
    (rows, last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_rows_are_laid_one_and_all_in_whatever_order_they_come() {
        let row = |n: u64| Row { conversation: format!("{n:032x}").parse().expect("an id"), said: n };
        let rows: Vec<Row> = [4, 1, 6, 3, 0, 5, 2].map(row).to_vec();
        let (mut laid, mut last) = (Vec::new(), None);
        loop {
            let (some, goes_on) = some_after(rows.clone(), last.as_ref(), 3);
            laid.extend(some);
            last = goes_on;
            if last.is_none() {
                break;
            }
        }
        assert_eq!(laid, (0..7).map(row).collect::<Vec<_>>());
        assert_eq!(some_after(rows, None, 7).1, None, "there are no more");
    }
}
