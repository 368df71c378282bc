//! Every minute: posts that were broken off, those that wait to be tried again, and the push ladders whose next step has
//! come.

use std::time::Duration;

use futures::future::{join, join_all};
use futures::stream::{self, StreamExt};
use porchlight_domain::push::LEASE;
use porchlight_edge::{BoxError, Tick};
use porchlight_store::StoreError;
use porchlight_store::keys::SHARDS;
use porchlight_store::pushes::PushClaim;
use tokio::time::Instant;

use crate::wake::{log_failure, place_of};
use crate::{SIDE_BY_SIDE, Waker};

/// Rows of a shard's index that are read at once.
const PAGE: usize = 100;
/// No new page is begun after this: the invocation must end by itself.
const BEGINS_FOR: Duration = Duration::from_secs(40);

/// Takes up everything that is due; a shard that cannot be read holds up no other.
pub async fn take_up(waker: Waker, tick: Tick) -> Result<(), BoxError> {
    let ends = Instant::now() + BEGINS_FOR;
    let shards = tick.shards(SHARDS)?.map(|shard| take_up_shard(&waker, shard, ends));
    let climbing = tick.shards(SHARDS)?.map(|shard| waker.climb_shard(shard, ends));
    let (posts, ladders) = join(join_all(shards), join_all(climbing)).await;
    for shard in posts.into_iter().chain(ladders) {
        shard?;
    }
    Ok(())
}

async fn take_up_shard(waker: &Waker, shard: u8, ends: Instant) -> Result<(), StoreError> {
    let (now, mut from) = (waker.clock.now(), None);
    loop {
        let page = waker.store.due_pushes(shard, now, PAGE, from).await?;
        let work = page.found.into_iter().map(|claim| take_up_one(waker, claim)).collect::<Vec<_>>();
        stream::iter(work).buffer_unordered(SIDE_BY_SIDE).collect::<Vec<()>>().await;
        from = page.next;
        if from.is_none() || Instant::now() > ends {
            return Ok(());
        }
    }
}

async fn take_up_one(waker: &Waker, claim: PushClaim) {
    if let Err(error) = waker.take_over(&claim).await {
        log_failure(&place_of(&claim), &error);
    }
}

impl Waker {
    /// The claim is ours from now on, unless somebody else was faster; one that was broken off may have been posted.
    async fn take_over(&self, claim: &PushClaim) -> Result<(), StoreError> {
        let ours = PushClaim {
            tries: claim.tries + 1,
            lost: claim.lost + u32::from(claim.is_posting),
            is_posting: true,
            due: Some(self.clock.now() + LEASE),
            ..claim.clone()
        };
        if self.store.update_push(claim, &ours).await? { self.post(ours).await } else { Ok(()) }
    }
}
