//! An HTTP client for the AWS SDK that opens no socket: each request is one call of the engine.

use std::fmt;
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

use crate::call::Call;
use crate::engine::Engine;
use crate::faults::{Fault, Faults};
use crate::policy::{Denied, Policy};
use crate::template::REGION;

/// With what rights, and what luck, a client works.
#[derive(Clone, Default)]
pub struct Access {
    /// What the role allows; `None` allows everything.
    pub policy: Option<Policy>,
    /// What goes wrong.
    pub faults: Faults,
}

impl Engine {
    /// A client of this engine's tables, the very one that runs on AWS.
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
        SharedHttpConnector::new(InProcess { engine: self.clone(), access })
    }
}

#[derive(Clone)]
struct InProcess {
    engine: Engine,
    access: Access,
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
        let call = Call::new(operation, body);
        if let Some(denied) = self.access.policy.as_ref().and_then(|policy| policy.check_call(&call).err()) {
            return response(400, &access_denied(&denied));
        }
        match self.access.faults.strike(&call) {
            Some(Fault::AnswerLost) => {
                self.carry_out(&call, body.to_vec()).await?;
                Err(ConnectorError::io("the connection was lost before the answer".into()))
            }
            Some(fault) => {
                let (status, answer) = fault.answer(&call);
                response(status, answer.to_string().as_bytes())
            }
            None => self.carry_out(&call, body.to_vec()).await,
        }
    }

    async fn carry_out(&self, call: &Call, body: Vec<u8>) -> Result<HttpResponse, ConnectorError> {
        let answered = self.engine.call(call.operation.clone(), body).await;
        let (status, answer) = answered.map_err(|gone| ConnectorError::other(gone.into(), None))?;
        if status != 200 {
            return response(status, &answer);
        }
        self.access.faults.remember(call);
        for table in written_tables(call) {
            self.engine.written(&table);
        }
        response(status, &self.as_the_index_shows(call, answer))
    }

    fn as_the_index_shows(&self, call: &Call, answer: Vec<u8>) -> Vec<u8> {
        if call.body.get("IndexName").is_none() || !self.access.faults.indexes_lag() {
            return answer;
        }
        let mut value: Value = serde_json::from_slice(&answer).unwrap_or_default();
        self.access.faults.hide_recent(call, &mut value);
        value.to_string().into_bytes()
    }
}

/// The tables of which a successful call wrote items, each once.
fn written_tables(call: &Call) -> Vec<String> {
    let written = call.touches().into_iter().filter(|touch| touch.written.is_some());
    let mut tables: Vec<String> = written.filter_map(|touch| touch.table).collect();
    tables.sort();
    tables.dedup();
    tables
}

fn access_denied(denied: &Denied) -> Vec<u8> {
    json!({ "__type": "com.amazon.coral.service#AccessDeniedException", "message": format!("User: {denied}") })
        .to_string()
        .into_bytes()
}

fn response(status: u16, body: &[u8]) -> Result<HttpResponse, ConnectorError> {
    let status = status.try_into().map_err(|e| ConnectorError::other(Box::new(e), None))?;
    let mut response = HttpResponse::new(status, SdkBody::from(body));
    response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
    Ok(response)
}
