//! The functions as `app.yaml` declares them: environment, role, and the events that wake them.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use super::{Stack, names};
use crate::policy::Policy;

/// A function.
#[derive(Clone, Debug)]
pub struct FunctionSpec {
    /// Logical id, such as `Webhooks`.
    pub id: String,
    /// The crate whose `bootstrap` it runs: the last folder of `CodeUri`.
    pub code: String,
    /// How long one invocation may take.
    pub timeout: Duration,
    /// Its environment.
    pub environment: BTreeMap<String, String>,
    /// What its role allows.
    pub policy: Policy,
    /// Requests that reach it.
    pub routes: Vec<ApiRoute>,
    /// Streams that reach it.
    pub streams: Vec<StreamMapping>,
    /// What wakes it by the clock.
    pub schedules: Vec<ScheduleSpec>,
}

/// A schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleSpec {
    /// How often it wakes the function.
    pub every: Duration,
    /// The event that it wakes it with; EventBridge adds nothing to it.
    pub input: Value,
}

/// A route of the REST API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiRoute {
    /// `/api/{proxy+}`.
    pub path: String,
    /// `GET`, …, or `ANY`.
    pub method: String,
    /// Whether the answer flows as it is written.
    pub streamed: bool,
    /// How long API Gateway waits.
    pub timeout: Duration,
}

/// How a stream's records reach a function.
#[derive(Clone, Debug)]
pub struct StreamMapping {
    /// Function and event, such as `Index/Conversations`: names the consumer.
    pub name: String,
    /// Whose stream.
    pub table: String,
    /// `TRIM_HORIZON` or `LATEST`.
    pub starting_position: String,
    /// Records in one batch, at most.
    pub batch_size: usize,
    /// How long to wait for a batch to fill.
    pub window: Duration,
    /// Batches of one shard at a time.
    pub parallel: usize,
    /// Whether a batch that fails is halved.
    pub bisect: bool,
    /// How often a batch is tried again; `None` until it expires.
    pub retries: Option<u32>,
    /// The age at which a record is given up; `None` never.
    pub maximum_age: Option<Duration>,
    /// Whether the function says which records failed.
    pub partial_failures: bool,
    /// Queue that keeps pointers to what was given up.
    pub dead_letters: Option<String>,
    /// `FilterCriteria`: a record passes when one matches, or when there are none.
    pub filters: Vec<Value>,
}

pub(super) fn read(stack: &Stack) -> Result<Vec<FunctionSpec>, String> {
    stack
        .of_kind("AWS::Serverless::Function")
        .map(|resource| {
            let properties = with_globals(&resource.properties, &stack.function_globals);
            function(stack, &resource.id, &properties).map_err(|reason| format!("{}: {reason}", resource.id))
        })
        .collect()
}

fn with_globals(own: &Value, globals: &Value) -> Value {
    match (own, globals) {
        (Value::Object(own), Value::Object(globals)) => {
            let mut merged = globals.clone();
            for (key, value) in own {
                let inherited = globals.get(key).unwrap_or(&Value::Null);
                merged.insert(key.clone(), with_globals(value, inherited));
            }
            Value::Object(merged)
        }
        _ => own.clone(),
    }
}

fn function(stack: &Stack, id: &str, properties: &Value) -> Result<FunctionSpec, String> {
    let code = properties["CodeUri"].as_str().ok_or("no CodeUri")?;
    let mut function = FunctionSpec {
        id: id.to_owned(),
        code: code.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned(),
        timeout: seconds(&properties["Timeout"]).unwrap_or(Duration::from_secs(3)),
        environment: environment(&properties["Environment"]["Variables"]),
        policy: Policy::of_role(role(stack, properties)?)?,
        routes: Vec::new(),
        streams: Vec::new(),
        schedules: Vec::new(),
    };
    for (name, event) in properties["Events"].as_object().into_iter().flatten() {
        add_event(&mut function, name, event).map_err(|reason| format!("event {name}: {reason}"))?;
    }
    Ok(function)
}

fn role<'a>(stack: &'a Stack, properties: &Value) -> Result<&'a Value, String> {
    let arn = properties["Role"].as_str().ok_or("no Role: permissions are written down, not derived")?;
    let id = arn.rsplit('/').next().unwrap_or_default();
    let role = stack.resource(id).ok_or_else(|| format!("no role {id}"))?;
    Ok(&role.properties)
}

