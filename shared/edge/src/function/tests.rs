//! Each kind of event as AWS documents it: told, handed on, answered; and refused where nobody declared it.

use std::sync::{Arc, Mutex};

use axum::body::to_bytes;
use axum::routing::get;
use futures::StreamExt as _;
use lambda_runtime::{Context, FunctionResponse};
use serde_json::json;

use super::*;

/// What API Gateway's REST proxy integration sends.
fn request(path: &str) -> Value {
    json!({
        "resource": "/{proxy+}", "path": path, "httpMethod": "GET", "body": null, "isBase64Encoded": false,
        "headers": { "Host": "abc.execute-api.us-east-1.amazonaws.com" },
        "multiValueHeaders": { "Host": ["abc.execute-api.us-east-1.amazonaws.com"] },
        "queryStringParameters": null, "multiValueQueryStringParameters": null, "pathParameters": null,
        "stageVariables": null,
        "requestContext": {
            "accountId": "123456789012", "apiId": "abc", "httpMethod": "GET", "path": format!("/prod{path}"),
            "protocol": "HTTP/1.1", "requestId": "1", "resourceId": "r", "resourcePath": "/{proxy+}",
            "stage": "prod", "identity": { "sourceIp": "192.0.2.1" },
        },
    })
}

/// <https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html>
fn stream_records() -> Value {
    json!({ "Records": [{
        "eventID": "c4ca4238a0b923820dcc509a6f75849b", "eventName": "INSERT", "eventVersion": "1.1",
        "eventSource": "aws:dynamodb", "awsRegion": "us-east-1",
        "dynamodb": {
            "Keys": { "pk": { "S": "b#CONV#c" }, "sk": { "S": "META" } },
            "NewImage": { "Message": { "S": "New item!" }, "Id": { "N": "101" } },
            "ApproximateCreationDateTime": 1_428_537_600, "SequenceNumber": "4421584500000000017450439091",
            "SizeBytes": 26, "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
        "eventSourceARN": "arn:aws:dynamodb:us-east-1:123456789012:table/t/stream/2015-06-27T00:48:05.899",
    }] })
}

/// <https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html>
fn queue_messages() -> Value {
    let message = |id: &str| {
        json!({
            "messageId": id, "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a...", "body": "Test message.",
            "attributes": {
                "ApproximateReceiveCount": "1", "SentTimestamp": "1545082649183",
                "SenderId": "AIDAIENQZJOLO23YVJ4VO", "ApproximateFirstReceiveTimestamp": "1545082649185",
            },
            "messageAttributes": {}, "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
            "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:us-east-2:123456789012:my-queue",
            "awsRegion": "us-east-2",
        })
    };
    let (first, second) = ("059f36b4-87a3-44ab-83d2-661975830a7d", "2e1424d4-f796-459a-8184-9c92662be6da");
    json!({ "Records": [message(first), message(second)] })
}

/// <https://docs.aws.amazon.com/lambda/latest/dg/with-s3.html>
fn objects() -> Value {
    json!({ "Records": [{
        "eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "us-east-2",
        "eventTime": "2019-09-03T19:37:27.192Z", "eventName": "ObjectCreated:Put",
        "userIdentity": { "principalId": "AWS:AIDAINPONIXQXHT3IKHL2" },
        "requestParameters": { "sourceIPAddress": "205.255.255.255" },
        "responseElements": { "x-amz-request-id": "D82B88E5F771F645", "x-amz-id-2": "vlR7PnpV2Ce81l0PRw6jlUpck7Jo5" },
        "s3": {
            "s3SchemaVersion": "1.0", "configurationId": "828aa6fc-f7b5-4305-8584-487c791949c1",
            "bucket": {
                "name": "DOC-EXAMPLE-BUCKET", "ownerIdentity": { "principalId": "A3I5XTEXAMAI3E" },
                "arn": "arn:aws:s3:::lambda-artifacts-deafc19498e3f2df",
            },
            "object": {
                "key": "mail/b%2B1/Happy+Face+%F0%9F%98%80.jpg", "size": 1_305_107,
                "eTag": "b21b84d653bb07b05b1e6b33684dc11b", "sequencer": "0C0F6F405D6ED209E1",
            },
        },
    }] })
}

/// <https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html>
fn notification() -> Value {
    json!({ "Records": [{
        "EventVersion": "1.0", "EventSource": "aws:sns",
        "EventSubscriptionArn": "arn:aws:sns:us-east-1:123456789012:sns-lambda:21be56ed-a058-49f5-8c98-aedd2564c486",
        "Sns": {
            "SignatureVersion": "1", "Timestamp": "2019-01-02T12:45:07.000Z",
            "Signature": "tcc6faL2yUC6dgZdmrwh1Y4cGa/ebXEkAi6RibDsvpi+tE/1+82j...65r==",
            "SigningCertURL": "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-ac565b8b1a6c5d002d285f9598aa1d9b.pem",
            "MessageId": "95df01b4-ee98-5cb9-9903-4c221d41eb5e", "Message": "Hello from SNS!",
            "MessageAttributes": { "Test": { "Type": "String", "Value": "TestString" } },
            "Type": "Notification", "TopicArn": "arn:aws:sns:us-east-1:123456789012:sns-lambda",
            "UnsubscribeURL": "https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe", "Subject": "TestInvoke",
        },
    }] })
}

/// <https://docs.aws.amazon.com/ses/latest/dg/receiving-email-action-lambda-event.html>
fn mail() -> Value {
    let pass = json!({ "status": "PASS" });
    json!({ "Records": [{
        "eventSource": "aws:ses", "eventVersion": "1.0",
        "ses": {
            "receipt": {
                "timestamp": "2019-08-05T21:30:02.028Z", "processingTimeMillis": 1205,
                "recipients": ["recipient@example.com"], "spamVerdict": { "status": "GRAY" }, "virusVerdict": pass,
                "spfVerdict": pass, "dkimVerdict": pass, "dmarcVerdict": pass, "dmarcPolicy": "reject",
                "action": {
                    "type": "Lambda", "invocationType": "Event",
                    "functionArn": "arn:aws:lambda:us-east-1:123456789012:function:IncomingEmail",
                },
            },
            "mail": {
                "timestamp": "2019-08-05T21:30:02.028Z", "messageId": "EXAMPLE7c191be45-e9aedb9a-02f9-4d12-a87d-dd0099a07f8a",
                "source": "janedoe@example.com", "destination": ["recipient@example.com"],
                "headersTruncated": false, "headers": [{ "name": "Subject", "value": "Test Subject" }],
                "commonHeaders": {
                    "returnPath": "janedoe@example.com", "from": ["Jane Doe <janedoe@example.com>"],
                    "to": ["recipient@example.com"], "messageId": "<0123456789example.com>", "subject": "Test Subject",
                },
            },
        },
    }] })
}

/// EventBridge's own event, which a rule with an `Input` does not send.
/// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html>
fn unnamed_schedule() -> Value {
    json!({
        "version": "0", "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa", "detail-type": "Scheduled Event",
        "source": "aws.events", "account": "123456789012", "time": "2015-10-08T16:53:06Z", "region": "us-east-1",
        "resources": ["arn:aws:events:us-east-1:123456789012:rule/my-scheduled-rule"], "detail": {},
    })
}

fn named_schedule(name: &str) -> Value {
    json!({ "schedule": name })
}

/// Remembers what came.
#[derive(Clone)]
struct Kept<T>(Arc<Mutex<Vec<T>>>);

impl<T: Clone> Kept<T> {
    fn new() -> Self {
        Self(Arc::default())
    }

    fn keep(&self, came: impl IntoIterator<Item = T>) {
        self.0.lock().expect("nobody panics").extend(came);
    }

    fn came(&self) -> Vec<T> {
        self.0.lock().expect("nobody panics").clone()
    }
}

async fn invoke(function: &Function, event: Value) -> Value {
    function.invoke(event).await.unwrap_or_else(|error| panic!("{error}"))
}

async fn refusal(function: &Function, event: Value) -> String {
    let error = function.invoke(event).await.expect_err("nobody takes it");
    assert!(matches!(error.downcast_ref(), Some(EventError::NotTaken { .. })), "{error}");
    error.to_string()
}

fn hello() -> Router {
    Router::new().route("/api/hello", get(async || ([("set-cookie", "a=1; Secure")], "hello")))
}

#[tokio::test]
async fn a_request_is_answered_as_api_gateway_takes_it() {
    let function = Function::new().http(hello());
    let answer = invoke(&function, request("/api/hello")).await;
    assert_eq!(answer["statusCode"], 200);
    assert_eq!((&answer["body"], &answer["isBase64Encoded"]), (&json!("hello"), &json!(false)));
    let response = function.respond(&request("/api/hello").to_string()).await.expect("an answer");
    assert_eq!(to_bytes(response.into_body(), 99).await.expect("a body"), "hello");
}

#[tokio::test]
async fn stream_records_are_handed_on_and_those_that_failed_named() {
    let kept = Kept::<Change>::new();
    let keeping = kept.clone();
    let function = Function::new().stream(move |changes| {
        let failed = changes.iter().map(|change| change.sequence_number.clone()).collect();
        keeping.keep(changes);
        async { Ok(failed) }
    });
    let number = "4421584500000000017450439091".to_owned();
    let failures = json!({ "batchItemFailures": [{ "itemIdentifier": number }] });
    assert_eq!(invoke(&function, stream_records()).await, failures);
    let (pk, sk) = ("b#CONV#c".to_owned(), "META".to_owned());
    assert_eq!(kept.came(), [Change { pk, sk, kind: ChangeKind::Inserted, sequence_number: number }]);
}

#[tokio::test]
async fn queue_messages_are_handed_on_and_those_that_failed_come_again() {
    let kept = Kept::<QueueMessage>::new();
    let keeping = kept.clone();
    let function = Function::new().queue(move |messages| {
        let failed = messages.last().map(|message| message.id.clone());
        keeping.keep(messages);
        async { Ok(failed.into_iter().collect()) }
    });
    let failures =
        json!({ "batchItemFailures": [{ "itemIdentifier": "2e1424d4-f796-459a-8184-9c92662be6da" }] });
    assert_eq!(invoke(&function, queue_messages()).await, failures);
    let first = QueueMessage {
        id: "059f36b4-87a3-44ab-83d2-661975830a7d".to_owned(),
        body: "Test message.".to_owned(),
    };
    assert_eq!(kept.came().first(), Some(&first));
}

#[tokio::test]
async fn an_object_is_named_by_its_bucket_and_the_key_it_was_written_under() {
    let kept = Kept::<ObjectChange>::new();
    let keeping = kept.clone();
    let function = Function::new().objects(move |changes| {
        keeping.keep(changes);
        async { Ok(()) }
    });
    assert_eq!(invoke(&function, objects()).await, Value::Null);
    let expected = ObjectChange {
        event: "ObjectCreated:Put".to_owned(),
        bucket: "DOC-EXAMPLE-BUCKET".to_owned(),
        key: "mail/b+1/Happy Face 😀.jpg".to_owned(),
        size: Some(1_305_107),
    };
    assert_eq!(kept.came(), [expected]);
}

#[tokio::test]
async fn a_notification_of_a_topic_is_handed_on() {
    let kept = Kept::<Notification>::new();
    let keeping = kept.clone();
    let function = Function::new().topic(move |notifications| {
        keeping.keep(notifications);
        async { Ok(()) }
    });
    assert_eq!(invoke(&function, notification()).await, Value::Null);
    let expected = Notification {
        id: "95df01b4-ee98-5cb9-9903-4c221d41eb5e".to_owned(),
        topic: "arn:aws:sns:us-east-1:123456789012:sns-lambda".to_owned(),
        subject: Some("TestInvoke".to_owned()),
        message: "Hello from SNS!".to_owned(),
    };
    assert_eq!(kept.came(), [expected]);
}

#[tokio::test]
async fn received_mail_is_handed_on_and_ses_is_told_how_to_go_on() {
    let kept = Kept::<ReceivedMail>::new();
    let keeping = kept.clone();
    let function = Function::new().mail(move |mails| {
        keeping.keep(mails);
        async { Ok(Disposition::StopRuleSet) }
    });
    assert_eq!(invoke(&function, mail()).await, json!({ "disposition": "STOP_RULE_SET" }));
    let expected = ReceivedMail {
        id: "EXAMPLE7c191be45-e9aedb9a-02f9-4d12-a87d-dd0099a07f8a".to_owned(),
        from: "janedoe@example.com".to_owned(),
        recipients: vec!["recipient@example.com".to_owned()],
        spam: Verdict::Gray,
        virus: Verdict::Pass,
    };
    assert_eq!(kept.came(), [expected]);
}

#[tokio::test]
async fn each_schedule_wakes_its_own_handler() {
    let kept = Kept::<&'static str>::new();
    let wake = |name: &'static str| {
        let keeping = kept.clone();
        move |_| {
            keeping.keep([name]);
            async { Ok(()) }
        }
    };
    let function = Function::new().schedule("sweep", wake("sweep")).schedule("nightly", wake("nightly"));
    assert_eq!(invoke(&function, named_schedule("nightly")).await, Value::Null);
    assert_eq!(invoke(&function, named_schedule("sweep")).await, Value::Null);
    assert_eq!(kept.came(), ["nightly", "sweep"]);
}

