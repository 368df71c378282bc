//! What happened before the simulator was there: messages that Porchlight's store already has, taken over as they
//! ended. Nobody is told of them, and phones do not answer them.

use std::collections::{BTreeMap, HashSet};

use crate::inbound::blank;
use crate::keyword::Keyword;
use crate::message::{Direction, Media, Message};
use crate::moment::Moment;
use crate::state::{Record, State};
use crate::webhook::WebhookOutcome;
use crate::world::World;

/// A message from before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    /// `SM…`, or `MM…` with files.
    pub sid: String,
    /// The phone of the two numbers.
    pub phone: String,
    /// The line of the two numbers.
    pub line: String,
    /// The words.
    pub body: String,
    /// Its files.
    pub media: Vec<Media>,
    /// How it ended; which way it went follows from that.
    pub ending: Ending,
    /// When it was accepted.
    pub created: Moment,
    /// When it went to the carrier, or came from there.
    pub sent: Option<Moment>,
    /// When anything last changed.
    pub updated: Moment,
}

/// How a message ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// From the phone: taken.
    Received,
    /// To the phone: there.
    Delivered,
    /// To the phone: not there.
    Undelivered {
        /// Twilio's error.
        code: Option<u32>,
    },
    /// To the phone: it never left.
    Failed {
        /// Twilio's error.
        code: Option<u32>,
    },
}

/// Keeps what is not known yet, and who stopped texts by it, in one write.
pub(crate) fn remember(world: &World, past: Vec<Remembered>) {
    let mut inner = world.lock();
    let mut seen = HashSet::new();
    let mut messages: Vec<Message> = past.into_iter().map(Message::from).collect();
    messages
        .retain(|message| inner.state.message(&message.sid).is_none() && seen.insert(message.sid.clone()));
    if messages.is_empty() {
        return;
    }
    messages.sort_by_key(|message| message.created);
    let mut records = opt_outs(&inner.state, &messages);
    records.push(Record::Remembered { messages });
    inner.commit_all(records);
}

/// What STOP and START among the messages came to.
fn opt_outs(state: &State, messages: &[Message]) -> Vec<Record> {
    let mut changed: BTreeMap<(&str, &str), bool> = BTreeMap::new();
    for message in messages.iter().filter(|message| message.direction == Direction::Inbound) {
        let pair = (message.line(), message.phone());
        let was_stopped = changed.get(&pair).copied().unwrap_or_else(|| state.is_stopped(pair.0, pair.1));
        match Keyword::of(&message.body, was_stopped) {
            Some(Keyword::Stop) => drop(changed.insert(pair, true)),
            Some(Keyword::Start) => drop(changed.insert(pair, false)),
            Some(Keyword::Help) | None => {}
        }
    }
    let record = |((line, phone), stopped): ((&str, &str), bool)| Record::OptOut {
        line: line.to_owned(),
        phone: phone.to_owned(),
        stopped,
    };
    changed.into_iter().map(record).collect()
}

impl From<Remembered> for Message {
    fn from(past: Remembered) -> Self {
        let Remembered { sid, phone, line, body, media, ending, created, sent, updated } = past;
        let (direction, status, error_code) = match ending {
            Ending::Received => (Direction::Inbound, "received", None),
            Ending::Delivered => (Direction::OutboundApi, "delivered", None),
            Ending::Undelivered { code } => (Direction::OutboundApi, "undelivered", code),
            Ending::Failed { code } => (Direction::OutboundApi, "failed", code),
        };
        let inbound = direction == Direction::Inbound;
        let (from, to) = if inbound { (&phone, &line) } else { (&line, &phone) };
        let blank = blank(direction, from, to, &body, !media.is_empty());
        let (status, webhook) = (status.to_owned(), inbound.then(taken_long_ago));
        Self { sid, media, status, error_code, created, updated, sent, webhook, ..blank }
    }
}

/// Taken, by no request of this simulator's.
const fn taken_long_ago() -> WebhookOutcome {
    WebhookOutcome { accepted: true, attempts: 0, status: None, elapsed_ms: 0, note: None, fault: None }
}
