//! Reads.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::batch_get_item::BatchGetItemInput;
use aws_sdk_dynamodb::operation::get_item::GetItemInput;
use aws_sdk_dynamodb::operation::query::QueryInput;
use aws_sdk_dynamodb::operation::scan::ScanInput;
use aws_sdk_dynamodb::types::KeysAndAttributes;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::{CONDITIONS, Request, by_table, capacity, expression, key, split, table, text};

fn projection() -> impl Strategy<Value = Option<String>> {
    option::weighted(
        0.2,
        select(vec!["n".to_owned(), "pk, words".to_owned(), "list[0]".to_owned(), String::new()]),
    )
}

pub fn get() -> impl Strategy<Value = Request> {
    (table(), key(), option::of(any::<bool>()), capacity(), projection()).prop_map(
        |(table, key, consistent, capacity, projection)| {
            let call =
                GetItemInput::builder().table_name(table).set_key(Some(key)).set_consistent_read(consistent);
            Request::Get(call.set_return_consumed_capacity(capacity).set_projection_expression(projection))
        },
    )
}

pub fn batch_get() -> impl Strategy<Value = Request> {
    let keys = (vec(key(), 0..5), option::of(any::<bool>()), projection());
    let keys = keys.prop_map(|(keys, consistent, projection)| {
        let keys = KeysAndAttributes::builder().set_keys(Some(keys)).set_consistent_read(consistent);
        keys.set_projection_expression(projection).build().expect("keys")
    });
    (by_table(keys), capacity()).prop_map(|(keys, capacity)| {
        let call = BatchGetItemInput::builder().set_request_items(Some(keys));
        Request::BatchGet(call.set_return_consumed_capacity(capacity))
    })
}

const KEY_CONDITIONS: &[(&str, Option<&str>)] = &[
    ("pk = :p", None),
    ("pk = :p AND begins_with(sk, :low)", None),
    ("pk = :p AND sk > :low", None),
    ("pk = :p AND sk <= :low", None),
    ("pk = :p AND sk BETWEEN :low AND :high", None),
    ("pk > :p", None),
    ("due_shard = :d", Some("due")),
    ("due_shard = :d AND due_at <= :at", Some("due")),
    ("due_shard = :d", Some("no-such-index")),
    ("#part = :p", None),
    ("#part = :p AND begins_with(#sort, :low)", None),
    ("#part = :p AND #sort = :low", None),
    ("#part = :p AND #sort > :low", None),
    ("#part = :p AND #sort >= :low", None),
    ("#part = :p AND #sort < :high", None),
    ("#part = :p AND #sort <= :high", None),
    ("#part = :p AND #sort BETWEEN :low AND :high", None),
    ("#part = :p AND #sort BETWEEN :low AND :low", None),
    ("#sort = :p", None),
    ("#part = :d", Some("due")),
    ("#part = :d AND #sort <= :at", Some("due")),
    ("#part = :d AND begins_with(#sort, :at)", Some("due")),
];

pub fn query() -> impl Strategy<Value = Request> {
    let what = (table(), select(KEY_CONDITIONS), select(vec!["a", "b", ""]), 0..3_u8);
    let filter = option::weighted(0.3, expression(CONDITIONS));
    let page = (option::weighted(0.5, -1..4_i32), option::of(any::<bool>()), option::weighted(0.2, key()));
    (what, filter, page, capacity(), any::<bool>()).prop_map(
        |(
            (table, (condition, index), partition, shard),
            filter,
            (limit, forward, from),
            capacity,
            consistent,
        )| {
            let (text_of_filter, names, values) = split(filter);
            let keys = if index.is_some() { ["due_shard", "due_at"] } else { ["pk", "sk"] };
            let keys = [("#part", keys[0]), ("#sort", keys[1])].into_iter();
            let keys = keys.filter(|(placeholder, _)| condition.contains(placeholder));
            let keys = keys.map(|(placeholder, key)| (placeholder.to_owned(), key.to_owned()));
            let names: HashMap<String, String> = names.into_iter().flatten().chain(keys).collect();
            let bounds = [(":p", partition), (":low", "S1"), (":high", "S2"), (":at", "050")];
            let shard = (":d".to_owned(), text(format!("DUE#{shard}")));
            let bounds = bounds.map(|(placeholder, bound)| (placeholder.to_owned(), text(bound)));
            let used =
                bounds.into_iter().chain([shard]).filter(|(placeholder, _)| condition.contains(placeholder));
            let call = QueryInput::builder()
                .table_name(table)
                .set_index_name(index.map(str::to_owned))
                .key_condition_expression(condition)
                .set_filter_expression(text_of_filter)
                .set_expression_attribute_names(Some(names).filter(|names| !names.is_empty()))
                .set_expression_attribute_values(Some(values.into_iter().flatten().chain(used).collect()))
                .set_limit(limit)
                .set_scan_index_forward(forward)
                .set_exclusive_start_key(from)
                .consistent_read(consistent)
                .set_return_consumed_capacity(capacity);
            Request::Query(call)
        },
    )
}

pub fn scan() -> impl Strategy<Value = Request> {
    let page =
        (option::of(0..5_i32), option::weighted(0.2, key()), option::weighted(0.3, expression(CONDITIONS)));
    let segments = option::weighted(0.2, (0..3_i32, 0..3_i32));
    (table(), page, capacity(), segments).prop_map(|(table, (limit, from, filter), capacity, segments)| {
        let (text, names, values) = split(filter);
        let call = ScanInput::builder()
            .table_name(table)
            .set_limit(limit)
            .set_exclusive_start_key(from)
            .set_filter_expression(text)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .set_segment(segments.map(|(segment, _)| segment))
            .set_total_segments(segments.map(|(_, all)| all))
            .set_return_consumed_capacity(capacity);
        Request::Scan(call)
    })
}
