//! Connections that only read, beside the writer's: in a file (WAL) neither waits for the other, and what was
//! committed a moment ago is seen.

use std::sync::{Mutex, MutexGuard, PoisonError};

use dynoxide::Database;

use super::EngineError;

/// As many as usually read at once. One more is opened when it is needed, which waits for the writer's transaction.
const OPEN: usize = 4;

/// Connections of one file that nobody reads on just now.
pub(super) struct Readers {
    path: String,
    idle: Mutex<Idle>,
}

/// A connection keeps in mind how the tables are made: those from before a change are not used again.
#[derive(Default)]
struct Idle {
    generation: u64,
    databases: Vec<Database>,
}

impl Readers {
    pub(super) fn open(path: &str) -> Result<Self, EngineError> {
        let idle = Idle { generation: 0, databases: connections(path)? };
        Ok(Self { path: path.to_owned(), idle: Mutex::new(idle) })
    }

    /// Reads on a connection that nobody else has meanwhile.
    pub(super) fn read<T>(&self, read: impl FnOnce(&Database) -> T) -> Result<T, EngineError> {
        let (generation, database) = self.take();
        let database = match database {
            Some(database) => database,
            None => Database::new(&self.path)?,
        };
        let answer = read(&database);
        let mut idle = self.idle();
        if idle.generation == generation {
            idle.databases.push(database);
        }
        Ok(answer)
    }

    /// The tables are made otherwise now.
    pub(super) fn open_anew(&self) -> Result<(), EngineError> {
        let databases = connections(&self.path)?;
        let mut idle = self.idle();
        *idle = Idle { generation: idle.generation + 1, databases };
        Ok(())
    }

    fn take(&self) -> (u64, Option<Database>) {
        let mut idle = self.idle();
        (idle.generation, idle.databases.pop())
    }

    fn idle(&self) -> MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn connections(path: &str) -> Result<Vec<Database>, EngineError> {
    (0..OPEN).map(|_| Ok(Database::new(path)?)).collect()
}
