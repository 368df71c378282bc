//! What somebody meets who starts the program for the first time, and again; and the commands that fill a
//! data folder. (What it refuses is in `command.rs`.)

mod process;

use std::path::Path;
use std::process::Output;

use porchlight_flows::{Person, eventually};
use serde_json::Value;
use tempfile::TempDir;

use crate::process::{Program, porchlight};

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

async fn start(folder: &TempDir) -> Program {
    Program::start(porchlight(folder.path()).args(["--port", "0"])).await
}

/// Runs a command of the program to its end; what it printed.
async fn run(folder: &TempDir, arguments: &[&str]) -> String {
    let output = output(folder, arguments).await;
    let log = std::fs::read_to_string(folder.path().join("log.txt")).unwrap_or_default();
    assert!(output.status.success(), "{arguments:?}: {log}");
    String::from_utf8(output.stdout).expect("text")
}

async fn output(folder: &TempDir, arguments: &[&str]) -> Output {
    let mut command = porchlight(folder.path());
    command.env("TWILIO_AUTH_TOKEN", "a token of the tests");
    command.args(arguments).output().await.expect("the program starts")
}

async fn sign_in(told: &Value, role: &str) -> Person {
    let users = told["users"].as_array().expect("users");
    let user = users.iter().find(|user| user["role"] == role).expect("somebody with that role");
    sign_in_as(told, word(user, "email"), word(user, "password")).await
}

async fn sign_in_as(told: &Value, email: &str, password: &str) -> Person {
    Person::sign_in(word(told, "url"), email, password).await
}

fn word<'v>(object: &'v Value, name: &str) -> &'v str {
    object[name].as_str().unwrap_or_else(|| panic!("{name} in {object}"))
}

#[tokio::test]
async fn the_first_start_fills_an_empty_folder_and_says_who_can_sign_in() {
    let folder = folder();
    let program = start(&folder).await;
    let told = &program.told;
    let users = told["users"].as_array().expect("users");
    let roles: Vec<&str> = users.iter().map(|user| word(user, "role")).collect();
    assert_eq!(roles, ["admin", "office", "technician", "technician"]);
    for user in users {
        let person = sign_in_as(told, word(user, "email"), word(user, "password")).await;
        assert_eq!((person.id(), &person.me["role"]), (word(user, "id"), &user["role"]));
        assert_eq!(person.me["line"], told["line"]);
        assert_eq!(person.me["business_id"], told["business_id"]);
    }
    for role in ["admin", "office", "technician"] {
        let rows = sign_in(told, role).await.list("filter=all").await;
        assert!(!rows.is_empty(), "{role} has something to look at");
    }
    let simulator = format!("{}/simulator/health", word(told, "simulator_url"));
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let health = client.get(&simulator).send().await.expect("the simulator answers");
    let health: Value = health.json().await.expect("JSON");
    assert_eq!(health["lines"].as_array().map(Vec::len), Some(1), "the line is connected");
    program.stop().await;
}

#[tokio::test]
async fn a_text_from_the_terminal_is_on_the_feed_and_outlives_a_restart() {
    let folder = folder();
    let program = start(&folder).await;
    let first = program.told.clone();
    let office = sign_in(&first, "office").await;
    let mut feed = office.feed(None).await;
    let before = office.counts().await;
    let said = run(&folder, &["text", "+12075570199", "There is water under the heater"]).await;
    assert!(said.contains("Porchlight took it at once"), "{said}");
    let heard = feed.message("There is water under the heater").await;
    let conversation = word(&heard.data["conversation"], "id").to_owned();
    let after = (before.0 + 1, before.1 + 1, before.2 + 1);
    eventually("counters that know it", async || (office.counts().await == after).then_some(())).await;
    drop(feed);
    program.stop().await;

    let program = start(&folder).await;
    for name in ["business_id", "line", "users"] {
        assert_eq!(program.told[name], first[name], "a restart tells the same {name}");
    }
    let kept: Value = serde_json::from_str(&read(&folder.path().join("data/demo.json"))).expect("JSON");
    assert_eq!(kept, program.told);
    let office = sign_in(&program.told, "office").await;
    let messages = office.messages(&conversation).await;
    assert_eq!(messages[0]["text"], "There is water under the heater");
    assert_eq!(office.counts().await, after);
    program.stop().await;
    let log = read(&folder.path().join("log.txt"));
    assert!(!log.contains("water under") && !log.contains("+12075570199"), "P11: {log}");
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_kept_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder();
    start(&folder).await.stop().await;
    let mode = |name: &str| {
        let path = folder.path().join(name);
        path.metadata().unwrap_or_else(|_| panic!("{name} is there")).permissions().mode() & 0o777
    };
    assert_eq!(mode("data"), 0o700);
    for entry in std::fs::read_dir(folder.path().join("data")).expect("a folder") {
        let entry = entry.expect("an entry");
        let name = format!("data/{}", entry.file_name().display());
        let is_folder = entry.file_type().expect("a kind").is_dir();
        assert_eq!(mode(&name), if is_folder { 0o700 } else { 0o600 }, "{name}");
    }
}

