//! Answers in a form that can be compared: maps in order, sets in order, errors by what they say.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ConsumedCapacity, KeysAndAttributes};
use porchlight_calls::Calls;
use serde_json::{Value, json};

use crate::requests::Request;

type Item = HashMap<String, AttributeValue>;

/// The member of an answer that tells its capacity.
pub const CONSUMED: &str = "consumed";

/// Asks, and tells what came of it.
pub async fn answer(calls: &dyn Calls, request: Request) -> Value {
    match request {
        Request::Get(call) => told(
            calls.get_item(call).await,
            |got| json!({ "item": got.item.map(item), CONSUMED: consumed(got.consumed_capacity) }),
        ),
        Request::BatchGet(call) => told(calls.batch_get_item(call).await, |got| {
            json!({
                "tables": tables(got.responses),
                "unprocessed": rest(got.unprocessed_keys),
                CONSUMED: consumed(got.consumed_capacity.into_iter().flatten()),
            })
        }),
        Request::Query(call) => told(calls.query(call).await, |got| {
            page(got.items, [got.count, got.scanned_count], got.last_evaluated_key, got.consumed_capacity)
        }),
        Request::Scan(call) => told(calls.scan(call).await, |got| {
            page(got.items, [got.count, got.scanned_count], got.last_evaluated_key, got.consumed_capacity)
        }),
        write => written(calls, write).await,
    }
}

/// Of a Query or a Scan.
fn page(
    found: Option<Vec<Item>>,
    [count, scanned]: [i32; 2],
    last: Option<Item>,
    capacity: Option<ConsumedCapacity>,
) -> Value {
    json!({
        "items": found.map(items),
        "count": count,
        "scanned": scanned,
        "last": last.map(item),
        CONSUMED: consumed(capacity),
    })
}

async fn written(calls: &dyn Calls, request: Request) -> Value {
    match request {
        Request::Put(call) => told_with(
            calls.put_item(call).await,
            refused_put,
            |done| json!({ "attributes": done.attributes.map(item), CONSUMED: consumed(done.consumed_capacity) }),
        ),
        Request::Update(call) => told_with(
            calls.update_item(call).await,
            refused_update,
            |done| json!({ "attributes": done.attributes.map(item), CONSUMED: consumed(done.consumed_capacity) }),
        ),
        Request::Delete(call) => told_with(
            calls.delete_item(call).await,
            refused_delete,
            |done| json!({ "attributes": done.attributes.map(item), CONSUMED: consumed(done.consumed_capacity) }),
        ),
        Request::BatchWrite(call) => told(calls.batch_write_item(call).await, |done| {
            assert_eq!(done.unprocessed_items, Some(HashMap::new()));
            json!({ CONSUMED: consumed(done.consumed_capacity.into_iter().flatten()) })
        }),
        Request::Transact(call) => told_with(
            calls.transact_write_items(call).await,
            canceled,
            |done| json!({ CONSUMED: consumed(done.consumed_capacity.into_iter().flatten()) }),
        ),
        _ => unreachable!("a read"),
    }
}

fn told<O, E: ProvideErrorMetadata + std::error::Error + 'static>(
    answer: Result<O, SdkError<E>>,
    show: impl Fn(O) -> Value,
) -> Value {
    told_with(answer, |_| Value::Null, show)
}

fn told_with<O, E: ProvideErrorMetadata + std::error::Error + 'static>(
    answer: Result<O, SdkError<E>>,
    more: impl Fn(&E) -> Value,
    show: impl Fn(O) -> Value,
) -> Value {
    match answer {
        Ok(answer) => json!({ "ok": show(answer) }),
        Err(SdkError::ServiceError(refused)) => {
            let (status, error) = (refused.raw().status().as_u16(), refused.err());
            json!({ "code": error.code(), "words": error.message(), "status": status, "more": more(error) })
        }
        Err(SdkError::DispatchFailure(failed)) => json!({ "connection lost": failed.is_io() }),
        Err(SdkError::ConstructionFailure(_)) => json!("no such request"),
        Err(other) => {
            panic!("{}", std::error::Error::source(&other).map_or(String::new(), ToString::to_string))
        }
    }
}

