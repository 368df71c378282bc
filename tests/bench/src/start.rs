//! The demo as a newcomer has it, the simulator in the same process: how fast it starts, how much it takes.

use std::time::Duration;

use crate::Extent;
use crate::program::{Binaries, ProvidedBy};
use crate::report::{Table, megabytes};
use crate::stats::{Sorted, millis};

/// Until nothing happens any more.
const CALM: Duration = Duration::from_secs(5);

/// Starts on the demo's data and looks.
pub async fn measure(binaries: &Binaries, extent: Extent) -> Table {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    // The first start fills the folder.
    binaries.start(&data, ProvidedBy::Simulator).await.stop().await;
    let mut times = Vec::new();
    for _ in 0..extent.of(5, 3) {
        times.push(binaries.time_to_health(&data).await);
    }
    let mut table = Table::new("Start and memory, demo data", &["", "measured", "goal"]);
    let goal = |goal: &str| goal.to_owned();
    let start = Sorted::new(times).median();
    table.row(["start to /api/health, median".to_owned(), millis(start), goal("< 300 ms")]);
    let (idle, used) = memory(binaries, &data).await;
    table.row(["memory (RSS), idle".to_owned(), megabytes(idle), goal("< 60 MB")]);
    table.row(["memory (RSS), with an office at work".to_owned(), megabytes(used), String::new()]);
    table
}

/// Idle, and after somebody signed in, looked through all lists and every thread, and stayed on the feed.
async fn memory(binaries: &Binaries, data: &std::path::Path) -> (u64, u64) {
    let program = binaries.start(data, ProvidedBy::Simulator).await;
    tokio::time::sleep(CALM).await;
    let idle = program.resident();
    let office = program.office().await;
    let _feed = office.feed(None).await;
    for filter in ["all", "active", "attention", "leads", "archived"] {
        office.list(&format!("filter={filter}")).await;
    }
    for row in office.list("filter=all").await {
        office.messages(row["id"].as_str().expect("an id")).await;
    }
    tokio::time::sleep(CALM).await;
    let used = program.resident();
    program.stop().await;
    (idle, used)
}
