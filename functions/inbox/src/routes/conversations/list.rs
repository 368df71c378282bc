//! `GET /api/conversations`: the list, by filter or by search.
//!
//! The office's list comes from the index of folders, a technician's from the conversations that they may be
//! a member of; either way each row is read from the table and, for a technician, checked against the facts
//! of access (P7).

mod cursor;
mod internal;
mod own;
mod pinned;
mod search;

use axum::Json;
use axum::extract::State;
use futures::{StreamExt, TryStreamExt};
use porchlight_api::row::Reader;
use porchlight_api::{ConversationRow, Counts};
use porchlight_desk::last_in_sight;
use porchlight_domain::access::Sight;
use porchlight_domain::conversation::{Conversation, Filter, LastMessage};
use porchlight_domain::id::{ConversationId, StaffId};
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use porchlight_store::StoreError;
use porchlight_store::conversations::Personal;
use porchlight_store::lists::{Assigned, ListQuery, Sort, Threads};
use porchlight_store::search::Suggestion;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use self::cursor::Place;
use self::search::Part;
use crate::Inbox;
use crate::ask::{Asked, Checked, Wrong, has_at_most, lies_within};
use crate::view::list::{ConversationPage, MatchView};

/// Rows whose last message is looked for at the same time.
const AT_ONCE: usize = 16;

/// Which conversations, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// With whom: customers, colleagues, or all in one list. Internal threads are in none of the filters: with one,
    /// or with `assigned`, there are none of them.
    #[serde(default, rename = "type")]
    #[param(inline, required = false)]
    threads: TypeWord,
    /// Which of the five lists.
    #[serde(default)]
    #[param(inline, required = false)]
    filter: FilterWord,
    /// In which order; a search has the most recent first.
    #[serde(default)]
    #[param(inline, required = false)]
    sort: SortWord,
    /// Whose: `me`, `none` or a person's id.
    #[param(required = false, pattern = "^(me|none|[0-7][0-9A-HJKMNP-TV-Z]{25})$")]
    assigned: Option<String>,
    /// Words: of names, of numbers, of messages. All of them, the last one as the beginning of a word.
    #[param(required = false, max_length = 200)]
    q: Option<String>,
    /// `next_cursor` of the page before.
    #[param(required = false, max_length = 2000)]
    cursor: Option<String>,
    /// How many at most.
    #[serde(default = "usual_limit")]
    #[param(required = false, minimum = 1, maximum = 200, default = 50)]
    limit: usize,
}

const fn usual_limit() -> usize {
    50
}

/// With whom.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TypeWord {
    /// Conversations with customers.
    #[default]
    Customer,
    /// What staff write to staff.
    Internal,
    /// Both.
    All,
}

impl From<TypeWord> for Threads {
    fn from(word: TypeWord) -> Self {
        match word {
            TypeWord::Customer => Self::Customer,
            TypeWord::Internal => Self::Internal,
            TypeWord::All => Self::All,
        }
    }
}

/// The five filters above the list.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum FilterWord {
    /// Everything not blocked.
    #[default]
    All,
    /// Open and not snoozed.
    Active,
    /// Those of Active that need a person.
    Attention,
    /// Open, with no customer, or with an open lead and no booked job.
    Leads,
    /// Closed.
    Archived,
}

/// The order of the list.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SortWord {
    /// The last activity first.
    #[default]
    Recent,
    /// Emergencies, then the longest waiting, then the rest by activity.
    Waiting,
}

impl Checked for Wanted {
    fn check(&self) -> Result<(), Wrong> {
        lies_within("limit", self.limit, 1, 200)?;
        has_at_most("q", self.q.as_deref(), 200)?;
        is_whose(self.assigned.as_deref())
    }
}

/// Whether it says whose conversations are meant.
pub fn is_whose(assigned: Option<&str>) -> Result<(), Wrong> {
    match assigned {
        None | Some("me" | "none") => Ok(()),
        Some(id) if id.parse::<StaffId>().is_ok() => Ok(()),
        Some(_) => Err(Wrong::new("assigned is me, none or the id of a person.")),
    }
}

/// Whose conversations are meant.
pub fn whose(assigned: Option<&str>, me: &StaffId) -> Assigned {
    match assigned {
        None => Assigned::Anyone,
        Some("none") => Assigned::Nobody,
        Some("me") => Assigned::To(me.clone()),
        Some(id) => id.parse().map_or(Assigned::Nobody, Assigned::To),
    }
}

impl From<FilterWord> for Filter {
    fn from(word: FilterWord) -> Self {
        match word {
            FilterWord::All => Self::All,
            FilterWord::Active => Self::Active,
            FilterWord::Attention => Self::Attention,
            FilterWord::Leads => Self::Leads,
            FilterWord::Archived => Self::Archived,
        }
    }
}

impl Wanted {
    fn query(&self, who: &SignedIn) -> ListQuery {
        ListQuery {
            business: who.business.id.clone(),
            filter: self.filter.into(),
            sort: match self.sort {
                SortWord::Recent => Sort::Recent,
                SortWord::Waiting => Sort::Waiting,
            },
            assigned: whose(self.assigned.as_deref(), &who.staff.id),
            threads: self.threads.into(),
        }
    }

