//! What the answers of functions have in common, around their handlers.

use std::future::{Ready, ready};
use std::time::Duration;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use tokio::time::{Instant, sleep_until};

use crate::problem::Problem;

/// An answer that something is not found is given at a multiple of this.
const NOT_FOUND_EVERY: Duration = Duration::from_millis(50);

/// Middleware: nothing may be kept by a cache that does not say so itself: it is somebody's, and of this moment.
pub async fn never_stored(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Middleware: what is hidden takes a few reads more than what is unknown, and the time must not tell (P7).
pub async fn not_found_in_its_time(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let response = next.run(request).await;
    if response.status() == StatusCode::NOT_FOUND {
        let steps = started.elapsed().as_micros().div_ceil(NOT_FOUND_EVERY.as_micros()).max(1);
        sleep_until(started + NOT_FOUND_EVERY * u32::try_from(steps).unwrap_or(u32::MAX)).await;
    }
    response
}

/// No route has this path.
pub fn no_such_route() -> Ready<Problem> {
    ready(Problem::not_found())
}

/// The path exists, and not with this method.
pub fn no_such_method() -> Ready<Response> {
    let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "Not with this method");
    ready(problem.into_response())
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tower::ServiceExt as _;

    use super::*;

    async fn takes(path: &str) -> Duration {
        let after = |millis, status| {
            get(async move || {
                tokio::time::sleep(Duration::from_millis(millis)).await;
                status
            })
        };
        let router = Router::new()
            .route("/unknown", after(2, StatusCode::NOT_FOUND))
            .route("/hidden", after(19, StatusCode::NOT_FOUND))
            .route("/seen", after(7, StatusCode::OK))
            .layer(from_fn(not_found_in_its_time));
        let started = Instant::now();
        let asked = http::Request::get(path).body(Body::empty()).expect("a request");
        router.oneshot(asked).await.expect("an answer");
        started.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn hidden_and_unknown_take_the_same_time_and_what_is_seen_waits_for_nothing() {
        assert_eq!(takes("/unknown").await, NOT_FOUND_EVERY);
        assert_eq!(takes("/hidden").await, NOT_FOUND_EVERY);
        assert_eq!(takes("/seen").await, Duration::from_millis(7));
    }
}