/// A function that takes every kind of record but the one given.
fn all_but(kind: &Kind) -> Function {
    let function = Function::new().schedule("sweep", async |_| Ok(()));
    let function = if *kind == Kind::Http { function } else { function.http(hello()) };
    let function = if *kind == Kind::Stream { function } else { function.stream(async |_| Ok(Vec::new())) };
    let function = if *kind == Kind::Queue { function } else { function.queue(async |_| Ok(Vec::new())) };
    let function = if *kind == Kind::Objects { function } else { function.objects(async |_| Ok(())) };
    let function = if *kind == Kind::Topic { function } else { function.topic(async |_| Ok(())) };
    if *kind == Kind::Mail { function } else { function.mail(async |_| Ok(Disposition::Continue)) }
}

#[tokio::test]
async fn an_event_that_was_not_declared_fails_and_says_what_came_and_what_is_taken() {
    let events = [
        (Kind::Http, request("/api/hello")),
        (Kind::Stream, stream_records()),
        (Kind::Queue, queue_messages()),
        (Kind::Objects, objects()),
        (Kind::Topic, notification()),
        (Kind::Mail, mail()),
        (Kind::Schedule("nightly".to_owned()), named_schedule("nightly")),
    ];
    for (kind, event) in events {
        let function = all_but(&kind);
        let said = refusal(&function, event).await;
        assert!(said.starts_with(&format!("{kind} came, ")), "{said}");
        for taken in function.takes() {
            assert!(said.contains(&taken.to_string()), "{said} does not name {taken}");
        }
    }
}