fn refused_put(error: &PutItemError) -> Value {
    match error {
        PutItemError::ConditionalCheckFailedException(failed) => json!(failed.item().cloned().map(item)),
        other => json!(format!("{other}")),
    }
}

fn refused_update(error: &UpdateItemError) -> Value {
    match error {
        UpdateItemError::ConditionalCheckFailedException(failed) => json!(failed.item().cloned().map(item)),
        other => json!(format!("{other}")),
    }
}

fn refused_delete(error: &DeleteItemError) -> Value {
    match error {
        DeleteItemError::ConditionalCheckFailedException(failed) => json!(failed.item().cloned().map(item)),
        other => json!(format!("{other}")),
    }
}

fn canceled(error: &TransactWriteItemsError) -> Value {
    let TransactWriteItemsError::TransactionCanceledException(canceled) = error else {
        return json!(format!("{error}"));
    };
    let reasons = canceled.cancellation_reasons().iter();
    reasons.map(|reason| json!([reason.code, reason.message, reason.item().cloned().map(item)])).collect()
}

fn item(item: Item) -> Value {
    let values = item.into_iter().map(|(name, value)| (name, plain(value)));
    json!(values.collect::<BTreeMap<String, Value>>())
}

fn items(items: Vec<Item>) -> Value {
    items.into_iter().map(item).collect()
}

fn tables(tables: Option<HashMap<String, Vec<Item>>>) -> Value {
    let sorted = |mut found: Vec<Item>| {
        found.sort_by_key(|it| format!("{:?}", item(it.clone())));
        items(found)
    };
    let tables = tables.map(|tables| tables.into_iter().map(|(table, found)| (table, sorted(found))));
    json!(tables.map(Iterator::collect::<BTreeMap<String, Value>>))
}

fn rest(tables: Option<HashMap<String, KeysAndAttributes>>) -> Value {
    let tables = tables.map(|tables| tables.into_iter().map(|(table, keys)| (table, items(keys.keys))));
    json!(tables.map(Iterator::collect::<BTreeMap<String, Value>>))
}

fn plain(value: AttributeValue) -> Value {
    fn set(mut all: Vec<String>) -> Value {
        all.sort();
        json!(all)
    }
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::B(bytes) => json!({ "B": bytes.into_inner() }),
        AttributeValue::Bool(is) => json!({ "BOOL": is }),
        AttributeValue::Null(is) => json!({ "NULL": is }),
        AttributeValue::Ss(texts) => json!({ "SS": set(texts) }),
        AttributeValue::Ns(numbers) => json!({ "NS": set(numbers) }),
        AttributeValue::Bs(all) => {
            json!({ "BS": set(all.iter().map(|bytes| format!("{bytes:?}")).collect()) })
        }
        AttributeValue::L(list) => json!({ "L": list.into_iter().map(plain).collect::<Vec<_>>() }),
        AttributeValue::M(map) => json!({ "M": item(map) }),
        other => json!(format!("{other:?}")),
    }
}

fn consumed(all: impl IntoIterator<Item = ConsumedCapacity>) -> Value {
    let mut all: Vec<ConsumedCapacity> = all.into_iter().collect();
    all.sort_by(|a, b| a.table_name.cmp(&b.table_name));
    let indexes = |one: &ConsumedCapacity| {
        let all = one.global_secondary_indexes().into_iter().flatten();
        all.map(|(index, capacity)| format!("{index} {capacity:?}"))
            .collect::<std::collections::BTreeSet<_>>()
    };
    let one = |one: &ConsumedCapacity| {
        let units = [one.capacity_units, one.read_capacity_units, one.write_capacity_units];
        json!([one.table_name, units, format!("{:?}", one.table), indexes(one)])
    };
    all.iter().map(one).collect()
}
