//! A business with a line, and Twilio calling it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use porchlight_desk::{Desk, Intake};
use porchlight_domain::business::{Business, Line};
use porchlight_domain::channel::Channel;
use porchlight_domain::consent::Consent;
use porchlight_domain::conversation::Conversation;
use porchlight_domain::delivery::Delivery;
use porchlight_domain::event::{Event, Happening};
use porchlight_domain::hours::BusinessHours;
use porchlight_domain::id::{BusinessId, ConversationId, LineGroupId};
use porchlight_domain::message::{Message, Outbound};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;
use porchlight_edge::{Clock, Entropy, Function, Platform, Secrets, SecretsError, Wake};
use porchlight_engine::testing::TestTables;
use porchlight_store::messages::MessagePointer;
use porchlight_store::receipts::{Receipt, Tray};
use porchlight_store::{Store, StoreError};
use porchlight_twilio::{AuthToken, Form, signature};
use serde_json::{Value, json};

pub const LINE: &str = "+12075550100";
pub const MARIA: &str = "+12075550142";
pub const TOKEN: &str = "0123456789abcdef0123456789abcdef";
/// As the template's parameter has it in tests.
pub const PUBLIC_URL: &str = "http://localhost";
const FORM: &str = "application/x-www-form-urlencoded";

/// What the safe has for the business.
#[derive(Clone)]
pub enum Kept {
    /// These tokens.
    Tokens(Vec<&'static str>),
    /// Nothing yet.
    Nothing,
    /// It cannot be read just now.
    OutOfReach,
}

/// Credentials in memory.
pub struct Safe(Mutex<Kept>);

impl Safe {
    pub fn set(&self, kept: Kept) {
        *self.0.lock().expect("no test panics here") = kept;
    }
}

#[async_trait]
impl Secrets for Safe {
    async fn get(&self, name: &str) -> Result<Option<String>, SecretsError> {
        match self.0.lock().expect("no test panics here").clone() {
            Kept::Tokens(tokens) => {
                Ok(Some(json!({ "account_sid": "AC1", "auth_tokens": tokens }).to_string()))
            }
            Kept::Nothing => Ok(None),
            Kept::OutOfReach => Err(SecretsError { name: name.to_owned(), source: "out of reach".into() }),
        }
    }

    async fn put(&self, name: &str, _: &str) -> Result<(), SecretsError> {
        Err(SecretsError { name: name.to_owned(), source: "webhooks keep no secrets".into() })
    }
}

/// What Twilio was answered.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u64,
    pub content_type: String,
    pub body: String,
}

pub struct World {
    pub tables: TestTables,
    pub store: Store,
    pub clock: Clock,
    pub safe: Arc<Safe>,
    pub business: BusinessId,
    pub group: LineGroupId,
    platform: Platform,
    function: Function,
}

pub fn start() -> Timestamp {
    "2026-11-20T10:00:00.000Z".parse().expect("an instant")
}

pub fn phone(number: &str) -> ContactPoint {
    ContactPoint::phone(number).expect("a number")
}

impl World {
    pub async fn new() -> Self {
        let tables = TestTables::new().await;
        let (clock, entropy) = (Clock::manual(start()), Entropy::seeded(7));
        let safe = Arc::new(Safe(Mutex::new(Kept::Tokens(vec![TOKEN]))));
        let settings = tables.environment("Webhooks").into_iter().collect();
        let platform = Platform::new(clock.clone(), entropy.clone(), settings, Wake::timer())
            .with_dynamodb(|| tables.calls_of("Webhooks"))
            .with_secrets(|| Arc::clone(&safe) as Arc<dyn Secrets>);
        let everything = platform.clone().with_dynamodb(|| std::sync::Arc::clone(&tables.calls));
        let world = Self {
            store: everything.store().expect("the template names the tables"),
            function: porchlight_webhooks::build(platform.clone()).expect("the template sets it up"),
            business: entropy.ulid(start()).into(),
            group: entropy.ulid(start()).into(),
            platform,
            tables,
            clock,
            safe,
        };
        world.found().await.expect("an empty store takes a business");
        world
    }

    async fn found(&self) -> Result<(), StoreError> {
        let business = Business {
            id: self.business.clone(),
            name: "Harbor Heating".to_owned(),
            time_zone: "America/New_York".to_owned(),
            hours: BusinessHours::usual(),
            provider_account: "AC1".to_owned(),
            technicians_text: false,
            access_days_after_completion: 14,
            one_revocation_covers_all_from: None,
            push_ladder: porchlight_domain::push::PushLadder::default(),
            created_at: start(),
        };
        self.store.put_business(&business).await?;
        self.add_line(LINE).await
    }

    pub async fn add_line(&self, number: &str) -> Result<(), StoreError> {
        let line = Line {
            number: phone(number),
            group: self.group.clone(),
            label: "Main".to_owned(),
            successor: None,
        };
        self.store.put_line(&self.business, &line).await
    }

    /// What the inbox replays the tray with, under its own role.
    pub fn intake(&self) -> Intake {
        let platform = self.platform.clone().with_dynamodb(|| self.tables.calls_of("Inbox"));
        let channels = porchlight_channels::doors(&platform).expect("the template sets it up");
        let store = platform.store().expect("the template sets it up");
        Intake::new(Desk::new(store, platform.clock, platform.entropy), channels)
    }

    pub fn messages_path(&self) -> String {
        format!("/twilio/{}/messages", self.business)
    }

    pub fn status_path(&self, message: &Message) -> String {
        format!("/twilio/{}/status/{}", self.business, message.id)
    }

    /// A text from Maria, signed as it should be.
    pub async fn text(&self, sid: &str, body: &str) -> Answer {
        self.text_from(MARIA, sid, body).await
    }

