//! `GET /api/openapi.json`

use axum::response::{IntoResponse, Response};
use http::header;

/// This document
#[utoipa::path(
    get, path = "/api/openapi.json", operation_id = "openapi", tag = "service", security(()),
    responses((status = 200, description = "OpenAPI 3.1", body = Object, content_type = "application/json")),
)]
pub async fn document() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], crate::openapi::COMMITTED).into_response()
}
