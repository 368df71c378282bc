//! An answer goes out, through whatever the provider does (P4, P5).

use std::time::Duration;

use porchlight_flows::{House, Person, eventually};
use porchlight_simulator::{Fault, FaultKind, Planned};
use serde_json::json;

use crate::MARIA;

async fn opened(house: &House) -> (Person, String) {
    house.text(MARIA, "Hello?").await;
    let ben = house.ben().await;
    let thread = ben.thread(MARIA).await;
    (ben, thread)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_for_haste_is_posted_again_and_accepted_once_p4() {
    let house = House::new().await;
    let (ben, thread) = opened(&house).await;
    house.plan(FaultKind::TooManyRequests, "On my way");
    let answer = ben.reply(&thread, "On my way").await;
    ben.until_status(&thread, &answer, "delivered").await;
    assert_eq!(house.accepted_for(MARIA), ["On my way"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_keeps_its_order_behind_a_message_that_waits_p4() {
    let house = House::new().await;
    let (ben, thread) = opened(&house).await;
    house.plan(FaultKind::TooManyRequests, "one");
    house.plan(FaultKind::Delay, "two");
    let words = ["one", "two", "three", "four"];
    let mut ids = Vec::new();
    for word in words {
        ids.push(ben.reply(&thread, word).await);
    }
    for id in &ids {
        ben.until_status(&thread, id, "delivered").await;
    }
    assert_eq!(house.accepted_for(MARIA), words);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_of_the_provider_after_accepting_ends_delivered_once_p4_p5() {
    let house = House::new().await;
    let (ben, thread) = opened(&house).await;
    house.plan(FaultKind::ServerError, "after a 500");
    house.plan(FaultKind::DropAfterAccepting, "after a dropped connection");
    for words in ["after a 500", "after a dropped connection"] {
        let answer = ben.reply(&thread, words).await;
        ben.until_status(&thread, &answer, "delivered").await;
    }
    assert_eq!(house.accepted_for(MARIA), ["after a 500", "after a dropped connection"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn callbacks_twice_and_out_of_order_end_delivered_p5() {
    let house = House::new().await;
    let (ben, thread) = opened(&house).await;
    for kind in [FaultKind::Duplicate, FaultKind::Reorder, FaultKind::WrongSignature] {
        house.plan(kind, "any order");
    }
    let mut feed = ben.feed(None).await;
    let answer = ben.reply(&thread, "any order").await;
    let statuses = feed.statuses(&answer, "delivered").await;
    let rank =
        |status: &String| ["queued", "sending", "sent", "delivered"].iter().position(|it| it == status);
    assert!(statuses.is_sorted_by_key(rank), "never backwards: {statuses:?}");
    let reported = || {
        house
            .simulator
            .messages()
            .iter()
            .all(|message| message.webhook.is_some() || message.reported.len() == 2)
    };
    eventually("both reports to be told", async || reported().then_some(())).await;
    let after = ben.until_status(&thread, &answer, "delivered").await;
    assert!(after["sent_at"].is_string() && after["error"].is_null(), "{after}");
}

#[tokio::test(flavor = "multi_thread")]
async fn callbacks_that_never_come_are_fetched_p5() {
    let house = House::with_still_clock().await;
    let (ben, thread) = opened(&house).await;
    house.plan(FaultKind::LostCallbacks, "no word of it");
    let answer = ben.reply(&thread, "no word of it").await;
    eventually("the provider to deliver", async || {
        house.simulator.on_phone(MARIA).iter().any(|message| message.body == "no word of it").then_some(())
    })
    .await;
    ben.until_status(&thread, &answer, "sending").await;
    eventually("its SID to be known", async || {
        let message = house.store().message_by_id(&house.business, &answer.parse().ok()?).await.ok()??;
        message.delivery()?.sid().map(str::to_owned)
    })
    .await;
    house.pass(Duration::from_mins(14)).await;
    assert_eq!(ben.messages(&thread).await[1]["status"], "sending", "not yet");
    house.pass(Duration::from_mins(2)).await;
    ben.until_status(&thread, &answer, "delivered").await;
    assert_eq!(house.accepted_for(MARIA), ["no word of it"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_final_failure_says_why_restores_attention_and_is_sent_again_only_by_a_person() {
    let house = House::new().await;
    let (ben, thread) = opened(&house).await;
    let fault = Fault { kind: FaultKind::Fail, delay_ms: None, code: Some(30003) };
    house.simulator.plan_fault(Planned { fault, ..Planned::next(FaultKind::Fail) });
    let lost = ben.reply(&thread, "See you at noon").await;
    let failed = ben.until_status(&thread, &lost, "undelivered").await;
    assert_eq!(failed["error"]["code"], 30003);
    assert!(failed["error"]["reason"].as_str().is_some_and(|words| words.len() > 10), "{failed}");
    let row = ben.conversation_with(MARIA).await.expect("the thread");
    assert_eq!(row["attention"], true, "a final failure restores attention");

    let again = porchlight_flows::new_id();
    let body = json!({ "id": again, "text": "See you at noon", "seen_seq": 9, "resend_of": lost });
    ben.post(&format!("/api/conversations/{thread}/messages"), body).await;
    let sent = ben.until_status(&thread, &again, "delivered").await;
    assert_eq!(sent["resend_of"], json!(lost));
    assert_eq!(house.accepted_for(MARIA).len(), 2);
}
