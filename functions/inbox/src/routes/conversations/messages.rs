//! `GET /api/conversations/{id}/messages`

use axum::Json;
use axum::extract::State;
use porchlight_api::MessageView;
use porchlight_desk::Seen;
use porchlight_domain::id::{ConversationId, MessageId};
use porchlight_domain::message::Message;
use porchlight_domain::time::Timestamp;
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

/// Messages whose times are not in the order of their places stand no further apart.
const OUT_OF_ORDER: u64 = 50;
/// Messages that are looked at together for the first of a day, and how often: further on nobody is led.
const PIECE: usize = 200;
const LOOKED_THROUGH: usize = 25;

/// Which part of a timeline. At most one of `before`, `after`, `around` and `at`; without any, the newest page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Messages before this place.
    #[param(required = false, minimum = 1, maximum = 999_999_999_999_u64)]
    before: Option<u64>,
    /// Messages after this place.
    #[param(required = false, minimum = 0, maximum = 999_999_999_999_u64)]
    after: Option<u64>,
    /// The message with this id, or at this place, and those on both sides of it.
    #[param(required = false, value_type = String, pattern = "^([1-9][0-9]{0,11}|[0-7][0-9A-HJKMNP-TV-Z]{25})$")]
    around: Option<Around>,
    /// The first message of this instant or later, and those on both sides of it: an instant such as the beginning of
    /// a day where its reader is.
    #[param(required = false)]
    at: Option<Timestamp>,
    /// How many at most.
    #[serde(default = "usual_limit")]
    #[param(required = false, minimum = 1, maximum = 200, default = 50)]
    limit: usize,
}

const fn usual_limit() -> usize {
    50
}

/// A message of a timeline.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
enum Around {
    Place(u64),
    Id(MessageId),
}

impl TryFrom<String> for Around {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let place = text.parse().ok().filter(|_| text.len() <= 12).map(Self::Place);
        let id = || text.parse().ok().map(Self::Id);
        place.or_else(id).ok_or("around is a place or the id of a message")
    }
}

impl Checked for PageQuery {
    fn check(&self) -> Result<(), Wrong> {
        let around = match self.around {
            Some(Around::Place(place)) => Some(place),
            _ => None,
        };
        let places = [("before", self.before, 1), ("after", self.after, 0), ("around", around, 1)];
        for (name, place, least) in places {
            place.map_or(Ok(()), |place| lies_within(name, place, least, LAST_PLACE))?;
        }
        let given = [self.before.is_some(), self.after.is_some(), self.around.is_some(), self.at.is_some()];
        if given.iter().filter(|is_given| **is_given).count() > 1 {
            return Err(Wrong::new("Give one of before, after, around and at."));
        }
        lies_within("limit", self.limit, 1, 200)
    }
}

/// A page of the timeline
///
/// The newest page first; within a page the oldest message first. A page may have fewer messages than asked
/// for, where some are not the viewer's to see, and still go on. A message that `around` names and that is not of this
/// thread, or not the viewer's to see, is not found (404).
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
    let target = inbox.target(&seen, &query).await?;
    let stretch = inbox.stretch(&seen, &query, target).await?;
    let names = inbox.names(&who.business.id).await?;
    let shown = stretch.messages.iter().filter(|message| seen.sight.shows(message));
    Ok(Json(MessagePage {
        messages: shown.map(|message| MessageView::new(message, &names)).collect(),
        next_before: stretch.next_before,
        next_after: stretch.next_after,
        target_seq: target,
    }))
}

/// Some of a timeline, and how it goes on at both ends.
struct Stretch {
    messages: Vec<Message>,
    next_before: Option<u64>,
    next_after: Option<u64>,
}

impl Inbox {
    /// The place of the message that is asked for, where one is.
    async fn target(&self, seen: &Seen, query: &PageQuery) -> Result<Option<u64>, Problem> {
        let conversation = &seen.conversation;
        let (business, id, newest) = (&conversation.business, &conversation.id, conversation.seq);
        match (&query.around, query.at) {
            (Some(Around::Place(place)), _) => Ok(Some(*place)),
            (Some(Around::Id(message)), _) => {
                let place = self.store.place_of(business, id, newest, message).await?;
                let place = place.ok_or_else(Problem::not_found)?;
                let found = self.store.message_at(business, id, place).await?;
                found.filter(|it| seen.sight.shows(it)).map(|it| Some(it.seq)).ok_or_else(Problem::not_found)
            }
            (None, Some(at)) => Ok(self.first_from(seen, at).await?),
            (None, None) => Ok(None),
        }
    }

    /// The first message of an instant or later that was said and is theirs to see. Messages may have come a little out
    /// of order.
    async fn first_from(&self, seen: &Seen, at: Timestamp) -> Result<Option<u64>, StoreError> {
        let conversation = &seen.conversation;
        let (business, id) = (&conversation.business, &conversation.id);
        let place = self.store.place_at(business, id, conversation.seq, at).await?;
        let mut after = place.unwrap_or(conversation.seq + 1).saturating_sub(OUT_OF_ORDER);
        for _ in 0..LOOKED_THROUGH {
            let page = self.store.messages_after(business, id, after, PIECE).await?;
            let fits = |it: &&Message| it.created_at >= at && it.is_said() && seen.sight.shows(it);
            if let Some(first) = page.iter().find(fits) {
                return Ok(Some(first.seq));
            }
            let Some(last) = page.last().filter(|_| page.len() == PIECE) else { return Ok(None) };
            after = last.seq;
        }
        Ok(None)
    }

    async fn stretch(
        &self,
        seen: &Seen,
        query: &PageQuery,
        target: Option<u64>,
    ) -> Result<Stretch, StoreError> {
        let (before, after) = match (query.before, query.after, target) {
            (_, Some(after), _) => (None, Some((after, query.limit))),
            (_, _, Some(target)) => {
                (Some((target + 1, query.limit.div_ceil(2))), Some((target, query.limit / 2)))
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
