//! Nobody who opted out is texted (P6).

use porchlight_domain::phone::ContactPoint;
use porchlight_flows::{House, eventually, new_id, text_in};
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::MARIA;
use crate::writer::Writer;

const OPTED_OUT: &str = "urn:porchlight:problem:opted-out";

#[tokio::test(flavor = "multi_thread")]
async fn stop_closes_the_composer_and_start_opens_it_p6() {
    let house = House::new().await;
    house.text(MARIA, "Hello?").await;
    let ben = house.ben().await;
    let thread = ben.thread(MARIA).await;
    house.text(MARIA, "  stop ").await;

    let detail = ben.get(&format!("/api/conversations/{thread}")).await;
    assert_eq!((&detail["consent"], &detail["can_send"]["reason"]), (&json!("closed"), &json!("opted_out")));
    for force in [false, true] {
        let body = json!({ "id": new_id(), "text": "Wait!", "seen_seq": 9, "force": force });
        let (status, problem) =
            ben.ask(Method::POST, &format!("/api/conversations/{thread}/messages"), body).await;
        assert_eq!(
            (status, &problem["type"]),
            (StatusCode::CONFLICT, &json!(OPTED_OUT)),
            "force never passes it"
        );
    }
    assert_eq!(ben.counts().await.1, 1, "STOP itself asks for nobody");

    house.text(MARIA, "START").await;
    let answer = ben.reply(&thread, "Welcome back").await;
    ben.until_status(&thread, &answer, "delivered").await;
    assert_eq!(house.accepted_for(MARIA), ["Welcome back"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_of_the_provider_closes_consent_p6() {
    let house = House::new().await;
    house.text(MARIA, "Hello?").await;
    let ben = house.ben().await;
    let thread = ben.thread(MARIA).await;
    // The provider takes the STOP, and Porchlight never hears of it.
    let deaf = porchlight_simulator::Line {
        number: porchlight_flows::LINE.to_owned(),
        webhook_url: "http://127.0.0.1:9/#rc=0".to_owned(),
        name: None,
    };
    house.simulator.set_lines(vec![deaf]);
    house.simulator.text(text_in(MARIA, "STOP")).await.expect("the simulator texts");

    let answer = ben.reply(&thread, "Are you there?").await;
    let failed = ben.until_status(&thread, &answer, "failed").await;
    assert_eq!(failed["error"]["code"], 21610);
    let row = ben.conversation_with(MARIA).await.expect("the thread");
    assert_eq!(row["consent"], "closed");
    let (status, problem) = ben.write(&thread, &new_id(), "Hello?", 9).await;
    assert_eq!((status, &problem["type"]), (StatusCode::CONFLICT, &json!(OPTED_OUT)));
    assert!(house.accepted_for(MARIA).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_that_comes_while_an_answer_waits_stops_the_answer_p6() {
    let house = House::new().await;
    house.text(MARIA, "Hello?").await;
    let ben = house.ben().await;
    let thread = ben.thread(MARIA).await;
    // The answer is refused for haste and waits two seconds for its second POST; the STOP comes meanwhile.
    house.plan(porchlight_simulator::FaultKind::TooManyRequests, "too late");
    let answer = ben.reply(&thread, "too late").await;
    ben.until_status(&thread, &answer, "sending").await;
    house.text(MARIA, "STOP").await;
    let failed = ben.until_status(&thread, &answer, "failed").await;
    assert!(house.accepted_for(MARIA).is_empty(), "nothing was accepted");
    assert_eq!(house.posts_of("too late").await, 1, "nor asked for again");
    assert_eq!(failed["error"]["class"], "opted_out", "{failed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn cancel_closes_the_composer_and_says_on_the_row_that_somebody_should_call_p6() {
    let house = House::new().await;
    house.text(MARIA, "CANCEL").await;
    let ben = house.ben().await;
    let row = ben.conversation_with(MARIA).await.expect("the thread");
    assert_eq!((&row["consent"], &row["attention"]), (&json!("closed"), &json!(true)));
    assert_eq!(row["attention_reason"], "unclear_stop");
    assert_eq!(row["attention_advice"], "They may have meant the appointment. Call them.");
    let detail = ben.get(&format!("/api/conversations/{}", row["id"].as_str().expect("an id"))).await;
    assert_eq!(detail["attention_advice"], row["attention_advice"]);
    house.text(MARIA, "Hello?").await;
    let row = ben.conversation_with(MARIA).await.expect("the thread");
    assert_eq!(row["attention_reason"], "unclear_stop", "as long as nobody has settled it");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_word_never_overrides_a_newer_one_p6() {
    let house = House::new().await;
    house.text(MARIA, "STOP").await;
    house.text(MARIA, "START").await;
    house.text(MARIA, "HELP").await;
    let ben = house.ben().await;
    let thread = ben.thread(MARIA).await;
    let answer = ben.reply(&thread, "Here to help").await;
    ben.until_status(&thread, &answer, "delivered").await;
    let row = eventually("the row", async || ben.conversation_with(MARIA).await).await;
    assert_eq!(row["consent"], "open");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_closes_whatever_the_clocks_of_those_who_take_it_say_p6() {
    let house = House::new().await;
    let slow = Writer::new(&house, -180_000, MARIA, 1_000);
    let fast = Writer::new(&house, 120_000, MARIA, 2_000);
    slow.say(0, "STOP").await;
    fast.say(0, "START").await;
    let ben = house.ben().await;
    let thread = ben.thread(MARIA).await;
    let answer = ben.reply(&thread, "Welcome back").await;
    ben.until_status(&thread, &answer, "delivered").await;
    slow.say(1, "STOP").await;
    fast.keep(&house, 1, "START").await;
    for n in [0, 1] {
        fast.replay(n, "START").await;
        let (status, problem) = ben.write(&thread, &new_id(), "Are you there?", 99).await;
        assert_eq!((status, &problem["type"]), (StatusCode::CONFLICT, &json!(OPTED_OUT)), "{n}");
    }
    assert_eq!(house.accepted_for(MARIA), ["Welcome back"]);
    let (store, maria) = (house.store(), ContactPoint::phone(MARIA).expect("a number"));
    let group = &store.groups(&house.business).await.expect("the groups")[0].id;
    let said = store.consent_lines(&house.business, &maria, group).await.expect("the ledger");
    let stood = said.iter().filter(|line| line.stood).count();
    assert_eq!((said.len(), stood), (4, 3), "what changed nothing has its line, too");
}
