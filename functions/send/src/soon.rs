//! What goes within the minute goes at its time, and not when the next sweep comes.
//!
//! On one machine a timer waits for it beside everything else. On AWS what runs after an invocation is frozen, so the
//! invocation itself waits: the sweep for what is due before the next one, the stream for what can be taken back for a
//! few seconds. Should either die, the next sweep finds the message due.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::future::join_all;
use porchlight_domain::delivery::Delivery;
use porchlight_domain::message::Message;
use porchlight_domain::time::Timestamp;
use porchlight_store::StoreError;
use porchlight_store::records::MessageRecord;
use tokio::time::{Instant, sleep};

use crate::Courier;
use crate::wake::log_failure;

/// A sweep looks so far ahead: to the next one and a little further.
const AHEAD: Duration = Duration::from_secs(70);
/// An invocation of the stream waits no longer: its shard waits with it.
const STREAM_WAITS: Duration = Duration::from_secs(12);
/// A sweep's invocation waits no longer: the next one has begun by then.
const SWEEP_WAITS: Duration = Duration::from_mins(1);
/// Clocks are stepped: so often it is looked what time it is.
const LOOKS_EVERY: Duration = Duration::from_secs(1);
/// Messages of one shard that are looked ahead for.
const MOST: usize = 250;

/// Which messages are waited for, and until when; so that each is once. Cheap to clone.
#[derive(Clone, Default)]
pub struct Soon {
    /// Whether what runs beside an invocation runs on: on one machine.
    beside: bool,
    waited_for: Arc<Mutex<HashSet<(MessageRecord, Timestamp)>>>,
    noted: Arc<Mutex<Vec<(MessageRecord, Timestamp)>>>,
}

impl Soon {
    /// Where what runs beside an invocation runs on, or is frozen with it.
    pub fn new(beside: bool) -> Self {
        Self { beside, ..Self::default() }
    }

    /// A message was read that waits for its time.
    pub fn note(&self, place: &MessageRecord, message: &Message) {
        if let Some(at) = judged_at(message) {
            self.noted.lock().unwrap_or_else(PoisonError::into_inner).push((place.clone(), at));
        }
    }

    fn take_noted(&self) -> Vec<(MessageRecord, Timestamp)> {
        std::mem::take(&mut *self.noted.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn begin(&self, place: &MessageRecord, at: Timestamp) -> bool {
        self.waited_for.lock().unwrap_or_else(PoisonError::into_inner).insert((place.clone(), at))
    }

    fn end(&self, place: &MessageRecord, at: Timestamp) {
        self.waited_for.lock().unwrap_or_else(PoisonError::into_inner).remove(&(place.clone(), at));
    }
}

/// When a message that waits is to be judged.
fn judged_at(message: &Message) -> Option<Timestamp> {
    message.delivery().filter(|delivery| delivery.is_waiting()).and_then(Delivery::due_at)
}

impl Courier {
    /// Waits for what goes before the next sweep.
    pub async fn look_ahead(&self, shards: impl Iterator<Item = u8>) -> Result<(), StoreError> {
        let until = self.clock.now() + AHEAD;
        let mut soon = Vec::new();
        for shard in shards {
            let page = self.store.due_messages(shard, until, MOST, None).await?;
            for (business, message) in page.found {
                let (conversation, seq) = (message.conversation.clone(), message.seq);
                soon.extend(
                    judged_at(&message).map(|at| (MessageRecord { business, conversation, seq }, at)),
                );
            }
        }
        self.wait_for(soon, SWEEP_WAITS).await;
        Ok(())
    }

    /// Waits for what was met waiting, if it goes within the minute.
    pub async fn wait_for_noted(&self) {
        let until = self.clock.now() + AHEAD;
        let noted = self.soon.take_noted();
        self.wait_for(noted.into_iter().filter(|(_, at)| *at <= until).collect(), STREAM_WAITS).await;
    }

    async fn wait_for(&self, soon: Vec<(MessageRecord, Timestamp)>, longest: Duration) {
        if self.soon.beside {
            for (place, at) in soon {
                let courier = self.clone();
                tokio::spawn(async move { courier.wait_and_deliver(place, at, AHEAD).await });
            }
            return;
        }
        if !self.clock.runs() {
            return;
        }
        let until = self.clock.now() + longest;
        let near = soon.into_iter().filter(|(_, at)| *at <= until);
        join_all(near.map(|(place, at)| self.wait_and_deliver(place, at, longest))).await;
    }

    async fn wait_and_deliver(&self, place: MessageRecord, at: Timestamp, longest: Duration) {
        if !self.soon.begin(&place, at) {
            return;
        }
        let started = Instant::now();
        while self.clock.now() < at && started.elapsed() < longest {
            sleep(at.since(self.clock.now()).clamp(Duration::from_millis(1), LOOKS_EVERY)).await;
        }
        self.soon.end(&place, at);
        if self.clock.now() >= at
            && let Err(error) = self.judge_and_deliver(&place).await
        {
            log_failure(&place, &error);
        }
    }

    async fn judge_and_deliver(&self, place: &MessageRecord) -> Result<(), StoreError> {
        let Some(gone) = self.judge(place).await? else { return Ok(()) };
        self.deliver_from(gone).await.map(drop)
    }

    /// Judges a message whose time has come; where it then stands, if it goes.
    pub async fn judge(&self, place: &MessageRecord) -> Result<Option<MessageRecord>, StoreError> {
        let MessageRecord { business, conversation, seq } = place;
        let judge = || self.desk.judge_planned(business, conversation, *seq);
        let message = self.desk.rereading(crate::PATIENCE, judge).await?;
        let gone = message.filter(|message| message.delivery().is_some_and(Delivery::holds_later));
        Ok(gone.map(|message| MessageRecord { seq: message.seq, ..place.clone() }))
    }
}