#[tokio::test]
async fn an_event_of_no_known_kind_fails_without_quoting_it_p11() {
    let function = Function::new().stream(async |_| Ok(Vec::new())).schedule("sweep", async |_| Ok(()));
    let mixed = json!({ "Records": [stream_records()["Records"][0], queue_messages()["Records"][0]] });
    let unknown = [
        (unnamed_schedule(), "EventBridge's Scheduled Event, without an Input that names the schedule, came"),
        (json!({ "Records": [{ "eventSource": "aws:kinesis" }] }), "a list of records from aws:kinesis came"),
        (json!({ "Records": [] }), "an event with the keys [Records] came"),
        (mixed, "an event with the keys [Records] came"),
        (json!({ "phone": "+12075550123" }), "an event with the keys [phone] came"),
        (json!("sweep"), "an event that is no JSON object came"),
    ];
    for (event, what) in unknown {
        let said = refusal(&function, event).await;
        assert_eq!(said, format!("{what}, but this function takes only stream records, schedule sweep"));
    }
    assert!(refusal(&Function::new(), json!({})).await.ends_with("takes only nothing"));
}

#[tokio::test]
async fn a_record_without_what_belongs_to_it_fails_the_whole_batch() {
    let function = Function::new().queue(async |_| Ok(Vec::new()));
    let event = json!({ "Records": [{ "eventSource": "aws:sqs", "body": "no id" }] });
    let error = function.invoke(event).await.expect_err("it has no id");
    assert!(
        matches!(error.downcast_ref(), Some(EventError::Unreadable { kind: Kind::Queue, .. })),
        "{error}"
    );
}

