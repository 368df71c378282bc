//! Connections that only read, beside the writer's: in a file (WAL) neither waits for the other, and what was
//! committed a moment ago is seen.

use std::sync::{Mutex, MutexGuard, PoisonError};

use dynoxide::Database;

use super::{EngineError, Rows};

/// As many as usually read at once. One more is opened when it is needed, which waits for the writer's transaction.
const OPEN: usize = 4;

/// Connections of one file that nobody reads on just now.
pub(super) struct Readers {
    path: String,
    idle: Mutex<Idle>,
}

/// What one reads with: the engine, and beside it.
struct Reader {
    database: Database,
    rows: Rows,
}

impl Reader {
    fn open(path: &str) -> Result<Self, EngineError> {
        Ok(Self { database: Database::new(path)?, rows: Rows::open(path)? })
    }
}

/// A connection keeps in mind how the tables are made: those from before a change are not used again.
#[derive(Default)]
struct Idle {
    generation: u64,
    readers: Vec<Reader>,
}

impl Readers {
    pub(super) fn open(path: &str) -> Result<Self, EngineError> {
        let idle = Idle { generation: 0, readers: readers(path)? };
        Ok(Self { path: path.to_owned(), idle: Mutex::new(idle) })
    }

    /// Reads on a connection that nobody else has meanwhile.
    pub(super) fn read<T>(&self, read: impl FnOnce(&Database, Option<&Rows>) -> T) -> Result<T, EngineError> {
        let (generation, reader) = self.take();
        let reader = match reader {
            Some(reader) => reader,
            None => Reader::open(&self.path)?,
        };
        let answer = read(&reader.database, Some(&reader.rows));
        let mut idle = self.idle();
        if idle.generation == generation {
            idle.readers.push(reader);
        }
        Ok(answer)
    }

    /// The tables are made otherwise now.
    pub(super) fn open_anew(&self) -> Result<(), EngineError> {
        let readers = readers(&self.path)?;
        let mut idle = self.idle();
        *idle = Idle { generation: idle.generation + 1, readers };
        Ok(())
    }

    fn take(&self) -> (u64, Option<Reader>) {
        let mut idle = self.idle();
        (idle.generation, idle.readers.pop())
    }

    fn idle(&self) -> MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn readers(path: &str) -> Result<Vec<Reader>, EngineError> {
    (0..OPEN).map(|_| Reader::open(path)).collect()
}
