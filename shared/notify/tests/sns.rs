//! What is published to phones, read back from an SNS that we did not write, and what becomes of their endpoints.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use aws_sdk_sns::config::{BehaviorVersion, Builder, Credentials, Region};
use porchlight_domain::device::{Address, Device, Health};
use porchlight_domain::push::{Notice, NoticeKind};
use porchlight_domain::time::Timestamp;
use porchlight_notify::sns::Applications;
use porchlight_notify::{Carrier as _, Chance, Outcome, Posted, Push, Sns};
use porchlight_tools::{project, python};
use serde_json::Value;

const CHANCE: Chance = Chance { key: [1; 32], salt: [2; 16] };

/// A process of its own, which ends with this value.
struct Moto {
    process: Child,
    asks: ChildStdin,
    says: BufReader<ChildStdout>,
    sns: Sns,
}

impl Moto {
    fn start() -> Self {
        let script = project().join("shared/notify/tests/sns.py");
        let mut command = Command::new(python().expect("the tests' Python"));
        let mut process =
            command.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("Python starts");
        let asks = process.stdin.take().expect("it was piped");
        let mut says = BufReader::new(process.stdout.take().expect("it was piped"));
        let made = line(&mut says);
        let word = |name: &str| made[name].as_str().expect("text").to_owned();
        let config = Builder::new()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("test", "test", None, None, "tests"))
            .endpoint_url(word("url"));
        let applications = Applications { apns: Some(word("apns")), fcm: Some(word("fcm")) };
        let sns = Sns::new(Some(config), applications, "https://inbox.example.com/");
        Self { process, asks, says, sns }
    }

    fn ask(&mut self, what: &str) -> Value {
        writeln!(self.asks, "{what}").expect("it listens");
        line(&mut self.says)
    }

    fn published(&mut self) -> Vec<Value> {
        self.ask("told")["published"].as_array().expect("a list").clone()
    }

    async fn post(&self, device: &Device) -> Posted {
        let push = Push { notice: notice(), smaller: notice(), lasts: Duration::from_hours(23) };
        self.sns.post(device, &push, Timestamp::from_millis(0), CHANCE).await
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn line(says: &mut BufReader<ChildStdout>) -> Value {
    let mut line = String::new();
    says.read_line(&mut line).expect("it answers");
    serde_json::from_str(&line).expect("it answers as JSON")
}

fn id<T: std::str::FromStr>() -> T {
    "01JD0000000000000000000001".parse().ok().expect("a ULID")
}

fn device(address: Address, endpoint: Option<&str>) -> Device {
    Device {
        business: id(),
        id: id(),
        staff: id(),
        name: "Phone".to_owned(),
        address,
        session: String::new(),
        created_at: Timestamp::from_millis(0),
        last_success_at: None,
        health: Health::New,
        health_reason: None,
        endpoint: endpoint.map(str::to_owned),
    }
}

fn notice() -> Notice {
    Notice {
        kind: NoticeKind::Message,
        staff: id(),
        title: "Maria Alvarez".to_owned(),
        body: "New message".to_owned(),
        conversation: Some("0123456789abcdef0123456789abcdef".parse().expect("an id")),
        message: Some((id(), 7)),
        badge: Some(3),
        counted: true,
        emergency: false,
    }
}

fn json_of(text: &Value) -> Value {
    serde_json::from_str(text.as_str().expect("JSON as a text")).expect("JSON")
}

#[tokio::test]
async fn apple_and_google_are_told_who_in_their_own_forms() {
    let mut moto = Moto::start();
    let phones = [Address::apns("AB12CD34"), Address::Fcm { token: "fcm-token".to_owned() }];
    for phone in phones {
        let posted = moto.post(&device(phone, None)).await;
        assert_eq!(posted.outcome, Outcome::Taken);
        assert!(posted.endpoint.is_some());
    }
    let published = moto.published();
    assert!(published.iter().all(|it| it["structure"] == "json"));
    let (apple, google) = (json_of(&published[0]["message"]), json_of(&published[1]["message"]));
    let apns = json_of(&apple["APNS"]);
    assert_eq!(apns["aps"]["alert"]["title"], "Maria Alvarez");
    assert_eq!((&apns["aps"]["badge"], &apns["aps"]["interruption-level"]), (&3.into(), &"active".into()));
    let thread = apns["aps"]["thread-id"].as_str().expect("a thread").to_owned();
    assert_eq!(thread.len(), 32);
    assert_eq!(apns["porchlight"]["seq"], 7);
    let attributes = &published[0]["attributes"];
    assert_eq!(attributes["AWS.SNS.MOBILE.APNS.TTL"], "82800");
    assert_eq!(attributes["AWS.SNS.MOBILE.APNS.COLLAPSE_ID"], thread.as_str());
    assert_eq!(attributes["AWS.SNS.MOBILE.APNS.PUSH_TYPE"], "alert");

    let message = &json_of(&google["GCM"])["fcmV1Message"]["message"];
    assert_eq!(message["notification"]["body"], "New message");
    assert!(message["data"].as_object().is_some_and(|data| data.values().all(Value::is_string)), "{message}");
    assert_eq!(message["data"]["seq"], "7");
    let android = &message["android"];
    assert_eq!((&android["ttl"], &android["collapse_key"]), (&"82800s".into(), &thread.as_str().into()));
    assert_eq!(
        (&android["priority"], &android["notification"]["tag"]),
        (&"high".into(), &thread.as_str().into())
    );
    assert_eq!(published[1]["attributes"]["AWS.SNS.MOBILE.GCM.TTL"], "82800");
    assert!(published.iter().all(|it| it["message"].as_str().is_some_and(|text| text.len() < 4096)));
}

#[tokio::test]
async fn an_endpoint_is_one_per_token_switched_on_again_and_removed_when_it_is_dead() {
    let mut moto = Moto::start();
    let phone = || Address::apns("ab12");
    let made = moto.post(&device(phone(), None)).await.endpoint.expect("an endpoint");
    // The same token, registered again: the same endpoint, nothing new.
    let again = moto.post(&device(phone(), None)).await;
    assert_eq!((again.outcome, again.endpoint.as_deref()), (Outcome::Taken, Some(made.as_str())));
    assert_eq!(moto.ask("told")["endpoints"].as_object().map(serde_json::Map::len), Some(1));
    // Apple has said that the token is dead: the device goes, and so does its endpoint.
    moto.ask(&format!("disable {made}"));
    let known = device(phone(), Some(&made));
    assert_eq!(moto.post(&known).await.outcome, Outcome::Gone);
    // It comes anew: its endpoint is there, off, and is switched on.
    let anew = moto.post(&device(phone(), None)).await;
    assert_eq!((anew.outcome, anew.endpoint.as_deref()), (Outcome::Taken, Some(made.as_str())));
    // Somebody deleted the endpoint: another is made.
    moto.ask(&format!("delete {made}"));
    let another = moto.post(&known).await;
    assert_eq!(another.outcome, Outcome::Taken);
    let another = another.endpoint.expect("it was made anew");
    assert_ne!(another, made);
    moto.sns.forget(&device(phone(), Some(&another))).await;
    assert_eq!(moto.ask("told")["endpoints"].as_object().map(serde_json::Map::len), Some(0));
}
