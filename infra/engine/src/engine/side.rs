//! The second connection: indexes on the engine's stream records, trimming, and our own small tables.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;
use serde_json::Value;

use super::EngineError;
use super::streams::Consumer;

/// A connection beside the engine's own, used on the engine's thread only.
pub(super) struct Side {
    pub(super) connection: Connection,
}

/// Without these every streamed write and every read of a stream looks through all records that are kept.
const INDEXES: &str = "
    CREATE INDEX IF NOT EXISTS _porchlight_records
        ON _stream_records(table_name, CAST(sequence_number AS INTEGER));
    CREATE INDEX IF NOT EXISTS _porchlight_shard_records
        ON _stream_records(table_name, shard_id, CAST(sequence_number AS INTEGER));
    CREATE TABLE IF NOT EXISTS _porchlight_positions (
        consumer TEXT PRIMARY KEY,
        table_name TEXT NOT NULL,
        position INTEGER NOT NULL
    );
    CREATE TABLE IF NOT EXISTS _porchlight_dead_letters (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        queue TEXT NOT NULL,
        consumer TEXT NOT NULL,
        table_name TEXT NOT NULL,
        first_sequence_number TEXT NOT NULL,
        last_sequence_number TEXT NOT NULL,
        records INTEGER NOT NULL,
        reason TEXT NOT NULL,
        at TEXT NOT NULL
    );";

/// How a table is made, as the engine notes it. Asked for by `DescribeTable` it counts all that the table holds.
pub(super) struct Made {
    pub key_schema: Value,
    /// `AttributeDefinitions`.
    pub attributes: Value,
    pub indexes: Vec<Value>,
    /// `StreamViewType`, when it has a stream.
    pub stream: Option<String>,
}

/// Records that a stream consumer gave up: where they were, not what they held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeadLetter {
    /// ARN of the queue that the template names.
    pub queue: String,
    /// Function and event, such as `Index/Conversations`.
    pub consumer: String,
    /// Whose stream.
    pub table: String,
    /// First record.
    pub first_sequence_number: String,
    /// Last record.
    pub last_sequence_number: String,
    /// How many.
    pub records: usize,
    /// `RetryAttemptsExhausted` or `MaximumRecordAgeExceeded`, as on AWS.
    pub reason: String,
    /// When, RFC 3339.
    pub at: String,
}

impl Side {
    pub(super) fn open(name: &str) -> rusqlite::Result<Self> {
        let connection = Connection::open(name)?;
        connection.busy_timeout(std::time::Duration::from_secs(5))?;
        // Positions may be lost with the power, never with the process; a record is then delivered again.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.execute_batch(INDEXES)?;
        Ok(Self { connection })
    }

    pub(super) fn register(&self, consumers: &[Consumer]) -> Result<(), EngineError> {
        let known: Vec<&str> = consumers.iter().map(|consumer| consumer.name.as_str()).collect();
        let known = serde_json::json!(known).to_string();
        self.connection.execute(
            "DELETE FROM _porchlight_positions WHERE consumer NOT IN (SELECT value FROM json_each(?1))",
            [known],
        )?;
        for consumer in consumers {
            let start = if consumer.from_now_on { self.newest(&consumer.table)? } else { 0 };
            self.connection.execute(
                "INSERT OR IGNORE INTO _porchlight_positions (consumer, table_name, position) VALUES (?1, ?2, ?3)",
                params![consumer.name, consumer.table, start],
            )?;
        }
        Ok(())
    }

    fn newest(&self, table: &str) -> rusqlite::Result<i64> {
        let newest = "SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) FROM _stream_records WHERE table_name = ?1";
        self.connection.query_row(newest, [table], |row| row.get(0))
    }

    pub(super) fn position(&self, consumer: &str) -> rusqlite::Result<i64> {
        let position = "SELECT position FROM _porchlight_positions WHERE consumer = ?1";
        self.connection.query_row(position, [consumer], |row| row.get(0))
    }

