//! The API Gateway beside CloudFront has an address of its own, which anybody may find. Only CloudFront knows the
//! secret that it shows with each request (`edge.yaml`); whoever comes without it is turned away before anything
//! is read. So every address in `X-Forwarded-For` that counts was written by CloudFront.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq;

use crate::problem::Problem;
use crate::settings::Settings;

/// The header that CloudFront adds; one that a client sent by this name is overwritten there.
const HEADER: &str = "x-porchlight-origin";

/// What proves that a request came through CloudFront.
#[derive(Clone)]
pub(crate) struct Origin(Arc<[String]>);

impl Origin {
    /// `ORIGIN_SECRETS`: one secret, or two with a comma between while it is changed. Without the setting, or where
    /// it is empty, nothing stands before the function, and nothing is asked.
    pub(crate) fn new(settings: &Settings) -> Self {
        let secrets = settings.require("ORIGIN_SECRETS").unwrap_or_default().split(',');
        Self(secrets.filter(|secret| !secret.is_empty()).map(str::to_owned).collect())
    }

    /// These routes, behind CloudFront.
    pub(crate) fn guard(self, router: Router) -> Router {
        if self.0.is_empty() { router } else { router.layer(from_fn_with_state(self, turn_away)) }
    }

    /// Every secret is compared to its end, so that the time tells nothing.
    fn is_shown(&self, request: &Request) -> bool {
        let shown = request.headers().get(HEADER).map_or(&[][..], |shown| shown.as_bytes());
        let fitting = self.0.iter().map(|secret| secret.as_bytes().ct_eq(shown));
        fitting.fold(subtle::Choice::from(0), |any, fits| any | fits).into()
    }
}

async fn turn_away(State(origin): State<Origin>, mut request: Request, next: Next) -> Response {
    if !origin.is_shown(&request) {
        return Problem::forbidden("Come by the public address.").into_response();
    }
    request.headers_mut().remove(HEADER);
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::routing::get;
    use http::{HeaderMap, StatusCode};
    use tower::ServiceExt as _;

    use super::*;

    const OLD: &str = "an-old-secret-of-more-than-32-letters";
    const NEW: &str = "a-new-secret-of-more-than-32-letters";

    /// Asks a function with this setting, showing that, whether its handler was told what was shown.
    async fn ask(secrets: Option<&str>, shown: Option<&str>) -> Result<String, StatusCode> {
        let settings = secrets.map(|secrets| ("ORIGIN_SECRETS", secrets)).into_iter().collect();
        let told = async |headers: HeaderMap| headers.contains_key(HEADER).to_string();
        let router = Origin::new(&settings).guard(Router::new().route("/", get(told)));
        let request = shown.iter().fold(Request::get("/"), |request, shown| request.header(HEADER, *shown));
        let response = router.oneshot(request.body(Body::empty()).expect("a request")).await;
        let response = response.unwrap_or_else(|never| match never {});
        if response.status() != StatusCode::OK {
            return Err(response.status());
        }
        let body = axum::body::to_bytes(response.into_body(), 64).await.expect("a body");
        Ok(String::from_utf8(body.to_vec()).expect("text"))
    }

    #[tokio::test]
    async fn who_comes_beside_cloudfront_is_turned_away() {
        let turned_away = Err(StatusCode::FORBIDDEN);
        assert_eq!(ask(Some(NEW), None).await, turned_away);
        assert_eq!(ask(Some(NEW), Some("")).await, turned_away);
        assert_eq!(ask(Some(NEW), Some(OLD)).await, turned_away);
        assert_eq!(ask(Some(NEW), Some(&NEW[1..])).await, turned_away);
    }

    #[tokio::test]
    async fn who_comes_through_it_is_let_in_and_the_secret_goes_no_further() {
        assert_eq!(ask(Some(NEW), Some(NEW)).await.as_deref(), Ok("false"));
    }

    #[tokio::test]
    async fn both_secrets_are_good_while_one_replaces_the_other() {
        let both = format!("{OLD},{NEW}");
        for shown in [OLD, NEW] {
            assert_eq!(ask(Some(&both), Some(shown)).await.as_deref(), Ok("false"));
        }
        assert_eq!(ask(Some(&both), Some(&both)).await, Err(StatusCode::FORBIDDEN));
    }

    #[tokio::test]
    async fn on_one_machine_nothing_is_asked() {
        assert_eq!(ask(None, None).await.as_deref(), Ok("false"));
        assert_eq!(ask(Some(""), None).await.as_deref(), Ok("false"));
    }
}
