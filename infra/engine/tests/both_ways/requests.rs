//! Requests of every kind that the store makes, and such as nobody should make.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::batch_get_item::builders::BatchGetItemInputBuilder;
use aws_sdk_dynamodb::operation::batch_write_item::BatchWriteItemInput;
use aws_sdk_dynamodb::operation::batch_write_item::builders::BatchWriteItemInputBuilder;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemInput;
use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemInputBuilder;
use aws_sdk_dynamodb::operation::get_item::builders::GetItemInputBuilder;
use aws_sdk_dynamodb::operation::put_item::PutItemInput;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder;
use aws_sdk_dynamodb::operation::query::builders::QueryInputBuilder;
use aws_sdk_dynamodb::operation::scan::builders::ScanInputBuilder;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsInput;
use aws_sdk_dynamodb::operation::transact_write_items::builders::TransactWriteItemsInputBuilder;
use aws_sdk_dynamodb::operation::update_item::UpdateItemInput;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemInputBuilder;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, Delete, DeleteRequest, Put, PutRequest, ReturnConsumedCapacity,
    ReturnValue, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update, WriteRequest,
};
use porchlight_engine::testing::TestTables;
use proptest::collection::{hash_map, hash_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

mod reads;

use reads::{batch_get, get, query, scan};

type Item = HashMap<String, AttributeValue>;

/// The tables that are asked of; both have a stream and an index by what is due.
pub const TABLES: [&str; 2] = ["messages", "conversations"];

#[derive(Clone, Debug)]
pub enum Request {
    Get(GetItemInputBuilder),
    BatchGet(BatchGetItemInputBuilder),
    Query(QueryInputBuilder),
    Scan(ScanInputBuilder),
    Put(PutItemInputBuilder),
    Update(UpdateItemInputBuilder),
    Delete(DeleteItemInputBuilder),
    BatchWrite(BatchWriteItemInputBuilder),
    Transact(TransactWriteItemsInputBuilder),
}

/// Enough of them on few enough items to meet each other.
pub fn requests() -> impl Strategy<Value = Vec<Request>> {
    let one = prop_oneof![
        4 => put(),
        4 => update(),
        2 => delete(),
        3 => transaction(),
        2 => batch_write(),
        2 => get(),
        2 => batch_get(),
        4 => query(),
        1 => scan(),
    ];
    vec(one, 1..24)
}

/// Now and then a table that there is none of.
fn table() -> impl Strategy<Value = String> {
    let known = select(&TABLES[..]).prop_map(TestTables::name);
    prop_oneof![40 => known, 1 => Just("nowhere".to_owned())]
}

fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

fn key() -> impl Strategy<Value = Item> {
    let key = (select(vec!["a", "b"]), 0..4_u8);
    let key =
        key.prop_map(|(pk, sk)| Item::from([("pk".into(), text(pk)), ("sk".into(), text(format!("S{sk}")))]));
    let strange = (value(), value()).prop_map(|(pk, sk)| Item::from([("pk".into(), pk), ("sk".into(), sk)]));
    prop_oneof![30 => key, 1 => strange, 1 => Just(Item::new())]
}

fn number() -> impl Strategy<Value = String> {
    let strange = ["-0", "007", "1.50", "1e3", "99999999999999999999999999999999999999"];
    prop_oneof![8 => (-20..200_i64).prop_map(|n| n.to_string()), 1 => select(strange.map(str::to_owned).to_vec())]
}

fn value() -> impl Strategy<Value = AttributeValue> {
    let words = select(vec!["", "queued", "new", "Grüße 🏠", "water heater"]);
    let leaf = prop_oneof![
        4 => words.prop_map(text),
        4 => number().prop_map(AttributeValue::N),
        1 => any::<bool>().prop_map(AttributeValue::Bool),
        1 => Just(AttributeValue::Null(true)),
        1 => vec(any::<u8>(), 0..5).prop_map(|bytes| AttributeValue::B(Blob::new(bytes))),
        1 => hash_set("[a-z]{1,3}", 1..3).prop_map(|all| AttributeValue::Ss(all.into_iter().collect())),
        1 => hash_set(0..9_u8, 1..3).prop_map(|all| AttributeValue::Ns(all.iter().map(u8::to_string).collect())),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(AttributeValue::L),
            hash_map("[a-c]", inner, 0..3).prop_map(AttributeValue::M),
        ]
    })
}

fn item() -> impl Strategy<Value = Item> {
    let due = option::of((0..3_u8, 0..100_u32));
    (key(), hash_map(select(names()), value(), 0..4), due, number()).prop_map(|(key, more, due, n)| {
        let due = due.map(|(shard, at)| {
            [
                ("due_shard".to_owned(), text(format!("DUE#{shard}"))),
                ("due_at".to_owned(), text(format!("{at:03}"))),
            ]
        });
        let count = ("n".to_owned(), AttributeValue::N(n));
        key.into_iter().chain(more).chain(due.into_iter().flatten()).chain([count]).collect()
    })
}

