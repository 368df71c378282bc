//! `PUT|DELETE /api/conversations/{id}/draft`: what somebody was writing, on every device of theirs.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use porchlight_api::ProblemShape;
use porchlight_api::row::DraftView;
use porchlight_api::words::DraftKindWord;
use porchlight_domain::id::ConversationId;
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::Inbox;
use crate::ask::{Asked, Body, Checked, Named, Wrong, has_length};
use crate::refusal::problem;

/// The longest draft, in characters: longer than any message, so that nothing is lost while it is cut down.
const LONGEST_DRAFT: usize = 10_000;

/// What is being written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DraftText)]
pub struct DraftCommand {
    /// The words so far; none throws the draft away.
    #[schema(max_length = 10000)]
    pub text: String,
    /// What they are to become: words to the customer, or a note. Each has a draft of its own.
    #[serde(default)]
    #[schema(required = false)]
    pub kind: DraftKindWord,
    /// The words that these take the place of: where others are kept by now, those stay (409). Without it, the
    /// last one wins.
    #[serde(default)]
    #[schema(max_length = 10000)]
    pub replaces: Option<String>,
}

/// Which draft.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WhichDraft {
    /// Words to the customer, or a note.
    #[serde(default)]
    #[param(inline, required = false)]
    kind: DraftKindWord,
}

impl Checked for WhichDraft {}

impl Checked for DraftCommand {
    fn check(&self) -> Result<(), Wrong> {
        has_length("replaces", self.replaces.as_deref().unwrap_or_default(), 0, LONGEST_DRAFT)?;
        has_length("text", &self.text, 0, LONGEST_DRAFT)
    }
}

/// Keep a draft
///
/// The viewer's own, live on all their devices. 409 (`draft-changed`) when another device has kept other words
/// than those that these replace.
#[utoipa::path(
    put, path = "/api/conversations/{id}/draft", operation_id = "putDraft", tag = "conversations",
    params(("id" = ConversationId, Path)),
    request_body = DraftCommand,
    responses(
        (status = 200, description = "As it is kept", body = DraftView),
        (status = 409, description = "Other words are kept by now",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn put(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<ConversationId>,
    Body(command): Body<DraftCommand>,
) -> Result<Json<DraftView>, Problem> {
    let draft = inbox
        .desk
        .keep_draft(&who, &id, command.kind.into(), &command.text, command.replaces.as_deref())
        .await
        .map_err(problem)?;
    Ok(Json(draft.into()))
}

/// Throw a draft away
#[utoipa::path(
    delete, path = "/api/conversations/{id}/draft", operation_id = "deleteDraft", tag = "conversations",
    params(("id" = ConversationId, Path), WhichDraft),
    responses((status = 204, description = "There is none now")),
)]
pub async fn delete(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<ConversationId>,
    Asked(which): Asked<WhichDraft>,
) -> Result<StatusCode, Problem> {
    inbox.desk.keep_draft(&who, &id, which.kind.into(), "", None).await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}
