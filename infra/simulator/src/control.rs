//! Our own API, under `/simulator/`: be the phones, see everything, break things. Documented in `README.md`.

mod events;
mod faults;
mod phones;
mod problem;
mod summary;
mod texts;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::middleware::from_fn;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(crate) use problem::Problem;

use problem::Given;

use crate::config::Line;
use crate::same_origin::require_same_origin;
use crate::world::World;

type Shared = State<Arc<World>>;

/// Ten files of a text as base64, and some.
const MAX_BODY_BYTES: usize = 16 << 20;

/// The routes of the control API.
pub(crate) fn router() -> Router<Arc<World>> {
    let control = Router::new()
        .route("/health", get(health))
        .route("/summary", get(summary::show))
        .route("/texts", post(texts::send))
        .route("/burst", post(texts::burst))
        .route("/phones", get(phones::list))
        .route("/phones/{number}/messages", get(phones::messages))
        .route("/messages", get(phones::provider_log))
        .route("/media/{message}/{media}", get(phones::media))
        .route("/events", get(events::list))
        .route("/events/live", get(events::live))
        .route("/faults", get(faults::show).put(faults::set))
        .route("/faults/next", post(faults::plan).delete(faults::unplan))
        .route("/bad-monday", post(faults::bad_monday))
        .route("/answering", get(answering).put(set_answering))
        .route("/lines", get(lines).put(set_lines))
        .route("/reset", post(reset))
        .fallback(async || Problem::not_found("there is no such resource"))
        .method_not_allowed_fallback(async || {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "not with this method")
        })
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(from_fn(require_same_origin));
    Router::new().nest("/simulator", control)
}

async fn health(State(world): Shared) -> Json<Value> {
    let inner = world.lock();
    Json(json!({
        "status": "ok",
        "account_sid": world.account_sid,
        "seed": world.seed,
        "lines": inner.lines,
        "inbox_url": inner.inbox_url,
        "messages": inner.state.messages().len(),
    }))
}

/// Whether phones answer by themselves.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answering {
    answering: bool,
}

async fn answering(State(world): Shared) -> Json<Answering> {
    Json(Answering { answering: world.answering.load(Ordering::Relaxed) })
}

async fn set_answering(State(world): Shared, Given(given): Given<Answering>) -> Json<Answering> {
    world.set_answering(given.answering);
    Json(given)
}

async fn lines(State(world): Shared) -> Json<Vec<Line>> {
    Json(world.lock().lines.clone())
}

async fn set_lines(State(world): Shared, Given(given): Given<Vec<Line>>) -> Json<Vec<Line>> {
    crate::lines::set(&world, given.clone());
    Json(given)
}

async fn reset(State(world): Shared) -> StatusCode {
    world.reset();
    StatusCode::NO_CONTENT
}
