//! Derives what can be derived from the facts: counters, search, who is a member of which conversation, and
//! who a conversation's customer is (P10).
//!
//! A stream record is only word that something was written. The work is per conversation: read everything
//! again, work out what it comes to, and write that in place of what was applied before. So repeats,
//! redrives, split shards and concurrent invocations change nothing.
//!
//! # Layout
//!
//! - `batch`: from stream records to conversations, and from failures to sequence numbers.
//! - `derive`: one conversation's counters and search. `refresh`: its customer and its members.
//! - `reached`: which conversations a write to the directory is about. `people`: somebody came or left.
//! - `snoozes`: conversations that come back at their time.
//! - `rebuild`: everything once more, from nothing. `fresh`: a business while it is loaded.
//!
//! Invariant: what is derived is written on condition that what was applied before is as it was read: a repeat
//! changes nothing (P10).
//!
//! It must not know how lists or answers look, nor who asked for what.

mod batch;
mod derive;
mod fresh;
mod people;
mod reached;
mod rebuild;
mod refresh;
mod snoozes;

use std::time::Duration;

use porchlight_desk::Desk;
use porchlight_edge::{ConfigError, Function, Platform};
use porchlight_store::Store;

pub use self::fresh::Fresh;
pub use self::rebuild::{Rebuilt, rebuild};

/// How long one conversation's contention is waited out before its records are given back to the stream.
const PATIENCE: Duration = Duration::from_secs(10);
/// Conversations that one batch works on at the same time.
const AT_ONCE: usize = 8;

/// What the work is done with. Cheap to clone.
#[derive(Clone)]
struct Index {
    store: Store,
    desk: Desk,
    soon: snoozes::Soon,
}

/// The function, ready to follow the streams of `conversations` and `directory`, to go on with long walks, and to end
/// snoozes.
pub fn build(platform: Platform) -> Result<Function, ConfigError> {
    let index = Index::new(platform)?;
    let (every_minute, sweeping) = (index.clone(), index.clone());
    Ok(Function::new()
        .stream(move |changes| {
            let index = index.clone();
            async move { Ok(index.take(changes).await) }
        })
        .schedule("recount", move |_| every_minute.clone().recount())
        .schedule("snoozes", move |tick| sweeping.clone().end_snoozes(tick)))
}

impl Index {
    fn new(platform: Platform) -> Result<Self, ConfigError> {
        let store = platform.store()?;
        let soon = snoozes::Soon::new(platform.wake.is_told());
        Ok(Self { desk: Desk::new(store.clone(), platform.clock, platform.entropy), store, soon })
    }
}
