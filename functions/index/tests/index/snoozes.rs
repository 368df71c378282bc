//! Snoozes end at their time, once, whatever dies meanwhile.

use std::time::Duration;

use porchlight_domain::conversation::{AttentionReason, Conversation};
use porchlight_engine::{Fault, Injection};
use serde_json::json;

use crate::house::{House, business};

/// A conversation that is put off for so long.
async fn snoozed(house: &House, n: u64, wait: Duration) -> Conversation {
    let mut conversation = house.with(n).await;
    conversation.snooze(house.clock.now() + wait);
    house.store.commit(&business()).conversation(&mut conversation).run().await.expect("written");
    conversation
}

async fn sweep(house: &House) -> bool {
    house.index.invoke(json!({ "schedule": "snoozes" })).await.is_ok()
}

#[tokio::test]
async fn a_snooze_ends_at_its_time_and_needs_a_person() {
    let house = House::open().await;
    snoozed(&house, 1, Duration::from_hours(3)).await;
    house.clock.advance(Duration::from_hours(3) - Duration::from_millis(1));
    assert!(sweep(&house).await);
    assert!(house.with(1).await.snoozed_until.is_some());
    house.clock.advance(Duration::from_millis(1));
    assert!(sweep(&house).await);
    let woken = house.with(1).await;
    assert_eq!(woken.attention.map(|it| it.reason), Some(AttentionReason::SnoozeEnded));
    let version = woken.version;
    assert!(sweep(&house).await);
    assert_eq!(house.with(1).await.version, version, "once");
    let events =
        house.store.events_from(&business(), woken.created_at, house.clock.now()).await.expect("events");
    assert_eq!(events.len(), 1, "told with it");
}

#[tokio::test]
async fn whatever_the_tables_do_every_snooze_that_is_due_ends_and_no_other() {
    let house = House::open().await;
    for n in 1..=12 {
        snoozed(&house, n, Duration::from_mins(n)).await;
    }
    for (every, fault) in [(3, Fault::AnswerLost), (4, Fault::TransactionConflict), (5, Fault::InternalError)]
    {
        house.tables.faults.inject(Injection::one_in(every, every, fault));
    }
    house.clock.advance(Duration::from_mins(6));
    for _ in 0..3 {
        sweep(&house).await;
    }
    house.tables.faults.clear();
    assert!(sweep(&house).await);
    for n in 1..=12 {
        let conversation = house.with(n).await;
        assert_eq!(conversation.snoozed_until.is_none(), n <= 6, "{n}");
        assert_eq!(conversation.attention.is_some(), n <= 6, "{n}");
    }
}
