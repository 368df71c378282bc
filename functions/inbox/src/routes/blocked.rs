//! `GET /api/blocked`: who disturbs nobody any more.

use axum::Json;
use axum::extract::State;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use porchlight_api::{ProblemShape, StaffNames};
use porchlight_desk::BlockedContact;
use porchlight_domain::access::KeepBlocked;
use porchlight_domain::conversation::Conversation;
use porchlight_domain::id::ConversationId;
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;
use porchlight_edge::Problem;
use porchlight_edge::session::May;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Inbox;
use crate::ask::{Asked, Checked, Wrong, lies_within};
use crate::view::detail::BlockView;

/// Which part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BlockedQuery {
    /// `next_cursor` of the page before.
    #[param(required = false, max_length = 1000)]
    cursor: Option<String>,
    /// How many at most.
    #[serde(default = "usual_limit")]
    #[param(required = false, minimum = 1, maximum = 100, default = 50)]
    limit: usize,
}

const fn usual_limit() -> usize {
    50
}

impl Checked for BlockedQuery {
    fn check(&self) -> Result<(), Wrong> {
        lies_within("limit", self.limit, 1, 100)
    }
}

/// A page of those who are blocked.
#[derive(Debug, Serialize, ToSchema)]
pub struct BlockedPage {
    /// The last blocked first.
    pub blocked: Vec<BlockedView>,
    /// Give it back as `cursor` for the next page; absent at the end.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// Somebody who is blocked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Blocked)]
pub struct BlockedView {
    /// The number or address.
    pub contact: ContactPoint,
    /// The customer's name, else the contact point.
    pub name: String,
    /// By whom and when.
    pub block: BlockView,
    /// The thread that was last used, where it is unblocked.
    #[schema(required)]
    pub conversation_id: Option<ConversationId>,
    /// When anything was last said there, while it was blocked too.
    #[schema(required)]
    pub last_activity_at: Option<Timestamp>,
}

/// Who is blocked
///
/// The office's to see. What they send is kept, and nobody is told.
#[utoipa::path(
    get, path = "/api/blocked", operation_id = "listBlocked", tag = "conversations",
    params(BlockedQuery),
    responses(
        (status = 200, description = "A page of them", body = BlockedPage),
        (status = 403, description = "The office's to see", body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn list(
    State(inbox): State<Inbox>,
    May(who, may): May<KeepBlocked>,
    Asked(query): Asked<BlockedQuery>,
) -> Result<Json<BlockedPage>, Problem> {
    let after = query.cursor.as_deref().map(open).transpose()?;
    let (found, next) = inbox.desk.blocked(may, &who.business.id, after, query.limit).await?;
    let names = inbox.names(&who.business.id).await?;
    let blocked = found.into_iter().filter_map(|one| view(one, &names)).collect();
    Ok(Json(BlockedPage { blocked, next_cursor: next.map(|place| URL_SAFE_NO_PAD.encode(place)) }))
}

/// A place is within the business's own list, whatever it says.
fn open(token: &str) -> Result<String, Problem> {
    let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| Problem::foreign_cursor())?;
    let place = String::from_utf8(bytes).map_err(|_| Problem::foreign_cursor())?;
    if place.is_empty() || place.len() > 600 { Err(Problem::foreign_cursor()) } else { Ok(place) }
}

fn view(one: BlockedContact, names: &StaffNames) -> Option<BlockedView> {
    let BlockedContact { record, conversations } = one;
    let last = conversations.first();
    let label = || record.contact.label().to_owned();
    Some(BlockedView {
        name: last.map(Conversation::name).map_or_else(label, str::to_owned),
        block: BlockView::new(record.block.as_ref()?, names),
        conversation_id: last.map(|last| last.id.clone()),
        last_activity_at: last.map(|last| last.last_activity_at),
        contact: record.contact,
    })
}
