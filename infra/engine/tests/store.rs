//! The embedded store behaves as the functions rely on, and its traps are closed.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::operation::put_item::{PutItemError, PutItemInput};
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use porchlight_engine::engine::Consumer;
use porchlight_engine::testing::TestTables;
use porchlight_engine::{Access, Engine, EngineError, Fault, Injection, Stack, Templates};

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn item(sk: &str) -> HashMap<String, AttributeValue> {
    HashMap::from([("pk".to_owned(), text("b")), ("sk".to_owned(), text(sk))])
}

async fn put(client: &Client, table: &str, item: HashMap<String, AttributeValue>) {
    client.put_item().table_name(table).set_item(Some(item)).send().await.expect("a put");
}

async fn query(client: &Client, table: &str, index: &str, key: &str, value: &str) -> usize {
    let query = client.query().table_name(table).index_name(index).key_condition_expression("#k = :v");
    let query = query.expression_attribute_names("#k", key).expression_attribute_values(":v", text(value));
    query.send().await.expect("a query").items().len()
}

async fn open(path: &Path, templates: &Templates) -> Engine {
    let engine = Engine::open(path).expect("the file opens");
    let tables =
        Stack::load(templates, &BTreeMap::new()).and_then(|stack| stack.tables()).expect("templates");
    engine.apply(tables).await.expect("tables");
    engine
}

#[tokio::test]
async fn an_index_added_to_the_template_serves_what_was_stored_before() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("porchlight.db");
    let templates = Templates::embedded();
    let engine = open(&path, &templates).await;
    let table = TestTables::name("derived");
    let mut stored = item("x");
    stored.insert("colour".to_owned(), text("blue"));
    put(&engine.client(Access::default()), &table, stored).await;
    drop(engine);

    let declared = "-derived\"\n      BillingMode: PAY_PER_REQUEST\n";
    let index = "      GlobalSecondaryIndexes:\n        - IndexName: colours\n          KeySchema: [{ AttributeName: colour, KeyType: HASH }]\n          Projection: { ProjectionType: ALL }\n";
    let mut changed = templates.clone();
    changed.data = changed.data.replace(declared, &format!("{declared}{index}"));
    let at = changed.data.find(index).expect("the index is in");
    let (before, after) = changed.data.split_at(at);
    let after = after.replacen(
        "AttributeDefinitions:\n",
        "AttributeDefinitions:\n        - { AttributeName: colour, AttributeType: S }\n",
        1,
    );
    changed.data = format!("{before}{after}");
    let engine = open(&path, &changed).await;
    let client = engine.client(Access::default());
    assert_eq!(query(&client, &table, "colours", "colour", "blue").await, 1);

    // And back: the index goes, the item stays.
    drop((client, engine));
    let engine = open(&path, &templates).await;
    let client = engine.client(Access::default());
    let found = client.get_item().table_name(&table).set_key(Some(item("x"))).send().await.expect("a get");
    assert!(found.item.is_some());
}

#[tokio::test]
async fn a_client_with_a_role_is_refused_what_the_role_lacks() {
    let tables = TestTables::new().await;
    let live = tables.client_of("Live");
    let table = TestTables::name("messages");
    let refused =
        live.put_item().table_name(&table).set_item(Some(item("x"))).send().await.expect_err("refused");
    assert_eq!(refused.code(), Some("AccessDeniedException"));

    let webhooks = tables.client_of("Webhooks");
    let allowed = Put::builder().table_name(&table).set_item(Some(item("x"))).build().expect("a put");
    let foreign = Put::builder().table_name(TestTables::name("derived")).set_item(Some(item("x"))).build();
    let transaction = webhooks.transact_write_items();
    let transaction = transaction.transact_items(TransactWriteItem::builder().put(allowed).build());
    let transaction =
        transaction.transact_items(TransactWriteItem::builder().put(foreign.expect("a put")).build());
    let refused = transaction.send().await.expect_err("one item of it is not allowed");
    assert_eq!(refused.code(), Some("AccessDeniedException"));
    let found =
        tables.client.get_item().table_name(&table).set_key(Some(item("x"))).send().await.expect("a get");
    assert!(found.item.is_none());
}

#[tokio::test]
async fn a_write_wakes_whoever_watches_its_table_and_a_refused_one_does_not() {
    let tables = TestTables::new().await;
    let table = TestTables::name("messages");
    let (mut watch, other) = (tables.engine.watch(&table), tables.engine.watch(&TestTables::name("events")));
    put(&tables.client, &table, item("x")).await;
    assert!(watch.has_changed().expect("the store runs"));
    watch.mark_unchanged();
    let again = tables.client.put_item().table_name(&table).set_item(Some(item("x")));
    again.condition_expression("attribute_not_exists(pk)").send().await.expect_err("it is there");
    assert!(!watch.has_changed().expect("the store runs"));
    assert!(!other.has_changed().expect("the store runs"));
}

