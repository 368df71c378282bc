//! Makes the store's tables what the template declares, keeping what they hold.

use dynoxide::DynoxideError;
use serde_json::{Value, json};

use super::side::Made;
use super::{EngineError, Room, dispatch};
use crate::template::{IndexSpec, TableSpec};

pub(super) fn apply(room: &Room, spec: &TableSpec) -> Result<(), EngineError> {
    match room.side.made(&spec.name)? {
        None => create(room, spec)?,
        Some(made) => update(room, spec, &made)?,
    }
    apply_ttl(room, spec)?;
    if let Some(indexes) = &spec.packed {
        room.side.pack(&spec.name, indexes)?;
    }
    Ok(())
}

/// One request that changes a table. What it drops is unpacked before, since the engine drops tables, no views.
pub(super) fn change(room: &Room, operation: &str, body: &[u8]) -> Result<Vec<u8>, DynoxideError> {
    let request: Value = serde_json::from_slice(body).unwrap_or_default();
    let table = request["TableName"].as_str().unwrap_or_default();
    unpack(room, operation, &request)?;
    let answer = dispatch::call(&room.database, operation, body);
    if operation == "DeleteTable" && answer.is_ok() {
        forget(room, table);
    }
    answer
}

fn unpack(room: &Room, operation: &str, request: &Value) -> Result<(), DynoxideError> {
    let table = request["TableName"].as_str().unwrap_or_default();
    let dropped = dropped(request);
    match operation {
        "DeleteTable" => room.side.unpack(table)?,
        "UpdateTable" if !dropped.is_empty() => room.side.unpack_indexes(table, &dropped)?,
        _ => return Ok(()),
    }
    // The engine's connection hears of it with the first table that it reads, and a table to be dropped is not read.
    dispatch::call(&room.database, "ListTables", b"{}").map(drop)
}

/// The engine leaves a deleted table's stream records, and a table made anew would replay them.
fn forget(room: &Room, table: &str) {
    if let Err(error) = room.side.forget_table(table) {
        tracing::warn!(%error, "the stream of a deleted table was left behind");
    }
}

fn dropped(request: &Value) -> Vec<&str> {
    let changes = request["GlobalSecondaryIndexUpdates"].as_array().map_or(&[][..], Vec::as_slice);
    changes.iter().filter_map(|change| change["Delete"]["IndexName"].as_str()).collect()
}

fn create(room: &Room, spec: &TableSpec) -> Result<(), EngineError> {
    request(room, "CreateTable", &spec.create_request())?;
    Ok(())
}

fn update(room: &Room, spec: &TableSpec, made: &Made) -> Result<(), EngineError> {
    if made.key_schema != spec.key_schema {
        let reason = "its key in the store is not the one in the template".to_owned();
        return Err(EngineError::Table { table: spec.name.clone(), reason });
    }
    for index in
        made.indexes.iter().filter(|index| !spec.indexes.iter().any(|declared| same(index, declared)))
    {
        change_index(room, spec, &json!({ "Delete": { "IndexName": index["IndexName"] } }))?;
    }
    for declared in
        spec.indexes.iter().filter(|declared| !made.indexes.iter().any(|index| same(index, declared)))
    {
        change_index(room, spec, &json!({ "Create": declared.request() }))?;
    }
    apply_stream(room, spec, made.stream.as_deref())
}

fn same(index: &Value, declared: &IndexSpec) -> bool {
    let attributes = |projection: &Value| projection["NonKeyAttributes"].clone();
    index["IndexName"] == declared.name
        && index["KeySchema"] == declared.key_schema
        && index["Projection"]["ProjectionType"] == declared.projection["ProjectionType"]
        && attributes(&index["Projection"]) == attributes(&declared.projection)
}

fn change_index(room: &Room, spec: &TableSpec, change: &Value) -> Result<(), EngineError> {
    let update = json!({
        "TableName": spec.name,
        "AttributeDefinitions": spec.attributes,
        "GlobalSecondaryIndexUpdates": [change],
    });
    request(room, "UpdateTable", &update)?;
    tracing::info!(table = spec.name, "index changed as the template says");
    Ok(())
}

fn apply_stream(room: &Room, spec: &TableSpec, current: Option<&str>) -> Result<(), EngineError> {
    if current == spec.stream.as_deref() {
        return Ok(());
    }
    if current.is_some() {
        let off = json!({ "TableName": spec.name, "StreamSpecification": { "StreamEnabled": false } });
        request(room, "UpdateTable", &off)?;
    }
    if let Some(view) = &spec.stream {
        let stream = json!({ "StreamEnabled": true, "StreamViewType": view });
        request(room, "UpdateTable", &json!({ "TableName": spec.name, "StreamSpecification": stream }))?;
    }
    Ok(())
}

fn apply_ttl(room: &Room, spec: &TableSpec) -> Result<(), EngineError> {
    let answer = request(room, "DescribeTimeToLive", &json!({ "TableName": spec.name }))?;
    let current = answer["TimeToLiveDescription"]["AttributeName"].as_str().map(str::to_owned);
    if current == spec.ttl {
        return Ok(());
    }
    for (attribute, enabled) in [(current, false), (spec.ttl.clone(), true)] {
        let Some(attribute) = attribute else { continue };
        let ttl = json!({ "AttributeName": attribute, "Enabled": enabled });
        request(
            room,
            "UpdateTimeToLive",
            &json!({ "TableName": spec.name, "TimeToLiveSpecification": ttl }),
        )?;
    }
    Ok(())
}

fn request(room: &Room, operation: &str, body: &Value) -> Result<Value, DynoxideError> {
    let answer = change(room, operation, body.to_string().as_bytes())?;
    serde_json::from_slice(&answer).map_err(|e| DynoxideError::InternalServerError(e.to_string()))
}
