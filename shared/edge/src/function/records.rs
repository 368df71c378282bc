//! Events that are a list of records.
//!
//! Those of streams are read by `aws_lambda_events`. The others are read by hand, the few fields that somebody
//! needs: for two of them that crate would bring some twenty others, and in all of them it takes what must be
//! there for optional.

pub(super) mod changes;
pub(super) mod mail;
pub(super) mod objects;
pub(super) mod queue;
pub(super) mod topic;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Reads the records of an event, all or none.
pub(super) fn read<T: DeserializeOwned>(event: Value) -> serde_json::Result<Vec<T>> {
    #[derive(Deserialize)]
    struct List<T> {
        #[serde(rename = "Records")]
        records: Vec<T>,
    }
    serde_json::from_value::<List<T>>(event).map(|list| list.records)
}

/// What the mappings of streams and queues take for an answer (`ReportBatchItemFailures`).
pub(super) fn failures(failed: Vec<String>) -> Value {
    let failures: Vec<_> = failed.into_iter().map(|id| json!({ "itemIdentifier": id })).collect();
    json!({ "batchItemFailures": failures })
}
