//! What real DynamoDB does and the embedded engine hides, on demand.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dynoxide::errors::CancellationReason;

use crate::call::{Call, Written};
use crate::refusal::Refusal;

/// Something that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Another transaction was writing the same item: nothing is written.
    TransactionConflict,
    /// The partition takes no more just now: nothing is done.
    Throttled,
    /// The service fails: nothing is done.
    InternalError,
    /// The request is carried out and its answer never arrives.
    AnswerLost,
}

/// When a fault strikes.
#[derive(Clone, Debug)]
pub struct Injection {
    fault: Fault,
    operation: Option<String>,
    table: Option<String>,
    turns: Turns,
}

#[derive(Clone, Debug)]
enum Turns {
    Next { skip: usize, times: usize },
    OneIn { every: u64, state: u64 },
}

impl Injection {
    /// Strikes the next request that fits, once.
    pub const fn next(fault: Fault) -> Self {
        Self { fault, operation: None, table: None, turns: Turns::Next { skip: 0, times: 1 } }
    }

    /// Strikes about one in `every` requests that fit, the same ones for the same `seed`.
    pub const fn one_in(every: u64, seed: u64, fault: Fault) -> Self {
        Self { fault, operation: None, table: None, turns: Turns::OneIn { every, state: seed } }
    }

    /// Only requests of this operation fit, such as `TransactWriteItems`.
    #[must_use]
    pub fn operation(mut self, operation: &str) -> Self {
        self.operation = Some(operation.to_owned());
        self
    }

    /// Only requests that touch this table fit.
    #[must_use]
    pub fn table(mut self, table: &str) -> Self {
        self.table = Some(table.to_owned());
        self
    }

    /// Leaves out the first `skip` requests that fit.
    #[must_use]
    pub fn after(mut self, requests: usize) -> Self {
        if let Turns::Next { skip, .. } = &mut self.turns {
            *skip = requests;
        }
        self
    }

    /// Strikes this many times in a row.
    #[must_use]
    pub fn times(mut self, count: usize) -> Self {
        if let Turns::Next { times, .. } = &mut self.turns {
            *times = count;
        }
        self
    }

    fn fits(&self, call: &Call) -> bool {
        let operation = self.operation.as_ref().is_none_or(|operation| *operation == call.operation);
        let sensible =
            self.fault != Fault::TransactionConflict || call.touches.iter().any(|t| t.written.is_some());
        let mut touched = call.touches.iter().filter_map(|touch| touch.asked.table.as_ref());
        operation
            && sensible
            && self.table.as_ref().is_none_or(|table| touched.any(|touched| touched == table))
    }
}

impl Turns {
    fn strikes(&mut self) -> bool {
        match self {
            Self::Next { skip, .. } if *skip > 0 => {
                *skip -= 1;
                false
            }
            Self::Next { times, .. } => {
                let strikes = *times > 0;
                *times = times.saturating_sub(1);
                strikes
            }
            Self::OneIn { every, state } => next_number(state).is_multiple_of(*every),
        }
    }
}

