use porchlight_domain::message::{Message, MessageKind};
use porchlight_domain::phone::ContactPoint;
use porchlight_edge::Function;
use porchlight_flows::Person;
use porchlight_simulator::{Message as Kept, TextIn};
use tempfile::TempDir;

use super::*;
use crate::business;
use crate::demo::load;
use crate::functions::Build;
use crate::offline::Offline;

const CUSTOMER: &str = "+12075550199";

fn config(folder: &TempDir) -> Config {
    Config { port: 0, data: folder.path().join("data"), ..Config::default() }
}

async fn machine(folder: &TempDir) -> Machine {
    start(&config(folder), Templates::embedded()).await.expect("everything starts")
}

/// A machine that sends nothing: what is queued stays so.
async fn machine_that_sends_nothing(config: &Config) -> Machine {
    let idle = |_| {
        let function = Function::new().stream(async |_| Ok(Vec::new()));
        Ok(function.schedule("sweep", async |_| Ok(())))
    };
    let mut functions = linked();
    functions.insert("porchlight-send".to_owned(), Arc::new(idle) as Build);
    start_with(config, Templates::embedded(), functions).await.expect("everything starts")
}

async fn office(machine: &Machine) -> Person {
    let users = &machine.demo.as_ref().expect("a demo").users;
    let user = users.iter().find(|user| user.email.starts_with("ben@")).expect("an office user");
    Person::sign_in(&machine.porchlight.url(), &user.email, &user.password).await
}

fn text(body: &str) -> TextIn {
    TextIn { from: CUSTOMER.to_owned(), body: body.to_owned(), ..TextIn::default() }
}

/// The provider takes a text and stops before it has told anybody.
async fn half_tell(simulator: &RunningSimulator, body: &str) {
    tokio::select! {
        biased;
        _ = simulator.text(text(body)) => panic!("nothing can have told it yet"),
        () = std::future::ready(()) => {}
    }
}

async fn offline(folder: &TempDir) -> Offline {
    Offline::open(&folder.path().join("data"), &Templates::embedded()).await.expect("nothing runs on it")
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
    let sent = message.delivery().and_then(|delivery| delivery.sid());
    message.inbound_sid().or(sent).expect("it went through the provider")
}

/// The same message, as either side has it.
fn seen(message: &Message) -> (&str, String, String, &str, &str) {
    let number = |it: Option<&ContactPoint>| it.expect("it went through the provider").to_string();
    let (contact, line) = (number(message.contact()), number(message.line()));
    let (from, to) = if message.inbound_sid().is_some() { (contact, line) } else { (line, contact) };
    (sid(message), from, to, message.text(), message.status().as_str())
}

fn kept(message: &Kept) -> (&str, String, String, &str, &str) {
    (&message.sid, message.from.clone(), message.to.clone(), &message.body, &message.status)
}

async fn assert_photos(machine: &Machine, folder: &TempDir, told: &[Message]) {
    let business = &machine.demo.as_ref().expect("a demo").business_id;
    let secrets = FileSecrets::open(&folder.path().join("data/secrets.json")).expect("the secrets");
    let account = provider_credentials(&secrets, business).await.expect("readable").expect("an account");
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let photos: Vec<_> = told.iter().flat_map(Message::media).collect();
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
    // Quiet lines stay in the house.
    let went_out = told.iter().filter(|message| message.kind() != MessageKind::System);
    let mut expected: Vec<_> = went_out.map(seen).collect();
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
    let url = simulator.url().to_owned();
    first.stop().await;

    let second = machine(&folder).await;
    let simulator = second.simulator.as_ref().expect("a simulator");
    assert_eq!(simulator.messages(), history);
    assert_eq!(simulator.url(), url, "photos are where they were");
    second.stop().await;
}

#[tokio::test]
async fn what_was_under_way_in_either_direction_arrives_once_after_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = machine_that_sends_nothing(&config(&folder)).await;
    let simulator = first.simulator.as_ref().expect("a simulator");
    simulator.text(text("Is anybody there?")).await.expect("a line");
    let ben = office(&first).await;
    let thread = ben.thread(CUSTOMER).await;
    let answer = ben.reply(&thread, "We are on our way").await;
    half_tell(simulator, "Half told").await;
    first.stop().await;

    let second = machine(&folder).await;
    let ben = office(&second).await;
    ben.until_status(&thread, &answer, "delivered").await;
    let half_told = async || {
        let messages = ben.messages(&thread).await;
        messages.into_iter().filter(|message| message["text"] == "Half told").count()
    };
    porchlight_flows::eventually("a text that goes on", async || (half_told().await > 0).then_some(())).await;
    second.porchlight.tick().await.expect("a sweep");
    assert_eq!(half_told().await, 1, "P2");
    let kept = second.simulator.as_ref().expect("a simulator").messages();
    assert_eq!(kept.iter().filter(|message| message.body == "We are on our way").count(), 1, "P4");
    second.stop().await;
}

