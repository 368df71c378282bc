//! Serves the files of messages, as they flow (P7).
//!
//! # Layout
//!
//! - `of_message`: `GET /api/media/{id}`, for whoever sees the message.
//! - `by_token`: `GET /media/{token}`, for the provider and for customers.
//! - `serve`: a file of the bucket as an answer: ranges, tags, names, and nothing that could run.
//!
//! Invariant: a file is answered as what its bytes are; what a browser could run is for saving.
//! Invariant: hidden, foreign and unknown are the same 404 (P7).
//!
//! It must not know how a file came into the bucket.

mod by_token;
mod of_message;
mod serve;

use axum::Router;
use axum::extract::FromRef;
use axum::middleware::from_fn;
use axum::routing::get;
use porchlight_bucket::Bucket;
use porchlight_desk::Desk;
use porchlight_edge::session::Sessions;
use porchlight_edge::{BoxError, ConfigError, Function, Platform, Tick, answer};
use porchlight_store::keys::SHARDS;

/// What the handlers work with. Cheap to clone.
#[derive(Clone)]
struct Files {
    desk: Desk,
    sessions: Sessions,
    bucket: Bucket,
}

/// Nobody sends anything to get a file.
const LONGEST_BODY: usize = 1 << 10;

/// The function, ready to answer. Settings: `PUBLIC_URL`, `BUCKET_FILES` and the tables' names.
#[expect(clippy::needless_pass_by_value, reason = "as every function is built")]
pub fn build(platform: Platform) -> Result<Function, ConfigError> {
    let files = Files {
        desk: Desk::new(platform.store()?, platform.clock.clone(), platform.entropy.clone())
            .with_files(platform.bucket()?, platform.settings.require("PUBLIC_URL")?),
        sessions: Sessions::new(&platform)?,
        bucket: platform.bucket()?,
    };
    let desk = files.desk.clone();
    let router = Router::new()
        .route("/api/media/{id}", get(of_message::get))
        .route("/media/{token}", get(by_token::get))
        .fallback(answer::no_such_route)
        .method_not_allowed_fallback(answer::no_such_method)
        .layer(from_fn(answer::never_stored))
        .layer(from_fn(answer::not_found_in_its_time))
        .with_state(files);
    let forget = move |tick: Tick| forget(desk.clone(), tick);
    Ok(Function::new().streamed_http(router).longest_body(LONGEST_BODY).schedule("forget", forget))
}

/// Takes away what people uploaded and no message has.
async fn forget(desk: Desk, tick: Tick) -> Result<(), BoxError> {
    for shard in tick.shards(SHARDS)? {
        let gone = desk.forget_uploads(shard).await?;
        tracing::info!(shard, gone, "uploads that no message has");
    }
    Ok(())
}

impl FromRef<Files> for Sessions {
    fn from_ref(files: &Files) -> Self {
        files.sessions.clone()
    }
}
