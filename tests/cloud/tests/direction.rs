//! Which room of the house knows which, held by a test: `domain ← store ← desk`, `domain ← channel ← twilio, desk`,
//! `bucket, store ← edge`, all of them `← functions ← infra ← tests`.

use cargo_metadata::{Dependency, DependencyKind, MetadataCommand, Package};

/// The rooms that functions share, inwards first, and what each may know of the others.
const SHARED: [(&str, &[&str]); 15] = [
    ("domain", &[]),
    ("ambient", &["domain"]),
    ("bucket", &["domain"]),
    ("calls", &[]),
    ("store", &["domain", "calls"]),
    ("channel", &["domain"]),
    ("network", &[]),
    ("twilio", &["domain", "channel", "network"]),
    ("notify", &["domain", "network"]),
    ("ai", &[]),
    ("desk", &["domain", "ambient", "bucket", "store", "channel"]),
    ("api", &["domain", "store"]),
    ("edge", &["domain", "ambient", "bucket", "calls", "store"]),
    ("channels", &["domain", "channel", "twilio", "edge"]),
    ("notifiers", &["domain", "notify", "edge"]),
];

/// A function knows every shared room, and no other function.
const FUNCTIONS: [&str; 7] = ["webhooks", "inbox", "live", "files", "send", "index", "push"];

/// What runs them on one machine. The engine and the simulator stand for AWS and for Twilio, which know nothing of us;
/// the engine answers the calls that the SDK would send.
const STAND_INS: [&str; 2] = ["engine", "simulator"];

/// Tests of the whole, and what they may know of each other.
const TESTS: [(&str, &[&str]); 5] = [
    ("tools", &[]),
    ("cloud", &["tools"]),
    ("flows", &["tools"]),
    ("browser", &["tools"]),
    ("bench", &["tools", "flows", "cloud"]),
];

/// What tests inside a room may know beyond what the room may.
const IN_TESTS: [(&str, &[&str]); 7] = [
    // Signs what it sends as Twilio would, which the client's own rules must accept.
    ("simulator", &["twilio"]),
    ("local", &["flows", "tools"]),
    // What it publishes is read back from moto.
    ("notify", &["tools"]),
    // Its forms are held against botocore.
    ("bucket", &["tools"]),
    // What the engine answers is held against moto.
    ("engine", &["tools"]),
    // Counters of the live feed come from index.
    ("live", &["index"]),
    // The table of access asks by every way in.
    ("inbox", &["files", "live", "push"]),
];

/// Crates from outside, by the beginning of their name, that a room must not know.
const FOREIGN: [(&str, &[&str]); 13] = [
    ("domain", &["tokio", "aws-", "axum", "http", "hyper", "reqwest", "rand", "futures", "async-", "lambda"]),
    ("calls", &["tokio", "axum", "http", "hyper", "reqwest", "lambda", "utoipa", "serde"]),
    ("store", &["axum", "http", "hyper", "reqwest", "lambda", "utoipa"]),
    ("ambient", &["tokio", "aws-", "axum", "http", "reqwest", "lambda", "utoipa"]),
    ("bucket", &["axum", "hyper", "reqwest", "lambda", "utoipa", "aws-sdk", "aws-config"]),
    ("channel", &["tokio", "aws-", "axum", "http", "reqwest", "lambda", "utoipa"]),
    ("desk", &["aws-", "axum", "http", "hyper", "reqwest", "lambda", "utoipa", "serde"]),
    ("edge", &["utoipa"]),
    ("twilio", &["axum", "aws-", "lambda", "utoipa"]),
    ("network", &["axum", "aws-", "lambda", "utoipa", "serde"]),
    ("notify", &["axum", "lambda", "utoipa", "rand", "aws-config", "aws-sdk-dynamodb"]),
    ("ai", &["aws-", "lambda", "utoipa", "tracing"]),
    ("engine", &["axum", "reqwest", "lambda", "utoipa"]),
];

