//! A whole machine of small functions, for tests of the machinery.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::operation::put_item::PutItemInput;
use aws_sdk_dynamodb::types::AttributeValue;
use axum::Router;
use porchlight_edge::{Function, Kind, Platform};
use porchlight_engine::{Engine, Stack, Templates};
use porchlight_local::functions::{Build, Registry, sent};
use porchlight_local::local::{Options, Running, start};
use porchlight_local::streams::Backoff;

/// Every function of the template does nothing with what it is sent, but for what those given do.
pub fn registry(given: Vec<(&str, Build)>) -> Registry {
    let mut given: BTreeMap<&str, Build> = given.into_iter().collect();
    let specs = Stack::embedded().functions().expect("the embedded template");
    let quiet = specs.into_iter().map(|spec| {
        let kinds = sent(&spec).expect("events of known kinds");
        let build = given.remove(&*spec.code).unwrap_or_else(|| fixed(Function::new()));
        let build = move |platform: Platform| Ok(quiet(build(platform)?, &kinds));
        (spec.code, Arc::new(build) as Build)
    });
    quiet.collect()
}

/// Takes the rest of `kinds` as well, and does nothing with it.
fn quiet(function: Function, kinds: &BTreeSet<Kind>) -> Function {
    let takes = function.takes();
    kinds.difference(&takes).fold(function, |function, kind| match kind {
        Kind::Http => function.http(Router::new()),
        Kind::StreamedHttp => function.streamed_http(Router::new()),
        Kind::Stream => function.stream(async |_| Ok(Vec::new())),
        Kind::Schedule(name) => function.schedule(name, async |_| Ok(())),
        other => panic!("the template sends no {other}"),
    })
}

/// `function`, whatever the platform.
pub fn fixed(function: Function) -> Build {
    Arc::new(move |_| Ok(function.clone()))
}

/// A machine in memory that repeats at once and whose schedules wait to be woken.
pub fn options(given: Vec<(&str, Build)>) -> Options {
    on(Engine::in_memory().expect("a store in memory"), given)
}

/// The same on another store.
pub fn on(engine: Engine, given: Vec<(&str, Build)>) -> Options {
    let no_wait = Backoff { first: Duration::ZERO, longest: Duration::ZERO };
    Options { backoff: no_wait, schedules: false, ..Options::new(engine, registry(given)) }
}

/// Starts it.
pub async fn run(options: Options) -> Running {
    start(options).await.expect("everything starts")
}

/// The templates with some text of `app.yaml` replaced, which must be there.
pub fn templates_with(replacements: &[(&str, &str)]) -> Templates {
    let mut templates = Templates::embedded();
    for (from, to) in replacements {
        assert!(templates.app.contains(from), "the template says {from}");
        templates.app = templates.app.replacen(from, to, 1);
    }
    templates
}

/// Writes an item into a table.
pub async fn put(running: &Running, table: &str, attributes: &[(&str, &str)]) {
    let item: HashMap<String, AttributeValue> = attributes
        .iter()
        .map(|(name, value)| ((*name).to_owned(), AttributeValue::S((*value).to_owned())))
        .collect();
    let client = running.platform().dynamodb().expect("the machine has tables");
    let put = PutItemInput::builder().table_name(table).set_item(Some(item));
    client.put_item(put).await.expect("a put");
}

/// What a GET answers.
pub async fn text_of(url: &str) -> String {
    let client = reqwest::Client::builder().timeout(Duration::from_secs(10)).build().expect("a client");
    client.get(url).send().await.expect("an answer").text().await.expect("text")
}
