//! What only shows from within: the writer held up while others go on.

use std::sync::mpsc;
use std::time::Duration;

use aws_sdk_dynamodb::operation::get_item::GetItemInput;
use aws_sdk_dynamodb::operation::put_item::PutItemInput;
use aws_sdk_dynamodb::operation::query::QueryInput;
use aws_sdk_dynamodb::operation::scan::ScanInput;
use aws_sdk_dynamodb::types::AttributeValue;
use tempfile::TempDir;

use super::*;

mod flushes;
mod packed;
use crate::testing::TestTables;

/// Longer than anything that does not wait for the writer takes.
const PATIENCE: Duration = Duration::from_secs(20);

async fn in_a_file() -> (TempDir, TestTables) {
    let folder = tempfile::tempdir().expect("a folder");
    let engine = Engine::open(&folder.path().join("porchlight.db")).expect("the file opens");
    (folder, TestTables::of(engine).await)
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn put(sk: &str, n: u32) -> aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder {
    let put = PutItemInput::builder().table_name(TestTables::name("messages")).item("pk", text("b"));
    put.item("sk", text(sk)).item("n", AttributeValue::N(n.to_string()))
}

fn get(sk: &str) -> aws_sdk_dynamodb::operation::get_item::builders::GetItemInputBuilder {
    let get = GetItemInput::builder().table_name(TestTables::name("messages")).key("pk", text("b"));
    get.key("sk", text(sk)).consistent_read(true)
}

/// Holds the writer up in the midst of a transaction, until the sender goes.
async fn hold_the_writer(engine: &Engine) -> mpsc::Sender<()> {
    let (release, held) = mpsc::channel::<()>();
    let (begun, has_begun) = oneshot::channel();
    let job: Job = Box::new(move |room: &mut Room| {
        room.side.connection.execute_batch("BEGIN IMMEDIATE").expect("a transaction");
        begun.send(()).expect("somebody waits");
        held.recv().expect_err("nothing is sent");
        room.side.connection.execute_batch("ROLLBACK").expect("its end");
    });
    engine.jobs.send(job).expect("the store runs");
    has_begun.await.expect("the writer is held up");
    release
}

#[tokio::test]
async fn readers_do_not_wait_for_the_writer() {
    let (_folder, tables) = in_a_file().await;
    let (engine, calls, table) = (&tables.engine, &tables.calls, TestTables::name("messages"));
    calls.put_item(put("x", 1)).await.expect("a put");
    let release = hold_the_writer(engine).await;
    let reads = async {
        assert!(calls.get_item(get("x")).await.expect("a read").item.is_some());
        let query = QueryInput::builder().table_name(&table).key_condition_expression("pk = :pk");
        let found = calls.query(query.expression_attribute_values(":pk", text("b"))).await;
        assert_eq!(found.expect("a query").count, 1);
        let found = calls.scan(ScanInput::builder().table_name(&table)).await;
        assert_eq!(found.expect("a scan").count, 1);
        assert_eq!(engine.records_after(&table, "0", 10).await.expect("a stream").len(), 1);
    };
    tokio::time::timeout(PATIENCE, reads).await.expect("all of them go on beside the writer");
    let mut write = calls.put_item(put("y", 1));
    assert!(look(&mut write).await.is_pending(), "writes wait");
    drop(release);
    write.await.expect("its turn comes");
}

/// One look at a future.
async fn look<F: Future + Unpin>(future: &mut F) -> std::task::Poll<F::Output> {
    std::future::poll_fn(|context| std::task::Poll::Ready(std::pin::Pin::new(&mut *future).poll(context)))
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_one_has_written_one_sees_at_once() {
    let (_folder, tables) = in_a_file().await;
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..4 {
        let calls = Arc::clone(&tables.calls);
        writers.spawn(async move {
            for n in 0..50 {
                let sk = writer.to_string();
                calls.put_item(put(&sk, n)).await.expect("a put");
                let seen = calls.get_item(get(&sk)).await.expect("a read").item.expect("the item");
                assert_eq!(seen["n"], AttributeValue::N(n.to_string()));
            }
        });
    }
    writers.join_all().await;
}

#[tokio::test]
async fn a_changed_table_is_read_as_it_now_is() {
    let (_folder, tables) = in_a_file().await;
    let (calls, table) = (&tables.calls, TestTables::name("derived"));
    let blue = PutItemInput::builder().table_name(&table).item("pk", text("b")).item("sk", text("x"));
    calls.put_item(blue.item("colour", text("blue"))).await.expect("a put");
    let query = || {
        let query = QueryInput::builder().table_name(&table).index_name("colours");
        query.key_condition_expression("colour = :c").expression_attribute_values(":c", text("blue"))
    };
    calls.query(query()).await.expect_err("there is no such index");
    let change = serde_json::json!({
        "TableName": table,
        "AttributeDefinitions": [{ "AttributeName": "colour", "AttributeType": "S" }],
        "GlobalSecondaryIndexUpdates": [{ "Create": {
            "IndexName": "colours",
            "KeySchema": [{ "AttributeName": "colour", "KeyType": "HASH" }],
            "Projection": { "ProjectionType": "ALL" },
        } }],
    });
    let changed = tables.engine.call("UpdateTable".to_owned(), change.to_string().into_bytes()).await;
    assert_eq!(changed.expect("a call").0, 200);
    assert_eq!(calls.query(query()).await.expect("there is one now").count, 1);
}
