//! Unsafe methods come from our own pages only, and bring JSON, or a recording: a form on another site can do neither.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, StatusCode, header};

use crate::problem::Problem;

/// Middleware: refuses cross-site writes (403) and bodies that a form could send (415). `public_origin` is what
/// browsers see, such as `https://inbox.example.com`; clients without `Origin` (scripts) send no cookies
/// across sites and pass.
pub async fn require_same_origin(public_origin: String, request: Request, next: Next) -> Response {
    if is_safe(request.method()) {
        return next.run(request).await;
    }
    if !is_same_origin(request.headers(), &public_origin) {
        return Problem::forbidden("This request came from another site.").into_response();
    }
    if has_body(request.headers()) && !is_json(request.headers()) && !is_audio(request.headers()) {
        let title = "Send JSON (content-type: application/json)";
        return Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json", title).into_response();
    }
    next.run(request).await
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn is_same_origin(headers: &HeaderMap, public_origin: &str) -> bool {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok()) {
        return matches!(site, "same-origin" | "none");
    }
    match text(header::ORIGIN) {
        None => true,
        Some(origin) if origin == public_origin => true,
        // A site on https has the one name. Else the same machine under its other names: localhost and
        // 127.0.0.1, behind the local gateway.
        Some(_) if public_origin.starts_with("https://") => false,
        Some(origin) => text(header::HOST).is_some_and(|host| origin == format!("http://{host}")),
    }
}

fn has_body(headers: &HeaderMap) -> bool {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    length.is_some_and(|length| length != "0") || headers.contains_key(header::TRANSFER_ENCODING)
}

fn is_json(headers: &HeaderMap) -> bool {
    kind(headers).eq_ignore_ascii_case("application/json")
}

/// No form has this type.
fn is_audio(headers: &HeaderMap) -> bool {
    kind(headers).get(..6).is_some_and(|beginning| beginning.eq_ignore_ascii_case("audio/"))
}

fn kind(headers: &HeaderMap) -> &str {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    kind.split(';').next().unwrap_or("").trim()
}
