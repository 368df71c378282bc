//! Lists, searches and the opening of a thread, with ten thousand conversations and with a hundred thousand.

use std::path::Path;

use porchlight_flows::Person;
use serde_json::Value;

use crate::Extent;
use crate::program::{Binaries, ProvidedBy};
use crate::report::Table;
use crate::stats::{Sorted, millis, repeated};

/// Messages in each conversation.
const MESSAGES: u64 = 3;
/// A screen of the list.
const LIMIT: usize = 50;

/// Nothing is found, and the nearest words are looked for.
const MEANT: &str = "search: a name with a slip in its first letter";

/// Asks each query many times, on both sizes.
pub async fn measure(binaries: &Binaries, extent: Extent) -> Table {
    let [few, many] = extent.of([10_000, 100_000], [1_000, 10_000]);
    let times = extent.of(200, 40);
    let small = of_size(binaries, few, times).await;
    let large = of_size(binaries, many, times).await;
    let columns = [
        "first page of 50, one after the other".to_owned(),
        format!("{few}: p50"),
        "p95".to_owned(),
        format!("{many}: p50"),
        "p95".to_owned(),
        "p95, of the smaller's".to_owned(),
    ];
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let mut table = Table::new("Lists and searches, by number of conversations", &columns);
    for ((what, small), (_, large)) in small.into_iter().zip(large) {
        let figures =
            [small.median(), small.percentile(95), large.median(), large.percentile(95)].map(millis);
        let [p50, p95, large_p50, large_p95] = figures;
        let times = large.percentile(95).as_secs_f64() / small.percentile(95).as_secs_f64();
        table.row([what.to_owned(), p50, p95, large_p50, large_p95, format!("{times:.1} ×")]);
    }
    table
}

async fn of_size(binaries: &Binaries, conversations: u32, times: usize) -> Vec<(&'static str, Sorted)> {
    let folder = tempfile::tempdir().expect("a folder");
    let data: &Path = &folder.path().join("data");
    binaries.seed(data, conversations, u64::from(conversations) * MESSAGES).await;
    let program = binaries.start(data, ProvidedBy::Us).await;
    let office = program.office().await;
    assert_eq!(office.counts().await.0, u64::from(conversations), "what was seeded is counted");
    let mut measured = Vec::new();
    for (what, path) in paths(&office).await {
        found(&office, &path, what).await;
        measured.push((what, repeated(times, async || drop(office.get(&path).await)).await));
    }
    program.stop().await;
    measured
}

/// What is asked; words come from the data.
async fn paths(office: &Person) -> Vec<(&'static str, String)> {
    let rows = office.get("/api/conversations?limit=200").await;
    let rows = rows["conversations"].as_array().expect("a list").clone();
    let row = shared_by_most(&rows);
    let word = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let (id, name, contact) = (word("id"), word("name"), word("contact"));
    // The number of a job: one conversation has it.
    let rare = rows.iter().find_map(|row| row["job"]["number"].as_u64()).expect("somebody has a job");
    let first = name.split(' ').next().unwrap_or_default();
    let page = office.get(&format!("/api/conversations?limit={LIMIT}")).await;
    let cursor = page["next_cursor"].as_str().unwrap_or_default();
    let list = |query: &str| format!("/api/conversations?limit={LIMIT}&{query}");
    vec![
        ("list: all", list("filter=all")),
        ("list: all, second page", list(&format!("filter=all&cursor={cursor}"))),
        ("list: attention", list("filter=attention")),
        ("list: active, longest waiting first", list("filter=active&sort=waiting")),
        ("thread: its head", format!("/api/conversations/{id}")),
        ("thread: its newest 50 messages", format!("/api/conversations/{id}/messages?limit=50")),
        ("thread: around a message, by its place", format!("/api/conversations/{id}/messages?around=2")),
        ("thread: from a day on", format!("/api/conversations/{id}/messages?at=2020-01-01T05:00:00Z")),
        ("thread: search of two letters", format!("/api/conversations/{id}/search?q=th")),
        ("search: a common word", list("q=water")),
        ("search: a rare word", list(&format!("q={rare}"))),
        ("search: two letters", list("q=wa")),
        ("search: two words", list("q=water%20he")),
        ("search: a first name", list(&format!("q={first}"))),
        ("search: a street", list("q=avenue")),
        ("search: an area code", list(&format!("q={}", contact.get(2..5).unwrap_or_default()))),
        ("search: a word that has no list", list("q=the")),
        ("search: a whole name", list(&format!("q={}", name.replace(' ', "%20")))),
        (MEANT, list(&format!("q={}", slip(&name).replace(' ', "%20")))),
        ("customers: a first name", format!("/api/customers?q={first}")),
        (
            "search: end of a number",
            list(&format!("q={}", contact.get(contact.len() - 4..).unwrap_or_default())),
        ),
    ]
}

/// Another first letter than the name has.
fn slip(name: &str) -> String {
    let rest = name.chars().skip(1);
    ['x'].into_iter().chain(rest).collect()
}

/// Somebody with the commonest first name.
fn shared_by_most(rows: &[Value]) -> &Value {
    let first = |row: &Value| row["name"].as_str().and_then(|name| name.split(' ').next()).map(str::to_owned);
    let shared = |row: &&Value| rows.iter().filter(|other| first(other) == first(row)).count();
    let named = rows.iter().filter(|row| first(row).is_some_and(|first| !first.is_empty()));
    named.max_by_key(shared).expect("somebody has a name")
}

/// A query that finds nothing measures nothing.
async fn found(office: &Person, path: &str, what: &str) {
    let page: Value = office.get(path).await;
    if what == MEANT {
        return assert!(page["suggestion"].is_string(), "{what} suggests nothing");
    }
    let list = page["conversations"].as_array().or(page["messages"].as_array());
    assert!(list.is_none_or(|list| !list.is_empty()), "{what} finds nothing");
}
