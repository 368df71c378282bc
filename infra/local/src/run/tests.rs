use porchlight_domain::message::Message;
use porchlight_simulator::Message as Kept;
use tempfile::TempDir;

use super::*;

async fn machine(folder: &TempDir) -> Machine {
    let config = Config { port: 0, data: folder.path().join("data"), ..Config::default() };
    start(&config, Templates::embedded()).await.expect("everything starts")
}

/// Every message of the demo's threads.
async fn told(machine: &Machine) -> Vec<Message> {
    let store = machine.porchlight.platform().store().expect("a store");
    let business = &machine.demo.as_ref().expect("a demo").business_id;
    let (mut told, mut from) = (Vec::new(), None);
    loop {
        let (conversations, next) = store.scan_conversations(business, from).await.expect("a page");
        for conversation in conversations {
            let page = store.messages(business, &conversation.id, None, 100).await.expect("a thread");
            told.extend(page.messages);
        }
        from = next;
        if from.is_none() {
            return told;
        }
    }
}

fn sid(message: &Message) -> &str {
    let sent = message.delivery.as_ref().and_then(|delivery| delivery.sid());
    message.inbound_sid.as_deref().or(sent).expect("it went through the provider")
}

/// The same message, as either side has it.
fn seen(message: &Message) -> (&str, String, String, &str, &str) {
    let (contact, line) = (message.contact.to_string(), message.line.to_string());
    let (from, to) = if message.inbound_sid.is_some() { (contact, line) } else { (line, contact) };
    (sid(message), from, to, &message.text, message.status().as_str())
}

fn kept(message: &Kept) -> (&str, String, String, &str, &str) {
    (&message.sid, message.from.clone(), message.to.clone(), &message.body, &message.status)
}

async fn assert_photos(machine: &Machine, folder: &TempDir, told: &[Message]) {
    let business = &machine.demo.as_ref().expect("a demo").business_id;
    let secrets = FileSecrets::open(&folder.path().join("data/secrets.json")).expect("the secrets");
    let account = provider_credentials(&secrets, business).await.expect("readable").expect("an account");
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let photos: Vec<_> = told.iter().flat_map(|message| &message.media).collect();
    assert_eq!(photos.len(), 2);
    for photo in photos {
        let url = &photo.provider_url;
        assert_eq!(client.get(url).send().await.expect("an answer").status(), 401);
        let signed_in = client.get(url).basic_auth(&account.account_sid, account.auth_tokens.first());
        let answer = signed_in.send().await.expect("an answer");
        assert_eq!(answer.headers()["content-type"], "image/jpeg");
        assert!(answer.bytes().await.expect("a file").starts_with(b"\xff\xd8\xff"), "a JPEG");
    }
}

async fn health(simulator: &RunningSimulator) -> serde_json::Value {
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let answer = client.get(format!("{}/simulator/health", simulator.url())).send().await;
    answer.expect("it answers").json().await.expect("JSON")
}

#[tokio::test]
async fn the_simulator_has_the_demos_messages_and_photos_and_keeps_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = machine(&folder).await;
    let told = told(&first).await;
    let mut expected: Vec<_> = told.iter().map(seen).collect();
    expected.sort_unstable();
    assert!(expected.len() > 200, "{}", expected.len());
    let simulator = first.simulator.as_ref().expect("a simulator");
    let history = simulator.messages();
    assert!(history.is_sorted_by_key(|message| message.created), "oldest first");
    let mut known: Vec<_> = history.iter().map(kept).collect();
    known.sort_unstable();
    assert_eq!(known, expected);
    assert_photos(&first, &folder, &told).await;
    let inbox = &health(simulator).await["inbox_url"];
    assert_eq!(inbox, first.porchlight.public_url(), "the simulator's page leads to the inbox");
    first.stop().await;

    let second = machine(&folder).await;
    assert_eq!(second.simulator.as_ref().expect("a simulator").messages(), history);
    second.stop().await;
}
