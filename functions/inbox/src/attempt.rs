//! Reading, deciding and writing again when somebody else was faster.

use std::future::Future;

use porchlight_edge::Problem;
use porchlight_store::{StoreError, backoff};

use crate::Inbox;

/// Tries of one request before it is answered 503: with jitter, some two seconds of contention.
const TRIES: u32 = 10;

/// Why an attempt did not end in a write.
#[derive(Debug)]
pub enum Refusal {
    /// The answer is no, however often it is asked.
    Problem(Box<Problem>),
    /// The store said so; reading again may help.
    Store(StoreError),
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Inbox {
    /// Runs `attempt` until it is written or refused. Each attempt reads everything anew.
    pub async fn until_written<T, Fut>(&self, attempt: impl Fn() -> Fut + Send) -> Result<T, Problem>
    where
        Fut: Future<Output = Result<T, Refusal>> + Send,
    {
        for tried in 0..TRIES {
            match attempt().await {
                Ok(written) => return Ok(written),
                Err(Refusal::Problem(problem)) => return Err(*problem),
                Err(Refusal::Store(error)) if error.is_worth_rereading() => {
                    tracing::debug!(tried, error = %error, "reading again");
                    tokio::time::sleep(backoff(tried, self.entropy.fraction())).await;
                }
                Err(Refusal::Store(error)) => return Err(error.into()),
            }
        }
        tracing::warn!(tries = TRIES, "gave up on a contended write");
        Err(Problem::unavailable())
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Problem(problem) => *problem,
            Refusal::Store(error) if error.is_worth_rereading() => Self::unavailable(),
            Refusal::Store(error) => error.into(),
        }
    }
}
