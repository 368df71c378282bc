//! What is answered is flushed, and one flush serves many.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::task::JoinSet;

use super::*;
use crate::Access;

/// A store whose flushes are counted, and held up until the sender goes.
async fn with_flushes_held() -> (TempDir, TestTables, mpsc::Sender<()>, Arc<AtomicUsize>) {
    let (release, held) = mpsc::channel::<()>();
    let begun = Arc::<AtomicUsize>::default();
    let count = Arc::clone(&begun);
    let (folder, tables) = flushing(move |_, mut flush| {
        Box::new(move || {
            count.fetch_add(1, Ordering::SeqCst);
            held.recv().expect_err("nothing is sent");
            flush()
        })
    })
    .await;
    (folder, tables, release, begun)
}

async fn flushing(how: impl FnOnce(PathBuf, Flush) -> Flush) -> (TempDir, TestTables) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("porchlight.db");
    let wal = folder.path().join("porchlight.db-wal");
    let engine = Engine::open_with(&path, |flush| how(wal, flush)).expect("the file opens");
    (folder, TestTables::of(engine).await)
}

/// So many puts, each waiting for its answer.
fn puts(tables: &TestTables, count: u32) -> JoinSet<()> {
    let mut puts = JoinSet::new();
    for n in 0..count {
        let calls = Arc::clone(&tables.calls);
        puts.spawn(async move { drop(calls.put_item(put(&n.to_string(), n)).await.expect("a put")) });
    }
    puts
}

/// Until readers see so many items.
async fn until_seen(tables: &TestTables, count: i32) {
    let query = || {
        let query = QueryInput::builder().table_name(TestTables::name("messages"));
        query.key_condition_expression("pk = :pk").expression_attribute_values(":pk", text("b"))
    };
    let seen = async {
        while tables.calls.query(query()).await.expect("a query").count < count {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, seen).await.expect("all are committed");
}

#[tokio::test]
async fn answers_wait_for_a_flush_and_one_serves_many() {
    let (_folder, tables, release, flushes) = with_flushes_held().await;
    let mut puts = puts(&tables, 20);
    until_seen(&tables, 20).await;
    assert!(puts.try_join_next().is_none(), "none is answered");
    let mut settled = Box::pin(tables.engine.settled());
    assert!(look(&mut settled).await.is_pending(), "and whoever tells of them waits as well");
    drop(release);
    settled.await.expect("a flush");
    while puts.join_next().await.is_some() {}
    let flushes = flushes.load(Ordering::SeqCst);
    assert!(flushes <= 4, "{flushes} flushes for 20 writes");
    tables.engine.settled().await.expect("nothing to wait for");
}

#[tokio::test]
async fn what_wrote_nothing_and_what_can_be_derived_again_wait_for_no_flush() {
    let (_folder, tables, release, _) = with_flushes_held().await;
    let mut first = puts(&tables, 1);
    until_seen(&tables, 1).await;
    let none = put("0", 1).condition_expression("attribute_not_exists(pk)");
    let refused = tokio::time::timeout(PATIENCE, tables.calls.put_item(none)).await;
    refused.expect("at once").expect_err("it is there");
    let deriving = tables.engine.calls(Access { trails: true, ..Access::default() });
    let derived = tokio::time::timeout(PATIENCE, deriving.put_item(put("derived", 1))).await;
    derived.expect("at once").expect("a put");
    assert!(first.try_join_next().is_none(), "while others wait");
    drop(release);
    while first.join_next().await.is_some() {}
}

#[tokio::test]
async fn nobody_is_told_that_all_is_well_after_a_flush_that_failed() {
    let (_folder, tables) = flushing(|_, mut flush| {
        let mut first = true;
        Box::new(move || {
            if std::mem::take(&mut first) { Err(std::io::Error::other("the disk is full")) } else { flush() }
        })
    })
    .await;
    for n in 0..3 {
        tables.calls.put_item(put("x", n)).await.expect_err("it may be lost");
    }
    tables.engine.settled().await.expect_err("nor is what was read safe");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn before_each_answer_lies_a_flush_of_its_bytes() {
    let safe = Arc::<Mutex<HashSet<String>>>::default();
    let flushed = Arc::clone(&safe);
    let (_folder, tables) = flushing(move |wal, mut flush| {
        Box::new(move || {
            let bytes = std::fs::read(&wal)?;
            flush()?;
            let text = String::from_utf8_lossy(&bytes);
            let found = all().filter(|name| text.contains(name));
            flushed.lock().expect("a set").extend(found);
            Ok(())
        })
    })
    .await;
    let mut writers = JoinSet::new();
    for writer in 0..4 {
        let (calls, safe) = (Arc::clone(&tables.calls), Arc::clone(&safe));
        writers.spawn(async move {
            for n in 0..10 {
                let name = name(writer, n);
                calls.put_item(put(&name, n)).await.expect("a put");
                assert!(safe.lock().expect("a set").contains(&name), "{name} is answered and not flushed");
            }
        });
    }
    writers.join_all().await;
}

fn name(writer: u32, n: u32) -> String {
    format!("item {n} of writer {writer};")
}

fn all() -> impl Iterator<Item = String> {
    (0..4).flat_map(|writer| (0..10).map(move |n| name(writer, n)))
}
