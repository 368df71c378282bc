//! What goes later, and what is put off (RULES "Later").

use std::time::Duration;

use porchlight_domain::id::MessageId;
use porchlight_domain::time::Timestamp;
use serde_json::{Value, json};

use crate::support::house::{COLLEAGUE, LUIS, MARTA, OFFICE};
use crate::support::{House, ulid};

fn message(id: u64, text: &str, mut more: Value) -> Value {
    let mut body = json!({"id": ulid::<MessageId>(id), "text": text, "seen_seq": 1});
    let fields = body.as_object_mut().expect("an object");
    fields.append(more.as_object_mut().expect("an object"));
    body
}

fn in_hours(house: &House, hours: u64) -> String {
    (house.clock.now() + Duration::from_hours(hours)).to_string()
}

#[tokio::test]
async fn a_planned_text_is_shown_with_its_time_and_can_be_changed_and_taken_back() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let (ana, ben) = (house.person(OFFICE).await, house.person(COLLEAGUE).await);
    let path = format!("/api/conversations/{}", conversation.id);
    let (at, later) = (in_hours(&house, 24), in_hours(&house, 48));
    let body = message(50, "See you at one.", json!({"send_at": at, "cancel_on_reply": true}));
    let planned = ana.post(&format!("{path}/messages"), body.clone()).await.expect(202);
    assert_eq!(planned["status"], "scheduled");
    assert_eq!(planned["schedule"]["send_at"], at);
    assert_eq!(planned["schedule"]["cancel_on_reply"], true);
    house.clock.advance(Duration::from_hours(30));
    let again = ana.post(&format!("{path}/messages"), body).await.expect(202);
    assert_eq!(again, planned, "P9, though its time has passed");
    let other = message(50, "See you at one.", json!({"send_at": later, "cancel_on_reply": true}));
    assert_eq!(ana.post(&format!("{path}/messages"), other).await.problem(422), "id-used-before");
    assert_eq!(ben.get(&path).await.expect(200)["planned"], 1);
    let listed = ben.get(&format!("{path}/planned")).await.expect(200);
    assert_eq!(listed["messages"][0]["id"], planned["id"]);

    let one = format!("/api/messages/{}", planned["id"].as_str().expect("an id"));
    let change = json!({"text": "See you at two.", "send_at": later, "revision": 0});
    let changed = ben.put(&one, change.clone()).await.expect(200);
    assert_eq!((&changed["text"], &changed["schedule"]["revision"]), (&json!("See you at two."), &json!(1)));
    assert_eq!(ana.put(&one, change).await.problem(409), "changed-meanwhile");
    let canceled = ana.post(&format!("{one}/cancel"), json!({})).await.expect(200);
    assert_eq!(canceled["status"], "canceled");
    assert_eq!(ana.post(&format!("{one}/cancel"), json!({})).await.expect(200), canceled, "harmless again");
    assert_eq!(ana.post(&format!("{one}/send-now"), json!({})).await.problem(409), "left-already");
    assert_eq!(
        ana.put(&format!("{one}/editor"), json!({"name": "a", "open": true})).await.problem(409),
        "left-already"
    );
    assert_eq!(ben.get(&path).await.expect(200)["planned"], 0);
}

#[tokio::test]
async fn a_time_that_has_passed_or_is_more_than_a_year_ahead_is_refused_in_words() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    let path = format!("/api/conversations/{}/messages", conversation.id);
    let past = message(50, "Hi", json!({"send_at": house.clock.now().to_string()}));
    assert_eq!(ana.post(&path, past).await.problem(422), "in-the-past");
    // The same date and time next year is the last: 365 days from the first of January 1970.
    let last = house.clock.now() + Duration::from_hours(24 * 365);
    let body = message(51, "Hi", json!({"send_at": last}));
    assert_eq!(ana.post(&path, body).await.expect(202)["schedule"]["send_at"], last.to_string());
    let far = message(52, "Hi", json!({"send_at": last + Duration::from_millis(1)}));
    assert_eq!(ana.post(&path, far).await.problem(422), "too-far-ahead");
    let both = message(53, "Hi", json!({"send_at": in_hours(&house, 1), "undo_s": 5}));
    assert_eq!(ana.post(&path, both).await.problem(422), "invalid");
    let alone = message(54, "Hi", json!({"cancel_on_reply": true}));
    assert_eq!(ana.post(&path, alone).await.problem(422), "invalid");
}

#[tokio::test]
async fn a_time_with_an_offset_is_taken_as_given() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    let path = format!("/api/conversations/{}/messages", conversation.id);
    // What the clocks say five and a half hours further east.
    let eastern = |instant: Timestamp| {
        let there = instant + Duration::from_mins(330);
        there.to_string().replace('Z', "+05:30")
    };
    let now = house.clock.now();
    let soon = now + Duration::from_mins(10);
    let planned = ana.post(&path, message(50, "Hi", json!({"send_at": eastern(soon)}))).await.expect(202);
    assert_eq!(planned["schedule"]["send_at"], soon.to_string());
    let past = message(51, "Hi", json!({"send_at": eastern(now)}));
    assert_eq!(ana.post(&path, past).await.problem(422), "in-the-past");
}

