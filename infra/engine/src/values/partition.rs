//! Whole items of a partition in order, as the store asks for them, answered without the engine ([`Rows`]). Whatever is
//! written otherwise, filtered, cut or wrong is the engine's to answer.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::query::{QueryInput, QueryOutput};
use aws_sdk_dynamodb::types::AttributeValue;

use super::attributes::Item;
use super::{reads, stored, whole};
use crate::engine::{KeyNames, Range, Rows, Stored};

/// A page of more is cut by the engine, which counts less for the same items than they take here.
const MOST_BYTES: usize = 1 << 20;

/// What placeholders of names and of values begin with.
const NAME: char = '#';
const VALUE: char = ':';

/// The answer, where the request is plain.
pub(super) fn query(rows: &Rows, request: &QueryInput) -> Option<QueryOutput> {
    let (table, index) = (request.table_name.as_deref()?, request.index_name.as_deref());
    if !is_plain(request) {
        return None;
    }
    let limit = request.limit.and_then(|limit| usize::try_from(limit).ok());
    let (table_keys, keys) = (rows.keys_of(table, None)?, rows.keys_of(table, index)?);
    let (partition, range) = asked(request, &keys)?;
    let range = after_start(request, partition, range, &keys)?;
    let page = (is_backward(request), limit);
    let mut room = MOST_BYTES;
    let read = |stored: &Stored<'_>| {
        room = room.checked_sub(stored.len())?;
        stored::item(stored)
    };
    let items = rows.items((table, index, &keys), partition, &range, page, read).ok()?;
    let last = items.last().filter(|_| limit == Some(items.len()));
    let next = last.map(|last| key_of(last, [&keys, &table_keys]));
    let count = reads::counted(items.len());
    let answer = QueryOutput::builder().count(count).scanned_count(count).set_last_evaluated_key(next);
    Some(answer.set_items(Some(items)).build())
}

fn is_plain(request: &QueryInput) -> bool {
    let is_whole = request.filter_expression.is_none()
        && request.projection_expression.is_none()
        && request.select.is_none();
    let is_new = request.attributes_to_get.is_none()
        && request.key_conditions.is_none()
        && request.query_filter.is_none()
        && request.conditional_operator.is_none();
    // Of an index the engine refuses the one, and goes on with the other after four keys.
    let is_simple = request.index_name.is_none()
        || (request.consistent_read != Some(true) && request.exclusive_start_key.is_none());
    let is_page = request.limit.is_none_or(|limit| limit > 0);
    is_whole && is_new && is_simple && is_page && whole::is_free(request.return_consumed_capacity.as_ref())
}

/// The partition, and which of it. Names are all written with `#`: of others some are reserved.
fn asked<'r>(request: &'r QueryInput, keys: &KeyNames) -> Option<(&'r str, Range)> {
    let condition = request.key_condition_expression.as_deref()?;
    let (of, sorted) = condition.split_once(" AND ").map_or((condition, None), |(of, by)| (of, Some(by)));
    let given = Given {
        names: request.expression_attribute_names.as_ref()?,
        values: request.expression_attribute_values.as_ref()?,
    };
    let (_, partition) = of.split_once(" = ").filter(|(name, _)| given.is(name, &keys.partition))?;
    let range = sorted.map_or(Some(Range::default()), |sorted| given.range(sorted, &keys.sort))?;
    // Whatever is given is used, and once.
    let used = condition.matches([NAME, VALUE]).count();
    let is_all = used == given.names.len() + given.values.len();
    Some((given.text(partition).filter(|_| is_all)?, range))
}

/// What the placeholders of a condition stand for.
struct Given<'r> {
    names: &'r HashMap<String, String>,
    values: &'r HashMap<String, AttributeValue>,
}

impl<'r> Given<'r> {
    fn is(&self, name: &str, key: &str) -> bool {
        is_placeholder(name, NAME) && self.names.get(name).is_some_and(|named| named == key)
    }

    fn text(&self, value: &str) -> Option<&'r str> {
        match self.values.get(value).filter(|_| is_placeholder(value, VALUE)) {
            Some(AttributeValue::S(text)) => whole::is_key(text).then_some(text.as_str()),
            _ => None,
        }
    }

    fn range(&self, condition: &str, key: &str) -> Option<Range> {
        let prefix = condition.strip_prefix("begins_with(").and_then(|rest| rest.strip_suffix(')'));
        if let Some((name, prefix)) = prefix.and_then(|prefix| prefix.split_once(", ")) {
            return Range::beginning_with(self.text(prefix).filter(|_| self.is(name, key))?);
        }
        let words: Vec<&str> = condition.split(' ').collect();
        let (_, words) = words.split_first().filter(|(name, _)| self.is(name, key))?;
        match words {
            ["BETWEEN", low, "AND", high] => Range::between(self.text(low)?, self.text(high)?),
            [compared, bound] => Range::compared(compared, self.text(bound)?),
            _ => None,
        }
    }
}

fn is_placeholder(word: &str, mark: char) -> bool {
    let rest = word.strip_prefix(mark).unwrap_or_default();
    !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// What of it comes after the item that the last page ended with.
fn after_start(request: &QueryInput, partition: &str, range: Range, keys: &KeyNames) -> Option<Range> {
    let Some(start) = &request.exclusive_start_key else { return Some(range) };
    let (of, at) = whole::key(keys, start)?;
    let is_in_it = of == partition && range.contains(at);
    is_in_it.then(|| range.after(at, is_backward(request)))
}

fn is_backward(request: &QueryInput) -> bool {
    request.scan_index_forward == Some(false)
}

fn key_of(item: &Item, keys: [&KeyNames; 2]) -> Item {
    let names = keys.into_iter().flat_map(|keys| [&keys.partition, &keys.sort]);
    names.filter_map(|name| Some((name.clone(), item.get(name)?.clone()))).collect()
}
