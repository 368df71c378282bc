//! The provider's event log: what the page shows, newest last, kept in memory only; and word to those who watch
//! that something else changed.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use tokio::sync::broadcast;

use crate::ambient;

/// How many events are kept.
const KEPT: usize = 2_000;
const LIVE_BUFFER: usize = 512;

/// Which way an event went, seen from Porchlight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Porchlight called the API.
    FromUs,
    /// A phone's text went to Porchlight.
    ToUs,
    /// Any other webhook: a status, a retry, a copy.
    Webhook,
    /// Between the provider and a phone.
    Phone,
}

/// How an event ended, for its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// It worked.
    Good,
    /// Accepted; more will follow.
    Info,
    /// Nobody knows.
    Quiet,
    /// Something to look at.
    Warning,
    /// It failed.
    Bad,
}

/// One row of the log.
#[derive(Clone, Debug, Serialize)]
pub struct Event {
    /// Counts up from 1.
    pub id: u64,
    /// RFC 3339.
    pub at: String,
    /// Which way.
    pub direction: Way,
    /// What happened, in words.
    pub what: String,
    /// The message it is about.
    pub sid: Option<String>,
    /// The phone it is about.
    pub phone: String,
    /// How it ended, in words: "200 in 31 ms".
    pub result: String,
    /// How it ended, for its colour.
    pub tone: Tone,
    /// The fault that was played, by its name, with its measure ("delay 6000 ms").
    pub fault: Option<String>,
}

/// An event before it has its place in the log.
#[derive(Clone, Debug)]
pub(crate) struct Happening {
    pub way: Way,
    pub what: String,
    pub sid: Option<String>,
    pub phone: String,
    pub result: String,
    pub tone: Tone,
    pub fault: Option<String>,
}

/// Something that a watcher may want to read anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "changed", rename_all = "snake_case")]
pub(crate) enum Change {
    /// A message of a phone, or whether it is stopped.
    Phone { number: String },
    /// Rates, or faults planned.
    Faults,
    /// Lines, answering, the inbox's address.
    Settings,
    /// Everything was forgotten.
    Reset,
}

/// What watchers are told.
#[derive(Clone, Debug)]
pub(crate) enum News {
    Event(Event),
    Change(Change),
}

#[derive(Debug)]
pub(crate) struct EventLog {
    kept: Mutex<(u64, VecDeque<Event>)>,
    live: broadcast::Sender<News>,
}

impl EventLog {
    pub(crate) fn new() -> Self {
        Self { kept: Mutex::default(), live: broadcast::channel(LIVE_BUFFER).0 }
    }

    pub(crate) fn add(&self, happening: Happening) {
        let Happening { way: direction, what, sid, phone, result, tone, fault } = happening;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.0 += 1;
        let at = ambient::now().rfc3339();
        let event = Event { id: kept.0, at, direction, what, sid, phone, result, tone, fault };
        if kept.1.len() == KEPT {
            kept.1.pop_front();
        }
        kept.1.push_back(event.clone());
        // Nobody listening is no failure.
        drop(self.live.send(News::Event(event)));
    }

    /// Tells watchers that something changed.
    pub(crate) fn tell(&self, change: Change) {
        drop(self.live.send(News::Change(change)));
    }

    /// How many are kept.
    pub(crate) fn len(&self) -> usize {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).1.len()
    }

    /// The events after one, oldest first.
    pub(crate) fn after(&self, id: u64) -> Vec<Event> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.1.iter().filter(|event| event.id > id).cloned().collect()
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<News> {
        self.live.subscribe()
    }

    pub(crate) fn clear(&self) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).1.clear();
        self.tell(Change::Reset);
    }
}

/// A text as the log shows it: `“Good morning, the new heater…”`, "1 photo, …" before it.
pub(crate) fn quote(body: &str, files: usize) -> String {
    const SHOWN: usize = 60;
    let files = match files {
        0 => String::new(),
        1 => "1 file, ".to_owned(),
        many => format!("{many} files, "),
    };
    let mut shown: String = body.chars().take(SHOWN).collect();
    if body.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    format!("{files}“{shown}”")
}
