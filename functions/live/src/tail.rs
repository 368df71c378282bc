//! The tail of a business's feed (PROTOCOLS §3): finds events as they appear and passes each on once.
//!
//! Events do not appear in the order of their ids: clocks differ, transactions take their time. So the tail
//! reads the last 15 s again and again and drops what it has passed on. Where writes bring word many times
//! a second, only the newest of them are read each time, and all of them once a second.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use porchlight_domain::event::Event;
use porchlight_domain::id::{BusinessId, EventId};
use porchlight_domain::presence;
use porchlight_domain::time::Timestamp;
use porchlight_edge::wake::Watch;
use porchlight_store::StoreError;
use tokio::sync::broadcast;
use tokio::time::Instant;

use crate::cursor::LATE;
use crate::told::{News, read_all};
use crate::{Live, warn};

/// Between two looks where nobody brings word: an empty one costs less than anybody's waiting, at any hour.
const EVERY: Duration = Duration::from_secs(1);
/// The same where somebody does.
const IDLE: Duration = Duration::from_secs(5);
/// A look in between goes so far back.
const GLANCE: Duration = Duration::from_secs(2);

/// Events passed on without letting clients take them.
const PIECE: usize = 64;

/// The tail of one business.
pub(crate) struct Tail {
    live: Live,
    business: BusinessId,
    followers: broadcast::Sender<Arc<News>>,
    writes: Watch,
    passed: HashSet<EventId>,
    /// When the whole window was last read: by the clock of ids, and by ours.
    read_at: Timestamp,
    read_whole: Option<Instant>,
    /// The last look was at the newest only.
    glanced: bool,
}

/// A presence that is over is not even read.
pub(crate) fn is_fresh(event: &Event, now: Timestamp) -> bool {
    event.happening.presence_of().is_none() || presence::holds(event.id.time(), now).is_some()
}

impl Tail {
    /// A tail that begins now.
    pub fn new(live: Live, business: BusinessId, followers: broadcast::Sender<Arc<News>>) -> Self {
        let writes = live.wake.watch(&live.tables.events);
        let read_at = live.clock.now();
        Self {
            live,
            business,
            followers,
            writes,
            passed: HashSet::new(),
            read_at,
            read_whole: None,
            glanced: false,
        }
    }

    /// Follows the feed until nobody follows the tail.
    pub async fn run(mut self) {
        while !self.live.followed.events_end(&self.business) {
            let began = Instant::now();
            match self.look().await {
                Ok(0) => {}
                Ok(_) => self.live.followed.counters_may_change(&self.business),
                Err(error) => {
                    warn(&error, "the live feed could not be read and is read again");
                    tokio::time::sleep(EVERY).await;
                }
            }
            // Under a flood of writes half of the time is left to others.
            tokio::time::sleep(began.elapsed().min(EVERY)).await;
            // A glance leaves what is late to the next second.
            let fallback = if self.glanced { EVERY } else { IDLE };
            self.writes.written(EVERY.saturating_sub(began.elapsed()), fallback).await;
        }
    }

    /// Passes on what is new; how many events that were.
    async fn look(&mut self) -> Result<usize, StoreError> {
        let now = self.live.clock.now();
        self.glanced = self.read_whole.is_some_and(|at| at.elapsed() < EVERY);
        // The process may have stood still (a frozen Lambda): the window begins where it was left.
        let since = if self.glanced { self.read_at - GLANCE } else { self.read_at - LATE };
        let mut events = self.live.store.events_from(&self.business, since, now).await?;
        events.retain(|event| !self.passed.contains(&event.id) && is_fresh(event, now));
        // Whoever only looks changes no counter.
        let count = events.iter().filter(|event| event.happening.presence_of().is_none()).count();
        self.pass_on(events).await?;
        if !self.glanced {
            self.passed.retain(|id| id.time() >= since);
            self.read_whole = Some(Instant::now());
            self.read_at = now;
        }
        Ok(count)
    }

    async fn pass_on(&mut self, events: Vec<Event>) -> Result<(), StoreError> {
        if events.is_empty() {
            return Ok(());
        }
        let ids: Vec<EventId> = events.iter().map(|event| event.id.clone()).collect();
        let told = read_all(&self.live, &self.business, events).await?;
        for (place, told) in told.into_iter().enumerate() {
            // Nobody listening is no error: the loop ends by itself.
            drop(self.followers.send(Arc::new(told)));
            if place % PIECE == PIECE - 1 {
                // After a long gap there are more than a client that is never let in can be behind.
                tokio::task::yield_now().await;
            }
        }
        self.passed.extend(ids);
        Ok(())
    }
}
