//! The provider's answer is lost: nobody posts again without proof (P4).

use std::time::Duration;

use porchlight_flows::{House, Person, eventually, new_id};
use porchlight_simulator::FaultKind;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::MARIA;

async fn opened(house: &House) -> (Person, String) {
    house.text(MARIA, "Hello?").await;
    let ben = house.ben().await;
    let thread = ben.thread(MARIA).await;
    (ben, thread)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_out_after_accepting_is_settled_by_the_callback_p4() {
    let house = House::new().await;
    let (ben, thread) = opened(&house).await;
    house.plan(FaultKind::TimeoutAfterAccepting, "are you home");
    let answer = ben.reply(&thread, "are you home?").await;
    ben.until_status(&thread, &answer, "delivered").await;
    assert_eq!(house.posts_of("are you home").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_message_is_found_in_the_list_without_a_second_post_p4() {
    let house = House::with_still_clock().await;
    let (ben, thread) = opened(&house).await;
    house.plan(FaultKind::DropAfterAccepting, "found later");
    house.plan(FaultKind::LostCallbacks, "found later");
    let answer = ben.reply(&thread, "found later").await;
    let unknown = ben.until_status(&thread, &answer, "unknown").await;
    assert!(unknown["unknown_since"].is_string());
    eventually("the provider to deliver", async || {
        house.simulator.on_phone(MARIA).iter().any(|message| message.body == "found later").then_some(())
    })
    .await;
    house.pass(Duration::from_mins(1)).await;
    let found = ben.until_status(&thread, &answer, "delivered").await;
    assert_eq!(found["unknown_since"], Value::Null);
    assert_eq!(house.posts_of("found later").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_lost_messages_of_the_same_words_are_not_guessed_at_p4() {
    let house = House::with_still_clock().await;
    let (ben, thread) = opened(&house).await;
    let mut ids = Vec::new();
    for _ in 0..2 {
        house.plan(FaultKind::DropAfterAccepting, "ok");
        house.plan(FaultKind::LostCallbacks, "ok");
        let id = ben.reply(&thread, "ok").await;
        ben.until_status(&thread, &id, "unknown").await;
        ids.push(id);
    }
    house.pass(Duration::from_mins(1)).await;
    for id in &ids {
        let status = ben.until_message(&thread, id, |_| true, "the message").await["status"].clone();
        assert_eq!(status, "unknown", "which is which, nobody knows");
    }
    assert_eq!(house.posts_of("ok").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_failing_provider_never_accepted_is_after_a_day_a_persons_to_decide_p4_p9() {
    is_a_persons_to_decide(FaultKind::ServerErrorRefused).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_proxy_gave_up_on_is_after_a_day_a_persons_to_decide_p4_p9() {
    is_a_persons_to_decide(FaultKind::ProxyTimeout).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_lost_with_its_connection_is_after_a_day_a_persons_to_decide_p4_p9() {
    is_a_persons_to_decide(FaultKind::DropBeforeAccepting).await;
}

async fn is_a_persons_to_decide(kind: FaultKind) {
    let house = House::with_still_clock().await;
    let (ben, thread) = opened(&house).await;
    house.plan(kind, "into the void");
    let lost = ben.reply(&thread, "into the void").await;
    ben.until_status(&thread, &lost, "unknown").await;
    let path = format!("/api/conversations/{thread}/messages");
    let again = |id: &str| json!({ "id": id, "text": "again", "seen_seq": 99, "resend_of": lost });
    let (early, problem) = ben.ask(Method::POST, &path, again(&new_id())).await;
    let not_resendable = json!("urn:porchlight:problem:not-resendable");
    assert_eq!((early, &problem["type"]), (StatusCode::CONFLICT, &not_resendable));
    for wait in [1, 4, 10, 45, 300, 1080] {
        house.pass(Duration::from_mins(wait)).await;
    }
    let told = ben.until_message(&thread, &lost, |_| true, "the message").await;
    assert_eq!(told["status"], "unknown", "absence proves nothing");
    assert_eq!(house.posts_of("into the void").await, 1, "once in a day");

    let sent_again = new_id();
    ben.post(&path, again(&sent_again)).await;
    // Its stream record is a day old by the still clock, which the engine does not know; the sweep sends it.
    house.pass(Duration::from_mins(1)).await;
    ben.until_status(&thread, &sent_again, "delivered").await;
    assert_eq!(ben.ask(Method::POST, &path, again(&new_id())).await.0, StatusCode::CONFLICT, "only once");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_message_that_a_person_dismissed_still_takes_late_evidence_p4_p5() {
    let house = House::with_still_clock().await;
    let (ben, thread) = opened(&house).await;
    house.plan(FaultKind::ServerErrorRefused, "perhaps");
    let lost = ben.reply(&thread, "perhaps").await;
    ben.until_status(&thread, &lost, "unknown").await;
    let dismiss = format!("/api/messages/{lost}/dismiss");
    assert_eq!(ben.ask(Method::POST, &dismiss, Value::Null).await.0, StatusCode::CONFLICT);
    house.pass(Duration::from_hours(25)).await;
    let put_aside = ben.post(&dismiss, Value::Null).await;
    assert!(put_aside["dismissed_at"].is_string());

    let fields = [("MessageSid", "SM000000000000000000000000000000ff"), ("MessageStatus", "delivered")];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
    house.post_signed(&format!("status/{lost}"), &fields).await.is_taken();
    ben.until_status(&thread, &lost, "delivered").await;
}
