//! From an operation's name to the engine's method. The engine's own dispatch is private.

use dynoxide::{Database, DynoxideError};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Carries out one request; JSON in, JSON out.
pub(super) fn call(db: &Database, operation: &str, body: &[u8]) -> Result<Vec<u8>, DynoxideError> {
    match operation {
        "GetItem" => answer(body, |request| db.get_item(request)),
        "PutItem" => answer(body, |request| db.put_item(request)),
        "UpdateItem" => answer(body, |request| db.update_item(request)),
        "DeleteItem" => answer(body, |request| db.delete_item(request)),
        "Query" => answer(body, |request| db.query(request)),
        "Scan" => answer(body, |request| db.scan(request)),
        "BatchGetItem" => answer(body, |request| db.batch_get_item(request)),
        "BatchWriteItem" => answer(body, |request| db.batch_write_item(request)),
        "TransactGetItems" => answer(body, |request| db.transact_get_items(request)),
        "TransactWriteItems" => answer(body, |request| db.transact_write_items(request)),
        _ => call_about_tables(db, operation, body),
    }
}

/// Whether it writes nothing.
pub(super) fn only_reads(operation: &str) -> bool {
    ["Get", "BatchGet", "TransactGet", "Query", "Scan", "Describe", "List"]
        .iter()
        .any(|it| operation.starts_with(it))
}

/// Whether what readers have in mind of the tables may not be so afterwards.
pub(super) fn changes_tables(operation: &str) -> bool {
    matches!(operation, "CreateTable" | "UpdateTable" | "DeleteTable" | "UpdateTimeToLive")
}

fn call_about_tables(db: &Database, operation: &str, body: &[u8]) -> Result<Vec<u8>, DynoxideError> {
    match operation {
        "CreateTable" => answer(body, |request| db.create_table(request)),
        "UpdateTable" => answer(body, |request| db.update_table(request)),
        "DeleteTable" => answer(body, |request| db.delete_table(request)),
        "DescribeTable" => answer(body, |request| db.describe_table(request)),
        "ListTables" => answer(body, |request| db.list_tables(request)),
        "UpdateTimeToLive" => answer(body, |request| db.update_time_to_live(request)),
        "DescribeTimeToLive" => answer(body, |request| db.describe_time_to_live(request)),
        other => Err(DynoxideError::ValidationException(format!(
            "operation {other} is not served on this machine"
        ))),
    }
}

fn answer<Request: DeserializeOwned, Response: Serialize>(
    body: &[u8],
    method: impl FnOnce(Request) -> Result<Response, DynoxideError>,
) -> Result<Vec<u8>, DynoxideError> {
    let request = serde_json::from_slice(body).map_err(|e| unreadable(&e))?;
    let response = method(request)?;
    serde_json::to_vec(&response).map_err(|e| DynoxideError::InternalServerError(e.to_string()))
}

/// The engine marks what is wrong with a request inside serde's message, before the position that serde adds.
fn unreadable(error: &serde_json::Error) -> DynoxideError {
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(before, _)| before);
    let marked =
        ["VALIDATION_REQUEST:", "VALIDATION:"].iter().find_map(|marker| message.strip_prefix(marker));
    match (marked, message.strip_prefix("SERIALIZATION:")) {
        (Some(invalid), _) => DynoxideError::ValidationException(invalid.to_owned()),
        (None, Some(text)) => DynoxideError::SerializationException(text.to_owned()),
        (None, None) if message.contains("missing field") => {
            DynoxideError::ValidationException(message.to_owned())
        }
        (None, None) => DynoxideError::SerializationException(message.to_owned()),
    }
}
