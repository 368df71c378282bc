//! What the office does with templates: add, change, delete, bring back, put in order.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use porchlight_api::ProblemShape;
use porchlight_domain::access::KeepTemplates;
use porchlight_domain::id::TemplateId;
use porchlight_domain::template::{self, Content};
use porchlight_edge::Problem;
use porchlight_edge::session::May;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Body, Checked, Named, Wrong, has_at_most, has_length};
use crate::refusal::problem;
use crate::view::templates::{TemplateView, TemplatesView};

/// A new template.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTemplate {
    /// Made by the client: the same again makes no second. Without it a repeat does.
    #[serde(default)]
    pub id: Option<TemplateId>,
    /// What people call it.
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    /// Under which heading it stands.
    #[schema(min_length = 1, max_length = 60)]
    pub category: String,
    /// Its words, in markdown, with variables in double braces.
    #[schema(min_length = 1, max_length = 1600)]
    pub text: String,
    /// How it is found from the composer; with or without the slash.
    #[serde(default)]
    #[schema(max_length = 40)]
    pub shortcut: Option<String>,
}

/// A template as it is to be.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateRecord {
    /// What people call it.
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    /// Under which heading it stands.
    #[schema(min_length = 1, max_length = 60)]
    pub category: String,
    /// Its words, in markdown, with variables in double braces.
    #[schema(min_length = 1, max_length = 1600)]
    pub text: String,
    /// How it is found from the composer; with or without the slash.
    #[serde(default)]
    #[schema(max_length = 40)]
    pub shortcut: Option<String>,
    /// The version that this takes the place of: where another is kept by now, that stays (409). Without it, the
    /// last one wins.
    #[serde(default)]
    pub version: Option<u64>,
}

/// Where a template is put.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplatePlace {
    /// Before this one; `null` at the end.
    #[serde(deserialize_with = "crate::ask::present")]
    #[schema(required)]
    pub before: Option<TemplateId>,
}

fn check(name: &str, category: &str, text: &str, shortcut: Option<&str>) -> Result<(), Wrong> {
    has_length("name", name, 1, template::LONGEST_NAME)?;
    has_length("category", category, 1, template::LONGEST_CATEGORY)?;
    has_length("text", text, 1, template::LONGEST_TEXT)?;
    has_at_most("shortcut", shortcut, 40)
}

impl Checked for NewTemplate {
    fn check(&self) -> Result<(), Wrong> {
        check(&self.name, &self.category, &self.text, self.shortcut.as_deref())
    }
}

impl Checked for TemplateRecord {
    fn check(&self) -> Result<(), Wrong> {
        check(&self.name, &self.category, &self.text, self.shortcut.as_deref())
    }
}

impl Checked for TemplatePlace {}

fn kept(content: Content) -> Result<Content, Problem> {
    content.kept().map_err(|why| Problem::unprocessable("invalid", format!("{why}.")))
}

/// Keep a new template
///
/// At the end of the list. 409 where another template has the shortcut (`shortcut-taken`), or where there are as many
/// as there may be (`too-many-templates`).
#[utoipa::path(
    post, path = "/api/templates", operation_id = "addTemplate", tag = "templates",
    request_body = NewTemplate,
    responses(
        (status = 201, description = "As it is kept, now or since this id first came", body = TemplateView),
        (status = 404, description = "It was kept under this id, and deleted long ago",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 409, description = "Something stands in the way",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn add(
    State(inbox): State<Inbox>,
    May(who, may): May<KeepTemplates>,
    Body(new): Body<NewTemplate>,
) -> Result<(StatusCode, Json<TemplateView>), Problem> {
    let NewTemplate { id, name, category, text, shortcut } = new;
    let content = kept(Content { name, category, text, shortcut })?;
    let template = inbox.desk.add_template(may, &who.business.id, id, &content).await.map_err(problem)?;
    Ok((StatusCode::CREATED, Json(TemplateView::from(&template))))
}

/// Change a template
///
/// 409 where another template has the shortcut (`shortcut-taken`), or where somebody changed this one after `version`
/// (`changed-meanwhile`).
#[utoipa::path(
    put, path = "/api/templates/{id}", operation_id = "changeTemplate", tag = "templates",
    params(("id" = TemplateId, Path)),
    request_body = TemplateRecord,
    responses(
        (status = 200, description = "As it is kept now", body = TemplateView),
        (status = 409, description = "Something stands in the way",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn change(
    State(inbox): State<Inbox>,
    May(who, may): May<KeepTemplates>,
    Named(id): Named<TemplateId>,
    Body(record): Body<TemplateRecord>,
) -> Result<Json<TemplateView>, Problem> {
    let TemplateRecord { name, category, text, shortcut, version } = record;
    let content = kept(Content { name, category, text, shortcut })?;
    let template =
        inbox.desk.change_template(may, &who.business.id, &id, &content, version).await.map_err(problem)?;
    Ok(Json(TemplateView::from(&template)))
}

/// Delete a template
///
/// It can be brought back until fifty others were deleted after it.
#[utoipa::path(
    delete, path = "/api/templates/{id}", operation_id = "deleteTemplate", tag = "templates",
    params(("id" = TemplateId, Path)),
    responses((status = 204, description = "It is not there now")),
)]
pub async fn delete(
    State(inbox): State<Inbox>,
    May(who, may): May<KeepTemplates>,
    Named(id): Named<TemplateId>,
) -> Result<StatusCode, Problem> {
    inbox.desk.delete_template(may, &who.business.id, &id).await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Bring a deleted template back
///
/// To the place where it stood. 409 where another template has its shortcut by now (`shortcut-taken`).
#[utoipa::path(
    post, path = "/api/templates/{id}/restore", operation_id = "restoreTemplate", tag = "templates",
    params(("id" = TemplateId, Path)),
    responses(
        (status = 200, description = "As it is kept now", body = TemplateView),
        (status = 409, description = "Something stands in the way",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn restore(
    State(inbox): State<Inbox>,
    May(who, may): May<KeepTemplates>,
    Named(id): Named<TemplateId>,
) -> Result<Json<TemplateView>, Problem> {
    let template = inbox.desk.restore_template(may, &who.business.id, &id).await.map_err(problem)?;
    Ok(Json(TemplateView::from(&template)))
}

/// Put a template before another
#[utoipa::path(
    post, path = "/api/templates/{id}/move", operation_id = "moveTemplate", tag = "templates",
    params(("id" = TemplateId, Path)),
    request_body = TemplatePlace,
    responses((status = 200, description = "All of them, in their order now", body = TemplatesView)),
)]
pub async fn put_before(
    State(inbox): State<Inbox>,
    May(who, may): May<KeepTemplates>,
    Named(id): Named<TemplateId>,
    Body(place): Body<TemplatePlace>,
) -> Result<Json<TemplatesView>, Problem> {
    let moved = inbox.desk.move_template(may, &who.business.id, &id, place.before.as_ref()).await;
    Ok(Json(TemplatesView::from(&moved.map_err(problem)?)))
}
