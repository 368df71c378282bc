//! Somebody with an open stream.

use std::time::Duration;

use futures::StreamExt;
use porchlight_domain::id::StaffId;
use porchlight_edge::session::Sessions;
use porchlight_edge::{Function, Platform};
use serde_json::{Value, json};

use crate::house::{House, business};

/// What a stream must tell within; only a failing test waits so long.
const PATIENCE: Duration = Duration::from_secs(20);

/// One server-sent event.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    pub event: String,
    pub id: Option<String>,
    pub data: Value,
}

/// An open stream, as its client reads it.
pub struct Follower {
    body: axum::body::BodyDataStream,
    text: String,
}

/// The function, and what it was made from.
pub fn live(house: &House) -> (Function, Platform) {
    let platform = house.platform("Live");
    (porchlight_live::build(platform.clone()).expect("the template has its settings"), platform)
}

/// The cookie of a new session.
pub async fn sign_in(house: &House, staff: &StaffId) -> String {
    let platform = house.platform("Live").with_dynamodb(|| std::sync::Arc::clone(&house.tables.calls));
    let sessions = Sessions::new(&platform).expect("the template has its settings");
    let person = house.store.staff(&business(), staff).await.expect("a read").expect("a person");
    let cookie = sessions.begin(&person).await.expect("a session");
    cookie.split(';').next().expect("a cookie").to_owned()
}

/// Asks for the stream as API Gateway does.
pub async fn ask(live: &Function, cookie: &str, cursor: Option<&str>) -> http::Response<axum::body::Body> {
    let mut headers = json!({ "cookie": cookie, "host": "localhost" });
    if let Some(cursor) = cursor {
        headers["last-event-id"] = json!(cursor);
    }
    let event = json!({
        "resource": "/api/live", "path": "/api/live", "httpMethod": "GET", "headers": headers,
        "multiValueHeaders": {}, "queryStringParameters": null, "multiValueQueryStringParameters": {},
        "pathParameters": {}, "stageVariables": {}, "body": null, "isBase64Encoded": false,
        "requestContext": {
            "resourceId": "x", "resourcePath": "/api/live", "httpMethod": "GET", "stage": "prod",
            "requestId": "1", "accountId": "1", "apiId": "x", "path": "/prod/api/live", "identity": {},
        },
    });
    live.respond(&event.to_string()).await.expect("an answer")
}

impl Follower {
    /// Opens a stream; `ready` was read already.
    pub async fn open(live: &Function, cookie: &str, cursor: Option<&str>) -> Self {
        let mut follower = Self::begin(live, cookie, cursor).await;
        assert_eq!(follower.next().await.event, "ready");
        follower
    }

    /// Opens a stream of which nothing was read yet.
    pub async fn begin(live: &Function, cookie: &str, cursor: Option<&str>) -> Self {
        let response = ask(live, cookie, cursor).await;
        assert_eq!(response.status(), 200);
        Self { body: axum::body::Body::into_data_stream(response.into_body()), text: String::new() }
    }

    /// The next event; heartbeats are passed over.
    pub async fn next(&mut self) -> Sent {
        let next = tokio::time::timeout(PATIENCE, self.next_or_end()).await;
        next.expect("something is told in time").expect("the stream goes on")
    }

    /// The next event, or the end of the stream.
    pub async fn next_or_end(&mut self) -> Option<Sent> {
        loop {
            if let Some(end) = self.text.find("\n\n") {
                let block: String = self.text.drain(..end + 2).collect();
                if let Some(sent) = parse(&block) {
                    return Some(sent);
                }
                continue;
            }
            let piece = self.body.next().await?.expect("the body flows");
            self.text.push_str(std::str::from_utf8(&piece).expect("text"));
        }
    }

    /// The next event that is not about counts.
    pub async fn told(&mut self) -> Sent {
        loop {
            let sent = self.next().await;
            if sent.event != "counts" {
                return sent;
            }
        }
    }

    /// The first event of this kind.
    pub async fn until(&mut self, event: &str) -> Sent {
        loop {
            let sent = self.next().await;
            if sent.event == event {
                return sent;
            }
        }
    }
}

fn parse(block: &str) -> Option<Sent> {
    let field = |name: &str| {
        let prefix = format!("{name}:");
        block.lines().find_map(|line| line.strip_prefix(&prefix)).map(|value| value.trim_start().to_owned())
    };
    let data = field("data")?;
    Some(Sent { event: field("event")?, id: field("id"), data: serde_json::from_str(&data).expect("JSON") })
}