fn names() -> Vec<String> {
    ["status", "version", "words", "list"].map(str::to_owned).to_vec()
}

/// A condition or an update, with the names and values that it uses and sometimes others.
#[derive(Clone, Debug)]
struct Expression {
    text: &'static str,
    names: Option<HashMap<String, String>>,
    values: Option<Item>,
}

fn expression(of: &'static [&'static str]) -> impl Strategy<Value = Expression> {
    let spoilt = prop_oneof![12 => Just(false), 1 => Just(true)];
    (select(of), value(), number(), spoilt).prop_map(|(text_of_it, value, n, spoilt)| {
        let uses = |placeholder: &str| text_of_it.contains(placeholder) != spoilt;
        let names = [("#s", "status"), ("#v", "version"), ("#l", "list")].into_iter();
        let names = names.filter(|(placeholder, _)| uses(placeholder));
        let names: HashMap<_, _> = names.map(|(p, name)| (p.to_owned(), name.to_owned())).collect();
        let values = [(":x", value), (":n", AttributeValue::N(n)), (":q", text("queued"))].into_iter();
        let values = values.filter(|(placeholder, _)| uses(placeholder));
        let values: Item = values.map(|(p, value)| (p.to_owned(), value)).collect();
        Expression {
            text: text_of_it,
            names: (!names.is_empty()).then_some(names),
            values: (!values.is_empty()).then_some(values),
        }
    })
}

const CONDITIONS: &[&str] = &[
    "attribute_not_exists(pk)",
    "attribute_exists(pk)",
    "attribute_not_exists(pk) OR #v = :n",
    "#v < :n AND attribute_exists(#s)",
    "contains(#l, :x) OR begins_with(#s, :q)",
    "#s IN (:q, :x)",
    "n BETWEEN :n AND :n",
    "size(#l) > :n",
    "NOT (#s = :q)",
    "attribute_type(#l, :q)",
    "#s = ",
    "",
];

const UPDATES: &[&str] = &[
    "SET #v = :n",
    "SET #v = if_not_exists(#v, :n) + :n, #s = :q",
    "SET #l = list_append(if_not_exists(#l, :x), :x)",
    "SET #s = :x REMOVE #l",
    "ADD #v :n",
    "ADD #l :x",
    "DELETE #l :x",
    "REMOVE #s, #l",
    "SET pk = :q",
    "SET due_shard = :q, due_at = :q",
    "SET #l[0] = :x",
    "SET nonsense",
];

fn condition() -> impl Strategy<Value = Option<Expression>> {
    option::of(expression(CONDITIONS))
}

fn capacity() -> impl Strategy<Value = Option<ReturnConsumedCapacity>> {
    use ReturnConsumedCapacity::{Indexes, None, Total};
    option::of(select(vec![Indexes, None, Total]))
}

fn on_failure() -> impl Strategy<Value = Option<ReturnValuesOnConditionCheckFailure>> {
    option::of(Just(ReturnValuesOnConditionCheckFailure::AllOld))
}

fn returned() -> impl Strategy<Value = Option<ReturnValue>> {
    use ReturnValue::{AllNew, AllOld, UpdatedNew, UpdatedOld};
    option::of(select(vec![AllNew, AllOld, UpdatedNew, UpdatedOld, ReturnValue::None]))
}

fn split(condition: Option<Expression>) -> (Option<String>, Option<HashMap<String, String>>, Option<Item>) {
    condition.map_or((None, None, None), |it| (Some(it.text.to_owned()), it.names, it.values))
}

fn put() -> impl Strategy<Value = Request> {
    (table(), item(), condition(), capacity(), on_failure(), returned()).prop_map(
        |(table, item, condition, capacity, on_failure, returned)| {
            let (text, names, values) = split(condition);
            Request::Put(
                PutItemInput::builder()
                    .table_name(table)
                    .set_item(Some(item))
                    .set_condition_expression(text)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .set_return_consumed_capacity(capacity)
                    .set_return_values(returned)
                    .set_return_values_on_condition_check_failure(on_failure),
            )
        },
    )
}

/// An update and its condition share names and values.
fn joined(update: Expression, condition: Option<Expression>) -> (Option<String>, Expression) {
    let (text, names, values) = split(condition);
    let joined = |a: Option<HashMap<String, String>>, b: Option<HashMap<String, String>>| {
        let all: HashMap<_, _> = a.into_iter().flatten().chain(b.into_iter().flatten()).collect();
        (!all.is_empty()).then_some(all)
    };
    let all: Item = update.values.into_iter().flatten().chain(values.into_iter().flatten()).collect();
    let values = (!all.is_empty()).then_some(all);
    (text, Expression { text: update.text, names: joined(update.names, names), values })
}

