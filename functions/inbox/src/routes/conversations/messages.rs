//! `GET /api/conversations/{id}/messages`

use axum::Json;
use axum::extract::State;
use porchlight_api::MessageView;
use porchlight_desk::Seen;
use porchlight_domain::id::ConversationId;
use porchlight_domain::message::Message;
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use porchlight_store::StoreError;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::Inbox;
use crate::ask::{Asked, Checked, Named, Wrong, lies_within};
use crate::refusal::problem;
use crate::view::list::MessagePage;

/// The highest place that a timeline can have.
const LAST_PLACE: u64 = 999_999_999_999;

/// Which part of a timeline. At most one of `before`, `after` and `around`; without any, the newest page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Messages before this place.
    #[param(required = false, minimum = 1, maximum = 999_999_999_999_u64)]
    before: Option<u64>,
    /// Messages after this place.
    #[param(required = false, minimum = 0, maximum = 999_999_999_999_u64)]
    after: Option<u64>,
    /// The message at this place, and those on both sides of it.
    #[param(required = false, minimum = 1, maximum = 999_999_999_999_u64)]
    around: Option<u64>,
    /// How many at most.
    #[serde(default = "usual_limit")]
    #[param(required = false, minimum = 1, maximum = 200, default = 50)]
    limit: usize,
}

const fn usual_limit() -> usize {
    50
}

impl Checked for PageQuery {
    fn check(&self) -> Result<(), Wrong> {
        let places = [("before", self.before, 1), ("after", self.after, 0), ("around", self.around, 1)];
        for (name, place, least) in places {
            place.map_or(Ok(()), |place| lies_within(name, place, least, LAST_PLACE))?;
        }
        if places.iter().filter(|(_, place, _)| place.is_some()).count() > 1 {
            return Err(Wrong::new("Give one of before, after and around."));
        }
        lies_within("limit", self.limit, 1, 200)
    }
}

/// A page of the timeline
///
/// The newest page first; within a page the oldest message first. A page may have fewer messages than asked
/// for, where some are not the viewer's to see, and still go on.
#[utoipa::path(
    get, path = "/api/conversations/{id}/messages", operation_id = "listMessages", tag = "conversations",
    params(("id" = ConversationId, Path), PageQuery),
    responses((status = 200, description = "The page", body = MessagePage)),
)]
pub async fn messages(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<ConversationId>,
    Asked(query): Asked<PageQuery>,
) -> Result<Json<MessagePage>, Problem> {
    let seen = inbox.desk.see(&who, &id).await.map_err(problem)?;
    let stretch = inbox.stretch(&seen, &query).await?;
    let names = inbox.names(&who.business.id).await?;
    let shown = stretch.messages.iter().filter(|message| seen.sight.shows(message));
    Ok(Json(MessagePage {
        messages: shown.map(|message| MessageView::new(message, &names)).collect(),
        next_before: stretch.next_before,
        next_after: stretch.next_after,
    }))
}

/// Some of a timeline, and how it goes on at both ends.
struct Stretch {
    messages: Vec<Message>,
    next_before: Option<u64>,
    next_after: Option<u64>,
}

impl Inbox {
    async fn stretch(&self, seen: &Seen, query: &PageQuery) -> Result<Stretch, StoreError> {
        let (before, after) = match (query.before, query.after, query.around) {
            (_, Some(after), _) => (None, Some((after, query.limit))),
            (_, _, Some(around)) => {
                (Some((around + 1, query.limit.div_ceil(2))), Some((around, query.limit / 2)))
            }
            (before, ..) => (Some((before.unwrap_or(LAST_PLACE + 1), query.limit)), None),
        };
        let mut stretch = self.older(seen, before).await?;
        let newer = self.newer(seen, after).await?;
        if let Some(last) = newer.last().or(stretch.messages.last()) {
            stretch.next_after = Some(last.seq).filter(|last| *last < seen.conversation.seq);
        }
        // A page that only looks ahead begins where the one before it ended.
        if let (None, Some(first)) = (before, newer.first()) {
            stretch.next_before = Some(first.seq).filter(|first| *first > 1);
        }
        stretch.messages.extend(newer);
        Ok(stretch)
    }

    async fn older(&self, seen: &Seen, before: Option<(u64, usize)>) -> Result<Stretch, StoreError> {
        let Some((before, limit)) = before else {
            return Ok(Stretch { messages: Vec::new(), next_before: None, next_after: None });
        };
        let conversation = &seen.conversation;
        let page = self.store.messages(&conversation.business, &conversation.id, Some(before), limit).await?;
        Ok(Stretch { messages: page.messages, next_before: page.next_before, next_after: None })
    }

    async fn newer(&self, seen: &Seen, after: Option<(u64, usize)>) -> Result<Vec<Message>, StoreError> {
        match after {
            Some((after, limit)) if limit > 0 => {
                let conversation = &seen.conversation;
                self.store.messages_after(&conversation.business, &conversation.id, after, limit).await
            }
            _ => Ok(Vec::new()),
        }
    }
}
