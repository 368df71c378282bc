//! Lost answers and lost callbacks are settled by evidence only (P4).

use std::time::Duration;

use porchlight_domain::delivery::Status;
use porchlight_domain::message::Message;
use serde_json::json;

use crate::support::{LINE, MARIA, World};
use crate::twilio::{Behaviour, Posted};

async fn unknown(world: &World, behaviour: Behaviour, text: &str) -> Message {
    world.twilio.will([behaviour]);
    let message = world.queue(text).await;
    world.wake(&[&message]).await;
    assert_eq!(world.status(&message).await, Status::Unknown);
    message
}

async fn a_minute_later(world: &World) {
    world.clock.advance(Duration::from_mins(1));
    assert!(world.sweep().await);
}

#[tokio::test]
async fn the_list_settles_an_unknown_that_was_taken_p4() {
    let world = World::new().await;
    let message = unknown(&world, Behaviour::TakeAndLoseAnswer, "We come **Tuesday**").await;
    a_minute_later(&world).await;
    let found = world.now(&message).await;
    assert_eq!(found.status(), Status::Sending);
    let sid = found.delivery().and_then(|delivery| delivery.sid()).expect("a SID").to_owned();
    let owner = world.store.sid_pointer(&world.business, &sid).await.expect("a read");
    assert_eq!(owner, Some((message.conversation.clone(), message.seq)));
    assert_eq!(world.twilio.posts().len(), 1);
}

#[tokio::test]
async fn the_list_of_the_line_that_it_left_from_is_asked_though_another_took_over_p4() {
    let world = World::new().await;
    let message = unknown(&world, Behaviour::TakeAndLoseAnswer, "On our way").await;
    world.put_line("+12075550101", None).await.expect("a new line");
    world.put_line(LINE, Some("+12075550101")).await.expect("its successor");
    a_minute_later(&world).await;
    assert_eq!(world.status(&message).await, Status::Sending);
}

#[tokio::test]
async fn absence_proves_nothing_and_a_person_decides_after_a_day_p4() {
    let world = World::new().await;
    let message = unknown(&world, Behaviour::LoseAll, "Hello").await;
    let mut asked = Vec::new();
    for minute in 1..=(25 * 60) {
        let before = world.twilio.reads();
        a_minute_later(&world).await;
        if world.twilio.reads() > before {
            asked.push(minute);
        }
    }
    assert_eq!(asked, [1, 5, 15, 60, 360, 1440]);
    let now = world.now(&message).await;
    assert_eq!(now.status(), Status::Unknown);
    assert!(now.delivery().is_some_and(|delivery| delivery.may_dismiss(world.clock.now())));
    assert_eq!(world.twilio.posts().len(), 1);
}

#[tokio::test]
async fn two_that_could_be_it_settle_nothing_p4() {
    let world = World::new().await;
    let message = unknown(&world, Behaviour::TakeAndLoseAnswer, "On our way").await;
    // Somebody wrote the same from Twilio's own console.
    let twin = Posted {
        to: MARIA.to_owned(),
        from: LINE.to_owned(),
        body: "On our way".to_owned(),
        status_callback: String::new(),
    };
    world.twilio.take(&twin);
    a_minute_later(&world).await;
    assert_eq!(world.status(&message).await, Status::Unknown);
}

#[tokio::test]
async fn the_same_words_that_another_message_owns_are_not_it_p4() {
    let world = World::new().await;
    let first = world.queue("On our way").await;
    world.wake(&[&first]).await;
    let second = unknown(&world, Behaviour::LoseAll, "On our way").await;
    a_minute_later(&world).await;
    assert_eq!(world.status(&second).await, Status::Unknown, "the one in the list is the first's");
    // The customer has the third, but nothing tells it from the second.
    let third = unknown(&world, Behaviour::TakeAndLoseAnswer, "On our way").await;
    a_minute_later(&world).await;
    assert_eq!(world.status(&second).await, Status::Unknown);
    assert_eq!(world.status(&third).await, Status::Unknown);
}

#[tokio::test]
async fn a_provider_out_of_reach_is_asked_again_every_minute() {
    let world = World::new().await;
    let message = unknown(&world, Behaviour::TakeAndLoseAnswer, "Hello").await;
    world.twilio.is_deaf(true);
    a_minute_later(&world).await;
    a_minute_later(&world).await;
    assert_eq!(world.status(&message).await, Status::Unknown);
    world.twilio.is_deaf(false);
    a_minute_later(&world).await;
    assert_eq!(world.status(&message).await, Status::Sending);
}

#[tokio::test]
async fn lost_callbacks_are_made_up_for_by_fetching() {
    let world = World::new().await;
    let message = world.queue("Hello").await;
    world.wake(&[&message]).await;
    world.twilio.set_status("sent");
    world.clock.advance(Duration::from_mins(14));
    world.sweep().await;
    assert_eq!(world.twilio.reads(), 0);
    a_minute_later(&world).await;
    assert_eq!(world.status(&message).await, Status::Sent);
    world.twilio.set_status("delivered");
    world.clock.advance(Duration::from_mins(44));
    world.sweep().await;
    assert_eq!(world.status(&message).await, Status::Sent);
    a_minute_later(&world).await;
    assert_eq!(world.status(&message).await, Status::Delivered);
    assert_eq!(world.twilio.reads(), 2);
    world.clock.advance(Duration::from_hours(48));
    world.sweep().await;
    world.clock.advance(Duration::from_hours(48));
    world.sweep().await;
    assert_eq!(world.twilio.reads(), 3, "what is final is fetched for what it cost, and at last no more");
}

async fn spent(world: &World) -> Vec<(u64, String)> {
    let thread = world.thread(MARIA).await;
    let cost = world.store.cost(&world.business, &thread.id).await.expect("a read");
    cost.into_iter().map(|price| (price.micros, price.currency)).collect()
}

#[tokio::test]
async fn a_price_that_comes_late_is_asked_for_and_counted_once_for_the_thread() {
    let world = World::new().await;
    let (one, two) = (world.queue("one").await, world.queue("two").await);
    world.wake(&[&one]).await;
    world.twilio.set_outcome("delivered", None);
    world.clock.advance(Duration::from_mins(15));
    world.sweep().await;
    a_minute_later(&world).await;
    assert_eq!(spent(&world).await, [], "it is null yet");
    world.twilio.set_price(&json!("-0.00790"));
    world.clock.advance(Duration::from_mins(15));
    world.sweep().await;
    assert_eq!(spent(&world).await, [(15_800, "USD".to_owned())]);
    let before = world.thread(MARIA).await.version;
    for _ in 0..30 {
        world.clock.advance(Duration::from_hours(1));
        world.sweep().await;
    }
    assert_eq!(spent(&world).await, [(15_800, "USD".to_owned())], "once");
    assert_eq!(world.thread(MARIA).await.version, before, "the row has nothing to tell of it");
    for message in [&one, &two] {
        let price = world.now(message).await.delivery().and_then(|delivery| delivery.price.clone());
        assert_eq!(price.map(|price| price.micros), Some(7_900));
    }
}

#[tokio::test]
async fn a_price_that_never_comes_is_asked_for_four_times() {
    let world = World::new().await;
    let message = world.queue("Hello").await;
    world.wake(&[&message]).await;
    world.twilio.set_outcome("undelivered", Some(30003));
    world.clock.advance(Duration::from_mins(15));
    world.sweep().await;
    let before = world.twilio.reads();
    for _ in 0..(26 * 60) {
        a_minute_later(&world).await;
    }
    assert_eq!(world.twilio.reads() - before, 4);
}
