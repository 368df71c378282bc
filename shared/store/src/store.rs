//! The door to the tables.

use std::sync::Arc;

use porchlight_calls::Calls;

use crate::meter::CapacityMeter;

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
    pub(crate) calls: Arc<dyn Calls>,
    pub(crate) tables: Arc<Tables>,
    pub(crate) meter: Option<CapacityMeter>,
}

impl Store {
    /// A store over these tables. Throttling and lost answers are `calls`' to repeat; everything else is the caller's
    /// to decide.
    pub fn new(calls: Arc<dyn Calls>, tables: Tables) -> Self {
        Self { calls, tables: tables.into(), meter: None }
    }

    /// The same store, counting the capacity that its calls consume.
    #[must_use]
    pub fn with_meter(mut self, meter: CapacityMeter) -> Self {
        self.meter = Some(meter);
        self
    }
}
