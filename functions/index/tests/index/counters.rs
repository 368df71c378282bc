//! Counters (P10): whatever the streams bring, in whatever order and how often, the counters are the recount.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::join_all;
use porchlight_domain::contribution::{Change, Contribution};
use porchlight_domain::conversation::{Conversation, Filter};
use porchlight_domain::message::MessageKind;
use porchlight_domain::staff::Role;
use porchlight_engine::{Fault, Injection};
use porchlight_index::rebuild;
use porchlight_store::counters::Counters;
use porchlight_store::lists::{Assigned, ListQuery, Sort, Threads};
use porchlight_store::walks::Walk;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::house::{House, business, conversation, person, staff};
use crate::records;

/// The counters, counted from the facts alone.
async fn recount(house: &House) -> Counters {
    let people = house.store.staff_of(&business()).await.expect("staff");
    let office = people.iter().filter(|it| it.role.sees_everything() && it.disabled_at.is_none());
    let office: BTreeSet<_> = office.map(|person| person.id.clone()).collect();
    let (conversations, _) = house.store.scan_conversations(&business(), None).await.expect("a scan");
    let mut sum = Change::default();
    for it in conversations {
        let partition = house.store.conversation_partition(&business(), &it.id).await.expect("a read");
        let members = partition.members.iter().cloned().collect();
        let markers: BTreeMap<_, _> = partition.markers.into_iter().collect();
        let contribution = Contribution::of(&it, &office, &members, &markers);
        sum.add(&Change::between(&Contribution::default(), &contribution));
    }
    Counters { total: sum.total, attention: sum.attention, unread: sum.unread, internal: sum.internal }
}

async fn counters(house: &House) -> Counters {
    house.store.counters(&business()).await.expect("counters")
}

/// One of the things that happen.
async fn act(house: &House, thread: u64, act: u8) {
    match act {
        0..=2 => drop(house.say(thread, MessageKind::Customer, "the heater leaks again").await),
        3 => drop(house.say(thread, MessageKind::Staff, "we are on our way").await),
        4 if house.with(thread).await.seq > 0 => house.change(thread, Conversation::close).await,
        5 if house.with(thread).await.seq > 0 => house.change(thread, Conversation::settle).await,
        6 | 7 => look(house, thread, u128::from(act) - 5).await,
        8 => house.assign(thread, &staff(3)).await,
        9 => house.unassign(thread, &staff(3)).await,
        10 if house.with(thread).await.seq > 0 => house.block(thread).await,
        _ => {}
    }
}

/// Somebody looks at a thread.
async fn look(house: &House, thread: u64, who: u128) {
    let it = house.with(thread).await;
    let mut marker = house.store.read_marker(&business(), &it.id, &staff(who)).await.expect("a marker");
    marker.read(&it);
    let commit = house.store.commit(&business()).read_marker(&it.id, &staff(who), &mut marker);
    commit.run().await.expect("a look");
}

/// Batches as split shards and redrives bring them: cut, turned round, repeated, several at once.
async fn bring_in_disorder(house: &House, records: &[Value], cut: usize, repeat: bool) {
    let mut batches: Vec<Vec<Value>> = records.chunks(cut.max(1)).map(<[Value]>::to_vec).collect();
    batches.reverse();
    if repeat {
        batches.extend(batches.clone());
    }
    for at_once in batches.chunks(3) {
        join_all(at_once.iter().map(|batch| house.index.invoke(json!({ "Records": batch })))).await;
    }
}

pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10))]

    #[test]
    fn counters_are_the_recount_whatever_the_streams_do_p10(
        acts in proptest::collection::vec((1..4_u64, 0..11_u8), 1..16),
        cut in 1..7_usize,
        repeat: bool,
        seed: u64,
    ) {
        block_on(async {
            let house = House::open().await;
            for thread in 1..4 {
                house.move_in(thread, "Maria Santos").await;
            }
            let half = acts.len() / 2;
            for (n, (thread, it)) in acts.into_iter().enumerate() {
                act(&house, thread, it).await;
                if n == half {
                    let conflicts = Injection::one_in(4, seed, Fault::TransactionConflict);
                    house.tables.faults.inject(conflicts.operation("TransactWriteItems"));
                    bring_in_disorder(&house, &records(&house).await, cut, repeat).await;
                    house.tables.faults.clear();
                }
            }
            house.settle().await;
            assert_eq!(counters(&house).await, recount(&house).await);
            // A redrive of everything, a day later.
            bring_in_disorder(&house, &records(&house).await, cut, repeat).await;
            assert_eq!(counters(&house).await, recount(&house).await);
        });
    }
}