#[tokio::test]
async fn stream_records_that_every_consumer_has_passed_are_deleted_and_numbers_go_on() {
    let tables = TestTables::new().await;
    let (engine, table) = (&tables.engine, TestTables::name("messages"));
    let consumer = |name: &str| Consumer { name: name.to_owned(), table: table.clone(), from_now_on: false };
    engine.register_consumers(vec![consumer("a"), consumer("b")]).await.expect("consumers");
    for number in 0..10 {
        put(&tables.client, &table, item(&number.to_string())).await;
    }
    let start = engine.position("a").await.expect("a position");
    let records = engine.records_after(&table, &start, 100).await.expect("records");
    assert_eq!(records.len(), 10);
    let number = |at: usize| records[at]["dynamodb"]["SequenceNumber"].as_str().expect("a number").to_owned();

    engine.advance("a", &table, &number(9)).await.expect("a moves on");
    assert_eq!(engine.records_after(&table, &start, 100).await.expect("records").len(), 10);
    engine.advance("b", &table, &number(4)).await.expect("b moves on");
    assert_eq!(engine.records_after(&table, &start, 100).await.expect("records").len(), 5);
    engine.advance("b", &table, &number(9)).await.expect("b moves on");
    let newest = engine.records_after(&table, &start, 100).await.expect("records");
    assert_eq!(newest.len(), 1, "the newest stays");

    put(&tables.client, &table, item("later")).await;
    let position = engine.position("b").await.expect("a position");
    assert_eq!(engine.records_after(&table, &position, 100).await.expect("records").len(), 1);
}

#[tokio::test]
async fn a_consumer_that_is_gone_from_the_template_holds_nothing_back() {
    let tables = TestTables::new().await;
    let (engine, table) = (&tables.engine, TestTables::name("messages"));
    let consumer = |name: &str| Consumer { name: name.to_owned(), table: table.clone(), from_now_on: false };
    engine.register_consumers(vec![consumer("stays"), consumer("goes")]).await.expect("consumers");
    for number in 0..3 {
        put(&tables.client, &table, item(&number.to_string())).await;
    }
    engine.register_consumers(vec![consumer("stays")]).await.expect("consumers");
    let start = engine.position("stays").await.expect("a position");
    let records = engine.records_after(&table, &start, 100).await.expect("records");
    let last = records[2]["dynamodb"]["SequenceNumber"].as_str().expect("a number");
    engine.advance("stays", &table, last).await.expect("it moves on");
    assert_eq!(engine.records_after(&table, &start, 100).await.expect("records").len(), 1);
}

#[tokio::test]
async fn what_has_expired_is_swept_and_what_has_not_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let engine = open(&folder.path().join("porchlight.db"), &Templates::embedded()).await;
    let client = engine.client(Access::default());
    let table = TestTables::name("events");
    let expired = format!("{}", SECONDS_LONG_AGO.max(seconds_of_this_file() - 3600));
    for (sk, at) in [("old", expired.as_str()), ("new", "99999999999")] {
        let mut expiring = item(sk);
        expiring.insert("expires_at".to_owned(), AttributeValue::N(at.to_owned()));
        put(&client, &table, expiring).await;
    }
    assert_eq!(engine.sweep_expired().await.expect("a sweep"), 1);
    let left = client.scan().table_name(&table).send().await.expect("a scan");
    assert_eq!(left.items()[0]["sk"], text("new"));
}

const SECONDS_LONG_AGO: u64 = 1_700_000_000;

/// A time in the last years, without reading a clock: an expiry that lies longer back is ignored.
fn seconds_of_this_file() -> u64 {
    let modified = std::fs::metadata(env!("CARGO_MANIFEST_DIR")).and_then(|metadata| metadata.modified());
    let since = modified.expect("a folder has a time").duration_since(std::time::UNIX_EPOCH);
    since.expect("the folder is younger than 1970").as_secs()
}

#[test]
fn a_damaged_file_is_refused_in_one_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("porchlight.db");
    std::fs::write(&path, vec![7; 8192]).expect("a file");
    let refused = Engine::open(&path).err().expect("no database");
    assert!(matches!(refused, EngineError::Unreadable { .. }), "{refused}");
    assert!(!refused.to_string().contains('\n'));
}