/// SplitMix64: enough for choosing victims.
const fn next_number(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// What goes wrong in the clients that share this handle. Nothing, unless told.
#[derive(Clone, Default)]
pub struct Faults(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    injections: Vec<Injection>,
    struck: usize,
    lag: usize,
    recent: VecDeque<(String, Written)>,
    split_shards: bool,
    deliver_twice: bool,
}

impl Faults {
    /// Adds an injection.
    pub fn inject(&self, injection: Injection) {
        self.state().injections.push(injection);
    }

    /// Queries of an index miss the items of the last `writes` writes; `usize::MAX` holds every index where it
    /// is, 0 lets it catch up.
    pub fn lag_indexes(&self, writes: usize) {
        let mut state = self.state();
        state.lag = writes;
        state.recent.truncate(writes);
    }

    /// Streams come in two shards that are read side by side, so records overtake each other.
    pub fn split_shards(&self, split: bool) {
        self.state().split_shards = split;
    }

    /// Every stream record is delivered twice.
    pub fn deliver_twice(&self, twice: bool) {
        self.state().deliver_twice = twice;
    }

    /// Nothing goes wrong any more.
    pub fn clear(&self) {
        *self.state() = State::default();
    }

    /// How many requests were struck since the beginning, or since [`Faults::clear`].
    pub fn struck(&self) -> usize {
        self.state().struck
    }

    /// Whether streams come in two shards.
    pub fn shards_are_split(&self) -> bool {
        self.state().split_shards
    }

    /// Whether records are delivered twice.
    pub fn delivers_twice(&self) -> bool {
        self.state().deliver_twice
    }

    /// The fault that strikes this call, if one does.
    pub(crate) fn strike(&self, call: &Call) -> Option<Fault> {
        let mut state = self.state();
        if state.injections.is_empty() {
            return None;
        }
        let mut fitting = state.injections.iter_mut().filter(|injection| injection.fits(call));
        let fault = fitting.find_map(|injection| injection.turns.strikes().then_some(injection.fault))?;
        state.struck += 1;
        Some(fault)
    }

    pub(crate) fn indexes_lag(&self) -> bool {
        self.state().lag > 0
    }

    /// Remembers what a successful call wrote, as long as indexes lag.
    pub(crate) fn remember(&self, call: &Call) {
        let mut state = self.state();
        if state.lag == 0 {
            return;
        }
        for touch in &call.touches {
            if let (Some(table), Some(written)) = (&touch.asked.table, &touch.written) {
                state.recent.push_front((table.clone(), written.clone()));
            }
        }
        let lag = state.lag;
        state.recent.truncate(lag);
    }

    /// The items of a table that its lagging indexes do not show yet.
    pub(crate) fn hidden_in(&self, table: &str) -> Vec<Written> {
        let state = self.state();
        let of_table = state.recent.iter().filter(|(written_table, _)| written_table == table);
        of_table.map(|(_, written)| written.clone()).collect()
    }

    /// Whether anything may go wrong at all.
    pub(crate) fn are_armed(&self) -> bool {
        let state = self.state();
        !state.injections.is_empty() || state.lag > 0
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fault {
    /// What the client is told instead of what the engine would say; `None` when the connection is lost.
    pub(crate) fn refusal(self, call: &Call) -> Option<Refusal> {
        const THROUGHPUT: &str = "The level of configured throughput was exceeded";
        const ONGOING: &str = "Transaction is ongoing for the item";
        match self {
            Self::Throttled => Some(Refusal::new(400, "ProvisionedThroughputExceededException", THROUGHPUT)),
            Self::TransactionConflict if call.operation == "TransactWriteItems" => {
                Some(canceled(call.touches.len(), ONGOING))
            }
            Self::TransactionConflict => Some(Refusal::new(400, "TransactionConflictException", ONGOING)),
            Self::InternalError => Some(Refusal::new(500, "InternalServerError", "Internal server error")),
            Self::AnswerLost => None,
        }
    }

    /// The same call may go well in a moment; a conflict is the caller's to decide.
    pub(crate) fn is_worth_repeating(self) -> bool {
        self != Self::TransactionConflict
    }
}

fn canceled(items: usize, ongoing: &str) -> Refusal {
    let reason = |at: usize| match at {
        0 => ("TransactionConflict", Some(ongoing.to_owned())),
        _ => ("None", None),
    };
    let reasons = (0..items).map(reason);
    let reasons =
        reasons.map(|(code, message)| CancellationReason { code: code.to_owned(), message, item: None });
    Refusal {
        reasons: reasons.collect(),
        ..Refusal::new(
            400,
            "TransactionCanceledException",
            "Transaction cancelled, please refer cancellation reasons for specific reasons [TransactionConflict]",
        )
    }
}
