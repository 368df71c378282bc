//! `domain ← store, twilio ← edge ← functions ← infra/local ← tests`, held by a test.

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

/// The rooms of the house, inwards first. A crate depends on inner rooms only, except where `beside` says.
const ROOMS: [&[&str]; 6] = [
    &["porchlight-domain"],
    &["porchlight-store", "porchlight-twilio"],
    &["porchlight-edge"],
    &["porchlight-webhooks", "porchlight-inbox", "porchlight-live", "porchlight-send", "porchlight-index"],
    &["porchlight-engine", "porchlight-simulator", "porchlight-local"],
    &["porchlight-flows", "porchlight-cloud", "porchlight-bench", "porchlight-browser", "porchlight-tools"],
];

/// Neighbours in one room that may know each other: the machine runs the engine and
/// the simulator; tests share tools, and measurements the people of the flows.
const BESIDE: [(&str, &str); 4] = [
    ("porchlight-local", "porchlight-engine"),
    ("porchlight-local", "porchlight-simulator"),
    ("porchlight-", "porchlight-tools"),
    ("porchlight-bench", "porchlight-flows"),
];

fn room(name: &str) -> usize {
    ROOMS
        .iter()
        .position(|names| names.contains(&name))
        .unwrap_or_else(|| panic!("{name} has no room in the house"))
}

fn may_depend(from: &str, on: &str) -> bool {
    let beside =
        BESIDE.iter().any(|(who, whom)| from.starts_with(who) && on == *whom && room(from) == room(on));
    room(on) < room(from) || beside
}

fn wrong_edges(package: &Package) -> Vec<String> {
    let ours = package.dependencies.iter().filter(|d| d.kind != DependencyKind::Development);
    let ours = ours.filter(|d| d.name.starts_with("porchlight-"));
    ours.filter(|d| !may_depend(&package.name, &d.name))
        .map(|d| format!("{} → {}", package.name, d.name))
        .collect()
}

#[test]
fn every_dependency_points_inwards() {
    let metadata = MetadataCommand::new().no_deps().exec().expect("cargo metadata runs");
    let wrong: Vec<_> = metadata.workspace_packages().into_iter().flat_map(wrong_edges).collect();
    assert!(wrong.is_empty(), "in the wrong direction: {wrong:?}");
}

#[test]
fn the_domain_is_pure() {
    let metadata = MetadataCommand::new().no_deps().exec().expect("cargo metadata runs");
    let domain = metadata.workspace_packages().into_iter().find(|p| p.name.as_str() == "porchlight-domain");
    let impure = ["tokio", "aws-", "axum", "http", "hyper", "reqwest", "rand", "futures", "async-"];
    let domain = domain.expect("the domain is part of the house");
    let normal = domain.dependencies.iter().filter(|d| d.kind == DependencyKind::Normal);
    let found: Vec<_> = normal.filter(|d| impure.iter().any(|word| d.name.starts_with(word))).collect();
    assert!(found.is_empty(), "the domain must not know {found:?}");
}

#[test]
fn a_wrong_edge_would_be_seen() {
    assert!(may_depend("porchlight-inbox", "porchlight-edge"));
    assert!(!may_depend("porchlight-edge", "porchlight-inbox"));
    assert!(!may_depend("porchlight-inbox", "porchlight-send"), "a function never depends on another");
    assert!(!may_depend("porchlight-domain", "porchlight-store"));
    assert!(!may_depend("porchlight-store", "porchlight-twilio"));
}
