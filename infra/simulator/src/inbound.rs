//! A text from a phone: kept, answered by the provider if it is STOP, START or HELP, and told to Porchlight.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

use crate::ambient;
use crate::config::Line;
use crate::events::{Happening, Tone, Way, quote};
use crate::faults::{Fault, FaultKind, FaultList as _};
use crate::keyword::Keyword;
use crate::message::{Direction, Media, Message, read_base64};
use crate::segments;
use crate::state::Record;
use crate::twiml;
use crate::webhook::{Call, Target, WebhookOutcome, deliver, deliver_twice};
use crate::world::World;

/// A text to send from a phone.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextIn {
    /// The phone; anything that a carrier may pass on, short codes and words included.
    pub from: String,
    /// The line; the first one where none is said.
    #[serde(default)]
    pub to: Option<String>,
    /// The words.
    #[serde(default)]
    pub body: String,
    /// Files.
    #[serde(default)]
    pub media: Vec<TextMedia>,
    /// Who else it goes to: a group text.
    #[serde(default)]
    pub others: Vec<String>,
    /// Something to go wrong with this one.
    #[serde(default)]
    pub fault: Option<Fault>,
}

/// A file to send along.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextMedia {
    /// MIME type.
    pub content_type: String,
    /// The file; base64 in JSON.
    #[serde(deserialize_with = "read_base64")]
    pub bytes: Bytes,
}

/// A text that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TextSent {
    /// Its name, for ever.
    pub sid: String,
    /// How telling Porchlight ended; none where the simulator was reset or shut down meanwhile.
    pub webhook: Option<WebhookOutcome>,
}

/// Why a phone cannot send this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// There is no line, or not that one.
    #[error("there is no such line here")]
    NoSuchLine,
    /// No phone was named.
    #[error("a text needs a phone that it comes from")]
    NoSender,
    /// A landline was named.
    #[error("no text comes from a landline")]
    Landline,
    /// MMS ends at ten files and 5 MB.
    #[error("a text takes ten files and 5 MB at most")]
    TooMuch,
}

const MAX_FILES: usize = 10;
const MAX_FILE_BYTES: usize = 5 << 20;

/// Sends a text and waits until Porchlight took it or the provider gave up.
pub(crate) async fn text(world: &Arc<World>, text: TextIn) -> Result<TextSent, TextError> {
    let (sid, told) = begin(world, text)?;
    Ok(TextSent { sid, webhook: told.await.ok() })
}

/// Sends a text; what it returns later tells how that ended.
pub(crate) fn begin(
    world: &Arc<World>,
    text: TextIn,
) -> Result<(String, oneshot::Receiver<WebhookOutcome>), TextError> {
    let message = accept(world, text)?;
    let sid = message.sid.clone();
    let (tell, told) = oneshot::channel();
    let (shared, named) = (Arc::clone(world), sid.clone());
    world.spawn(async move {
        if let Some(outcome) = tell_porchlight(&shared, &named).await {
            drop(tell.send(outcome));
        }
    });
    heed_keyword(world, &message);
    Ok((sid, told))
}

fn accept(world: &World, text: TextIn) -> Result<Message, TextError> {
    let line = choose_line(world, text.to.as_deref()).ok_or(TextError::NoSuchLine)?;
    let size: usize = text.media.iter().map(|file| file.bytes.len()).sum();
    if text.media.len() > MAX_FILES || size > MAX_FILE_BYTES {
        return Err(TextError::TooMuch);
    }
    let from = text.from.trim().to_owned();
    if from.is_empty() {
        return Err(TextError::NoSender);
    }
    if world.personas.landlines.contains(&from) {
        return Err(TextError::Landline);
    }
    let mut inner = world.lock();
    let mut faults = inner.faults.for_text(&from, &text.body);
    faults.extend(text.fault.map(|fault| inner.faults.complete(fault, 0)));
    let mut message = blank(Direction::Inbound, &from, &line.number, &text.body, !text.media.is_empty());
    message.media = text.media.into_iter().map(named).collect();
    message.others = text.others;
    message.faults = faults;
    inner.commit(Record::Message { message: Box::new(message.clone()) });
    Ok(message)
}

fn choose_line(world: &World, wanted: Option<&str>) -> Option<Line> {
    match wanted {
        Some(number) => world.line(number),
        None => world.lock().lines.first().cloned(),
    }
}

fn named(file: TextMedia) -> Media {
    Media { sid: format!("ME{}", ambient::fresh_hex()), content_type: file.content_type, bytes: file.bytes }
}

/// A message that just came to be.
pub(crate) fn blank(direction: Direction, from: &str, to: &str, body: &str, has_media: bool) -> Message {
    let now = ambient::now();
    let status = match direction {
        Direction::Inbound => "received",
        Direction::OutboundApi => "queued",
        Direction::OutboundReply => "delivered",
    };
    Message {
        sid: format!("{}{}", if has_media { "MM" } else { "SM" }, ambient::fresh_hex()),
        direction,
        from: from.to_owned(),
        to: to.to_owned(),
        body: body.to_owned(),
        media: Vec::new(),
        others: Vec::new(),
        media_urls: Vec::new(),
        status: status.to_owned(),
        error_code: None,
        status_callback: None,
        faults: Vec::new(),
        created: now,
        updated: now,
        sent: (direction != Direction::OutboundApi).then_some(now),
        webhook: None,
        reported: Vec::new(),
        missed: BTreeMap::new(),
    }
}

