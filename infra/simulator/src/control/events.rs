//! The event log, as a list and live.

use std::convert::Infallible;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::sse::{self, KeepAlive, Sse};
use futures::stream::{self, Stream, StreamExt as _};
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;

use super::Shared;
use super::problem::Problem;
use crate::events::Event;

/// `GET /simulator/events?after=ID`
pub(super) async fn list(State(world): Shared, RawQuery(raw): RawQuery) -> Result<Json<Value>, Problem> {
    let mut given = form_urlencoded::parse(raw.as_deref().unwrap_or_default().as_bytes());
    let after = given.find(|(name, _)| name == "after").map(|(_, value)| value.parse()).transpose();
    let after = after.map_err(|_| Problem::unprocessable("after must be an event's id"))?.unwrap_or(0);
    Ok(Json(json!({ "events": world.events.after(after) })))
}

/// `GET /simulator/events/live`: each event as it happens; with `Last-Event-ID` first those missed.
pub(super) async fn live(
    State(world): Shared,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<sse::Event, Infallible>>> {
    let receiver = world.events.subscribe();
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse::<u64>().ok());
    let missed = last.map_or_else(Vec::new, |last| world.events.after(last));
    let seen = missed.last().map_or(0, |event| event.id);
    let live = stream::unfold(receiver, async |mut receiver| {
        loop {
            match receiver.recv().await {
                Ok(event) => return Some((event, receiver)),
                // Too slow a reader misses events; the list has them.
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    });
    let fresh = live.filter(move |event| std::future::ready(event.id > seen));
    Sse::new(stream::iter(missed).chain(fresh).map(|event| Ok(write(&event))))
        .keep_alive(KeepAlive::default())
}

fn write(event: &Event) -> sse::Event {
    let data = serde_json::to_string(event).expect("an event is plain data");
    sse::Event::default().id(event.id.to_string()).event("event").data(data)
}
