//! Reads.

use aws_sdk_dynamodb::operation::batch_get_item::{BatchGetItemError, BatchGetItemInput, BatchGetItemOutput};
use aws_sdk_dynamodb::operation::get_item::{GetItemError, GetItemInput, GetItemOutput};
use aws_sdk_dynamodb::operation::query::{QueryError, QueryInput, QueryOutput};
use aws_sdk_dynamodb::operation::scan::{ScanError, ScanInput, ScanOutput};
use aws_sdk_dynamodb::types::KeysAndAttributes;
use dynoxide::actions::batch_get_item::{BatchGetItemRequest, KeysAndAttributes as Keys};
use dynoxide::actions::get_item::GetItemRequest;
use dynoxide::actions::query::QueryRequest;
use dynoxide::actions::scan::ScanRequest;
use dynoxide::{Database, DynoxideError};

use super::attributes::{Item, all_consumed, consumed, engine_item, engine_items, engine_values, sdk_item};
use super::writes::{key, word};
use super::{Request, partition, refuse, whole};
use crate::call::{Call, Touch, Written};
use crate::engine::{Rows, Turn};

impl Request for GetItemInput {
    type Output = GetItemOutput;
    type Error = GetItemError;
    const TURN: Turn = Turn::Read;

    fn call(&self) -> Call {
        let touches = vec![Touch::of("GetItem", self.table_name.as_ref())];
        Call { operation: "GetItem".into(), touches }
    }

    fn read(&self, rows: &Rows) -> Option<GetItemOutput> {
        whole::get(rows, self)
    }

    fn carry_out(self, database: &Database) -> Result<GetItemOutput, DynoxideError> {
        let answer = database.get_item(GetItemRequest {
            table_name: self.table_name.unwrap_or_default(),
            key: engine_item(self.key.unwrap_or_default())?,
            consistent_read: self.consistent_read,
            projection_expression: self.projection_expression,
            expression_attribute_names: self.expression_attribute_names,
            return_consumed_capacity: word(self.return_consumed_capacity),
            attributes_to_get: self.attributes_to_get,
        })?;
        Ok(GetItemOutput::builder()
            .set_item(answer.item.map(sdk_item))
            .set_consumed_capacity(answer.consumed_capacity.map(consumed))
            .build())
    }
}

impl Request for BatchGetItemInput {
    type Output = BatchGetItemOutput;
    type Error = BatchGetItemError;
    const TURN: Turn = Turn::Read;

    fn call(&self) -> Call {
        let tables = self.request_items.iter().flatten();
        let touches = tables.map(|(table, _)| Touch::of("BatchGetItem", Some(table))).collect();
        Call { operation: "BatchGetItem".into(), touches }
    }

    fn read(&self, rows: &Rows) -> Option<BatchGetItemOutput> {
        whole::batch(rows, self)
    }

    fn carry_out(self, database: &Database) -> Result<BatchGetItemOutput, DynoxideError> {
        let tables = self.request_items.unwrap_or_default().into_iter();
        let answer = database.batch_get_item(BatchGetItemRequest {
            request_items: tables
                .map(|(table, keys)| Ok((table, engine_keys(keys)?)))
                .collect::<Result<_, DynoxideError>>()?,
            return_consumed_capacity: word(self.return_consumed_capacity),
        })?;
        let items = answer.responses.into_iter();
        let rest = answer.unprocessed_keys.into_iter();
        let rest = rest.map(|(table, keys)| Ok((table, sdk_keys(keys)?)));
        Ok(BatchGetItemOutput::builder()
            .set_responses(Some(items.map(|(table, items)| (table, sdk_items(items))).collect()))
            .set_unprocessed_keys(Some(rest.collect::<Result<_, DynoxideError>>()?))
            .set_consumed_capacity(all_consumed(answer.consumed_capacity))
            .build())
    }
}

fn engine_keys(keys: KeysAndAttributes) -> Result<Keys, DynoxideError> {
    Ok(Keys {
        keys: engine_items(keys.keys)?,
        projection_expression: keys.projection_expression,
        expression_attribute_names: keys.expression_attribute_names,
        consistent_read: keys.consistent_read,
        attributes_to_get: keys.attributes_to_get,
    })
}

/// What there was no room for; the engine tells of it as JSON.
fn sdk_keys(keys: serde_json::Value) -> Result<KeysAndAttributes, DynoxideError> {
    let failed = |error: String| DynoxideError::InternalServerError(error);
    let keys: Keys = serde_json::from_value(keys).map_err(|error| failed(error.to_string()))?;
    let rest = KeysAndAttributes::builder()
        .set_keys(Some(sdk_items(keys.keys)))
        .set_projection_expression(keys.projection_expression)
        .set_expression_attribute_names(keys.expression_attribute_names)
        .set_consistent_read(keys.consistent_read)
        .set_attributes_to_get(keys.attributes_to_get);
    rest.build().map_err(|error| failed(error.to_string()))
}

