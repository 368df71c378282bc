//! The simulator misbehaves: each fault does what it says, and only to whom it was meant for.

mod common;

use common::{LINE, MARIA, Street, config, text};
use porchlight_simulator::{Fault, FaultKind, FaultSettings, Planned, TextError};
use porchlight_twilio::CreateOutcome;
use porchlight_twilio::client::NotAccepted;
use serde_json::json;

fn fault(kind: FaultKind) -> Fault {
    Fault { kind, delay_ms: None, code: None }
}

/// P4: the three that lie about acceptance look the same as those that do not.
#[tokio::test]
async fn a_create_ends_unknown_whether_or_not_the_provider_has_it() {
    let mut street = Street::new().await;
    for (kind, has_it) in [
        (FaultKind::ServerError, true),
        (FaultKind::TimeoutAfterAccepting, true),
        (FaultKind::DropAfterAccepting, true),
        (FaultKind::ServerErrorRefused, false),
        (FaultKind::ProxyTimeout, false),
        (FaultKind::DropBeforeAccepting, false),
    ] {
        let before = street.simulator.messages().len();
        street.simulator.plan_fault(Planned::next(kind));
        let outcome = street.create("Hello").await;
        assert!(matches!(outcome, CreateOutcome::Unknown(_)), "{kind:?}: {outcome:?}");
        let accepted = street.simulator.messages().len() - before;
        assert_eq!(accepted, usize::from(has_it), "{kind:?}");
        if has_it {
            assert_eq!(street.statuses(2).await, ["sent", "delivered"], "a report is the proof");
        }
    }
}

#[tokio::test]
async fn a_429_is_refused_for_certain() {
    let street = Street::new().await;
    street.simulator.plan_fault(Planned::next(FaultKind::TooManyRequests));
    let outcome = street.create("Hello").await;
    let CreateOutcome::NotAccepted(NotAccepted::TooManyRequests { code, retry_after }) = outcome else {
        panic!()
    };
    assert_eq!((code, retry_after.is_some()), (Some(20429), true));
    assert!(street.simulator.messages().is_empty());
    assert!(matches!(street.create("Hello").await, CreateOutcome::Accepted(_)), "only the next one");
}

#[tokio::test]
async fn reports_come_twice_in_the_wrong_order_or_never() {
    let mut street = Street::new().await;
    street.simulator.plan_fault(Planned::next(FaultKind::Duplicate));
    street.create("one").await;
    assert_eq!(street.statuses(4).await, ["sent", "sent", "delivered", "delivered"]);
    street.simulator.plan_fault(Planned::next(FaultKind::Reorder));
    street.create("two").await;
    assert_eq!(street.statuses(2).await, ["delivered", "sent"]);
    street.simulator.plan_fault(Planned::next(FaultKind::LostCallbacks));
    let CreateOutcome::Accepted(lost) = street.create("three").await else { panic!() };
    street.create("four").await;
    let next = street.next().await;
    assert_ne!(next.get("MessageSid"), lost.sid);
}

#[tokio::test]
async fn a_text_fails_with_the_code_that_was_chosen() {
    let mut street = Street::new().await;
    for (code, statuses) in [(30005, &["sent", "undelivered"][..]), (30001, &["failed"])] {
        let mut planned = Planned::next(FaultKind::Fail);
        planned.fault.code = Some(code);
        street.simulator.plan_fault(planned);
        street.create("Hello").await;
        for status in statuses {
            let report = street.next().await;
            assert_eq!(report.get("MessageStatus"), *status);
            let expected = if *status == "sent" { String::new() } else { code.to_string() };
            assert_eq!(report.get("ErrorCode"), expected);
        }
    }
    assert!(street.simulator.on_phone(MARIA).is_empty());
}

#[tokio::test]
async fn a_webhook_comes_twice_or_with_a_wrong_signature_first() {
    let mut street = Street::new().await;
    let mut doubled = text("twice");
    doubled.fault = Some(fault(FaultKind::Duplicate));
    street.simulator.text(doubled).await.unwrap();
    let (first, second) = (street.next().await, street.next().await);
    assert_eq!(first.get("MessageSid"), second.get("MessageSid"));
    let mut forged = text("forged");
    forged.fault = Some(fault(FaultKind::WrongSignature));
    let outcome = street.simulator.text(forged).await.unwrap().webhook.unwrap();
    assert_eq!([street.next().await.signed, street.next().await.signed], [false, true]);
    assert_eq!((outcome.attempts, outcome.accepted), (2, true));
}

