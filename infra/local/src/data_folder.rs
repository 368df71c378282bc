//! The folder of everything that is kept. One process at a time works in it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::parts::{self, Apart};

pub(crate) const STORE: &str = "porchlight.db";
pub(crate) const SECRETS: &str = "secrets.json";
pub(crate) const DEMO: &str = "demo.json";
pub(crate) const SIMULATOR: &str = "simulator.jsonl";
const FILES: &str = "files";
const LOCK: &str = "porchlight.lock";
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
    /// Its parts are not of one making.
    #[error(transparent)]
    Apart(#[from] Apart),
}

impl DataFolder {
    /// Makes the folder, private to its owner, when it is not there; then holds it.
    pub fn open(path: &Path) -> Result<Self, DataFolderError> {
        let unusable = |source| DataFolderError::Unusable { path: path.to_owned(), source };
        make_private_folder(path).map_err(unusable)?;
        let lock = private_file().open(path.join(LOCK)).map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => {
                discard_half_made(path).map_err(unusable)?;
                parts::have_a_store(path)?;
                take_from_others(path).map_err(unusable)?;
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
        self.path.join(SECRETS)
    }

    /// Files of messages: a folder.
    pub fn files(&self) -> PathBuf {
        self.path.join(FILES)
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
    for name in [SIMULATOR, DEMO, SECRETS] {
        remove(&folder.join(name))?;
    }
    match std::fs::remove_dir_all(folder.join(FILES)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    filling.end()
}

/// An earlier program, a copy or a hand may have let others read what is kept.
#[cfg(unix)]
fn take_from_others(folder: &Path) -> io::Result<()> {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;
    let beside = ["-wal", "-shm"].map(|suffix| format!("{STORE}{suffix}"));
    for name in [STORE, SECRETS, DEMO, SIMULATOR, LOCK].into_iter().chain(beside.iter().map(String::as_str)) {
        let path = folder.join(name);
        if path.metadata().is_ok_and(|it| it.permissions().mode() & 0o077 != 0) {
            tracing::warn!(path = %path.display(), "others could read or write this file: now only its owner can");
            std::fs::set_permissions(&path, Permissions::from_mode(0o600))?;
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn take_from_others(_: &Path) -> io::Result<()> {
    Ok(())
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
    folder.join(STORE)
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
            std::fs::write(held.secrets(), "{}").expect("a file");
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

    #[cfg(unix)]
    #[test]
    fn what_others_could_read_is_its_owners_alone_after_the_next_start() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let mode =
            |name: &str| folder.path().join(name).metadata().expect("a file").permissions().mode() & 0o777;
        std::fs::write(folder.path().join(STORE), "a store").expect("a file");
        std::fs::write(folder.path().join("a letter of somebody's"), "").expect("a file");
        for name in [SECRETS, DEMO, SIMULATOR] {
            std::fs::write(folder.path().join(name), "{}").expect("a file");
        }
        for name in [STORE, SECRETS, DEMO, SIMULATOR, "a letter of somebody's"] {
            let loose = std::fs::Permissions::from_mode(0o664);
            std::fs::set_permissions(folder.path().join(name), loose).expect("permissions");
        }
        DataFolder::open(folder.path()).expect("it is free");
        for name in [STORE, SECRETS, DEMO, SIMULATOR, LOCK] {
            assert_eq!(mode(name), 0o600, "{name}");
        }
        assert_eq!(mode("a letter of somebody's"), 0o664, "what is not ours is left alone");
    }

    #[test]
    fn parts_of_a_store_that_is_gone_are_refused_and_left_as_they_were() {
        for part in [DEMO, SECRETS, SIMULATOR, "porchlight.db-wal"] {
            let folder = tempfile::tempdir().expect("a folder");
            std::fs::write(folder.path().join(part), "{}").expect("a file");
            let refused = DataFolder::open(folder.path()).expect_err("it has no store");
            let said = refused.to_string();
            assert!(said.contains(part) && said.contains("put back the porchlight.db"), "{said}");
            assert!(!folder.path().join(STORE).exists());
            std::fs::remove_file(folder.path().join(part)).expect("it is there");
            assert!(DataFolder::open(folder.path()).is_ok());
        }
    }
}
