//! The state file: one record a line, appended before anyone is told. A process killed in the middle of a line
//! leaves a torn end, which is cut off at the next start. It holds what people wrote, so only its owner may read it.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use crate::state::Record;

/// Why a state file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// It cannot be read or written.
    #[error("the state file cannot be opened")]
    Io(#[from] io::Error),
    /// It holds something that is no record.
    #[error("line {line} of the state file is damaged")]
    Damaged {
        /// Counts from 1.
        line: usize,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

/// An open state file.
#[derive(Debug)]
pub struct Journal {
    file: File,
}

impl Journal {
    /// Opens or makes the file, and reads what it holds.
    pub fn open(path: &Path) -> Result<(Self, Vec<Record>), JournalError> {
        let mut file = private_file().open(path)?;
        #[cfg(unix)]
        make_private(&file, path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        file.set_len(u64::try_from(whole).unwrap_or(u64::MAX))?;
        file.seek(SeekFrom::End(0))?;
        let lines =
            bytes[..whole].split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.is_empty());
        let records = lines.map(|(at, line)| {
            serde_json::from_slice(line).map_err(|source| JournalError::Damaged { line: at + 1, source })
        });
        let records = records.collect::<Result<_, _>>()?;
        Ok((Self { file }, records))
    }

    /// Appends records in one write.
    pub fn append(&mut self, records: &[Record]) -> io::Result<()> {
        let mut lines = Vec::new();
        for record in records {
            serde_json::to_writer(&mut lines, record)?;
            lines.push(b'\n');
        }
        self.file.write_all(&lines)
    }

    /// Forgets everything.
    pub fn clear(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.rewind()
    }
}

/// Reads and writes a file; only its owner may when this makes it.
fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Takes from others what an earlier program, or a hand, gave them.
#[cfg(unix)]
fn make_private(file: &File, path: &Path) -> io::Result<()> {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;
    let given_to_others = file.metadata()?.permissions().mode() & 0o077;
    if given_to_others == 0 {
        return Ok(());
    }
    tracing::warn!(path = %path.display(), "others could read the simulator's state file: now only its owner can");
    file.set_permissions(Permissions::from_mode(0o600))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stopped(phone: &str) -> Record {
        Record::OptOut { line: "+1".into(), phone: phone.into(), stopped: true }
    }

    #[test]
    fn a_torn_last_line_is_cut_off_and_writing_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("simulator.jsonl");
        let (mut journal, records) = Journal::open(&path).unwrap();
        assert!(records.is_empty());
        journal.append(&[stopped("+2")]).unwrap();
        journal.file.write_all(br#"{"record":"opt_o"#).unwrap();
        let (mut journal, records) = Journal::open(&path).unwrap();
        assert_eq!(records.len(), 1);
        journal.append(&[stopped("+3"), stopped("+4")]).unwrap();
        assert_eq!(Journal::open(&path).unwrap().1.len(), 3);
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_may_read_it_and_one_that_others_could_is_tightened_with_a_warning() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("simulator.jsonl");
        let mode = || path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(told(|| drop(Journal::open(&path).unwrap())), "");
        assert_eq!(mode(), 0o600);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        let warned = told(|| drop(Journal::open(&path).unwrap()));
        assert!(warned.contains("WARN") && warned.contains("simulator.jsonl"), "{warned}");
        assert_eq!(mode(), 0o600);
    }

    /// What is logged meanwhile.
    #[cfg(unix)]
    fn told(act: impl FnOnce()) -> String {
        let log = tempfile::NamedTempFile::new().unwrap();
        let writer = std::sync::Mutex::new(log.reopen().unwrap());
        tracing::subscriber::with_default(tracing_subscriber::fmt().with_writer(writer).finish(), act);
        std::fs::read_to_string(log.path()).unwrap()
    }

    #[test]
    fn damage_in_the_middle_is_named_by_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("simulator.jsonl");
        std::fs::write(&path, "\nnot json\n").unwrap();
        let error = Journal::open(&path).unwrap_err();
        assert!(matches!(error, JournalError::Damaged { line: 2, .. }), "{error}");
    }
}