/// Goes on where a stopped simulator left off, or begins.
pub(crate) async fn tell_porchlight(world: &Arc<World>, sid: &str) -> Option<WebhookOutcome> {
    let message = world.message(sid).filter(|message| message.webhook.is_none())?;
    let line = world.line(&message.to)?;
    if let Some(delay) = message.faults.of(FaultKind::Delay).and_then(|fault| fault.delay_ms) {
        tokio::time::sleep(Duration::from_millis(delay)).await;
    }
    let call = |what: String, again, faults| Call {
        target: Target::parse(&line.webhook_url),
        fields: fields(world, &message),
        sid,
        phone: &message.from,
        way: Way::ToUs,
        what,
        again,
        faults,
    };
    let first = call(quote(&message.body, message.media.len()), "inbound", message.faults.as_slice());
    let duplicate: Vec<_> = message.faults.of(FaultKind::Duplicate).copied().into_iter().collect();
    let mut copy = call("inbound, second copy".to_owned(), "inbound copy", duplicate.as_slice());
    copy.way = Way::Webhook;
    let (mut outcome, answer) = if duplicate.is_empty() {
        deliver(world, &first).await
    } else {
        deliver_twice(world, &first, &copy).await
    };
    if outcome.accepted {
        outcome.note = obey(world, &message, &answer.content_type, &answer.body).map(str::to_owned);
    }
    world.commit(Record::Webhook { sid: sid.to_owned(), outcome: outcome.clone() });
    Some(outcome)
}

/// Does what the answer says: TwiML may send texts to the phone.
fn obey(world: &World, message: &Message, content_type: &str, body: &str) -> Option<&'static str> {
    let verdict = twiml::judge(content_type, body);
    for words in verdict.replies {
        provider_text(world, &message.to, &message.from, &words, "answered by TwiML");
    }
    if let Some(note) = verdict.note {
        world.events.add(Happening {
            way: Way::Webhook,
            what: "the answer to an inbound text".to_owned(),
            sid: Some(message.sid.clone()),
            phone: message.from.clone(),
            result: note.to_owned(),
            tone: Tone::Warning,
            fault: None,
        });
    }
    verdict.note
}

fn fields(world: &World, message: &Message) -> Vec<(String, String)> {
    let place =
        |number: &str| if number.starts_with("+1207") { ("ME", "PORTLAND", "04101") } else { ("", "", "") };
    let country = |number: &str| if number.starts_with("+1") { "US" } else { "" };
    let (from, to, sid) = (message.from.as_str(), message.to.as_str(), message.sid.as_str());
    let (count, segments) = (message.media.len().to_string(), segments::count(&message.body).to_string());
    let mut fields: Vec<(String, String)> = [
        ("ToCountry", country(to)),
        ("ToState", place(to).0),
        ("SmsMessageSid", sid),
        ("NumMedia", &count),
        ("ToCity", place(to).1),
        ("FromZip", place(from).2),
        ("SmsSid", sid),
        ("FromState", place(from).0),
        ("SmsStatus", "received"),
        ("FromCity", place(from).1),
        ("Body", &message.body),
        ("FromCountry", country(from)),
        ("To", to),
        ("ToZip", place(to).2),
        ("NumSegments", &segments),
        ("MessageSid", sid),
        ("AccountSid", &world.account_sid),
        ("From", from),
        ("ApiVersion", "2010-04-01"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec();
    for (at, file) in message.media.iter().enumerate() {
        let path = format!("2010-04-01/Accounts/{}/Messages/{sid}/Media/{}", world.account_sid, file.sid);
        fields.push((format!("MediaContentType{at}"), file.content_type.clone()));
        fields.push((format!("MediaUrl{at}"), format!("{}/{path}", world.base_url)));
    }
    for (at, other) in message.others.iter().enumerate() {
        fields.push((format!("OtherRecipients{at}"), other.clone()));
    }
    fields
}

/// The provider's own part in opting out: it blocks and answers by itself, and still tells Porchlight.
fn heed_keyword(world: &World, message: &Message) {
    let (line, phone) = (message.to.as_str(), message.from.as_str());
    let was_stopped = world.lock().state.is_stopped(line, phone);
    let stopped = match Keyword::of(&message.body, was_stopped) {
        Some(Keyword::Stop) => true,
        Some(Keyword::Start) => false,
        Some(Keyword::Help) => {
            let words = "Reply STOP to unsubscribe. Msg&Data Rates May Apply.";
            return provider_text(world, line, phone, words, "answered HELP");
        }
        None => return,
    };
    world.commit(Record::OptOut { line: line.to_owned(), phone: phone.to_owned(), stopped });
    let (words, what) = if stopped {
        let words = "You have successfully been unsubscribed. You will not receive any more messages from this \
                     number. Reply START to resubscribe.";
        (words, "answered STOP")
    } else {
        let words = "You have successfully been re-subscribed to messages from this number. Reply HELP for help. \
                     Reply STOP to unsubscribe. Msg&Data Rates May Apply.";
        (words, "answered START")
    };
    if stopped != was_stopped {
        provider_text(world, line, phone, words, what);
    }
}

/// A text of the provider's own: it is on the phone at once.
fn provider_text(world: &World, line: &str, phone: &str, words: &str, what: &str) {
    let message = blank(Direction::OutboundReply, line, phone, words, false);
    world.events.add(Happening {
        way: Way::Phone,
        what: format!("{what}: {}", quote(words, 0)),
        sid: Some(message.sid.clone()),
        phone: phone.to_owned(),
        result: "on the phone".to_owned(),
        tone: Tone::Good,
        fault: None,
    });
    world.commit(Record::Message { message: Box::new(message) });
}