#[tokio::test]
async fn dropping_and_rebuilding_yields_the_same_counters_and_search_p10() {
    let house = House::open().await;
    house.move_in(1, "Maria Santos").await;
    house.assign(1, &staff(3)).await;
    for thread in 1..5 {
        house.say(thread, MessageKind::Customer, "my boiler drips").await;
    }
    house.change(2, Conversation::close).await;
    look(&house, 3, 1).await;
    house.settle().await;
    let before = counters(&house).await;
    assert_eq!((before.total, before.attention, before.unread_of(&staff(1))), (4, 3, 3));
    assert_eq!(before.unread_of(&staff(3)), 1, "the technician's own");
    let platform = house.platform("Index").with_dynamodb(|| std::sync::Arc::clone(&house.tables.calls));
    let rebuilt = rebuild(&platform, &business()).await.expect("a rebuild");
    assert_eq!(rebuilt.conversations, 4);
    assert_eq!(counters(&house).await, before);
    assert_eq!(recount(&house).await, before);
    assert_eq!(crate::search::found(&house, "boiler").await.len(), 4);
}

#[tokio::test]
async fn an_answer_lost_after_the_write_counts_once_p10() {
    let house = House::open().await;
    house.say(1, MessageKind::Customer, "hello").await;
    let lost = Injection::next(Fault::AnswerLost).operation("TransactWriteItems").times(3);
    house.tables.faults.inject(lost);
    house.settle().await;
    assert_eq!(counters(&house).await, recount(&house).await);
    assert_eq!(counters(&house).await.total, 1);
}

#[tokio::test]
async fn somebody_new_of_the_office_is_counted_for_and_one_who_left_is_not_p10() {
    let house = House::open().await;
    house.say(1, MessageKind::Customer, "hello").await;
    house.settle().await;
    house.store.put_staff(&person(5, Role::Admin)).await.expect("a person");
    let left =
        porchlight_domain::staff::Staff { disabled_at: Some(house.clock.now()), ..person(2, Role::Office) };
    house.store.put_staff(&left).await.expect("a person");
    house.settle().await;
    let now = counters(&house).await;
    assert_eq!(now, recount(&house).await);
    assert_eq!((now.unread_of(&staff(5)), now.unread_of(&staff(2))), (1, 0));
}

#[tokio::test]
async fn what_changes_no_counter_writes_none() {
    let house = House::open().await;
    house.say(1, MessageKind::Customer, "hello").await;
    house.settle().await;
    let applied = house.store.applied(&business(), &conversation(1)).await.expect("a read");
    house
        .tables
        .faults
        .inject(Injection::next(Fault::InternalError).operation("TransactWriteItems").times(1000));
    let again = records(&house).await;
    house.bring(&again).await;
    house.tables.faults.clear();
    assert_eq!(house.store.applied(&business(), &conversation(1)).await.expect("a read"), applied);
}

/// One page was walked when the invocation ended: the next minute goes on where it was left.
#[tokio::test]
async fn a_walk_for_a_new_colleague_goes_on_where_it_was_left_and_an_earlier_one_is_over() {
    let house = House::open().await;
    for thread in 1..=3 {
        house.say(thread, MessageKind::Customer, "the heater leaks").await;
    }
    house.settle().await;
    house.store.put_staff(&person(5, Role::Office)).await.expect("a new colleague");
    let query = ListQuery {
        business: business(),
        filter: Filter::All,
        sort: Sort::Recent,
        assigned: Assigned::Anyone,
        threads: Threads::All,
    };
    let first_page = house.store.list(&query, None, 1).await.expect("a page");
    let walk = |id: &str, from| Walk { business: business(), id: id.to_owned(), from };
    house.store.put_walk(&walk("1", None)).await.expect("a walk that was overtaken");
    house.store.put_walk(&walk("2", first_page.next)).await.expect("a walk");
    house.index.invoke(json!({ "schedule": "recount" })).await.expect("the minute");
    let counted = counters(&house).await.unread.get(&staff(5)).copied();
    assert_eq!(counted, Some(2), "the page before was walked already");
    assert_eq!(house.store.walks().await.expect("a read"), []);
}
