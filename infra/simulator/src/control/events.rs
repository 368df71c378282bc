//! The event log, as a list and live.

use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::sse::{self, KeepAlive, Sse};
use futures::stream::{self, Stream, StreamExt as _};
use serde_json::{Value, json};

use super::Shared;
use super::problem::Problem;
use crate::events::News;

/// `GET /simulator/events?after=ID`
pub(super) async fn list(State(world): Shared, RawQuery(raw): RawQuery) -> Result<Json<Value>, Problem> {
    let mut given = form_urlencoded::parse(raw.as_deref().unwrap_or_default().as_bytes());
    let after = given.find(|(name, _)| name == "after").map(|(_, value)| value.parse()).transpose();
    let after = after.map_err(|_| Problem::unprocessable("after must be an event's id"))?.unwrap_or(0);
    Ok(Json(json!({ "events": world.events.after(after) })))
}

/// How soon a watcher is to come back.
const RETRY: Duration = Duration::from_secs(1);

/// `GET /simulator/events/live`: each event as it happens, with `Last-Event-ID` first those missed, and word of
/// what else changed. Too slow a reader is cut off, and gets what it missed when it comes back.
pub(super) async fn live(
    State(world): Shared,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<sse::Event, Infallible>>> {
    let receiver = world.events.subscribe();
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse::<u64>().ok());
    let missed = last.map_or_else(Vec::new, |last| world.events.after(last));
    let seen = missed.last().map_or(0, |event| event.id);
    let live = stream::unfold(receiver, async |mut receiver| {
        let news = receiver.recv().await.ok()?;
        Some((news, receiver))
    });
    let is_fresh = move |news: &News| match news {
        News::Event(event) => event.id > seen,
        News::Change(_) => true,
    };
    let fresh = live.filter(move |news| std::future::ready(is_fresh(news)));
    let all = stream::iter(missed).map(News::Event).chain(fresh).map(|news| Ok(write(&news)));
    let hello = stream::once(async { Ok(sse::Event::default().retry(RETRY)) });
    Sse::new(hello.chain(all)).keep_alive(KeepAlive::default())
}

fn write(news: &News) -> sse::Event {
    let plain = "an event is plain data";
    match news {
        News::Event(event) => {
            let data = serde_json::to_string(event).expect(plain);
            sse::Event::default().id(event.id.to_string()).event("event").data(data)
        }
        News::Change(change) => {
            sse::Event::default().event("change").data(serde_json::to_string(change).expect(plain))
        }
    }
}
