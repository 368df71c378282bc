//! Create, fetch, change and delete a message.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;

use super::error::ApiError;
use super::{Shared, sid_of};
use crate::ambient;
use crate::events::{Happening, Tone, Way, quote};
use crate::faults::FaultKind;
use crate::number::{magic_recipient, magic_sender, normalise};
use crate::outbound::{self, NewMessage};
use crate::server::DropConnection;
use crate::state::Record;
use crate::webhook::describe;
use crate::world::World;

const MAX_BODY_CHARS: usize = 1_600;
const MAX_MEDIA: usize = 10;

/// The fields of a form post.
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    pub(super) fn parse(body: &Bytes) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    /// A field that is there, empty or not.
    pub(super) fn given(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    fn filled(&self, name: &str) -> Option<&str> {
        self.given(name).map(str::trim).filter(|value| !value.is_empty())
    }

    fn all(&self, name: &str) -> Vec<String> {
        let named = self.0.iter().filter(|(found, value)| found == name && !value.is_empty());
        named.map(|(_, value)| value.clone()).collect()
    }
}

/// `POST Messages.json`
pub(super) async fn create(State(world): Shared, Path(_account): Path<String>, body: Bytes) -> Response {
    let fields = Fields::parse(&body);
    let new = match check(&world, &fields) {
        Ok(new) => new,
        Err(error) => {
            log(
                &world,
                &fields,
                None,
                format!("{}, error {}", error.status().as_u16(), error.code),
                Tone::Bad,
                None,
            );
            return error.into_response();
        }
    };
    let (answer, faults) = world.lock().faults.for_create(&new.to, &new.body);
    let life =
        faults.iter().filter(|fault| matches!(fault.kind, FaultKind::Delay | FaultKind::LostCallbacks));
    let mut shown: Vec<_> = answer.into_iter().map(|kind| kind.as_str().to_owned()).collect();
    shown.extend(life.map(describe));
    let fault = (!shown.is_empty()).then(|| shown.join(", "));
    if let Some(kind) = answer.filter(|kind| !kind.accepts()) {
        log(&world, &fields, None, words(kind).to_owned(), Tone::Bad, fault);
        return play(kind).await;
    }
    let message = outbound::accept(&world, new, faults);
    let (result, tone) = answer.map_or(("accepted", Tone::Info), |kind| (words(kind), Tone::Quiet));
    log(&world, &fields, Some(message.sid.clone()), result.to_owned(), tone, fault);
    match answer {
        Some(kind) => play(kind).await,
        None => (StatusCode::CREATED, Json(message.to_twilio(&world.account_sid))).into_response(),
    }
}

/// The answer of a fault.
async fn play(kind: FaultKind) -> Response {
    match kind {
        FaultKind::TooManyRequests => ApiError::new(20429, "Too Many Requests").into_response(),
        FaultKind::ServerError | FaultKind::ServerErrorRefused => {
            ApiError::new(20500, "An internal server error has occurred").into_response()
        }
        FaultKind::ProxyTimeout => (StatusCode::REQUEST_TIMEOUT, "stream timeout").into_response(),
        FaultKind::TimeoutAfterAccepting => std::future::pending().await,
        _ => DropConnection::response(),
    }
}

const fn words(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::TooManyRequests => "429, not accepted",
        FaultKind::ServerError => "500, but accepted",
        FaultKind::ServerErrorRefused => "500, not accepted",
        FaultKind::ProxyTimeout => "408, not accepted",
        FaultKind::TimeoutAfterAccepting => "no answer, but accepted",
        FaultKind::DropAfterAccepting => "connection dropped, but accepted",
        _ => "connection dropped, not accepted",
    }
}

fn log(
    world: &World,
    fields: &Fields,
    sid: Option<String>,
    result: String,
    tone: Tone,
    fault: Option<String>,
) {
    let what = quote(fields.given("Body").unwrap_or_default(), fields.all("MediaUrl").len());
    let phone = fields.given("To").unwrap_or_default().to_owned();
    world.events.add(Happening { way: Way::FromUs, what, sid, phone, result, tone, fault });
}

