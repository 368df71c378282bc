//! A text from Porchlight: accepted, on its way, on the phone, and reported at each step.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::CONTENT_TYPE;

use crate::ambient;
use crate::events::Way;
use crate::faults::{Fault, FaultKind, FaultList as _};
use crate::inbound::blank;
use crate::message::{Direction, Media, Message};
use crate::number;
use crate::personas;
use crate::state::Record;
use crate::webhook::{Call, Target, WebhookOutcome, deliver, deliver_twice};
use crate::world::World;

/// What a create asked for, checked.
#[derive(Clone, Debug)]
pub(crate) struct NewMessage {
    pub to: String,
    pub from: String,
    pub body: String,
    pub media_urls: Vec<String>,
    pub status_callback: Option<String>,
}

/// Keeps a message and sets it on its way.
pub(crate) fn accept(world: &Arc<World>, new: NewMessage, faults: Vec<Fault>) -> Message {
    let mut message =
        blank(Direction::OutboundApi, &new.from, &new.to, &new.body, !new.media_urls.is_empty());
    message.media_urls = new.media_urls;
    message.status_callback = new.status_callback;
    message.faults = faults;
    world.commit(Record::Message { message: Box::new(message.clone()) });
    set_out(world, &message.sid);
    message
}

/// Starts, or after a restart goes on with, a message's way.
pub(crate) fn set_out(world: &Arc<World>, sid: &str) {
    let (shared, sid) = (Arc::clone(world), sid.to_owned());
    world.spawn(async move {
        report_what_is_due(&shared, &sid);
        progress(&shared, &sid).await;
    });
}

/// Whether something about it is still to happen.
pub(crate) fn is_unfinished(message: &Message) -> bool {
    message.is_under_way() || !due_reports(message).is_empty()
}

async fn progress(world: &Arc<World>, sid: &str) -> Option<()> {
    let message = world.message(sid).filter(Message::is_under_way)?;
    if number::magic_sender(&message.from).is_some() {
        return None;
    }
    let failure = message.faults.of(FaultKind::Fail).and_then(|fault| fault.code);
    if message.status == "queued" {
        let delay = message.faults.of(FaultKind::Delay).and_then(|fault| fault.delay_ms).unwrap_or(0);
        tokio::time::sleep(world.pace.sent + Duration::from_millis(delay)).await;
        let unfetched = fetch_media(world, &message).await.err();
        match unfetched.or(failure.filter(|code| never_leaves(*code))) {
            Some(code) => return advance(world, sid, "queued", "failed", Some(code)),
            None => advance(world, sid, "queued", "sent", None)?,
        }
    }
    tokio::time::sleep(world.pace.delivered).await;
    let status = if failure.is_some() { "undelivered" } else { "delivered" };
    advance(world, sid, "sent", status, failure)?;
    if failure.is_none() {
        personas::consider(world, sid);
    }
    Some(())
}

/// Errors of the provider's own queue and checks; the carriers' come after *sent*.
const fn never_leaves(code: u32) -> bool {
    code < 30_003
}

/// Moves a message on, unless it was canceled or removed meanwhile.
fn advance(world: &Arc<World>, sid: &str, from: &str, to: &str, error_code: Option<u32>) -> Option<()> {
    let mut inner = world.lock();
    inner.state.message(sid).filter(|message| message.status == from)?;
    let (sid_text, status, at) = (sid.to_owned(), to.to_owned(), ambient::now());
    inner.commit(Record::Status { sid: sid_text, status, error_code, at });
    drop(inner);
    report_what_is_due(world, sid);
    Some(())
}

/// Cancels a message that has not left yet.
pub(crate) fn cancel(world: &Arc<World>, sid: &str) -> Option<()> {
    advance(world, sid, "queued", "canceled", None)
}

/// Reports each status that was reached and not reported yet, in the background.
fn report_what_is_due(world: &Arc<World>, sid: &str) {
    let mut inner = world.lock();
    let Some(message) = inner.state.message(sid).cloned() else { return };
    let mut due = due_reports(&message);
    due.retain(|status| inner.reporting.insert((sid.to_owned(), status)));
    drop(inner);
    let shared = Arc::clone(world);
    world.spawn(async move {
        for status in due {
            let outcome = report(&shared, &message, status).await;
            let missed = outcome.filter(|outcome| !outcome.accepted);
            let mut inner = shared.lock();
            inner.commit(Record::Reported { sid: message.sid.clone(), status: status.to_owned(), missed });
            inner.reporting.remove(&(message.sid.clone(), status));
        }
    });
}

