//! `GET|HEAD /media/{token}`: a file for whoever has the token: the provider that carries it, the customer who was sent
//! the link. No session, no redirect; expired, guessed and unknown are the same 404.

use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use porchlight_domain::file::{FileType, token};
use porchlight_edge::Problem;

use crate::Files;
use crate::serve::{self, Served};

/// Signs of a token.
const LENGTH: usize = 26;
/// Whoever has it may keep it for so long; never a cache between.
const CACHING: HeaderValue = HeaderValue::from_static("private, max-age=3600");

/// The file.
pub async fn get(
    State(files): State<Files>,
    Path(given): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let is_one =
        given.len() == LENGTH && given.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if !is_one {
        return Err(Problem::not_found());
    }
    let found = files.desk.store().shared(&token::digest(&given), files.desk.now()).await?;
    let shared = found.ok_or_else(Problem::not_found)?;
    let kind = FileType::of_mime(&shared.content_type);
    let name = if shared.name.is_empty() { format!("file.{}", kind.ending()) } else { shared.name };
    let served = Served { kept: &shared.kept, kind, name: &name, saved: false };
    let mut response = serve::answer(&files.bucket, &served, &method, &headers).await?;
    if response.status() != StatusCode::RANGE_NOT_SATISFIABLE {
        response.headers_mut().insert(header::CACHE_CONTROL, CACHING);
    }
    Ok(response)
}