/// Twilio's checks, in its order.
fn check(world: &World, fields: &Fields) -> Result<NewMessage, ApiError> {
    let to = fields.filled("To").ok_or_else(|| ApiError::new(21604, "A 'To' phone number is required."))?;
    let media_urls = fields.all("MediaUrl");
    let body = fields.given("Body").unwrap_or_default().to_owned();
    check_content(&body, &media_urls)?;
    let to = normalise(to).ok_or_else(|| ApiError::magic(21211, to, ""))?;
    let from = check_sender(world, fields, &to)?;
    if let Some(code) = magic_recipient(&to) {
        return Err(ApiError::magic(code, &to, &from));
    }
    if world.lock().state.is_stopped(&from, &to) {
        return Err(ApiError::magic(21610, &to, &from));
    }
    let status_callback = fields.filled("StatusCallback").map(str::to_owned);
    if status_callback.as_deref().is_some_and(|url| !is_web_address(url)) {
        return Err(ApiError::new(21609, "The 'StatusCallback' URL is not a valid URL"));
    }
    Ok(NewMessage { to, from, body, media_urls, status_callback })
}

fn check_content(body: &str, media_urls: &[String]) -> Result<(), ApiError> {
    if body.is_empty() && media_urls.is_empty() {
        return Err(ApiError::new(21602, "Message body is required."));
    }
    if body.chars().count() > MAX_BODY_CHARS {
        return Err(ApiError::new(21617, "The concatenated message body exceeds the 1600 character limit"));
    }
    if media_urls.len() > MAX_MEDIA {
        return Err(ApiError::new(21623, "Number of media files exceeds allowed limit"));
    }
    if !media_urls.iter().all(|url| is_web_address(url)) {
        return Err(ApiError::new(21620, "Invalid media URL(s)"));
    }
    Ok(())
}

fn check_sender(world: &World, fields: &Fields, to: &str) -> Result<String, ApiError> {
    if let Some(service) = fields.filled("MessagingServiceSid") {
        return Err(ApiError::new(21701, format!("The Messaging Service {service} does not exist")));
    }
    let from =
        fields.filled("From").ok_or_else(|| ApiError::new(21603, "A 'From' phone number is required."))?;
    let number = normalise(from).ok_or_else(|| ApiError::magic(21212, to, from))?;
    match magic_sender(&number) {
        Some(Err(code)) => return Err(ApiError::magic(code, to, &number)),
        Some(Ok(())) => return Ok(number),
        None => {}
    }
    if number == to {
        return Err(ApiError::new(21266, "'To' and 'From' number cannot be the same"));
    }
    world.line(&number).map(|line| line.number).ok_or_else(|| ApiError::magic(21606, to, &number))
}

fn is_web_address(written: &str) -> bool {
    url::Url::parse(written).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// `GET Messages/{SID}.json`
pub(super) async fn fetch(
    State(world): Shared,
    Path((_, segment)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let message = world.message(sid_of(&segment)?).ok_or_else(ApiError::not_found)?;
    Ok(Json(message.to_twilio(&world.account_sid)).into_response())
}

/// `POST Messages/{SID}.json`: `Body=` redacts, `Status=canceled` cancels.
pub(super) async fn update(
    State(world): Shared,
    Path((_, segment)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, ApiError> {
    let sid = sid_of(&segment)?;
    world.message(sid).ok_or_else(ApiError::not_found)?;
    let fields = Fields::parse(&body);
    match (fields.given("Body"), fields.given("Status")) {
        (Some(""), None) => world.commit(Record::Redacted { sid: sid.to_owned(), at: ambient::now() }),
        (None, Some("canceled")) => cancel(&world, sid)?,
        (None, None) => {}
        _ => return Err(ApiError::new(20001, "Only Body='' and Status='canceled' can be set")),
    }
    fetch(State(world), Path((String::new(), segment))).await
}

fn cancel(world: &Arc<World>, sid: &str) -> Result<(), ApiError> {
    let too_late = || ApiError::new(30409, "Message is not in a cancelable state");
    outbound::cancel(world, sid).ok_or_else(too_late)
}

/// `DELETE Messages/{SID}.json`
pub(super) async fn delete(
    State(world): Shared,
    Path((_, segment)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let sid = sid_of(&segment)?;
    world.message(sid).ok_or_else(ApiError::not_found)?;
    world.commit(Record::Deleted { sid: sid.to_owned() });
    Ok(StatusCode::NO_CONTENT)
}
