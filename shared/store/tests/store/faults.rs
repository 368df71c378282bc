//! What real DynamoDB does and the engine hides: how it is told apart.

use porchlight_engine::testing::TestTables;
use porchlight_engine::{Fault, Injection};
use porchlight_store::{Store, StoreError};

use crate::support::{Way, at, business, conversation, on_both_ways_in, waiting};

on_both_ways_in!(
    contention_is_busy_and_not_a_conflict,
    a_lost_answer_of_a_transaction_is_made_good_under_its_token_p2,
    without_any_answer_the_write_may_have_been_done,
    throttling_is_waited_out_and_then_told,
);

async fn with_faults(way: Way) -> (TestTables, Store) {
    let test = TestTables::new().await;
    let store = way.on(&test);
    (test, store)
}

async fn contention_is_busy_and_not_a_conflict(way: Way) {
    let (test, store) = with_faults(way).await;
    test.faults.inject(Injection::next(Fault::TransactionConflict).operation("TransactWriteItems"));
    let error = store.commit(&business()).conversation(&mut conversation(1)).run().await;
    let error = error.expect_err("another transaction was there");
    assert!(matches!(error, StoreError::Busy { .. }), "{error:?}");
    assert!(error.is_transient() && !error.may_have_been_written());
    let stored = store.conversation(&business(), &conversation(1).id).await.expect("a read");
    assert_eq!(stored, None);
}

async fn a_lost_answer_of_a_transaction_is_made_good_under_its_token_p2(way: Way) {
    let (test, store) = with_faults(way).await;
    test.faults.inject(Injection::next(Fault::AnswerLost).operation("TransactWriteItems"));
    let thread = waiting(&store, 1, at(0)).await;
    assert_eq!(test.faults.struck(), 1);
    assert_eq!(store.conversation(&business(), &thread.id).await.expect("a read"), Some(thread));
}

async fn without_any_answer_the_write_may_have_been_done(way: Way) {
    let (test, store) = with_faults(way).await;
    test.faults.inject(Injection::next(Fault::AnswerLost).operation("TransactWriteItems").times(9));
    let error = store.commit(&business()).conversation(&mut conversation(1)).run().await;
    assert!(error.expect_err("no answer at all").may_have_been_written());
    let stored = store.conversation(&business(), &conversation(1).id).await.expect("a read");
    assert!(stored.is_some(), "and here it was");
}

async fn throttling_is_waited_out_and_then_told(way: Way) {
    let (test, store) = with_faults(way).await;
    test.faults.inject(Injection::next(Fault::Throttled).operation("GetItem").times(2));
    let read = store.conversation(&business(), &conversation(1).id).await;
    assert_eq!(read.expect("the third attempt"), None);
    test.faults.inject(Injection::next(Fault::Throttled).operation("GetItem").times(9));
    let error = store.conversation(&business(), &conversation(1).id).await.expect_err("no end");
    assert!(matches!(error, StoreError::Busy { .. }), "{error:?}");
}
