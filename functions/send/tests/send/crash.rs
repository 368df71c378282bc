//! An invocation may die anywhere: nothing is posted twice, nothing is forgotten (P4).

use std::time::Duration;

use porchlight_domain::delivery::{ClaimId, Delivery, Evidence, PostOutcome, ProviderStatus, Status};

use porchlight_domain::message::Message;
use porchlight_engine::{Fault, Injection};

use crate::support::World;
use crate::twilio::Behaviour;

#[tokio::test]
async fn what_the_stream_lost_the_sweep_delivers() {
    let world = World::new().await;
    let message = world.queue("Hello").await;
    assert!(world.sweep().await);
    assert_eq!(world.status(&message).await, Status::Sending);
    assert_eq!(world.twilio.taken(), ["Hello"]);
}

#[tokio::test]
async fn a_holder_that_died_before_or_after_its_post_leaves_an_unknown_p4() {
    let world = World::new().await;
    let message = world.queue("Hello").await;
    world.claimed_by_the_dead(&message).await;
    world.clock.advance(Duration::from_secs(79));
    world.wake(&[&message]).await;
    world.sweep().await;
    assert_eq!(world.status(&message).await, Status::Sending, "its holder may still be alive");
    world.clock.advance(Duration::from_secs(1));
    world.sweep().await;
    assert_eq!(world.status(&message).await, Status::Unknown);
    for _ in 0..60 {
        world.clock.advance(Duration::from_mins(1));
        world.sweep().await;
    }
    assert!(world.twilio.posts().is_empty());
}

#[tokio::test]
async fn a_holder_that_is_only_slow_still_folds_its_answer_in_p5() {
    let world = World::new().await;
    let message = world.queue("Hello").await;
    world.claimed_by_the_dead(&message).await;
    world.clock.advance(Duration::from_secs(80));
    world.sweep().await;
    let evidence = Evidence {
        sid: "SM00000000000000000000000000000001".to_owned(),
        status: ProviderStatus::Queued,
        error: None,
        raw_date: None,
        seen_at: world.clock.now(),
    };
    let now = world.clock.now();
    let settle = |delivery: &mut Delivery| {
        delivery.settle_post(&ClaimId::new("dead"), PostOutcome::Accepted(evidence), now);
    };
    world.change(&message, settle).await;
    assert_eq!(world.status(&message).await, Status::Sending);
}

#[tokio::test]
async fn a_message_whose_time_has_come_is_queued_and_delivered() {
    let world = World::new().await;
    let message = world.queue("Good morning").await;
    let at = world.clock.now() + Duration::from_hours(1);
    world.change(&message, |delivery| *delivery = Delivery::scheduled(at)).await;
    world.sweep().await;
    assert_eq!(world.status(&message).await, Status::Scheduled);
    world.clock.advance(Duration::from_hours(1));
    world.sweep().await;
    assert_eq!(world.twilio.taken(), ["Good morning"]);
    assert_eq!(world.status(&message).await, Status::Sending);
}

#[tokio::test]
async fn whatever_goes_wrong_at_the_tables_and_the_provider_each_is_taken_at_most_once_p4() {
    for seed in 1..=3 {
        let world = World::new().await;
        let mut messages = Vec::new();
        for n in 0..8 {
            messages.push(world.queue(&format!("number {n}")).await);
        }
        world.twilio.will([
            Behaviour::Take,
            Behaviour::TakeAndLoseAnswer,
            Behaviour::LoseAll,
            Behaviour::Take,
        ]);
        for (every, fault) in
            [(4, Fault::AnswerLost), (5, Fault::TransactionConflict), (9, Fault::InternalError)]
        {
            world.tables.faults.inject(Injection::one_in(every, seed + every, fault));
        }
        for message in &messages {
            world.wake(&[message]).await;
        }
        for _ in 0..6 {
            world.clock.advance(Duration::from_mins(2));
            world.sweep().await;
        }
        world.tables.faults.clear();
        for _ in 0..10 {
            world.clock.advance(Duration::from_mins(10));
            assert!(world.sweep().await);
        }
        everything_stands_as_it_is(&world, &messages).await;
    }
}

/// One POST at most for each; what was taken is shown so, and what was not stands as unknown.
async fn everything_stands_as_it_is(world: &World, messages: &[Message]) {
    let mut posts: Vec<_> = world.twilio.posts().into_iter().map(|posted| posted.body).collect();
    let all = posts.len();
    posts.sort();
    posts.dedup();
    assert_eq!(posts.len(), all, "none was posted twice");
    let taken = world.twilio.taken();
    for message in messages {
        let expected =
            if taken.iter().any(|text| text == message.text()) { Status::Sending } else { Status::Unknown };
        assert_eq!(world.status(message).await, expected, "{}", message.text());
    }
}
