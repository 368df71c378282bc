//! What came in and could not be understood is visible and replayable (P1).

use porchlight_domain::business::Line;
use porchlight_store::inbound::ReceiptState;
use porchlight_store::receipts::{Receipt, ReceiptKey};
use serde_json::json;

use crate::support::house::{ADMIN, OFFICE, business, group};
use crate::support::{House, at, phone};

/// A genuine text to a number that is no line of the business.
async fn set_aside(house: &House) {
    let sid = "SM00000000000000000000000000000001".to_owned();
    let key = ReceiptKey::Message { business: business(), sid: sid.clone() };
    let fields =
        [("MessageSid", sid.as_str()), ("From", "+12075550105"), ("To", "+12075550199"), ("Body", "Hi")];
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .extend_pairs([("AccountSid", "AC00000000000000000000000000000000"), ("NumMedia", "0")])
        .finish();
    let receipt = Receipt {
        key: key.clone(),
        path: format!("/twilio/{}/messages", business()),
        headers: vec![("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned())],
        body: body.into_bytes(),
        received_at: at(30),
        state: ReceiptState::Unapplied,
    };
    house.store.put_receipt(&receipt, at(60)).await.expect("a write");
    house.store.quarantine(&key, "no line of the business has this number").await.expect("a write");
}

#[tokio::test]
async fn what_was_set_aside_is_shown_to_admins_and_understood_once_the_setting_is_mended_p1() {
    let house = House::new().await;
    set_aside(&house).await;
    let (dana, ana) = (house.person(ADMIN).await, house.person(OFFICE).await);
    assert_eq!(ana.get("/api/quarantine").await.problem(403), "forbidden");
    let page = dana.get("/api/quarantine").await.expect(200);
    let item = &page["items"][0];
    assert_eq!((&item["from"], &item["text"]), (&json!("+12075550105"), &json!("Hi")));
    let replay = format!("/api/quarantine/{}/replay", item["id"].as_str().expect("an id"));
    ana.post(&replay, json!({})).await.expect(403);
    assert_eq!(dana.post(&replay, json!({})).await.expect(200)["applied"], false);
    let line = Line { number: phone(99), group: group(), label: "Second".to_owned(), successor: None };
    house.store.put_line(&business(), &line).await.expect("a line");
    for _ in 0..2 {
        assert_eq!(dana.post(&replay, json!({})).await.expect(200)["applied"], true);
    }
    assert_eq!(dana.get("/api/quarantine").await.expect(200)["items"], json!([]));
    let list = dana.get("/api/conversations").await.expect(200);
    assert_eq!(list["conversations"][0]["contact"], "+12075550105");
}

#[tokio::test]
async fn another_businesss_tray_is_empty_and_its_ids_name_nothing_p7() {
    let house = House::new().await;
    set_aside(&house).await;
    let foreign = house.person(100 + ADMIN).await;
    assert_eq!(foreign.get("/api/quarantine").await.expect(200)["items"], json!([]));
    let id = "message.SM00000000000000000000000000000001";
    assert_eq!(
        foreign.post(&format!("/api/quarantine/{id}/replay"), json!({})).await.problem(404),
        "not-found"
    );
    assert_eq!(foreign.post("/api/quarantine/x/replay", json!({})).await.problem(404), "not-found");
}
