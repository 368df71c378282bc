//! The list of conversations: folders of an index, merged.
//!
//! Each conversation stands in one folder of `recent`, ordered by activity; a filter is a set of folders.
//! With the longest waiting first, those in `waiting` come before, and the rest by activity after them. The
//! index may lag, so every row is read from the table and checked again.

use porchlight_domain::conversation::{Conversation, Filter, Folder};
use porchlight_domain::id::{BusinessId, ConversationId, StaffId};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::keys;
use crate::query::{Index, Query, RECENT, Range, WAITING};
use crate::store::Store;
use crate::table::{Table, text_of};

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// The last activity first.
    #[default]
    Recent,
    /// Emergencies, then the longest waiting, then the rest by activity.
    Waiting,
}

/// Whose conversations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Assigned {
    /// Everybody's and nobody's.
    #[default]
    Anyone,
    /// Nobody's.
    Nobody,
    /// One person's.
    To(StaffId),
}

impl Assigned {
    fn shows(&self, assignee: Option<&str>) -> bool {
        match self {
            Self::Anyone => true,
            Self::Nobody => assignee.is_none(),
            Self::To(staff) => assignee == Some(staff.as_str()),
        }
    }
}

/// With whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Threads {
    /// Conversations with customers: what the five filters are about.
    #[default]
    Customer,
    /// What staff write to staff.
    Internal,
    /// Both, in one list.
    All,
}

impl Threads {
    /// Whether conversations with customers are among them.
    pub const fn has_customers(self) -> bool {
        matches!(self, Self::Customer | Self::All)
    }

    /// Whether internal threads are.
    pub const fn has_internal(self) -> bool {
        matches!(self, Self::Internal | Self::All)
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde calls")]
    const fn is_usual(&self) -> bool {
        matches!(self, Self::Customer)
    }
}

/// Which conversations of a business, in which order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListQuery {
    /// The tenant.
    pub business: BusinessId,
    /// One of the five.
    pub filter: Filter,
    /// The order.
    pub sort: Sort,
    /// Whose.
    pub assigned: Assigned,
    /// With whom.
    #[serde(default, skip_serializing_if = "Threads::is_usual")]
    pub threads: Threads,
}

impl ListQuery {
    /// As text, the same for the same list.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).expect("a query is plain data")
    }

    /// Whether the list shows it.
    pub fn shows(&self, conversation: &Conversation) -> bool {
        if conversation.party.is_internal() {
            // One that nobody has written in is nobody's to find.
            return self.has_internal() && conversation.seq > 0;
        }
        self.threads.has_customers()
            && conversation.folder().is_some_and(|folder| self.filter.shows(folder))
            && self.assigned.shows(conversation.assignee.as_ref().map(StaffId::as_str))
    }

    /// Whether internal threads are among them: they are in none of the filters, and nobody's.
    fn has_internal(&self) -> bool {
        self.threads.has_internal() && self.filter == Filter::All && self.assigned == Assigned::Anyone
    }
}

/// Where a list goes on; good only for the query that it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListCursor {
    query: ListQuery,
    phase: Phase,
    after: Option<String>,
}

impl ListCursor {
    /// The list that it goes on with.
    pub const fn query(&self) -> &ListQuery {
        &self.query
    }

    /// Whether this query may have made it: whoever is given one may give back another.
    fn is_of(&self, query: &ListQuery) -> bool {
        let is_reached = query.sort == Sort::Waiting || self.phase == Phase::Recent;
        self.query == *query && is_reached && self.after.as_deref().is_none_or(keys::may_be_sort_key)
    }
}

/// Which of the two indexes a list is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Phase {
    Waiting,
    Recent,
}

/// Some of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// In the order of the list. It may be shorter than asked for and still go on.
    pub conversations: Vec<Conversation>,
    /// Where it goes on, if it does.
    pub next: Option<ListCursor>,
}

/// Some of a list, by name only.
pub(crate) struct Ids {
    pub ids: Vec<ConversationId>,
    pub next: Option<ListCursor>,
}

/// Rows of the index that one call looks at, at most, for rows of the right person.
const LOOKED_AT: usize = 2_000;