#[tokio::test]
async fn a_token_that_was_rotated_reaches_a_real_business_before_what_is_queued_is_sent() {
    const ACCOUNT: &str = "AC00000000000000000000000000000042";
    let folder = tempfile::tempdir().expect("a folder");
    let new = business::create::tests::harbor();
    let (data, templates) = (folder.path().join("data"), Templates::embedded());
    let made = {
        let platform = Offline::open(&data, &templates).await.expect("a folder").platform;
        let made = business::create::create(&platform, &new, "old".to_owned()).await;
        made.unwrap_or_else(|error| panic!("{error}"))
    };
    let provider = async |token: &str| {
        let simulator = Simulator::start(SimulatorConfig::new(ACCOUNT, token)).await.expect("a free port");
        let config = Config {
            twilio_base_url: Some(simulator.url().to_owned()),
            twilio_account_sid: Some(ACCOUNT.to_owned()),
            twilio_auth_token: Some(token.to_owned()),
            ..config(&folder)
        };
        (simulator, config)
    };
    let line = |url: &str| {
        let (number, name) = (new.line.clone(), None);
        vec![porchlight_simulator::Line {
            number,
            webhook_url: account::webhook_address(url, &made.business),
            name,
        }]
    };
    let ana = async |machine: &Machine| {
        Person::sign_in(&machine.porchlight.url(), &new.email, &made.sign_in.password).await
    };
    let (simulator, old) = provider("old").await;
    let first = machine_that_sends_nothing(&old).await;
    assert!(first.demo.is_none());
    simulator.set_lines(line(first.porchlight.public_url()));
    simulator.text(text("Is anybody there?")).await.expect("a line");
    let person = ana(&first).await;
    let thread = person.thread(CUSTOMER).await;
    let answer = person.reply(&thread, "We are on our way").await;
    first.stop().await;

    let (simulator, rotated) = provider("new").await;
    simulator.set_lines(line("http://127.0.0.1:9"));
    let second = start(&rotated, Templates::embedded()).await.expect("everything starts");
    ana(&second).await.until_status(&thread, &answer, "delivered").await;
    simulator.set_lines(line(second.porchlight.public_url()));
    let sent = simulator.text(text("Thank you")).await.expect("a line");
    assert!(sent.webhook.is_some_and(|webhook| webhook.accepted), "signed with the new token");
    second.stop().await;
}

#[tokio::test]
async fn a_first_start_that_was_interrupted_is_begun_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    {
        let Offline { folder, platform, .. } = offline(&folder).await;
        folder.filling().begin().expect("a marker");
        let (told, _, _) = demo_business::begin(&platform, "AC1").await.expect("a story");
        load::business(&platform.store().expect("a store"), &told).await.expect("a write");
    }
    let first = machine(&folder).await;
    assert!(!office(&first).await.list("filter=all").await.is_empty());
    let demo = first.demo.clone().expect("a demo");
    first.stop().await;
    let second = machine(&folder).await;
    assert_eq!(second.demo.as_ref().map(|demo| &demo.users), Some(&demo.users));
    second.stop().await;
}

#[tokio::test]
async fn a_rebuild_that_was_interrupted_is_done_again_at_the_next_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = machine(&folder).await;
    let before = office(&first).await.settled_counts().await;
    let business = first.demo.as_ref().expect("a demo").business_id.clone();
    first.stop().await;
    {
        let Offline { folder, platform, .. } = offline(&folder).await;
        folder.rebuilding().begin().expect("a marker");
        platform.store().expect("a store").drop_derived(&business).await.expect("a write");
    }
    let second = machine(&folder).await;
    assert_eq!(office(&second).await.counts().await, before, "P10");
    second.stop().await;
    assert!(!offline(&folder).await.folder.rebuilding().is_there());
}
