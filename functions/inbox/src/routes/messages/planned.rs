//! `POST /api/messages/{id}/cancel|send-now`, `PUT /api/messages/{id}`, `PUT /api/messages/{id}/editor`: what people do
//! with a message that waits.

use axum::Json;
use axum::extract::State;
use porchlight_api::{MessageView, ProblemShape};
use porchlight_desk::{Editor, PlanChange, Refusal};
use porchlight_domain::id::{CommandId, MessageId};
use porchlight_domain::message::Message;
use porchlight_domain::segments;
use porchlight_domain::time::Timestamp;
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Body, Checked, MaybeBody, Named, Wrong, has_length};
use crate::refusal::problem;
use crate::routes::conversations::ActCommand;
use crate::routes::conversations::send::can_leave;

/// What is to be changed of a message that waits; what is left out stays.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlanChange)]
pub struct Change {
    /// Made by the client: repeating the command with the same id does nothing more.
    #[serde(default)]
    pub id: Option<CommandId>,
    /// Other words.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1600, pattern = r"\S")]
    pub text: Option<String>,
    /// Another time: an instant to come, within a year.
    #[serde(default)]
    pub send_at: Option<Timestamp>,
    /// It goes no more where the customer writes before.
    #[serde(default)]
    pub cancel_on_reply: Option<bool>,
    /// The revision that was changed; where another stands by now, nothing is.
    #[serde(default)]
    pub revision: Option<u32>,
}

impl Checked for Change {
    fn check(&self) -> Result<(), Wrong> {
        let Some(text) = &self.text else { return Ok(()) };
        has_length("text", text, 1, segments::LONGEST_BODY)?;
        can_leave(text)
    }
}

/// An editor of a message that waits.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlanEditor)]
pub struct EditorState {
    /// Made by whoever opened it.
    #[schema(min_length = 1, max_length = 64)]
    pub name: String,
    /// Open, or still open; `false` when it was closed without saving.
    pub open: bool,
}

impl Checked for EditorState {
    fn check(&self) -> Result<(), Wrong> {
        has_length("name", &self.name, 1, 64)
    }
}

/// Take back what has not left
///
/// What was held to be taken back, what waits for its time or for a person. 409 for what has left (`left-already`).
#[utoipa::path(
    post, path = "/api/messages/{id}/cancel", operation_id = "cancelMessage", tag = "conversations",
    params(("id" = MessageId, Path)),
    request_body = Option<ActCommand>,
    responses(
        (status = 200, description = "As it is now", body = MessageView),
        (status = 409, description = "It has left",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn cancel(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<MessageId>,
    MaybeBody(body): MaybeBody<ActCommand>,
) -> Result<Json<MessageView>, Problem> {
    let done = inbox.desk.cancel(&who, &id, body.id).await;
    inbox.shown(&who, done).await
}

/// Send now what waits
///
/// Before its time, or in spite of what held it; never to who opted out (409 `opted-out`). 409 for what has left.
#[utoipa::path(
    post, path = "/api/messages/{id}/send-now", operation_id = "sendMessageNow", tag = "conversations",
    params(("id" = MessageId, Path)),
    request_body = Option<ActCommand>,
    responses(
        (status = 200, description = "As it is now", body = MessageView),
        (status = 409, description = "It has left, or something stands in the way",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn send_now(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<MessageId>,
    MaybeBody(body): MaybeBody<ActCommand>,
) -> Result<Json<MessageView>, Problem> {
    let done = inbox.desk.send_now(&who, &id, body.id).await;
    inbox.shown(&who, done).await
}

/// Change words or time of what waits
///
/// 409 for what has left (`left-already`), and where somebody else changed it (`changed-meanwhile`). 422 for a time
/// that has passed (`in-the-past`) or lies more than a year ahead (`too-far-ahead`).
#[utoipa::path(
    put, path = "/api/messages/{id}", operation_id = "changeMessage", tag = "conversations",
    params(("id" = MessageId, Path)),
    request_body = Change,
    responses(
        (status = 200, description = "As it is now", body = MessageView),
        (status = 409, description = "It has left, or was changed meanwhile",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn change(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<MessageId>,
    Body(body): Body<Change>,
) -> Result<Json<MessageView>, Problem> {
    let Change { id: command, text, send_at, cancel_on_reply, revision } = body;
    let change = PlanChange { text, send_at, cancel_on_reply, revision };
    let done = inbox.desk.reschedule(&who, &id, &change, command).await;
    inbox.shown(&who, done).await
}

/// An editor is open
///
/// Holds the message at most ten minutes past its time. An editor says so again before 90 s have passed; when it is
/// closed without saving, or says no more, the old words go.
#[utoipa::path(
    put, path = "/api/messages/{id}/editor", operation_id = "editMessage", tag = "conversations",
    params(("id" = MessageId, Path)),
    request_body = EditorState,
    responses(
        (status = 200, description = "As it is now", body = MessageView),
        (status = 409, description = "It has left",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn editor(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<MessageId>,
    Body(EditorState { name, open }): Body<EditorState>,
) -> Result<Json<MessageView>, Problem> {
    let done = inbox.desk.edit_plan(&who, &id, &Editor { name, open }).await;
    inbox.shown(&who, done).await
}

impl Inbox {
    async fn shown(
        &self,
        who: &SignedIn,
        done: Result<Message, Refusal>,
    ) -> Result<Json<MessageView>, Problem> {
        let message = done.map_err(problem)?;
        let names = self.names(&who.business.id).await?;
        Ok(Json(MessageView::new(&message, &names)))
    }
}