impl Store {
    /// A page of the list. The cursor must come from the same query.
    pub async fn list(
        &self,
        query: &ListQuery,
        cursor: Option<&ListCursor>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        self.list_with(query, cursor, limit, &[]).await
    }

    /// The same with threads that are one person's alone, and therefore in no folder, where the query shows them.
    pub async fn list_with(
        &self,
        query: &ListQuery,
        cursor: Option<&ListCursor>,
        limit: usize,
        own: &[Conversation],
    ) -> Result<Page, StoreError> {
        let (mut phase, mut after) = match cursor {
            Some(cursor) if !cursor.is_of(query) => return Err(StoreError::ForeignCursor),
            Some(cursor) => (cursor.phase, cursor.after.clone()),
            None if query.sort == Sort::Waiting => (Phase::Waiting, None),
            None => (Phase::Recent, None),
        };
        let mut walk = Walk { wanted: limit.max(1), looked_at: 0, ids: Vec::new() };
        let mut goes_on = self.walk(query, phase, &mut after, &mut walk, own).await?;
        if phase == Phase::Waiting && !goes_on {
            (phase, after) = (Phase::Recent, None);
            // A full page leaves the rest to the next one.
            goes_on = walk.is_over() || self.walk(query, phase, &mut after, &mut walk, own).await?;
        }
        let conversations = self.checked(query, &walk.ids).await?;
        let next = goes_on.then(|| ListCursor { query: query.clone(), phase, after });
        Ok(Page { conversations, next })
    }

    /// What the index tells of a list by activity, without the rows themselves: whoever reads them checks them.
    pub(crate) async fn list_ids(
        &self,
        query: &ListQuery,
        cursor: Option<&ListCursor>,
        limit: usize,
    ) -> Result<Ids, StoreError> {
        let mut after = cursor.and_then(|cursor| cursor.after.clone());
        let mut walk = Walk { wanted: limit.max(1), looked_at: 0, ids: Vec::new() };
        let goes_on = self.walk(query, Phase::Recent, &mut after, &mut walk, &[]).await?;
        let next = goes_on.then(|| ListCursor { query: query.clone(), phase: Phase::Recent, after });
        Ok(Ids { ids: walk.ids, next })
    }

    /// Takes rows of one phase in order until the page is full; whether more may follow.
    async fn walk(
        &self,
        query: &ListQuery,
        phase: Phase,
        after: &mut Option<String>,
        walk: &mut Walk,
        own: &[Conversation],
    ) -> Result<bool, StoreError> {
        let mut lanes = lanes(query, phase);
        if phase == Phase::Recent && query.has_internal() {
            lanes.push(Lane::of(query, own, after.as_deref()));
        }
        // A little of every folder first; a folder that has most of the page then gives the rest at once.
        let mut chunk = (walk.wanted / lanes.len().max(1) + 2).min(walk.wanted + 1);
        loop {
            let thirsty = lanes.iter_mut().filter(|lane| lane.rows.is_empty() && !lane.is_done);
            let fills = thirsty.map(|lane| lane.fill(self, after.as_deref(), chunk));
            futures::future::try_join_all(fills).await?;
            // Of one person's only some rows count.
            chunk = if query.assigned == Assigned::Anyone { walk.left() + 1 } else { walk.wanted + 1 };
            let Some(row) = next_row(&mut lanes, phase) else { return Ok(false) };
            if walk.is_over() {
                return Ok(true);
            }
            *after = Some(row.place.clone());
            walk.take(&row, &query.assigned);
        }
    }

    /// The rows as they are now, without those that no longer belong.
    async fn checked(
        &self,
        query: &ListQuery,
        ids: &[ConversationId],
    ) -> Result<Vec<Conversation>, StoreError> {
        let mut conversations = self.conversations(&query.business, ids).await?;
        conversations.retain(|conversation| query.shows(conversation));
        Ok(conversations)
    }
}

/// What a call has gathered so far.
struct Walk {
    wanted: usize,
    looked_at: usize,
    ids: Vec<ConversationId>,
}

