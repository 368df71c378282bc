//! A Lambda Runtime API, as small as a binary that asks it for events can tell.
//!
//! After AWS's description of custom runtimes: `next` hands out an event and blocks until there is one,
//! `response` takes the answer, whole or chunk by chunk, `error` takes a failure.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path as UrlPath, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot};
use tokio::task::JoinHandle;

/// How long an environment may take to answer one event before the test gives up on it.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a function answered.
#[derive(Debug)]
pub struct Answer {
    /// `false` when the function reported an error.
    pub ok: bool,
    /// The body; of a streamed response, prelude and all.
    pub body: Bytes,
    /// The response came chunk by chunk.
    pub streamed: bool,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a function answers with JSON")
    }

    /// The HTTP status: in the JSON, or in the prelude of what flows, which ends in NUL.
    pub fn status(&self) -> u64 {
        let prelude = self.body.split(|byte| *byte == 0).next().unwrap_or_default();
        let prelude: Value = serde_json::from_slice(prelude).expect("a function answers with JSON");
        prelude["statusCode"].as_u64().expect("an answer to a request has a status")
    }
}

/// The Runtime API of one execution environment.
pub struct RuntimeApi {
    address: SocketAddr,
    events: mpsc::UnboundedSender<(String, String)>,
    waiting: Waiting,
    server: JoinHandle<()>,
    last_id: Mutex<u32>,
}

type Waiting = Arc<Mutex<HashMap<String, oneshot::Sender<Answer>>>>;

#[derive(Clone)]
struct Shared {
    events: Arc<AsyncMutex<mpsc::UnboundedReceiver<(String, String)>>>,
    waiting: Waiting,
}

impl RuntimeApi {
    /// Listens on a free loopback port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let (events, receiver) = mpsc::unbounded_channel();
        let waiting = Waiting::default();
        let shared = Shared { events: Arc::new(AsyncMutex::new(receiver)), waiting: Arc::clone(&waiting) };
        let app = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .route("/2018-06-01/runtime/init/error", post(init_error))
            .with_state(shared);
        let server =
            tokio::spawn(async move { axum::serve(listener, app).await.expect("the listener stays up") });
        Self { address, events, waiting, server, last_id: Mutex::new(0) }
    }

    /// Starts a function's binary against this API with these settings and nothing else of ours.
    pub fn spawn(&self, binary: &Path, settings: &[(&str, String)]) -> Child {
        let mut command = Command::new(binary);
        command
            .env_clear()
            .env("AWS_LAMBDA_RUNTIME_API", self.address.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", "porchlight-test")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_LOG_GROUP_NAME", "test")
            .env("AWS_LAMBDA_LOG_STREAM_NAME", "test")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .envs(settings.iter().map(|(key, value)| (*key, value.as_str())));
        command.stdin(Stdio::null()).kill_on_drop(true).spawn().expect("the binary was built and starts")
    }

    /// Hands out one event and waits for the answer.
    pub async fn invoke(&self, event: &Value) -> Answer {
        let id = {
            let mut last = self.last_id.lock().unwrap_or_else(PoisonError::into_inner);
            *last += 1;
            format!("8476a536-e9f4-11e8-9739-{last:012}")
        };
        let (sender, receiver) = oneshot::channel();
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone(), sender);
        self.events.send((id, event.to_string())).expect("the server is up");
        let answer = tokio::time::timeout(PATIENCE, receiver).await.expect("the function answers in time");
        answer.expect("the server is up")
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn next(State(shared): State<Shared>) -> Response {
    let Some((id, event)) = shared.events.lock().await.recv().await else {
        return StatusCode::GONE.into_response();
    };
    let headers = [
        ("lambda-runtime-aws-request-id", id),
        ("lambda-runtime-deadline-ms", "4102444800000".to_owned()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:us-east-1:000000000000:function:test".to_owned(),
        ),
        ("content-type", "application/json".to_owned()),
    ];
    (headers, event).into_response()
}

async fn response(
    State(shared): State<Shared>,
    UrlPath(id): UrlPath<String>,
    headers: HeaderMap,
    body: Body,
) -> StatusCode {
    let streamed =
        headers.get("lambda-runtime-function-response-mode").is_some_and(|mode| mode == "streaming");
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    answer(&shared, &id, Answer { ok: true, body, streamed })
}

async fn error(State(shared): State<Shared>, UrlPath(id): UrlPath<String>, body: Bytes) -> StatusCode {
    answer(&shared, &id, Answer { ok: false, body, streamed: false })
}

/// A function that cannot start answers whatever was asked first.
async fn init_error(State(shared): State<Shared>, body: Bytes) -> StatusCode {
    let first = shared.waiting.lock().unwrap_or_else(PoisonError::into_inner).keys().next().cloned();
    first.map_or(StatusCode::ACCEPTED, |id| answer(&shared, &id, Answer { ok: false, body, streamed: false }))
}

fn answer(shared: &Shared, id: &str, answer: Answer) -> StatusCode {
    let waiting = shared.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    match waiting.map(|sender| sender.send(answer)) {
        Some(Ok(())) => StatusCode::ACCEPTED,
        _ => StatusCode::BAD_REQUEST,
    }
}
