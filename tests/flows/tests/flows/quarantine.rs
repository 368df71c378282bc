//! What cannot be understood or matched waits in the tray, visible and replayable (P1).

use porchlight_domain::business::Line;
use porchlight_domain::phone::ContactPoint;
use porchlight_flows::post::{text_fields, with_field};
use porchlight_flows::{House, Person, new_id};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::MARIA;

async fn tray(ana: &Person) -> Vec<Value> {
    ana.get("/api/quarantine?limit=200").await["items"].as_array().expect("a list").clone()
}

fn status_fields(sid: &str, status: &str) -> Vec<(String, String)> {
    let fields = [("MessageSid", sid), ("SmsSid", sid), ("MessageStatus", status), ("To", MARIA)];
    fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_misfit_is_taken_and_waits_with_its_reason_p1() {
    let house = House::new().await;
    let (ana, text) = (house.ana().await, |tag| text_fields(MARIA, "Hello?", tag));
    let misfits = [
        ("an unknown line", "line", with_field(text(1), "To", Some("+12075550199"))),
        ("no line at all", "To", with_field(text(2), "To", None)),
        ("no sender", "From", with_field(text(3), "From", None)),
        ("no SID", "MessageSid", text(4).into_iter().filter(|(name, _)| !name.ends_with("Sid")).collect()),
        (
            "a sender that is no number",
            "phone number",
            with_field(text(6), "From", Some("a sender that no carrier would pass on")),
        ),
        ("a body longer than a message", "longer", with_field(text(7), "Body", Some(&"x".repeat(250 << 10)))),
    ];
    for (what, reason, fields) in &misfits {
        house.post_signed("messages", fields).await.is_taken();
        house.post_signed("messages", fields).await.is_taken();
        let waiting = tray(&ana).await;
        let told = waiting[0]["reason"].as_str().unwrap_or_default().to_owned();
        assert!(told.contains(reason), "{what}: “{told}”");
    }
    let waiting = tray(&ana).await;
    assert_eq!(waiting.len(), misfits.len(), "each once, however often it came");
    assert_eq!(waiting.iter().filter(|it| it["text"] == "Hello?").count(), misfits.len() - 1);
    assert_eq!(ana.recount().await, (0, 0, 0));
    assert_eq!(
        house.ben().await.ask(Method::GET, "/api/quarantine", Value::Null).await.0,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn short_codes_and_words_as_senders_are_threads_that_nobody_can_answer_or_wait_in_the_tray_p1() {
    let house = House::new().await;
    let ana = house.ana().await;
    let senders = ["262966", "AMAZON", "anonymous"];
    for (tag, sender) in (1..).zip(senders) {
        house.post_signed("messages", &text_fields(sender, "Your code is 4711", tag)).await.is_taken();
    }
    let shown = ana.whole_list("filter=all", 200).await;
    let waiting = tray(&ana).await;
    assert_eq!(shown.len() + waiting.len(), senders.len(), "each is somewhere: {shown:?} {waiting:?}");
    for row in shown {
        let thread = row["id"].as_str().expect("an id");
        let detail = ana.get(&format!("/api/conversations/{thread}")).await;
        assert_eq!(detail["can_send"]["allowed"], false, "{detail}");
        assert_eq!(ana.write(thread, &new_id(), "hi", 9).await.0, StatusCode::CONFLICT);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn statuses_that_fit_nothing_wait_and_change_nothing_p1_p5() {
    let house = House::new().await;
    house.text(MARIA, "Hello?").await;
    let ana = house.ana().await;
    let thread = ana.thread(MARIA).await;
    let answer = ana.reply(&thread, "Hi").await;
    let before = ana.until_status(&thread, &answer, "delivered").await;
    let sid = "SM000000000000000000000000000000aa";
    for (path, sid, status, reason) in [
        (format!("status/{}", new_id()), "SM000000000000000000000000000000ab", "delivered", "no message"),
        ("status/nonsense".to_owned(), "SM000000000000000000000000000000ac", "delivered", "no message"),
        (format!("status/{answer}"), sid, "teleported", "status word"),
    ] {
        house.post_signed(&path, &status_fields(sid, status)).await.is_taken();
        let waiting = tray(&ana).await;
        assert!(
            waiting[0]["reason"].as_str().is_some_and(|told| told.contains(reason)),
            "{path}: {waiting:?}"
        );
    }
    house
        .post_signed(&format!("status/{answer}"), &with_field(status_fields(sid, "x"), "MessageStatus", None))
        .await
        .is_taken();
    assert_eq!(tray(&ana).await.len(), 4);
    let after = ana.until_message(&thread, &answer, |_| true, "it").await;
    // The provider's own reports may still come: "sent" after "delivered".
    let told =
        |message: &Value| ["status", "error", "delivered_at", "text"].map(|fact| message[fact].clone());
    assert_eq!(told(&after), told(&before));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_is_replayed_once_what_was_missing_is_there_p1_p2() {
    let house = House::new().await;
    let ana = house.ana().await;
    let new_line = "+12075550199";
    let fields = with_field(text_fields(MARIA, "To your new number", 1), "To", Some(new_line));
    house.post_signed("messages", &fields).await.is_taken();
    let id = tray(&ana).await[0]["id"].as_str().expect("an id").to_owned();
    let replay = format!("/api/quarantine/{id}/replay");
    let told = ana.post(&replay, json!({})).await;
    assert_eq!(told["applied"], false, "nothing was mended: {told}");
    assert_eq!(tray(&ana).await.len(), 1);

    let store = house.store();
    let lines = store.lines(&house.business).await.expect("the table answers");
    let number = ContactPoint::phone(new_line).expect("a number");
    let line = Line { number, label: "Second line".to_owned(), ..lines[0].clone() };
    store.put_line(&house.business, &line).await.expect("a line can be written");
    for _ in 0..3 {
        assert_eq!(ana.post(&replay, json!({})).await["applied"], true);
    }
    house.post_signed("messages", &fields).await.is_taken();
    assert!(tray(&ana).await.is_empty());
    let messages = ana.messages(&ana.thread(MARIA).await).await;
    assert_eq!(messages.len(), 1, "once, however often it is replayed");
    assert_eq!(ana.settled_counts().await, (1, 1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_under_a_wrong_token_is_replayed_after_the_setting_is_mended_p1() {
    let house = House::new().await;
    let ana = house.ana().await;
    house.keep_tokens(&["mistyped"]).await;
    let fields = text_fields(MARIA, "Can you hear me?", 1);
    house.post_signed("messages", &fields).await.is_refused(StatusCode::FORBIDDEN);
    let tray = ana.get("/api/quarantine?tray=unverified").await;
    let id = tray["items"][0]["id"].as_str().expect("an id").to_owned();
    let replay = format!("/api/quarantine/{id}/replay");
    assert_eq!(ana.ask(Method::POST, &replay, json!({})).await.0, StatusCode::CONFLICT, "still not genuine");
    house.keep_tokens(&[&house.credentials.auth_tokens[0]]).await;
    assert_eq!(ana.post(&replay, json!({})).await["applied"], true);
    house.post_signed("messages", &fields).await.is_taken();
    assert_eq!(ana.messages(&ana.thread(MARIA).await).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn trays_are_each_businesss_own_p7() {
    let house = House::new().await;
    let ana = house.ana().await;
    house
        .post_signed("messages", &with_field(text_fields(MARIA, "Hello?", 1), "From", None))
        .await
        .is_taken();
    let id = tray(&ana).await[0]["id"].as_str().expect("an id").to_owned();
    let next_door = house.neighbours().await;
    let their_admin = house.sign_in(&next_door.staff[0]).await;
    assert!(tray(&their_admin).await.is_empty());
    for id in [id.as_str(), "message.SM0", "nonsense", "unverified.01", "status.x"] {
        let replay = format!("/api/quarantine/{id}/replay");
        assert_eq!(their_admin.ask(Method::POST, &replay, json!({})).await.0, StatusCode::NOT_FOUND, "{id}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_that_was_left_unapplied_is_found_by_the_sweep_p1() {
    let house = House::with_still_clock().await;
    let conflict = porchlight_engine::Injection::next(porchlight_engine::Fault::TransactionConflict);
    house.faults.inject(conflict.operation("TransactWriteItems").times(10_000));
    let fields = text_fields(MARIA, "Is anybody there?", 1);
    // It is kept, so nobody need come again.
    house.post_signed("messages", &fields).await.is_taken();
    house.faults.clear();
    house.pass(std::time::Duration::from_mins(1)).await;
    let ben = house.ben().await;
    assert_eq!(ben.messages(&ben.thread(MARIA).await).await.len(), 1);
    house.post_signed("messages", &fields).await.is_taken();
    assert_eq!(ben.settled_counts().await, (1, 1, 1));
}