impl Walk {
    const fn is_over(&self) -> bool {
        self.ids.len() >= self.wanted || self.looked_at >= LOOKED_AT
    }

    const fn left(&self) -> usize {
        self.wanted.saturating_sub(self.ids.len())
    }

    fn take(&mut self, row: &Row, assigned: &Assigned) {
        self.looked_at += 1;
        if assigned.shows(row.assignee.as_deref())
            && let Some(id) = row.place.rsplit('#').next().and_then(|id| id.parse().ok())
        {
            self.ids.push(id);
        }
    }
}

/// A row of an index: its place ends with the conversation's id.
struct Row {
    place: String,
    assignee: Option<String>,
}

/// One folder of an index, read piece by piece.
struct Lane {
    business: BusinessId,
    index: Index,
    partition: String,
    rows: std::collections::VecDeque<Row>,
    is_done: bool,
}

impl Lane {
    /// What is one person's alone, in the order of its activity.
    fn of(query: &ListQuery, own: &[Conversation], after: Option<&str>) -> Self {
        let places = own.iter().filter(|it| query.shows(it));
        let places = places.map(|it| keys::activity(it.last_activity_at, &it.id));
        let mut places: Vec<String> =
            places.filter(|place| after.is_none_or(|after| place.as_str() < after)).collect();
        places.sort_by(|one, other| other.cmp(one));
        let rows = places.into_iter().map(|place| Row { place, assignee: None }).collect();
        Self {
            business: query.business.clone(),
            index: RECENT,
            partition: String::new(),
            rows,
            is_done: true,
        }
    }

    async fn fill(&mut self, store: &Store, after: Option<&str>, chunk: usize) -> Result<(), StoreError> {
        let descending = self.index == RECENT;
        let range = match after {
            None => Range::All,
            Some(place) if descending => Range::Before(place.to_owned()),
            Some(place) => Range::After(place.to_owned()),
        };
        let partition = keys::folder_pk(&self.business, &self.partition);
        let query = Query::index(Table::Conversations, self.index, partition);
        // Whatever the lane gave before lies before `after`, so a later piece begins there.
        let found = store.query(query.range(range).descending(descending).limit(chunk)).await?;
        self.is_done = found.next.is_none();
        self.rows.extend(found.items.iter().filter_map(|item| {
            let place = text_of(item, self.index.sort)?.to_owned();
            Some(Row { place, assignee: text_of(item, "assignee").map(str::to_owned) })
        }));
        Ok(())
    }
}

/// The folder of the internal threads that the office shares.
const TEAM: &str = "internal";

/// The folders that a query reads in a phase.
fn lanes(query: &ListQuery, phase: Phase) -> Vec<Lane> {
    let lane = |index, partition| Lane {
        business: query.business.clone(),
        index,
        partition,
        rows: std::collections::VecDeque::new(),
        is_done: false,
    };
    let with_customers = query.threads.has_customers();
    let shown = Folder::EVERY.into_iter().filter(|folder| with_customers && query.filter.shows(*folder));
    match phase {
        Phase::Waiting => shown
            .filter(|folder| folder.attention)
            .map(|folder| lane(WAITING, Folder { attention: false, ..folder }.as_key()))
            .collect(),
        Phase::Recent => shown
            .filter(|folder| query.sort == Sort::Recent || !folder.attention)
            .map(|folder| lane(RECENT, folder.as_key()))
            .chain(query.has_internal().then(|| lane(RECENT, TEAM.to_owned())))
            .collect(),
    }
}

/// The first row of all lanes: the latest activity, or the smallest waiting key.
fn next_row(lanes: &mut [Lane], phase: Phase) -> Option<Row> {
    let filled = lanes.iter_mut().filter(|lane| !lane.rows.is_empty());
    let lane = match phase {
        Phase::Recent => filled.max_by(|a, b| a.rows[0].place.cmp(&b.rows[0].place)),
        Phase::Waiting => filled.min_by(|a, b| a.rows[0].place.cmp(&b.rows[0].place)),
    };
    lane.and_then(|lane| lane.rows.pop_front())
}
