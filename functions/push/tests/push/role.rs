//! What it reads on a wake-up and every minute it may read.

use porchlight_edge::Clock;
use porchlight_engine::testing::TestTables;
use serde_json::{Value, json};

use crate::house::{push, start, written};

#[tokio::test]
async fn a_message_that_is_gone_and_a_quiet_minute_wake_nobody() {
    let tables = TestTables::new().await;
    let push = push(&tables, &Clock::manual(start()), 7);
    let gone = "00000000000000000000000000000000".parse().expect("an id");
    let answer = push.invoke(written(&gone, 1)).await.expect("an answer");
    assert_eq!(answer, json!({ "batchItemFailures": [] }));
    assert_eq!(push.invoke(json!({ "schedule": "sweep" })).await.expect("an answer"), Value::Null);
}
