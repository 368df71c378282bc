//! Wakes functions by the clock, with the event that EventBridge would send.

use std::time::Duration;

use serde_json::Value;
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
    /// With which event.
    pub event: Value,
}

impl Schedule {
    /// Wakes the function at once, and then at its rate, one invocation after the other, until told to stop.
    pub async fn run(self, stop: CancellationToken) {
        let mut ticks = tokio::time::interval(self.every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            if let Err(error) = self.wake().await {
                let (function, event) = (self.invoker.name(), &self.event);
                tracing::error!(function, %event, %error, "a scheduled invocation failed");
            }
        }
    }

    /// Wakes the function now.
    pub async fn wake(&self) -> Result<(), InvokeError> {
        self.invoker.invoke(self.event.clone()).await.map(drop)
    }
}
