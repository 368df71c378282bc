//! Calls a linked-in function as Lambda would: with a time limit, and surviving its panics.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http::Response;
use porchlight_edge::{BoxError, Function};
use serde_json::Value;

/// A function and how long one invocation of it may take. Cheap to clone.
#[derive(Clone)]
pub struct Invoker {
    name: Arc<str>,
    function: Arc<Function>,
    timeout: Duration,
}

/// An invocation brought no answer.
#[derive(Debug, thiserror::Error)]
pub enum InvokeError {
    /// The function answered with an error.
    #[error("the function failed: {0}")]
    Failed(#[source] BoxError),
    /// It took longer than the template allows.
    #[error("the function took longer than {} s", .0.as_secs())]
    TimedOut(Duration),
    /// It panicked.
    #[error("the function panicked")]
    Panicked,
}

impl Invoker {
    /// `name` is the function's logical id, for log lines.
    pub fn new(name: &str, function: Function, timeout: Duration) -> Self {
        Self { name: name.into(), function: Arc::new(function), timeout }
    }

    /// The function's logical id.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The longest body that its requests may have.
    pub fn longest_body(&self) -> Option<usize> {
        self.function.takes_bodies_of()
    }

    /// Any event but a request.
    pub async fn invoke(&self, event: Value) -> Result<Value, InvokeError> {
        let function = Arc::clone(&self.function);
        self.limited(self.timeout, async move { function.invoke(event).await }).await
    }

    /// A request; its answer's body may still be flowing.
    pub async fn respond(&self, event: String, at_most: Duration) -> Result<Response<Body>, InvokeError> {
        let function = Arc::clone(&self.function);
        let limit = self.timeout.min(at_most);
        self.limited(limit, async move { function.respond(&event).await }).await
    }

    async fn limited<T: Send + 'static>(
        &self,
        limit: Duration,
        work: impl Future<Output = Result<T, BoxError>> + Send + 'static,
    ) -> Result<T, InvokeError> {
        // A task of its own: it survives a caller who leaves, as an invocation does, and its panics stay there.
        let mut task = tokio::spawn(work);
        match tokio::time::timeout(limit, &mut task).await {
            Err(_) => {
                task.abort();
                Err(InvokeError::TimedOut(limit))
            }
            Ok(Err(_)) => Err(InvokeError::Panicked),
            Ok(Ok(answer)) => answer.map_err(InvokeError::Failed),
        }
    }
}
