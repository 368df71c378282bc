//! A folder with years of work in it: how long `porchlight seed` takes, what a message costs on disk, how soon the
//! program is there.

use std::path::Path;
use std::time::Instant;

use crate::Extent;
use crate::program::Binaries;
use crate::report::{Table, megabytes};
use crate::stats::millis;

/// Messages in each conversation.
const MESSAGES: u64 = 3;

/// Fills folders and starts on them.
pub async fn measure(binaries: &Binaries, extent: Extent) -> Table {
    let columns = ["conversations", "messages", "seeded in", "on disk", "a message", "start to /api/health"];
    let mut table = Table::new("A seeded folder", &columns);
    for conversations in extent.of([10_000, 100_000], [1_000, 10_000]) {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        let (messages, begun) = (u64::from(conversations) * MESSAGES, Instant::now());
        binaries.seed(&data, conversations, messages).await;
        let took = begun.elapsed();
        let bytes = bytes_in(&data);
        let start = binaries.time_to_health(&data).await;
        table.row([
            conversations.to_string(),
            messages.to_string(),
            format!("{:.0} s", took.as_secs_f64()),
            megabytes(bytes),
            format!("{} bytes", bytes / messages),
            millis(start),
        ]);
    }
    table
}

fn bytes_in(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).expect("a folder").filter_map(Result::ok);
    entries
        .filter_map(|entry| entry.metadata().ok())
        .filter(std::fs::Metadata::is_file)
        .map(|it| it.len())
        .sum()
}
