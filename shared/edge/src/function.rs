//! What one Lambda answers to: requests, stream records, schedules, and whatever else it declares.
//!
//! The same value is run by `main.rs` against the Lambda Runtime API, and invoked in process by
//! `infra/local` with the very events that AWS would send.
//!
//! # Layout
//!
//! - `kind`: the kinds of events, and how each is told by its own marks.
//! - `http`: requests, answered whole or as they are written. `lambda`: the Runtime API.
//! - `records`: what most events are, a list; one file for each kind of record.
//!
//! Invariant: an event reaches the handler that was declared for its kind, or none.

mod http;
mod kind;
mod lambda;
mod records;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use ::http::Response;
use axum::Router;
use axum::body::Body;
use lambda_runtime::LambdaEvent;
use serde::de::DeserializeOwned;
use serde_json::Value;

use self::http::Http;
pub use self::kind::{Kind, Tick};
pub use self::lambda::run_on_lambda;
pub use self::records::changes::{Change, ChangeKind};
pub use self::records::mail::{Disposition, ReceivedMail, Verdict};
pub use self::records::objects::ObjectChange;
pub use self::records::queue::QueueMessage;
pub use self::records::topic::Notification;

use crate::origin::Origin;
use crate::settings::Settings;

/// Any error, at the very edge.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;
type Handler = Arc<dyn Fn(Value) -> BoxFuture<Result<Value, BoxError>> + Send + Sync>;

/// An event that no handler was given.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// It is of another kind than those declared, or of none that is known here.
    #[error("{came} came, but this function takes only {}", in_words(.takes))]
    NotTaken {
        /// What it is, as far as its marks tell.
        came: String,
        /// What was declared.
        takes: BTreeSet<Kind>,
    },
    /// It has the marks of its kind and not what belongs to it.
    #[error("{kind} came that cannot be read")]
    Unreadable {
        /// What it should be.
        kind: Kind,
        /// What is amiss.
        source: serde_json::Error,
    },
}

fn in_words(kinds: &BTreeSet<Kind>) -> String {
    let words: Vec<_> = kinds.iter().map(Kind::to_string).collect();
    if words.is_empty() { "nothing".to_owned() } else { words.join(", ") }
}

/// What one Lambda answers to. Each kind is declared at most once; a second time panics, as a second handler
/// of one route does.
#[derive(Clone, Default)]
pub struct Function {
    http: Option<Http>,
    longest_body: Option<usize>,
    handlers: BTreeMap<Kind, Handler>,
}

impl Function {
    /// Answers to nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers HTTP requests.
    #[must_use]
    pub fn http(self, router: Router) -> Self {
        self.requests(Http::whole(router))
    }

    /// Answers HTTP requests with bodies that flow as they are written.
    #[must_use]
    pub fn streamed_http(self, router: Router) -> Self {
        self.requests(Http::streamed(router))
    }

    fn requests(mut self, http: Http) -> Self {
        // Nothing in a request says whether its answer may flow, so that a function does either.
        assert!(self.http.is_none(), "{} is declared twice", http.kind());
        self.http = Some(http);
        self
    }

    /// Its requests have no longer bodies than this, in bytes: whoever hands it requests need not read further.
    #[must_use]
    pub fn longest_body(self, bytes: usize) -> Self {
        Self { longest_body: Some(bytes), ..self }
    }

    /// The longest body that its requests may have, where it says so.
    pub const fn takes_bodies_of(&self) -> Option<usize> {
        self.longest_body
    }

    /// Behind CloudFront, where the settings tell what that shows: whoever comes past it is turned away.
    #[must_use]
    pub fn behind_cloudfront(mut self, settings: &Settings) -> Self {
        self.http = self.http.map(|http| http.behind(&Origin::new(settings)));
        self
    }

