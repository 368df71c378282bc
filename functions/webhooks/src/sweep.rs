//! Every minute: receipts that a crash, or a call answered 503, left unapplied.

use futures::future::try_join_all;
use porchlight_edge::BoxError;
use porchlight_edge::intake::Intake;
use porchlight_store::keys::SHARDS;

/// Receipts of one shard in one round; the rest is the next minute's.
const AT_ONCE: usize = 100;

/// Applies them, shards side by side.
pub async fn apply_what_is_left(intake: Intake) -> Result<(), BoxError> {
    let left = try_join_all((0..SHARDS).map(|shard| intake.sweep(shard, AT_ONCE))).await?;
    match left.iter().sum::<usize>() {
        0 => Ok(()),
        left => Err(format!("{left} receipts are still not applied").into()),
    }
}
