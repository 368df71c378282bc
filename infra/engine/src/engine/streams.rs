//! Stream records: read from a position, positions kept, what every consumer has passed deleted.

use dynoxide::Database;
use dynoxide::actions::get_records::GetRecordsRequest;
use dynoxide::actions::get_shard_iterator::GetShardIteratorRequest;
use dynoxide::streams::{shard_id, stream_arn};
use serde::Serialize;
use serde_json::Value;

use super::{DeadLetter, Engine, EngineError, Room, Turn};

/// The engine shows its sequence numbers with 21 digits, as AWS does, by adding this.
const SHOWN_OFFSET: u128 = 100_000_000_000_000_000_000;

/// Who reads a stream.
#[derive(Clone, Debug)]
pub struct Consumer {
    /// Function and event, such as `Index/Conversations`.
    pub name: String,
    /// Whose stream.
    pub table: String,
    /// Whether a new consumer begins with what comes, not with what is there.
    pub from_now_on: bool,
}

/// How much a table holds.
#[derive(Clone, Debug, Serialize)]
pub struct TableSize {
    /// Its name.
    pub table: String,
    /// How many items.
    pub items: i64,
    /// Their size.
    pub bytes: u64,
    /// Stream records that are kept.
    pub stream_records: i64,
}

impl Engine {
    /// Makes known who reads streams. Positions of anybody else are forgotten, so that they hold nothing back.
    pub async fn register_consumers(&self, consumers: Vec<Consumer>) -> Result<(), EngineError> {
        self.run(move |room| room.side.register(&consumers)).await?
    }

    /// The sequence number up to which `consumer` is done.
    pub async fn position(&self, consumer: &str) -> Result<String, EngineError> {
        let consumer = consumer.to_owned();
        let position = self.run(move |room| room.side.position(&consumer)).await??;
        Ok(shown(position))
    }

    /// Keeps that `consumer` is done up to `sequence_number`, and deletes what every consumer has passed.
    pub async fn advance(
        &self,
        consumer: &str,
        table: &str,
        sequence_number: &str,
    ) -> Result<(), EngineError> {
        let (consumer, table, position) = (consumer.to_owned(), table.to_owned(), stored(sequence_number));
        self.run(move |room| {
            room.side.advance(&consumer, position)?;
            room.side.trim(&table).map(drop)
        })
        .await??;
        Ok(())
    }

    /// At most `limit` records of `table` after `sequence_number`, as DynamoDB Streams writes them.
    pub async fn records_after(
        &self,
        table: &str,
        sequence_number: &str,
        limit: usize,
    ) -> Result<Vec<Value>, EngineError> {
        let (table, after) = (table.to_owned(), sequence_number.to_owned());
        self.read(Turn::Read, move |database, _| records_after(database, &table, &after, limit)).await?
    }

    /// Deletes all stream records but the newest of each table, which keeps the numbers going.
    pub async fn forget_stream_records(&self) -> Result<(), EngineError> {
        Ok(self.run(|room| room.side.forget_records()).await??)
    }

    /// Keeps a dead letter.
    pub async fn keep_dead_letter(&self, letter: DeadLetter) -> Result<(), EngineError> {
        Ok(self.run(move |room| room.side.keep(&letter)).await??)
    }

    /// All dead letters, oldest first.
    pub async fn dead_letters(&self) -> Result<Vec<DeadLetter>, EngineError> {
        Ok(self.run(|room| room.side.dead_letters()).await??)
    }

    /// How much each table holds.
    pub async fn sizes(&self) -> Result<Vec<TableSize>, EngineError> {
        self.run(|room| room.sizes()).await?
    }
}

impl Room {
    fn sizes(&self) -> Result<Vec<TableSize>, EngineError> {
        let count = "SELECT COUNT(*) FROM _stream_records WHERE table_name = ?1";
        let stats = self.database.table_stats()?;
        stats
            .into_iter()
            .map(|stats| {
                let stream_records =
                    self.side.connection.query_row(count, [&stats.table_name], |row| row.get(0))?;
                Ok(TableSize {
                    table: stats.table_name,
                    items: stats.item_count,
                    bytes: stats.size_bytes,
                    stream_records,
                })
            })
            .collect()
    }
}

fn records_after(
    database: &Database,
    table: &str,
    after: &str,
    limit: usize,
) -> Result<Vec<Value>, EngineError> {
    let from_start = stored(after) == 0;
    let iterator = database.get_shard_iterator(GetShardIteratorRequest {
        stream_arn: stream_arn(table, "local"),
        shard_id: shard_id(table),
        shard_iterator_type: if from_start { "TRIM_HORIZON" } else { "AFTER_SEQUENCE_NUMBER" }.to_owned(),
        sequence_number: (!from_start).then(|| after.to_owned()),
    })?;
    let shard_iterator = iterator.shard_iterator.unwrap_or_default();
    let answer = database.get_records(GetRecordsRequest { shard_iterator, limit: Some(limit) })?;
    let records = serde_json::to_value(answer.records).unwrap_or_default();
    Ok(match records {
        Value::Array(records) => records,
        _ => Vec::new(),
    })
}

fn shown(stored: i64) -> String {
    (SHOWN_OFFSET + u128::from(stored.unsigned_abs())).to_string()
}

fn stored(shown: &str) -> i64 {
    let number = shown.parse::<u128>().ok().and_then(|number| number.checked_sub(SHOWN_OFFSET));
    number.and_then(|number| i64::try_from(number).ok()).unwrap_or_default()
}
