//! The embedded engine: dynoxide, pinned, and everything that must be known about it.
//!
//! One thread owns the engine that writes and a second connection to the same file; whoever wants something written
//! sends it a job and awaits the answer, which comes after a flush ([`flusher`]). The second connection closes the traps: indexes on the stream records, their
//! trimming, and our own small tables beside them.
//!
//! Reads of a file go on connections of their own, beside the writer, and on the thread that asks: what is read lies in
//! memory, as a rule, and is read sooner than it is handed to a thread and back. A whole table is read on a thread for
//! what takes long. A store in memory has one connection for both: shared, it would refuse readers while it is written.
//!
//! # Layout
//!
//! [`dispatch`] calls the method for an operation, [`schema`] knows the private tables, [`tables`] makes what
//! the template declares, [`packed`] how their items lie in the file and how many are loaded, [`side`] is the second connection, [`readers`] are the others, [`rows`] what they read without the engine, [`range`] how much of a partition,
//! [`streams`] reads and trims stream records.

mod dispatch;
mod flusher;
mod packed;
mod range;
mod readers;
mod rows;
mod schema;
mod side;
mod streams;
mod tables;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::{Duration, Instant};

use dynoxide::{Database, DynoxideError};
use porchlight_calls::CALL_LASTS;
use tokio::sync::{oneshot, watch};

use crate::call::Call;
use crate::template::TableSpec;
use flusher::{Flush, Flusher};
use readers::Readers;
use side::Side;

pub use packed::Loading;
pub(crate) use range::Range;
pub(crate) use rows::{KeyNames, Rows, Stored};
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
    /// The disk did not take what was written.
    #[error("the store's file cannot be flushed: {0}")]
    Unflushed(Arc<std::io::Error>),
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
    /// One after the other, and flushed before it is answered.
    Write,
    /// One after the other; a later flush serves it as well.
    TrailingWrite,
}

type Job = Box<dyn FnOnce(&mut Room) + Send>;

/// Stores of this process whose threads have not ended.
static OPEN: (Mutex<usize>, Condvar) = (Mutex::new(0), Condvar::new());

fn open_stores() -> MutexGuard<'static, usize> {
    OPEN.0.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits, for a while, until the stores whose last handle is gone are closed: a process that ends before leaves a WAL
/// beside its file, to be mixed up with another file that is put there.
pub fn wait_until_closed() {
    const A_WHILE: Duration = Duration::from_secs(2);
    drop(OPEN.1.wait_timeout_while(open_stores(), A_WHILE, |open| *open > 0));
}

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
    file: Option<Arc<InFile>>,
    writes: Arc<Writes>,
}

/// What a store in a file has besides.
struct InFile {
    readers: Readers,
    flusher: Flusher,
}

type Listener = Box<dyn Fn(&str) + Send + Sync>;

/// Who is told of writes.
#[derive(Default)]
pub(crate) struct Writes {
    tables: Mutex<HashMap<String, watch::Sender<u64>>>,
    listeners: Mutex<Vec<Listener>>,
}

impl Engine {
    /// Opens the file at `path`, or makes it.
    pub fn open(path: &Path) -> Result<Self, EngineError> {
        Self::open_with(path, |flush| flush)
    }

    fn open_with(path: &Path, flushing: impl FnOnce(Flush) -> Flush) -> Result<Self, EngineError> {
        schema::check_before(path)?;
        let unreadable = |reason: String| EngineError::Unreadable { path: path.to_owned(), reason };
        let name = path.to_str().ok_or_else(|| unreadable("its name is not UTF-8".to_owned()))?;
        let database = Database::new(name).map_err(|e| unreadable(e.to_string()))?;
        let side = Side::open(name).map_err(|e| unreadable(e.to_string()))?;
        schema::check_after(&side.connection, path)?;
        commit_without_flush(&database)?;
        let flush = flusher::wal_of(path).map_err(|e| unreadable(e.to_string()))?;
        let in_file = InFile { readers: Readers::open(name)?, flusher: Flusher::start(flushing(flush)) };
        Ok(Self::start(database, side, Some(in_file)))
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

    fn start(database: Database, side: Side, file: Option<InFile>) -> Self {
        let (jobs, inbox) = mpsc::channel::<Job>();
        let mut room = Room { database: database.clone(), side };
        *open_stores() += 1;
        let work = move || {
            for job in inbox {
                job(&mut room);
            }
            drop(room);
            *open_stores() -= 1;
            OPEN.1.notify_all();
        };
        std::thread::Builder::new()
            .name("store".to_owned())
            .spawn(work)
            .expect("a process can start a thread");
        Self { jobs, database, file: file.map(Arc::new), writes: Arc::default() }
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

    /// One call of the tables, as a value, with what it may read without the engine; `committed` hears of a write as soon as others can read it.
    pub(crate) async fn carry_out<T: Send + 'static>(
        &self,
        turn: Turn,
        call: impl FnOnce(&Database, Option<&Rows>) -> Result<T, DynoxideError> + Send + 'static,
        committed: impl FnOnce() + Send + 'static,
    ) -> Result<Result<T, DynoxideError>, EngineError> {
        if matches!(turn, Turn::Read | Turn::LongRead) {
            return self.read(turn, call).await;
        }
        let asked = Instant::now();
        let in_turn = move |room: &mut Room| {
            // One that had to wait for its turn until nobody counts on it is not begun.
            if asked.elapsed() >= CALL_LASTS {
                return (Err(EngineError::Late), false);
            }
            let done = call(&room.database, None).inspect(|_| committed());
            let flushed = turn == Turn::Write && done.is_ok();
            (Ok(done), flushed)
        };
        self.write(in_turn).await?
    }

    /// Beside the writer, if this is a file.
    async fn read<T: Send + 'static>(
        &self,
        turn: Turn,
        read: impl FnOnce(&Database, Option<&Rows>) -> T + Send + 'static,
    ) -> Result<T, EngineError> {
        match (&self.file, turn) {
            (None, _) => self.run(move |room| read(&room.database, None)).await,
            (Some(file), Turn::LongRead) => {
                let file = Arc::clone(file);
                let read = tokio::task::spawn_blocking(move || file.readers.read(read)).await;
                read.map_err(|_| EngineError::Stopped)?
            }
            (Some(file), _) => file.readers.read(read),
        }
    }

