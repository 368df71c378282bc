//! Every minute: all messages whose *due* has passed. Whatever a stream lost, a crash left, or a wait held.

use std::collections::HashSet;

use futures::future::join_all;
use futures::{StreamExt, stream};
use porchlight_domain::delivery::{Delivery, Status, Step};
use porchlight_domain::message::Message;
use porchlight_domain::time::Timestamp;
use porchlight_edge::{BoxError, Tick};
use porchlight_store::StoreError;
use porchlight_store::keys::SHARDS;
use porchlight_store::records::MessageRecord;
use tokio::time::{Duration, Instant};

use crate::thread::by_thread;
use crate::wake::log_failure;
use crate::{Courier, SIDE_BY_SIDE};

/// Rows of a shard's index that are read at once.
const PAGE: usize = 250;
/// No new conversation is begun after this: the invocation must end by itself.
const BEGINS_FOR: Duration = Duration::from_secs(40);

/// Takes up everything that is due, conversations side by side, the messages of one in order. A shard that cannot
/// be read holds up no other.
pub async fn take_up(courier: Courier, tick: Tick) -> Result<(), BoxError> {
    let ends = Instant::now() + BEGINS_FOR;
    let shards = tick.shards(SHARDS)?.map(|shard| take_up_shard(&courier, shard, ends));
    let mut failed = 0;
    for shard in join_all(shards).await {
        failed += shard?;
    }
    courier.look_ahead(tick.shards(SHARDS)?).await?;
    match failed {
        0 => Ok(()),
        failed => Err(format!("{failed} conversations could not be worked on").into()),
    }
}

/// Walks over a shard page by page while time lasts, and takes up each conversation once: what is still due of it
/// is the next minute's. How many failed.
async fn take_up_shard(courier: &Courier, shard: u8, ends: Instant) -> Result<usize, StoreError> {
    let now = courier.clock.now();
    let (mut taken, mut failed, mut from) = (HashSet::new(), 0, None);
    loop {
        let page = courier.store.due_messages(shard, now, PAGE, from).await?;
        let due = page.found.into_iter().map(|(business, message)| {
            let conversation = message.conversation.clone();
            (MessageRecord { business, conversation, seq: message.seq }, message)
        });
        let mut threads = by_thread(due);
        threads.retain(|thread, _| taken.insert(thread.clone()));
        let work = threads.into_values().map(|thread| take_up_thread(courier, thread, ends));
        failed +=
            stream::iter(work).buffer_unordered(SIDE_BY_SIDE).collect::<Vec<_>>().await.iter().sum::<usize>();
        from = page.next;
        if from.is_none() || Instant::now() > ends {
            return Ok(failed);
        }
    }
}

/// How many failed: none or one.
async fn take_up_thread(courier: &Courier, mut due: Vec<(MessageRecord, Message)>, ends: Instant) -> usize {
    // What waits for a time goes in the order of their times, after what is under way. What something cost waits for what
    // is still to go.
    due.sort_by_key(|(place, message)| (message.status().is_over(), planned_for(message), place.seq));
    let mut is_held = false;
    for (place, message) in due {
        if Instant::now() > ends {
            return 0;
        }
        // Whatever else is queued here waits behind the same one.
        if is_held && message.status() == Status::Queued {
            continue;
        }
        match courier.step(&place, &message).await {
            Ok(None) => {}
            Ok(Some(holder)) => {
                is_held = true;
                if !take_up_holder(courier, place, holder).await {
                    return 1;
                }
            }
            Err(error) => {
                log_failure(&place, &error);
                return 1;
            }
        }
    }
    0
}

/// When a message was to go that waits for its time.
fn planned_for(message: &Message) -> Option<Timestamp> {
    message.delivery().filter(|delivery| delivery.is_waiting()).and_then(Delivery::due_at)
}

/// The message that holds the others, whose own *due* may be on a later page. Whether it could be worked on.
async fn take_up_holder(courier: &Courier, held: MessageRecord, holder: Message) -> bool {
    let place = MessageRecord { seq: holder.seq, ..held };
    let stepped = courier.step(&place, &holder).await;
    stepped.inspect_err(|error| log_failure(&place, error)).is_ok()
}

impl Courier {
    /// Does what is to be done with a message now; the earlier message that it waits for, if it must.
    async fn step(&self, place: &MessageRecord, message: &Message) -> Result<Option<Message>, StoreError> {
        let Some(delivery) = message.delivery() else {
            self.fetch_files(place, message).await?;
            return Ok(None);
        };
        match delivery.next_step(self.clock.now()) {
            Step::Nothing => Ok(None),
            Step::Claim => self.deliver_from(place.clone()).await,
            Step::Judge => match self.judge(place).await? {
                Some(gone) => self.deliver_from(gone).await,
                None => Ok(None),
            },
            Step::ExpireClaim => {
                self.act(place, Delivery::expire_claim).await?;
                // What waited behind it need not wait another minute.
                match self.next_queued(place).await? {
                    Some(next) => self.deliver_from(next).await,
                    None => Ok(None),
                }
            }
            Step::AskList => self.ask_list(place, message).await.map(|()| None),
            Step::FetchBySid(sid) => self.fetch(place, message, &sid).await.map(|()| None),
            Step::AskPrice(sid) => self.ask_price(place, &sid).await.map(|()| None),
        }
    }
}
