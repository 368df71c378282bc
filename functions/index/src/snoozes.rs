//! Snoozes that end, each at its time: every minute all that are due; on one machine also at the instant itself.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use porchlight_domain::conversation::{Conversation, State};
use porchlight_domain::id::{BusinessId, ConversationId};
use porchlight_domain::time::Timestamp;
use porchlight_edge::{BoxError, Tick};
use porchlight_store::StoreError;
use porchlight_store::keys::SHARDS;
use tokio::time::{Instant, sleep};

use crate::batch::log;
use crate::{Index, PATIENCE};

/// Rows of a shard's index that are read at once.
const PAGE: usize = 100;
/// A sweep looks so far ahead: to the next one and a little further.
const AHEAD: Duration = Duration::from_secs(70);
/// Clocks are stepped: so often it is looked what time it is.
const LOOKS_EVERY: Duration = Duration::from_secs(1);
/// Of an invocation's 60 s.
const GOES_ON_FOR: Duration = Duration::from_secs(40);

/// A snooze, by its conversation and its end.
type Ending = (BusinessId, ConversationId, Timestamp);

/// Ends that are waited for. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Soon {
    /// Whether what runs beside an invocation runs on: on one machine.
    beside: bool,
    waited_for: Arc<Mutex<HashSet<Ending>>>,
}

impl Soon {
    /// Where what runs beside an invocation runs on, or is frozen with it.
    pub fn new(beside: bool) -> Self {
        Self { beside, ..Self::default() }
    }
}

impl Index {
    /// Ends what has ended, and waits for what ends before the next sweep.
    pub(crate) async fn end_snoozes(self, tick: Tick) -> Result<(), BoxError> {
        let ends = Instant::now() + GOES_ON_FOR;
        let mut failed = 0;
        for shard in tick.shards(SHARDS)? {
            failed += self.end_snoozes_of(shard, ends).await?;
        }
        if failed > 0 { Err(format!("{failed} snoozes could not be ended").into()) } else { Ok(()) }
    }

    /// Page by page while time lasts; one that fails holds up no other. How many failed.
    async fn end_snoozes_of(&self, shard: u8, ends: Instant) -> Result<usize, StoreError> {
        let until = if self.soon.beside { self.desk.now() + AHEAD } else { self.desk.now() };
        let (mut from, mut failed) = (None, 0);
        loop {
            let page = self.store.due_conversations(shard, until, PAGE, from).await?;
            for conversation in &page.found {
                if self.wait_for_snooze(conversation) {
                    continue;
                }
                if let Err(error) = self.wake(&conversation.business, &conversation.id).await {
                    log(&error, "a snooze waits for the next sweep");
                    failed += 1;
                }
            }
            from = page.next;
            if from.is_none() || Instant::now() > ends {
                return Ok(failed);
            }
        }
    }

    /// Whether its end is to come, and is waited for.
    pub(crate) fn wait_for_snooze(&self, conversation: &Conversation) -> bool {
        let now = self.desk.now();
        let until = conversation.snoozed_until.filter(|_| conversation.state == State::Open);
        let Some(until) = until.filter(|until| *until > now) else { return false };
        if !self.soon.beside || until > now + AHEAD {
            return true;
        }
        let ending = (conversation.business.clone(), conversation.id.clone(), until);
        if self.soon.waited_for.lock().unwrap_or_else(PoisonError::into_inner).insert(ending.clone()) {
            let index = self.clone();
            tokio::spawn(async move { index.wake_at(ending).await });
        }
        true
    }

    async fn wake_at(self, ending: Ending) {
        let (business, id, until) = &ending;
        let started = Instant::now();
        while self.desk.now() < *until && started.elapsed() < AHEAD {
            sleep(until.since(self.desk.now()).clamp(Duration::from_millis(1), LOOKS_EVERY)).await;
        }
        self.soon.waited_for.lock().unwrap_or_else(PoisonError::into_inner).remove(&ending);
        if let Err(error) = self.wake(business, id).await {
            log(&error, "a snooze waits for the next sweep");
        }
    }

    async fn wake(&self, business: &BusinessId, id: &ConversationId) -> Result<(), StoreError> {
        self.desk.rereading(PATIENCE, || self.desk.wake(business, id)).await.map(drop)
    }
}
