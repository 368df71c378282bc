//! What following costs where nobody brings word of what is written, as on AWS.
//!
//! Time stands still while the store works, and else passes as soon as everybody waits.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use porchlight_calls::Calls;
use porchlight_domain::message::MessageKind;
use porchlight_edge::{Function, Wake};
use porchlight_engine::Access;
use porchlight_engine::testing::TestTables;
use serde_json::Value;
use tokio::runtime::Handle;
use tokio::time::Instant;

use crate::follower::{Follower, sign_in};
use crate::house::{House, staff};

/// The tables that were asked, in the order of the requests.
pub type Asked = Arc<Mutex<Vec<String>>>;

/// Passes requests on to the store and remembers which table each asked.
#[derive(Clone, Debug)]
struct Counted {
    store: SharedHttpConnector,
    asked: Asked,
}

impl HttpConnector for Counted {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let body: Value = serde_json::from_slice(request.body().bytes().unwrap_or(b"{}")).expect("JSON");
        let table = body["TableName"].as_str().unwrap_or("several").to_owned();
        self.asked.lock().expect("a list").push(table);
        let store = self.store.clone();
        // Work on a thread of its own keeps the paused clock from going on meanwhile.
        let work = tokio::task::spawn_blocking(move || Handle::current().block_on(store.call(request)));
        HttpConnectorFuture::new(async { work.await.expect("the store answers") })
    }
}

/// What the function may ask of the store, and what it asked; a paused clock stands still meanwhile.
pub fn watched(house: &House) -> (Arc<dyn Calls>, Asked) {
    let asked = Asked::default();
    let access = Access { policy: Some(house.tables.policy_of("Live")), ..Access::default() };
    let connector = Counted { store: house.tables.engine.connector(access), asked: Arc::clone(&asked) };
    let config = house.tables.client.config().to_builder();
    let config = config.http_client(http_client_fn(move |_, _| SharedHttpConnector::new(connector.clone())));
    (porchlight_calls::sdk(&Client::from_conf(config.build())), asked)
}

/// The function as it runs on AWS, and what it asks of the store.
fn live(house: &House) -> (Function, Asked) {
    let (calls, asked) = watched(house);
    let mut platform = house.platform("Live").with_dynamodb(|| calls);
    platform.wake = Wake::timer();
    (porchlight_live::build(platform).expect("the template has its settings"), asked)
}

fn count(asked: &Asked, table: &str) -> usize {
    let name = TestTables::name(table);
    asked.lock().expect("a list").iter().filter(|asked| **asked == name).count()
}

#[tokio::test]
async fn while_nothing_happens_the_feed_is_asked_each_second_and_the_counters_once() {
    let house = House::open().await;
    let (live, asked) = live(&house);
    let mut follower = Follower::open(&live, &sign_in(&house, &staff(1)).await, None).await;
    asked.lock().expect("a list").clear();
    tokio::time::pause();
    while follower.next_or_end().await.is_some() {}
    let (feed, counters) = (count(&asked, "events"), count(&asked, "derived"));
    assert!((54..=57).contains(&feed), "the feed was asked {feed} times in 55 s");
    assert!(counters <= 1, "the counters were asked {counters} times");
}

#[tokio::test]
async fn a_text_after_quiet_is_told_within_a_second_and_the_counts_follow_p8() {
    let house = House::open().await;
    let (live, asked) = live(&house);
    let mut follower = Follower::open(&live, &sign_in(&house, &staff(1)).await, None).await;
    tokio::time::pause();
    tokio::time::sleep(Duration::from_secs(28)).await;
    let counted = count(&asked, "derived");
    tokio::time::resume();
    house.say(1, MessageKind::Customer, "hello").await;
    house.settle().await;
    tokio::time::pause();
    let said = Instant::now();
    assert_eq!(follower.told().await.data["message"]["text"], "hello");
    assert!(said.elapsed() <= Duration::from_secs(1), "it took {:?}", said.elapsed());
    let counts = follower.until("counts").await;
    assert_eq!(counts.data["total"], 1);
    assert!(count(&asked, "derived") <= counted + 2, "once when it was told, and once when it was counted");
}