async fn answer(function: &Function, event: Value) -> FunctionResponse<Value, super::http::Flow> {
    let answer = function.answer(LambdaEvent::new(event, Context::default())).await;
    answer.unwrap_or_else(|error| panic!("{error}"))
}

#[tokio::test]
async fn a_function_whose_requests_are_streamed_takes_other_kinds_as_well() {
    let function = Function::new().streamed_http(hello()).schedule("sweep", async |_| Ok(()));
    let FunctionResponse::StreamingResponse(flowing) = answer(&function, request("/api/hello")).await else {
        panic!("it should flow")
    };
    let prelude = &flowing.metadata_prelude;
    assert_eq!((prelude.status_code.as_u16(), &prelude.cookies[..]), (200, &["a=1; Secure".to_owned()][..]));
    assert!(!prelude.headers.contains_key("set-cookie"), "cookies have a list of their own");
    let pieces: Vec<_> = flowing.stream.map(|piece| piece.expect("a piece")).collect().await;
    assert_eq!(pieces.concat(), b"hello");
    let whole = answer(&function, named_schedule("sweep")).await;
    assert!(matches!(whole, FunctionResponse::BufferedResponse(Value::Null)));
    let whole = answer(&Function::new().http(hello()), request("/api/hello")).await;
    assert!(matches!(whole, FunctionResponse::BufferedResponse(answer) if answer["statusCode"] == 200));
}

#[test]
#[should_panic(expected = "schedule sweep is declared twice")]
fn a_kind_is_declared_once() {
    let _ = Function::new().schedule("sweep", async |_| Ok(())).schedule("sweep", async |_| Ok(()));
}

#[test]
#[should_panic(expected = "HTTP is declared twice")]
fn requests_are_answered_in_one_way() {
    let _ = Function::new().streamed_http(hello()).http(hello());
}
