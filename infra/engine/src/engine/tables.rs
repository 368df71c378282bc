//! Makes the store's tables what the template declares, keeping what they hold.

use dynoxide::{Database, DynoxideError};
use serde_json::{Value, json};

use super::side::Made;
use super::{EngineError, Room, dispatch};
use crate::template::{IndexSpec, TableSpec};

pub(super) fn apply(room: &Room, spec: &TableSpec) -> Result<(), EngineError> {
    let db = &room.database;
    match room.side.made(&spec.name)? {
        None => create(db, spec)?,
        Some(made) => update(db, spec, &made)?,
    }
    if spec.small_items {
        room.side.lay_by_key(&spec.name)?;
    }
    apply_ttl(db, spec)
}

fn create(db: &Database, spec: &TableSpec) -> Result<(), EngineError> {
    request(db, "CreateTable", &spec.create_request())?;
    Ok(())
}

fn update(db: &Database, spec: &TableSpec, made: &Made) -> Result<(), EngineError> {
    if made.key_schema != spec.key_schema {
        let reason = "its key in the store is not the one in the template".to_owned();
        return Err(EngineError::Table { table: spec.name.clone(), reason });
    }
    for index in
        made.indexes.iter().filter(|index| !spec.indexes.iter().any(|declared| same(index, declared)))
    {
        change_index(db, spec, &json!({ "Delete": { "IndexName": index["IndexName"] } }))?;
    }
    for declared in
        spec.indexes.iter().filter(|declared| !made.indexes.iter().any(|index| same(index, declared)))
    {
        change_index(db, spec, &json!({ "Create": declared.request() }))?;
    }
    apply_stream(db, spec, made.stream.as_deref())
}

fn same(index: &Value, declared: &IndexSpec) -> bool {
    let attributes = |projection: &Value| projection["NonKeyAttributes"].clone();
    index["IndexName"] == declared.name
        && index["KeySchema"] == declared.key_schema
        && index["Projection"]["ProjectionType"] == declared.projection["ProjectionType"]
        && attributes(&index["Projection"]) == attributes(&declared.projection)
}

fn change_index(db: &Database, spec: &TableSpec, change: &Value) -> Result<(), EngineError> {
    let update = json!({
        "TableName": spec.name,
        "AttributeDefinitions": spec.attributes,
        "GlobalSecondaryIndexUpdates": [change],
    });
    request(db, "UpdateTable", &update)?;
    tracing::info!(table = spec.name, "index changed as the template says");
    Ok(())
}

fn apply_stream(db: &Database, spec: &TableSpec, current: Option<&str>) -> Result<(), EngineError> {
    if current == spec.stream.as_deref() {
        return Ok(());
    }
    if current.is_some() {
        let off = json!({ "TableName": spec.name, "StreamSpecification": { "StreamEnabled": false } });
        request(db, "UpdateTable", &off)?;
    }
    if let Some(view) = &spec.stream {
        let stream = json!({ "StreamEnabled": true, "StreamViewType": view });
        request(db, "UpdateTable", &json!({ "TableName": spec.name, "StreamSpecification": stream }))?;
    }
    Ok(())
}

fn apply_ttl(db: &Database, spec: &TableSpec) -> Result<(), EngineError> {
    let answer = request(db, "DescribeTimeToLive", &json!({ "TableName": spec.name }))?;
    let current = answer["TimeToLiveDescription"]["AttributeName"].as_str().map(str::to_owned);
    if current == spec.ttl {
        return Ok(());
    }
    for (attribute, enabled) in [(current, false), (spec.ttl.clone(), true)] {
        let Some(attribute) = attribute else { continue };
        let ttl = json!({ "AttributeName": attribute, "Enabled": enabled });
        request(db, "UpdateTimeToLive", &json!({ "TableName": spec.name, "TimeToLiveSpecification": ttl }))?;
    }
    Ok(())
}

fn request(db: &Database, operation: &str, body: &Value) -> Result<Value, DynoxideError> {
    let answer = dispatch::call(db, operation, body.to_string().as_bytes())?;
    serde_json::from_slice(&answer).map_err(|e| DynoxideError::InternalServerError(e.to_string()))
}
