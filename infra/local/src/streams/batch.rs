//! The fate of one batch: partial failures, halving, retries, giving up. As Lambda's event source mapping
//! does it.

use std::collections::VecDeque;
use std::time::Duration;

use porchlight_domain::time::Timestamp;
use porchlight_edge::Clock;
use porchlight_engine::template::StreamMapping;
use porchlight_engine::{DeadLetter, Engine};
use serde_json::{Value, json};

use crate::invoker::{InvokeError, Invoker};

/// How long the first repetition waits; each further one twice as long, up to the longest.
#[derive(Clone, Copy, Debug)]
pub struct Backoff {
    /// Before the first repetition.
    pub first: Duration,
    /// Before any.
    pub longest: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { first: Duration::from_millis(200), longest: Duration::from_secs(10) }
    }
}

impl Backoff {
    pub(super) fn before(self, attempt: u32) -> Duration {
        self.first.saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1))).min(self.longest)
    }
}

/// Delivers batches of one mapping.
pub(super) struct Deliverer {
    pub(super) mapping: StreamMapping,
    pub(super) invoker: Invoker,
    pub(super) engine: Engine,
    pub(super) clock: Clock,
    pub(super) backoff: Backoff,
}

/// Records that are delivered together.
struct Batch {
    records: Vec<Value>,
    /// Failed attempts so far.
    attempts: u32,
}

enum Outcome {
    Done,
    /// The record at this index failed, and with it those after it.
    FailedFrom(usize),
    FailedWhole,
}

impl Deliverer {
    /// Returns when every record was taken, or given up.
    pub(super) async fn deliver(&self, records: Vec<Value>) {
        let mut waiting = VecDeque::from([Batch { records, attempts: 0 }]);
        while let Some(batch) = waiting.pop_front() {
            if batch.records.is_empty() {
                continue;
            }
            if self.is_too_old(&batch) {
                self.give_up(&batch, "MaximumRecordAgeExceeded").await;
                continue;
            }
            match self.attempt(&batch).await {
                Outcome::Done => {}
                Outcome::FailedFrom(index) => self.again_from(batch, index, &mut waiting).await,
                Outcome::FailedWhole => self.again(batch, &mut waiting).await,
            }
        }
    }

    async fn attempt(&self, batch: &Batch) -> Outcome {
        match self.invoker.invoke(json!({ "Records": batch.records })).await {
            Ok(answer) if self.mapping.partial_failures => outcome(&batch.records, &answer),
            Ok(_) => Outcome::Done,
            Err(error) => {
                self.log_failure(batch, &error);
                Outcome::FailedWhole
            }
        }
    }

    fn log_failure(&self, batch: &Batch, error: &InvokeError) {
        let (consumer, records, attempt) = (&self.mapping.name, batch.records.len(), batch.attempts + 1);
        tracing::warn!(consumer, records, attempt, %error, "a stream batch failed");
    }

    /// Those before the failed record are done; what is left begins with it.
    async fn again_from(&self, mut batch: Batch, index: usize, waiting: &mut VecDeque<Batch>) {
        let left = batch.records.split_off(index);
        let attempts = if index == 0 { batch.attempts } else { 0 };
        self.again(Batch { records: left, attempts }, waiting).await;
    }

    /// Halving does not count as an attempt.
    async fn again(&self, mut batch: Batch, waiting: &mut VecDeque<Batch>) {
        if self.mapping.bisect && batch.records.len() > 1 {
            let second = batch.records.split_off(batch.records.len() / 2);
            waiting.push_front(Batch { records: second, attempts: batch.attempts });
            waiting.push_front(batch);
            return;
        }
        batch.attempts += 1;
        if self.mapping.retries.is_some_and(|retries| batch.attempts > retries) {
            self.give_up(&batch, "RetryAttemptsExhausted").await;
            return;
        }
        tokio::time::sleep(self.backoff.before(batch.attempts)).await;
        waiting.push_front(batch);
    }

    fn is_too_old(&self, batch: &Batch) -> bool {
        let created =
            batch.records[0]["dynamodb"]["ApproximateCreationDateTime"].as_f64().unwrap_or_default();
        let now =
            Duration::from_millis(u64::try_from(self.clock.now().millis()).unwrap_or_default()).as_secs_f64();
        self.mapping.maximum_age.is_some_and(|age| now - created > age.as_secs_f64())
    }

    async fn give_up(&self, batch: &Batch, reason: &str) {
        let letter = self.dead_letter(&batch.records, reason, self.clock.now());
        tracing::error!(
            consumer = letter.consumer,
            records = letter.records,
            first = letter.first_sequence_number,
            last = letter.last_sequence_number,
            reason,
            "stream records were given up; the dead letter keeps where they were"
        );
        if let Err(error) = self.engine.keep_dead_letter(letter).await {
            tracing::error!(%error, "a dead letter could not be kept");
        }
    }

    fn dead_letter(&self, records: &[Value], reason: &str, now: Timestamp) -> DeadLetter {
        let number = |record: Option<&Value>| record.map(sequence_number).unwrap_or_default().to_owned();
        DeadLetter {
            queue: self.mapping.dead_letters.clone().unwrap_or_default(),
            consumer: self.mapping.name.clone(),
            table: self.mapping.table.clone(),
            first_sequence_number: number(records.first()),
            last_sequence_number: number(records.last()),
            records: records.len(),
            reason: reason.to_owned(),
            at: now.to_string(),
        }
    }
}

/// The first record that failed counts; a name that is not in the batch fails all of it.
fn outcome(records: &[Value], answer: &Value) -> Outcome {
    let failures = answer["batchItemFailures"].as_array().map_or(&[][..], Vec::as_slice);
    let indexes: Option<Vec<usize>> = failures
        .iter()
        .map(|failure| {
            let name = failure["itemIdentifier"].as_str()?;
            records.iter().position(|record| sequence_number(record) == name)
        })
        .collect();
    match indexes.map(|indexes| indexes.into_iter().min()) {
        None => Outcome::FailedWhole,
        Some(None) => Outcome::Done,
        Some(Some(first)) => Outcome::FailedFrom(first),
    }
}

/// Names a record within its stream.
pub(super) fn sequence_number(record: &Value) -> &str {
    record["dynamodb"]["SequenceNumber"].as_str().unwrap_or_default()
}
