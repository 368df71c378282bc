//! A third way: the same requests to moto, in which others have written down what they know of DynamoDB.
//!
//! Compared are answers (items, counts, where a page ended, what was left undone), errors (code, status, words, the item
//! that was there and, of a transaction, the reason for each part) and, in the end, whole tables. Capacity is not: moto
//! says one unit, or half of one, whatever was read or written. The two ways into the engine are compared with it.
//! [`differences`] names where moto is no DynamoDB, and where the engine is none.

mod differences;

use std::cell::{Cell, RefCell};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction};
use porchlight_calls::Calls;
use porchlight_engine::Stack;
use porchlight_engine::template::TableSpec;
use porchlight_engine::testing::TestTables;
use porchlight_tools::{project, python};
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;

use crate::answers::answer;
use crate::requests::{Request, TABLES, requests};
use crate::{cases, runtime, whole};
use differences::{Verdict, all_items, verdict};

#[test]
fn moto_gives_the_same_answers_and_keeps_the_same_tables() {
    let (moto, runtime) = (Moto::start(), runtime());
    let (compared, excused) = (Cell::new(0), Cell::new(0));
    // Few: each request goes through HTTP to Python. Always the same: a quirk of moto's that chance
    // finds some day stops nobody who has changed something else.
    let same_each_time = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let outcome = TestRunner::new_with_rng(cases(48), same_each_time).run(&requests(), |requests| {
        moto.begin_anew();
        let (same, known) = runtime.block_on(compare(&*moto.calls, requests));
        compared.set(compared.get() + same);
        excused.set(excused.get() + known);
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    let (compared, excused) = (compared.get(), excused.get());
    assert!(2 * compared > excused, "{compared} answers were the same, {excused} are known to differ");
}

/// How many answers were the same, and how many are known not to be. Once that has left other items in a table, nothing
/// that follows can be compared.
async fn compare(moto: &dyn Calls, requests: Vec<Request>) -> (usize, usize) {
    let engine = TestTables::new().await;
    let (mut same, mut known) = (0, 0);
    for request in requests {
        let ours = answer(&*engine.calls, request.clone()).await;
        let theirs = answer(moto, request.clone()).await;
        match verdict(&request, &ours, &theirs) {
            Verdict::Same => same += 1,
            Verdict::Known => {
                known += 1;
                if tables(&*engine.calls).await != tables(moto).await {
                    return (same, known);
                }
            }
            Verdict::Different(ours, theirs) => panic!("{request:?}\nwe: {ours:#}\nmoto: {theirs:#}"),
        }
    }
    assert_eq!(tables(&*engine.calls).await, tables(moto).await, "the tables in the end");
    (same, known)
}

async fn tables(calls: &dyn Calls) -> Vec<Value> {
    let mut tables = Vec::new();
    for table in TABLES {
        tables.push(all_items(whole(calls, table).await));
    }
    tables
}

/// A process of its own, which ends with this value.
struct Moto {
    process: Child,
    says: RefCell<BufReader<ChildStdout>>,
    calls: Arc<dyn Calls>,
}

impl Moto {
    fn start() -> Self {
        let mut command = Command::new(python().unwrap_or_else(|error| panic!("{error}")));
        command.arg(project().join("infra/engine/tests/both_ways/moto/aws.py"));
        let mut process =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("Python starts");
        let mut says = BufReader::new(process.stdout.take().expect("it was piped"));
        let calls = porchlight_calls::sdk(&client(next_line(&mut says).trim()));
        Self { process, says: RefCell::new(says), calls }
    }

    /// With empty tables.
    fn begin_anew(&self) {
        let tables = Stack::embedded().tables().expect("the embedded template declares tables");
        let asked = |name: &str| TABLES.iter().any(|short| TestTables::name(short) == name);
        let tables = tables.iter().filter(|table| asked(&table.name));
        let requests: Value = tables.map(TableSpec::create_request).collect();
        let mut hears = self.process.stdin.as_ref().expect("it was piped");
        writeln!(hears, "{requests}").expect("it listens");
        next_line(&mut self.says.borrow_mut());
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.process.kill().and_then(|()| self.process.wait()));
    }
}

fn next_line(says: &mut BufReader<ChildStdout>) -> String {
    let mut line = String::new();
    says.read_line(&mut line).expect("it speaks");
    assert!(!line.is_empty(), "moto ended; its words are above");
    line
}

fn client(address: &str) -> Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .retry_classifier(Once)
        .endpoint_url(address);
    Client::from_conf(config.build())
}

/// Nothing is asked twice: what moto fails at, it fails at again.
#[derive(Debug)]
struct Once;

impl ClassifyRetry for Once {
    fn classify_retry(&self, _: &InterceptorContext) -> RetryAction {
        RetryAction::RetryForbidden
    }

    fn name(&self) -> &'static str {
        "once"
    }
}
