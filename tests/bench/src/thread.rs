//! Opening a thread, a short one and one of fifty thousand messages.

use porchlight_flows::Person;

use crate::Extent;
use crate::program::{Binaries, ProvidedBy};
use crate::report::Table;
use crate::stats::{Sorted, millis, repeated};

/// Asks for pages of a thread, at its end and far back.
pub async fn measure(binaries: &Binaries, extent: Extent) -> Table {
    let times = extent.of(200, 40);
    let [short, long] = extent.of([100, 50_000], [100, 5_000]);
    let title = "Opening a thread: a page of 50 messages";
    let mut table = Table::new(title, &["", "p50", "p99"]);
    for messages in [short, long] {
        for (what, measured) in of_length(binaries, messages, times).await {
            let what = format!("{messages} messages: {what}");
            table.row([what, millis(measured.median()), millis(measured.percentile(99))]);
        }
    }
    table
}

async fn of_length(binaries: &Binaries, messages: u64, times: usize) -> Vec<(&'static str, Sorted)> {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    binaries.seed(&data, 1, messages).await;
    let program = binaries.start(&data, ProvidedBy::Us).await;
    let office = program.office().await;
    let rows = office.list("filter=all").await;
    let id = rows[0]["id"].as_str().expect("an id").to_owned();
    let head = format!("/api/conversations/{id}");
    let newest = format!("{head}/messages?limit=50");
    let middle = format!("{newest}&before={}", messages / 2 + 1);
    assert_eq!(office.get(&middle).await["messages"].as_array().map(Vec::len), Some(50));
    let far = office.get(&format!("{head}/messages?around={}&limit=1", messages / 2)).await;
    let far = far["messages"][0]["id"].as_str().expect("a message has an id").to_owned();
    let opened = repeated(times, async || open(&office, &head, &newest).await).await;
    let mut measured = vec![("head and newest page, together", opened)];
    for (what, path) in [
        ("a page from its middle", middle),
        ("around a message of its middle", format!("{head}/messages?around={}", messages / 2)),
        ("around a message, by its id", format!("{head}/messages?around={far}")),
        ("from a day on", format!("{head}/messages?at=2020-01-01T05:00:00Z")),
        ("search: a common word", format!("{head}/search?q=water")),
        ("search: two words", format!("{head}/search?q=photo%20label")),
    ] {
        measured.push((what, repeated(times, async || drop(office.get(&path).await)).await));
    }
    program.stop().await;
    measured
}

/// As the window opens a thread: both at once.
async fn open(office: &Person, head: &str, newest: &str) {
    tokio::join!(office.get(head), office.get(newest));
}
