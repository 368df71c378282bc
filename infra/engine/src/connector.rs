//! An HTTP client for the AWS SDK that opens no socket: each request is one call of the engine.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use serde_json::{Value, json};

use crate::call::{Call, key};
use crate::engine::Engine;
use crate::faults::Faults;
use crate::policy::{Policy, Rights};
use crate::refusal::Refusal;
use crate::template::REGION;

/// With what rights, and what luck, a client works.
#[derive(Clone, Default)]
pub struct Access {
    /// What the role allows; `None` allows everything.
    pub policy: Option<Policy>,
    /// What goes wrong.
    pub faults: Faults,
    /// What it writes can be derived again: it is told of a write before that is flushed.
    pub trails: bool,
}

impl Engine {
    /// The SDK's client of this engine's tables: the way in of tests. What runs goes by [`Engine::calls`].
    pub fn client(&self, access: Access) -> aws_sdk_dynamodb::Client {
        let connector = self.connector(access);
        let config = aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(REGION))
            .credentials_provider(Credentials::new("local", "local", None, None, "porchlight"))
            .retry_config(RetryConfig::standard().with_initial_backoff(Duration::from_millis(25)))
            .http_client(http_client_fn(move |_, _| connector.clone()))
            .build();
        aws_sdk_dynamodb::Client::from_conf(config)
    }

    /// Answers the requests that such a client makes.
    pub fn connector(&self, access: Access) -> SharedHttpConnector {
        let rights = Arc::new(Rights::of(access.policy));
        SharedHttpConnector::new(InProcess { engine: self.clone(), rights, faults: access.faults })
    }
}

#[derive(Clone)]
struct InProcess {
    engine: Engine,
    rights: Arc<Rights>,
    faults: Faults,
}

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InProcess")
    }
}

impl HttpConnector for InProcess {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let connector = self.clone();
        HttpConnectorFuture::new(async move { connector.answer(&request).await })
    }
}

impl InProcess {
    async fn answer(&self, request: &HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default();
        let body = request.body().bytes().unwrap_or(b"{}");
        let call = Call::read(operation, body);
        if let Err(denied) = self.rights.check(&call) {
            return refused(&denied.into());
        }
        let Some(fault) = self.faults.strike(&call) else {
            return self.carry_out(&call, body.to_vec()).await;
        };
        if let Some(refusal) = fault.refusal(&call) {
            return refused(&refusal);
        }
        self.carry_out(&call, body.to_vec()).await?;
        Err(ConnectorError::io("the connection was lost before the answer".into()))
    }

    async fn carry_out(&self, call: &Call, body: Vec<u8>) -> Result<HttpResponse, ConnectorError> {
        let answered = self.engine.call(call.operation.to_string(), body).await;
        let (status, answer) = answered.map_err(|gone| ConnectorError::other(gone.into(), None))?;
        if status != 200 {
            return response(status, &answer);
        }
        self.faults.remember(call);
        self.engine.writes().tell(call);
        response(status, &self.as_the_index_shows(call, answer))
    }

    fn as_the_index_shows(&self, call: &Call, answer: Vec<u8>) -> Vec<u8> {
        let Some(table) = call.table_of_index().filter(|_| self.faults.indexes_lag()) else {
            return answer;
        };
        let hidden = self.faults.hidden_in(table);
        let mut value: Value = serde_json::from_slice(&answer).unwrap_or_default();
        if let Some(items) = value["Items"].as_array_mut() {
            items.retain(|item| !key(item).is_some_and(|key| hidden.contains(&key)));
            value["Count"] = json!(items.len());
        }
        value.to_string().into_bytes()
    }
}

fn refused(refusal: &Refusal) -> Result<HttpResponse, ConnectorError> {
    response(refusal.status, refusal.json().to_string().as_bytes())
}

fn response(status: u16, body: &[u8]) -> Result<HttpResponse, ConnectorError> {
    let status = status.try_into().map_err(|e| ConnectorError::other(Box::new(e), None))?;
    let mut response = HttpResponse::new(status, SdkBody::from(body));
    response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
    Ok(response)
}
