//! The folder of everything that is kept. One process at a time works in it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

const DEMO: &str = "demo.json";
const SIMULATOR: &str = "simulator.jsonl";
const FILLING: &str = "filling.unfinished";

/// The folder, held by this process.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    /// Locked as long as it is open.
    _lock: File,
}

/// The folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataFolderError {
    /// Another process works in it.
    #[error("another porchlight is running on the data folder {}", .0.display())]
    Taken(PathBuf),
    /// It cannot be made or written.
    #[error("the data folder {} cannot be used: {source}", path.display())]
    Unusable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl DataFolder {
    /// Makes the folder, private to its owner, when it is not there; then holds it.
    pub fn open(path: &Path) -> Result<Self, DataFolderError> {
        let unusable = |source| DataFolderError::Unusable { path: path.to_owned(), source };
        make_private_folder(path).map_err(unusable)?;
        let lock = File::create(path.join("porchlight.lock")).map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => {
                discard_half_made(path).map_err(unusable)?;
                // What SQLite keeps beside its file gets the same permissions.
                private_file().open(store_in(path)).map_err(unusable)?;
                Ok(Self { path: path.to_owned(), _lock: lock })
            }
            Err(TryLockError::WouldBlock) => Err(DataFolderError::Taken(path.to_owned())),
            Err(TryLockError::Error(source)) => Err(unusable(source)),
        }
    }

    /// The store.
    pub fn store(&self) -> PathBuf {
        store_in(&self.path)
    }

    /// Credentials.
    pub fn secrets(&self) -> PathBuf {
        self.path.join("secrets.json")
    }

    /// The demo's sign-ins.
    pub fn demo(&self) -> PathBuf {
        demo_in(&self.path)
    }

    /// What the simulator remembers.
    pub fn simulator(&self) -> PathBuf {
        self.path.join(SIMULATOR)
    }

    /// There while an empty store is filled; whoever finds it later discards the half that was written.
    pub fn filling(&self) -> Marker {
        Marker(self.path.join(FILLING))
    }

    /// There while derived data is dropped and made again.
    pub fn rebuilding(&self) -> Marker {
        Marker(self.path.join("rebuild.unfinished"))
    }
}

/// A file that says that something was begun and has not ended.
#[derive(Debug)]
pub struct Marker(PathBuf);

impl Marker {
    /// It begins.
    pub fn begin(&self) -> io::Result<()> {
        write_private(&self.0, "")
    }

    /// It has ended.
    pub fn end(&self) -> io::Result<()> {
        remove(&self.0)
    }

    /// Whether it was begun and has not ended.
    pub fn is_there(&self) -> bool {
        self.0.exists()
    }
}

/// Only an empty store is filled, and nothing runs on it meanwhile: nobody knows yet of what was written.
fn discard_half_made(folder: &Path) -> io::Result<()> {
    let filling = Marker(folder.join(FILLING));
    if !filling.is_there() {
        return Ok(());
    }
    tracing::warn!("an earlier start was interrupted while it filled the empty store: beginning anew");
    let store = store_in(folder);
    for suffix in ["-wal", "-shm", "-journal", ""] {
        remove(Path::new(&format!("{}{suffix}", store.display())))?;
    }
    for name in [SIMULATOR, DEMO] {
        remove(&folder.join(name))?;
    }
    filling.end()
}

fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The demo's sign-ins in a data folder that is not held.
pub fn demo_in(folder: &Path) -> PathBuf {
    folder.join(DEMO)
}

/// The store in a data folder that is not held.
pub fn store_in(folder: &Path) -> PathBuf {
    folder.join("porchlight.db")
}

/// Writes a file that only its owner may read: whole, or not at all.
pub fn write_private(path: &Path, content: &str) -> io::Result<()> {
    use std::io::Write as _;
    let beside = path.with_extension("new");
    let mut file = private_file().truncate(true).open(&beside)?;
    file.write_all(content.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&beside, path)
}

/// Opens a file for writing; only its owner may read it when this makes it.
fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn make_private_folder(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_held_by_one_process_at_a_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let held = DataFolder::open(&folder.path().join("data")).expect("it is free");
        let refused = DataFolder::open(&folder.path().join("data"));
        assert!(matches!(refused, Err(DataFolderError::Taken(_))));
        drop(held);
        assert!(DataFolder::open(&folder.path().join("data")).is_ok());
    }

    #[test]
    fn a_store_that_was_half_filled_is_discarded_and_no_other() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path();
        let fill = |held: &DataFolder| {
            std::fs::write(held.store(), "half a store").expect("a file");
            std::fs::write(held.simulator(), "half a past").expect("a file");
        };
        let held = DataFolder::open(path).expect("it is free");
        held.filling().begin().expect("a marker");
        fill(&held);
        drop(held);
        let held = DataFolder::open(path).expect("it is free");
        assert_eq!(std::fs::read(held.store()).expect("a new store"), b"");
        assert!(!held.simulator().exists() && !held.filling().is_there());
        fill(&held);
        drop(held);
        let held = DataFolder::open(path).expect("it is free");
        assert_eq!(std::fs::read(held.store()).expect("a store"), b"half a store");
    }

    #[cfg(unix)]
    #[test]
    fn private_files_are_private() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("secrets.json");
        write_private(&path, "{}").expect("a file");
        assert_eq!(path.metadata().expect("metadata").permissions().mode() & 0o777, 0o600);
    }
}