fn sdk_items(items: Vec<dynoxide::Item>) -> Vec<Item> {
    items.into_iter().map(sdk_item).collect()
}

impl Request for QueryInput {
    type Output = QueryOutput;
    type Error = QueryError;
    const TURN: Turn = Turn::Read;

    fn call(&self) -> Call {
        let touch = Touch::of("Query", self.table_name.as_ref()).at(self.index_name.as_ref());
        Call { operation: "Query".into(), touches: vec![touch] }
    }

    fn read(&self, rows: &Rows) -> Option<QueryOutput> {
        partition::query(rows, self)
    }

    fn carry_out(self, database: &Database) -> Result<QueryOutput, DynoxideError> {
        refuse(&[
            ("KeyConditions", self.key_conditions.is_some()),
            ("QueryFilter", self.query_filter.is_some()),
            ("ConditionalOperator", self.conditional_operator.is_some()),
        ])?;
        let answer = database.query(QueryRequest {
            table_name: self.table_name.unwrap_or_default(),
            key_condition_expression: self.key_condition_expression,
            filter_expression: self.filter_expression,
            projection_expression: self.projection_expression,
            expression_attribute_names: self.expression_attribute_names,
            expression_attribute_values: engine_values(self.expression_attribute_values)?,
            scan_index_forward: self.scan_index_forward.unwrap_or(true),
            limit: self.limit.map(at_most),
            exclusive_start_key: engine_values(self.exclusive_start_key)?,
            select: word(self.select),
            consistent_read: self.consistent_read,
            index_name: self.index_name,
            return_consumed_capacity: word(self.return_consumed_capacity),
            attributes_to_get: self.attributes_to_get,
            ..QueryRequest::default()
        })?;
        Ok(QueryOutput::builder()
            .set_items(answer.items.map(sdk_items))
            .count(counted(answer.count))
            .scanned_count(counted(answer.scanned_count))
            .set_last_evaluated_key(answer.last_evaluated_key.map(sdk_item))
            .set_consumed_capacity(answer.consumed_capacity.map(consumed))
            .build())
    }

    fn without(mut answer: QueryOutput, hidden: &[Written]) -> QueryOutput {
        answer.items = answer.items.map(|items| shown(items, hidden));
        answer.count = answer.items.as_ref().map_or(answer.count, |items| counted(items.len()));
        answer
    }
}

impl Request for ScanInput {
    type Output = ScanOutput;
    type Error = ScanError;
    const TURN: Turn = Turn::LongRead;

    fn call(&self) -> Call {
        let touch = Touch::of("Scan", self.table_name.as_ref()).at(self.index_name.as_ref());
        Call { operation: "Scan".into(), touches: vec![touch] }
    }

    fn carry_out(self, database: &Database) -> Result<ScanOutput, DynoxideError> {
        refuse(&[
            ("ScanFilter", self.scan_filter.is_some()),
            ("ConditionalOperator", self.conditional_operator.is_some()),
        ])?;
        let answer = database.scan(ScanRequest {
            table_name: self.table_name.unwrap_or_default(),
            filter_expression: self.filter_expression,
            projection_expression: self.projection_expression,
            expression_attribute_names: self.expression_attribute_names,
            expression_attribute_values: engine_values(self.expression_attribute_values)?,
            limit: self.limit.map(at_most),
            exclusive_start_key: engine_values(self.exclusive_start_key)?,
            select: word(self.select),
            consistent_read: self.consistent_read,
            index_name: self.index_name,
            segment: self.segment.and_then(|segment| segment.try_into().ok()),
            total_segments: self.total_segments.and_then(|segments| segments.try_into().ok()),
            return_consumed_capacity: word(self.return_consumed_capacity),
            attributes_to_get: self.attributes_to_get,
            ..ScanRequest::default()
        })?;
        Ok(ScanOutput::builder()
            .set_items(answer.items.map(sdk_items))
            .count(counted(answer.count))
            .scanned_count(counted(answer.scanned_count))
            .set_last_evaluated_key(answer.last_evaluated_key.map(sdk_item))
            .set_consumed_capacity(answer.consumed_capacity.map(consumed))
            .build())
    }

    fn without(mut answer: ScanOutput, hidden: &[Written]) -> ScanOutput {
        answer.items = answer.items.map(|items| shown(items, hidden));
        answer.count = answer.items.as_ref().map_or(answer.count, |items| counted(items.len()));
        answer
    }
}

/// What an index shows that lags behind these writes.
fn shown(items: Vec<Item>, hidden: &[Written]) -> Vec<Item> {
    let is_hidden = |item: &Item| key(item).is_some_and(|key| hidden.contains(&key));
    items.into_iter().filter(|item| !is_hidden(item)).collect()
}

/// The engine refuses 0, and with it what is below.
fn at_most(limit: i32) -> usize {
    limit.try_into().unwrap_or_default()
}

pub(super) fn counted(count: usize) -> i32 {
    count.try_into().unwrap_or(i32::MAX)
}
