//! Stream mappings run as the template says: filters, batches, failures, retries, dead letters, positions.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::common::{fixed, on, options, put, run, templates_with};
use porchlight_edge::{BoxError, Change, Function};
use porchlight_engine::Engine;
use porchlight_flows::eventually;
use porchlight_local::local::Running;
use tokio::sync::Barrier;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

const MESSAGES: &str = "porchlight-data-messages";
/// Well below the pump's fallback: what comes in this time was brought by a write.
const SOON: Duration = Duration::from_secs(3);

/// A function that tells each batch and then answers as `answer` says.
fn told(
    answer: impl Fn(&[Change]) -> Result<Vec<String>, BoxError> + Send + Sync + 'static,
) -> (Function, UnboundedReceiver<Vec<Change>>) {
    let (batches, told) = unbounded_channel();
    let answer = Arc::new(answer);
    let function = Function::new().stream(move |changes| {
        let (batches, answer) = (batches.clone(), Arc::clone(&answer));
        async move {
            let result = answer(&changes);
            let _ = batches.send(changes);
            result
        }
    });
    (function, told)
}

async fn queue(running: &Running, sk: &str) {
    put(running, MESSAGES, &[("pk", "b#CONV#c"), ("sk", sk), ("status", "queued")]).await;
}

async fn next(told: &mut UnboundedReceiver<Vec<Change>>) -> Vec<String> {
    let batch = tokio::time::timeout(SOON, told.recv()).await.expect("in time").expect("the function lives");
    batch.into_iter().map(|change| change.sk).collect()
}

async fn records_kept(running: &Running) -> i64 {
    let sizes = running.engine().sizes().await.expect("sizes");
    sizes.iter().find(|size| size.table == MESSAGES).map_or(0, |size| size.stream_records)
}

#[tokio::test]
async fn a_write_brings_its_record_at_once_and_the_filter_keeps_others_out() {
    let (function, mut batches) = told(|_| Ok(Vec::new()));
    let running = run(options(vec![("porchlight-send", fixed(function))])).await;
    put(&running, MESSAGES, &[("pk", "b#CONV#c"), ("sk", "MSG#0"), ("status", "received")]).await;
    queue(&running, "MSG#1").await;
    assert_eq!(next(&mut batches).await, ["MSG#1"]);
    running.stop().await;
}

