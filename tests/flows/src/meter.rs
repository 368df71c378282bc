//! What writes consume, by function: `ReturnConsumedCapacity` asked in every call, whoever makes it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_sdk_dynamodb::Client;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use porchlight_engine::{Access, Engine};
use porchlight_local::functions::{Build, Registry};
use serde_json::{Value, json};

/// Write units by the name of the function's crate. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<Mutex<BTreeMap<String, f64>>>);

impl Meter {
    /// What a function has consumed so far.
    pub fn of(&self, function: &str) -> f64 {
        self.written().get(function).copied().unwrap_or_default()
    }

    /// What all of them have.
    pub fn all(&self) -> f64 {
        self.written().values().sum()
    }

    /// The functions, each with a client that is counted (and may do everything).
    pub fn metered(&self, functions: Registry, engine: &Engine) -> Registry {
        let with_meter = |(name, build): (String, Build)| {
            let inner = engine.connector(Access::default());
            let asks = Asks { inner, function: name.clone(), meter: self.clone() };
            (name, counted(build, &engine.client(Access::default()), asks))
        };
        functions.into_iter().map(with_meter).collect()
    }

    fn add(&self, function: &str, units: f64) {
        *self.written().entry(function.to_owned()).or_default() += units;
    }

    fn written(&self) -> MutexGuard<'_, BTreeMap<String, f64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn counted(build: Build, client: &Client, asks: Asks) -> Build {
    let connector = SharedHttpConnector::new(asks);
    let config = client.config().to_builder().http_client(http_client_fn(move |_, _| connector.clone()));
    let calls = porchlight_calls::sdk(&Client::from_conf(config.build()));
    Arc::new(move |platform| build(platform.with_dynamodb(|| Arc::clone(&calls))))
}

/// A connector that asks what each write consumes.
#[derive(Clone)]
struct Asks {
    inner: SharedHttpConnector,
    function: String,
    meter: Meter,
}

impl fmt::Debug for Asks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Asks")
    }
}

impl HttpConnector for Asks {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let asks = self.clone();
        HttpConnectorFuture::new(async move { asks.answer(request).await })
    }
}

impl Asks {
    async fn answer(&self, mut request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        if !is_write(request.headers().get("x-amz-target").unwrap_or_default()) {
            return self.inner.call(request).await;
        }
        let mut asked = json_of(request.body());
        asked["ReturnConsumedCapacity"] = json!("TOTAL");
        *request.body_mut() = SdkBody::from(asked.to_string());
        let answer = self.inner.call(request).await?;
        self.meter.add(&self.function, consumed(&json_of(answer.body())["ConsumedCapacity"]));
        Ok(answer)
    }
}

fn json_of(body: &SdkBody) -> Value {
    serde_json::from_slice(body.bytes().unwrap_or_default()).unwrap_or_default()
}

/// `DynamoDB_20120810.PutItem` and its like.
fn is_write(target: &str) -> bool {
    let operation = target.rsplit('.').next().unwrap_or_default();
    ["PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"].contains(&operation)
}

/// One account, or one per table.
fn consumed(told: &Value) -> f64 {
    let units = |one: &Value| one["CapacityUnits"].as_f64().unwrap_or_default();
    told.as_array().map_or_else(|| units(told), |many| many.iter().map(units).sum())
}
