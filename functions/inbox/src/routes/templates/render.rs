//! Templates, filled for a conversation: kept ones, and words that nobody has kept yet.

use axum::Json;
use axum::extract::State;
use porchlight_desk::Wording;
use porchlight_domain::access::UseTemplates;
use porchlight_domain::id::{ConversationId, JobId, TemplateId};
use porchlight_edge::Problem;
use porchlight_edge::session::May;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Body, Checked, Named, Wrong, has_length};
use crate::refusal::problem;
use crate::view::templates::RenderedView;

/// The longest words that are filled, in characters: as long as a draft.
const LONGEST_WORDS: usize = 10_000;

/// For which conversation a template is filled.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RenderTemplate {
    /// Whose customer, job and line it tells of.
    pub conversation_id: ConversationId,
    /// The job that it tells of; found out where it is left out.
    #[serde(default)]
    pub job_id: Option<JobId>,
}

/// Words that nobody has kept yet, and for which conversation they are filled.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RenderWords {
    /// The words, with variables in double braces.
    #[schema(max_length = 10000)]
    pub text: String,
    /// Whose customer, job and line they tell of.
    pub conversation_id: ConversationId,
    /// The job that they tell of; found out where it is left out.
    #[serde(default)]
    pub job_id: Option<JobId>,
}

impl Checked for RenderTemplate {}

impl Checked for RenderWords {
    fn check(&self) -> Result<(), Wrong> {
        has_length("text", &self.text, 0, LONGEST_WORDS)
    }
}

/// Fill a template for a conversation
///
/// From its customer, its job, the business and whoever asks. Each variable is filled once; what is filled in is text.
#[utoipa::path(
    post, path = "/api/templates/{id}/render", operation_id = "renderTemplate", tag = "templates",
    params(("id" = TemplateId, Path)),
    request_body = RenderTemplate,
    responses((status = 200, description = "What it comes to", body = RenderedView)),
)]
pub async fn kept(
    State(inbox): State<Inbox>,
    May(who, may): May<UseTemplates>,
    Named(id): Named<TemplateId>,
    Body(asked): Body<RenderTemplate>,
) -> Result<Json<RenderedView>, Problem> {
    let RenderTemplate { conversation_id, job_id } = asked;
    let rendered = inbox.desk.render(may, &who, &conversation_id, &Wording::Kept(id), job_id.as_ref()).await;
    Ok(Json(rendered.map_err(problem)?.into()))
}

/// Fill words that nobody has kept yet
///
/// For the preview while a template is written.
#[utoipa::path(
    post, path = "/api/templates/render", operation_id = "renderWords", tag = "templates",
    request_body = RenderWords,
    responses(
        (status = 200, description = "What they come to", body = RenderedView),
        (status = 404, description = "There is no such conversation, or it is not yours to see",
            body = porchlight_api::ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn words(
    State(inbox): State<Inbox>,
    May(who, may): May<UseTemplates>,
    Body(asked): Body<RenderWords>,
) -> Result<Json<RenderedView>, Problem> {
    let RenderWords { text, conversation_id, job_id } = asked;
    let rendered =
        inbox.desk.render(may, &who, &conversation_id, &Wording::Words(text), job_id.as_ref()).await;
    Ok(Json(rendered.map_err(problem)?.into()))
}