#[tokio::test]
async fn what_is_held_for_a_moment_is_taken_back_and_sends_at_once_unless_asked() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    let path = format!("/api/conversations/{}/messages", conversation.id);
    let held = ana.post(&path, message(50, "Oh", json!({"undo_s": 5}))).await.expect(202);
    assert_eq!((&held["status"], &held["schedule"]["undo"]), (&json!("scheduled"), &json!(true)));
    let one = format!("/api/messages/{}", held["id"].as_str().expect("an id"));
    assert_eq!(ana.post(&format!("{one}/cancel"), json!({})).await.expect(200)["status"], "canceled");
    assert!(house.reread(&conversation.id).await.attention.is_some(), "as if nothing had been sent");
    let sent = ana.post(&path, message(51, "Hello", json!({"undo_s": 0}))).await.expect(202);
    assert_eq!((&sent["status"], &sent["schedule"]), (&json!("queued"), &json!(null)));
    assert_eq!(ana.post(&path, message(52, "Hi", json!({"undo_s": 61}))).await.problem(422), "invalid");
}

#[tokio::test]
async fn only_who_may_write_there_touches_what_waits_p7() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    house.customer_with_job(1, &[MARTA]).await;
    let (ana, luis, marta) =
        (house.person(OFFICE).await, house.person(LUIS).await, house.person(MARTA).await);
    let path = format!("/api/conversations/{}/messages", conversation.id);
    let body = message(50, "Tomorrow", json!({"send_at": in_hours(&house, 24)}));
    let planned = ana.post(&path, body).await.expect(202);
    let one = format!("/api/messages/{}", planned["id"].as_str().expect("an id"));
    for act in ["cancel", "send-now"] {
        assert_eq!(luis.post(&format!("{one}/{act}"), json!({})).await.status, 404, "none of his");
        assert_eq!(marta.post(&format!("{one}/{act}"), json!({})).await.status, 403, "she reads");
    }
    assert_eq!(luis.put(&one, json!({"text": "x"})).await.status, 404);
    assert_eq!(marta.put(&one, json!({"text": "x"})).await.status, 403);
}

#[tokio::test]
async fn a_snooze_is_the_offices_and_for_a_time_to_come() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    house.customer_with_job(1, &[LUIS]).await;
    let (ana, luis) = (house.person(OFFICE).await, house.person(LUIS).await);
    let path = format!("/api/conversations/{}", conversation.id);
    let until = in_hours(&house, 3);
    let row = ana.post(&format!("{path}/snooze"), json!({"until": until})).await.expect(200);
    assert_eq!((&row["snoozed_until"], &row["attention"]), (&json!(until), &json!(false)));
    let past = json!({"until": house.clock.now().to_string()});
    assert_eq!(ana.post(&format!("{path}/snooze"), past).await.problem(422), "in-the-past");
    assert_eq!(luis.post(&format!("{path}/snooze"), json!({"until": until})).await.status, 403);
    let row = ana.post(&format!("{path}/done"), json!({})).await.expect(200);
    assert_eq!(row["snoozed_until"], json!(null), "Done ends it");
    ana.post(&format!("{path}/snooze"), json!({"until": until})).await.expect(200);
    let row = ana.post(&format!("{path}/snooze"), json!({"until": null})).await.expect(200);
    assert_eq!(row["snoozed_until"], json!(null));
}

#[tokio::test]
async fn a_pin_is_ones_own_and_keeps_its_conversation_on_top() {
    let house = House::new().await;
    let mut ids = Vec::new();
    for n in 1..=4 {
        ids.push(house.conversation(n).await.id.clone());
    }
    let (ana, ben) = (house.person(OFFICE).await, house.person(COLLEAGUE).await);
    let order = async |who: &crate::support::Person, query: &str| -> Vec<String> {
        let page = who.get(&format!("/api/conversations{query}")).await.expect(200);
        let rows = page["conversations"].as_array().expect("rows").clone();
        rows.iter().map(|row| row["id"].as_str().expect("an id").to_owned()).collect()
    };
    let pin = format!("/api/conversations/{}/pin", ids[0]);
    assert_eq!(ana.post(&pin, json!({})).await.expect(200)["pinned"], true);
    let by = |places: [usize; 4]| places.map(|at| ids[at].to_string()).to_vec();
    assert_eq!(order(&ana, "").await, by([0, 3, 2, 1]));
    assert_eq!(order(&ben, "").await, by([3, 2, 1, 0]), "nobody else's list");
    assert_eq!(order(&ana, "?filter=archived").await, Vec::<String>::new());
    let page = ana.get("/api/conversations?limit=2").await.expect(200);
    assert_eq!(page["conversations"].as_array().map(Vec::len), Some(3));
    let next = format!("?limit=2&cursor={}", page["next_cursor"].as_str().expect("it goes on"));
    assert_eq!(order(&ana, &next).await, [ids[1].to_string()], "and not where it stood");
    ana.post(&format!("/api/conversations/{}/unpin", ids[0]), json!({})).await.expect(200);
    assert_eq!(order(&ana, "").await, by([3, 2, 1, 0]));
}