fn environment(variables: &Value) -> BTreeMap<String, String> {
    let pairs = variables.as_object().into_iter().flatten();
    pairs.map(|(key, value)| (key.clone(), plain_text(value))).collect()
}

fn plain_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn add_event(function: &mut FunctionSpec, name: &str, event: &Value) -> Result<(), String> {
    let properties = &event["Properties"];
    match event["Type"].as_str().unwrap_or_default() {
        "Api" => function.routes.push(route(properties)?),
        "DynamoDB" => function.streams.push(mapping(&function.id, name, properties)?),
        "Schedule" => function.schedules.push(schedule(properties)?),
        other => return Err(format!("events of type {other} do not exist on this machine")),
    }
    Ok(())
}

fn route(properties: &Value) -> Result<ApiRoute, String> {
    let timeout = properties["TimeoutInMillis"].as_u64().unwrap_or(29_000);
    Ok(ApiRoute {
        path: properties["Path"].as_str().ok_or("no Path")?.to_owned(),
        method: properties["Method"].as_str().ok_or("no Method")?.to_uppercase(),
        streamed: properties["ResponseTransferMode"] == json!("RESPONSE_STREAM"),
        timeout: Duration::from_millis(timeout),
    })
}

fn mapping(function: &str, name: &str, properties: &Value) -> Result<StreamMapping, String> {
    let arn = properties["Stream"].as_str().ok_or("no Stream")?;
    let count = |key: &str| properties[key].as_u64().and_then(|count| usize::try_from(count).ok());
    let limit = |key: &str| properties[key].as_i64().and_then(|limit| u32::try_from(limit).ok());
    let partial = properties["FunctionResponseTypes"].as_array().is_some_and(|types| !types.is_empty());
    Ok(StreamMapping {
        name: format!("{function}/{name}"),
        table: names::table_of_stream(arn).ok_or("Stream is no stream's ARN")?.to_owned(),
        starting_position: properties["StartingPosition"].as_str().unwrap_or("TRIM_HORIZON").to_owned(),
        batch_size: count("BatchSize").unwrap_or(100),
        window: seconds(&properties["MaximumBatchingWindowInSeconds"]).unwrap_or_default(),
        parallel: count("ParallelizationFactor").unwrap_or(1).max(1),
        bisect: properties["BisectBatchOnFunctionError"] == json!(true),
        retries: limit("MaximumRetryAttempts"),
        maximum_age: limit("MaximumRecordAgeInSeconds").map(|age| Duration::from_secs(age.into())),
        partial_failures: partial,
        dead_letters: properties["DestinationConfig"]["OnFailure"]["Destination"].as_str().map(str::to_owned),
        filters: filters(&properties["FilterCriteria"]["Filters"])?,
    })
}

fn filters(declared: &Value) -> Result<Vec<Value>, String> {
    let patterns =
        declared.as_array().into_iter().flatten().map(|filter| filter["Pattern"].as_str().unwrap_or(""));
    patterns
        .map(|text| serde_json::from_str(text).map_err(|e| format!("filter {text} is no JSON: {e}")))
        .collect()
}

fn schedule(properties: &Value) -> Result<ScheduleSpec, String> {
    let every = rate(properties["Schedule"].as_str().unwrap_or_default())?;
    let input =
        properties["Input"].as_str().ok_or("no Input, which tells the function what it is woken for")?;
    let input = serde_json::from_str(input).map_err(|e| format!("Input {input} is no JSON: {e}"))?;
    Ok(ScheduleSpec { every, input })
}

/// `rate(5 minutes)`.
fn rate(schedule: &str) -> Result<Duration, String> {
    let inner = schedule.strip_prefix("rate(").and_then(|rest| rest.strip_suffix(')'));
    let (count, unit) =
        inner.and_then(|inner| inner.split_once(' ')).ok_or("only rate(…) schedules run here")?;
    let count: u64 = count.parse().map_err(|_| format!("schedule {schedule} has no count"))?;
    match unit.trim_end_matches('s') {
        "minute" => Ok(Duration::from_secs(60 * count)),
        "hour" => Ok(Duration::from_secs(3600 * count)),
        "day" => Ok(Duration::from_secs(86_400 * count)),
        other => Err(format!("schedule in {other}")),
    }
}

fn seconds(value: &Value) -> Option<Duration> {
    value.as_u64().map(Duration::from_secs)
}
