//! The Lambda Runtime API.

use std::sync::Arc;

use lambda_runtime::{FunctionResponse, LambdaEvent, service_fn};
use serde_json::Value;

use super::http::Flow;
use super::{BoxError, Function, Kind};
use crate::platform::Platform;
use crate::settings::ConfigError;
use crate::telemetry;

/// Wires a function to AWS and serves it: all that a `main.rs` does.
pub async fn run_on_lambda(build: fn(Platform) -> Result<Function, ConfigError>) -> Result<(), BoxError> {
    telemetry::start_on_lambda();
    let platform = Platform::from_aws().await?;
    let settings = platform.settings.clone();
    build(platform)?.behind_cloudfront(&settings).run().await
}

impl Function {
    /// Serves the Lambda Runtime API until the environment ends.
    pub async fn run(self) -> Result<(), BoxError> {
        let function = Arc::new(self);
        lambda_runtime::run_concurrent(service_fn(move |event| {
            let function = Arc::clone(&function);
            async move { function.answer(event).await }
        }))
        .await
    }

    /// The Runtime API takes either way of answering for each event on its own, so that a function whose requests
    /// are streamed may take schedules and batches as well.
    pub(super) async fn answer(
        &self,
        event: LambdaEvent<Value>,
    ) -> Result<FunctionResponse<Value, Flow>, BoxError> {
        let is_request = Kind::of(&event.payload) == Ok(Kind::Http);
        match &self.http {
            Some(http) if is_request && http.kind() == Kind::StreamedHttp => {
                Ok(FunctionResponse::StreamingResponse(http.answer_flowing(event).await?))
            }
            _ => Ok(FunctionResponse::BufferedResponse(self.answer_whole(event).await?)),
        }
    }
}
