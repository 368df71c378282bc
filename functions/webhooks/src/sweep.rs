//! Every minute, in each shard: receipts that a crash, or an answer that could not wait, left unapplied.

use std::time::Duration;

use futures::future::join_all;
use porchlight_desk::Intake;
use porchlight_edge::{BoxError, Tick};
use porchlight_store::keys::SHARDS;
use tokio::time::Instant;

/// None is begun after this: with the longest that one takes, the invocation ends before its 20 s are over.
const BEGINS_FOR: Duration = Duration::from_secs(10);

/// Applies them while time lasts; a shard that cannot be read holds up no other.
pub async fn apply_what_is_left(intake: Intake, tick: Tick) -> Result<(), BoxError> {
    let ends = Instant::now() + BEGINS_FOR;
    let mut left = 0;
    let mut unread = None;
    for shard in join_all(tick.shards(SHARDS)?.map(|shard| intake.sweep(shard, ends))).await {
        match shard {
            Ok(more) => left += more,
            Err(error) => unread = Some(error),
        }
    }
    match (unread, left) {
        (Some(error), _) => Err(error.into()),
        (None, 0) => Ok(()),
        (None, left) => Err(format!("{left} receipts or more are still not applied").into()),
    }
}
