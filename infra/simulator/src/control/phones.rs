//! What phones show, and what the provider has.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::Shared;
use super::problem::Problem;
use crate::config::Personas;
use crate::draw::{draw, pick};
use crate::message::{Direction, Message};
use crate::moment::Moment;

/// `GET /simulator/phones`
pub(super) async fn list(State(world): Shared) -> Json<Value> {
    let inner = world.lock();
    let Personas { people, landlines, .. } = &world.personas;
    let name = |number: &str| {
        let known = people.iter().find(|person| person.number == number).map(|person| person.name.clone());
        known.unwrap_or_else(|| stranger(number))
    };
    let mut phones: BTreeMap<&str, Option<&Message>> =
        people.iter().map(|person| (person.number.as_str(), None)).collect();
    phones.extend(inner.state.phones().into_iter().map(|(number, message)| (number, Some(message))));
    let is_phone = |number: &str| !landlines.iter().any(|landline| landline == number);
    let mut shown: Vec<_> = phones.into_iter().filter(|(number, _)| is_phone(number)).collect();
    shown.sort_by_key(|(number, last)| {
        (std::cmp::Reverse(last.map(|last| last.created)), (*number).to_owned())
    });
    let phones: Vec<Value> = shown
        .into_iter()
        .map(|(number, last)| {
            let stopped = inner.lines.iter().any(|line| inner.state.is_stopped(&line.number, number));
            let last = last.map(view);
            json!({ "number": number, "name": name(number), "stopped": stopped, "last_message": last })
        })
        .collect();
    Json(json!({ "phones": phones }))
}

const FIRST_NAMES: [&str; 24] = [
    "Ava", "Noah", "Mia", "Owen", "Ruth", "Felix", "Iris", "Hugo", "Nina", "Paul", "Vera", "Simon", "Lena",
    "Oscar", "Clara", "Peter", "June", "Victor", "Alma", "Henry", "Rosa", "Martin", "Edith", "Leo",
];
const LAST_NAMES: [&str; 24] = [
    "Brooks", "Keller", "Moreau", "Hansen", "Doyle", "Pereira", "Novak", "Lang", "Costa", "Bailey",
    "Fischer", "Grant", "Rossi", "Walsh", "Duval", "Lopez", "Berg", "Hayes", "Silva", "Porter", "Marsh",
    "Weber", "Quinn", "Flores",
];

/// What a phone's owner is called of whom nothing else is known: always the same.
fn stranger(number: &str) -> String {
    let first = pick(draw(0, number, 0), &FIRST_NAMES);
    format!("{first} {}", pick(draw(0, number, 1), &LAST_NAMES))
}

/// `GET /simulator/phones/{number}/messages`
pub(super) async fn messages(State(world): Shared, Path(number): Path<String>) -> Json<Value> {
    let inner = world.lock();
    let messages: Vec<Value> = inner.state.on_phone(&number).into_iter().map(view).collect();
    Json(json!({ "number": number, "messages": messages }))
}

/// `GET /simulator/messages`
pub(super) async fn provider_log(State(world): Shared) -> Json<Value> {
    let inner = world.lock();
    let messages: Vec<Value> = inner.state.messages().iter().map(view).collect();
    Json(json!({ "messages": messages }))
}

/// `GET /simulator/media/{message}/{media}`: the file, for the page.
pub(super) async fn media(
    State(world): Shared,
    Path((sid, media)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let gone = || Problem::not_found("there is no such file");
    let message = world.message(&sid).ok_or_else(gone)?;
    let file = message.media.into_iter().find(|file| file.sid == media).ok_or_else(gone)?;
    let content_type = HeaderValue::from_str(&file.content_type).map_err(|_| gone())?;
    // A file of a stranger's: shown in the page, never run in its name.
    let apart =
        [(CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"), (X_CONTENT_TYPE_OPTIONS, "nosniff")];
    Ok(([(CONTENT_TYPE, content_type)], apart, file.bytes).into_response())
}

/// A message as the control API shows it.
fn view(message: &Message) -> Value {
    let file = |file: &crate::message::Media| {
        let url = format!("/simulator/media/{}/{}", message.sid, file.sid);
        json!({ "sid": file.sid, "content_type": file.content_type, "url": url })
    };
    json!({
        "sid": message.sid,
        "direction": message.direction.as_str(),
        "sent_by": if message.direction == Direction::Inbound { "phone" } else { "line" },
        "from": message.from,
        "to": message.to,
        "body": message.body,
        "media": message.media.iter().map(file).collect::<Vec<_>>(),
        "status": message.status,
        "error_code": message.error_code,
        "status_callback": message.status_callback,
        "created_at": message.created.rfc3339(),
        "sent_at": message.sent.map(Moment::rfc3339),
        "webhook": message.webhook,
        "faults": message.faults,
    })
}