    pub(super) fn advance(&self, consumer: &str, position: i64) -> rusqlite::Result<()> {
        let mut statement = self
            .connection
            .prepare_cached("UPDATE _porchlight_positions SET position = ?2 WHERE consumer = ?1")?;
        statement.execute(params![consumer, position]).map(drop)
    }

    /// Deletes records that every consumer of the table has passed. The newest stays: the engine numbers the
    /// next record after it, whatever the clock says.
    pub(super) fn trim(&self, table: &str) -> rusqlite::Result<usize> {
        let mut statement = self.connection.prepare_cached(
            "DELETE FROM _stream_records WHERE id IN (
                SELECT id FROM _stream_records
                WHERE table_name = ?1
                  AND CAST(sequence_number AS INTEGER) <= (
                    SELECT COALESCE(MIN(position), ?2) FROM _porchlight_positions WHERE table_name = ?1)
                  AND CAST(sequence_number AS INTEGER) < ?2
                ORDER BY CAST(sequence_number AS INTEGER) LIMIT 1000)",
        )?;
        statement.execute(params![table, self.newest(table)?])
    }

    pub(super) fn forget_records(&self) -> rusqlite::Result<()> {
        let newest = "SELECT MAX(id) FROM _stream_records GROUP BY table_name";
        self.connection
            .execute(&format!("DELETE FROM _stream_records WHERE id NOT IN ({newest})"), [])
            .map(drop)
    }

    /// How a table is made; none for one that is not there.
    pub(super) fn made(&self, table: &str) -> rusqlite::Result<Option<Made>> {
        let made = "SELECT key_schema, attribute_definitions, COALESCE(gsi_definitions, '[]'), stream_enabled, stream_view_type
            FROM _tables WHERE table_name = ?1";
        let read = |row: &Row<'_>| {
            let streams: bool = row.get(3)?;
            Ok(Made {
                key_schema: parsed(&row.get::<_, String>(0)?),
                attributes: parsed(&row.get::<_, String>(1)?),
                indexes: parsed(&row.get::<_, String>(2)?).as_array().cloned().unwrap_or_default(),
                stream: row.get::<_, Option<String>>(4)?.filter(|_| streams),
            })
        };
        self.connection.query_row(made, [table], read).optional()
    }

    pub(super) fn forget_table(&self, table: &str) -> rusqlite::Result<()> {
        self.connection.execute("DELETE FROM _stream_records WHERE table_name = ?1", [table])?;
        self.connection
            .execute("UPDATE _porchlight_positions SET position = 0 WHERE table_name = ?1", [table])?;
        Ok(())
    }

    pub(super) fn keep(&self, letter: &DeadLetter) -> rusqlite::Result<()> {
        let keep = "INSERT INTO _porchlight_dead_letters (queue, consumer, table_name, first_sequence_number,
            last_sequence_number, records, reason, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let DeadLetter {
            queue,
            consumer,
            table,
            first_sequence_number,
            last_sequence_number,
            records,
            reason,
            at,
        } = letter;
        let records = i64::try_from(*records).unwrap_or(i64::MAX);
        self.connection.execute(
            keep,
            params![queue, consumer, table, first_sequence_number, last_sequence_number, records, reason, at],
        )?;
        Ok(())
    }

    pub(super) fn dead_letters(&self) -> rusqlite::Result<Vec<DeadLetter>> {
        let mut statement = self.connection.prepare(
            "SELECT queue, consumer, table_name, first_sequence_number, last_sequence_number, records, reason, at
             FROM _porchlight_dead_letters ORDER BY id",
        )?;
        let letters = statement.query_map([], |row| {
            Ok(DeadLetter {
                queue: row.get(0)?,
                consumer: row.get(1)?,
                table: row.get(2)?,
                first_sequence_number: row.get(3)?,
                last_sequence_number: row.get(4)?,
                records: usize::try_from(row.get::<_, i64>(5)?).unwrap_or_default(),
                reason: row.get(6)?,
                at: row.get(7)?,
            })
        })?;
        letters.collect()
    }
}

/// What the engine wrote itself.
fn parsed(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_default()
}
