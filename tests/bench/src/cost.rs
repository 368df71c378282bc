//! What an act costs the server: processor time on one core, which tells more than a clock on a busy machine.

use std::time::{Duration, Instant};

use porchlight_flows::{Person, eventually};
use tokio::task::JoinSet;

use crate::Extent;
use crate::program::{Binaries, Program, ProvidedBy};
use crate::provider::{Provider, phone};
use crate::report::Table;
use crate::stats::{Sorted, millis};

/// Messages in each conversation.
const MESSAGES: u64 = 3;
/// Who look on while texts come in.
const CLIENTS: usize = 50;
/// Phones that text.
const PHONES: usize = 200;

/// Does each act many times, one after the other, with a server that has one core.
pub async fn measure(binaries: &Binaries, extent: Extent) -> Table {
    let (conversations, times) = (extent.of(10_000, 1_000), extent.of(300, 100));
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    binaries.seed(&data, conversations, u64::from(conversations) * MESSAGES).await;
    let program = binaries.start_on_one_core(&data, ProvidedBy::Us).await;
    let title = format!(
        "Processor time of the server on one core, {conversations} conversations, {times} times each"
    );
    let mut table = Table::new(&title, &["", "processor time", "p50", "p99"]);
    let office = program.office().await;
    for (what, path) in reads(&office).await {
        drop(office.get(&path).await);
        row(&mut table, what, &program, times, async |_| drop(office.get(&path).await)).await;
    }
    let provider = Provider::of(&program);
    texts(&mut table, "a text, all derived, nobody looks on", &program, &provider, times).await;
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        clients.spawn(look_on(office.clone()));
    }
    texts(&mut table, &format!("a text, all derived, {CLIENTS} look on"), &program, &provider, times).await;
    clients.shutdown().await;
    program.stop().await;
    table
}

/// What is asked, and of a conversation what its window asks.
async fn reads(office: &Person) -> Vec<(&'static str, String)> {
    let rows = office.list("filter=all").await;
    let row = rows.last().expect("there are conversations");
    let id = row["id"].as_str().expect("an id");
    let name = row["name"].as_str().unwrap_or_default();
    vec![
        ("list: first page of 50", "/api/conversations?limit=50".to_owned()),
        ("thread: its head", format!("/api/conversations/{id}")),
        ("thread: its newest 50 messages", format!("/api/conversations/{id}/messages?limit=50")),
        ("search: a common word", "/api/conversations?limit=50&q=water".to_owned()),
        ("search: a whole name", format!("/api/conversations?limit=50&q={}", name.replace(' ', "%20"))),
    ]
}

async fn texts(table: &mut Table, what: &str, program: &Program, provider: &Provider, times: usize) {
    let office = program.office().await;
    let before = office.counts().await.2;
    let all = before + u64::try_from(times).expect("not so many");
    let settled = async |number: usize| {
        provider.text(&phone(number % PHONES), &format!("No hot water since this morning, {number}")).await;
        if number + 1 == times {
            eventually("counters that know every text", async || {
                (office.counts().await.2 == all).then_some(())
            })
            .await;
        }
    };
    row(table, what, program, times, settled).await;
}

async fn look_on(office: Person) {
    let mut feed = office.feed(None).await;
    while feed.next().await.is_some() {}
}

async fn row(table: &mut Table, what: &str, program: &Program, times: usize, act: impl AsyncFn(usize)) {
    let (mut took, before) = (Vec::with_capacity(times), program.processor_time());
    for number in 0..times {
        let begun = Instant::now();
        act(number).await;
        took.push(begun.elapsed());
    }
    let each = program.processor_time().saturating_sub(before) / u32::try_from(times).expect("not so many");
    let took = Sorted::new(took);
    table.row([what.to_owned(), fine(each), millis(took.median()), millis(took.percentile(99))]);
}

fn fine(duration: Duration) -> String {
    format!("{:.2} ms", duration.as_secs_f64() * 1_000.0)
}
