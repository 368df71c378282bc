//! Every minute: receipts that a crash, or a call answered 503, left unapplied.

use std::time::Duration;

use futures::future::join_all;
use porchlight_desk::Intake;
use porchlight_edge::BoxError;
use porchlight_store::keys::SHARDS;
use tokio::time::Instant;

/// Receipts of one shard in one round; the rest is the next minute's.
const AT_ONCE: usize = 100;

/// None is begun after this: with the longest that one takes, the invocation ends before its 20 s are over.
const BEGINS_FOR: Duration = Duration::from_secs(10);

/// Applies them, shards side by side; one that cannot be read holds up no other.
pub async fn apply_what_is_left(intake: Intake) -> Result<(), BoxError> {
    let ends = Instant::now() + BEGINS_FOR;
    let mut left = 0;
    let mut unread = None;
    for shard in join_all((0..SHARDS).map(|shard| intake.sweep(shard, AT_ONCE, ends))).await {
        match shard {
            Ok(more) => left += more,
            Err(error) => unread = Some(error),
        }
    }
    match (unread, left) {
        (Some(error), _) => Err(error.into()),
        (None, 0) => Ok(()),
        (None, left) => Err(format!("{left} receipts are still not applied").into()),
    }
}
