//! `porchlight text`: be the customer, from a terminal. Asks the simulator of a running Porchlight.

use std::path::Path;
use std::time::Duration;

use porchlight_edge::BoxError;
use serde_json::{Value, json};

use crate::data_folder::demo_in;
use crate::demo_business;

/// Longer than the provider tries.
const PATIENCE: Duration = Duration::from_mins(1);

/// Sends `words` from the phone `from`; tells what happened.
pub async fn send(data: &Path, from: &str, words: &str) -> Result<String, BoxError> {
    let url = simulator_url(data)?;
    let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build()?;
    let texts = format!("{url}/simulator/texts");
    let sent = client.post(texts).json(&json!({ "from": from, "body": words })).send().await;
    let answer =
        sent.map_err(|_| format!("the simulator at {url} does not answer; is porchlight running?"))?;
    let accepted = answer.status().is_success();
    let body: Value = answer.json().await?;
    if !accepted {
        let why = [&body["detail"], &body["title"]].into_iter().find_map(Value::as_str);
        return Err(why.unwrap_or("the simulator refused").into());
    }
    Ok(told(&body))
}

fn simulator_url(data: &Path) -> Result<String, BoxError> {
    let known = demo_business::read(&demo_in(data))?;
    let known = known.ok_or_else(|| format!("porchlight has not run in {} yet", data.display()))?;
    known
        .simulator_url
        .ok_or_else(|| "porchlight runs on a real provider here: text the line from a phone".into())
}

fn told(sent: &Value) -> String {
    let sid = sent["sid"].as_str().unwrap_or_default();
    let webhook = &sent["webhook"];
    let (attempts, elapsed) = (webhook["attempts"].as_u64(), webhook["elapsed_ms"].as_u64());
    let effort = match attempts.unwrap_or_default() {
        1 => "at once".to_owned(),
        attempts => format!("after {attempts} attempts"),
    };
    if webhook["accepted"] == true {
        return format!("{sid}: Porchlight took it {effort}, in {} ms", elapsed.unwrap_or_default());
    }
    let status =
        webhook["status"].as_u64().map_or_else(|| "no answer".to_owned(), |status| status.to_string());
    format!("{sid}: Porchlight did not take it ({status}) {effort}")
}
