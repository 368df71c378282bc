//! Posted once, in order, with consent (P4, P6).

use std::time::Duration;

use futures::future::join_all;
use porchlight_domain::consent::{Consent, ConsentState, ConsentWord, Purpose};
use porchlight_domain::conversation::AttentionReason;
use porchlight_domain::delivery::{Delivery, FailureClass, Status};
use porchlight_domain::event::Happening;
use porchlight_domain::message::MessageKind;
use porchlight_domain::push::TextsAgreement;
use porchlight_engine::{Fault, Injection};

use crate::support::{LINE, MARIA, World, phone, start};
use crate::twilio::{Behaviour, Posted};

#[tokio::test]
async fn a_queued_message_leaves_as_plain_words_with_a_callback_that_names_it() {
    let world = World::new().await;
    let message = world.queue("We come **Tuesday** at `9`, snake_case").await;
    assert!(world.wake(&[&message]).await.is_empty());
    let callback = format!("http://localhost/twilio/{}/status/{}#rc=5&rp=all", world.business, message.id);
    let posted = Posted {
        to: MARIA.to_owned(),
        from: LINE.to_owned(),
        body: "We come Tuesday at 9, snake_case".to_owned(),
        status_callback: callback,
    };
    assert_eq!(world.twilio.posts(), [posted]);
    assert_eq!(world.status(&message).await, Status::Sending);
    let thread = world.thread(MARIA).await;
    assert_eq!(thread.last_message.as_ref().map(|last| last.status), Some(Status::Sending));
    let events = world.store.events_from(&world.business, start(), start()).await.expect("the feed");
    assert!(events.iter().any(|event| event.happening == Happening::MessageUpdated { seq: message.seq }));
}

#[tokio::test]
async fn repeated_records_and_invocations_side_by_side_post_once_p4() {
    let world = World::new().await;
    let message = world.queue("Hello").await;
    let twice = [&message, &message];
    join_all((0..10).map(|_| world.wake(&twice))).await;
    world.sweep().await;
    world.clock.advance(std::time::Duration::from_hours(24));
    world.wake(&[&message]).await;
    assert_eq!(world.twilio.posts().len(), 1);
}

#[tokio::test]
async fn messages_of_one_thread_leave_in_order_whoever_is_woken_first() {
    let world = World::new().await;
    let texts = ["one", "two", "three", "four"];
    let mut messages = Vec::new();
    for text in texts {
        messages.push(world.queue(text).await);
    }
    let last_first: Vec<_> = messages.iter().rev().collect();
    for failed in join_all(last_first.chunks(1).map(|one| world.wake(one))).await {
        assert!(failed.is_empty());
    }
    assert_eq!(world.twilio.taken(), texts);
}

#[tokio::test]
async fn a_message_waits_for_one_that_may_be_on_its_way_and_not_for_an_unknown_one() {
    let world = World::new().await;
    let first = world.queue("one").await;
    let second = world.queue("two").await;
    world.claimed_by_the_dead(&first).await;
    world.wake(&[&second]).await;
    assert!(world.twilio.posts().is_empty());
    assert_eq!(world.status(&second).await, Status::Queued);
    world.clock.advance(std::time::Duration::from_secs(81));
    assert!(world.sweep().await);
    assert_eq!(world.status(&first).await, Status::Unknown);
    assert_eq!(world.twilio.taken(), ["two"]);
}

#[tokio::test]
async fn whoever_opted_out_is_not_texted_p6() {
    let world = World::new().await;
    let message = world.queue("Are you there?").await;
    world.say(ConsentWord::Stop).await;
    world.wake(&[&message]).await;
    assert!(world.twilio.posts().is_empty());
    let error = world.now(&message).await.delivery().and_then(Delivery::error).expect("a reason");
    assert_eq!((error.class, error.code), (FailureClass::OptedOut, None));
    let attention = world.thread(MARIA).await.attention.expect("a failed send needs a person");
    assert_eq!(attention.reason, AttentionReason::Failure);
}

#[tokio::test]
async fn what_is_queued_waits_while_nobody_has_decided_whether_they_asked_for_no_more_p6() {
    let world = World::new().await;
    let message = world.queue("See you Tuesday").await;
    world.asks_to_stop(MARIA).await;
    world.wake(&[&message]).await;
    assert!(world.twilio.posts().is_empty());
    assert_eq!(world.status(&message).await, Status::Queued);
    world.clock.advance(std::time::Duration::from_mins(6));
    assert!(world.sweep().await);
    assert!(world.twilio.posts().is_empty(), "nor later");
    world.dismisses(MARIA).await;
    world.clock.advance(std::time::Duration::from_mins(6));
    assert!(world.sweep().await);
    assert_eq!(world.twilio.taken(), ["See you Tuesday"]);
}

#[tokio::test]
async fn what_nobody_decided_for_four_hours_does_not_leave_p6() {
    let world = World::new().await;
    let message = world.queue("See you Tuesday").await;
    world.asks_to_stop(MARIA).await;
    world.wake(&[&message]).await;
    world.clock.advance(std::time::Duration::from_mins(236));
    assert!(world.sweep().await);
    assert!(world.twilio.posts().is_empty());
    let error = world.now(&message).await.delivery().and_then(Delivery::error).expect("a reason");
    assert_eq!(error.class, FailureClass::Expired);
    assert!(error.words.contains("nobody decided"), "{}", error.words);
}

#[tokio::test]
async fn a_text_goes_only_for_what_consent_covers_p6() {
    let world = World::new().await;
    let message = world.queue("See you Tuesday").await;
    let line = ulid::Ulid::from_parts(1, 1);
    let given = Consent::given(None, Purpose::Reply, line.into(), world.clock.now());
    world.record(given, line).await;
    let selling = world.queue_for(Purpose::Marketing, "Spring sale").await;
    world.wake(&[&message, &selling]).await;
    assert_eq!(world.twilio.taken(), ["See you Tuesday"]);
    assert_eq!(world.status(&selling).await, Status::Failed);
}

