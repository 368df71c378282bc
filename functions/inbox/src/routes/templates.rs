//! Templates: `/api/templates…`, and which variables are offered. Whoever may write to customers reads and fills
//! them, the office keeps them.

mod keep;
mod render;
mod variables;

use axum::Json;
use axum::extract::State;
use porchlight_domain::access::UseTemplates;
use porchlight_edge::Problem;
use porchlight_edge::session::May;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Inbox;
use crate::refusal::problem;
use crate::view::templates::TemplatesView;

/// The routes of this folder.
pub fn routes() -> OpenApiRouter<Inbox> {
    OpenApiRouter::new()
        .routes(routes!(list, keep::add))
        .routes(routes!(keep::change, keep::delete))
        .routes(routes!(keep::restore))
        .routes(routes!(keep::put_before))
        .routes(routes!(render::kept))
        .routes(routes!(render::words))
        .routes(routes!(variables::put))
}

/// The business's templates, in their order
#[utoipa::path(
    get, path = "/api/templates", operation_id = "listTemplates", tag = "templates",
    responses((status = 200, description = "All of them, and the variables that there are", body = TemplatesView)),
)]
pub async fn list(
    State(inbox): State<Inbox>,
    May(who, may): May<UseTemplates>,
) -> Result<Json<TemplatesView>, Problem> {
    let library = inbox.desk.templates(may, &who.business.id).await.map_err(problem)?;
    Ok(Json(TemplatesView::from(&library)))
}
