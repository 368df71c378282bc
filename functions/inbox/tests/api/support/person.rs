//! Somebody who asks, through API Gateway's events.

use std::sync::Arc;

use http_body_util::BodyExt;
use porchlight_edge::Function;
use serde_json::{Value, json};

/// A browser.
#[derive(Clone)]
pub struct Person {
    function: Arc<Function>,
    cookie: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: http::HeaderMap,
    /// What JSON said; null where it was none.
    pub body: Value,
}

impl Answer {
    /// The body, if the status is the expected one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// The last part of the problem's type, if the status is the expected one.
    #[track_caller]
    pub fn problem(&self, status: u16) -> &str {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert_eq!(self.body["status"], status);
        self.body["type"].as_str().and_then(|kind| kind.rsplit(':').next()).expect("a type")
    }
}

impl Person {
    pub const fn new(function: Arc<Function>) -> Self {
        Self { function, cookie: None }
    }

    /// The same person, asking another function.
    pub fn asking(&self, function: Arc<Function>) -> Self {
        Self { function, cookie: self.cookie.clone() }
    }

    /// The answer as it flows, for whoever follows it.
    pub async fn stream(&self, path: &str) -> axum::body::BodyDataStream {
        let sent = [("host", "localhost:7878"), ("cookie", self.cookie.as_deref().unwrap_or_default())];
        let response = self.function.respond(&event("GET", path, None, &sent).to_string()).await;
        response.expect("an answer").into_body().into_data_stream()
    }

    /// Signs in and keeps the cookie.
    pub async fn sign_in(&mut self, email: &str, password: &str) -> Value {
        let answer = self.post("/api/session", json!({"email": email, "password": password})).await;
        let cookie = answer.headers.get("set-cookie").expect("a cookie").to_str().expect("text");
        self.cookie = cookie.split(';').next().map(str::to_owned);
        answer.expect(200)
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, None, &[]).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask("POST", path, Some(body.to_string()), &[]).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.ask("PUT", path, Some(body.to_string()), &[]).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.ask("DELETE", path, None, &[]).await
    }

    /// Sends any body, with more headers; a later header replaces an earlier one.
    pub async fn ask(
        &self,
        method: &str,
        path: &str,
        body: Option<String>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut sent = vec![("host", "localhost:7878"), ("x-forwarded-for", "203.0.113.7, 10.0.0.1")];
        if body.is_some() {
            sent.push(("content-type", "application/json"));
        }
        if let Some(cookie) = &self.cookie {
            sent.push(("cookie", cookie));
        }
        sent.retain(|(name, _)| headers.iter().all(|(given, _)| given != name));
        sent.extend(headers);
        let event = event(method, path, body.as_deref(), &sent);
        let response = self.function.respond(&event.to_string()).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a whole body").to_bytes();
        let is_json =
            parts.headers.get("content-type").is_some_and(|kind| kind.as_bytes().ends_with(b"json"));
        let body = if is_json { serde_json::from_slice(&bytes).expect("JSON") } else { Value::Null };
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }
}

/// The REST proxy event of a request.
fn event(method: &str, path: &str, body: Option<&str>, headers: &[(&str, &str)]) -> Value {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let mut single = serde_json::Map::new();
    for (name, value) in headers {
        single.insert((*name).to_owned(), json!(value));
    }
    let many: serde_json::Map<String, Value> =
        single.iter().map(|(name, value)| (name.clone(), json!([value]))).collect();
    let query: serde_json::Map<String, Value> = form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| (name.into_owned(), json!([value])))
        .collect();
    json!({
        "resource": "/api/{proxy+}",
        "path": path,
        "httpMethod": method,
        "headers": single,
        "multiValueHeaders": many,
        "queryStringParameters": null,
        "multiValueQueryStringParameters": query,
        "pathParameters": {"proxy": path.trim_start_matches("/api/")},
        "stageVariables": null,
        "requestContext": {
            "accountId": "1", "apiId": "api", "httpMethod": method, "identity": {"sourceIp": "203.0.113.7"},
            "path": format!("/prod{path}"), "protocol": "HTTP/1.1", "requestId": "r", "resourceId": "x",
            "resourcePath": "/api/{proxy+}", "stage": "prod",
        },
        "body": body,
        "isBase64Encoded": false,
    })
}
