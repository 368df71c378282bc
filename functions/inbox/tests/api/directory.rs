//! Customers, contact points, jobs, leads and hours, by their rules.

use porchlight_domain::consent::ConsentState;
use porchlight_domain::conversation::State;
use porchlight_domain::id::{CustomerId, JobId};
use serde_json::{Value, json};

use crate::support::house::{ADMIN, LUIS, OFFICE, business, group};
use crate::support::{House, phone, ulid};

#[tokio::test]
async fn a_customer_is_put_and_put_again() {
    let house = House::new().await;
    let ana = house.person(OFFICE).await;
    let id: CustomerId = ulid(500);
    let path = format!("/api/customers/{id}");
    let put = ana.put(&path, json!({"name": "Sam Ito", "address": "4 Elm"})).await.expect(200);
    assert_eq!(
        (&put["name"], &put["balance_cents"], &put["lead"]),
        (&json!("Sam Ito"), &json!(0), &Value::Null)
    );
    let lead = ana.put(&format!("{path}/lead"), json!({"stage": "follow_up"})).await.expect(200);
    assert_eq!(lead["lead"]["stage"], "follow_up");
    let again = ana.put(&path, json!({"name": "Sam Ito Jr"})).await.expect(200);
    assert_eq!((&again["lead"]["stage"], &again["since"]), (&json!("follow_up"), &put["since"]));
    assert_eq!(ana.put(&path, json!({"name": ""})).await.problem(422), "invalid");
    let unknown = format!("/api/customers/{}/lead", ulid::<CustomerId>(501));
    assert_eq!(ana.put(&unknown, json!({"stage": null})).await.problem(404), "not-found");
    let luis = house.person(LUIS).await;
    assert_eq!(luis.put(&path, json!({"name": "X"})).await.problem(403), "forbidden");
}

#[tokio::test]
async fn what_is_no_number_is_refused_in_words_and_pasted_forms_are_read() {
    let house = House::new().await;
    let ana = house.person(OFFICE).await;
    let id: CustomerId = ulid(500);
    ana.put(&format!("/api/customers/{id}"), json!({"name": "Sam Ito"})).await.expect(200);
    for (typed, words) in [
        ("555-0142", "The area code is missing."),
        ("%2B15550142", "There is no such number."),
        ("0044%2020%207946%200958", "Write + instead of 00"),
        ("207-555-0142%20x12", "Write the number without it."),
        ("207-555-HELP", "has only digits"),
        ("%2B266696687", "hide their number"),
    ] {
        for (path, body) in [
            (format!("/api/customers/{id}/contacts/{typed}"), json!({})),
            (format!("/api/contacts/{typed}"), json!({"cannot_text": false, "shared": false})),
        ] {
            let answer = ana.put(&path, body).await;
            assert_eq!(answer.problem(422), "not-a-contact", "{path}");
            assert!(answer.body["detail"].as_str().is_some_and(|detail| detail.contains(words)), "{path}");
        }
    }
    for typed in [
        "tel:%2B1-207-555-0101",
        "%E2%80%AA207%E2%80%91555%E2%80%910101%E2%80%AC",
        "011%201%20207%20555%200101",
    ] {
        let linked = ana.put(&format!("/api/customers/{id}/contacts/{typed}"), json!({})).await.expect(200);
        assert_eq!(linked["contact"], "+12075550101", "{typed}");
    }
}

#[tokio::test]
async fn not_this_person_unlinks_dated_and_revokes_consent() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    let id: CustomerId = ulid(500);
    ana.put(&format!("/api/customers/{id}"), json!({"name": "Sam Ito"})).await.expect(200);
    let link = format!("/api/customers/{id}/contacts/(207)%20555-0101");
    let linked = ana.put(&link, json!({"label": "Sam's cell"})).await.expect(200);
    assert_eq!((&linked["contact"], &linked["channel"]), (&json!("+12075550101"), &json!("sms")));
    assert_eq!(ana.put(&link, json!({"channel": "email"})).await.problem(422), "wrong-channel");
    ana.delete(&link).await.expect(204);
    ana.delete(&link).await.expect(204);
    let facts = house.store.contact_facts(&business(), &phone(1)).await.expect("a read");
    assert_eq!(facts.links[0].unlinked_at, Some(house.clock.now()));
    assert_eq!(facts.consents[&group()].state, ConsentState::Closed);
    let now = house.reread(&conversation.id).await;
    assert!(
        now.opted_out && now.last_message.as_ref().is_some_and(|last| last.seq == 1),
        "messages stay where they are"
    );
}

#[tokio::test]
async fn booking_a_job_reopens_and_ending_it_is_dated() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let (customer, _) = house.customer_with_job(1, &[]).await;
    let ana = house.person(OFFICE).await;
    ana.post(&format!("/api/conversations/{}/close", conversation.id), json!({})).await.expect(200);
    let path = format!("/api/jobs/{}", ulid::<JobId>(600));
    let mut job = json!({"customer_id": customer, "number": 7, "title": "Leak", "status": "scheduled"});
    let booked = ana.put(&path, job.clone()).await.expect(200);
    assert_eq!((&booked["ended_at"], &booked["amount_cents"]), (&Value::Null, &json!(0)));
    assert_eq!(house.reread(&conversation.id).await.state, State::Open);
    job["status"] = json!("completed");
    let ended = ana.put(&path, job.clone()).await.expect(200);
    assert_eq!(ended["ended_at"], house.clock.now().to_string());
    house.clock.advance(std::time::Duration::from_hours(1));
    assert_eq!(ana.put(&path, job.clone()).await.expect(200)["ended_at"], ended["ended_at"]);
    job["customer_id"] = json!(ulid::<CustomerId>(501));
    assert_eq!(ana.put(&path, job.clone()).await.problem(409), "another-customers");
    let new = format!("/api/jobs/{}", ulid::<JobId>(601));
    assert_eq!(ana.put(&new, job).await.problem(422), "unknown-customer");
}

#[tokio::test]
async fn hours_are_an_admins_to_change_and_everybodys_to_know() {
    let house = House::new().await;
    let (dana, ana) = (house.person(ADMIN).await, house.person(OFFICE).await);
    let hours = json!({
        "time_zone": "America/Denver",
        "week": {"monday": [{"opens": "07:30", "closes": "12:00"}, {"opens": "13:00", "closes": "24:00"}]},
    });
    ana.put("/api/settings/hours", hours.clone()).await.expect(403);
    dana.put("/api/settings/hours", hours).await.expect(200);
    let known = ana.get("/api/settings/hours").await.expect(200);
    assert_eq!(known["week"]["monday"][1]["closes"], "24:00");
    assert_eq!((&known["time_zone"], &known["week"]["sunday"]), (&json!("America/Denver"), &json!([])));
    let wrong = json!({"time_zone": "Mars/Olympus", "week": {}});
    assert_eq!(dana.put("/api/settings/hours", wrong).await.problem(422), "invalid");
    let backwards = json!({"time_zone": "UTC", "week": {"friday": [{"opens": "12:00", "closes": "08:00"}]}});
    assert_eq!(dana.put("/api/settings/hours", backwards).await.problem(422), "invalid");
}
