//! A stand-in for Porchlight: takes webhooks, checks their signatures, answers as told.

#![expect(dead_code, reason = "each test binary uses its own part")]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use porchlight_simulator::{Line, Pace, RunningSimulator, Simulator, SimulatorConfig, TextIn};
use porchlight_twilio::{
    Account, AuthToken, CreateClient, CreateMessage, CreateOutcome, Form, SignedContent, signature,
};
use tokio::sync::mpsc;

pub const LINE: &str = "+12075550142";
pub const MARIA: &str = "+12075550188";
pub const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
pub const TOKEN: &str = "a-token-of-the-simulator";

/// One webhook that came in.
pub struct Came {
    pub path: String,
    pub form: Form,
    pub signed: bool,
}

impl Came {
    pub fn get(&self, name: &str) -> String {
        self.form.get(name).unwrap_or_default().to_owned()
    }
}

type Answers = Arc<Mutex<VecDeque<(StatusCode, &'static str, &'static str)>>>;

#[derive(Clone)]
struct Shared {
    base: String,
    came: mpsc::UnboundedSender<Came>,
    answers: Answers,
}

/// The stand-in and the simulator that it is a customer of.
pub struct Street {
    pub simulator: RunningSimulator,
    pub porchlight: String,
    pub http: reqwest::Client,
    came: mpsc::UnboundedReceiver<Came>,
    answers: Answers,
}

pub fn config() -> SimulatorConfig {
    let mut config = SimulatorConfig::new(ACCOUNT, TOKEN);
    config.pace = Pace::brisk();
    config
}

impl Street {
    pub async fn new() -> Self {
        Self::with(config(), "#rc=5&rp=all").await
    }

    pub async fn with(mut config: SimulatorConfig, fragment: &str) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (sender, came) = mpsc::unbounded_channel();
        let answers = Answers::default();
        let shared = Shared { base: base.clone(), came: sender, answers: Arc::clone(&answers) };
        let router = Router::new().fallback(take).with_state(shared);
        tokio::spawn(async move { axum::serve(listener, router).await });
        let webhook_url = format!("{base}/messages{fragment}");
        config.lines = vec![Line { number: LINE.into(), webhook_url, name: None }];
        let simulator = Simulator::start(config).await.unwrap();
        Self { simulator, porchlight: base, http: http(), came, answers }
    }

    /// Stops the simulator where it stands and starts another on the same line.
    pub async fn restart(self, config: SimulatorConfig) -> Self {
        let (street, line) = self.restart_without_lines(config).await;
        street.simulator.set_lines(vec![line]);
        street
    }

    /// The same, but the line is not known yet.
    pub async fn restart_without_lines(mut self, config: SimulatorConfig) -> (Self, Line) {
        self.simulator.shutdown().await;
        self.simulator = Simulator::start(config).await.unwrap();
        let webhook_url = format!("{}/messages", self.porchlight);
        (self, Line { number: LINE.into(), webhook_url, name: None })
    }

    /// The next webhook.
    pub async fn next(&mut self) -> Came {
        tokio::time::timeout(Duration::from_secs(10), self.came.recv()).await.expect("a webhook").unwrap()
    }

    /// What the next webhooks are answered; the usual is an empty TwiML document.
    pub fn answer(&self, status: u16, content_type: &'static str, body: &'static str) {
        let status = StatusCode::from_u16(status).unwrap();
        self.answers.lock().unwrap().push_back((status, content_type, body));
    }

    pub fn account(&self) -> Account {
        Account::new(self.simulator.url(), ACCOUNT, AuthToken::new(TOKEN)).unwrap()
    }

    pub async fn create(&self, body: &str) -> CreateOutcome {
        let client = CreateClient::with_timeout(Duration::from_millis(500)).unwrap();
        client.create(&self.account(), &self.message(body)).await
    }

    pub fn message(&self, body: &str) -> CreateMessage {
        CreateMessage {
            to: MARIA.into(),
            from: LINE.into(),
            body: body.into(),
            status_callback: format!("{}/status/1#rc=5&rp=all", self.porchlight),
            media_urls: vec![],
        }
    }

    /// The statuses of the next so many reports.
    pub async fn statuses(&mut self, count: usize) -> Vec<String> {
        let mut statuses = Vec::new();
        for _ in 0..count {
            let came = self.next().await;
            assert!(came.signed && came.path == "/status/1");
            statuses.push(came.get("MessageStatus"));
        }
        statuses
    }

    pub async fn get(&self, path: &str) -> (u16, serde_json::Value) {
        self.call(reqwest::Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: serde_json::Value) -> (u16, serde_json::Value) {
        self.call(reqwest::Method::POST, path, Some(body)).await
    }

    pub async fn call(
        &self,
        method: reqwest::Method,
        path: &str,
        body: Option<serde_json::Value>,
    ) -> (u16, serde_json::Value) {
        let request = self.http.request(method, format!("{}{path}", self.simulator.url()));
        let request = if let Some(body) = body { request.json(&body) } else { request };
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        (status, serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or_default())
    }
}

pub fn http() -> reqwest::Client {
    reqwest::Client::builder().build().unwrap()
}

pub fn text(body: &str) -> TextIn {
    TextIn { from: MARIA.into(), body: body.into(), ..TextIn::default() }
}

async fn take(
    State(shared): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form = Form::parse(&body);
    let header = headers.get(signature::SIGNATURE_HEADER).and_then(|value| value.to_str().ok());
    let url = format!("{}{uri}", shared.base);
    let signed =
        signature::verify(&url, SignedContent::Form(&form), header, &[AuthToken::new(TOKEN)]).is_ok();
    shared.came.send(Came { path: uri.path().to_owned(), form, signed }).ok();
    let answer = shared.answers.lock().unwrap().pop_front();
    let usual = (if signed { StatusCode::OK } else { StatusCode::FORBIDDEN }, "text/xml", "<Response/>");
    let (status, content_type, body) = answer.unwrap_or(usual);
    (status, [(header::CONTENT_TYPE, content_type)], body).into_response()
}
