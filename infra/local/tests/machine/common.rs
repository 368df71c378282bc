//! A whole machine of small functions, for tests of the machinery.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use porchlight_edge::{Function, Platform};
use porchlight_engine::{Engine, Templates};
use porchlight_local::functions::{Build, Registry};
use porchlight_local::local::{Options, Running, start};
use porchlight_local::streams::Backoff;

/// All crates that the template names.
const CRATES: [&str; 5] =
    ["porchlight-webhooks", "porchlight-inbox", "porchlight-live", "porchlight-send", "porchlight-index"];

/// Functions that do nothing, but those given.
pub fn registry(given: Vec<(&str, Build)>) -> Registry {
    let quiet = |_: Platform| {
        let function = Function::new().stream(|_| async { Ok(Vec::new()) }).schedule(|| async { Ok(()) });
        Ok(function)
    };
    let mut registry: Registry =
        CRATES.iter().map(|name| ((*name).to_owned(), Arc::new(quiet) as Build)).collect();
    registry.extend(given.into_iter().map(|(name, build)| (name.to_owned(), build)));
    registry
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
    let client = &running.platform().dynamodb;
    client.put_item().table_name(table).set_item(Some(item)).send().await.expect("a put");
}

/// What a GET answers.
pub async fn text_of(url: &str) -> String {
    let client = reqwest::Client::builder().timeout(Duration::from_secs(10)).build().expect("a client");
    client.get(url).send().await.expect("an answer").text().await.expect("text")
}
