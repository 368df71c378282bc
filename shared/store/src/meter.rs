//! How much capacity the calls consume, as the table itself reports it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_sdk_dynamodb::types::{ConsumedCapacity, ReturnConsumedCapacity};

/// Adds up the write and read units of all calls of the stores that carry it. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct CapacityMeter {
    counts: Arc<Counts>,
}

/// In half units: an eventually consistent read costs half a unit.
#[derive(Debug, Default)]
struct Counts {
    written: AtomicU64,
    read: AtomicU64,
}

impl CapacityMeter {
    /// A meter at zero.
    pub fn new() -> Self {
        Self::default()
    }

    /// Write request units so far, indexes included.
    pub fn write_units(&self) -> f64 {
        units(&self.counts.written)
    }

    /// Read request units so far.
    pub fn read_units(&self) -> f64 {
        units(&self.counts.read)
    }

    fn count(&self, direction: Direction, consumed: &ConsumedCapacity) {
        let total = consumed.capacity_units().unwrap_or_default();
        let counter = match direction {
            Direction::Write => &self.counts.written,
            Direction::Read => &self.counts.read,
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small, never negative")]
        counter.fetch_add((total * 2.0).round() as u64, Ordering::Relaxed);
    }
}

#[expect(clippy::cast_precision_loss, reason = "units stay far below 2^52")]
fn units(halves: &AtomicU64) -> f64 {
    halves.load(Ordering::Relaxed) as f64 / 2.0
}

/// Which of the two totals a call adds to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Direction {
    Read,
    Write,
}

/// What to ask of the table: its account only where a meter wants it.
pub(crate) fn wanted(meter: Option<&CapacityMeter>) -> Option<ReturnConsumedCapacity> {
    meter.map(|_| ReturnConsumedCapacity::Total)
}

pub(crate) fn count<'a>(
    meter: Option<&CapacityMeter>,
    direction: Direction,
    consumed: impl IntoIterator<Item = &'a ConsumedCapacity>,
) {
    if let Some(meter) = meter {
        consumed.into_iter().for_each(|part| meter.count(direction, part));
    }
}
