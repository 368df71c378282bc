//! The functions' real binaries, as AWS would start them: under a Lambda Runtime API, with the environment
//! that the template gives, over tables that they reach by address and may touch only as their role allows.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use porchlight_cloud::dynamodb::DynamoDb;
use porchlight_cloud::runtime_api::{Answer, RuntimeApi};
use porchlight_engine::testing::TestTables;
use porchlight_engine::{Access, Stack};
use serde_json::{Value, json};
use tokio::process::Child;

/// The seven binaries, and where they are. `cargo test` has just built them: asked for in the same words, they are fresh.
fn binary(name: &str) -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let built = Command::new(env!("CARGO")).args(["test", "--workspace", "--no-run"]).output();
        let built = built.expect("cargo can be started");
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        let test = std::env::current_exe().expect("a test knows where it is");
        test.ancestors().nth(2).expect("target/debug/deps/test").to_owned()
    });
    folder.join(name)
}

/// A function started as on AWS.
struct Started {
    api: RuntimeApi,
    _tables: DynamoDb,
    _process: Child,
}

impl Started {
    /// `id` as in the template, such as `Webhooks`.
    async fn new(id: &str) -> Self {
        Self::with(id, &[]).await
    }

    /// With these settings beside the template's, or instead of them.
    async fn with(id: &str, own: &[(&str, &str)]) -> Self {
        let tables = TestTables::new().await;
        let access = Access { policy: Some(tables.policy_of(id)), ..Access::default() };
        let dynamodb = DynamoDb::serve(&tables.engine, access).await;
        let mut settings: Vec<(String, String)> = tables.environment(id).into_iter().collect();
        settings.push(("AWS_ENDPOINT_URL_DYNAMODB".into(), dynamodb.url.clone()));
        settings.push(("PUBLIC_URL".into(), "https://inbox.example.com".into()));
        settings.extend(own.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        let settings: Vec<(&str, String)> = settings.iter().map(|(k, v)| (k.as_str(), v.clone())).collect();
        let api = RuntimeApi::start().await;
        let process = api.spawn(&binary(&format!("porchlight-{}", id.to_lowercase())), &settings);
        Self { api, _tables: dynamodb, _process: process }
    }

    async fn answer(&self, event: Value) -> Answer {
        let answer = self.api.invoke(&event).await;
        assert!(answer.ok, "the function failed: {}", String::from_utf8_lossy(&answer.body));
        answer
    }
}

fn request(method: &str, resource: &str, path: &str, body: Option<&str>) -> Value {
    json!({
        "resource": resource, "path": path, "httpMethod": method, "body": body, "isBase64Encoded": false,
        "headers": { "Host": "abc.execute-api.us-east-1.amazonaws.com" },
        "multiValueHeaders": { "Host": ["abc.execute-api.us-east-1.amazonaws.com"] },
        "queryStringParameters": null, "multiValueQueryStringParameters": null, "pathParameters": null,
        "stageVariables": null,
        "requestContext": {
            "accountId": "000000000000", "apiId": "abc", "httpMethod": method, "path": format!("/prod{path}"),
            "protocol": "HTTP/1.1", "requestId": "1", "resourceId": "r", "resourcePath": resource, "stage": "prod",
            "identity": { "sourceIp": "192.0.2.1" },
        },
    })
}

fn record(pk: &str, sk: &str) -> Value {
    json!({ "Records": [{
        "eventID": "1", "eventName": "INSERT", "eventVersion": "1.1", "eventSource": "aws:dynamodb",
        "awsRegion": "us-east-1", "eventSourceARN": "arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/s",
        "dynamodb": {
            "ApproximateCreationDateTime": 1_763_711_999.0, "Keys": { "pk": { "S": pk }, "sk": { "S": sk } },
            "NewImage": {}, "SequenceNumber": "7", "SizeBytes": 1, "StreamViewType": "NEW_IMAGE",
        },
    }] })
}

fn minute() -> Value {
    json!({ "schedule": "sweep" })
}

#[tokio::test]
async fn webhooks_starts_on_lambda_and_answers_a_webhook_and_the_minute() {
    let webhooks = Started::new("Webhooks").await;
    let path = "/twilio/01JD0000000000000000000000/messages";
    let event = request("POST", "/twilio/{business_id}/messages", path, Some("From=%2B12075550123"));
    assert_eq!(webhooks.answer(event).await.json()["statusCode"], 404, "there is no such business");
    assert_eq!(webhooks.answer(minute()).await.json(), Value::Null);
}

#[tokio::test]
async fn inbox_starts_on_lambda_and_answers_a_request() {
    let inbox = Started::new("Inbox").await;
    let answer = inbox.answer(request("GET", "/api/me", "/api/me", None)).await.json();
    assert_eq!(answer["statusCode"], 401);
    assert!(answer["body"].as_str().is_some_and(|body| body.contains("urn:porchlight:problem:")), "{answer}");
}

#[tokio::test]
async fn live_starts_on_lambda_and_streams_its_response() {
    let live = Started::new("Live").await;
    let answer = live.answer(request("GET", "/api/live", "/api/live", None)).await;
    assert!(answer.streamed, "the feed must flow, not wait for its end");
    assert_eq!(answer.status(), 401);
}

#[tokio::test]
async fn files_starts_on_lambda_and_streams_its_response() {
    let files = Started::new("Files").await;
    let answer = files.answer(request("GET", "/api/media/{id}", "/api/media/x", None)).await;
    assert!(answer.streamed, "a file must flow, not wait for its end");
    assert_eq!(answer.status(), 401);
}

#[tokio::test]
async fn send_starts_on_lambda_and_answers_a_batch_and_the_minute() {
    let send = Started::new("Send").await;
    let pk = "01JD0000000000000000000000#CONV#00000000000000000000000000000000";
    let answer = send.answer(record(pk, "MSG#000000000001")).await.json();
    assert_eq!(answer, json!({ "batchItemFailures": [] }), "the item is gone: nothing to do");
    assert_eq!(send.answer(minute()).await.json(), Value::Null);
}

#[tokio::test]
async fn push_starts_on_lambda_and_answers_a_batch_and_the_minute() {
    let push = Started::new("Push").await;
    let pk = "01JD0000000000000000000000#CONV#00000000000000000000000000000000";
    let answer = push.answer(record(pk, "MSG#000000000001")).await.json();
    assert_eq!(answer, json!({ "batchItemFailures": [] }), "the item is gone: nobody is woken");
    assert_eq!(push.answer(minute()).await.json(), Value::Null);
}

#[tokio::test]
async fn index_starts_on_lambda_and_answers_a_batch() {
    let index = Started::new("Index").await;
    let pk = "01JD0000000000000000000000#CONV#00000000000000000000000000000000";
    let answer = index.answer(record(pk, "META")).await.json();
    assert_eq!(answer, json!({ "batchItemFailures": [] }), "the conversation is gone: nothing to derive");
}

#[tokio::test]
async fn no_function_answers_who_comes_beside_cloudfront_p7() {
    let secret = "a-secret-that-only-cloudfront-knows";
    let functions = Stack::embedded().functions().expect("the embedded template declares functions");
    for function in functions.iter().filter(|function| !function.routes.is_empty()) {
        let started = Started::with(&function.id, &[("ORIGIN_SECRETS", secret)]).await;
        let route = &function.routes[0];
        let mut event = request(&route.method.replace("ANY", "GET"), &route.path, "/api/me", None);
        assert_eq!(started.answer(event.clone()).await.status(), 403, "{}", function.id);
        event["multiValueHeaders"]["X-Porchlight-Origin"] = json!([secret]);
        assert_ne!(started.answer(event).await.status(), 403, "{}", function.id);
    }
}