type Table = [(&'static str, &'static [&'static str])];

fn listed(table: &Table, name: &str) -> Option<&'static [&'static str]> {
    table.iter().find(|(room, _)| *room == name).map(|(_, known)| *known)
}

fn is_in(table: &Table, name: &str) -> bool {
    listed(table, name).is_some()
}

/// Whether what is built of room `from` may know room `on`; both must have their place above.
fn may_know(from: &str, on: &str) -> bool {
    let is_shared = is_in(&SHARED, on);
    if let Some(known) = listed(&SHARED, from) {
        return known.contains(&on);
    }
    if let Some(known) = listed(&TESTS, from) {
        return known.contains(&on) || !is_in(&TESTS, on);
    }
    match from {
        "local" => is_shared || FUNCTIONS.contains(&on) || STAND_INS.contains(&on),
        _ if FUNCTIONS.contains(&from) => is_shared,
        "engine" => on == "calls",
        _ if STAND_INS.contains(&from) => false,
        _ => panic!("{from} has no room in the house"),
    }
}

/// Whether its tests may: they use the store's engine, and any room further in.
fn tests_may_know(from: &str, on: &str) -> bool {
    let listed_for_tests = listed(&IN_TESTS, from).is_some_and(|known| known.contains(&on));
    let on_the_engine = on == "engine" && from != "domain" && !STAND_INS.contains(&from);
    may_know(from, on) || listed_for_tests || on_the_engine
}

fn may_depend(from: &str, on: &str, kind: DependencyKind) -> bool {
    if kind == DependencyKind::Development { tests_may_know(from, on) } else { may_know(from, on) }
}

fn room(package: &str) -> Option<&str> {
    package.strip_prefix("porchlight-")
}

fn packages() -> Vec<Package> {
    MetadataCommand::new().no_deps().exec().expect("cargo metadata runs").packages
}

fn wrong_edges(package: &Package) -> Vec<String> {
    let from = room(&package.name).expect("the house's crates bear its name");
    let wrong = |d: &&Dependency| room(&d.name).is_some_and(|on| !may_depend(from, on, d.kind));
    package.dependencies.iter().filter(wrong).map(|d| format!("{from} → {} ({:?})", d.name, d.kind)).collect()
}

#[test]
fn every_dependency_points_inwards_in_tests_too() {
    let wrong: Vec<_> = packages().iter().flat_map(wrong_edges).collect();
    assert!(wrong.is_empty(), "in the wrong direction: {wrong:?}");
}

#[test]
fn no_room_knows_what_is_foreign_to_it() {
    for package in packages() {
        let foreign = room(&package.name).and_then(|name| listed(&FOREIGN, name)).unwrap_or_default();
        let built = package.dependencies.iter().filter(|d| d.kind != DependencyKind::Development);
        let found: Vec<_> = built.filter(|d| foreign.iter().any(|word| d.name.starts_with(word))).collect();
        assert!(found.is_empty(), "{} must not know {found:?}", package.name);
    }
}

#[test]
fn a_wrong_edge_would_be_seen() {
    use DependencyKind::{Development, Normal};
    let right = [
        ("inbox", "edge", Normal),
        ("inbox", "api", Normal),
        ("desk", "store", Normal),
        ("twilio", "channel", Normal),
        ("local", "inbox", Normal),
        ("engine", "calls", Normal),
        ("store", "engine", Development),
        ("simulator", "twilio", Development),
        ("flows", "local", Normal),
    ];
    for (from, on, kind) in right {
        assert!(may_depend(from, on, kind), "{from} → {on} ({kind:?})");
    }
    let wrong = [
        ("domain", "store", Normal),
        ("store", "twilio", Normal),
        ("store", "desk", Normal),
        ("desk", "twilio", Normal),
        ("desk", "edge", Normal),
        ("edge", "desk", Normal),
        ("edge", "twilio", Normal),
        ("api", "edge", Normal),
        ("edge", "inbox", Normal),
        ("inbox", "send", Normal),
        ("inbox", "send", Development),
        ("inbox", "engine", Normal),
        ("inbox", "local", Development),
        ("store", "edge", Development),
        ("domain", "engine", Development),
        ("engine", "domain", Normal),
        ("calls", "store", Normal),
        ("simulator", "calls", Normal),
        ("engine", "store", Development),
        ("simulator", "twilio", Normal),
        ("simulator", "local", Development),
        ("local", "flows", Normal),
        ("flows", "bench", Development),
    ];
    for (from, on, kind) in wrong {
        assert!(!may_depend(from, on, kind), "{from} → {on} ({kind:?})");
    }
}