#[tokio::test]
async fn a_filter_changed_in_the_template_is_followed() {
    let (function, mut batches) = told(|_| Ok(Vec::new()));
    let mut options = options(vec![("porchlight-send", fixed(function))]);
    options.templates = templates_with(&[(r#"{"S":["queued"]}"#, r#"{"S":[{"prefix":"rec"}]}"#)]);
    let running = run(options).await;
    queue(&running, "MSG#0").await;
    put(&running, MESSAGES, &[("pk", "b#CONV#c"), ("sk", "MSG#1"), ("status", "received")]).await;
    assert_eq!(next(&mut batches).await, ["MSG#1"]);
    running.stop().await;
}

#[tokio::test]
async fn records_written_while_nothing_ran_come_in_batches_of_the_size_the_template_says() {
    let engine = Engine::in_memory().expect("a store");
    let (first, _batches) = told(|_| Ok(Vec::new()));
    let running = run(on(engine.clone(), vec![("porchlight-send", fixed(first))])).await;
    running.stop().await;
    let writer = engine.client(porchlight_engine::Access::default());
    for number in 0..5 {
        let text = |value: &str| aws_sdk_dynamodb::types::AttributeValue::S(value.to_owned());
        let put = writer.put_item().table_name(MESSAGES).item("pk", text("b#CONV#c"));
        put.item("sk", text(&number.to_string())).item("status", text("queued")).send().await.expect("a put");
    }
    let (function, mut batches) = told(|_| Ok(Vec::new()));
    let mut options = on(engine, vec![("porchlight-send", fixed(function))]);
    options.templates = templates_with(&[("BatchSize: 10", "BatchSize: 2")]);
    let running = run(options).await;
    assert_eq!(next(&mut batches).await, ["0", "1"]);
    assert_eq!(next(&mut batches).await, ["2", "3"]);
    assert_eq!(next(&mut batches).await, ["4"]);
    running.stop().await;
}

#[tokio::test]
async fn a_partial_failure_is_tried_again_from_the_first_failed_record() {
    let engine = Engine::in_memory().expect("a store");
    let failed = Mutex::new(false);
    let (function, mut batches) = told(move |changes| {
        let mut failed = failed.lock().expect("nobody panicked");
        let third = changes.iter().find(|change| change.sk == "2" && !*failed);
        Ok(third
            .map(|change| {
                *failed = true;
                change.sequence_number.clone()
            })
            .into_iter()
            .collect())
    });
    let running = gated(&engine, function, &["BatchSize: 10"]).await;
    for sk in ["0", "1", "2", "3"] {
        queue(&running, sk).await;
    }
    let mut seen = Vec::new();
    while seen.last().map(String::as_str) != Some("3") || seen.iter().filter(|sk| *sk == "2").count() < 2 {
        seen.extend(next(&mut batches).await);
    }
    assert_eq!(
        seen.iter().filter(|sk| *sk == "0" || *sk == "1").count(),
        2,
        "what was done is not repeated: {seen:?}"
    );
    running.stop().await;
}

/// A machine whose template is the program's own, checked to say what the test relies on.
async fn gated(engine: &Engine, function: Function, says: &[&str]) -> Running {
    let mut options = on(engine.clone(), vec![("porchlight-send", fixed(function))]);
    options.templates = templates_with(&says.iter().map(|text| (*text, *text)).collect::<Vec<_>>());
    run(options).await
}

#[tokio::test]
async fn a_poisonous_record_is_isolated_by_halving_given_up_and_kept_as_a_dead_letter() {
    let attempts = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&attempts);
    let (function, mut batches) = told(move |changes| {
        if changes.iter().any(|change| change.sk == "poison") {
            if changes.len() == 1 {
                counted.fetch_add(1, Ordering::SeqCst);
            }
            return Err("poison".into());
        }
        Ok(Vec::new())
    });
    let running = run(options(vec![("porchlight-send", fixed(function))])).await;
    for sk in ["0", "poison", "2", "3"] {
        queue(&running, sk).await;
    }
    let engine = running.engine();
    eventually("a dead letter", async || {
        (engine.dead_letters().await.expect("letters").len() == 1).then_some(())
    })
    .await;
    queue(&running, "last").await;
    let mut good = Vec::new();
    while !good.contains(&"last".to_owned()) {
        let batch = next(&mut batches).await;
        if !batch.contains(&"poison".to_owned()) {
            good.extend(batch);
        }
    }
    assert_eq!(good, ["0", "2", "3", "last"]);
    assert_eq!(attempts.load(Ordering::SeqCst), 6, "once, and five times again");
    let letters = engine.dead_letters().await.expect("letters");
    assert_eq!((letters[0].consumer.as_str(), letters[0].records), ("Send/Queued", 1));
    assert_eq!(letters[0].reason, "RetryAttemptsExhausted");
    assert!(letters[0].queue.contains("SendDeadLetters"));
    assert_eq!(letters[0].first_sequence_number, letters[0].last_sequence_number);
    running.stop().await;
}

#[tokio::test]
async fn a_function_that_panics_or_hangs_is_a_failure_like_any_other() {
    let turn = Arc::new(AtomicUsize::new(0));
    let (told, mut heard) = unbounded_channel();
    let function = Function::new().stream(move |_| {
        let (turn, told) = (turn.fetch_add(1, Ordering::SeqCst), told.clone());
        async move {
            assert!(turn != 0, "the first attempt panics");
            if turn == 1 {
                std::future::pending::<()>().await;
            }
            let _ = told.send(turn);
            Ok(Vec::new())
        }
    });
    let mut options = options(vec![("porchlight-send", fixed(function))]);
    options.templates = templates_with(&[("SendLogs }\n      Timeout: 120", "SendLogs }\n      Timeout: 1")]);
    let running = run(options).await;
    queue(&running, "MSG#1").await;
    assert_eq!(tokio::time::timeout(SOON, heard.recv()).await, Ok(Some(2)));
    running.stop().await;
}

#[tokio::test]
async fn the_position_survives_a_restart_and_what_all_have_read_is_deleted() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("porchlight.db");
    for round in ["first", "second"] {
        let (function, mut batches) = told(|_| Ok(Vec::new()));
        let engine = Engine::open(&path).expect("the file opens");
        let running = run(on(engine, vec![("porchlight-send", fixed(function))])).await;
        queue(&running, round).await;
        assert_eq!(next(&mut batches).await, [round], "nothing comes twice");
        eventually("only the newest record is kept", async || {
            (records_kept(&running).await == 1).then_some(())
        })
        .await;
        running.stop().await;
    }
}

#[tokio::test]
async fn a_stream_is_read_on_after_the_store_refused_for_a_while() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("porchlight.db");
    let (function, mut batches) = told(|_| Ok(Vec::new()));
    let engine = Engine::open(&path).expect("the file opens");
    let running = run(on(engine, vec![("porchlight-send", fixed(function))])).await;
    queue(&running, "before").await;
    assert_eq!(next(&mut batches).await, ["before"]);
    let beside = rusqlite::Connection::open(&path).expect("the file opens");
    beside.busy_timeout(Duration::from_secs(10)).expect("a time");
    let rename = |from: &str, to: &str| {
        beside.execute_batch(&format!("ALTER TABLE {from} RENAME TO {to}")).expect("a change");
    };
    rename("_porchlight_positions", "elsewhere");
    queue(&running, "meanwhile").await;
    assert_eq!(next(&mut batches).await, ["meanwhile"]);
    rename("elsewhere", "_porchlight_positions");
    queue(&running, "afterwards").await;
    assert_eq!(next(&mut batches).await, ["afterwards"], "and nothing twice");
    eventually("a position that goes on", async || (records_kept(&running).await == 1).then_some(())).await;
    running.stop().await;
}