    /// Takes batches of stream records; answers with the sequence numbers that failed.
    #[must_use]
    pub fn stream<F, Fut>(self, handler: F) -> Self
    where
        F: Fn(Vec<Change>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Vec<String>, BoxError>> + Send + 'static,
    {
        self.records(Kind::Stream, handler, records::failures)
    }

    /// Takes batches of a queue's messages; answers with the ids that failed and are to come again.
    #[must_use]
    pub fn queue<F, Fut>(self, handler: F) -> Self
    where
        F: Fn(Vec<QueueMessage>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Vec<String>, BoxError>> + Send + 'static,
    {
        self.records(Kind::Queue, handler, records::failures)
    }

    /// Is told what became of objects in a bucket.
    #[must_use]
    pub fn objects<F, Fut>(self, handler: F) -> Self
    where
        F: Fn(Vec<ObjectChange>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), BoxError>> + Send + 'static,
    {
        self.records(Kind::Objects, handler, |()| Value::Null)
    }

    /// Is told what was published to a topic; AWS sends one at a time.
    #[must_use]
    pub fn topic<F, Fut>(self, handler: F) -> Self
    where
        F: Fn(Vec<Notification>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), BoxError>> + Send + 'static,
    {
        self.records(Kind::Topic, handler, |()| Value::Null)
    }

    /// Is told of mail that SES received, and says how SES goes on with it; AWS sends one at a time.
    #[must_use]
    pub fn mail<F, Fut>(self, handler: F) -> Self
    where
        F: Fn(Vec<ReceivedMail>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Disposition, BoxError>> + Send + 'static,
    {
        self.records(Kind::Mail, handler, Disposition::answer)
    }

    /// Wakes by the clock, when the schedule of this name says so.
    #[must_use]
    pub fn schedule<F, Fut>(self, name: &str, handler: F) -> Self
    where
        F: Fn(Tick) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), BoxError>> + Send + 'static,
    {
        let kind = Kind::Schedule(name.to_owned());
        self.on(kind.clone(), move |event| {
            let woken = serde_json::from_value(event).map(&handler);
            let woken = woken.map_err(|source| EventError::Unreadable { kind: kind.clone(), source });
            async move { woken?.await.map(|()| Value::Null) }
        })
    }

    fn records<T, A, F, Fut>(self, kind: Kind, handler: F, answer: fn(A) -> Value) -> Self
    where
        T: DeserializeOwned + Send + 'static,
        F: Fn(Vec<T>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<A, BoxError>> + Send + 'static,
        A: 'static,
    {
        self.on(kind.clone(), move |event| {
            let work = records::read(event).map(&handler);
            let unreadable = |source| EventError::Unreadable { kind: kind.clone(), source };
            let work = work.map_err(unreadable);
            async move { work?.await.map(answer) }
        })
    }

    fn on<F, Fut>(mut self, kind: Kind, handler: F) -> Self
    where
        F: Fn(Value) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Value, BoxError>> + Send + 'static,
    {
        assert!(!self.handlers.contains_key(&kind), "{kind} is declared twice");
        self.handlers.insert(kind, Arc::new(move |event| Box::pin(handler(event))));
        self
    }

    /// Every kind of event that it answers to.
    pub fn takes(&self) -> BTreeSet<Kind> {
        self.handlers.keys().cloned().chain(self.http.as_ref().map(Http::kind)).collect()
    }

    /// Answers one API Gateway REST proxy event; the body may still be flowing.
    pub async fn respond(&self, event_json: &str) -> Result<Response<Body>, BoxError> {
        let http = self.http.as_ref().ok_or_else(|| self.not_taken(Kind::Http.to_string()))?;
        Ok(http.respond(http::read(serde_json::from_str(event_json))?).await)
    }

    /// Answers one event of any kind, JSON in and JSON out: an HTTP request with its buffered response, a
    /// batch with its failures, a schedule with `null`.
    pub async fn invoke(&self, event: Value) -> Result<Value, BoxError> {
        self.answer_whole(LambdaEvent::new(event, lambda_runtime::Context::default())).await
    }

    async fn answer_whole(&self, event: LambdaEvent<Value>) -> Result<Value, BoxError> {
        let kind = Kind::of(&event.payload).map_err(|came| self.not_taken(came))?;
        match (&self.http, self.handlers.get(&kind)) {
            (_, Some(handler)) => handler(event.payload).await,
            (Some(http), None) if kind == Kind::Http => http.answer_whole(event).await,
            _ => Err(self.not_taken(kind.to_string()).into()),
        }
    }

    fn not_taken(&self, came: String) -> EventError {
        EventError::NotTaken { came, takes: self.takes() }
    }
}