#[tokio::test]
async fn parts_that_do_not_belong_together_are_refused_and_back_in_place_they_start() {
    let (ours, theirs) = (folder(), folder());
    for folder in [&ours, &theirs] {
        start(folder).await.stop().await;
    }
    for (part, words) in [
        ("porchlight.db", "put back the two that belong together"),
        ("demo.json", "put back the two that belong together"),
        ("secrets.json", "put back the secrets.json that belongs to porchlight.db"),
    ] {
        let part = format!("data/{part}");
        let (ours_of_it, kept) = (ours.path().join(&part), ours.path().join("kept"));
        std::fs::rename(&ours_of_it, &kept).expect("it is there");
        std::fs::copy(theirs.path().join(&part), &ours_of_it).expect("it is there");
        let refused = output(&ours, &["--port", "0"]).await;
        let said = String::from_utf8_lossy(&refused.stderr);
        assert!(!refused.status.success() && said.contains(words), "another's {part}: {said}");
        std::fs::remove_file(&ours_of_it).expect("it is there");
        // Without the demo's sign-ins a store is a store.
        if part != "data/demo.json" {
            assert!(!output(&ours, &["--port", "0"]).await.status.success(), "no {part}");
        }
        assert!(!ours.path().join("data/porchlight.db-wal").exists(), "nothing of {part} is left to mix in");
        std::fs::rename(&kept, &ours_of_it).expect("it was kept");
    }
    let program = start(&ours).await;
    sign_in(&program.told, "office").await;
    program.stop().await;
}

#[tokio::test]
async fn a_seeded_folder_runs_and_its_derived_data_can_be_rebuilt() {
    let folder = folder();
    let said = run(&folder, &["seed", "--conversations", "30", "--messages", "200"]).await;
    assert!(said.contains("30 conversations") && said.contains("200 messages"), "{said}");
    assert!(!output(&folder, &["seed"]).await.status.success(), "a folder is seeded once");
    let seeded = looked_at(&folder).await;
    assert_eq!(seeded.counts.0, 30);
    assert!(!seeded.found.is_empty(), "what was seeded is found");

    let status = run(&folder, &["status"]).await;
    assert!(status.contains("messages") && status.contains("0 dead letters"), "{status}");
    run(&folder, &["rebuild"]).await;
    assert_eq!(looked_at(&folder).await, seeded, "P10");
}

/// What the derived data shows.
#[derive(Debug, PartialEq, Eq)]
struct Looked {
    counts: (u64, u64, u64),
    found: Vec<String>,
}

async fn looked_at(folder: &TempDir) -> Looked {
    let program = start(folder).await;
    let office = sign_in(&program.told, "office").await;
    let newest = office.list("filter=all").await;
    let name = word(&newest[0], "name").split(' ').next().unwrap_or_default().to_owned();
    let found = office.list(&format!("q={name}")).await;
    let found = found.iter().map(|row| word(row, "id").to_owned()).collect();
    let looked = Looked { counts: office.counts().await, found };
    program.stop().await;
    looked
}

#[tokio::test]
async fn a_real_business_is_made_without_a_demo_and_its_admin_signs_in() {
    let folder = folder();
    let admin = "ana@harbor.example";
    let business = [
        ["--name", "Harbor Plumbing"],
        ["--line", "+12075550142"],
        ["--time-zone", "America/New_York"],
        ["--admin", "Ana Ferreira"],
        ["--email", admin],
        ["--account-sid", "AC00000000000000000000000000000042"],
    ];
    let arguments = [&["business", "create"][..], business.as_flattened()].concat();
    let said = run(&folder, &arguments).await;
    let signs_in = said.lines().find(|line| line.starts_with("Sign in as")).expect("how to sign in");
    let password = signs_in.split_whitespace().last().expect("a password");
    assert!(said.contains("/messages#rc=5&rp=all"), "{said}");
    assert!(!said.contains("a token of the tests"), "P11");

    let program = start(&folder).await;
    assert!(program.told.get("users").is_none(), "there is no demo: {}", program.told);
    let ana = sign_in_as(&program.told, admin, password).await;
    assert_eq!((ana.me["role"].as_str(), ana.me["name"].as_str()), (Some("admin"), Some("Ana Ferreira")));
    assert_eq!(ana.counts().await, (0, 0, 0));
    program.stop().await;
    assert!(!output(&folder, &arguments).await.status.success(), "an address signs in one person");
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a file")
}
