//! `GET /api/live`: everything that happens in a business, as server-sent events (PROTOCOLS §3; P7, P8).
//!
//! An event in the table is a pointer: what happened, and where. What it points to is read when clients are
//! told, once for all of them; what each client is shown of it is decided for each, on the facts of access
//! as they then are.
//!
//! # Layout
//!
//! - `tail`: one per business, shared by all clients of the process: finds new events, reads what they point
//!   to (`told`), passes it on. `counters`: the same for the numbers above the list. `shared`: who follows
//!   what, and when following ends.
//! - `client`: one open stream: resumes, follows, counts, asks again who it speaks with. `show`: what one
//!   viewer is shown of what happened. `cursor`: where a client was.
//!
//! Invariant: access is decided when an event is delivered, for each client, on facts of at most a second ago
//! (P7).
//!
//! It must not know how events come about, nor write anything.

mod client;
mod counters;
mod cursor;
mod shared;
mod show;
mod tail;
mod told;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRef, Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, HeaderValue, header};
use porchlight_edge::session::{Sessions, SignedIn};
use porchlight_edge::{Clock, Colleagues, ConfigError, Entropy, Function, Platform, Problem, Wake};
use porchlight_store::{Store, StoreError};
use serde::Deserialize;

use self::client::Client;
use self::cursor::Start;
use self::shared::Followed;

/// A silent stream says so, so that nobody on the way closes it.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// What the streams work with. Cheap to clone.
#[derive(Clone)]
struct Live {
    store: Store,
    sessions: Sessions,
    clock: Clock,
    entropy: Entropy,
    wake: Wake,
    tables: Watched,
    /// How long a stream lasts; the client comes again.
    stream_lasts: Duration,
    followed: Followed,
    colleagues: Colleagues,
}

/// The tables whose writes wake somebody here.
#[derive(Clone)]
struct Watched {
    events: Arc<str>,
    derived: Arc<str>,
}

/// Nobody sends anything to listen.
const LONGEST_BODY: usize = 1 << 10;

/// The function, ready to answer.
pub fn build(platform: Platform) -> Result<Function, ConfigError> {
    let settings = &platform.settings;
    let live = Live {
        store: platform.store()?,
        sessions: Sessions::new(&platform)?,
        tables: Watched {
            events: settings.require("TABLE_EVENTS")?.into(),
            derived: settings.require("TABLE_DERIVED")?.into(),
        },
        stream_lasts: Duration::from_secs(settings.parse("STREAM_SECONDS", "a number of seconds")?),
        followed: Followed::default(),
        colleagues: Colleagues::new(&platform)?,
        clock: platform.clock,
        entropy: platform.entropy,
        wake: platform.wake,
    };
    let router = Router::new().route("/api/live", get(stream)).with_state(live);
    Ok(Function::new().streamed_http(router).longest_body(LONGEST_BODY))
}

impl FromRef<Live> for Sessions {
    fn from_ref(live: &Live) -> Self {
        live.sessions.clone()
    }
}

#[derive(Deserialize)]
struct Wanted {
    cursor: Option<String>,
}

/// The stream. `Last-Event-ID`, which browsers send by themselves, goes before `?cursor=`.
async fn stream(
    State(live): State<Live>,
    who: SignedIn,
    headers: HeaderMap,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(wanted) = wanted.map_err(|rejection| Problem::bad_request(rejection.body_text()))?;
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
    let start = Start::new(last.or(wanted.cursor).as_deref(), live.clock.now());
    let client = Client::new(live, who, start);
    let events = futures::stream::unfold(client, async |mut client| {
        let event = client.next().await?;
        Some((Ok::<Event, Infallible>(event), client))
    });
    let heartbeat = KeepAlive::new().interval(HEARTBEAT).text("still here");
    let mut response = Sse::new(events).keep_alive(heartbeat).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

/// What went wrong behind a stream; nobody waits for an answer that could tell.
fn warn(error: &StoreError, what: &'static str) {
    tracing::warn!(error = error as &(dyn std::error::Error + 'static), what);
}