#[tokio::test]
async fn a_file_of_a_layout_we_do_not_know_is_left_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("porchlight.db");
    drop(open(&path, &Templates::embedded()).await);
    let connection = rusqlite::Connection::open(&path).expect("a connection");
    connection.execute("UPDATE _config SET value = '9' WHERE key = 'schema_version'", []).expect("an update");
    let refused = Engine::open(&path).err().expect("an old layout");
    assert!(matches!(refused, EngineError::UnknownSchema { .. }), "{refused}");
    let version: String = connection
        .query_row("SELECT value FROM _config WHERE key = 'schema_version'", [], |row| row.get(0))
        .expect("the version");
    assert_eq!(version, "9");
}

#[test]
fn a_new_connection_waits_for_the_disk() {
    // The engine sets nothing: its durability is SQLite's default, which this build must keep at FULL (2).
    let connection = rusqlite::Connection::open_in_memory().expect("a connection");
    let level: i64 = connection.query_row("PRAGMA synchronous", [], |row| row.get(0)).expect("a level");
    assert_eq!(level, 2);
}

#[tokio::test]
async fn a_throttled_request_is_tried_again_by_the_sdk() {
    let tables = TestTables::new().await;
    tables.faults.inject(Injection::next(Fault::Throttled).operation("PutItem").times(2));
    put(&tables.client, &TestTables::name("messages"), item("x")).await;
    assert_eq!(tables.faults.struck(), 2);
}

#[tokio::test]
async fn a_lost_answer_means_a_committed_write_and_a_second_attempt() {
    let tables = TestTables::new().await;
    let table = TestTables::name("messages");
    tables.faults.inject(Injection::next(Fault::AnswerLost).table(&table));
    let once = tables.client.put_item().table_name(&table).set_item(Some(item("x")));
    let refused =
        once.condition_expression("attribute_not_exists(pk)").send().await.expect_err("it is there");
    assert!(refused.as_service_error().is_some_and(PutItemError::is_conditional_check_failed_exception));
}

#[tokio::test]
async fn a_conflicting_transaction_is_canceled_with_its_reason() {
    let tables = TestTables::new().await;
    let table = TestTables::name("messages");
    tables.faults.inject(Injection::next(Fault::TransactionConflict));
    let write = Put::builder().table_name(&table).set_item(Some(item("x"))).build().expect("a put");
    let transaction = tables.client.transact_write_items();
    let transaction = transaction.transact_items(TransactWriteItem::builder().put(write).build());
    let canceled = transaction.send().await.expect_err("a conflict").into_service_error();
    let aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError::TransactionCanceledException(
        canceled,
    ) = canceled
    else {
        panic!("{canceled}")
    };
    assert_eq!(canceled.cancellation_reasons()[0].code(), Some("TransactionConflict"));
}

#[tokio::test]
async fn a_lagging_index_misses_the_last_writes_and_the_table_does_not() {
    let tables = TestTables::new().await;
    let table = TestTables::name("messages");
    tables.faults.lag_indexes(1);
    for sk in ["1", "2"] {
        let mut due = item(sk);
        due.insert("due_shard".to_owned(), text("DUE#0"));
        due.insert("due_at".to_owned(), text(sk));
        put(&tables.client, &table, due).await;
    }
    assert_eq!(query(&tables.client, &table, "due", "due_shard", "DUE#0").await, 1);
    tables.faults.lag_indexes(0);
    assert_eq!(query(&tables.client, &table, "due", "due_shard", "DUE#0").await, 2);
}

#[tokio::test]
async fn what_is_no_value_is_refused_by_both_ways_and_stored_by_neither() {
    let number = |n: &str| AttributeValue::N(n.to_owned());
    let wrong = [number("twelve"), number(""), number("1e200"), AttributeValue::Null(false)];
    let empty = [AttributeValue::Ss(Vec::new()), AttributeValue::Ns(vec!["x".to_owned()])];
    for value in wrong.into_iter().chain(empty) {
        let tables = TestTables::new().await;
        for nested in [value.clone(), AttributeValue::L(vec![value])] {
            let mut spoilt = item("x");
            spoilt.insert("status".to_owned(), nested);
            let put = PutItemInput::builder().table_name(TestTables::name("messages")).set_item(Some(spoilt));
            let by_values = tables.calls.put_item(put.clone()).await.expect_err("it is refused");
            let by_the_sdk = put.send_with(&tables.client).await.expect_err("it is refused");
            let codes = [by_values.code(), by_the_sdk.code()];
            assert_eq!(codes, [Some("ValidationException"); 2]);
        }
        let all = tables.client.scan().table_name(TestTables::name("messages")).send().await;
        assert_eq!(all.expect("a scan").count, 0);
    }
}
