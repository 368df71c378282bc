//! The steps of a push ladder under whatever sweepers, streams and tables do: each once (P4).

use porchlight_engine::{Fault, Injection};
use serde_json::json;

use crate::house::{House, business, conversation, push};

const TEXTED: &str = "Nobody on the job opened this for 10 minutes: Luis and Marta got a text";
const TOLD: &str = "Nobody on the job opened this for 15 minutes: the office was told";

#[tokio::test]
async fn each_of_the_crew_is_texted_once_by_many_sweepers_and_records_that_come_again_p4() {
    let house = House::open().await;
    let text = house.maria_writes().await;
    house.sweep().await;
    assert!(house.texts().await.is_empty(), "not yet");
    let others: Vec<_> = (20..26).map(|seed| push(&house.tables, &house.clock, seed)).collect();
    let sweep = json!({ "schedule": "sweep" });
    house.pass(10);
    for expected in [vec![TEXTED], vec![TEXTED, TOLD], vec![TEXTED, TOLD]] {
        let swept = others.iter().map(|other| other.invoke(sweep.clone()));
        for answer in futures::future::join_all(swept).await {
            answer.expect("it sweeps");
        }
        house.told_of(text.seq).await;
        assert_eq!((house.told().await, house.texts().await.len()), (strings(&expected), 2));
        house.pass(5);
    }
    let ladder = house.store.ladder(&business(), &conversation()).await.expect("a read");
    assert!(!ladder.expect("it stays").stands());
}

#[tokio::test]
async fn a_message_while_a_ladder_stands_begins_no_second_one_and_one_after_it_does() {
    let house = House::open().await;
    house.maria_writes().await;
    house.pass(6);
    let second = house.maria_writes().await;
    house.pass(4);
    house.sweep().await;
    house.pass(5);
    house.sweep().await;
    assert_eq!(house.told().await, strings(&[TEXTED, TOLD]), "ten minutes after the first");
    house.told_of(second.seq).await;
    house.pass(20);
    house.sweep().await;
    assert_eq!(house.texts().await.len(), 2, "its record came again");
    house.maria_writes().await;
    house.pass(10);
    house.sweep().await;
    assert_eq!((house.texts().await.len(), house.told().await.len()), (4, 3));
}

#[tokio::test]
async fn an_answer_that_is_lost_or_a_sweeper_that_dies_doubles_and_loses_nothing_p4() {
    let house = House::open().await;
    house.maria_writes().await;
    house.pass(10);
    // Written, and nobody hears of it.
    let lost = Injection::next(Fault::AnswerLost).operation("TransactWriteItems").times(4);
    house.tables.faults.inject(lost);
    house.sweep().await;
    assert_eq!((house.told().await, house.texts().await.len()), (strings(&[TEXTED]), 2));
    // The thread says that the office was told, and whoever was to wake it dies.
    house.pass(5);
    let dies = Injection::next(Fault::InternalError).operation("Query").table("porchlight-data-directory");
    house.tables.faults.inject(dies.after(QUERIES_OF_A_STEP).times(100));
    house.sweep().await;
    assert_eq!(house.told().await, strings(&[TEXTED, TOLD]));
    assert!(stands(&house).await, "the office is still to be woken");
    house.tables.faults.clear();
    house.pass(1);
    house.sweep().await;
    assert!(!stands(&house).await);
    assert_eq!((house.told().await, house.texts().await.len()), (strings(&[TEXTED, TOLD]), 2));
}

#[tokio::test]
async fn what_others_write_in_the_same_instant_is_read_again() {
    let house = House::open().await;
    house.maria_writes().await;
    house.pass(10);
    let conflict = Injection::next(Fault::TransactionConflict).operation("TransactWriteItems").times(6);
    house.tables.faults.inject(conflict);
    house.sweep().await;
    assert_eq!((house.told().await, house.texts().await.len()), (strings(&[TEXTED]), 2));
}

/// Queries of the directory with which a step is judged: the contact point, participants, jobs, crew.
const QUERIES_OF_A_STEP: usize = 4;

async fn stands(house: &House) -> bool {
    let ladder = house.store.ladder(&business(), &conversation()).await.expect("a read");
    ladder.is_some_and(|ladder| ladder.stands())
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
