//! Contention is no failure: read again, decide again, write again, for a while.

use std::time::Duration;

use porchlight_store::{StoreError, backoff};
use tokio::time::{Instant, sleep};

use crate::ambient::Entropy;

/// Makes attempts, each of which reads anew, until one is settled or `lasts` has passed. Between two of them
/// it waits with jitter, so that many who met do not meet again.
pub async fn rereading<T, Fut>(
    entropy: &Entropy,
    lasts: Duration,
    attempt: impl Fn() -> Fut,
) -> Result<T, StoreError>
where
    Fut: Future<Output = Result<T, StoreError>>,
{
    let started = Instant::now();
    let mut tries = 0;
    loop {
        match attempt().await {
            Err(error) if error.is_worth_rereading() && started.elapsed() < lasts => {
                sleep(backoff(tries, entropy.fraction())).await;
                tries += 1;
            }
            settled => return settled,
        }
    }
}
