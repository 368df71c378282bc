//! The OpenAPI document says all that the API does: a fuzzer we did not write asks it (schemathesis).

use std::process::Command;

use porchlight_flows::{House, Setup};
use serde_json::Value;

/// Not for a fuzzer: one never ends, the other would sign it out, the third would be throttled.
const BY_HAND: [&str; 3] = ["live", "signOut", "signIn"];

fn fuzz(url: &str, cookie: &str) -> std::process::Output {
    let python = porchlight_tools::python().expect("the tests' Python");
    let mut command = Command::new(python);
    command.args(["-m", "schemathesis.cli", "run", &format!("{url}/api/openapi.json"), "--url", url]);
    let header = format!("Cookie: {cookie}");
    command.args(["--header", header.as_str(), "--workers", "1", "--seed", "7", "--max-examples", "12"]);
    command.args(["--phases", "examples,coverage,fuzzing", "--max-time", "30", "--no-shrink"]);
    let checks =
        "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";
    command.args([
        "--checks",
        checks,
        "--continue-on-failure",
        "--no-color",
        "--generation-database",
        "none",
    ]);
    for operation in BY_HAND {
        command.args(["--exclude-operation-id", operation]);
    }
    // Its own folder for what it leaves behind.
    command.current_dir(porchlight_tools::project().join(".tools"));
    command.output().expect("schemathesis starts")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fuzzer_finds_no_server_error_and_no_undocumented_answer() {
    let house = House::with(Setup { demo: true, ..Setup::default() }).await;
    let ana = house.ana().await;
    let (url, cookie) = (house.running.url(), ana.cookie().to_owned());
    let task = tokio::task::spawn_blocking(move || fuzz(&url, &cookie));
    let output = task.await.expect("running it does not panic");
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{errors}");
    assert!(said.contains("Operations:") || said.contains("tested"), "it asked something: {said}");
    ana.get("/api/me").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_is_served_and_names_every_operation_once() {
    let house = House::new().await;
    let document: Value = house.ana().await.get("/api/openapi.json").await;
    let paths = document["paths"].as_object().expect("paths");
    let operations = paths.values().flat_map(|path| path.as_object().expect("operations").values());
    let mut ids: Vec<&str> = operations.filter_map(|it| it["operationId"].as_str()).collect();
    assert!(BY_HAND.iter().all(|id| ids.contains(id)), "{ids:?}");
    ids.sort_unstable();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count, "each once");
}
