//! Whom the page and the control API answer: people at this machine, and scripts, but no other web site.
//!
//! The inbox's own rules for `Origin`, `Sec-Fetch-Site` and JSON, written here a second time. No sign-in stands
//! before the control API, so reading is refused as writing is, and so is whoever has this machine's address by
//! a name of their own (DNS rebinding): to a browser, that site's pages and ours would be one origin.

use std::net::IpAddr;

use axum::body::HttpBody as _;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::control::Problem;

/// Middleware: refuses a request by another name than this machine's (403). `here` is what is listened on.
pub(crate) async fn require_own_name(State(here): State<IpAddr>, request: Request, next: Next) -> Response {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    if host.is_some_and(|host| is_own_name(host, here)) {
        return next.run(request).await;
    }
    let detail = "this is not the simulator's address: it is at localhost";
    Problem::new(StatusCode::FORBIDDEN, detail).into_response()
}

/// Middleware: refuses what another site asks (403), and writes whose bodies are no JSON (415).
pub(crate) async fn require_same_origin(request: Request, next: Next) -> Response {
    if !is_same_origin(request.headers()) {
        return Problem::new(StatusCode::FORBIDDEN, "this request came from another site").into_response();
    }
    if !is_safe(request.method()) && !request.body().is_end_stream() && !is_json(request.headers()) {
        let detail = "send JSON (content-type: application/json)";
        return Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail).into_response();
    }
    next.run(request).await
}

fn is_own_name(host: &str, here: IpAddr) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    let name = authority.host();
    match name.trim_matches(['[', ']']).parse::<IpAddr>() {
        // Nobody else can make an address mean this machine. One that listens beyond it has others than loopback.
        Ok(address) => address.is_loopback() || !here.is_loopback(),
        Err(_) => name.eq_ignore_ascii_case("localhost"),
    }
}

/// Scripts send neither header; browsers send both, or at least `Origin`.
fn is_same_origin(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return matches!(site.as_bytes(), b"same-origin" | b"none");
    }
    let Some(origin) = headers.get(ORIGIN) else { return true };
    let host = headers.get(HOST).map(|host| [b"http://", host.as_bytes()].concat());
    host.is_some_and(|ours| origin.as_bytes() == ours)
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn this_machine_is_known_by_loopback_and_localhost_alone() {
        let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
        for host in ["localhost", "LOCALHOST:7879", "127.0.0.1:7879", "127.0.0.2", "[::1]:7879"] {
            assert!(is_own_name(host, here), "{host}");
        }
        for host in
            ["evil.example:7879", "localhost.evil.example", "203.0.113.7", "127.0.0.1.nip.io", "", "a b"]
        {
            assert!(!is_own_name(host, here), "{host}");
        }
    }

    #[test]
    fn one_that_listens_beyond_its_machine_has_addresses_but_still_no_foreign_name() {
        let everywhere = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        assert!(is_own_name("192.168.1.20:7879", everywhere) && is_own_name("localhost", everywhere));
        assert!(!is_own_name("evil.example", everywhere));
    }
}