#[tokio::test]
async fn two_functions_read_one_stream_each_at_its_own_pace() {
    let (send, mut to_send) = told(|_| Ok(Vec::new()));
    let (push, mut to_push) = told(|_| Ok(Vec::new()));
    let running =
        run(options(vec![("porchlight-send", fixed(send)), ("porchlight-push", fixed(push))])).await;
    let item = [("pk", "b#CONV#c"), ("sk", "MSG#1"), ("status", "queued"), ("kind", "customer")];
    put(&running, MESSAGES, &item).await;
    assert_eq!(next(&mut to_send).await, ["MSG#1"]);
    assert_eq!(next(&mut to_push).await, ["MSG#1"]);
    running.stop().await;
}

#[tokio::test]
async fn a_function_whose_role_cannot_read_its_stream_does_not_start() {
    let mut options = options(Vec::new());
    options.templates = templates_with(&[]);
    let app = &mut options.templates.app;
    let at = app.find("  SendRole:\n").expect("the role");
    let role = app.split_off(at).replacen("\"dynamodb:GetRecords\", ", "", 1);
    app.push_str(&role);
    let refused = porchlight_local::local::start(options).await.err().expect("it is refused").to_string();
    assert!(refused.contains("dynamodb:GetRecords"), "{refused}");
}

#[tokio::test]
async fn records_of_one_partition_keep_their_order_until_shards_split() {
    let together = Arc::new(Barrier::new(2));
    let meet = Arc::clone(&together);
    let function = Function::new().stream(move |_| {
        let meet = Arc::clone(&meet);
        async move {
            meet.wait().await;
            Ok(Vec::new())
        }
    });
    let options = options(vec![("porchlight-send", fixed(function))]);
    options.faults.split_shards(true);
    let running = run(options).await;
    queue(&running, "0").await;
    queue(&running, "1").await;
    // Both are under way at once, or neither ends and the newest never is the only one.
    eventually("both were delivered", async || (records_kept(&running).await == 1).then_some(())).await;
    running.stop().await;
}

#[tokio::test]
async fn every_record_comes_twice_when_told() {
    let (function, mut batches) = told(|_| Ok(Vec::new()));
    let options = options(vec![("porchlight-send", fixed(function))]);
    options.faults.deliver_twice(true);
    let running = run(options).await;
    queue(&running, "0").await;
    let mut seen = Vec::new();
    while seen.len() < 2 {
        seen.extend(next(&mut batches).await);
    }
    assert_eq!(seen, ["0", "0"]);
    running.stop().await;
}
