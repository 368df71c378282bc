//! Wakes functions by the clock, with the event that EventBridge would send.

use std::time::Duration;

use porchlight_edge::{Clock, Entropy};
use porchlight_engine::template::{ACCOUNT, REGION};
use serde_json::{Value, json};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::invoker::{InvokeError, Invoker};

/// One function's schedule.
#[derive(Clone)]
pub struct Schedule {
    /// Whom to wake.
    pub invoker: Invoker,
    /// How often.
    pub every: Duration,
    /// Names the time in the event.
    pub clock: Clock,
    /// Names the event.
    pub entropy: Entropy,
}

impl Schedule {
    /// Wakes the function at once, and then at its rate, one invocation after the other, until told to stop.
    pub async fn run(self, stop: CancellationToken) {
        let mut ticks = tokio::time::interval(self.every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            if let Err(error) = self.wake().await {
                tracing::error!(function = self.invoker.name(), %error, "a scheduled invocation failed");
            }
        }
    }

    /// Wakes the function now.
    pub async fn wake(&self) -> Result<(), InvokeError> {
        self.invoker.invoke(self.event()).await.map(drop)
    }

    fn event(&self) -> Value {
        let now = self.clock.now();
        json!({
            "version": "0",
            "id": self.entropy.ulid(now).to_string(),
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": ACCOUNT,
            "time": now.to_string(),
            "region": REGION,
            "resources": [format!("arn:aws:events:{REGION}:{ACCOUNT}:rule/{}", self.invoker.name())],
            "detail": {},
        })
    }
}