fn update() -> impl Strategy<Value = Request> {
    (table(), key(), expression(UPDATES), condition(), capacity(), on_failure(), returned()).prop_map(
        |(table, key, update, condition, capacity, on_failure, returned)| {
            let (condition, update) = joined(update, condition);
            Request::Update(
                UpdateItemInput::builder()
                    .table_name(table)
                    .set_key(Some(key))
                    .update_expression(update.text)
                    .set_condition_expression(condition)
                    .set_expression_attribute_names(update.names)
                    .set_expression_attribute_values(update.values)
                    .set_return_consumed_capacity(capacity)
                    .set_return_values(returned)
                    .set_return_values_on_condition_check_failure(on_failure),
            )
        },
    )
}

fn delete() -> impl Strategy<Value = Request> {
    (table(), key(), condition(), capacity(), on_failure(), returned()).prop_map(
        |(table, key, condition, capacity, on_failure, returned)| {
            let (text, names, values) = split(condition);
            Request::Delete(
                DeleteItemInput::builder()
                    .table_name(table)
                    .set_key(Some(key))
                    .set_condition_expression(text)
                    .set_expression_attribute_names(names)
                    .set_expression_attribute_values(values)
                    .set_return_consumed_capacity(capacity)
                    .set_return_values(returned)
                    .set_return_values_on_condition_check_failure(on_failure),
            )
        },
    )
}

fn part() -> impl Strategy<Value = TransactWriteItem> {
    let put =
        (table(), item(), condition(), on_failure()).prop_map(|(table, item, condition, on_failure)| {
            let (text, names, values) = split(condition);
            let put = Put::builder().table_name(table).set_item(Some(item)).set_condition_expression(text);
            let put = put.set_expression_attribute_names(names).set_expression_attribute_values(values);
            let put = put.set_return_values_on_condition_check_failure(on_failure).build().expect("a put");
            TransactWriteItem::builder().put(put).build()
        });
    let update =
        (table(), key(), expression(UPDATES), condition()).prop_map(|(table, key, update, condition)| {
            let (condition, all) = joined(update, condition);
            let update = Update::builder().table_name(table).set_key(Some(key)).update_expression(all.text);
            let update = update.set_condition_expression(condition).set_expression_attribute_names(all.names);
            let update = update.set_expression_attribute_values(all.values).build().expect("an update");
            TransactWriteItem::builder().update(update).build()
        });
    let delete = (table(), key(), condition()).prop_map(|(table, key, condition)| {
        let (text, names, values) = split(condition);
        let delete = Delete::builder().table_name(table).set_key(Some(key)).set_condition_expression(text);
        let delete = delete.set_expression_attribute_names(names).set_expression_attribute_values(values);
        TransactWriteItem::builder().delete(delete.build().expect("a delete")).build()
    });
    let check = (table(), key(), expression(CONDITIONS)).prop_map(|(table, key, condition)| {
        let check = ConditionCheck::builder().table_name(table).set_key(Some(key));
        let check =
            check.condition_expression(condition.text).set_expression_attribute_names(condition.names);
        let check = check.set_expression_attribute_values(condition.values).build().expect("a check");
        TransactWriteItem::builder().condition_check(check).build()
    });
    prop_oneof![4 => put, 3 => update, 1 => delete, 1 => check]
}

fn transaction() -> impl Strategy<Value = Request> {
    let token = option::weighted(0.1, select(vec!["one".to_owned(), "two".to_owned(), "t".repeat(40)]));
    (vec(part(), 0..4), capacity(), token).prop_map(|(parts, capacity, token)| {
        let call = TransactWriteItemsInput::builder().set_transact_items(Some(parts));
        Request::Transact(call.set_return_consumed_capacity(capacity).set_client_request_token(token))
    })
}

/// Of one table: which of two tables' mistakes is told is the maps' chance.
fn by_table<T: std::fmt::Debug + Clone + 'static>(
    of_one: impl Strategy<Value = T> + 'static,
) -> impl Strategy<Value = HashMap<String, T>> {
    hash_map(table(), of_one, 0..2)
}

fn batch_write() -> impl Strategy<Value = Request> {
    let put = item().prop_map(|item| {
        let put = PutRequest::builder().set_item(Some(item)).build().expect("a put");
        WriteRequest::builder().put_request(put).build()
    });
    let delete = key().prop_map(|key| {
        let delete = DeleteRequest::builder().set_key(Some(key)).build().expect("a delete");
        WriteRequest::builder().delete_request(delete).build()
    });
    let writes = vec(prop_oneof![3 => put, 1 => delete], 0..4);
    (by_table(writes), capacity()).prop_map(|(writes, capacity)| {
        let call = BatchWriteItemInput::builder().set_request_items(Some(writes));
        Request::BatchWrite(call.set_return_consumed_capacity(capacity))
    })
}
