//! `GET /api/conversations/{id}/search`: what was said in one thread.

use axum::Json;
use axum::extract::State;
use porchlight_desk::Seen;
use porchlight_domain::access::Sight;
use porchlight_domain::id::ConversationId;
use porchlight_domain::message::Message;
use porchlight_domain::terms;
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use porchlight_store::StoreError;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::Inbox;
use crate::ask::{Asked, Checked, Named, Wrong, has_length, lies_within};
use crate::refusal::problem;
use crate::view::list::{ThreadHit, ThreadHits};

/// What is looked for in a thread.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Sought {
    /// Words that one message has all of, the last one as the beginning of a word.
    #[param(max_length = 200)]
    q: String,
    /// Hits before this place.
    #[param(required = false, minimum = 1, maximum = 999_999_999_999_u64)]
    before: Option<u64>,
    /// How many at most.
    #[serde(default = "usual_limit")]
    #[param(required = false, minimum = 1, maximum = 500, default = 100)]
    limit: usize,
}

const fn usual_limit() -> usize {
    100
}

impl Checked for Sought {
    fn check(&self) -> Result<(), Wrong> {
        has_length("q", &self.q, 0, 200)?;
        lies_within("before", self.before.unwrap_or(1), 1, 999_999_999_999)?;
        lies_within("limit", self.limit, 1, 500)
    }
}

/// Find in a thread
///
/// Over its whole history: the messages that have all words, the newest first, and how many there are.
#[utoipa::path(
    get, path = "/api/conversations/{id}/search", operation_id = "searchThread", tag = "conversations",
    params(("id" = ConversationId, Path), Sought),
    responses((status = 200, description = "The hits", body = ThreadHits)),
)]
pub async fn search(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<ConversationId>,
    Asked(sought): Asked<Sought>,
) -> Result<Json<ThreadHits>, Problem> {
    let seen = inbox.desk.see(&who, &id).await.map_err(problem)?;
    Ok(Json(inbox.hits(&seen, &sought).await?))
}

impl Inbox {
    async fn hits(&self, seen: &Seen, sought: &Sought) -> Result<ThreadHits, StoreError> {
        let terms = terms::query(&sought.q);
        // Those it is between read all of an internal thread, as the office does of a customer's.
        let for_office = matches!(seen.sight, Sight::Office | Sight::Insider);
        let found = self.store.search_within(&seen.conversation, &terms, for_office).await?;
        let found = self.found_in_sight(seen, found).await?;
        let total = found.len();
        let mut page: Vec<u64> = found;
        page.retain(|seq| sought.before.is_none_or(|before| *seq < before));
        let goes_on = page.len() > sought.limit;
        page.truncate(sought.limit);
        let hits: Vec<ThreadHit> = self.at(seen, &page).await?.iter().map(ThreadHit::from).collect();
        let next_before = page.last().copied().filter(|_| goes_on);
        Ok(ThreadHits { hits, total, next_before })
    }

    /// Of what was found, what is theirs to see: whoever sees only some messages finds only among these (P7).
    async fn found_in_sight(&self, seen: &Seen, found: Vec<u64>) -> Result<Vec<u64>, StoreError> {
        match seen.sight {
            Sight::Office | Sight::Crew => Ok(found),
            Sight::Hidden => Ok(Vec::new()),
            Sight::CrewSince(_) | Sight::Jobs(_) | Sight::Insider => {
                Ok(self.at(seen, &found).await?.iter().map(|message| message.seq).collect())
            }
        }
    }

    /// The messages at these places that are theirs to see, the newest first.
    async fn at(&self, seen: &Seen, places: &[u64]) -> Result<Vec<Message>, StoreError> {
        let conversation = &seen.conversation;
        let places: Vec<_> = places.iter().map(|seq| (conversation.id.clone(), *seq)).collect();
        let mut messages = self.store.messages_at(&conversation.business, &places).await?;
        messages.retain(|message| seen.sight.shows(message) && message.deleted_at().is_none());
        messages.sort_by_key(|message| std::cmp::Reverse(message.seq));
        Ok(messages)
    }
}
