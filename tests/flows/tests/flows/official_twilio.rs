//! Twilio's own library signs, and forges; and drives the simulator as it drives Twilio (P1, P2).

use porchlight_flows::post::text_fields;
use porchlight_flows::{House, LINE, peer};
use serde_json::{Map, Value, json};

use crate::MARIA;

async fn sign(house: &House, token: &str, tag: u32) -> Value {
    let fields = text_fields(MARIA, "signed by Twilio's own", tag);
    let params: Map<String, Value> = fields.into_iter().map(|(name, value)| (name, json!(value))).collect();
    let url = house.webhook("messages");
    peer::python("sign.py", json!({ "url": url, "post_to": url, "token": token, "params": params })).await
}

fn statuses(answers: &Value) -> Vec<(String, i64)> {
    let variants = answers.as_object().expect("variants by name").iter();
    variants.map(|(name, status)| (name.clone(), status.as_i64().expect("a status"))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_twilios_library_signs_is_believed_and_every_forgery_is_not_p1() {
    let house = House::new().await;
    let token = house.credentials.auth_tokens[0].clone();
    let answers = sign(&house, &token, 0x100).await;
    let (accepted, forged) = (statuses(&answers["accepted"]), statuses(&answers["forged"]));
    assert!(accepted.len() >= 3 && forged.len() >= 10, "{answers}");
    assert!(accepted.iter().all(|(_, status)| *status == 200), "{accepted:?}");
    assert!(forged.iter().all(|(_, status)| *status == 403), "{forged:?}");

    let ana = house.ana().await;
    let messages = ana.messages(&ana.thread(MARIA).await).await;
    let texts: Vec<_> = messages.iter().filter_map(|message| message["text"].as_str()).collect();
    assert_eq!(texts, ["signed by Twilio's own", "repeated keys", "with the port"], "and nothing forged");
    let tray = ana.get("/api/quarantine?tray=unverified").await;
    let receipts = tray["items"].as_array().expect("a list");
    assert_eq!(receipts.len(), forged.len(), "each forgery leaves a receipt that expires");
    assert_eq!(ana.get("/api/quarantine").await["items"], json!([]));
    assert_eq!(ana.settled_counts().await, (1, 1, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn both_tokens_are_believed_during_a_rotation_and_the_old_one_not_after() {
    let house = House::new().await;
    let signed = async |token: &str, tag| sign(&house, token, tag).await["accepted"]["plain"].clone();
    house.keep_tokens(&["the new one", "the old one"]).await;
    assert_eq!(signed("the new one", 0x200).await, 200);
    assert_eq!(signed("the old one", 0x300).await, 200);
    house.keep_tokens(&["the new one"]).await;
    assert_eq!(signed("the old one", 0x400).await, 403);
    assert_eq!(signed("the new one", 0x500).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn twilios_client_finds_in_the_simulator_what_it_finds_at_twilio() {
    let house = House::new().await;
    let asked = json!({
        "base_url": house.simulator.url(), "account_sid": house.credentials.account_sid,
        "auth_token": house.credentials.auth_tokens[0], "from": LINE, "to": MARIA,
    });
    let seen = peer::python("client.py", asked).await;
    assert!(seen["sid"].as_str().is_some_and(|sid| sid.starts_with("SM") && sid.len() == 34), "{seen}");
    assert_eq!((&seen["first_status"], &seen["direction"]), (&json!("queued"), &json!("outbound-api")));
    assert_eq!((&seen["fetched_body"], &seen["listed"]), (&json!("from the official client"), &json!(true)));
    let errors =
        ["wrong_token", "no_body", "bad_number", "too_long", "unknown_sid"].map(|name| seen[name].clone());
    let known = [
        json!([401, 20003]),
        json!([400, 21602]),
        json!([400, 21211]),
        json!([400, 21617]),
        json!([404, 20404]),
    ];
    assert_eq!(errors, known);
}
