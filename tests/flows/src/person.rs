//! Somebody signed in, and what they do, over HTTP as a browser would.

use std::time::Duration;

use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

use crate::feed::Feed;

/// Somebody signed in. Cheap to clone.
#[derive(Clone)]
pub struct Person {
    url: String,
    cookie: String,
    client: reqwest::Client,
    /// What `GET /api/me` says of them.
    pub me: Value,
}

impl Person {
    /// Signs in.
    ///
    /// # Panics
    /// When that is refused.
    pub async fn sign_in(url: &str, email: &str, password: &str) -> Self {
        let client = reqwest::Client::builder().timeout(Duration::from_secs(60)).build().expect("a client");
        let body = json!({ "email": email, "password": password });
        let answer = client.post(format!("{url}/api/session")).json(&body).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK, "{email} signs in");
        let cookies: Vec<_> = answer.headers().get_all("set-cookie").iter().collect();
        assert_eq!(cookies.len(), 1, "signing in sets one cookie");
        let cookie = cookies[0].to_str().expect("a cookie is text");
        let cookie = cookie.split(';').next().expect("a cookie has a value").to_owned();
        let mut person = Self { url: url.to_owned(), cookie, client, me: Value::Null };
        person.me = person.get("/api/me").await;
        person
    }

    /// Their id.
    pub fn id(&self) -> &str {
        self.me["id"].as_str().expect("a person has an id")
    }

    /// A request of theirs, to be completed.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url)).header("cookie", &self.cookie)
    }

    /// Sends a request with a JSON body (none for `null`) and takes the answer as it comes.
    pub async fn send(&self, method: Method, path: &str, body: &Value) -> Response {
        let request = self.request(method, path);
        let request = if body.is_null() { request } else { request.json(body) };
        request.send().await.expect("an answer")
    }

    /// The status and JSON of an answer; `null` for an empty body.
    pub async fn ask(&self, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
        let answer = self.send(method, path, &body).await;
        let status = answer.status();
        let text = answer.text().await.expect("a whole body");
        (
            status,
            if text.is_empty() {
                Value::Null
            } else {
                serde_json::from_str(&text).unwrap_or(Value::String(text))
            },
        )
    }

    /// What is at a path.
    ///
    /// # Panics
    /// When it is not 200.
    pub async fn get(&self, path: &str) -> Value {
        let (status, body) = self.ask(Method::GET, path, Value::Null).await;
        assert_eq!(status, StatusCode::OK, "GET {path}: {body}");
        body
    }

    /// An act that succeeds.
    ///
    /// # Panics
    /// When it does not.
    pub async fn post(&self, path: &str, body: Value) -> Value {
        let (status, body) = self.ask(Method::POST, path, body).await;
        assert!(status.is_success(), "POST {path}: {status} {body}");
        body
    }

    /// A record that is put.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn put(&self, path: &str, body: Value) -> Value {
        let (status, body) = self.ask(Method::PUT, path, body).await;
        assert!(status.is_success(), "PUT {path}: {status} {body}");
        body
    }

    /// Their list, by a query such as `filter=attention`.
    pub async fn list(&self, query: &str) -> Vec<Value> {
        let body = self.get(&format!("/api/conversations?limit=200&{query}")).await;
        body["conversations"].as_array().expect("a list of conversations").clone()
    }

    /// Total, attention and unread, as their list tells.
    pub async fn counts(&self) -> (i64, i64, i64) {
        let counts = self.get("/api/conversations?limit=1").await["counts"].clone();
        let count = |name: &str| counts[name].as_i64().expect("a count is a number");
        (count("total"), count("attention"), count("unread"))
    }

    /// The conversation with a contact.
    pub async fn conversation_with(&self, contact: &str) -> Option<Value> {
        self.list("filter=all").await.into_iter().find(|row| row["contact"] == contact)
    }

    /// The newest messages of a conversation, oldest first.
    pub async fn messages(&self, conversation: &str) -> Vec<Value> {
        let body = self.get(&format!("/api/conversations/{conversation}/messages?limit=200")).await;
        body["messages"].as_array().expect("a page of messages").clone()
    }

    /// Writes to the customer; the id is the client's.
    pub async fn write(
        &self,
        conversation: &str,
        id: &str,
        text: &str,
        seen_seq: u64,
    ) -> (StatusCode, Value) {
        let body = json!({ "id": id, "text": text, "seen_seq": seen_seq });
        self.ask(Method::POST, &format!("/api/conversations/{conversation}/messages"), body).await
    }

    /// Their live feed, from now (`None`) or after an event.
    pub async fn feed(&self, after: Option<&str>) -> Feed {
        let request = self.request(Method::GET, "/api/live").timeout(Duration::from_secs(600));
        let request = match after {
            Some(id) => request.header("last-event-id", id),
            None => request,
        };
        Feed::open(request).await
    }
}
