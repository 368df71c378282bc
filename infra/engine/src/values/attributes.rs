//! Values of items, and what a call consumed: the SDK's form and the engine's.

use std::collections::HashMap;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, Capacity, ConsumedCapacity};
use dynoxide::types::{CapacityDetail, ConsumedCapacity as Consumed};
use dynoxide::{AttributeValue as Value, DynoxideError};

/// An item, a key, or the values of an expression.
pub type Item = HashMap<String, AttributeValue>;

/// Refuses what is no value: the engine itself does not look for it everywhere.
pub(super) fn engine_item(item: Item) -> Result<dynoxide::Item, DynoxideError> {
    item.into_iter().map(|(name, value)| Ok((name, engine_value(value)?))).collect()
}

pub(super) fn engine_values(values: Option<Item>) -> Result<Option<dynoxide::Item>, DynoxideError> {
    values.map(engine_item).transpose()
}

pub(crate) fn engine_items(items: Vec<Item>) -> Result<Vec<dynoxide::Item>, DynoxideError> {
    items.into_iter().map(engine_item).collect()
}

pub(super) fn sdk_item(item: dynoxide::Item) -> Item {
    item.into_iter().map(|(name, value)| (name, sdk_value(value))).collect()
}

fn engine_value(value: AttributeValue) -> Result<Value, DynoxideError> {
    const NULL: &str =
        "One or more parameter values were invalid: Null attribute value types must have the value of true";
    const EMPTY: &str =
        "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes";
    Ok(match value {
        AttributeValue::S(text) => Value::S(text),
        AttributeValue::N(number) => Value::N(number),
        AttributeValue::B(bytes) => Value::B(bytes.into_inner()),
        AttributeValue::Bool(is) => Value::BOOL(is),
        AttributeValue::Null(true) => Value::NULL(true),
        AttributeValue::Null(false) => return Err(DynoxideError::ValidationException(NULL.to_owned())),
        AttributeValue::Ss(texts) => Value::SS(texts),
        AttributeValue::Ns(numbers) => Value::NS(numbers),
        AttributeValue::Bs(all) => Value::BS(all.into_iter().map(Blob::into_inner).collect()),
        AttributeValue::L(list) => Value::L(list.into_iter().map(engine_value).collect::<Result<_, _>>()?),
        AttributeValue::M(map) => Value::M(engine_item(map)?),
        _ => return Err(DynoxideError::ValidationException(EMPTY.to_owned())),
    })
}

fn sdk_value(value: Value) -> AttributeValue {
    match value {
        Value::S(text) => AttributeValue::S(text),
        Value::N(number) => AttributeValue::N(number),
        Value::B(bytes) => AttributeValue::B(Blob::new(bytes)),
        Value::BOOL(is) => AttributeValue::Bool(is),
        Value::NULL(is) => AttributeValue::Null(is),
        Value::SS(texts) => AttributeValue::Ss(texts),
        Value::NS(numbers) => AttributeValue::Ns(numbers),
        Value::BS(all) => AttributeValue::Bs(all.into_iter().map(Blob::new).collect()),
        Value::L(list) => AttributeValue::L(list.into_iter().map(sdk_value).collect()),
        Value::M(map) => AttributeValue::M(sdk_item(map)),
    }
}

pub(super) fn consumed(consumed: Consumed) -> ConsumedCapacity {
    let indexes = |all: HashMap<String, CapacityDetail>| {
        all.into_iter().map(|(index, detail)| (index, capacity(&detail))).collect()
    };
    ConsumedCapacity::builder()
        .table_name(consumed.table_name)
        .capacity_units(consumed.capacity_units)
        .set_read_capacity_units(consumed.read_capacity_units)
        .set_write_capacity_units(consumed.write_capacity_units)
        .set_table(consumed.table.as_ref().map(capacity))
        .set_global_secondary_indexes(consumed.global_secondary_indexes.map(indexes))
        .set_local_secondary_indexes(consumed.local_secondary_indexes.map(indexes))
        .build()
}

pub(super) fn all_consumed(all: Option<Vec<Consumed>>) -> Option<Vec<ConsumedCapacity>> {
    all.map(|all| all.into_iter().map(consumed).collect())
}

fn capacity(detail: &CapacityDetail) -> Capacity {
    Capacity::builder()
        .capacity_units(detail.capacity_units)
        .set_read_capacity_units(detail.read_capacity_units)
        .set_write_capacity_units(detail.write_capacity_units)
        .build()
}
