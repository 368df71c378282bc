//! `POST /api/bulk`, `GET /api/bulk/{id}`, `POST /api/bulk/{id}/next|stop|undo`

use axum::Json;
use axum::extract::State;
use porchlight_api::ProblemShape;
use porchlight_desk::{BulkRows, NewBulk};
use porchlight_domain::access::Person;
use porchlight_domain::bulk::{BulkAct, LAID_AT_ONCE};
use porchlight_domain::id::{CommandId, ConversationId, StaffId};
use porchlight_domain::time::Timestamp;
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use porchlight_store::lists::{ListQuery, Sort, Threads};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::conversations::{FilterWord, is_whose, whose};
use crate::Inbox;
use crate::ask::{Body, Checked, Named, Wrong};
use crate::refusal::problem;
use crate::view::bulk::{BulkView, BulkWord};

/// The routes of this file.
pub fn routes() -> OpenApiRouter<Inbox> {
    OpenApiRouter::new()
        .routes(routes!(begin))
        .routes(routes!(get))
        .routes(routes!(next))
        .routes(routes!(stop))
        .routes(routes!(undo))
}

/// One act, and the conversations that it is done with: named, or all that a filter shows.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkCommand {
    /// Made by the client: the command with the same id goes on where it stood, and does nothing twice.
    pub id: CommandId,
    /// What is done with each.
    pub act: BulkWord,
    /// Of `assign`: the person's id, or `none`.
    #[serde(default)]
    #[schema(pattern = "^(none|[0-7][0-9A-HJKMNP-TV-Z]{25})$")]
    pub assignee: Option<String>,
    /// Of `snooze`: an instant to come, within a year.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// These; or else a `filter`.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 1800)]
    pub conversations: Option<Vec<ConversationId>>,
    /// All that this filter shows when the command begins, and nothing that comes later.
    #[serde(default)]
    pub filter: Option<FilterWord>,
    /// Of a `filter`, whose: `me`, `none` or a person's id.
    #[serde(default)]
    #[schema(pattern = "^(me|none|[0-7][0-9A-HJKMNP-TV-Z]{25})$")]
    pub assigned: Option<String>,
}

impl Checked for BulkCommand {
    fn check(&self) -> Result<(), Wrong> {
        if self.assignee.is_some() != matches!(self.act, BulkWord::Assign) {
            return Err(Wrong::new("assignee belongs to assign, which needs it."));
        }
        if self.until.is_some() != matches!(self.act, BulkWord::Snooze) {
            return Err(Wrong::new("until belongs to snooze, which needs it."));
        }
        if self.assignee.as_deref().is_some_and(|to| to != "none" && to.parse::<StaffId>().is_err()) {
            return Err(Wrong::new("assignee is none or the id of a person."));
        }
        match (&self.conversations, self.filter) {
            (Some(ids), None) if !(1..=LAID_AT_ONCE).contains(&ids.len()) => Err(Wrong::new(format!(
                "There must be 1 to {LAID_AT_ONCE} conversations; use a filter for more."
            ))),
            (Some(_), None) if self.assigned.is_none() => Ok(()),
            (None, Some(_)) => is_whose(self.assigned.as_deref()),
            _ => Err(Wrong::new(
                "Either conversations are named, or a filter, of which assigned may say whose.",
            )),
        }
    }
}

impl BulkCommand {
    /// As the desk takes it; `None` where [`check`](Checked::check) would refuse it.
    fn read(self, who: &Person) -> Option<NewBulk> {
        let act = match self.act {
            BulkWord::Read => BulkAct::Read,
            BulkWord::Done => BulkAct::Done,
            BulkWord::Close => BulkAct::Close,
            // What is no id is "none".
            BulkWord::Assign => BulkAct::Assign { to: self.assignee?.parse().ok() },
            BulkWord::Snooze => BulkAct::Snooze { until: self.until? },
        };
        let rows = match (self.conversations, self.filter) {
            (Some(ids), _) => BulkRows::Named(ids),
            (None, filter) => BulkRows::Shown(ListQuery {
                business: who.business.id.clone(),
                filter: filter?.into(),
                sort: Sort::Recent,
                assigned: whose(self.assigned.as_deref(), &who.staff.id),
                threads: Threads::Customer,
            }),
        };
        Some(NewBulk { id: self.id, act, rows })
    }
}

/// One act with many conversations
///
/// Done, close, assign, snooze or read, each conversation as if it were asked for alone: who may not do it there leaves it
/// as it is, and so does what came in after the command began (but for `assign`) and, when closing, a job ahead; what is
/// closed is neither closed again nor put off. It is worked off twenty at a time: ask `next` while the answer says so.
/// For a day it can be gone on with and taken back; after that its id is answered with 409 (`bulk-ended`).
#[utoipa::path(
    post, path = "/api/bulk", operation_id = "beginBulk", tag = "conversations",
    request_body = BulkCommand,
    responses(
        (status = 200, description = "How far it is", body = BulkView),
        (status = 409, description = "It has ended", body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn begin(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Body(command): Body<BulkCommand>,
) -> Result<Json<BulkView>, Problem> {
    let new = command
        .read(&who)
        .ok_or_else(|| Problem::unprocessable("invalid", "This cannot be done as asked.".to_owned()))?;
    Ok(Json(inbox.desk.begin_bulk(&who, new).await.map_err(problem)?.into()))
}

/// How far it is
#[utoipa::path(
    get, path = "/api/bulk/{id}", operation_id = "getBulk", tag = "conversations",
    params(("id" = CommandId, Path)),
    responses((status = 200, description = "How far it is", body = BulkView)),
)]
pub async fn get(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<CommandId>,
) -> Result<Json<BulkView>, Problem> {
    Ok(Json(inbox.desk.bulk(&who, &id).await.map_err(problem)?.into()))
}

/// Go on with it
///
/// Works the next twenty conversations, or gathers more of a long list. Repeating it is harmless.
#[utoipa::path(
    post, path = "/api/bulk/{id}/next", operation_id = "goOnWithBulk", tag = "conversations",
    params(("id" = CommandId, Path)),
    responses((status = 200, description = "How far it is", body = BulkView)),
)]
pub async fn next(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<CommandId>,
) -> Result<Json<BulkView>, Problem> {
    Ok(Json(inbox.desk.go_on_with_bulk(&who, &id).await.map_err(problem)?.into()))
}

/// Stop it
///
/// Nothing more is done; what was done stays, and can be taken back.
#[utoipa::path(
    post, path = "/api/bulk/{id}/stop", operation_id = "stopBulk", tag = "conversations",
    params(("id" = CommandId, Path)),
    responses((status = 200, description = "How far it is", body = BulkView)),
)]
pub async fn stop(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<CommandId>,
) -> Result<Json<BulkView>, Problem> {
    Ok(Json(inbox.desk.stop_bulk(&who, &id).await.map_err(problem)?.into()))
}

/// Take it back
///
/// Twenty conversations at a time are as they were before: those that the command changed and nobody has changed since,
/// neither the customer by writing nor a colleague. Ask again while `undo.next` says so. It stops what is under way.
#[utoipa::path(
    post, path = "/api/bulk/{id}/undo", operation_id = "undoBulk", tag = "conversations",
    params(("id" = CommandId, Path)),
    responses((status = 200, description = "How far it is", body = BulkView)),
)]
pub async fn undo(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<CommandId>,
) -> Result<Json<BulkView>, Problem> {
    Ok(Json(inbox.desk.take_bulk_back(&who, &id).await.map_err(problem)?.into()))
}
