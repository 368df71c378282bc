//! What wakes somebody, their own consent to be texted, and the push ladder of the business (FEATURES 92; P6, P7).

use porchlight_domain::consent::{Arrival, Consent, ConsentWord};
use porchlight_domain::id::StaffId;
use porchlight_domain::staff::Staff;
use porchlight_store::consent::ConsentChange;
use serde_json::{Value, json};

use crate::support::house::{ADMIN, LUIS, MARTA, OFFICE, business, group, line};
use crate::support::person::Answer;
use crate::support::{House, Person, at, phone, ulid};

const MINE: &str = "/api/settings/push";
const LADDER: &str = "/api/settings/push-ladder";
/// Luis's own phone.
const HIS: u64 = 77;

/// What somebody says of texts.
async fn put(person: &Person, texts: bool) -> Answer {
    person.put(MINE, json!({"texts": texts})).await
}

/// How texts stand while nothing was ever stopped.
fn never_stopped(allowed: bool, number: Option<u64>) -> Value {
    let number = number.map(phone);
    json!({"allowed": allowed, "stopped_at": null, "said_stop": false, "start_to": null, "number": number})
}

async fn texts(luis: &Person) -> Value {
    let texts = luis.get(MINE).await.expect(200)["texts"].take();
    let listed = luis.get("/api/devices").await.expect(200)["texts"].take();
    assert_eq!(listed, texts, "one truth");
    texts
}

/// The business has this number of somebody's, and no other.
async fn has_number(house: &House, whose: u64, number: Option<u64>) {
    let staff = house.store.staff(&business(), &ulid(whose)).await.expect("a read").expect("somebody");
    let staff = Staff { phone: number.map(phone), ..staff };
    house.store.put_staff(&staff).await.expect("their number");
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
    assert_eq!(texts(&luis).await, never_stopped(false, None));
    assert_eq!(put(&luis, true).await.problem(409), "no-number");
    assert_eq!(put(&luis, false).await.expect(200)["texts"]["allowed"], false);
}

#[tokio::test]
async fn somebody_agrees_to_texts_themselves_and_the_ledger_keeps_the_words_p6() {
    let house = House::new().await;
    has_number(&house, LUIS, Some(HIS)).await;
    let luis = house.person(LUIS).await;
    assert_eq!(texts(&luis).await["allowed"], false, "nobody who has not said so");
    for _ in 0..2 {
        let told = put(&luis, true).await.expect(200);
        assert_eq!(told["texts"], never_stopped(true, Some(HIS)));
    }
    let lines = house.store.consent_lines(&business(), &phone(HIS), &group()).await.expect("a read");
    assert_eq!(lines.len(), 1, "said twice, kept once");
    let told = &lines[0].particulars;
    assert_eq!(told.by, Some(ulid(LUIS)));
    assert!(told.words.as_deref().is_some_and(|words| words.starts_with("Text me when a customer waits")));
    put(&luis, false).await.expect(200);
    assert_eq!(texts(&luis).await, never_stopped(false, Some(HIS)));
    put(&luis, true).await.expect(200);
    assert_eq!(texts(&luis).await["allowed"], true);
}

#[tokio::test]
async fn a_stop_of_their_own_ends_it_and_only_their_start_takes_it_back_p6() {
    let house = House::new().await;
    has_number(&house, LUIS, Some(HIS)).await;
    let luis = house.person(LUIS).await;
    put(&luis, true).await.expect(200);
    texts_us(&house, ConsentWord::Stop, 4000).await;
    let now = texts(&luis).await;
    assert_eq!((&now["allowed"], &now["said_stop"]), (&json!(false), &json!(true)));
    assert!(now["stopped_at"].is_string());
    assert_eq!(now["start_to"], json!(line()), "where his START has to go");
    assert_eq!(put(&luis, true).await.problem(409), "opted-out");
    assert_eq!(texts(&luis).await, now);
    texts_us(&house, ConsentWord::Start, 5000).await;
    assert_eq!(texts(&luis).await, never_stopped(true, Some(HIS)));
}

#[tokio::test]
async fn whoever_said_no_in_the_app_is_not_texted_whatever_their_phone_writes_p6() {
    let house = House::new().await;
    has_number(&house, LUIS, Some(HIS)).await;
    let luis = house.person(LUIS).await;
    texts_us(&house, ConsentWord::Start, 3000).await;
    assert_eq!(texts(&luis).await, never_stopped(false, Some(HIS)), "a START is no agreement");
    put(&luis, true).await.expect(200);
    texts_us(&house, ConsentWord::Stop, 4000).await;
    put(&luis, false).await.expect(200);
    texts_us(&house, ConsentWord::Start, 5000).await;
    assert_eq!(texts(&luis).await, never_stopped(false, Some(HIS)));
}

