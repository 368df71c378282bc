//! What real DynamoDB does and the embedded engine hides, on demand.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use crate::call::{Call, Written, key};

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
            self.fault != Fault::TransactionConflict || call.touches().iter().any(|t| t.written.is_some());
        let touched = || call.touches().into_iter().filter_map(|touch| touch.table);
        operation
            && sensible
            && self.table.as_ref().is_none_or(|table| touched().any(|touched| touched == *table))
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
        for touch in call.touches() {
            if let (Some(table), Some(written)) = (touch.table, touch.written) {
                state.recent.push_front((table, written));
            }
        }
        let lag = state.lag;
        state.recent.truncate(lag);
    }

    /// Takes out of an index query's answer what a lagging index would not show yet.
    pub(crate) fn hide_recent(&self, call: &Call, answer: &mut Value) {
        let state = self.state();
        let (Some(table), Some(_)) = (call.body["TableName"].as_str(), call.body["IndexName"].as_str())
        else {
            return;
        };
        let hidden = |item: &Value| {
            key(item).is_some_and(|key| {
                state.recent.iter().any(|(written_table, written)| written_table == table && *written == key)
            })
        };
        if let Some(items) = answer["Items"].as_array_mut().filter(|_| !state.recent.is_empty()) {
            items.retain(|item| !hidden(item));
            answer["Count"] = json!(items.len());
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fault {
    /// The answer that the client gets instead of the engine's: status and JSON.
    pub(crate) fn answer(self, call: &Call) -> (u16, Value) {
        let error = |kind: &str, message: &str| json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{kind}"), "message": message });
        match self {
            Self::Throttled => (
                400,
                error(
                    "ProvisionedThroughputExceededException",
                    "The level of configured throughput was exceeded",
                ),
            ),
            Self::TransactionConflict if call.operation == "TransactWriteItems" => (400, canceled(call)),
            Self::TransactionConflict => {
                (400, error("TransactionConflictException", "Transaction is ongoing for the item"))
            }
            Self::InternalError | Self::AnswerLost => {
                (500, error("InternalServerError", "Internal server error"))
            }
        }
    }
}

fn canceled(call: &Call) -> Value {
    let items = call.body["TransactItems"].as_array().map_or(0, Vec::len);
    let conflict = json!({ "Code": "TransactionConflict", "Message": "Transaction is ongoing for the item" });
    let reasons: Vec<Value> =
        (0..items).map(|at| if at == 0 { conflict.clone() } else { json!({ "Code": "None" }) }).collect();
    json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": "Transaction cancelled, please refer cancellation reasons for specific reasons [TransactionConflict]",
        "CancellationReasons": reasons,
    })
}
