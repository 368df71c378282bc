//! Word that a table was written, or that a session has ended, for those who follow.
//!
//! On AWS nobody brings such word and followers look at intervals; on one machine the store's connector
//! brings it after each successful write, so followers look at once and wait at no cost.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{broadcast, watch};

/// Ended sessions that a follower may be behind before it asks for itself.
const ENDED_ROOM: usize = 64;

/// Hands out watches of tables and of sessions. Cheap to clone; clones share their watches.
#[derive(Clone)]
pub struct Wake(Option<Arc<Word>>);

/// What is told, to whoever follows.
struct Word {
    /// By table; each counts its writes.
    tables: Mutex<HashMap<String, watch::Sender<u64>>>,
    /// Digests of sessions.
    ended: broadcast::Sender<Arc<str>>,
}

impl Wake {
    /// Nobody brings word: watches wait for their time-out.
    pub const fn timer() -> Self {
        Self(None)
    }

    /// [`Wake::notify`] brings word.
    pub fn local() -> Self {
        let (ended, _) = broadcast::channel(ENDED_ROOM);
        Self(Some(Arc::new(Word { tables: Mutex::default(), ended })))
    }

    /// Whether somebody brings word: on one machine, where a function's own tasks also run on between invocations.
    pub const fn is_told(&self) -> bool {
        self.0.is_some()
    }

    /// `table` was written.
    pub fn notify(&self, table: &str) {
        if let Some(sender) = self.sender(table) {
            sender.send_modify(|writes| *writes = writes.wrapping_add(1));
        }
    }

    /// Watches `table` from now on.
    pub fn watch(&self, table: &str) -> Watch {
        Watch(self.sender(table).map(|sender| sender.subscribe()))
    }

    /// How often `table` was written, for whoever asks now and then.
    pub fn writes(&self, table: &str) -> Writes {
        Writes(self.sender(table))
    }

    /// The session of this digest has ended.
    pub fn session_ended(&self, digest: &str) {
        if let Some(word) = &self.0 {
            // Nobody following is no error.
            drop(word.ended.send(digest.into()));
        }
    }

    /// Follows a session from now on.
    pub fn session(&self, digest: &str) -> SessionWatch {
        SessionWatch { digest: digest.into(), ended: self.0.as_ref().map(|word| word.ended.subscribe()) }
    }

    fn sender(&self, table: &str) -> Option<watch::Sender<u64>> {
        let mut tables = self.0.as_ref()?.tables.lock().unwrap_or_else(PoisonError::into_inner);
        if !tables.contains_key(table) {
            tables.insert(table.to_owned(), watch::Sender::new(0));
        }
        tables.get(table).cloned()
    }
}

/// Follows one table; a write between two waits is not missed.
pub struct Watch(Option<watch::Receiver<u64>>);

impl Watch {
    /// Whether somebody brings word.
    pub const fn is_told(&self) -> bool {
        self.0.is_some()
    }

    /// Until the table is written, where somebody brings word: at most `slow`. Where nobody does, for `fast`.
    pub async fn written(&mut self, fast: Duration, slow: Duration) {
        match &mut self.0 {
            Some(receiver) => {
                // The sender is gone with the process; waiting again would spin.
                if let Ok(Err(_)) = tokio::time::timeout(slow, receiver.changed()).await {
                    tokio::time::sleep(slow).await;
                }
            }
            None => tokio::time::sleep(fast).await,
        }
    }
}

/// Counts the writes of one table.
pub struct Writes(Option<watch::Sender<u64>>);

impl Writes {
    /// How many there were so far, if somebody brings word.
    pub fn so_far(&self) -> Option<u64> {
        self.0.as_ref().map(|writes| *writes.borrow())
    }
}

/// Follows one session.
pub struct SessionWatch {
    digest: Arc<str>,
    ended: Option<broadcast::Receiver<Arc<str>>>,
}

impl SessionWatch {
    /// Until the session may have ended, where somebody brings word; for ever where nobody does. Safe to drop
    /// and to call again.
    pub async fn may_have_ended(&mut self) {
        let Some(ended) = &mut self.ended else { return std::future::pending().await };
        loop {
            match ended.recv().await {
                Ok(digest) if digest != self.digest => {}
                Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => return,
                Err(broadcast::error::RecvError::Closed) => return std::future::pending().await,
            }
        }
    }
}