#[tokio::test]
async fn an_agreement_is_the_persons_and_for_their_number_p6() {
    let house = House::new().await;
    has_number(&house, LUIS, Some(HIS)).await;
    let (luis, marta) = (house.person(LUIS).await, house.person(MARTA).await);
    put(&luis, true).await.expect(200);
    has_number(&house, LUIS, None).await;
    has_number(&house, MARTA, Some(HIS)).await;
    assert_eq!(
        texts(&marta).await,
        never_stopped(false, Some(HIS)),
        "the phone is hers now, the yes was his"
    );
    has_number(&house, LUIS, Some(HIS + 1)).await;
    assert_eq!(texts(&luis).await, never_stopped(false, Some(HIS + 1)), "another number was not spoken of");
    put(&luis, true).await.expect(200);
    assert_eq!(texts(&luis).await, never_stopped(true, Some(HIS + 1)));
}

#[tokio::test]
async fn an_admin_says_whose_phone_is_whose_and_what_was_agreed_to_ends_with_a_number_p6() {
    let house = House::new().await;
    let (dana, luis) = (house.person(ADMIN).await, house.person(LUIS).await);
    let set = async |whose: u64, number: Value| {
        dana.put(&format!("/api/staff/{}/phone", ulid::<StaffId>(whose)), json!({"phone": number})).await
    };
    assert_eq!(set(LUIS, json!("(207) 555-0177")).await.expect(200)["phone"], "+12075550177");
    put(&luis, true).await.expect(200);
    assert_eq!(set(MARTA, json!("+12075550177")).await.problem(409), "number-taken");
    assert_eq!(set(MARTA, json!(line())).await.problem(409), "number-taken");
    for wrong in ["24273", "mail@example.com", "555", "+19005550142", ""] {
        assert_eq!(set(MARTA, json!(wrong)).await.status, 422, "{wrong}");
    }
    assert_eq!(texts(&luis).await["allowed"], true, "nothing of it was his");
    assert_eq!(set(LUIS, Value::Null).await.expect(200)["phone"], Value::Null);
    assert_eq!(texts(&luis).await, never_stopped(false, None));
    set(LUIS, json!("+12075550177")).await.expect(200);
    assert_eq!(texts(&luis).await["allowed"], false, "he has to say it again");
    // He leaves, and his phone goes to somebody else.
    dana.put(&format!("/api/staff/{}/disabled", ulid::<StaffId>(LUIS)), json!({"disabled": true}))
        .await
        .expect(200);
    assert_eq!(set(MARTA, json!("+12075550177")).await.expect(200)["phone"], "+12075550177");
    assert_eq!(texts(&house.person(MARTA).await).await["allowed"], false);
    let all = dana.get("/api/staff").await.expect(200)["staff"].take();
    let phones = all.as_array().expect("staff").iter().filter(|one| one["phone"] == "+12075550177").count();
    assert_eq!(phones, 1);
    // An admin's own.
    assert_eq!(set(ADMIN, json!("+12075550178")).await.expect(200)["phone"], "+12075550178");
}

#[tokio::test]
async fn of_what_wakes_somebody_only_what_they_speak_of_changes() {
    let house = House::new().await;
    has_number(&house, LUIS, Some(HIS)).await;
    let luis = house.person(LUIS).await;
    let night = json!({"from": "22:00", "until": "07:00", "time_zone": "America/New_York"});
    luis.put(MINE, json!({"quiet": night, "on_call": true})).await.expect(200);
    put(&luis, true).await.expect(200);
    let now = luis.put(MINE, json!({"office": "all"})).await.expect(200);
    let all = json!({
        "quiet": night, "on_call": true, "office": "all", "texts": never_stopped(true, Some(HIS)),
    });
    assert_eq!(now, all);
    assert_eq!(luis.put(MINE, json!({})).await.expect(200), all, "nothing said");
    let awake = luis.put(MINE, json!({"quiet": null})).await.expect(200);
    assert_eq!((&awake["quiet"], &awake["on_call"]), (&Value::Null, &json!(true)));
    assert_eq!(luis.put(MINE, json!({"quiet": {"from": "22:00"}})).await.status, 422);
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