    /// Runs `job` on the engine's thread; when it says so, its answer comes after a flush.
    async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Room) -> (T, bool) + Send + 'static,
    ) -> Result<T, EngineError> {
        let Some(file) = &self.file else { return Ok(self.run(job).await?.0) };
        let flusher = file.flusher.clone();
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |room| {
            flusher.begin();
            let (done, is_to_be_safe) = job(room);
            // A caller that stopped waiting does not undo the job.
            let give = move |flushed: Result<(), EngineError>| drop(answer.send(flushed.map(|()| done)));
            if is_to_be_safe {
                flusher.then(Box::new(give));
            } else {
                flusher.let_go();
                give(Ok(()));
            }
        });
        self.jobs.send(job).map_err(|_| EngineError::Stopped)?;
        answered.await.map_err(|_| EngineError::Stopped)?
    }

    /// Returns when everything that can be read by now is flushed: somebody outside is about to be told of it.
    pub async fn settled(&self) -> Result<(), EngineError> {
        match &self.file {
            Some(file) => file.flusher.all().await,
            None => Ok(()),
        }
    }

    /// One request of the DynamoDB API: HTTP status and JSON.
    pub(crate) async fn call(&self, operation: String, body: Vec<u8>) -> Result<(u16, Vec<u8>), EngineError> {
        let changes_tables = dispatch::changes_tables(&operation);
        let job = move |room: &mut Room| {
            let answer = room.answer(&operation, &body);
            let flushed = answer.0 == 200 && !dispatch::only_reads(&operation);
            (answer, flushed)
        };
        let answer = self.write(job).await;
        if changes_tables {
            self.read_anew()?;
        }
        answer
    }

    /// Readers keep in mind how the tables are made.
    fn read_anew(&self) -> Result<(), EngineError> {
        self.file.as_ref().map_or(Ok(()), |file| file.readers.open_anew())
    }

    /// Makes the tables and indexes that are declared and not there yet; drops indexes that are no longer
    /// declared. What is stored stays.
    pub async fn apply(&self, tables: Vec<TableSpec>) -> Result<(), EngineError> {
        let apply = move |room: &mut Room| tables.iter().try_for_each(|spec| tables::apply(room, spec));
        let applied = self.run(apply).await;
        self.read_anew()?;
        applied?
    }

    /// Deletes what has expired; answers how much.
    pub async fn sweep_expired(&self) -> Result<usize, EngineError> {
        if self.file.is_none() {
            return Ok(self.run(|room| room.database.sweep_ttl()).await??);
        }
        // Page by page beside the engine's thread: the engine hands its lock to waiting requests in between.
        let database = self.database.clone();
        let swept = tokio::task::spawn_blocking(move || database.sweep_ttl()).await;
        Ok(swept.map_err(|_| EngineError::Stopped)??)
    }

    /// Counts the writes of `table` from now on.
    pub fn watch(&self, table: &str) -> watch::Receiver<u64> {
        self.writes.sender(table).subscribe()
    }

    /// Calls `listener` with the table's name after each successful write.
    pub fn on_write(&self, listener: impl Fn(&str) + Send + Sync + 'static) {
        self.writes.listeners.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(listener));
    }

    /// Who is told of what is written.
    pub(crate) fn writes(&self) -> Arc<Writes> {
        Arc::clone(&self.writes)
    }
}

/// Commits do not flush any more: the way back from loading leaves the connection so.
fn commit_without_flush(database: &Database) -> Result<(), EngineError> {
    database.enable_bulk_loading()?;
    Ok(database.disable_bulk_loading()?)
}

impl Writes {
    /// Tells whoever watches of what a successful call wrote.
    pub(crate) fn tell(&self, call: &Call) {
        call.written_tables().into_iter().for_each(|table| self.written(table));
    }

    fn written(&self, table: &str) {
        self.sender(table).send_modify(|writes| *writes = writes.wrapping_add(1));
        for listener in self.listeners.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            listener(table);
        }
    }

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
        let answer = if dispatch::changes_tables(operation) {
            tables::change(self, operation, body)
        } else {
            dispatch::call(&self.database, operation, body)
        };
        match answer {
            Ok(answer) => (200, answer),
            Err(error) => (error.status_code(), error.to_json().into_bytes()),
        }
    }
}

#[cfg(test)]
mod tests;