    /// The words that are searched for, if any are.
    fn words(&self) -> Option<&str> {
        self.q.as_deref().map(str::trim).filter(|words| !words.is_empty())
    }
}

/// Some of a list, in order, and where it goes on.
pub struct Rows {
    conversations: Vec<(Conversation, Sight)>,
    next: Option<Place>,
    matches: Vec<MatchView>,
    more: bool,
    suggestion: Option<Suggestion>,
}

impl Rows {
    fn new(conversations: Vec<(Conversation, Sight)>, next: Option<Place>) -> Self {
        Self { conversations, next, matches: Vec::new(), more: false, suggestion: None }
    }
}

/// The list
///
/// A page may be shorter than asked for and still go on; it ends where `next_cursor` is null. What the viewer has pinned
/// stands on top of the first page, beside as many others as were asked for, and on no later one.
#[utoipa::path(
    get, path = "/api/conversations", operation_id = "listConversations", tag = "conversations",
    params(Wanted),
    responses((status = 200, description = "A page of the list", body = ConversationPage)),
)]
pub async fn list(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Asked(wanted): Asked<Wanted>,
) -> Result<Json<ConversationPage>, Problem> {
    let query = wanted.query(&who);
    let bound = cursor::Binding::new(&who, &query, wanted.words());
    let from = wanted.cursor.as_deref().map(|token| bound.open(token)).transpose()?;
    let first = from.is_none();
    let (mut rows, counts) = if who.viewer.is_office() {
        inbox.office_page(&who, &query, wanted.words(), from, wanted.limit).await?
    } else {
        inbox.own_page(&who, &query, wanted.words(), from, wanted.limit).await?
    };
    if wanted.words().is_none() {
        inbox.pinned_first(&who, &query, first, &mut rows.conversations).await?;
    }
    Ok(Json(ConversationPage {
        conversations: inbox.rows(&who, &rows.conversations).await?,
        next_cursor: rows.next.map(|place| bound.seal(&place)),
        counts,
        matches: rows.matches,
        more: rows.more,
        suggestion_found: rows.suggestion.as_ref().and_then(|suggestion| suggestion.found),
        suggestion: rows.suggestion.map(|suggestion| suggestion.words),
    }))
}

impl Inbox {
    async fn office_page(
        &self,
        who: &SignedIn,
        query: &ListQuery,
        words: Option<&str>,
        from: Option<Place>,
        limit: usize,
    ) -> Result<(Rows, Counts), Problem> {
        if let Some(words) = words {
            let part = Part::of(from.as_ref(), limit)?;
            let found = self.search_office(who, query, words, part);
            return Ok(tokio::try_join!(found, self.office_counts(who))?);
        }
        let from = match from {
            None => None,
            Some(Place::List(cursor)) => Some(cursor),
            Some(_) => return Err(cursor::foreign()),
        };
        let rows = async {
            let pairs = self.pairs(who, query).await?;
            let page = self.store.list_with(query, from.as_ref(), limit, &pairs).await?;
            let conversations = self.seen_by_office(who, page.conversations);
            Ok(Rows::new(conversations, page.next.map(Place::List)))
        };
        Ok(tokio::try_join!(rows, self.office_counts(who))?)
    }

    async fn office_counts(&self, who: &SignedIn) -> Result<Counts, StoreError> {
        let counters = self.store.counters(&who.business.id).await?;
        Ok(Counts::of_office(&counters, &who.staff.id))
    }

    async fn rows(
        &self,
        who: &SignedIn,
        conversations: &[(Conversation, Sight)],
    ) -> Result<Vec<ConversationRow>, StoreError> {
        let business = &who.business.id;
        let ids: Vec<ConversationId> = conversations.iter().map(|(it, _)| it.id.clone()).collect();
        let me = &who.staff.id;
        let lasts: Vec<_> =
            conversations.iter().map(|(it, sight)| last_in_sight(&self.store, it, sight)).collect();
        let (Personal { markers, drafts }, names, lasts) = tokio::try_join!(
            self.store.personal(business, me, &ids),
            self.names(business),
            // Only a technician's rows read anything here, and few of them.
            futures::stream::iter(lasts).buffered(AT_ONCE).try_collect::<Vec<_>>(),
        )?;
        let unseen = porchlight_domain::conversation::ReadMarker::default();
        let (viewer, now) = (&who.viewer, self.now());
        let row = |((conversation, sight), last): (&(Conversation, Sight), &Option<LastMessage>)| {
            let marker = markers.get(&conversation.id).unwrap_or(&unseen);
            let drafts = drafts.get(&conversation.id).cloned().unwrap_or_default();
            let reader = Reader { viewer, sight, marker, last: last.as_ref(), now };
            ConversationRow::new(conversation, reader, &names).with_drafts(drafts)
        };
        Ok(conversations.iter().zip(&lasts).map(row).collect())
    }
}
