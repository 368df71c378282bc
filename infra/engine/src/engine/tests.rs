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

/// How a table and its indexes lie in the file.
async fn laid(engine: &Engine, table: &str) -> Vec<String> {
    let table = table.to_owned();
    let look = move |room: &mut Room| {
        let made = "SELECT sql FROM sqlite_master WHERE type = 'table' AND substr(name, 1, length(?1)) = ?1";
        let mut statement = room.side.connection.prepare(made)?;
        statement.query_map([table], |row| row.get(0))?.collect::<rusqlite::Result<_>>()
    };
    engine.run(look).await.expect("the store runs").expect("a look")
}

#[tokio::test]
async fn a_table_of_small_items_that_was_made_before_is_laid_by_key_and_keeps_what_it_holds() {
    let folder = tempfile::tempdir().expect("a folder");
    let engine = Engine::open(&folder.path().join("porchlight.db")).expect("the file opens");
    let declared = crate::Stack::embedded().tables().expect("tables");
    let name = TestTables::name("directory");
    let mut spec = declared.into_iter().find(|spec| spec.name == name).expect("it is declared");
    spec.small_items = false;
    engine.apply(vec![spec.clone()]).await.expect("as it was made before");
    let calls = engine.calls(crate::Access::default());
    for n in 0..40 {
        let item = PutItemInput::builder().table_name(&name).item("pk", text(&format!("b{}", n % 2)));
        let item = item.item("sk", text(&format!("{n:02}"))).item("kind", text("k"));
        calls.put_item(item.item("kind_key", text(&format!("{:02}", 40 - n)))).await.expect("a put");
    }
    let whole = || calls.scan(ScanInput::builder().table_name(&name).index_name("directory_kind"));
    let before = whole().await.expect("a scan").items.expect("items");
    assert!(laid(&engine, &name).await.iter().all(|made| !made.contains("WITHOUT ROWID")));
    spec.small_items = true;
    for _ in 0..2 {
        engine.apply(vec![spec.clone()]).await.expect("laid by key, or so already");
        let laid = laid(&engine, &name).await;
        assert!(laid.len() >= 2 && laid.iter().all(|made| made.contains("WITHOUT ROWID")), "{laid:?}");
        assert_eq!(whole().await.expect("a scan").items.expect("items"), before);
    }
    let again = PutItemInput::builder().table_name(&name).item("pk", text("b0")).item("sk", text("00"));
    calls.put_item(again.item("kind", text("k")).item("kind_key", text("99"))).await.expect("a put");
    let query = QueryInput::builder().table_name(&name).index_name("directory_kind");
    let query = query.key_condition_expression("kind = :k AND kind_key > :n");
    let query =
        query.expression_attribute_values(":k", text("k")).expression_attribute_values(":n", text("39"));
    let found = calls.query(query).await.expect("a query").items.expect("items");
    assert_eq!(found.len(), 1, "what is put again is there once, under its new key: {found:?}");
    assert_eq!(engine.records_after(&name, "0", 100).await.expect("a stream").len(), 41);
}
