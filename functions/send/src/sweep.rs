//! Every minute: all messages whose *due* has passed. Whatever a stream lost, a crash left, or a wait held.

use futures::future::join_all;
use futures::{StreamExt, stream};
use porchlight_domain::delivery::{Delivery, Step};
use porchlight_domain::message::Message;
use porchlight_edge::BoxError;
use porchlight_store::StoreError;
use porchlight_store::keys::SHARDS;
use porchlight_store::records::MessageRecord;
use tokio::time::{Duration, Instant};

use crate::thread::by_thread;
use crate::wake::log_failure;
use crate::{Courier, SIDE_BY_SIDE};

/// Conversations of one shard in one round; the rest is the next minute's.
const AT_ONCE: usize = 250;
/// No new conversation is begun after this: the invocation must end by itself.
const BEGINS_FOR: Duration = Duration::from_secs(40);

/// Takes up everything that is due, conversations side by side, the messages of one in order.
pub async fn take_up(courier: Courier) -> Result<(), BoxError> {
    let started = Instant::now();
    let now = courier.clock.now();
    // A shard that cannot be read holds up no other.
    let shards = join_all((0..SHARDS).map(|shard| courier.store.due_messages(shard, now, AT_ONCE))).await;
    let (found, unread): (Vec<_>, Vec<_>) = shards.into_iter().partition(Result::is_ok);
    let due = found.into_iter().flatten().flatten().map(|(business, message)| {
        let place = MessageRecord { business, conversation: message.conversation.clone(), seq: message.seq };
        (place, message)
    });
    let threads = by_thread(due).into_values().map(|thread| take_up_thread(&courier, thread, started));
    let failed: Vec<usize> = stream::iter(threads).buffer_unordered(SIDE_BY_SIDE).collect().await;
    match (unread.into_iter().find_map(Result::err), failed.iter().sum::<usize>()) {
        (Some(error), _) => Err(error.into()),
        (None, 0) => Ok(()),
        (None, failed) => Err(format!("{failed} conversations could not be worked on").into()),
    }
}

/// How many failed: none or one.
async fn take_up_thread(
    courier: &Courier,
    mut due: Vec<(MessageRecord, Message)>,
    started: Instant,
) -> usize {
    due.sort_by_key(|(place, _)| place.seq);
    for (place, message) in due {
        if started.elapsed() > BEGINS_FOR {
            return 0;
        }
        if let Err(error) = courier.step(&place, &message).await {
            log_failure(&place, &error);
            return 1;
        }
    }
    0
}

impl Courier {
    /// Does what is to be done with a message now.
    async fn step(&self, place: &MessageRecord, message: &Message) -> Result<(), StoreError> {
        let Some(delivery) = message.delivery() else { return Ok(()) };
        match delivery.next_step(self.clock.now()) {
            Step::Nothing => Ok(()),
            Step::Claim => self.deliver_from(place.clone()).await,
            Step::Enqueue => {
                self.act(place, Delivery::enqueue).await?;
                self.deliver_from(place.clone()).await
            }
            Step::ExpireClaim => {
                self.act(place, Delivery::expire_claim).await?;
                // What waited behind it need not wait another minute.
                match self.next_queued(place).await? {
                    Some(next) => self.deliver_from(next).await,
                    None => Ok(()),
                }
            }
            Step::AskList => self.ask_list(place, message).await,
            Step::FetchBySid(sid) => self.fetch(place, message, &sid).await,
        }
    }
}
