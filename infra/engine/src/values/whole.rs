//! Whole items by their keys: what nearly every call asks for, answered without the engine ([`Rows`]).

use std::collections::{HashMap, HashSet};

use aws_sdk_dynamodb::operation::batch_get_item::{BatchGetItemInput, BatchGetItemOutput};
use aws_sdk_dynamodb::operation::get_item::{GetItemInput, GetItemOutput};
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes, ReturnConsumedCapacity};

use super::attributes::Item;
use super::stored;
use crate::engine::{KeyNames, Rows, Stored};

/// A batch of more is refused, and one with more to answer is answered in parts: both the engine's.
const MOST_KEYS: usize = 100;
const MOST_BYTES: usize = 4 << 20;
/// Of a sort key; a longer one is refused by the engine.
const LONGEST: usize = 1024;

/// The answer, where the request is plain.
pub(super) fn get(rows: &Rows, request: &GetItemInput) -> Option<GetItemOutput> {
    let is_plain = request.projection_expression.is_none()
        && request.expression_attribute_names.is_none()
        && request.attributes_to_get.is_none()
        && is_free(request.return_consumed_capacity.as_ref());
    let table = request.table_name.as_deref().filter(|_| is_plain)?;
    let names = rows.keys_of(table, None)?;
    let key = key(&names, request.key.as_ref()?)?;
    let item = rows.item((table, &names), key, stored::item).ok()?;
    Some(GetItemOutput::builder().set_item(item).build())
}

/// The same for many.
pub(super) fn batch(rows: &Rows, request: &BatchGetItemInput) -> Option<BatchGetItemOutput> {
    let tables = request.request_items.as_ref().filter(|tables| !tables.is_empty())?;
    let keys: usize = tables.values().map(|of| of.keys.len()).sum();
    if keys > MOST_KEYS || !is_free(request.return_consumed_capacity.as_ref()) {
        return None;
    }
    let mut room = MOST_BYTES;
    let items =
        tables.iter().map(|(table, keys)| Some((table.clone(), items(rows, table, keys, &mut room)?)));
    let responses = rows.together(|| items.collect::<Option<HashMap<_, _>>>()).ok()??;
    let unprocessed = Some(HashMap::new());
    Some(
        BatchGetItemOutput::builder()
            .set_responses(Some(responses))
            .set_unprocessed_keys(unprocessed)
            .build(),
    )
}

fn items(rows: &Rows, table: &str, asked: &KeysAndAttributes, room: &mut usize) -> Option<Vec<Item>> {
    let is_plain = asked.projection_expression.is_none()
        && asked.expression_attribute_names.is_none()
        && asked.attributes_to_get.is_none()
        && !asked.keys.is_empty();
    let names = rows.keys_of(table, None).filter(|_| is_plain)?;
    let mut asked_for = HashSet::with_capacity(asked.keys.len());
    let mut items = Vec::with_capacity(asked.keys.len());
    for one in &asked.keys {
        let key = key(&names, one).filter(|key| asked_for.insert(*key))?;
        let read = |stored: &Stored<'_>| {
            *room = room.checked_sub(stored.len())?;
            stored::item(stored)
        };
        items.extend(rows.item((table, &names), key, read).ok()?);
    }
    Some(items)
}

/// A key of two texts, as the engine would take it.
pub(super) fn key<'k>(names: &KeyNames, key: &'k Item) -> Option<(&'k str, &'k str)> {
    let text = |name: &str| match key.get(name) {
        Some(AttributeValue::S(text)) if is_key(text) => Some(text.as_str()),
        _ => None,
    };
    (key.len() == 2).then_some((text(&names.partition)?, text(&names.sort)?))
}

/// Whether a part of a key may be such a text.
pub(super) fn is_key(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST
}

pub(super) fn is_free(consumed: Option<&ReturnConsumedCapacity>) -> bool {
    matches!(consumed, None | Some(ReturnConsumedCapacity::None))
}
