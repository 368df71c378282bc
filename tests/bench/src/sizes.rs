//! The functions' release binaries: how large they are, how large zipped, and how soon they answer after a cold start.

use std::io::Write as _;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::DeflateEncoder;
use porchlight_cloud::dynamodb::DynamoDb;
use porchlight_cloud::runtime_api::RuntimeApi;
use porchlight_engine::Access;
use porchlight_engine::testing::TestTables;
use serde_json::{Value, json};

use crate::Extent;
use crate::program::{Binaries, FUNCTIONS};
use crate::report::{Table, megabytes};
use crate::stats::{Sorted, millis};

/// Looks at the files, and starts them under a Lambda Runtime API.
pub async fn measure(binaries: &Binaries, extent: Extent) -> Table {
    let title = "Release binaries, stripped; zipped; from a cold start to the first answer, median";
    let mut table = Table::new(title, &["", "size", "zipped", "cold start"]);
    for name in FUNCTIONS {
        let [size, zipped] = sizes(binaries, &format!("porchlight-{name}"));
        let starts = cold_starts(binaries, name, extent.of(21, 5)).await;
        table.row([format!("`porchlight-{name}`"), size, zipped, millis(starts.median())]);
    }
    let [size, zipped] = sizes(binaries, "porchlight");
    table.row(["`porchlight`".to_owned(), size, zipped, String::new()]);
    table
}

fn sizes(binaries: &Binaries, name: &str) -> [String; 2] {
    let binary = std::fs::read(binaries.path(name)).expect("the binary was built");
    let mut zip = DeflateEncoder::new(Vec::new(), Compression::best());
    zip.write_all(&binary).expect("memory takes it");
    let zipped = zip.finish().expect("memory takes it");
    [&binary, &zipped].map(|bytes| megabytes(u64::try_from(bytes.len()).unwrap_or(u64::MAX)))
}

/// A process of its own each time, over tables that it reaches by address.
async fn cold_starts(binaries: &Binaries, name: &str, times: usize) -> Sorted {
    let id = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
    let tables = TestTables::new().await;
    let access = Access { policy: Some(tables.policy_of(&id)), ..Access::default() };
    let dynamodb = DynamoDb::serve(&tables.engine, access).await;
    let mut settings: Vec<(String, String)> = tables.environment(&id).into_iter().collect();
    settings.push(("AWS_ENDPOINT_URL_DYNAMODB".to_owned(), dynamodb.url.clone()));
    settings.push(("PUBLIC_URL".to_owned(), "https://inbox.example.com".to_owned()));
    let settings: Vec<(&str, String)> = settings.iter().map(|(key, value)| (&**key, value.clone())).collect();
    let mut measured: Vec<Duration> = Vec::with_capacity(times);
    for _ in 0..times {
        let api = RuntimeApi::start().await;
        let begun = Instant::now();
        let process = api.spawn(&binaries.path(&format!("porchlight-{name}")), &settings);
        assert!(api.invoke(&first_event(name)).await.ok, "{name} answers its first event");
        measured.push(begun.elapsed());
        drop(process);
    }
    Sorted::new(measured)
}

/// Something that has an answer whatever the tables hold.
fn first_event(name: &str) -> Value {
    match name {
        "webhooks" => request("POST", "/twilio/01JD0000000000000000000000/messages"),
        "inbox" => request("GET", "/api/me"),
        "live" => request("GET", "/api/live"),
        "files" => request("GET", "/api/media/x"),
        "index" => json!({ "schedule": "recount" }),
        _ => json!({ "schedule": "sweep" }),
    }
}

fn request(method: &str, path: &str) -> Value {
    json!({
        "resource": path, "path": path, "httpMethod": method, "body": null, "isBase64Encoded": false,
        "headers": { "Host": "abc.execute-api.us-east-1.amazonaws.com" },
        "multiValueHeaders": {}, "queryStringParameters": null, "multiValueQueryStringParameters": null,
        "pathParameters": null, "stageVariables": null,
        "requestContext": {
            "accountId": "000000000000", "apiId": "abc", "httpMethod": method, "path": path,
            "protocol": "HTTP/1.1", "requestId": "1", "resourceId": "r", "resourcePath": path, "stage": "prod",
            "identity": { "sourceIp": "192.0.2.1" },
        },
    })
}