    pub async fn text_from(&self, from: &str, sid: &str, body: &str) -> Answer {
        self.genuine(&self.messages_path(), &text_form(from, sid, body)).await
    }

    /// A callback about a message of ours, signed as it should be.
    pub async fn status(&self, message: &Message, fields: &[(&str, &str)]) -> Answer {
        self.genuine(&self.status_path(message), &form(fields)).await
    }

    pub async fn genuine(&self, path: &str, body: &[u8]) -> Answer {
        self.call(path, body, Some(&signed(&format!("{PUBLIC_URL}{path}"), body)), FORM).await
    }

    pub async fn signed_with(&self, path: &str, body: &[u8], signature: Option<&str>) -> Answer {
        self.call(path, body, signature, FORM).await
    }

    /// One request, as API Gateway's REST API passes it on.
    pub async fn call(&self, path: &str, body: &[u8], signature: Option<&str>, content_type: &str) -> Answer {
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        let query: Option<serde_json::Map<String, Value>> = query.map(|query| {
            let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
            pairs.map(|(name, value)| (name, Value::String(value))).collect()
        });
        let mut headers = json!({ "Content-Type": content_type, "Host": "somebody.else.example" });
        if let Some(signature) = signature {
            headers["X-Twilio-Signature"] = json!(signature);
        }
        let event = json!({
            "httpMethod": "POST", "path": path, "resource": "/{proxy+}", "headers": headers,
            "queryStringParameters": query, "isBase64Encoded": true, "body": STANDARD.encode(body),
            "requestContext": { "stage": "prod", "httpMethod": "POST", "path": format!("/prod{path}"),
                "resourcePath": "/{proxy+}", "identity": {}, "requestId": "1", "accountId": "1", "apiId": "1" },
        });
        answer(&self.function.invoke(event).await.expect("an answer"))
    }

    /// The every-minute event.
    pub async fn sweep(&self) {
        let event = json!({ "schedule": "sweep" });
        self.function.invoke(event).await.expect("a sweep that leaves nothing");
    }

    pub async fn thread(&self, from: &str) -> Option<Conversation> {
        let id = ConversationId::of_customer(&self.group, Channel::Sms, &phone(from));
        self.store.conversation(&self.business, &id).await.expect("a read")
    }

    pub fn conversation_of(&self, from: &str) -> ConversationId {
        ConversationId::of_customer(&self.group, Channel::Sms, &phone(from))
    }

    pub async fn timeline(&self, from: &str) -> Vec<Message> {
        let id = self.conversation_of(from);
        self.store.messages(&self.business, &id, None, 100).await.expect("a page").messages
    }

    pub async fn consent(&self, from: &str) -> Option<Consent> {
        self.store.consent(&self.business, &phone(from), &self.group).await.expect("a read")
    }

    pub async fn tray(&self, tray: Tray) -> Vec<Receipt> {
        self.store.tray(&self.business, tray, None, 100, self.clock.now()).await.expect("the tray").0
    }

    /// Something that we wrote to Maria, queued, in a thread that she began.
    pub async fn reply(&self, text: &str) -> Message {
        let mut conversation = self.thread(MARIA).await.expect("she wrote first");
        let now = self.clock.now();
        let entropy = &self.platform.entropy;
        let route = conversation.route().expect("she is a customer");
        let out = Outbound::new(route, text.to_owned(), Delivery::queued(now));
        let (id, author) = (entropy.ulid(now).into(), entropy.ulid(now).into());
        let mut message = Message::reply(&conversation, id, now, author, out);
        conversation.record_reply(&message);
        let event = Event {
            id: entropy.ulid(now).into(),
            conversation: Some(message.conversation.clone()),
            happening: Happening::MessageCreated { seq: message.seq },
        };
        let pointer = MessagePointer::to(&message, None);
        let commit = self.store.commit(&self.business).message_pointer(&pointer).create_message(&mut message);
        commit.conversation(&mut conversation).event(&event).run().await.expect("queued");
        message
    }

    pub async fn message(&self, message: &Message) -> Message {
        let found = self.store.message_by_id(&self.business, &message.id).await.expect("a read");
        found.expect("it was queued")
    }

    pub async fn events(&self) -> Vec<Event> {
        let now = self.clock.now();
        self.store.events_from(&self.business, start() - Duration::from_secs(1), now).await.expect("the feed")
    }
}

pub fn form(fields: &[(&str, &str)]) -> Vec<u8> {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish().into_bytes()
}

pub fn text_form(from: &str, sid: &str, body: &str) -> Vec<u8> {
    form(&[
        ("MessageSid", sid),
        ("AccountSid", "AC1"),
        ("From", from),
        ("To", LINE),
        ("Body", body),
        ("NumMedia", "0"),
    ])
}

pub fn signed(address: &str, body: &[u8]) -> String {
    signature::sign(address, &Form::parse(body), &AuthToken::new(TOKEN))
}

fn answer(response: &Value) -> Answer {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let body = text(&response["body"]);
    let body = match response["isBase64Encoded"].as_bool() {
        Some(true) => String::from_utf8(STANDARD.decode(body).expect("base64")).expect("text"),
        _ => body,
    };
    let kept = |header: &Value| header.as_str().or_else(|| header[0].as_str()).unwrap_or_default().to_owned();
    let content_type = match &response["headers"]["content-type"] {
        Value::Null => kept(&response["multiValueHeaders"]["content-type"]),
        header => kept(header),
    };
    Answer { status: response["statusCode"].as_u64().expect("a status"), content_type, body }
}

/// The answer to every call that was understood or set aside.
pub fn ok() -> Answer {
    Answer { status: 200, content_type: "text/xml".to_owned(), body: "<Response/>".to_owned() }
}
