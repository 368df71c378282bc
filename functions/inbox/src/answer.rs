//! What all answers have in common.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use porchlight_edge::Problem;

/// Middleware: nothing may be kept by a cache that does not say so itself: it is somebody's, and of this moment.
pub async fn never_stored(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// No route has this path.
pub async fn no_such_route() -> Problem {
    Problem::not_found()
}

/// The path exists, and not with this method.
pub async fn no_such_method() -> Response {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "Not with this method").into_response()
}
