//! A small Twilio: takes, lists and fetches messages, and misbehaves on demand.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use porchlight_domain::time::Timestamp;
use serde_json::{Value, json};

/// How one POST is answered.
#[derive(Clone, Copy, Debug)]
pub enum Behaviour {
    /// 201.
    Take,
    /// 201 with the SID that the first message has.
    TakeAsTheFirst,
    /// The message is taken, and the answer is a proxy's 500.
    TakeAndLoseAnswer,
    /// Nothing is taken, and the answer is a proxy's 500.
    LoseAll,
    /// Refused with an HTTP status and a code of Twilio's.
    Refuse(u16, u32),
    /// 429, asking to wait for so many seconds.
    TooMany(u32),
}

/// A POST as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    pub to: String,
    pub from: String,
    pub body: String,
    pub status_callback: String,
}

#[derive(Default)]
struct Inside {
    behaviours: VecDeque<Behaviour>,
    posts: Vec<Posted>,
    messages: Vec<Value>,
    files: Vec<(String, Vec<u8>)>,
    reads: usize,
    deaf: bool,
    now: Timestamp,
}

#[derive(Clone, Default)]
pub struct Twilio(Arc<Mutex<Inside>>);

impl Twilio {
    /// Starts on a free port; its address.
    pub async fn start(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound port");
        let router = Router::new()
            .route("/2010-04-01/Accounts/AC1/Messages.json", get(list).post(create))
            .route("/2010-04-01/Accounts/AC1/Messages/{name}", get(fetch))
            .route("/2010-04-01/Accounts/AC1/Messages/{name}/Media/{file}", get(file))
            .with_state(self.clone());
        tokio::spawn(axum::serve(listener, router).into_future());
        format!("http://{address}")
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().expect("no handler panics")
    }

    /// The next POSTs are answered so; all others are taken.
    pub fn will(&self, behaviours: impl IntoIterator<Item = Behaviour>) {
        self.inside().behaviours.extend(behaviours);
    }

    /// Every POST that came.
    pub fn posts(&self) -> Vec<Posted> {
        self.inside().posts.clone()
    }

    /// What was taken: each would be a text on the customer's phone.
    pub fn taken(&self) -> Vec<String> {
        let body = |message: &Value| message["body"].as_str().unwrap_or_default().to_owned();
        self.inside().messages.iter().map(body).collect()
    }

    /// A message that somebody else took for this account.
    pub fn take(&self, posted: &Posted) -> String {
        self.inside().take(posted)
    }

    /// It has a file under this name.
    pub fn has_file(&self, name: &str, bytes: &[u8]) {
        self.inside().files.push((name.to_owned(), bytes.to_vec()));
    }

    /// Its clock, in its own whole seconds.
    pub fn set_time(&self, now: Timestamp) {
        self.inside().now = now;
    }

    /// From now on every message stands so.
    pub fn set_status(&self, status: &str) {
        for message in &mut self.inside().messages {
            message["status"] = json!(status);
        }
    }

    /// From now on every message stands so, with this code.
    pub fn set_outcome(&self, status: &str, code: Option<u32>) {
        self.set_status(status);
        for message in &mut self.inside().messages {
            message["error_code"] = json!(code);
        }
    }

    /// From now on every message has this price.
    pub fn set_price(&self, price: &Value) {
        for message in &mut self.inside().messages {
            message["price"] = price.clone();
            message["price_unit"] = json!("USD");
        }
    }

    /// Lists and fetches are answered 503.
    pub fn is_deaf(&self, deaf: bool) {
        self.inside().deaf = deaf;
    }

    /// How often it was asked.
    pub fn reads(&self) -> usize {
        self.inside().reads
    }
}

async fn file(State(twilio): State<Twilio>, Path((_, name)): Path<(String, String)>) -> Response {
    let mut inside = twilio.inside();
    inside.reads += 1;
    if inside.deaf {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let found = inside.files.iter().find(|(known, _)| *known == name).map(|(_, bytes)| bytes.clone());
    found.map_or_else(|| StatusCode::NOT_FOUND.into_response(), IntoResponse::into_response)
}

impl Inside {
    fn take(&mut self, posted: &Posted) -> String {
        let sid = format!("SM{:032x}", self.messages.len() + 1);
        let created = self.now.to_jiff().strftime("%a, %d %b %Y %H:%M:%S +0000").to_string();
        self.messages.push(json!({
            "sid": sid, "status": "queued", "error_code": null, "to": posted.to, "from": posted.from,
            "body": posted.body, "direction": "outbound-api", "date_created": created, "num_segments": "1",
        }));
        sid
    }
}

async fn create(State(twilio): State<Twilio>, body: Bytes) -> Response {
    let mut inside = twilio.inside();
    let field = |name: &str| {
        let found = form_urlencoded::parse(&body).find(|(found, _)| found == name);
        found.map(|(_, value)| value.into_owned()).unwrap_or_default()
    };
    let posted = Posted {
        to: field("To"),
        from: field("From"),
        body: field("Body"),
        status_callback: field("StatusCallback"),
    };
    inside.posts.push(posted.clone());
    match inside.behaviours.pop_front().unwrap_or(Behaviour::Take) {
        Behaviour::Take => {
            inside.take(&posted);
            (StatusCode::CREATED, Json(inside.messages.last().cloned())).into_response()
        }
        Behaviour::TakeAsTheFirst => {
            inside.take(&posted);
            (StatusCode::CREATED, Json(inside.messages.first().cloned())).into_response()
        }
        Behaviour::TakeAndLoseAnswer => {
            inside.take(&posted);
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        Behaviour::LoseAll => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Behaviour::Refuse(status, code) => refusal(status, code).into_response(),
        Behaviour::TooMany(seconds) => {
            ([("Retry-After", seconds.to_string())], refusal(429, 20429)).into_response()
        }
    }
}

fn refusal(status: u16, code: u32) -> (StatusCode, Json<Value>) {
    let body = json!({ "code": code, "message": "no", "more_info": "", "status": status });
    (StatusCode::from_u16(status).expect("a status"), Json(body))
}

async fn list(State(twilio): State<Twilio>, Query(asked): Query<Value>) -> Response {
    let mut inside = twilio.inside();
    inside.reads += 1;
    if inside.deaf {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let fits = |message: &&Value| message["to"] == asked["To"] && message["from"] == asked["From"];
    let messages: Vec<&Value> = inside.messages.iter().rev().filter(fits).collect();
    Json(json!({ "messages": messages, "next_page_uri": null })).into_response()
}

async fn fetch(State(twilio): State<Twilio>, Path(name): Path<String>) -> Response {
    let mut inside = twilio.inside();
    inside.reads += 1;
    let found = inside.messages.iter().find(|message| message["sid"] == name.trim_end_matches(".json"));
    match found {
        _ if inside.deaf => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Some(message) => Json(message).into_response(),
        None => refusal(404, 20404).into_response(),
    }
}
