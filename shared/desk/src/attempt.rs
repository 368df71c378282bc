//! Contention is no failure: read again, decide again, write again, for a while.

use std::time::Duration;

use porchlight_store::{StoreError, backoff};
use tokio::time::{Instant, sleep};

use crate::{Desk, Refusal};

/// How long a person waits for a contended write before they are asked to try again.
const PATIENCE: Duration = Duration::from_secs(3);

/// An error that may be gone when everything is read anew.
pub trait Passing: std::fmt::Display {
    /// Whether it may.
    fn is_passing(&self) -> bool;
}

impl Passing for StoreError {
    fn is_passing(&self) -> bool {
        self.is_worth_rereading()
    }
}

/// However slow the machine, so many attempts are made before anybody is sent away.
const LEAST_TRIES: u32 = 10;

impl Desk {
    /// Makes attempts, each of which reads anew, until one is settled, or `lasts` has passed and enough were made.
    /// Between two of them it waits with jitter, so that many who met do not meet again.
    pub async fn rereading<T, E, Fut>(&self, lasts: Duration, attempt: impl Fn() -> Fut) -> Result<T, E>
    where
        E: Passing,
        Fut: Future<Output = Result<T, E>>,
    {
        let started = Instant::now();
        let mut tries = 0;
        loop {
            match attempt().await {
                Err(error) if error.is_passing() && (tries < LEAST_TRIES || started.elapsed() < lasts) => {
                    tracing::debug!(tries, %error, "reading again");
                    sleep(backoff(tries, self.entropy.fraction())).await;
                    tries += 1;
                }
                settled => return settled,
            }
        }
    }

    /// Runs a person's `attempt` until it is written or refused.
    pub(crate) async fn until_written<T, Fut>(&self, attempt: impl Fn() -> Fut + Send) -> Result<T, Refusal>
    where
        Fut: Future<Output = Result<T, Refusal>> + Send,
    {
        self.rereading(PATIENCE, attempt).await
    }
}
