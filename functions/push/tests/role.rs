//! The function within the role that the template gives it: what it reads on a wake-up and every minute it may read.

use std::sync::Arc;

use porchlight_domain::time::Timestamp;
use porchlight_edge::secrets::{Secrets, SecretsError};
use porchlight_edge::{Clock, Entropy, Function, Platform, Wake};
use porchlight_engine::testing::TestTables;
use serde_json::{Value, json};

/// No key has been made yet.
struct Safe;

#[async_trait::async_trait]
impl Secrets for Safe {
    async fn get(&self, _: &str) -> Result<Option<String>, SecretsError> {
        Ok(None)
    }
    async fn put(&self, _: &str, _: &str) -> Result<(), SecretsError> {
        Ok(())
    }
}

fn push(tables: &TestTables) -> Function {
    let mut environment = tables.environment("Push");
    environment.insert("PUBLIC_URL".to_owned(), "http://localhost:7878".to_owned());
    let clock = Clock::manual(Timestamp::from_millis(1_795_000_000_000));
    let platform = Platform::new(clock, Entropy::seeded(7), environment.into_iter().collect(), Wake::timer())
        .with_dynamodb(|| tables.calls_of("Push"))
        .with_secrets(|| Arc::new(Safe));
    porchlight_push::build(platform).expect("the template's settings suffice")
}

#[tokio::test]
async fn a_message_that_is_gone_and_a_quiet_minute_wake_nobody() {
    let tables = TestTables::new().await;
    let push = push(&tables);
    let keys = json!({
        "pk": { "S": "01JD0000000000000000000000#CONV#00000000000000000000000000000000" },
        "sk": { "S": "MSG#000000000001" },
    });
    let record = json!({
        "eventID": "1", "eventName": "INSERT", "eventVersion": "1.1", "eventSource": "aws:dynamodb",
        "awsRegion": "us-east-1", "eventSourceARN": "arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/s",
        "dynamodb": {
            "ApproximateCreationDateTime": 1_763_711_999.0, "Keys": keys, "NewImage": {},
            "SequenceNumber": "7", "SizeBytes": 1, "StreamViewType": "NEW_IMAGE",
        },
    });
    let answer = push.invoke(json!({ "Records": [record] })).await.expect("an answer");
    assert_eq!(answer, json!({ "batchItemFailures": [] }));
    assert_eq!(push.invoke(json!({ "schedule": "sweep" })).await.expect("an answer"), Value::Null);
}
