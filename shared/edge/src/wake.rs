//! Word that a table was written, for those who follow one.
//!
//! On AWS nobody brings such word and followers look at intervals; on one machine the store's connector
//! brings it after each successful write, so followers look at once and wait at no cost.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

/// Hands out watches of tables. Cheap to clone; clones share their watches.
#[derive(Clone, Default)]
pub struct Wake(Option<Arc<Mutex<Senders>>>);

/// By table; each counts its writes.
type Senders = HashMap<String, watch::Sender<u64>>;

impl Wake {
    /// Nobody brings word: watches wait for their time-out.
    pub const fn timer() -> Self {
        Self(None)
    }

    /// [`Wake::notify`] brings word.
    pub fn local() -> Self {
        Self(Some(Arc::default()))
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

    fn sender(&self, table: &str) -> Option<watch::Sender<u64>> {
        let mut tables = self.0.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
        if !tables.contains_key(table) {
            tables.insert(table.to_owned(), watch::Sender::new(0));
        }
        tables.get(table).cloned()
    }
}

/// Follows one table; a write between two waits is not missed.
pub struct Watch(Option<watch::Receiver<u64>>);

impl Watch {
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
