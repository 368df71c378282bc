//! Delivers what is queued, once (PROTOCOLS §2; P4, P5, P6), and fetches the files of what came in.
//!
//! A message is claimed, its contact point's consent is read, and only then is it posted, once; what is not
//! known afterwards is asked for and never guessed. A stream record is only a wake-up: every step reads the
//! message anew, so records may repeat, come late or never, and invocations may run side by side or die.
//!
//! # Layout
//!
//! - `wake`: the stream of queued messages. `sweep`: every minute, all that is due.
//! - `thread`: the messages of one conversation in order. `attempt`: claim, check, post, settle.
//! - `pace`: how fast an account may be posted to.
//! - `soon`: what goes later, at its time.
//! - `reconcile`: what became of messages whose answer or whose callbacks were lost.
//! - `files`: what customers sent, from the provider to our bucket.
//! - How a message is posted is its channel's carrier to know.
//!
//! The protocol itself is `porchlight_domain::delivery`, a state machine without I/O.
//! It must not know who wrote a message, or what else follows from it.
//!
//! Invariant: a POST stands behind a claim of ours, and consent is read between the two (P4, P6).

mod attempt;
mod files;
mod pace;
mod reconcile;
mod soon;
mod sweep;
mod thread;
mod wake;

use std::sync::Arc;

use porchlight_bucket::Bucket;
use porchlight_channel::Channels;
use porchlight_desk::Desk;
use porchlight_desk::deliveries::DeliveryChange;
use porchlight_domain::delivery::Delivery;
use porchlight_domain::message::Message;
use porchlight_domain::time::Timestamp;
use porchlight_edge::{Clock, ConfigError, Entropy, Function, Platform};
use porchlight_store::records::MessageRecord;
use porchlight_store::{Store, StoreError};
use tokio::sync::Semaphore;

use crate::pace::Pace;
use crate::soon::Soon;

/// Conversations worked on side by side in one invocation.
const SIDE_BY_SIDE: usize = 16;
/// How long a write is tried against contention: a claim's grace (60 s) leaves more than enough.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(15);

/// Takes messages to the provider. Cheap to clone.
#[derive(Clone)]
struct Courier {
    store: Store,
    desk: Desk,
    channels: Channels,
    clock: Clock,
    entropy: Entropy,
    pace: Pace,
    bucket: Bucket,
    fetches: Arc<Semaphore>,
    public_url: Arc<str>,
    soon: Soon,
}

/// The function, on what the platform gives it. Settings: `PUBLIC_URL`, `TWILIO_BASE_URL`, `ALLOW_LOOPBACK`,
/// `BUCKET_FILES` and the tables' names.
pub fn build(platform: Platform) -> Result<Function, ConfigError> {
    let channels = porchlight_channels::carriers(&platform)?;
    build_with(platform, channels)
}

/// The same with these ways out.
pub fn build_with(platform: Platform, channels: Channels) -> Result<Function, ConfigError> {
    let (store, bucket) = (platform.store()?, platform.bucket()?);
    let public_url = platform.settings.require("PUBLIC_URL")?.trim_end_matches('/').into();
    let Platform { clock, entropy, wake, .. } = platform;
    let soon = Soon::new(wake.is_told());
    let desk = Desk::new(store.clone(), clock.clone(), entropy.clone());
    let fetches = Arc::new(Semaphore::new(files::AT_A_TIME));
    let pace = Pace::default();
    let courier = Courier { store, desk, channels, clock, entropy, pace, bucket, fetches, public_url, soon };
    let woken = courier.clone();
    let on_records = move |changes| wake::deliver(woken.clone(), changes);
    Ok(Function::new()
        .stream(on_records)
        .schedule("sweep", move |tick| sweep::take_up(courier.clone(), tick)))
}

impl Courier {
    /// Reads the message, lets `act` change its delivery, and writes what it changed with all that follows;
    /// when somebody was faster, or no answer came, again from the reading. So `act` must be harmless to
    /// repeat on its own result. `None` if there is no such outbound message.
    async fn act<T>(
        &self,
        place: &MessageRecord,
        act: impl Fn(&mut Delivery, Timestamp) -> T,
    ) -> Result<Option<(Message, T)>, StoreError> {
        self.desk.rereading(PATIENCE, || self.act_once(place, &act)).await
    }

    async fn act_once<T>(
        &self,
        place: &MessageRecord,
        act: impl Fn(&mut Delivery, Timestamp) -> T,
    ) -> Result<Option<(Message, T)>, StoreError> {
        let Some(before) = self.read(place).await? else { return Ok(None) };
        let mut after = before.clone();
        let Some(delivery) = after.delivery_mut() else { return Ok(None) };
        let told = act(delivery, self.clock.now());
        if after == before {
            return Ok(Some((after, told)));
        }
        let change = DeliveryChange { business: &place.business, before: &before, after, receipt: None };
        Ok(Some((self.desk.write_delivery(change).await?, told)))
    }

    async fn read(&self, place: &MessageRecord) -> Result<Option<Message>, StoreError> {
        self.store.message_at(&place.business, &place.conversation, place.seq).await
    }
}
