//! A push service that answers as it is told, and keeps what was posted. What it is told are the answers that Chrome's,
//! Mozilla's and Apple's services document.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::{eventually, peer};

/// The keys of RFC 8291's example: every browser of the tests has them.
const PRIVATE: &str = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94";
const P256DH: &str =
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";

/// What was posted.
#[derive(Clone, Debug)]
pub struct Post {
    /// To which browser.
    pub browser: String,
    /// Header lines, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// Encrypted.
    pub body: Vec<u8>,
    /// When it came.
    pub at: std::time::Instant,
}

#[derive(Default)]
struct Kept {
    posts: Vec<Post>,
    answers: BTreeMap<String, VecDeque<(u16, Option<String>)>>,
}

/// A push service. Cheap to clone; stops with the test.
#[derive(Clone)]
pub struct PushService {
    url: String,
    kept: Arc<Mutex<Kept>>,
}

impl PushService {
    /// On a free port.
    ///
    /// # Panics
    /// When there is none.
    pub async fn start() -> Self {
        let kept = Arc::new(Mutex::new(Kept::default()));
        let router = Router::new().route("/push/{browser}", post(take)).with_state(Arc::clone(&kept));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, kept }
    }

    /// What a browser says when it subscribed here.
    pub fn subscription(&self, browser: &str) -> Value {
        json!({ "endpoint": format!("{}/push/{browser}", self.url), "keys": { "p256dh": P256DH, "auth": AUTH } })
    }

    /// The next post to a browser is answered so, and the one after it as usual.
    pub fn answers(&self, browser: &str, status: u16, retry_after: Option<&str>) {
        let answer = (status, retry_after.map(str::to_owned));
        self.lock().answers.entry(browser.to_owned()).or_default().push_back(answer);
    }

    /// What was posted to a browser so far.
    pub fn posts_to(&self, browser: &str) -> Vec<Post> {
        self.lock().posts.iter().filter(|post| post.browser == browser).cloned().collect()
    }

    /// The same, once there are so many.
    pub async fn until_posts(&self, browser: &str, count: usize) -> Vec<Post> {
        let what = format!("{count} posts to {browser}");
        eventually(&what, async || Some(self.posts_to(browser)).filter(|posts| posts.len() >= count)).await
    }

    /// The posts as a browser reads them: decrypted, signed by the key that it subscribed with, and valid as a declarative
    /// push message. By programs that we did not write.
    pub async fn read(&self, posts: &[Post], key: &str) -> Vec<Value> {
        let posts: Vec<Value> = posts
            .iter()
            .map(|post| json!({ "body": STANDARD.encode(&post.body), "authorization": post.headers["authorization"] }))
            .collect();
        let asked =
            json!({ "posts": posts, "private": PRIVATE, "auth": AUTH, "key": key, "origin": self.url });
        let read = peer::python("push.py", asked).await;
        read.as_array().expect("a list").clone()
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn take(
    State(kept): State<Arc<Mutex<Kept>>>,
    Path(browser): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let at = std::time::Instant::now();
    let lines =
        headers.iter().filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())));
    let post = Post { browser: browser.clone(), headers: lines.collect(), body: body.to_vec(), at };
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    kept.posts.push(post);
    let answer = kept.answers.get_mut(&browser).and_then(VecDeque::pop_front);
    let (status, retry_after) = answer.unwrap_or((201, None));
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match retry_after {
        Some(wait) => (status, [("retry-after", wait)]).into_response(),
        None => status.into_response(),
    }
}
