//! Status callbacks fold into the message, in any order (P5).

use std::time::Duration;

use futures::future::join_all;
use porchlight_channel::Post;
use porchlight_domain::consent::{ConsentSource, ConsentState};
use porchlight_domain::conversation::AttentionReason;
use porchlight_domain::delivery::{Delivery, Status};
use porchlight_domain::event::Happening;
use porchlight_domain::message::Message;

use crate::support::{MARIA, World, form, ok, phone};

async fn with_reply() -> (World, Message) {
    let world = World::new().await;
    world.text("SM1", "Hello").await;
    let reply = world.reply("Hi, this is Harbor Heating.").await;
    (world, reply)
}

fn word(status: &str) -> [(&str, &str); 2] {
    [("MessageSid", "SM9"), ("MessageStatus", status)]
}

#[tokio::test]
async fn a_callback_that_overtakes_the_answer_to_our_post_is_folded_p5() {
    let (world, reply) = with_reply().await;
    assert_eq!(world.status(&reply, &word("delivered")).await, ok());
    assert_eq!(world.status(&reply, &word("sent")).await, ok());
    let message = world.message(&reply).await;
    assert_eq!(message.status(), Status::Delivered);
    let thread = world.thread(MARIA).await.expect("a thread");
    assert_eq!(thread.last_message.as_ref().map(|last| last.status), Some(Status::Delivered));
    let owner = world.store.sid_pointer(&world.business, "SM9").await.expect("a read");
    assert_eq!(owner, Some((reply.conversation.clone(), reply.seq)));
    let last = world.events().await.pop().expect("an event");
    assert_eq!(last.happening, Happening::MessageUpdated { seq: reply.seq });
}

#[tokio::test]
async fn a_time_that_a_late_report_makes_earlier_is_told_live_p5_p8() {
    let (world, reply) = with_reply().await;
    let received_at = world.clock.now();
    let (path, body) = (world.status_path(&reply), form(&word("sent")));
    let post = Post { path, headers: Vec::new(), body, received_at };
    let sent = world.intake().receipt_of(post).expect("one of our addresses");
    world.clock.advance(Duration::from_secs(2));
    world.status(&reply, &word("delivered")).await;
    let told = world.events().await.len();
    // It was taken first, and understood last.
    world.intake().admit(&sent).await.expect("taken");
    let message = world.message(&reply).await;
    assert_eq!(message.delivery().and_then(Delivery::sent_at), Some(received_at));
    assert_eq!(world.events().await.len(), told + 1, "a window shows when it was sent");
}

#[tokio::test]
async fn any_order_and_repetition_at_once_ends_the_same_p5() {
    let (world, reply) = with_reply().await;
    let words = ["sent", "queued", "delivered", "sending", "sent", "delivered", "read", "queued"].map(word);
    let answers = join_all(words.iter().map(|fields| world.status(&reply, fields))).await;
    assert!(answers.iter().all(|answer| *answer == ok()), "{answers:?}");
    let delivery = world.message(&reply).await.delivery().expect("it went out").clone();
    assert_eq!((delivery.status(), delivery.evidence.len()), (Status::Delivered, 5));
}

#[tokio::test]
async fn a_final_failure_restores_attention_with_its_reason() {
    let (world, reply) = with_reply().await;
    assert!(world.thread(MARIA).await.is_some_and(|thread| thread.attention.is_none()));
    let mut fields = word("undelivered").to_vec();
    fields.push(("ErrorCode", "30003"));
    world.status(&reply, &fields).await;
    let attention = world.thread(MARIA).await.and_then(|thread| thread.attention);
    assert_eq!(attention.map(|attention| attention.reason), Some(AttentionReason::Failure));
    let error = world.message(&reply).await.delivery().and_then(Delivery::error);
    assert_eq!(error.and_then(|reason| reason.code), Some(30003));
}

#[tokio::test]
async fn a_landline_is_marked_and_an_opt_out_at_twilio_closes_consent_p6() {
    let (world, reply) = with_reply().await;
    let mut landline = word("undelivered").to_vec();
    landline.push(("ErrorCode", "30006"));
    world.status(&reply, &landline).await;
    let record = world.store.contact(&world.business, &phone(MARIA)).await.expect("a read");
    assert!(record.is_some_and(|record| record.cannot_text));
    assert!(world.thread(MARIA).await.is_some_and(|thread| thread.cannot_text));

    world.clock.advance(Duration::from_mins(1));
    let second = world.reply("Still there?").await;
    let opted_out = [("MessageSid", "SM10"), ("MessageStatus", "failed"), ("ErrorCode", "21610")];
    assert_eq!(world.status(&second, &opted_out).await, ok());
    let consent = world.consent(MARIA).await.expect("on record");
    assert_eq!((consent.state, consent.how), (ConsentState::Closed, ConsentSource::ProviderRefused));
    assert!(world.thread(MARIA).await.is_some_and(|thread| thread.opted_out));
}
