//! Twilio's REST API, version 2010-04-01: messages and their media, under Basic authentication.

mod error;
mod list;
mod media;
mod messages;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::header::AUTHORIZATION;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use error::ApiError;

use crate::world::World;

type Shared = State<Arc<World>>;

/// The routes of the API.
pub(crate) fn router(world: &Arc<World>) -> Router<Arc<World>> {
    let account = Router::new()
        .route("/Messages.json", get(list::list).post(messages::create))
        .route("/Messages/{sid}", get(messages::fetch).post(messages::update).delete(messages::delete))
        .route("/Messages/{sid}/Media.json", get(media::list))
        .route("/Messages/{sid}/Media/{media}", get(media::fetch).delete(media::delete))
        .fallback(async || ApiError::not_found())
        .layer(from_fn_with_state(Arc::clone(world), authenticate));
    Router::new().nest("/2010-04-01/Accounts/{account}", account)
}

/// Lets through who knows the account and its token.
async fn authenticate(
    State(world): Shared,
    Path(parameters): Path<std::collections::HashMap<String, String>>,
    request: Request,
    next: Next,
) -> Response {
    let expected = STANDARD.encode(format!("{}:{}", world.account_sid, world.auth_token));
    let given = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    if given.and_then(|value| value.strip_prefix("Basic ")) != Some(expected.as_str()) {
        return ApiError::new(20003, "Authentication Error - invalid username").into_response();
    }
    if parameters.get("account") != Some(&world.account_sid) {
        return ApiError::not_found().into_response();
    }
    next.run(request).await
}

/// The SID of a path segment such as `SM….json`.
fn sid_of(segment: &str) -> Result<&str, ApiError> {
    segment.strip_suffix(".json").ok_or_else(ApiError::not_found)
}
