//! Tables to test on, and things to put into them.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use porchlight_calls::Calls;
use porchlight_domain::channel::Channel;
use porchlight_domain::conversation::{Beginning, Conversation, InboundEffect};
use porchlight_domain::delivery::Delivery;
use porchlight_domain::event::{Event, Happening};
use porchlight_domain::id::{BusinessId, ConversationId, EventId, LineGroupId, MessageId, StaffId};
use porchlight_domain::message::{Message, Outbound, Received};
use porchlight_domain::party::{Party, Route};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;
use porchlight_engine::testing::TestTables;
use porchlight_store::{Store, Tables};

const SHORT_NAMES: [&str; 6] = ["conversations", "messages", "directory", "events", "derived", "vault"];

/// How a store comes to its tables.
#[derive(Clone, Copy)]
pub enum Way {
    /// As everything does that runs on one machine.
    Values,
    /// The SDK, in process.
    Sdk,
}

impl Way {
    pub fn calls(self, test: &TestTables) -> Arc<dyn Calls> {
        match self {
            Self::Values => Arc::clone(&test.calls),
            Self::Sdk => porchlight_calls::sdk(&test.client),
        }
    }

    pub async fn store(self) -> Store {
        self.on(&TestTables::new().await)
    }

    pub fn on(self, test: &TestTables) -> Store {
        Store::new(self.calls(test), tables())
    }
}

/// Makes each of these tests one by values, one by the SDK in process and one over HTTP.
macro_rules! on_all_ways_in {
    ($($name:ident),* $(,)?) => {
        mod by_values {
            $(#[tokio::test] async fn $name() {
                super::$name(crate::support::Way::Values.store().await).await;
            })*
        }
        mod by_the_sdk {
            $(#[tokio::test] async fn $name() {
                super::$name(crate::support::Way::Sdk.store().await).await;
            })*
        }
        mod over_http {
            $(#[tokio::test] async fn $name() { super::$name(crate::support::over_http().await).await; })*
        }
    };
}
pub(crate) use on_all_ways_in;

/// The same for tests that do something to their tables, which a server of its own does not let them.
macro_rules! on_both_ways_in {
    ($($name:ident),* $(,)?) => {
        mod by_values {
            $(#[tokio::test] async fn $name() { super::$name(crate::support::Way::Values).await; })*
        }
        mod by_the_sdk {
            $(#[tokio::test] async fn $name() { super::$name(crate::support::Way::Sdk).await; })*
        }
    };
}
pub(crate) use on_both_ways_in;

pub fn tables() -> Tables {
    let [conversations, messages, directory, events, derived, vault] = SHORT_NAMES.map(TestTables::name);
    Tables { conversations, messages, directory, events, derived, vault }
}

/// The engine's own server on a free port, with tables as the template declares them.
pub async fn over_http() -> Store {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound port");
    let database = dynoxide::Database::memory().expect("a store in memory opens");
    tokio::spawn(dynoxide::server::serve_on(listener, database));
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .endpoint_url(format!("http://{address}"))
        .build();
    let client = Client::from_conf(config);
    let template = TestTables::new().await.client;
    for short in SHORT_NAMES {
        copy_table(&template, &client, &TestTables::name(short)).await;
    }
    Store::new(porchlight_calls::sdk(&client), tables())
}

async fn copy_table(from: &Client, to: &Client, name: &str) {
    use aws_sdk_dynamodb::types::{BillingMode, GlobalSecondaryIndex};
    let table = from.describe_table().table_name(name).send().await.expect("the template's table");
    let table = table.table.expect("a description");
    let indexes = table.global_secondary_indexes.map(|indexes| {
        let index = |index: aws_sdk_dynamodb::types::GlobalSecondaryIndexDescription| {
            GlobalSecondaryIndex::builder()
                .set_index_name(index.index_name)
                .set_key_schema(index.key_schema)
                .set_projection(index.projection)
                .build()
                .expect("a complete index")
        };
        indexes.into_iter().map(index).collect()
    });
    to.create_table()
        .table_name(name)
        .set_attribute_definitions(table.attribute_definitions)
        .set_key_schema(table.key_schema)
        .set_global_secondary_indexes(indexes)
        .billing_mode(BillingMode::PayPerRequest)
        .send()
        .await
        .expect("a copy of the table");
}

/// 2026-11-20, ten in the morning, and so many seconds.
pub fn at(seconds: u64) -> Timestamp {
    let start: Timestamp = "2026-11-20T10:00:00.000Z".parse().expect("an instant");
    start + Duration::from_secs(seconds)
}

/// The `n`-th ULID of an instant.
pub fn ulid<T: std::str::FromStr>(at: Timestamp, n: u64) -> T {
    let id = ulid::Ulid::from_parts(at.millis().cast_unsigned(), u128::from(n));
    id.to_string().parse().ok().expect("a ULID")
}

pub fn business() -> BusinessId {
    ulid(at(0), 1)
}

pub fn group() -> LineGroupId {
    ulid(at(0), 2)
}

pub fn staff(n: u64) -> StaffId {
    ulid(at(0), 100 + n)
}

pub fn phone(n: u64) -> ContactPoint {
    ContactPoint::phone(&format!("+1207555{n:04}")).expect("a number")
}

pub fn line() -> ContactPoint {
    phone(100)
}

pub fn conversation(n: u64) -> Conversation {
    Conversation::begin(Beginning {
        business: business(),
        party: Party::Customer(Route {
            group: group(),
            channel: Channel::Sms,
            contact: phone(n),
            line: line(),
        }),
        customer: None,
        at: at(0),
    })
}

fn route(conversation: &Conversation) -> &Route {
    conversation.route().expect("a customer")
}

/// A message of the customer at the conversation's next place.
pub fn inbound(conversation: &Conversation, text: &str, at: Timestamp) -> Message {
    let sid = format!("SM{:032x}", conversation.next_seq());
    let received = Received::new(route(conversation), Some(sid), text.to_owned());
    Message::received(conversation, ulid::<MessageId>(at, conversation.next_seq()), at, received)
}

/// A queued message of staff at the conversation's next place.
pub fn outbound(conversation: &Conversation, text: &str, at: Timestamp) -> Message {
    let out = Outbound::new(route(conversation), text.to_owned(), Delivery::queued(at));
    Message::reply(conversation, ulid::<MessageId>(at, conversation.next_seq()), at, staff(1), out)
}

pub fn event(conversation: &ConversationId, at: Timestamp, n: u64) -> Event {
    Event {
        id: ulid::<EventId>(at, n),
        conversation: Some(conversation.clone()),
        happening: Happening::MessageCreated { seq: n },
    }
}

pub const WANTS_ANSWER: InboundEffect = InboundEffect::WantsAnswer { emergency: false };

/// A stored conversation with one customer message of this instant that waits for an answer.
pub async fn waiting(store: &Store, n: u64, at: Timestamp) -> Conversation {
    let mut conversation = conversation(n);
    let mut message = inbound(&conversation, "hello", at);
    conversation.record_inbound(&message, WANTS_ANSWER);
    store
        .commit(&business())
        .create_message(&mut message)
        .conversation(&mut conversation)
        .run()
        .await
        .expect("a new conversation");
    conversation
}
