//! By values or by the SDK over JSON: the same requests get the same answers and leave the same tables. And so they do
//! from moto ([`moto`]).

mod answers;
mod moto;
mod requests;

use aws_sdk_dynamodb::operation::scan::ScanInput;
use porchlight_calls::Calls;
use porchlight_engine::testing::TestTables;
use porchlight_engine::{Engine, Fault, Injection};
use proptest::prelude::*;
use serde_json::Value;

use answers::answer;
use requests::{Request, TABLES, requests};

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn the_same_requests_get_the_same_answers_and_leave_the_same_tables(requests in requests()) {
        run(both_ways(requests, None));
    }
}

proptest! {
    // Fewer: the SDK waits before it tries again, and a file is flushed.
    #![proptest_config(cases(24))]

    #[test]
    fn and_so_they_do_when_things_go_wrong(requests in requests(), seed in any::<u64>()) {
        run(both_ways(requests, Some(seed)));
    }

    #[test]
    fn and_so_they_do_in_a_file(requests in requests()) {
        run(in_a_file(requests));
    }
}

fn run(test: impl Future<Output = ()>) {
    runtime().block_on(test);
}

fn runtime() -> tokio::runtime::Runtime {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime")
}

async fn both_ways(requests: Vec<Request>, faults: Option<u64>) {
    compare(&TestTables::new().await, requests, faults).await;
}

/// A file has readers beside the writer.
async fn in_a_file(requests: Vec<Request>) {
    let folder = tempfile::tempdir().expect("a folder");
    let engine = Engine::open(&folder.path().join("porchlight.db")).expect("the file opens");
    compare(&TestTables::of(engine).await, requests, None).await;
}

async fn compare(by_values: &TestTables, requests: Vec<Request>, faults: Option<u64>) {
    let by_the_sdk = TestTables::new().await;
    let sdk = porchlight_calls::sdk(&by_the_sdk.client);
    if let Some(seed) = faults {
        spoil(by_values, seed);
        spoil(&by_the_sdk, seed);
    }
    for request in requests {
        let shown = format!("{request:?}");
        let values = answer(&*by_values.calls, request.clone()).await;
        assert_eq!(values, answer(&*sdk, request).await, "{shown}");
    }
    assert_eq!(by_values.faults.struck(), by_the_sdk.faults.struck());
    by_values.faults.clear();
    by_the_sdk.faults.clear();
    for table in TABLES {
        assert_eq!(whole(&*by_values.calls, table).await, whole(&*sdk, table).await, "{table}");
        assert_eq!(told(by_values, table).await, told(&by_the_sdk, table).await, "stream of {table}");
    }
}

/// The same requests are struck on both sides, few enough for each to come through in the end.
fn spoil(tables: &TestTables, seed: u64) {
    for (fault, every) in [
        (Fault::TransactionConflict, 13),
        (Fault::AnswerLost, 17),
        (Fault::Throttled, 19),
        (Fault::InternalError, 23),
    ] {
        tables.faults.inject(Injection::one_in(every, seed ^ every, fault));
    }
    tables.faults.lag_indexes(usize::try_from(seed % 3).expect("a small number"));
}

async fn whole(calls: &dyn Calls, table: &str) -> Value {
    answer(calls, Request::Scan(ScanInput::builder().table_name(TestTables::name(table)))).await
}

/// What the stream tells of each change, without its number and its time.
async fn told(tables: &TestTables, table: &str) -> Vec<Value> {
    let records = tables.engine.records_after(&TestTables::name(table), "0", 1000).await;
    let records = records.expect("a stream").into_iter().map(|record| {
        let change = &record["dynamodb"];
        serde_json::json!([record["eventName"], change["Keys"], change["NewImage"], change["OldImage"]])
    });
    records.collect()
}
