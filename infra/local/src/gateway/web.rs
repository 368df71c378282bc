//! The web app's files, as the bucket behind CloudFront would serve them.

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use axum::body::Body;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use http::{HeaderMap, HeaderName, Response, StatusCode};

use super::routes::decoded;

/// A folder of files, which need not be there.
#[derive(Clone, Debug)]
pub struct WebFiles(PathBuf);

const ABSENT: &str = "Porchlight is running, without the web app: no built one was found.\n\
    The API is under /api (see /api/openapi.json); README.md walks through a first conversation.\n";

impl WebFiles {
    /// Serves `folder`.
    pub const fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// The answer for `path`; `None` when there is no such file.
    pub async fn answer(&self, path: &str, headers: &HeaderMap) -> Option<Response<Body>> {
        if !self.0.join("index.html").is_file() {
            return (path == "/").then(|| plain(ABSENT));
        }
        let file = self.0.join(file_name(path)?);
        let (stored, encoding) = smallest(&file, headers);
        let tag = tag(&stored)?;
        if headers.get(IF_NONE_MATCH).is_some_and(|known| known == tag.as_str()) {
            return Some(answer(StatusCode::NOT_MODIFIED, &[(ETAG, &tag)], Body::empty()));
        }
        let content = tokio::fs::read(&stored).await.ok()?;
        let mut fields =
            vec![(CONTENT_TYPE, content_type(&file)), (ETAG, tag.as_str()), (VARY, "accept-encoding")];
        fields.extend(encoding.map(|encoding| (CONTENT_ENCODING, encoding)));
        Some(answer(StatusCode::OK, &fields, Body::from(content)))
    }
}

/// An extensionless path is a page of the app; no path leaves the folder.
fn file_name(path: &str) -> Option<String> {
    let path = decoded(path);
    let path = path.trim_start_matches('/');
    let safe = path.split('/').all(|part| !part.starts_with('.') && !part.contains(['\\', ':', '\0']));
    let is_page = !path.rsplit('/').next().unwrap_or_default().contains('.');
    safe.then(|| if is_page { "index.html".to_owned() } else { path.to_owned() })
}

/// The compressed file beside it, when there is one that the client takes.
fn smallest(file: &Path, headers: &HeaderMap) -> (PathBuf, Option<&'static str>) {
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let accepts =
        |name: &str| accepted.split(',').any(|one| one.split(';').next().unwrap_or_default().trim() == name);
    let compressed = [("br", "br"), ("gzip", "gz")].into_iter().filter(|(encoding, _)| accepts(encoding));
    compressed
        .map(|(encoding, suffix)| (PathBuf::from(format!("{}.{suffix}", file.display())), Some(encoding)))
        .find(|(file, _)| file.is_file())
        .unwrap_or_else(|| (file.to_owned(), None))
}

fn tag(file: &Path) -> Option<String> {
    let metadata = file.metadata().ok().filter(std::fs::Metadata::is_file)?;
    let modified = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(format!("\"{:x}-{:x}\"", metadata.len(), modified.as_millis()))
}

fn content_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn plain(text: &'static str) -> Response<Body> {
    answer(StatusCode::OK, &[(CONTENT_TYPE, "text/plain; charset=utf-8")], Body::from(text))
}

fn answer(status: StatusCode, fields: &[(HeaderName, &str)], body: Body) -> Response<Body> {
    let mut response = Response::builder().status(status);
    for (name, value) in fields {
        response = response.header(name, *value);
    }
    response.body(body).expect("these headers are valid")
}
