//! What wakes somebody, their own consent to be texted, and the push ladder of the business (FEATURES 92; P6, P7).

use porchlight_domain::consent::{Arrival, Consent, ConsentWord};
use porchlight_domain::staff::Staff;
use porchlight_store::consent::ConsentChange;
use serde_json::{Value, json};

use crate::support::house::{ADMIN, LUIS, MARTA, OFFICE, business, group};
use crate::support::person::Answer;
use crate::support::{House, Person, at, phone, ulid};

const MINE: &str = "/api/settings/push";
const LADDER: &str = "/api/settings/push-ladder";
/// Luis's own phone.
const HIS: u64 = 77;

/// What Luis wants, with what he says of texts.
async fn put(luis: &Person, texts: Option<bool>) -> Answer {
    let mut wants = json!({"quiet": null, "on_call": false, "office": "mine"});
    if let Some(texts) = texts {
        wants["texts"] = json!(texts);
    }
    luis.put(MINE, wants).await
}

async fn texts(luis: &Person) -> Value {
    let texts = luis.get(MINE).await.expect(200)["texts"].take();
    let listed = luis.get("/api/devices").await.expect(200)["texts"].take();
    assert_eq!(listed, texts, "one truth");
    texts
}

/// The business has his own number.
async fn has_number(house: &House) {
    let staff = house.store.staff(&business(), &ulid(LUIS)).await.expect("a read").expect("Luis");
    let staff = Staff { phone: Some(phone(HIS)), ..staff };
    house.store.put_staff(&staff).await.expect("his number");
}

/// He texts this word to our number, as the webhooks keep it.
async fn texts_us(house: &House, word: ConsentWord, seconds: u64) {
    let was = house.store.consent(&business(), &phone(HIS), &group()).await.expect("a read");
    let said = Consent::of_word(word, at(seconds)).expect("a word");
    let whose = (phone(HIS), group());
    let change = ConsentChange::decide(whose, ulid(9000 + seconds), was, said, Arrival::Fresh);
    house.store.commit(&business()).consent(&change).run().await.expect("a word");
}

#[tokio::test]
async fn whoever_has_no_number_is_not_texted_and_told_whom_to_ask() {
    let house = House::new().await;
    let luis = house.person(LUIS).await;
    assert_eq!(texts(&luis).await, json!({"allowed": false, "stopped_at": null, "number": null}));
    assert_eq!(put(&luis, Some(true)).await.problem(409), "no-number");
    assert_eq!(put(&luis, Some(false)).await.expect(200)["texts"]["allowed"], false);
}

#[tokio::test]
async fn somebody_agrees_to_texts_themselves_and_the_ledger_keeps_the_words_p6() {
    let house = House::new().await;
    has_number(&house).await;
    let luis = house.person(LUIS).await;
    assert_eq!(texts(&luis).await["allowed"], false, "nobody who has not said so");
    put(&luis, None).await.expect(200);
    assert_eq!(texts(&luis).await["allowed"], false, "left out, it stays");
    for _ in 0..2 {
        let told = put(&luis, Some(true)).await.expect(200);
        let now = json!({"allowed": true, "stopped_at": null, "number": phone(HIS)});
        assert_eq!(told["texts"], now);
    }
    put(&luis, None).await.expect(200);
    assert_eq!(texts(&luis).await["allowed"], true, "left out, it stays");
    let lines = house.store.consent_lines(&business(), &phone(HIS), &group()).await.expect("a read");
    assert_eq!(lines.len(), 1, "said twice, kept once");
    let told = &lines[0].particulars;
    assert_eq!(told.by, Some(ulid(LUIS)));
    assert!(told.words.as_deref().is_some_and(|words| words.starts_with("Text me when a customer waits")));
    put(&luis, Some(false)).await.expect(200);
    assert_eq!(texts(&luis).await, json!({"allowed": false, "stopped_at": null, "number": phone(HIS)}));
    put(&luis, Some(true)).await.expect(200);
    assert_eq!(texts(&luis).await["allowed"], true);
}

#[tokio::test]
async fn a_stop_of_their_own_ends_it_and_only_their_start_takes_it_back_p6() {
    let house = House::new().await;
    has_number(&house).await;
    let luis = house.person(LUIS).await;
    put(&luis, Some(true)).await.expect(200);
    texts_us(&house, ConsentWord::Stop, 4000).await;
    let now = texts(&luis).await;
    assert_eq!(now["allowed"], false);
    assert!(now["stopped_at"].is_string());
    assert_eq!(put(&luis, Some(true)).await.problem(409), "opted-out");
    assert_eq!(texts(&luis).await, now);
    put(&luis, Some(false)).await.expect(200);
    assert_eq!(texts(&luis).await, now, "what he said himself stands");
    texts_us(&house, ConsentWord::Start, 5000).await;
    assert_eq!(texts(&luis).await, json!({"allowed": true, "stopped_at": null, "number": phone(HIS)}));
}

#[tokio::test]
async fn the_ladder_is_off_and_an_admins_to_switch_on_p7() {
    let house = House::new().await;
    let usual = json!({"enabled": false, "text_after_minutes": 10, "alert_after_minutes": 10});
    let wanted = json!({"enabled": true, "text_after_minutes": 5, "alert_after_minutes": 15});
    for n in [OFFICE, LUIS, MARTA] {
        let person = house.person(n).await;
        assert_eq!(person.get(LADDER).await.expect(200), usual);
        assert_eq!(person.put(LADDER, wanted.clone()).await.status, 403);
    }
    assert_eq!(house.stranger().get(LADDER).await.status, 401);
    let dana = house.person(ADMIN).await;
    assert_eq!(dana.put(LADDER, wanted.clone()).await.expect(200), wanted);
    assert_eq!(dana.get(LADDER).await.expect(200), wanted);
    assert_eq!(house.person(100 + ADMIN).await.get(LADDER).await.expect(200), usual, "the other business");
    for wrong in [0, 481] {
        let wrong = json!({"enabled": true, "text_after_minutes": wrong, "alert_after_minutes": 15});
        assert_eq!(dana.put(LADDER, wrong).await.status, 422);
    }
    assert_eq!(dana.get(LADDER).await.expect(200), wanted);
}
