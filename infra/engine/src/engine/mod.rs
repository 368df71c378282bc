//! The embedded engine: dynoxide, pinned, and everything that must be known about it.
//!
//! One thread owns the engine that writes and a second connection to the same file; whoever wants something written
//! sends it a job and awaits the answer. The second connection closes the traps: indexes on the stream records, their
//! trimming, and our own small tables beside them.
//!
//! Reads of a file go on connections of their own, beside the writer, and on the thread that asks: what is read lies in
//! memory, as a rule, and is read sooner than it is handed to a thread and back. A whole table is read on a thread for
//! what takes long. A store in memory has one connection for both: shared, it would refuse readers while it is written.
//!
//! # Layout
//!
//! [`dispatch`] calls the method for an operation, [`schema`] knows the private tables, [`tables`] makes what
//! the template declares, [`side`] is the second connection, [`readers`] are the others, [`streams`] reads and trims
//! stream records.

mod dispatch;
mod readers;
mod schema;
mod side;
mod streams;
mod tables;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Instant;

use dynoxide::{Database, DynoxideError};
use porchlight_calls::CALL_LASTS;
use tokio::sync::{oneshot, watch};

use crate::call::Call;
use crate::template::TableSpec;
use readers::Readers;
use side::Side;

pub use side::DeadLetter;
pub use streams::{Consumer, TableSize};

/// The engine cannot do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The file is no database, or a broken one.
    #[error(
        "{} cannot be read as a database ({reason}): restore it from a copy, or move it away to begin anew",
        path.display()
    )]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What SQLite says.
        reason: String,
    },
    /// The file's private tables are not those that this program was written for.
    #[error("{} has a layout this program does not know ({found}): it was left as it was", path.display())]
    UnknownSchema {
        /// Which file.
        path: PathBuf,
        /// What was found.
        found: String,
    },
    /// The engine refused.
    #[error("the store refused: {0}")]
    Refused(#[from] DynoxideError),
    /// The second connection failed.
    #[error("the store's file failed: {0}")]
    File(#[from] rusqlite::Error),
    /// A table cannot become what the template declares.
    #[error("table {table}: {reason}")]
    Table {
        /// Which.
        table: String,
        /// Why.
        reason: String,
    },
    /// The call's turn came too late.
    #[error("no answer from the store in time")]
    Late,
    /// The engine's thread has ended.
    #[error("the store has stopped")]
    Stopped,
}

/// How a call takes its turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Beside the writer.
    Read,
    /// The same, and it may take long.
    LongRead,
    /// One after the other.
    Write,
}

type Job = Box<dyn FnOnce(&mut Room) + Send>;

/// What the engine's thread owns.
struct Room {
    database: Database,
    side: Side,
}

/// A handle of the engine. Cheap to clone; the last one ends its thread.
#[derive(Clone)]
pub struct Engine {
    jobs: mpsc::Sender<Job>,
    database: Database,
    readers: Option<Arc<Readers>>,
    writes: Arc<Writes>,
}

type Listener = Box<dyn Fn(&str) + Send + Sync>;

/// Who is told of writes.
#[derive(Default)]
struct Writes {
    tables: Mutex<HashMap<String, watch::Sender<u64>>>,
    listeners: Mutex<Vec<Listener>>,
}

impl Engine {
    /// Opens the file at `path`, or makes it.
    pub fn open(path: &Path) -> Result<Self, EngineError> {
        schema::check_before(path)?;
        let unreadable = |reason: String| EngineError::Unreadable { path: path.to_owned(), reason };
        let name = path.to_str().ok_or_else(|| unreadable("its name is not UTF-8".to_owned()))?;
        let database = Database::new(name).map_err(|e| unreadable(e.to_string()))?;
        let side = Side::open(name).map_err(|e| unreadable(e.to_string()))?;
        schema::check_after(&side.connection, path)?;
        Ok(Self::start(database, side, Some(Readers::open(name)?)))
    }

    /// A store that is gone with its last handle. It answers as a file does, and faster.
    pub fn in_memory() -> Result<Self, EngineError> {
        static MADE: AtomicU64 = AtomicU64::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("file:porchlight-{}-{number}?mode=memory&cache=shared", std::process::id());
        let database = Database::new(&name)?;
        let side = Side::open(&name)?;
        Ok(Self::start(database, side, None))
    }

    fn start(database: Database, side: Side, readers: Option<Readers>) -> Self {
        let (jobs, inbox) = mpsc::channel::<Job>();
        let mut room = Room { database: database.clone(), side };
        let work = move || inbox.into_iter().for_each(|job| job(&mut room));
        std::thread::Builder::new()
            .name("store".to_owned())
            .spawn(work)
            .expect("a process can start a thread");
        Self { jobs, database, readers: readers.map(Arc::new), writes: Arc::default() }
    }

