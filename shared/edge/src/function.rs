//! What one Lambda answers to: HTTP requests, stream batches, a schedule.
//!
//! The same value is run by `main.rs` against the Lambda Runtime API, and invoked in process by
//! `infra/local` with the very events that AWS would send.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use aws_lambda_events::event::dynamodb::{Event as StreamEvent, EventRecord};
use aws_lambda_events::event::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use axum::Router;
use axum::body::Body;
use lambda_http::request::LambdaRequest;
use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::Value;
use tower::ServiceExt;

use crate::platform::Platform;
use crate::settings::ConfigError;
use crate::telemetry;

/// Any error, at the very edge.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;
type StreamHandler = Arc<dyn Fn(Vec<Change>) -> BoxFuture<Result<Vec<String>, BoxError>> + Send + Sync>;
type ScheduleHandler = Arc<dyn Fn() -> BoxFuture<Result<(), BoxError>> + Send + Sync>;

/// What happened to the item of a stream record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is new.
    Inserted,
    /// It changed.
    Modified,
    /// It is gone.
    Removed,
}

/// A stream record, taken for what it is: word that the item with this key was written. Whoever acts on
/// it reads the item again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Partition key.
    pub pk: String,
    /// Sort key.
    pub sk: String,
    /// What happened.
    pub kind: ChangeKind,
    /// Names the record in the list of failures.
    pub sequence_number: String,
}

/// What one Lambda answers to.
#[derive(Clone, Default)]
pub struct Function {
    router: Option<Router>,
    streamed: bool,
    stream: Option<StreamHandler>,
    schedule: Option<ScheduleHandler>,
}

impl Function {
    /// Answers to nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers HTTP requests.
    #[must_use]
    pub fn http(mut self, router: Router) -> Self {
        self.router = Some(router);
        self
    }

    /// Answers HTTP requests with bodies that flow as they are written.
    #[must_use]
    pub fn streamed_http(mut self, router: Router) -> Self {
        self.router = Some(router);
        self.streamed = true;
        self
    }

    /// Takes batches of stream records; answers with the sequence numbers that failed.
    #[must_use]
    pub fn stream<F, Fut>(mut self, handler: F) -> Self
    where
        F: Fn(Vec<Change>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Vec<String>, BoxError>> + Send + 'static,
    {
        self.stream = Some(Arc::new(move |changes| Box::pin(handler(changes))));
        self
    }

    /// Wakes by the clock.
    #[must_use]
    pub fn schedule<F, Fut>(mut self, handler: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), BoxError>> + Send + 'static,
    {
        self.schedule = Some(Arc::new(move || Box::pin(handler())));
        self
    }

    /// Answers one API Gateway REST proxy event; the body may still be flowing.
    pub async fn respond(&self, event_json: &str) -> Result<http::Response<Body>, BoxError> {
        let request: lambda_http::Request = without_stage(serde_json::from_str(event_json)?).into();
        let router = self.router.clone().ok_or("this function answers no HTTP")?;
        Ok(router.oneshot(request).await.unwrap_or_else(|never| match never {}))
    }

    /// Answers one event of any kind, JSON in and JSON out: an HTTP request with its buffered response, a
    /// stream batch with its failures, a schedule with `null`.
    pub async fn invoke(&self, event: Value) -> Result<Value, BoxError> {
        if event.get("httpMethod").is_some() {
            return self.invoke_http(event).await;
        }
        match (event.get("Records").is_some(), &self.stream, &self.schedule) {
            (true, Some(handler), _) => invoke_stream(handler, event).await,
            (false, _, Some(handler)) => handler().await.map(|()| Value::Null),
            _ => Err("this function does not answer events of this kind".into()),
        }
    }

    async fn invoke_http(&self, event: Value) -> Result<Value, BoxError> {
        let router = self.router.clone().ok_or("this function answers no HTTP")?;
        let request = without_stage(serde_json::from_value(event)?);
        let event = LambdaEvent::new(request, lambda_runtime::Context::default());
        let buffered = service_fn(move |request: lambda_http::Request| buffer(router.clone(), request));
        Ok(serde_json::to_value(lambda_http::Adapter::from(buffered).oneshot(event).await?)?)
    }

    /// Serves the Lambda Runtime API until the environment ends.
    pub async fn run(self) -> Result<(), BoxError> {
        if let (true, Some(router)) = (self.streamed, self.router.clone()) {
            let router = router.map_request(|request: lambda_http::Request| request);
            return lambda_http::run_with_streaming_response_concurrent(router).await;
        }
        let function = Arc::new(self);
        lambda_runtime::run_concurrent(service_fn(move |event: LambdaEvent<Value>| {
            let function = Arc::clone(&function);
            async move { function.invoke(event.payload).await }
        }))
        .await
    }
}

/// Wires a function to AWS and serves it: all that a `main.rs` does.
pub async fn run_on_lambda(build: fn(Platform) -> Result<Function, ConfigError>) -> Result<(), BoxError> {
    telemetry::start_on_lambda();
    let platform = Platform::from_aws().await?;
    build(platform)?.run().await
}

/// REST events name their stage, and lambda_http would put it before the path, where no route of ours is.
fn without_stage(request: LambdaRequest) -> LambdaRequest {
    match request {
        LambdaRequest::ApiGatewayV1(mut event) => {
            event.request_context.stage = Some("$default".to_owned());
            LambdaRequest::ApiGatewayV1(event)
        }
        other => other,
    }
}

/// The whole response: text where it is text, since API Gateway gets everything else in base64.
async fn buffer(
    router: Router,
    request: lambda_http::Request,
) -> Result<http::Response<lambda_http::Body>, BoxError> {
    let response = router.oneshot(request).await.unwrap_or_else(|never| match never {});
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await?;
    let body = match String::from_utf8(bytes.into()) {
        Ok(text) => lambda_http::Body::Text(text),
        Err(binary) => lambda_http::Body::Binary(binary.into_bytes()),
    };
    Ok(http::Response::from_parts(parts, body))
}

async fn invoke_stream(handler: &StreamHandler, event: Value) -> Result<Value, BoxError> {
    let event: StreamEvent = serde_json::from_value(event)?;
    let changes = event.records.into_iter().map(change).collect::<Result<Vec<_>, _>>()?;
    let failed = handler(changes).await?;
    let mut answer = DynamoDbEventResponse::default();
    answer.batch_item_failures = failed.into_iter().map(failure).collect();
    Ok(serde_json::to_value(answer)?)
}

fn failure(sequence_number: String) -> DynamoDbBatchItemFailure {
    let mut failure = DynamoDbBatchItemFailure::default();
    failure.item_identifier = Some(sequence_number);
    failure
}

fn change(record: EventRecord) -> Result<Change, BoxError> {
    let keys: Key = serde_dynamo::from_item(record.change.keys)?;
    Ok(Change {
        pk: keys.pk,
        sk: keys.sk,
        kind: match record.event_name.as_str() {
            "INSERT" => ChangeKind::Inserted,
            "MODIFY" => ChangeKind::Modified,
            "REMOVE" => ChangeKind::Removed,
            other => return Err(format!("unknown kind of stream record: {other}").into()),
        },
        sequence_number: record.change.sequence_number.ok_or("a stream record without sequence number")?,
    })
}

#[derive(serde::Deserialize)]
struct Key {
    pk: String,
    sk: String,
}
