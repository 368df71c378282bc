//! Brings the records of a table's stream to a function, as the template's mapping says.
//!
//! # Layout
//!
//! One [`Pump`] per mapping: it reads records, drops those the [`filter`] does not pass, and hands the others to
//! its lanes by partition key, so that records of one partition keep their order while others overtake.
//! A lane fills batches and delivers them (`batch`). `progress` keeps up to where all is done; that position
//! survives a restart, and what every consumer has passed is deleted.

mod batch;
pub mod filter;
mod lane;
mod progress;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use porchlight_edge::Clock;
use porchlight_engine::engine::Consumer;
use porchlight_engine::template::{REGION, StreamMapping, table_arn};
use porchlight_engine::{Engine, EngineError, Faults};
use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use batch::Backoff;
use batch::{Deliverer, sequence_number};
use filter::Filter;
use progress::Progress;

use crate::invoker::Invoker;

/// Records under way at most; reading waits beyond.
const UNDER_WAY: usize = 1000;
/// Writes wake the pump; this only bounds what a missed word could cost.
const FALLBACK: Duration = Duration::from_secs(5);
/// Records read at once.
const PAGE: usize = 200;
/// Between two attempts at a store that refuses, at least.
const LEAST_WAIT: Duration = Duration::from_millis(20);

/// Brings one stream to one function.
pub struct Pump {
    mapping: StreamMapping,
    filter: Filter,
    engine: Engine,
    faults: Faults,
    backoff: Backoff,
    lanes: Vec<mpsc::UnboundedSender<Value>>,
    done: mpsc::UnboundedReceiver<Vec<String>>,
    turn: usize,
}

/// What a pump works with.
pub struct PumpParts {
    /// From where to where, and how.
    pub mapping: StreamMapping,
    /// The function.
    pub invoker: Invoker,
    /// The store.
    pub engine: Engine,
    /// Tells the age of records.
    pub clock: Clock,
    /// Splits shards and repeats records, when told.
    pub faults: Faults,
    /// Waits between repetitions.
    pub backoff: Backoff,
}

impl Pump {
    /// Prepares a pump; its lanes start at once and wait.
    pub fn new(parts: PumpParts, stop: &CancellationToken, tasks: &TaskTracker) -> Result<Self, String> {
        let filter = Filter::new(parts.mapping.filters.clone())?;
        let (finished, done) = mpsc::unbounded_channel();
        // Two lanes at least, for the day when shards split.
        let lanes = (0..parts.mapping.parallel.max(2)).map(|_| {
            let deliverer = Deliverer {
                mapping: parts.mapping.clone(),
                invoker: parts.invoker.clone(),
                engine: parts.engine.clone(),
                clock: parts.clock.clone(),
                backoff: parts.backoff,
            };
            lane::start(deliverer, finished.clone(), stop.clone(), tasks)
        });
        let lanes = lanes.collect();
        Ok(Self {
            filter,
            engine: parts.engine,
            faults: parts.faults,
            backoff: parts.backoff,
            lanes,
            done,
            turn: 0,
            mapping: parts.mapping,
        })
    }

    /// How the engine knows this reader.
    pub fn consumer(&self) -> Consumer {
        let from_now_on = self.mapping.starting_position == "LATEST";
        Consumer { name: self.mapping.name.clone(), table: self.mapping.table.clone(), from_now_on }
    }

    /// Pumps until told to stop; what the store refuses is tried again. The consumer must be registered.
    pub async fn run(mut self, stop: CancellationToken) {
        let (mut progress, mut failures) = (None, 0);
        while !stop.is_cancelled() {
            let error = match self.pump(&mut progress, &mut failures, &stop).await {
                Ok(()) => return,
                Err(error) => error,
            };
            failures += 1;
            tracing::error!(consumer = self.mapping.name, failures, %error, "a stream could not be read; again soon");
            let wait = self.backoff.before(failures).max(LEAST_WAIT);
            stop.run_until_cancelled(tokio::time::sleep(wait)).await;
        }
    }

    /// Goes on where `progress` is: what is under way stays so after an error.
    async fn pump(
        &mut self,
        progress: &mut Option<Progress>,
        failures: &mut u32,
        stop: &CancellationToken,
    ) -> Result<(), EngineError> {
        let mut writes = self.engine.watch(&self.mapping.table);
        let progress = match progress {
            Some(progress) => progress,
            None => progress.insert(Progress::new(self.engine.position(&self.mapping.name).await?)),
        };
        loop {
            let read = self.read(progress).await?;
            self.keep(progress).await?;
            *failures = 0;
            if read == PAGE && progress.under_way() < UNDER_WAY {
                continue;
            }
            tokio::select! {
                () = stop.cancelled() => return self.end(progress).await,
                Some(finished) = self.done.recv() => self.finish(progress, &finished),
                () = written(&mut writes), if progress.under_way() < UNDER_WAY => {}
            }
        }
    }

    /// What the lanes are at is finished and kept: it need not come again.
    async fn end(&mut self, progress: &mut Progress) -> Result<(), EngineError> {
        while let Some(finished) = self.done.recv().await {
            self.finish(progress, &finished);
        }
        self.keep(progress).await
    }

    async fn keep(&self, progress: &mut Progress) -> Result<(), EngineError> {
        let Some(position) = progress.moved() else { return Ok(()) };
        let kept = self.engine.advance(&self.mapping.name, &self.mapping.table, &position).await;
        kept.inspect_err(|_| progress.not_kept())
    }

    /// Reads one page and hands it on; answers how many records it had.
    async fn read(&mut self, progress: &mut Progress) -> Result<usize, EngineError> {
        if progress.under_way() >= UNDER_WAY {
            return Ok(0);
        }
        let records = self.engine.records_after(&self.mapping.table, progress.read(), PAGE).await?;
        let read = records.len();
        for record in records {
            let deliveries = if self.filter.passes(&record) { self.deliveries() } else { 0 };
            progress.start(sequence_number(&record), deliveries);
            for _ in 0..deliveries {
                self.hand_on(&record);
            }
        }
        Ok(read)
    }

    fn deliveries(&self) -> usize {
        if self.faults.delivers_twice() { 2 } else { 1 }
    }

    fn hand_on(&mut self, record: &Value) {
        let lane = if self.faults.shards_are_split() {
            self.turn += 1;
            self.turn % self.lanes.len()
        } else {
            lane_of(record, self.mapping.parallel)
        };
        // A lane is gone only when everything stops; the record is then delivered after the next start.
        let _ = self.lanes[lane].send(as_lambda_sees_it(record, &self.mapping.table));
    }

    fn finish(&mut self, progress: &mut Progress, finished: &[String]) {
        for number in finished {
            progress.finish(number);
        }
        while let Ok(more) = self.done.try_recv() {
            for number in &more {
                progress.finish(number);
            }
        }
    }
}

async fn written(writes: &mut watch::Receiver<u64>) {
    // An error means that the store has stopped; the next read says so.
    let _ = tokio::time::timeout(FALLBACK, writes.changed()).await;
}

fn lane_of(record: &Value, lanes: usize) -> usize {
    let mut hasher = DefaultHasher::new();
    record["dynamodb"]["Keys"]["pk"].to_string().hash(&mut hasher);
    usize::try_from(hasher.finish() % lanes.max(1) as u64).unwrap_or_default()
}

fn as_lambda_sees_it(record: &Value, table: &str) -> Value {
    let mut record = record.clone();
    record["awsRegion"] = json!(REGION);
    record["eventSourceARN"] = json!(format!("{}/stream/local", table_arn(table)));
    record
}
