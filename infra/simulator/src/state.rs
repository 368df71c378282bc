//! What the provider knows and keeps: messages and opt-outs, changed only by records, so that replaying the
//! records of a file gives the same state.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::message::{Media, Message};
use crate::moment::Moment;
use crate::webhook::WebhookOutcome;

/// One change, one line of the state file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case")]
pub enum Record {
    /// A message came to be.
    Message { message: Box<Message> },
    /// Messages from before: they take their places among the others by their times.
    Remembered { messages: Vec<Message> },
    /// Its status changed.
    Status { sid: String, status: String, error_code: Option<u32>, at: Moment },
    /// Telling Porchlight of an inbound message ended.
    Webhook { sid: String, outcome: WebhookOutcome },
    /// Reporting a status ended, well or not.
    Reported {
        sid: String,
        status: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        missed: Option<WebhookOutcome>,
    },
    /// Files of an outbound message were fetched.
    Fetched { sid: String, media: Vec<Media> },
    /// A phone stopped or started texts from a line.
    OptOut { line: String, phone: String, stopped: bool },
    /// A message's words were removed.
    Redacted { sid: String, at: Moment },
    /// A message was removed.
    Deleted { sid: String },
    /// A file was removed.
    MediaDeleted { sid: String, media: String },
}

/// Messages in order of acceptance, and who opted out.
#[derive(Debug, Default)]
pub struct State {
    messages: Vec<Message>,
    by_sid: HashMap<String, usize>,
    stopped: BTreeSet<(String, String)>,
}

impl State {
    /// Applies a change; one about a message that is gone changes nothing.
    pub fn apply(&mut self, record: Record) {
        match record {
            Record::Message { message } => {
                self.by_sid.insert(message.sid.clone(), self.messages.len());
                self.messages.push(*message);
            }
            Record::Remembered { messages } => {
                self.messages.extend(messages);
                self.messages.sort_by_key(|message| message.created);
                self.index();
            }
            Record::OptOut { line, phone, stopped: true } => drop(self.stopped.insert((line, phone))),
            Record::OptOut { line, phone, stopped: false } => drop(self.stopped.remove(&(line, phone))),
            Record::Deleted { sid } => self.delete(&sid),
            Record::Status { ref sid, .. }
            | Record::Webhook { ref sid, .. }
            | Record::Reported { ref sid, .. }
            | Record::Fetched { ref sid, .. }
            | Record::Redacted { ref sid, .. }
            | Record::MediaDeleted { ref sid, .. } => {
                if let Some(at) = self.by_sid.get(sid) {
                    change(&mut self.messages[*at], record);
                }
            }
        }
    }

    fn delete(&mut self, sid: &str) {
        self.messages.retain(|message| message.sid != sid);
        self.index();
    }

    fn index(&mut self) {
        self.by_sid =
            self.messages.iter().enumerate().map(|(at, message)| (message.sid.clone(), at)).collect();
    }

    /// Whose phones a change is about; asked before it is applied.
    pub fn phones_of<'a>(&'a self, record: &'a Record) -> BTreeSet<&'a str> {
        let one = match record {
            Record::Remembered { messages } => return messages.iter().map(Message::phone).collect(),
            Record::Message { message } => Some(message.phone()),
            Record::OptOut { phone, .. } => Some(phone.as_str()),
            Record::Status { sid, .. }
            | Record::Webhook { sid, .. }
            | Record::Reported { sid, .. }
            | Record::Fetched { sid, .. }
            | Record::Redacted { sid, .. }
            | Record::Deleted { sid }
            | Record::MediaDeleted { sid, .. } => self.message(sid).map(Message::phone),
        };
        one.into_iter().collect()
    }

    /// All messages, oldest first.
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// One message.
    pub fn message(&self, sid: &str) -> Option<&Message> {
        self.by_sid.get(sid).map(|at| &self.messages[*at])
    }

    /// Whether a phone stopped texts from a line.
    pub fn is_stopped(&self, line: &str, phone: &str) -> bool {
        self.stopped.contains(&(line.to_owned(), phone.to_owned()))
    }

    /// Each phone that ever texted or was texted, with its last message.
    pub fn phones(&self) -> BTreeMap<&str, &Message> {
        let seen = self.messages.iter().filter(|message| message.is_on_phone());
        seen.map(|message| (message.phone(), message)).collect()
    }

    /// What a phone shows, in the order in which it came there.
    pub fn on_phone<'a>(&'a self, phone: &'a str) -> Vec<&'a Message> {
        let mut shown: Vec<_> = self
            .messages
            .iter()
            .filter(|message| message.phone() == phone && message.is_on_phone())
            .collect();
        shown.sort_by_key(|message| message.sent.unwrap_or(message.created));
        shown
    }
}

fn change(message: &mut Message, record: Record) {
    match record {
        Record::Status { status, error_code, at, .. } => {
            if matches!(status.as_str(), "sent" | "delivered" | "undelivered") && message.sent.is_none() {
                message.sent = Some(at);
            }
            (message.status, message.error_code, message.updated) = (status, error_code, at);
        }
        Record::Webhook { outcome, .. } => message.webhook = Some(outcome),
        Record::Reported { status, missed, .. } => {
            message.missed.extend(missed.map(|outcome| (status.clone(), outcome)));
            message.reported.push(status);
        }
        Record::Fetched { media, .. } => message.media = media,
        Record::Redacted { at, .. } => (message.body, message.updated) = (String::new(), at),
        Record::MediaDeleted { media, .. } => message.media.retain(|file| file.sid != media),
        Record::Message { .. }
        | Record::Remembered { .. }
        | Record::OptOut { .. }
        | Record::Deleted { .. } => {}
    }
}