#[tokio::test]
async fn consent_is_read_again_before_every_post_of_one_claim_p6() {
    let world = World::new().await;
    let message = world.queue("Hello").await;
    world.twilio.will([Behaviour::TooMany(1)]);
    let stop = async {
        while world.twilio.posts().is_empty() {
            tokio::task::yield_now().await;
        }
        world.say(ConsentWord::Stop).await;
    };
    let woken = [&message];
    tokio::join!(world.wake(&woken), stop);
    assert_eq!(world.twilio.posts().len(), 1);
    assert_eq!(world.status(&message).await, Status::Failed);
}

#[tokio::test]
async fn a_colleague_is_texted_only_while_they_agree_to_it_for_that_phone_p6() {
    let world = World::new().await;
    let luis = &world.person().staff.id;
    let agreed = |number: &str| {
        let line = world.entropy.ulid(start()).into();
        world
            .store
            .commit(&world.business)
            .agree_to_texts(luis, &TextsAgreement { number: phone(number), at: start(), line })
    };
    let status = async |text: &str| {
        let message = world.queue_to_colleague(luis, text).await;
        world.wake(&[&message]).await;
        world.status(&message).await
    };
    assert_eq!(status("Nobody asked him").await, Status::Failed);
    agreed("+12075550199").run().await.expect("agreed");
    assert_eq!(status("For another phone").await, Status::Failed);
    agreed(MARIA).run().await.expect("agreed");
    world.say(ConsentWord::Stop).await;
    assert_eq!(status("The phone said STOP").await, Status::Failed);
    world.clock.advance(Duration::from_mins(1));
    world.say(ConsentWord::Start).await;
    assert!(world.twilio.posts().is_empty());
    assert_eq!(status("He agreed").await, Status::Sending);
    world.store.commit(&world.business).end_texts_agreement(luis).run().await.expect("ended");
    assert_eq!(status("He took it back").await, Status::Failed);
    assert_eq!(world.twilio.posts().len(), 1);
}

#[tokio::test]
async fn an_opt_out_that_only_twilio_knows_closes_consent_p6() {
    let world = World::new().await;
    world.twilio.will([Behaviour::Refuse(400, 21610)]);
    let message = world.queue("Hello").await;
    world.wake(&[&message]).await;
    assert_eq!(world.status(&message).await, Status::Failed);
    assert_eq!(world.consent().await, Some(ConsentState::Closed));
    let thread = world.thread(MARIA).await;
    assert!(thread.opted_out);
    let line = world.store.message_at(&thread.business, &thread.id, thread.seq).await.expect("a read");
    assert!(line.is_some_and(|line| line.kind() == MessageKind::System), "the timeline says so");
    let next = world.queue("Hello?").await;
    world.wake(&[&next]).await;
    assert_eq!(world.twilio.posts().len(), 1);
}

#[tokio::test]
async fn lost_answers_and_contention_of_the_tables_post_once_p4() {
    let world = World::new().await;
    for fault in [Fault::AnswerLost, Fault::TransactionConflict, Fault::Throttled, Fault::InternalError] {
        let before = world.twilio.posts().len();
        let message = world.queue("Hello").await;
        world.tables.faults.inject(Injection::next(fault).operation("TransactWriteItems").times(3));
        assert!(world.wake(&[&message]).await.is_empty(), "{fault:?}");
        assert_eq!(world.status(&message).await, Status::Sending, "{fault:?}");
        assert_eq!(world.twilio.posts().len(), before + 1, "{fault:?}");
    }
}

#[tokio::test]
async fn a_conversation_that_fails_comes_again_and_holds_up_no_other() {
    let world = World::new().await;
    world.begin_thread("+12075550143").await.expect("another thread");
    let maria = world.queue("Hello Maria").await;
    let other = world.queue_to("+12075550143", "Hello you").await;
    world.tables.faults.inject(Injection::next(Fault::InternalError).operation("GetItem").times(4));
    let failed = world.wake(&[&maria]).await;
    assert_eq!(failed, [maria.seq.to_string()]);
    assert!(world.twilio.posts().is_empty());
    assert!(world.wake(&[&maria, &other]).await.is_empty());
    assert_eq!(world.twilio.posts().len(), 2);
}

#[tokio::test]
async fn what_waited_for_hours_while_everything_was_off_is_not_sent_late() {
    let world = World::new().await;
    let old = world.queue("On my way").await;
    world.clock.advance(std::time::Duration::from_hours(9));
    let fresh = world.queue("Sorry, tomorrow at 9").await;
    assert!(world.sweep().await);
    assert_eq!(world.twilio.taken(), ["Sorry, tomorrow at 9"]);
    assert_eq!(world.status(&fresh).await, Status::Sending);
    let error = world.now(&old).await.delivery().and_then(Delivery::error).expect("a reason");
    assert_eq!(error.class, FailureClass::Expired);
    let attention = world.thread(MARIA).await.attention.expect("a failed send needs a person");
    assert_eq!(attention.reason, AttentionReason::Failure);
}

#[tokio::test]
async fn a_replaced_line_leaves_its_place_to_its_successor() {
    let world = World::new().await;
    world.put_line("+12075550101", None).await.expect("a new line");
    world.put_line(LINE, Some("+12075550101")).await.expect("its successor");
    let message = world.queue("Hello").await;
    world.wake(&[&message]).await;
    assert_eq!(world.twilio.posts()[0].from, "+12075550101");
}
