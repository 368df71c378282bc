//! The page, for people: phones to text from, the event log, faults. Its files are in `page/`, part of the program,
//! and speak to nothing but the control API.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use crate::world::World;

/// No inline anything, nothing from elsewhere, and no way from a string to markup.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'; trusted-types 'none'";

struct Asset {
    name: &'static str,
    content_type: &'static str,
    bytes: &'static [u8],
}

macro_rules! asset {
    ($name:literal, $content_type:expr) => {
        Asset { name: $name, content_type: $content_type, bytes: include_bytes!(concat!("../page/", $name)) }
    };
}

/// A photo, JPEG, for whoever needs one.
pub const PHOTO: &[u8] = include_bytes!("../page/photo.jpg");

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

static INDEX: Asset = asset!("index.html", HTML);
static ASSETS: [Asset; 16] = [
    asset!("api.js", SCRIPT),
    asset!("burst.js", SCRIPT),
    asset!("composer.js", SCRIPT),
    asset!("dom.js", SCRIPT),
    asset!("events.js", SCRIPT),
    asset!("faults.js", SCRIPT),
    asset!("files.js", SCRIPT),
    asset!("icon.svg", "image/svg+xml"),
    asset!("live.js", SCRIPT),
    asset!("main.js", SCRIPT),
    asset!("page.css", STYLE),
    asset!("phone.js", SCRIPT),
    asset!("photo.jpg", "image/jpeg"),
    asset!("row.js", SCRIPT),
    asset!("tokens.css", STYLE),
    asset!("words.js", SCRIPT),
];

/// `GET /` and `GET /assets/{name}`.
pub(crate) fn router() -> Router<Arc<World>> {
    Router::new().route("/", get(async || serve(&INDEX))).route("/assets/{name}", get(asset))
}

async fn asset(Path(name): Path<String>) -> Response {
    let found = ASSETS.iter().find(|asset| asset.name == name);
    found.map_or_else(|| StatusCode::NOT_FOUND.into_response(), serve)
}

fn serve(asset: &'static Asset) -> Response {
    let headers = [
        (CONTENT_TYPE, asset.content_type),
        (CONTENT_SECURITY_POLICY, POLICY),
        (CACHE_CONTROL, "no-cache"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
    ];
    (headers, asset.bytes).into_response()
}
