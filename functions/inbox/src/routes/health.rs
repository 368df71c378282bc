//! `GET /api/health`

use axum::Json;
use axum::extract::State;
use porchlight_edge::Problem;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Inbox;

/// The service answers, and so does its store.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok`.
    pub status: &'static str,
}

/// Whether the service and its store answer
#[utoipa::path(
    get, path = "/api/health", operation_id = "health", tag = "service", security(()),
    responses((status = 200, description = "Both do", body = Health)),
)]
pub async fn health(State(inbox): State<Inbox>) -> Result<Json<Health>, Problem> {
    // Any read does; a session that nobody has is the cheapest.
    inbox.store.session("health", inbox.now()).await?;
    Ok(Json(Health { status: "ok" }))
}
