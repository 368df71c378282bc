//! One of a mapping's lanes: takes records in order, fills batches, delivers them one after the other.

use std::time::Duration;

use serde_json::Value;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::batch::{Deliverer, sequence_number};

/// Starts a lane; it tells `finished` the sequence numbers of each batch that is done with.
pub(super) fn start(
    deliverer: Deliverer,
    finished: UnboundedSender<Vec<String>>,
    stop: CancellationToken,
    tasks: &TaskTracker,
) -> UnboundedSender<Value> {
    let (records, inbox) = unbounded_channel();
    tasks.spawn(run(deliverer, inbox, finished, stop));
    records
}

/// Stops between batches: what a function has begun it may finish.
async fn run(
    deliverer: Deliverer,
    mut inbox: UnboundedReceiver<Value>,
    finished: UnboundedSender<Vec<String>>,
    stop: CancellationToken,
) {
    let (size, window) = (deliverer.mapping.batch_size, deliverer.mapping.window);
    while let Some(Some(batch)) = stop.run_until_cancelled(next_batch(&mut inbox, size, window)).await {
        let numbers = batch.iter().map(|record| sequence_number(record).to_owned()).collect();
        deliverer.deliver(batch).await;
        if finished.send(numbers).is_err() {
            return;
        }
    }
}

/// What is there at once, or what comes within the window, up to `size`.
async fn next_batch(
    inbox: &mut UnboundedReceiver<Value>,
    size: usize,
    window: Duration,
) -> Option<Vec<Value>> {
    let mut batch = vec![inbox.recv().await?];
    if window.is_zero() {
        while batch.len() < size
            && let Ok(record) = inbox.try_recv()
        {
            batch.push(record);
        }
        return Some(batch);
    }
    let deadline = tokio::time::Instant::now() + window;
    while batch.len() < size
        && let Ok(Some(record)) = tokio::time::timeout_at(deadline, inbox.recv()).await
    {
        batch.push(record);
    }
    Some(batch)
}
