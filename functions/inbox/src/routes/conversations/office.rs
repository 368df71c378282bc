//! `POST …/hand-to-office` and `PUT …/office-only`: what technician and office have with each other in a customer's
//! thread.

use axum::Json;
use axum::extract::State;
use porchlight_api::ConversationRow;
use porchlight_desk::NewNote;
use porchlight_domain::id::{CommandId, ConversationId, MessageId};
use porchlight_domain::{markdown, segments};
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Body, Checked, Named, Wrong, has_length};
use crate::refusal::problem;

/// Why it goes to the office.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    /// The note's, made by the client: repeating the command with the same id is harmless.
    pub id: MessageId,
    /// What the office should know, in markdown: it becomes a note.
    #[schema(min_length = 1, max_length = 1600)]
    pub text: String,
}

impl Checked for HandOver {
    fn check(&self) -> Result<(), Wrong> {
        has_length("text", &self.text, 1, segments::LONGEST_BODY)?;
        if markdown::sendable(&self.text) {
            Ok(())
        } else {
            Err(Wrong::new("text must say something: nothing of it can be seen."))
        }
    }
}

/// Hand it to the office
///
/// It needs a person of the office from now on, with these words as a note.
#[utoipa::path(
    post, path = "/api/conversations/{id}/hand-to-office", operation_id = "handToOffice", tag = "conversations",
    params(("id" = ConversationId, Path)),
    request_body = HandOver,
    responses((status = 200, description = "As it is now", body = ConversationRow)),
)]
pub async fn hand_over(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<ConversationId>,
    Body(HandOver { id: note, text }): Body<HandOver>,
) -> Result<Json<ConversationRow>, Problem> {
    let note = NewNote { id: note, text, for_crew: false, mentions: Vec::new() };
    let marked = inbox.desk.hand_to_office(&who, &id, &note).await.map_err(problem)?;
    Ok(Json(inbox.row(&who, &marked).await?))
}

/// Whether the office alone writes.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfficeOnly {
    /// Made by the client: repeating the command with the same id does nothing more.
    #[serde(default)]
    pub id: Option<CommandId>,
    /// The crew reads, and cannot write to the customer.
    pub on: bool,
}

impl Checked for OfficeOnly {}

/// Let the office alone write, or the crew too
#[utoipa::path(
    put, path = "/api/conversations/{id}/office-only", operation_id = "setOfficeOnly", tag = "conversations",
    params(("id" = ConversationId, Path)),
    request_body = OfficeOnly,
    responses((status = 200, description = "As it is now", body = ConversationRow)),
)]
pub async fn office_only(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<ConversationId>,
    Body(OfficeOnly { id: command, on }): Body<OfficeOnly>,
) -> Result<Json<ConversationRow>, Problem> {
    let marked = inbox.desk.restrict(&who, &id, on, command).await.map_err(problem)?;
    Ok(Json(inbox.row(&who, &marked).await?))
}
