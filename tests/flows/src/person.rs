//! Somebody signed in, and what they do, over HTTP as a browser would.

use std::collections::BTreeSet;
use std::time::Duration;

use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

use crate::feed::Feed;
use crate::{eventually, eventually_or, new_id};

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
        let client = reqwest::Client::builder().timeout(Duration::from_mins(1)).build().expect("a client");
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

    /// Their session, as a browser sends it.
    pub fn cookie(&self) -> &str {
        &self.cookie
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
        let body = if text.is_empty() { Value::Null } else { parse(text) };
        (status, body)
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

    /// The whole list of a query, page by page; no page may repeat a row.
    ///
    /// # Panics
    /// When one does.
    pub async fn whole_list(&self, query: &str, page: usize) -> Vec<Value> {
        let (mut rows, mut seen): (Vec<Value>, BTreeSet<String>) = (Vec::new(), BTreeSet::new());
        let mut cursor = String::new();
        loop {
            let body = self.get(&format!("/api/conversations?limit={page}&{query}{cursor}")).await;
            for row in body["conversations"].as_array().expect("a list of conversations") {
                assert!(seen.insert(row["id"].to_string()), "{query}: a row comes twice");
                rows.push(row.clone());
            }
            let Some(next) = body["next_cursor"].as_str() else { return rows };
            cursor = format!("&cursor={next}");
        }
    }

    /// Total, attention and unread, as their list tells.
    pub async fn counts(&self) -> (u64, u64, u64) {
        let counts = self.get("/api/conversations?limit=1").await["counts"].clone();
        let count = |name: &str| counts[name].as_u64().expect("a count is a number");
        (count("total"), count("attention"), count("unread"))
    }

    /// Total, attention and unread, counted row by row.
    pub async fn recount(&self) -> (u64, u64, u64) {
        let all = self.whole_list("filter=all", 200).await;
        let attention = self.whole_list("filter=attention", 200).await.len() as u64;
        let unread = all.iter().map(|row| row["unread"].as_u64().expect("a number")).sum();
        (all.len() as u64, attention, unread)
    }

    /// Waits until what the counters say is what a recount says; that.
    pub async fn settled_counts(&self) -> (u64, u64, u64) {
        eventually("counters that equal a recount", async || {
            let (counted, recounted) = (self.counts().await, self.recount().await);
            (counted == recounted).then_some(counted)
        })
        .await
    }

    /// The conversation with a contact.
    pub async fn conversation_with(&self, contact: &str) -> Option<Value> {
        self.whole_list("filter=all", 200).await.into_iter().find(|row| row["contact"] == contact)
    }

    /// The id of the conversation with a contact, which is there.
    ///
    /// # Panics
    /// When it is not.
    pub async fn thread(&self, contact: &str) -> String {
        let row = self.conversation_with(contact).await.unwrap_or_else(|| panic!("no thread with {contact}"));
        row["id"].as_str().expect("a row has an id").to_owned()
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

    /// Writes to the customer, having seen everything; the message's id.
    ///
    /// # Panics
    /// When that is not accepted.
    pub async fn reply(&self, conversation: &str, text: &str) -> String {
        let id = new_id();
        let (status, body) = self.write(conversation, &id, text, u64::from(u32::MAX)).await;
        assert_eq!(status, StatusCode::ACCEPTED, "{text}: {body}");
        assert_eq!(body["status"], "queued", "an answer is queued before anything else");
        id
    }

    /// A message of a conversation, once it is as wanted.
    pub async fn until_message(
        &self,
        conversation: &str,
        id: &str,
        wanted: impl Fn(&Value) -> bool,
        what: &str,
    ) -> Value {
        let mut last = None;
        let found = eventually_or(async || {
            let messages = self.messages(conversation).await;
            last = messages.into_iter().find(|message| message["id"] == id);
            last.clone().filter(&wanted)
        });
        let found = found.await;
        found.unwrap_or_else(|| panic!("never came: {what}; the message is {last:?}"))
    }

    /// A message of a conversation, once it has this status.
    pub async fn until_status(&self, conversation: &str, id: &str, status: &str) -> Value {
        self.until_message(conversation, id, |message| message["status"] == status, status).await
    }

    /// Their live feed, from now (`None`) or after an event.
    pub async fn feed(&self, after: Option<&str>) -> Feed {
        let request = self.request(Method::GET, "/api/live").timeout(Duration::from_mins(10));
        let request = match after {
            Some(id) => request.header("last-event-id", id),
            None => request,
        };
        Feed::open(request).await
    }
}

fn parse(text: String) -> Value {
    serde_json::from_str(&text).unwrap_or(Value::String(text))
}
