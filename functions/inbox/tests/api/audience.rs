//! Who sees a conversation, and whom the next message wakes.

use porchlight_domain::conversation::Conversation;
use porchlight_domain::device::{Address, Device, Health};
use porchlight_domain::id::{CommandId, StaffId};
use porchlight_store::sessions::SessionRecord;
use serde_json::{Value, json};

use crate::support::house::{ADMIN, LUIS, MARTA, OFFICE, business};
use crate::support::{House, Person, at, ulid};

async fn audience(person: &Person, conversation: &Conversation) -> Value {
    person.get(&format!("/api/conversations/{}/audience", conversation.id)).await.expect(200)
}

/// Each person with what becomes of a push.
fn people(audience: &Value) -> Vec<(&str, &str)> {
    let people = audience["people"].as_array().expect("people").iter();
    people.map(|it| (it["name"].as_str().expect("a name"), it["push"].as_str().expect("a word"))).collect()
}

/// A phone of theirs, in a session of its own.
async fn phone_of(house: &House, n: u64) {
    let (business, staff, digest) = (business(), ulid::<StaffId>(n), format!("session of {n}"));
    let session = SessionRecord {
        digest: digest.clone(),
        business: business.clone(),
        staff: staff.clone(),
        created_at: at(0),
        ends_at: at(86_400),
        epoch: 0,
    };
    house.store.put_session(&session).await.expect("a session");
    let device = Device {
        business,
        id: ulid(700 + n),
        staff,
        name: "iPhone".to_owned(),
        address: Address::apns(&format!("{n:064x}")),
        session: digest,
        created_at: at(0),
        last_success_at: None,
        health: Health::New,
        health_reason: None,
        endpoint: None,
    };
    house.store.put_device(&device, None, None).await.expect("a device");
}

#[tokio::test]
async fn whoever_writes_knows_who_sees_it_and_whom_it_wakes() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    house.customer_with_job(1, &[LUIS, MARTA]).await;
    let (ana, luis) = (house.person(OFFICE).await, house.person(LUIS).await);
    phone_of(&house, LUIS).await;
    let seen = audience(&ana, &conversation).await;
    let all =
        [("Ana", "others"), ("Ben", "others"), ("Dana", "others"), ("Luis", "woken"), ("Marta", "no_device")];
    assert_eq!(people(&seen), all, "the crew is woken for its job");
    assert_eq!(seen["office"], json!({"people": 3, "woken": 0}));
    let theirs = audience(&luis, &conversation).await;
    assert_eq!(people(&theirs), [("Luis", "woken"), ("Marta", "no_device")]);
    assert_eq!(theirs["office"], seen["office"], "the office is many to whoever is not of it");
    assert!(!seen.to_string().contains("iPhone"), "devices are their owners' business");
    let always = json!({"from": "00:01", "until": "00:00", "time_zone": "UTC"});
    let wants = json!({"quiet": always, "on_call": true, "office": "mine"});
    luis.put("/api/settings/push", wants).await.expect(200);
    assert_eq!(people(&audience(&ana, &conversation).await)[3], ("Luis", "quiet"));
}

#[tokio::test]
async fn where_the_whole_crew_is_off_today_the_office_is_woken() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    house.customer_with_job(1, &[LUIS, MARTA]).await;
    let ana = house.person(OFFICE).await;
    for n in [OFFICE, LUIS, MARTA] {
        phone_of(&house, n).await;
    }
    let off = async |n: u64| {
        let path = format!("/api/staff/{}/day-off", ulid::<StaffId>(n));
        ana.put(&path, json!({"id": ulid::<CommandId>(80 + n), "off": true})).await.expect(200);
    };
    off(LUIS).await;
    let seen = audience(&ana, &conversation).await;
    assert_eq!((people(&seen)[0], people(&seen)[4]), (("Ana", "others"), ("Marta", "woken")));
    off(MARTA).await;
    let seen = audience(&ana, &conversation).await;
    assert_eq!((people(&seen)[0], people(&seen)[3]), (("Ana", "woken"), ("Luis", "off")));
}

#[tokio::test]
async fn with_no_crew_the_office_is_woken_and_a_phone_that_was_signed_out_is_none() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let dana = house.person(ADMIN).await;
    phone_of(&house, OFFICE).await;
    let seen = audience(&dana, &conversation).await;
    assert_eq!(people(&seen), [("Ana", "woken"), ("Ben", "no_device"), ("Dana", "no_device")]);
    assert_eq!(seen["office"], json!({"people": 3, "woken": 1}));
    let ana = ulid::<StaffId>(OFFICE);
    dana.post(&format!("/api/staff/{ana}/sign-out"), json!({})).await.expect(204);
    assert_eq!(people(&audience(&dana, &conversation).await)[0], ("Ana", "no_device"));
}

#[tokio::test]
async fn of_a_shared_number_a_crew_is_not_told_who_works_for_the_other_customers_p7() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    house.customer_with_job(1, &[LUIS]).await;
    let (tenant, _) = house.customer_with_job(2, &[MARTA]).await;
    let (ana, luis) = (house.person(OFFICE).await, house.person(LUIS).await);
    ana.put(&format!("/api/customers/{tenant}/contacts/%2B12075550101"), json!({})).await.expect(200);
    ana.put("/api/contacts/%2B12075550101", json!({"cannot_text": false, "shared": true})).await.expect(200);
    let theirs = audience(&luis, &conversation).await;
    assert_eq!(people(&theirs).iter().map(|it| it.0).collect::<Vec<_>>(), ["Luis"]);
    assert_eq!(theirs["people"][0]["sees_part"], true);
    let seen = audience(&ana, &conversation).await;
    let crews: Vec<_> = people(&seen).into_iter().filter(|it| ["Luis", "Marta"].contains(&it.0)).collect();
    // Two jobs go on: the next message is about neither for certain, and none of the crews sees it.
    assert_eq!(crews, [("Luis", "others"), ("Marta", "others")]);
}

#[tokio::test]
async fn whoever_does_not_see_it_is_told_nothing_and_is_not_told_of_p7() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    house.customer_with_job(1, &[LUIS]).await;
    let path = format!("/api/conversations/{}/audience", conversation.id);
    for stranger in [house.person(MARTA).await, house.person(100 + OFFICE).await] {
        assert_eq!(stranger.get(&path).await.problem(404), "not-found");
    }
    let seen = audience(&house.person(OFFICE).await, &conversation).await;
    assert!(people(&seen).iter().all(|it| it.0 != "Marta"));
    house
        .person(OFFICE)
        .await
        .post(&format!("/api/conversations/{}/close", conversation.id), json!({}))
        .await;
    let seen = audience(&house.person(OFFICE).await, &conversation).await;
    assert!(people(&seen).iter().all(|it| it.0 != "Luis"), "closed, it has left the crew");
}

#[tokio::test]
async fn a_conversation_of_two_is_seen_by_the_two() {
    let house = House::new().await;
    let luis = house.person(LUIS).await;
    let with = json!({"id": ulid::<CommandId>(70), "with": ulid::<StaffId>(OFFICE)});
    let thread = luis.post("/api/internal", with).await.expect(200);
    let path = format!("/api/conversations/{}/audience", thread["id"].as_str().expect("an id"));
    let theirs = luis.get(&path).await.expect(200);
    assert_eq!(people(&theirs), [("Ana", "no_device"), ("Luis", "no_device")]);
    assert_eq!(theirs["office"], Value::Null);
}