    /// Runs `job` on the engine's thread.
    async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Room) -> T + Send + 'static,
    ) -> Result<T, EngineError> {
        let (answer, answered) = oneshot::channel();
        // A caller that stopped waiting does not undo the job.
        let job: Job = Box::new(move |room| drop(answer.send(job(room))));
        self.jobs.send(job).map_err(|_| EngineError::Stopped)?;
        answered.await.map_err(|_| EngineError::Stopped)
    }

    /// One call of the tables, as a value.
    pub(crate) async fn carry_out<T: Send + 'static>(
        &self,
        turn: Turn,
        call: impl FnOnce(&Database) -> T + Send + 'static,
    ) -> Result<T, EngineError> {
        match (&self.readers, turn) {
            (None, _) | (_, Turn::Write) => self.in_turn(call).await,
            (Some(readers), Turn::Read) => readers.read(call),
            (Some(readers), Turn::LongRead) => {
                let readers = Arc::clone(readers);
                let read = tokio::task::spawn_blocking(move || readers.read(call)).await;
                read.map_err(|_| EngineError::Stopped)?
            }
        }
    }

    /// A call that had to wait for its turn until nobody counts on it is not begun.
    async fn in_turn<T: Send + 'static>(
        &self,
        call: impl FnOnce(&Database) -> T + Send + 'static,
    ) -> Result<T, EngineError> {
        let asked = Instant::now();
        let in_turn = move |room: &mut Room| {
            let is_late = asked.elapsed() >= CALL_LASTS;
            if is_late { Err(EngineError::Late) } else { Ok(call(&room.database)) }
        };
        self.run(in_turn).await?
    }

    /// One request of the DynamoDB API: HTTP status and JSON.
    pub(crate) async fn call(&self, operation: String, body: Vec<u8>) -> Result<(u16, Vec<u8>), EngineError> {
        let changes_tables = dispatch::changes_tables(&operation);
        let answer = self.run(move |room| room.answer(&operation, &body)).await;
        if changes_tables {
            self.read_anew()?;
        }
        answer
    }

    /// Readers keep in mind how the tables are made.
    fn read_anew(&self) -> Result<(), EngineError> {
        self.readers.as_ref().map_or(Ok(()), |readers| readers.open_anew())
    }

    /// Makes the tables and indexes that are declared and not there yet; drops indexes that are no longer
    /// declared. What is stored stays.
    pub async fn apply(&self, tables: Vec<TableSpec>) -> Result<(), EngineError> {
        let apply =
            move |room: &mut Room| tables.iter().try_for_each(|spec| tables::apply(&room.database, spec));
        let applied = self.run(apply).await;
        self.read_anew()?;
        applied?
    }

    /// Deletes what has expired; answers how much.
    pub async fn sweep_expired(&self) -> Result<usize, EngineError> {
        if self.readers.is_none() {
            return Ok(self.run(|room| room.database.sweep_ttl()).await??);
        }
        // Page by page beside the engine's thread: the engine hands its lock to waiting requests in between.
        let database = self.database.clone();
        let swept = tokio::task::spawn_blocking(move || database.sweep_ttl()).await;
        Ok(swept.map_err(|_| EngineError::Stopped)??)
    }

    /// Trades durability for speed while an empty store is filled. Afterwards the engine stays less durable than
    /// a fresh one: close it and open it again before anything that matters is written.
    pub async fn load_fast(&self, fast: bool) -> Result<(), EngineError> {
        let change = move |room: &mut Room| {
            if fast { room.database.enable_bulk_loading() } else { room.database.disable_bulk_loading() }
        };
        Ok(self.run(change).await??)
    }

    /// Counts the writes of `table` from now on.
    pub fn watch(&self, table: &str) -> watch::Receiver<u64> {
        self.writes.sender(table).subscribe()
    }

    /// Calls `listener` with the table's name after each successful write.
    pub fn on_write(&self, listener: impl Fn(&str) + Send + Sync + 'static) {
        self.writes.listeners.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(listener));
    }

    /// Tells whoever watches of what a successful call wrote.
    pub(crate) fn wrote(&self, call: &Call) {
        call.written_tables().into_iter().for_each(|table| self.written(table));
    }

    fn written(&self, table: &str) {
        self.writes.sender(table).send_modify(|writes| *writes = writes.wrapping_add(1));
        for listener in self.writes.listeners.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            listener(table);
        }
    }
}

impl Writes {
    fn sender(&self, table: &str) -> watch::Sender<u64> {
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        if !tables.contains_key(table) {
            tables.insert(table.to_owned(), watch::Sender::new(0));
        }
        tables[table].clone()
    }
}

impl Room {
    fn answer(&mut self, operation: &str, body: &[u8]) -> (u16, Vec<u8>) {
        match dispatch::call(&self.database, operation, body) {
            Ok(answer) => {
                self.forget_deleted_table(operation, body);
                (200, answer)
            }
            Err(error) => (error.status_code(), error.to_json().into_bytes()),
        }
    }

    /// The engine leaves a deleted table's stream records, and a table made anew would replay them.
    fn forget_deleted_table(&self, operation: &str, body: &[u8]) {
        if operation != "DeleteTable" {
            return;
        }
        let request: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
        let forgotten = self.side.forget_table(request["TableName"].as_str().unwrap_or_default());
        if let Err(error) = forgotten {
            tracing::warn!(%error, "the stream of a deleted table was left behind");
        }
    }
}

#[cfg(test)]
mod tests;
