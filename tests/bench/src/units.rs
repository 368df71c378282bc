//! What a text costs in DynamoDB's units, by ReturnConsumedCapacity: asked in every call of every function, and
//! added up by function. Runs in this process, on a store in memory, with the demo's data.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use porchlight_engine::{Access, Engine};
use porchlight_flows::{House, Setup};
use porchlight_local::functions::{Build, Registry, linked};
use porchlight_local::local::Options;
use serde_json::{Value, json};

use crate::report::Table;

/// Texts that are averaged.
const TEXTS: usize = 20;
/// Nothing more is derived when nothing was written for so long.
const CALM: Duration = Duration::from_millis(400);

/// Write units by function.
#[derive(Clone, Debug, Default)]
struct Meter(Arc<Mutex<BTreeMap<String, f64>>>);

impl Meter {
    fn add(&self, function: &str, units: f64) {
        let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *written.entry(function.to_owned()).or_default() += units;
    }

    fn of(&self, function: &str) -> f64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(function).copied().unwrap_or_default()
    }

    fn all(&self) -> f64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values().sum()
    }

    /// Waits until everything that follows from what was written is written too.
    async fn calm(&self) {
        let mut before = -1.0;
        while before < self.all() {
            before = self.all();
            tokio::time::sleep(CALM).await;
        }
    }
}

/// Texts in and adds up.
pub async fn measure() -> Table {
    let meter = Meter::default();
    let counted = meter.clone();
    let options = Box::new(move |options: &mut Options| {
        options.functions = metered(linked(), &options.engine, &counted);
        // A sweep that finds nothing to do writes nothing, and one that does is not the text's.
        options.schedules = false;
    });
    let house = House::with(Setup { options, demo: true, ..Setup::default() }).await;
    meter.calm().await;
    let title = "Write units per inbound text, by ReturnConsumedCapacity";
    let mut table = Table::new(title, &["", "before the 2xx", "everything derived"]);
    let goal = ["goal".to_owned(), "≤ 14".to_owned(), "≤ 40".to_owned()];
    let known = |_: usize| "+12075550188".to_owned();
    let new = |at: usize| format!("+1207557{at:04}");
    let usual = "Hi, our water heater is leaking again. Can somebody come today?";
    let long = usual.repeat(5);
    table.row(per_text(&house, &meter, "in a customer's thread", usual, known).await);
    table.row(per_text(&house, &meter, "the same, five segments", &long, known).await);
    table.row(per_text(&house, &meter, "first text of an unknown number", usual, new).await);
    table.row(goal);
    house.running.stop().await;
    table
}

async fn per_text(
    house: &House,
    meter: &Meter,
    what: &str,
    words: &str,
    from: impl Fn(usize) -> String,
) -> [String; 3] {
    let (mut taken, mut derived) = (0.0, 0.0);
    for at in 0..TEXTS {
        let before = (meter.of(WEBHOOKS), meter.all());
        house.text(&from(at), &format!("{words} {at}")).await;
        taken += meter.of(WEBHOOKS) - before.0;
        meter.calm().await;
        derived += meter.all() - before.1;
    }
    let mean = |sum: f64| format!("{:.1}", sum / f64::from(u32::try_from(TEXTS).expect("a few")));
    [what.to_owned(), mean(taken), mean(derived)]
}

const WEBHOOKS: &str = "porchlight-webhooks";

/// The functions, each with a client that counts.
fn metered(functions: Registry, engine: &Engine, meter: &Meter) -> Registry {
    let with_meter = |(name, build): (String, Build)| {
        let asks =
            Asks { inner: engine.connector(Access::default()), function: name.clone(), meter: meter.clone() };
        let metered: Build = Arc::new(move |platform| {
            let connector = SharedHttpConnector::new(asks.clone());
            let config = platform.dynamodb.config().to_builder();
            let config = config.http_client(http_client_fn(move |_, _| connector.clone())).build();
            build(porchlight_edge::Platform { dynamodb: Client::from_conf(config), ..platform })
        });
        (name, metered)
    };
    functions.into_iter().map(with_meter).collect()
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
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        if !is_write(target) {
            return self.inner.call(request).await;
        }
        let mut asked: Value =
            serde_json::from_slice(request.body().bytes().unwrap_or_default()).unwrap_or_default();
        asked["ReturnConsumedCapacity"] = json!("TOTAL");
        *request.body_mut() = SdkBody::from(asked.to_string());
        let answer = self.inner.call(request).await?;
        let told: Value =
            serde_json::from_slice(answer.body().bytes().unwrap_or_default()).unwrap_or_default();
        self.meter.add(&self.function, consumed(&told["ConsumedCapacity"]));
        Ok(answer)
    }
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
