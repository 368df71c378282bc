//! The OpenAPI document says all that the API does: a fuzzer we did not write asks it (schemathesis).

use std::process::{Command, Output};

use porchlight_flows::{House, Person, Setup};
use serde_json::Value;

/// Not for a fuzzer: one never ends, the other would sign it out, the third would be throttled, the next takes
/// recordings, which it cannot make, and the last could shut it out.
const BY_HAND: [&str; 7] =
    ["live", "signOut", "signIn", "transcribe", "putStaffRole", "putStaffDisabled", "signOutEverywhere"];

/// Ids that are there, by the beginning of the path: without them a fuzzer sees little but 404.
async fn known_ids(house: &House, ana: &Person) -> String {
    let row = ana
        .list("filter=all")
        .await
        .into_iter()
        .find(|row| row["job"].is_object() && row["seq"].as_u64() > Some(1));
    let row = row.expect("the demo has a customer with a job");
    let id = |of: &Value| of["id"].as_str().expect("an id").to_owned();
    let message = id(&ana.messages(&id(&row)).await[0]);
    let known = [
        ("conversations", id(&row)),
        ("customers", id(&row["customer"])),
        ("jobs", id(&row["job"])),
        ("messages", message),
    ];
    let operations = known.map(|(name, id)| {
        let regex = format!("include-path-regex = \"^/api/{name}/\"");
        format!("[[operations]]\n{regex}\nparameters = {{ \"path.id\" = \"{id}\" }}\n")
    });
    format!("[parameters]\n\"path.staff_id\" = \"{}\"\n{}", house.staff[2].id, operations.concat())
}

fn fuzz(url: &str, cookie: &str, config: &str) -> Output {
    let python = porchlight_tools::python().expect("the tests' Python");
    let folder = tempfile::tempdir().expect("a folder");
    let config_file = folder.path().join("schemathesis.toml");
    std::fs::write(&config_file, config).expect("a file");
    let mut command = Command::new(python);
    command.args(["-m", "schemathesis.cli", "--no-color", "--config-file"]).arg(&config_file);
    command.args(["run", &format!("{url}/api/openapi.json"), "--url", url]);
    let header = format!("Cookie: {cookie}");
    command.args(["--header", header.as_str(), "--workers", "1", "--seed", "7", "--max-examples", "12"]);
    command.args(["--phases", "examples,coverage,fuzzing", "--max-time", "30", "--no-shrink"]);
    let checks =
        "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";
    command.args(["--checks", checks, "--continue-on-failure", "--generation-database", "none"]);
    for operation in BY_HAND {
        command.args(["--exclude-operation-id", operation]);
    }
    command.current_dir(folder.path()).output().expect("schemathesis starts")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fuzzer_finds_no_server_error_and_no_undocumented_answer() {
    let house = House::with(Setup { demo: true, ..Setup::default() }).await;
    let ana = house.ana().await;
    let config = known_ids(&house, &ana).await;
    let (url, cookie) = (house.running.url(), ana.cookie().to_owned());
    let task = tokio::task::spawn_blocking(move || fuzz(&url, &cookie, &config));
    let output = task.await.expect("running it does not panic");
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{errors}");
    let tested = said.lines().find_map(|line| line.trim().strip_prefix("Tested: ")?.parse::<u32>().ok());
    assert!(tested.is_some_and(|tested| tested >= 30), "all operations but those by hand: {said}");
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
