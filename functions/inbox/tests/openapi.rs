//! The committed OpenAPI document is the one that the routes make.

use std::path::Path;

/// `UPDATE_OPENAPI=1 cargo test -p porchlight-inbox --test openapi` writes it anew.
#[test]
fn the_committed_document_is_not_stale() {
    let document = porchlight_inbox::openapi::document();
    let text = document.to_pretty_json().expect("the document is plain data") + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    if is_asked_to_update() {
        std::fs::write(&path, &text).expect("the document can be written");
    }
    let committed = std::fs::read_to_string(&path).expect("the document is committed");
    let advice = "openapi.json is stale: UPDATE_OPENAPI=1 cargo test -p porchlight-inbox --test openapi";
    assert!(committed == text, "{advice}");
}

#[expect(clippy::disallowed_methods, reason = "asked by whoever runs the test")]
fn is_asked_to_update() -> bool {
    std::env::var("UPDATE_OPENAPI").is_ok()
}

#[test]
fn every_operation_has_its_own_name_and_says_what_it_answers() {
    let document = porchlight_inbox::openapi::document();
    let document = serde_json::to_value(document).expect("plain data");
    let paths = document["paths"].as_object().expect("paths");
    let operations: Vec<_> =
        paths.values().flat_map(|item| item.as_object().expect("an item").values()).collect();
    let mut names: Vec<&str> = operations.iter().filter_map(|op| op["operationId"].as_str()).collect();
    assert_eq!(names.len(), operations.len(), "every operation has a name");
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), operations.len(), "no two have the same");
    for operation in operations {
        let answers = operation["responses"].as_object().expect("responses");
        assert!(answers.keys().any(|status| status.starts_with('2')), "{}", operation["operationId"]);
        assert!(answers.contains_key("503"), "{}", operation["operationId"]);
    }
}