#[tokio::test]
async fn behind_a_closed_door_a_text_is_kept_by_the_provider_only() {
    let mut street = Street::new().await;
    let mut lost = text("anyone?");
    lost.fault = Some(fault(FaultKind::EdgeDown));
    let outcome = street.simulator.text(lost).await.unwrap().webhook.unwrap();
    assert_eq!((outcome.accepted, outcome.attempts, outcome.status), (false, 6, None));
    street.simulator.text(text("again")).await.unwrap();
    assert_eq!(street.next().await.get("Body"), "again", "the first never came");
    assert_eq!(street.simulator.messages().len(), 2);
}

#[tokio::test]
async fn on_a_bad_monday_every_text_still_comes_through_in_the_end() {
    let mut street = Street::new().await;
    let mut monday = FaultSettings::bad_monday();
    monday.delay_up_to_ms = 20;
    street.simulator.set_faults(monday);
    let (status, burst) = street.post("/simulator/burst", json!({})).await;
    let sids: std::collections::BTreeSet<_> = burst["texts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|sent| sent["sid"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!((status, sids.len()), (201, 20));
    let mut came = std::collections::BTreeSet::new();
    while came.len() < 20 {
        let webhook = street.next().await;
        if webhook.signed {
            came.insert(webhook.get("MessageSid"));
        }
    }
    assert_eq!(came, sids);
}

#[tokio::test]
async fn the_same_seed_breaks_the_same_messages() {
    let fates = async |seed| {
        let mut config = config();
        config.seed = seed;
        config.faults = FaultSettings { fail: 0.5, ..FaultSettings::default() };
        let street = Street::with(config, "").await;
        for count in 0..12 {
            street.create(&format!("text {count}")).await;
        }
        street.simulator.messages().iter().map(|message| message.faults.len()).collect::<Vec<_>>()
    };
    assert_eq!(fates(4417).await, fates(4417).await);
    assert_ne!(fates(4417).await, fates(7).await);
}

#[tokio::test]
async fn the_control_api_shows_and_breaks_what_the_library_does() {
    let street = Street::new().await;
    let (status, sent) =
        street.post("/simulator/texts", json!({"from": MARIA, "body": "Hi", "fault": "duplicate"})).await;
    assert_eq!((status, &sent["webhook"]["accepted"]), (201, &json!(true)));
    let (_, phones) = street.get("/simulator/phones").await;
    assert_eq!(phones["phones"][0]["number"], json!(MARIA));
    let (_, shown) = street.get("/simulator/phones/+12075550188/messages").await;
    assert_eq!(
        (&shown["messages"][0]["body"], &shown["messages"][0]["sent_by"]),
        (&json!("Hi"), &json!("phone"))
    );
    let (_, log) = street.get("/simulator/messages").await;
    assert_eq!(log["messages"][0]["sid"], sent["sid"]);
    let (_, events) = street.get("/simulator/events").await;
    let ways: Vec<_> =
        events["events"].as_array().unwrap().iter().map(|event| event["direction"].as_str()).collect();
    assert!(ways.contains(&Some("to_us")) && ways.contains(&Some("webhook")), "{events}");
    let (_, later) = street.get("/simulator/events?after=1").await;
    assert_eq!(later["events"].as_array().unwrap().len(), 1);
    let (_, faults) = street.post("/simulator/bad-monday", json!({})).await;
    assert_eq!(faults["rates"]["edge_down"], json!(0.2));
    let (_, faults) = street.post("/simulator/bad-monday", json!({"on": false})).await;
    assert_eq!(faults["rates"]["edge_down"], json!(0.0));
    let (status, faults) = street
        .post("/simulator/faults/next", json!({"fault": {"kind": "fail", "code": 30008}, "count": 2}))
        .await;
    assert_eq!((status, &faults["next"][0]["count"]), (201, &json!(2)));
    assert_eq!(street.post("/simulator/reset", json!({})).await.0, 204);
    let (_, health) = street.get("/simulator/health").await;
    assert_eq!((&health["messages"], &health["lines"][0]["number"]), (&json!(0), &json!(LINE)));
    assert_eq!(street.get("/simulator/faults").await.1["next"], json!([]));
}

#[tokio::test]
async fn what_the_control_api_cannot_do_it_says_as_a_problem() {
    let street = Street::new().await;
    let put = reqwest::Method::PUT;
    for (answer, status) in [
        (street.post("/simulator/texts", json!({"body": "x"})).await, 422),
        (street.post("/simulator/texts", json!({"from": MARIA, "to": "+1999"})).await, 404),
        (street.post("/simulator/texts", json!({"from": MARIA, "fault": "gremlins"})).await, 422),
        (street.post("/simulator/burst", json!({"count": 0})).await, 422),
        (street.call(put.clone(), "/simulator/faults", Some(json!({"delay": 2}))).await, 422),
        (street.call(put, "/simulator/faults", Some(json!({"gremlins": 1}))).await, 422),
        (street.get("/simulator/events?after=x").await, 422),
        (street.get("/simulator/nowhere").await, 404),
        (street.get("/simulator/texts").await, 405),
    ] {
        assert_eq!((answer.0, &answer.1["status"]), (status, &json!(status)), "{answer:?}");
    }
    let too_much = street.simulator.text(porchlight_simulator::TextIn::default()).await;
    assert_eq!(too_much, Err(TextError::NoSender));
}

#[tokio::test]
async fn events_are_followed_live_and_resumed() {
    let street = Street::new().await;
    let url = format!("{}/simulator/events/live", street.simulator.url());
    let mut live = common::http().get(&url).send().await.unwrap();
    street.simulator.text(text("first")).await.unwrap();
    let seen = until(&mut live, "“first”").await;
    assert!(seen.contains("retry: 1000") && seen.contains("id: 1"), "{seen}");
    assert!(seen.contains(&format!("{{\"changed\":\"phone\",\"number\":\"{MARIA}\"}}")), "{seen}");
    street.simulator.text(text("second")).await.unwrap();
    let mut resumed = common::http().get(&url).header("last-event-id", "1").send().await.unwrap();
    let seen = until(&mut resumed, "“second”").await;
    assert!(seen.contains("id: 2") && !seen.contains("id: 1\n"), "{seen}");
    street.simulator.set_faults(FaultSettings::bad_monday());
    until(&mut resumed, r#"{"changed":"faults"}"#).await;
}

/// What a stream says up to some words.
async fn until(stream: &mut reqwest::Response, words: &str) -> String {
    let mut seen = String::new();
    while !seen.contains(words) {
        seen.push_str(std::str::from_utf8(&stream.chunk().await.unwrap().expect("more")).unwrap());
    }
    seen
}

/// What the page's foot says: a message is untold by a fault, or nothing explains it.
#[tokio::test]
async fn the_summary_tells_what_a_fault_explains_from_what_nothing_does() {
    let street = Street::new().await;
    let summary = async || street.get("/simulator/summary").await.1;
    street.simulator.text(text("taken")).await.unwrap();
    assert_eq!(summary().await["unexplained"], json!(0));
    let shut = text_with(FaultKind::EdgeDown);
    assert!(!street.simulator.text(shut).await.unwrap().webhook.unwrap().accepted);
    assert_eq!(
        (&summary().await["untold_by_fault"], &summary().await["unexplained"]),
        (&json!(1), &json!(0))
    );
    for _ in 0..6 {
        street.answer(500, "text/plain", "no");
    }
    street.simulator.text(text("refused")).await.unwrap();
    let end = summary().await;
    assert_eq!((&end["unexplained"], &end["messages"], &end["under_way"]), (&json!(1), &json!(3), &json!(0)));
}

fn text_with(kind: FaultKind) -> porchlight_simulator::TextIn {
    porchlight_simulator::TextIn { fault: Some(fault(kind)), ..text("with a fault") }
}
