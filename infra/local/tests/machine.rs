//! The whole machine, as a newcomer starts it: `porchlight --json`, then a first conversation.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use porchlight_local::demo_business::{Demo, DemoUser};
use reqwest::{Client, Method};
use serde_json::{Value, json};

/// A process that ends with the test.
struct Started {
    child: Child,
    demo: Demo,
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_porchlight"));
    command.current_dir(folder).args(["--data", "data", "--port", "0"]).env("PORCHLIGHT_LOG", "warn");
    command
}

fn start(folder: &Path) -> Started {
    let mut child = command(folder).arg("--json").stdout(Stdio::piped()).spawn().expect("it starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
    let demo = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
    Started { child, demo }
}

fn client() -> Client {
    Client::builder()
        .cookie_store(true)
        .no_proxy()
        .timeout(Duration::from_secs(20))
        .build()
        .expect("a client")
}

async fn ask(client: &Client, demo: &Demo, method: Method, path: &str, body: Option<Value>) -> Value {
    let request = client.request(method, format!("{}{path}", demo.url)).header("origin", &demo.url);
    let request = match body {
        Some(body) => request.json(&body),
        None => request,
    };
    let answer = request.send().await.expect("an answer");
    let status = answer.status();
    let text = answer.text().await.expect("text");
    assert!(status.is_success(), "{path}: {status} {text}");
    serde_json::from_str(&text).unwrap_or_default()
}

async fn sign_in(demo: &Demo, user: &DemoUser) -> Client {
    let client = client();
    let words = json!({ "email": user.email, "password": user.password });
    ask(&client, demo, Method::POST, "/api/session", Some(words)).await;
    client
}

/// Asks again until `found` finds something, and not for ever.
async fn until<T>(client: &Client, demo: &Demo, path: &str, found: impl Fn(&Value) -> Option<T>) -> T {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
    loop {
        let answer = ask(client, demo, Method::GET, path, None).await;
        if let Some(found) = found(&answer) {
            return found;
        }
        assert!(tokio::time::Instant::now() < deadline, "in vain: {path} {answer}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn office(demo: &Demo) -> &DemoUser {
    demo.users
        .iter()
        .find(|user| user.role == porchlight_domain::staff::Role::Office)
        .expect("an office user")
}

#[tokio::test]
async fn a_text_comes_in_and_an_answer_goes_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let started = start(folder.path());
    let demo = &started.demo;
    let roles: Vec<String> = demo.users.iter().map(|user| format!("{:?}", user.role)).collect();
    assert_eq!(roles, ["Admin", "Office", "Technician", "Technician"]);
    let client = sign_in(demo, office(demo)).await;
    let list = ask(&client, demo, Method::GET, "/api/conversations", None).await;
    assert!(list["conversations"].as_array().is_some_and(|rows| rows.len() > 10), "{list}");

    let told =
        command(folder.path()).args(["text", "+12075550177", "No hot water"]).output().expect("it runs");
    assert!(String::from_utf8_lossy(&told.stdout).contains("took it"), "{told:?}");
    let list = ask(&client, demo, Method::GET, "/api/conversations", None).await;
    let row = &list["conversations"][0];
    assert_eq!(row["last_message"]["text"], "No hot water");
    let id = row["id"].as_str().expect("an id");

    let message =
        ulid::Ulid::from_parts(u64::try_from(row["seq"].as_i64().expect("a seq")).expect("positive"), 1);
    let words = json!({ "id": message.to_string(), "text": "On our way", "seen_seq": row["seq"] });
    ask(&client, demo, Method::POST, &format!("/api/conversations/{id}/messages"), Some(words)).await;
    let delivered = |page: &Value| {
        let last = page["messages"].as_array()?.last()?.clone();
        (last["status"] == "delivered").then_some(last)
    };
    let last = until(&client, demo, &format!("/api/conversations/{id}/messages"), delivered).await;
    assert_eq!(last["text"], "On our way");
    let simulator = demo.simulator_url.as_ref().expect("a simulator");
    let phone = client
        .get(format!("{simulator}/simulator/phones/+12075550177/messages"))
        .send()
        .await
        .expect("it answers");
    assert!(phone.text().await.expect("text").contains("On our way"));
}

#[tokio::test]
async fn everything_is_still_there_after_a_crash() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut first = start(folder.path());
    let told = command(folder.path()).args(["text", "+12075550177", "Before"]).output().expect("it runs");
    assert!(told.status.success());
    first.child.kill().expect("it runs");
    first.child.wait().expect("it ended");
    let second = start(folder.path());
    assert_eq!(second.demo.users, first.demo.users);
    assert_eq!(second.demo.business_id, first.demo.business_id);
    let client = sign_in(&second.demo, office(&second.demo)).await;
    let list = ask(&client, &second.demo, Method::GET, "/api/conversations", None).await;
    assert_eq!(list["conversations"][0]["last_message"]["text"], "Before");
}

#[tokio::test]
async fn seeded_data_is_listed_counted_and_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let seeded = command(folder.path()).args(["seed", "--conversations", "60", "--messages", "300"]).output();
    let seeded = seeded.expect("it runs");
    assert!(seeded.status.success(), "{seeded:?}");
    let started = start(folder.path());
    let demo = &started.demo;
    let client = sign_in(demo, office(demo)).await;
    let total = |list: &Value| (list["counts"]["total"] == 60).then_some(());
    until(&client, demo, "/api/conversations?limit=5", total).await;
    drop(started);
    let rebuilt = command(folder.path()).arg("rebuild").output().expect("it runs");
    assert_eq!(String::from_utf8_lossy(&rebuilt.stdout), "60 conversations\n");
    let again = command(folder.path()).args(["seed", "--conversations", "1"]).output().expect("it runs");
    assert!(String::from_utf8_lossy(&again.stderr).contains("holds data already"));
}