/// With *reorder*, *sent* waits for the end and is then told last.
fn due_reports(message: &Message) -> Vec<&'static str> {
    if message.status_callback.is_none() || message.faults.has(FaultKind::LostCallbacks) {
        return Vec::new();
    }
    let reached: &[&str] = match (message.status.as_str(), message.faults.has(FaultKind::Reorder)) {
        ("sent", false) => &["sent"],
        ("delivered", false) => &["sent", "delivered"],
        ("delivered", true) => &["delivered", "sent"],
        ("undelivered", false) => &["sent", "undelivered"],
        ("undelivered", true) => &["undelivered", "sent"],
        ("failed", _) => &["failed"],
        ("canceled", _) => &["canceled"],
        _ => &[],
    };
    reached.iter().copied().filter(|status| !message.reported.iter().any(|done| done == status)).collect()
}

async fn report(world: &World, message: &Message, status: &'static str) -> Option<WebhookOutcome> {
    let address = message.status_callback.as_ref()?;
    let late = status == "sent" && message.status != "sent" && message.faults.has(FaultKind::Reorder);
    let code = message.error_code.filter(|_| status != "sent");
    let mut what = format!("status {status}");
    what.push_str(&code.map_or_else(String::new, |code| format!(", error {code}")));
    what.push_str(if late { ", after the last one" } else { "" });
    let shown = |fault: &&Fault| match fault.kind {
        FaultKind::WrongSignature => true,
        FaultKind::Reorder => late,
        FaultKind::Delay => status == "sent",
        FaultKind::Fail => code.is_some(),
        _ => false,
    };
    let faults: Vec<Fault> = message.faults.iter().filter(shown).copied().collect();
    let duplicate: Vec<Fault> = message.faults.of(FaultKind::Duplicate).copied().into_iter().collect();
    let call = |what, faults| Call {
        target: Target::parse(address),
        fields: fields(world, message, status, code),
        sid: &message.sid,
        phone: &message.to,
        way: Way::Webhook,
        what,
        again: "status",
        faults,
    };
    if duplicate.is_empty() {
        return Some(deliver(world, &call(what, faults.as_slice())).await.0);
    }
    let (first, copy) =
        (call(what.clone(), faults.as_slice()), call(what + ", second copy", duplicate.as_slice()));
    Some(deliver_twice(world, &first, &copy).await.0)
}

fn fields(world: &World, message: &Message, status: &str, code: Option<u32>) -> Vec<(String, String)> {
    let mut fields = vec![
        ("SmsSid", message.sid.clone()),
        ("SmsStatus", status.to_owned()),
        ("MessageStatus", status.to_owned()),
        ("To", message.to.clone()),
        ("MessageSid", message.sid.clone()),
        ("AccountSid", world.account_sid.clone()),
        ("From", message.from.clone()),
        ("ApiVersion", "2010-04-01".to_owned()),
    ];
    if matches!(status, "delivered" | "undelivered") {
        fields.push(("RawDlrDoneDate", message.updated.raw_dlr()));
    }
    fields.extend(code.map(|code| ("ErrorCode", code.to_string())));
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Twilio's errors for files: they cannot be had, or are not what HEAD said.
const MEDIA_UNREACHABLE: u32 = 11200;
const MEDIA_MISMATCH: u32 = 12300;
const MAX_MEDIA_BYTES: usize = 5 << 20;

/// Gets the files of a message, HEAD and GET as Twilio does; the error is Twilio's code.
async fn fetch_media(world: &World, message: &Message) -> Result<(), u32> {
    if message.media_urls.is_empty() {
        return Ok(());
    }
    let timeout = Duration::from_secs(10);
    let client = reqwest::Client::builder().timeout(timeout).build().map_err(|_| MEDIA_UNREACHABLE)?;
    let mut media = Vec::new();
    for url in &message.media_urls {
        media.push(fetch(&client, url).await?);
    }
    world.commit(Record::Fetched { sid: message.sid.clone(), media });
    Ok(())
}

async fn fetch(client: &reqwest::Client, url: &str) -> Result<Media, u32> {
    let kind = |response: &reqwest::Response| {
        response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).map(str::to_owned)
    };
    let unreachable = |_| MEDIA_UNREACHABLE;
    let head =
        client.head(url).send().await.and_then(reqwest::Response::error_for_status).map_err(unreachable)?;
    let got =
        client.get(url).send().await.and_then(reqwest::Response::error_for_status).map_err(unreachable)?;
    let content_type =
        kind(&got).filter(|found| kind(&head).as_ref() == Some(found)).ok_or(MEDIA_MISMATCH)?;
    let bytes = got.bytes().await.map_err(unreachable)?;
    if bytes.len() > MAX_MEDIA_BYTES {
        return Err(MEDIA_MISMATCH);
    }
    Ok(Media { sid: format!("ME{}", ambient::fresh_hex()), content_type, bytes })
}
