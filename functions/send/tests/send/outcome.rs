//! What each answer of the provider's leads to (PROTOCOLS §2, "Outcome").

use std::time::Duration;

use porchlight_domain::business::LineGroup;
use porchlight_domain::delivery::{Delivery, FailureClass, Local, Status};

use crate::support::{Kept, MARIA, World, phone};
use crate::twilio::{Behaviour, Twilio};

#[tokio::test]
async fn too_many_requests_are_posted_again_while_the_claim_lasts() {
    let world = World::new().await;
    world.twilio.will([Behaviour::TooMany(1)]);
    let message = world.queue("Hello").await;
    // The account's wait passes while the function waits to post again.
    let pass = async {
        let (started, mut told) = (std::time::Instant::now(), Duration::ZERO);
        while world.twilio.taken().is_empty() {
            tokio::task::yield_now().await;
            let passed =
                Duration::from_millis(u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX));
            world.clock.advance(passed.saturating_sub(told));
            told = passed;
        }
    };
    let woken = [&message];
    tokio::join!(world.wake(&woken), pass);
    assert_eq!(world.status(&message).await, Status::Sending);
    assert_eq!((world.twilio.posts().len(), world.twilio.taken().len()), (2, 1));
}

#[tokio::test]
async fn a_provider_that_asks_for_patience_gets_it_and_after_four_hours_a_person_knows() {
    let world = World::new().await;
    world.twilio.will([Behaviour::TooMany(60)]);
    let message = world.queue("Hello").await;
    world.wake(&[&message]).await;
    assert_eq!(world.status(&message).await, Status::Queued);
    world.sweep().await;
    assert_eq!(world.twilio.posts().len(), 1, "not before its time");
    world.clock.advance(Duration::from_mins(1));
    world.sweep().await;
    assert_eq!(world.twilio.taken(), ["Hello"]);

    world.twilio.will([Behaviour::TooMany(20_000), Behaviour::TooMany(60)]);
    let second = world.queue("Hello?").await;
    world.wake(&[&second]).await;
    world.clock.advance(Duration::from_hours(4));
    world.sweep().await;
    let error = world.now(&second).await.delivery().and_then(Delivery::error).expect("a reason");
    assert_eq!((error.class, error.code), (FailureClass::Congested, Some(20429)));
    assert_eq!(world.twilio.taken(), ["Hello"]);
}

#[tokio::test]
async fn a_refusal_fails_with_its_reason_and_marks_a_landline() {
    let world = World::new().await;
    world.twilio.will([Behaviour::Refuse(400, 30006)]);
    let message = world.queue("Hello").await;
    world.wake(&[&message]).await;
    let error = world.now(&message).await.delivery().and_then(Delivery::error).expect("a reason");
    assert_eq!((error.class, error.code), (FailureClass::CannotText, Some(30006)));
    let record = world.store.contact(&world.business, &phone(MARIA)).await.expect("a read");
    assert!(record.is_some_and(|record| record.cannot_text));
    assert!(world.thread(MARIA).await.cannot_text);
}

#[tokio::test]
async fn a_landline_is_marked_in_every_thread_with_its_number() {
    let world = World::new().await;
    let [here, there] = [&world.group, &world.entropy.ulid(world.clock.now()).into()]
        .map(|id| LineGroup { id: id.clone(), name: "Lines".to_owned() });
    for group in [&here, &there] {
        world.store.put_group(&world.business, group).await.expect("a group");
    }
    world.begin_thread_of(&there.id, MARIA).await.expect("a thread of the other lines");
    world.twilio.will([Behaviour::Refuse(400, 30006)]);
    let message = world.queue("Hello").await;
    world.wake(&[&message]).await;
    let threads = world.store.conversations_with(&world.business, &phone(MARIA)).await.expect("a read");
    assert_eq!(threads.iter().map(|thread| thread.cannot_text).collect::<Vec<_>>(), [true, true]);
}

#[tokio::test]
async fn a_landline_costs_one_post_and_what_waits_behind_it_none() {
    for code in [21211, 21614, 30005, 30006] {
        let world = World::new().await;
        world.twilio.will([Behaviour::Refuse(400, code)]);
        let (first, second) = (world.queue("one").await, world.queue("two").await);
        world.wake(&[&first, &second]).await;
        let error = world.now(&second).await.delivery().and_then(Delivery::error).expect("a reason");
        assert_eq!((error.class, error.code), (FailureClass::CannotText, None), "{code}");
        assert_eq!(world.twilio.posts().len(), 1, "{code}: nothing more was paid for");
        let record = world.store.contact(&world.business, &phone(MARIA)).await.expect("a read");
        let told = record.and_then(|record| record.told).map(|told| told.reason.code);
        assert_eq!(told, Some(Some(code)), "what the provider said stays, and not that we knew");
    }
}

