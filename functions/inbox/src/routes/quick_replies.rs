//! `GET|PUT /api/quick-replies`

use axum::Json;
use axum::extract::State;
use porchlight_api::ProblemShape;
use porchlight_domain::access::{KeepTemplates, UseTemplates};
use porchlight_domain::id::QuickReplyId;
use porchlight_domain::template::quick::{self, QuickReplies, QuickReply};
use porchlight_edge::Problem;
use porchlight_edge::session::May;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Body, Checked, Wrong, has_length};
use crate::refusal::problem;
use crate::view::templates::QuickRepliesView;

/// A quick reply as it is to be.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuickReplyRecord {
    /// Made by the client; by the server where it is left out.
    #[serde(default)]
    pub id: Option<QuickReplyId>,
    /// What is sent, as it stands.
    #[schema(min_length = 1, max_length = 160)]
    pub text: String,
}

/// The quick replies as they are to be.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuickRepliesRecord {
    /// In their order.
    #[schema(max_items = 8)]
    pub quick_replies: Vec<QuickReplyRecord>,
    /// The version that these take the place of: where another is kept by now, that stays (409).
    pub version: u64,
}

impl Checked for QuickRepliesRecord {
    fn check(&self) -> Result<(), Wrong> {
        if self.quick_replies.len() > quick::MOST {
            return Err(Wrong::new(format!("There may be {} quick replies.", quick::MOST)));
        }
        self.quick_replies.iter().try_for_each(|reply| has_length("text", &reply.text, 1, quick::LONGEST))
    }
}

/// The business's quick replies, in their order
#[utoipa::path(
    get, path = "/api/quick-replies", operation_id = "listQuickReplies", tag = "templates",
    responses((status = 200, description = "All of them", body = QuickRepliesView)),
)]
pub async fn get(
    State(inbox): State<Inbox>,
    May(who, may): May<UseTemplates>,
) -> Result<Json<QuickRepliesView>, Problem> {
    let replies = inbox.desk.quick_replies(may, &who.business.id).await.map_err(problem)?;
    Ok(Json(replies.into()))
}

/// Put the quick replies
///
/// 409 (`changed-meanwhile`) where somebody changed them after `version`.
#[utoipa::path(
    put, path = "/api/quick-replies", operation_id = "putQuickReplies", tag = "templates",
    request_body = QuickRepliesRecord,
    responses(
        (status = 200, description = "As they are kept now", body = QuickRepliesView),
        (status = 409, description = "Others are kept by now",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn put(
    State(inbox): State<Inbox>,
    May(who, may): May<KeepTemplates>,
    Body(wanted): Body<QuickRepliesRecord>,
) -> Result<Json<QuickRepliesView>, Problem> {
    let QuickRepliesRecord { quick_replies, version } = wanted;
    let named = |QuickReplyRecord { id, text }| QuickReply {
        id: id.unwrap_or_else(|| inbox.desk.quick_reply_id()),
        text,
    };
    let wanted = QuickReplies::cleaned(quick_replies.into_iter().map(named).collect())
        .map_err(|why| Problem::unprocessable("invalid", format!("{why}.")))?;
    let replies =
        inbox.desk.put_quick_replies(may, &who.business.id, &wanted, version).await.map_err(problem)?;
    Ok(Json(replies.into()))
}
