//! `POST /api/conversations/{id}/messages` (PROTOCOLS §5)

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use porchlight_api::MessageView;
use porchlight_api::ProblemShape;
use porchlight_desk::{NewText, When};
use porchlight_domain::id::{ConversationId, JobId, MessageId, UploadId};
use porchlight_domain::time::Timestamp;
use porchlight_domain::{markdown, segments};
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Body, Checked, MOST_EXACT, Named, Wrong, has_length, lies_within};
use crate::refusal::problem;

/// A message to a customer.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SendCommand)]
pub struct NewMessage {
    /// Made by the client: sending again with the same id is harmless.
    pub id: MessageId,
    /// What it says, in markdown; it leaves as plain text. Empty only with `attachments`.
    #[schema(max_length = 1600)]
    pub text: String,
    /// The place of the newest message that the writer has seen.
    #[schema(maximum = 9_007_199_254_740_991_u64)]
    pub seen_seq: u64,
    /// Send although a colleague has written since. Never passes an opt-out.
    #[serde(default)]
    #[schema(required = false)]
    pub force: bool,
    /// The message that this one sends again: one that failed, or is still `unknown` after a day.
    #[serde(default)]
    pub resend_of: Option<MessageId>,
    /// The job that it is about; found out where it is left out.
    #[serde(default)]
    pub job_id: Option<JobId>,
    /// Files that were uploaded for it, in their order, each once. A resend without any keeps those of the original.
    #[serde(default)]
    #[schema(required = false, max_items = 10)]
    pub attachments: Vec<UploadId>,
    /// Send files although they may tell of place, device or owner, and cannot be cleaned.
    #[serde(default)]
    #[schema(required = false)]
    pub uncleaned: bool,
    /// When it is to go, if not now: an instant to come, within a year. It waits for the customer's own day.
    #[serde(default)]
    pub send_at: Option<Timestamp>,
    /// It goes no more where the customer writes before `send_at`.
    #[serde(default)]
    #[schema(required = false)]
    pub cancel_on_reply: bool,
    /// Held for so many seconds, in which it can be taken back.
    #[serde(default)]
    #[schema(maximum = 60)]
    pub undo_s: Option<u32>,
}

impl Checked for NewMessage {
    fn check(&self) -> Result<(), Wrong> {
        let has_files = !self.attachments.is_empty() || self.resend_of.is_some();
        has_length("text", &self.text, usize::from(!has_files), segments::LONGEST_BODY)?;
        lies_within("seen_seq", self.seen_seq, 0, MOST_EXACT)?;
        let is_wordless = has_files && self.text.trim().is_empty();
        if !is_wordless {
            can_leave(&self.text)?;
        }
        lies_within("undo_s", self.undo_s.unwrap_or(0), 0, LONGEST_UNDO)?;
        let undone = self.undo_s.is_some_and(|seconds| seconds > 0);
        if self.send_at.is_some() && undone {
            return Err(Wrong::new("Give send_at or undo_s: what goes later can be taken back until then."));
        }
        if self.cancel_on_reply && self.send_at.is_none() {
            return Err(Wrong::new("cancel_on_reply needs send_at."));
        }
        Ok(())
    }
}

/// Words that can leave as a text.
pub(crate) fn can_leave(text: &str) -> Result<(), Wrong> {
    if !markdown::sendable(text) {
        return Err(Wrong::new("text must say something: nothing of it can be seen."));
    }
    if segments::is_too_long(&markdown::plain_text(text)) {
        return Err(Wrong::new("text is longer than a text message can be (1,600 units)."));
    }
    Ok(())
}

/// Seconds that a text may be held to be taken back.
const LONGEST_UNDO: u32 = 60;

/// Write to the customer, or to colleagues
///
/// In an internal thread it is `sent` at once, to those it is between; 409 (`colleague-left`) where the other one no
/// longer works here. `office-only` (409) where the office alone writes to the customer.
///
/// Queues the message and answers at once; what becomes of it comes over the live feed. 409 when a colleague
/// has written since `seen_seq` (`stale-send`, with `who` and `when`), when the customer opted out
/// (`opted-out`), when too many texts wait here already (`too-many-planned`), when texts do not reach the number
/// (`cannot-text`), or when the message to be sent again is not one to be sent again (`not-resendable`). With
/// `attachments` also when a file is not up yet (`not-uploaded`), or may tell of place, device or owner and `uncleaned`
/// was not said (`asks-first`, with `files`).
#[utoipa::path(
    post, path = "/api/conversations/{id}/messages", operation_id = "sendMessage", tag = "conversations",
    params(("id" = ConversationId, Path)),
    request_body = NewMessage,
    responses(
        (status = 202, description = "Queued, now or when this id first came", body = MessageView),
        (status = 409, description = "Something stands in the way",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn send(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<ConversationId>,
    Body(new): Body<NewMessage>,
) -> Result<(StatusCode, Json<MessageView>), Problem> {
    let message = inbox.desk.send(&who, &id, &new.into()).await.map_err(problem)?;
    let names = inbox.names(&who.business.id).await?;
    Ok((StatusCode::ACCEPTED, Json(MessageView::new(&message, &names))))
}

impl From<NewMessage> for NewText {
    fn from(new: NewMessage) -> Self {
        let NewMessage { id, text, seen_seq, force, resend_of, job_id, attachments, uncleaned, .. } = new;
        let when = match (new.send_at, new.undo_s) {
            (Some(at), _) => When::At { at, cancel_on_reply: new.cancel_on_reply },
            (None, Some(seconds)) if seconds > 0 => When::Undo(seconds),
            _ => When::Now,
        };
        Self { id, text, job: job_id, seen_seq, force, resend_of, attachments, uncleaned, when }
    }
}