#[tokio::test]
async fn once_a_person_tries_again_the_number_is_posted_to_and_an_old_failure_marks_it_no_more() {
    let world = World::new().await;
    let old = world.queue("old").await;
    world.wake(&[&old]).await;
    world.clock.advance(Duration::from_mins(1));
    let commit = world.store.commit(&world.business).reachable(&phone(MARIA), world.clock.now());
    commit.run().await.expect("a write");
    world.clock.advance(Duration::from_mins(20));
    world.twilio.set_outcome("undelivered", Some(30006));
    world.sweep().await;
    assert_eq!(world.status(&old).await, Status::Undelivered);
    assert!(!world.thread(MARIA).await.cannot_text, "it left before somebody said so");
    let new = world.queue("new").await;
    world.wake(&[&new]).await;
    assert_eq!(world.twilio.taken(), ["old", "new"]);
}

#[tokio::test]
async fn a_lost_answer_is_unknown_and_the_thread_goes_on_p4() {
    let world = World::new().await;
    world.twilio.will([Behaviour::TakeAndLoseAnswer]);
    let first = world.queue("one").await;
    let second = world.queue("two").await;
    world.wake(&[&first]).await;
    assert_eq!(world.status(&first).await, Status::Unknown);
    assert_eq!(world.status(&second).await, Status::Sending);
    assert_eq!(world.twilio.taken(), ["one", "two"]);
    world.sweep().await;
    assert_eq!(world.twilio.posts().len(), 2, "never a blind second POST");
}

#[tokio::test]
async fn a_sid_that_another_message_has_leaves_it_unknown_and_the_thread_goes_on_p4() {
    let world = World::new().await;
    let first = world.queue("one").await;
    world.wake(&[&first]).await;
    world.twilio.will([Behaviour::TakeAsTheFirst]);
    let (second, third) = (world.queue("two").await, world.queue("three").await);
    world.wake(&[&second]).await;
    assert_eq!(world.status(&first).await, Status::Sending);
    assert_eq!(world.status(&second).await, Status::Unknown);
    assert_eq!(world.status(&third).await, Status::Sending);
    assert_eq!(world.twilio.taken(), ["one", "two", "three"]);
}

#[tokio::test]
async fn an_account_that_takes_nothing_is_asked_less_and_less_and_by_one_message_at_a_time() {
    let world = World::new().await;
    world.twilio.will([Behaviour::TooMany(30); 100]);
    world.begin_thread("+12075550143").await.expect("another thread");
    let one = world.queue("one").await;
    world.wake(&[&one]).await;
    let other = world.queue_to("+12075550143", "other").await;
    world.wake(&[&other]).await;
    assert_eq!(world.twilio.posts().len(), 1, "the other waits without a post of its own");
    for _ in 0..13 {
        world.clock.advance(Duration::from_mins(1));
        world.sweep().await;
    }
    let posts = world.twilio.posts().len();
    assert!((4..=10).contains(&posts), "{posts} posts of two messages in a quarter of an hour");
    for message in [&one, &other] {
        assert_eq!(world.status(message).await, Status::Queued);
    }
}

#[tokio::test]
async fn without_an_account_it_fails_in_plain_words() {
    let world = World::new().await;
    world.safe.set(Kept::Nothing);
    let message = world.queue("Hello").await;
    world.wake(&[&message]).await;
    let error = world.now(&message).await.delivery().and_then(Delivery::error).expect("a reason");
    assert_eq!(error.class, FailureClass::Config);
}

#[tokio::test]
async fn while_the_account_cannot_be_read_it_waits() {
    let world = World::new().await;
    world.safe.set(Kept::OutOfReach);
    let message = world.queue("Hello").await;
    world.wake(&[&message]).await;
    let local = world.now(&message).await.delivery().expect("it goes out").local.clone();
    assert_eq!(local, Local::Queued { not_before: Some(world.clock.now() + Duration::from_mins(1)) });
    world.safe.set(Kept::Token);
    world.clock.advance(Duration::from_mins(1));
    world.sweep().await;
    assert_eq!(world.twilio.taken(), ["Hello"]);
}

#[tokio::test]
async fn nobody_at_the_other_end_is_certainly_not_accepted() {
    // A port that was free a moment ago, and where nobody listens.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("a bound port");
    drop(listener);
    let world = World::calling(Twilio::default(), format!("http://{address}")).await;
    let message = world.queue("Hello").await;
    // The claim's time passes while the function waits to post again.
    let pass = async {
        while world.status(&message).await != Status::Sending {
            tokio::task::yield_now().await;
        }
        world.clock.advance(Duration::from_secs(19));
    };
    let woken = [&message];
    tokio::join!(world.wake(&woken), pass);
    assert_eq!(world.status(&message).await, Status::Queued);
}
