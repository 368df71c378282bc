//! The door to the tables.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;

use crate::meter::CapacityMeter;

/// One attempt of a call; a second one after it may still answer within [`CALL_LASTS`].
const ATTEMPT_LASTS: Duration = Duration::from_secs(2);
/// A call with its retries. A live event must be committed within 5 s of its id (PROTOCOLS §3), so a
/// transaction that takes longer is given up as unanswered.
const CALL_LASTS: Duration = Duration::from_millis(4_500);

/// The names of the tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tables {
    /// Thread summaries and what each person keeps about them.
    pub conversations: String,
    /// The timelines, and pointers to messages.
    pub messages: String,
    /// Business, staff, customers, contact points, consent, jobs.
    pub directory: String,
    /// The live feed.
    pub events: String,
    /// What can be rebuilt.
    pub derived: String,
    /// Receipts, commands, sessions, the audit log.
    pub vault: String,
}

/// Reads and writes the tables. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) client: Client,
    pub(crate) tables: std::sync::Arc<Tables>,
    pub(crate) meter: Option<CapacityMeter>,
}

impl Store {
    /// A store over these tables. The client's retries and time-outs are replaced by the store's own:
    /// throttling and lost connections are tried up to four times from 25 ms on (a transaction keeps its
    /// request token, so that is harmless); everything else is the caller's to decide.
    pub fn new(client: &Client, tables: Tables) -> Self {
        let retries = RetryConfig::standard()
            .with_max_attempts(4)
            .with_initial_backoff(Duration::from_millis(25))
            .with_max_backoff(Duration::from_secs(1));
        let timeouts = TimeoutConfig::builder()
            .operation_attempt_timeout(ATTEMPT_LASTS)
            .operation_timeout(CALL_LASTS)
            .build();
        let config = client.config().to_builder().retry_config(retries).timeout_config(timeouts).build();
        Self { client: Client::from_conf(config), tables: tables.into(), meter: None }
    }

    /// The same store, counting the capacity that its calls consume.
    #[must_use]
    pub fn with_meter(mut self, meter: CapacityMeter) -> Self {
        self.meter = Some(meter);
        self
    }
}
