//! One access policy for every way to a conversation (P7).

use porchlight_domain::conversation::CustomerSummary;
use porchlight_domain::event::Happening;
use porchlight_domain::id::{CustomerId, JobId, MessageId, StaffId};
use porchlight_domain::message::{Body, Message, MessageKind};
use serde_json::{Value, json};

use crate::support::house::{LUIS, MARTA, OFFICE, business};
use crate::support::{House, Person, at, ulid};

async fn ids(person: &Person) -> Vec<String> {
    let page = person.get("/api/conversations").await.expect(200);
    let rows = page["conversations"].as_array().expect("rows");
    rows.iter().map(|row| row["id"].as_str().expect("an id").to_owned()).collect()
}

#[tokio::test]
async fn a_technician_sees_what_is_assigned_to_them_and_nothing_else_p7() {
    let house = House::new().await;
    let (theirs, foreign) = (house.conversation(1).await, house.conversation(2).await);
    house.customer_with_job(1, &[LUIS]).await;
    house.customer_with_job(2, &[MARTA]).await;
    let luis = house.person(LUIS).await;
    assert_eq!(ids(&luis).await, [theirs.id.to_string()]);
    luis.get(&format!("/api/conversations/{}", theirs.id)).await.expect(200);
    for path in ["", "/messages"] {
        let answer = luis.get(&format!("/api/conversations/{}{path}", foreign.id)).await;
        assert_eq!(answer.problem(404), "not-found");
    }
    for act in ["read", "unread", "done", "attention", "close", "reopen"] {
        luis.post(&format!("/api/conversations/{}/{act}", foreign.id), json!({})).await.expect(404);
    }
    let message = json!({"id": ulid::<MessageId>(50), "text": "Hi", "seen_seq": 1});
    luis.post(&format!("/api/conversations/{}/messages", foreign.id), message).await.expect(404);
    luis.put(&format!("/api/conversations/{}/draft", foreign.id), json!({"text": "Hi"})).await.expect(404);
    luis.put(&format!("/api/conversations/{}/assignee", foreign.id), json!({"assignee": null}))
        .await
        .expect(404);
}

#[tokio::test]
async fn a_member_who_is_not_assigned_is_only_a_candidate_p7() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    // `index` lags: it still names Luis a member.
    let commit = house.store.commit(&business()).member(&conversation.id, &ulid(LUIS), at(0));
    commit.run().await.expect("a write");
    assert!(ids(&house.person(LUIS).await).await.is_empty());
}

#[tokio::test]
async fn unassigning_ends_access_at_once_and_tells_the_live_feed_p7() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let (_, job) = house.customer_with_job(1, &[LUIS]).await;
    let (ana, luis) = (house.person(OFFICE).await, house.person(LUIS).await);
    let path = format!("/api/conversations/{}", conversation.id);
    luis.get(&path).await.expect(200);
    ana.delete(&format!("/api/jobs/{job}/assignments/{}", ulid::<StaffId>(LUIS))).await.expect(204);
    luis.get(&path).await.expect(404);
    assert!(ids(&luis).await.is_empty());
    let events = house.store.events_from(&business(), at(0), house.clock.now()).await.expect("events");
    let told = events.iter().any(|event| event.happening == Happening::AccessChanged { staff: ulid(LUIS) });
    let mut where_told = events.iter().filter_map(|event| event.conversation.as_ref());
    assert!(told && where_told.all(|told| *told == conversation.id));
    ana.put(&format!("/api/jobs/{job}/assignments/{}", ulid::<StaffId>(LUIS)), Value::Null).await.expect(200);
    luis.get(&path).await.expect(200);
}

#[tokio::test]
async fn whom_the_office_adds_sees_the_conversation_until_they_are_taken_out_p7() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let (ana, marta) = (house.person(OFFICE).await, house.person(MARTA).await);
    let path = format!("/api/conversations/{}", conversation.id);
    let participant = format!("{path}/participants/{}", ulid::<StaffId>(MARTA));
    marta.get(&path).await.expect(404);
    marta.put(&participant, Value::Null).await.expect(404);
    ana.put(&participant, Value::Null).await.expect(200);
    assert_eq!(marta.get(&path).await.expect(200)["can_send"]["reason"], "not_permitted");
    marta.put(&participant, Value::Null).await.expect(403);
    ana.delete(&participant).await.expect(204);
    marta.get(&path).await.expect(404);
}

#[tokio::test]
async fn another_business_does_not_exist_p7() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let (_, job) = house.customer_with_job(1, &[]).await;
    let foreign = house.person(100 + OFFICE).await;
    let own = house.person(OFFICE).await;
    let unknown = own.get(&format!("/api/conversations/{}", "0".repeat(32))).await;
    let theirs = foreign.get(&format!("/api/conversations/{}", conversation.id)).await;
    assert_eq!(unknown.problem(404), theirs.problem(404));
    assert_eq!(unknown.body, theirs.body, "foreign and unknown are the same answer");
    assert!(ids(&foreign).await.is_empty());
    let assignment = format!("/api/jobs/{job}/assignments/{}", ulid::<StaffId>(100 + LUIS));
    foreign.put(&assignment, Value::Null).await.expect(404);
    assert!(house.store.job(&business(), &job).await.expect("a read").is_some());
}

#[tokio::test]
async fn a_shared_number_shows_a_technician_their_own_jobs_only_p7() {
    let house = House::new().await;
    let mut conversation = house.conversation(1).await;
    let (_, job) = house.customer_with_job(1, &[LUIS]).await;
    let (ana, luis) = (house.person(OFFICE).await, house.person(LUIS).await);
    about(&house, &mut conversation, "About your job", Some(job)).await;
    about(&house, &mut conversation, "About another flat", Some(ulid(7777))).await;
    let shared = json!({"cannot_text": false, "shared": true});
    ana.put("/api/contacts/%2B12075550101", shared.clone()).await.expect(200);
    let messages = format!("/api/conversations/{}/messages", conversation.id);
    let texts = |page: Value| -> Vec<String> {
        let messages = page["messages"].as_array().expect("messages").clone();
        messages.iter().map(|message| message["text"].as_str().expect("text").to_owned()).collect()
    };
    assert_eq!(texts(luis.get(&messages).await.expect(200)), ["About your job"]);
    assert_eq!(texts(ana.get(&messages).await.expect(200)).len(), 3);
    let row = luis.get(&format!("/api/conversations/{}", conversation.id)).await.expect(200);
    assert_eq!(row["last_message"]["text"], "About your job", "the last one that is theirs to read");
    let listed = &luis.get("/api/conversations").await.expect(200)["conversations"][0];
    assert_eq!(listed["last_message"], row["last_message"]);
    let office = ana.get(&format!("/api/conversations/{}", conversation.id)).await.expect(200);
    assert_eq!(office["last_message"]["text"], "About another flat");
    assert_eq!((&row["unread"], &row["first_unread_seq"]), (&json!(0), &Value::Null), "counts would tell");
    assert_eq!(luis.get("/api/conversations").await.expect(200)["counts"]["unread"], 0);
    luis.put("/api/contacts/%2B12075550101", shared).await.expect(403);
}

#[tokio::test]
async fn a_shared_number_tells_a_technician_of_their_own_customer_only_p7() {
    let house = House::new().await;
    let mut conversation = house.conversation(1).await;
    let (mine, _) = house.customer_with_job(1, &[LUIS]).await;
    let (ana, luis) = (house.person(OFFICE).await, house.person(LUIS).await);
    ana.put(&format!("/api/customers/{mine}/contacts/%2B12075550109"), json!({})).await.expect(200);
    ana.put("/api/contacts/%2B12075550101", json!({"cannot_text": false, "shared": true})).await.expect(200);
    // Linked last, so the office's row tells of her.
    let name = "Nora Quist".to_owned();
    let nora = CustomerSummary {
        id: ulid(7777),
        name,
        lead: None,
        has_booked_job: false,
        job: None,
        street: None,
        other_jobs: Vec::new(),
    };
    conversation.know_customer(Some(nora));
    house.store.commit(&business()).conversation(&mut conversation).run().await.expect("as index does");
    let path = format!("/api/conversations/{}", conversation.id);
    let detail = luis.get(&path).await.expect(200);
    assert!(!detail.to_string().contains("Nora"), "{detail}");
    assert_eq!((&detail["name"], &detail["customer"]["id"]), (&json!("Maria Alvarez"), &json!(mine)));
    let contacts = detail["customer_detail"]["contacts"].as_array().expect("contacts").clone();
    assert_eq!(contacts.iter().map(|it| &it["contact"]).collect::<Vec<_>>(), [&json!("+12075550101")]);
    let list = luis.get("/api/conversations").await.expect(200);
    let row = &list["conversations"][0];
    assert_eq!((&row["name"], &row["customer"]), (&json!("+12075550101"), &Value::Null));
    assert_eq!(ana.get(&path).await.expect(200)["name"], "Nora Quist");
}

#[tokio::test]
async fn not_this_person_hides_earlier_history_from_later_crews_p7() {
    let house = House::new().await;
    let mut conversation = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    let before: CustomerId = ulid(500);
    ana.put(&format!("/api/customers/{before}"), json!({"name": "Sam Ito"})).await.expect(200);
    let link = |id: &CustomerId| format!("/api/customers/{id}/contacts/%2B12075550101");
    let minute = std::time::Duration::from_mins(1);
    ana.put(&link(&before), json!({})).await.expect(200);
    house.clock.advance(minute);
    ana.delete(&link(&before)).await.expect(204);
    house.clock.advance(minute);
    let (now, _) = house.customer_with_job(2, &[LUIS]).await;
    ana.put(&link(&now), json!({})).await.expect(200);
    let commit = house.store.commit(&business()).member(&conversation.id, &ulid(LUIS), at(0));
    commit.run().await.expect("a member");
    let luis = house.person(LUIS).await;
    let path = format!("/api/conversations/{}", conversation.id);
    let texts = async |person: &Person| -> Vec<String> {
        let page = person.get(&format!("{path}/messages")).await.expect(200);
        let messages = page["messages"].as_array().expect("messages").clone();
        messages.iter().map(|message| message["text"].as_str().expect("text").to_owned()).collect()
    };
    assert_eq!(luis.get(&path).await.expect(200)["last_message"], Value::Null);
    assert!(texts(&luis).await.is_empty());
    house.clock.advance(minute);
    conversation = house.reread(&conversation.id).await;
    house.customer_writes(&mut conversation, "Hello, I am new.", house.clock.now()).await;
    assert_eq!(texts(&luis).await, ["Hello, I am new."]);
    assert_eq!(luis.get(&path).await.expect(200)["last_message"]["text"], "Hello, I am new.");
    assert_eq!(texts(&ana).await.len(), 3, "the office sees all of it, and that texts went off");
}

#[tokio::test]
async fn the_offices_notes_and_a_customers_balance_are_the_offices_and_access_notes_the_crews_p7() {
    let house = House::new().await;
    let mut conversation = house.conversation(1).await;
    house.customer_with_job(1, &[LUIS]).await;
    let contact = conversation.contact().expect("a customer");
    let customer = house.store.customer_summary(&business(), contact).await.expect("a read");
    conversation.know_customer(customer);
    about(&house, &mut conversation, "Careful, pays late", None).await;
    let (ana, luis) = (house.person(OFFICE).await, house.person(LUIS).await);
    let path = format!("/api/conversations/{}", conversation.id);
    let (office, crew) = (ana.get(&path).await.expect(200), luis.get(&path).await.expect(200));
    assert_eq!(office["customer_detail"]["balance_cents"], 12_300);
    assert_eq!(crew["customer_detail"]["name"], "Maria Alvarez");
    for field in ["balance_cents", "notes"] {
        assert_eq!(crew["customer_detail"][field], Value::Null);
    }
    for detail in [&office, &crew] {
        assert_eq!(
            detail["customer_detail"]["access_notes"], "Key under the mat",
            "whoever stands at the door"
        );
    }
    assert_eq!(crew["customer_detail"]["jobs"][0]["technicians"][0]["name"], "Luis");
    assert_eq!(crew["customer_detail"]["jobs"][0]["amount_cents"], Value::Null);
}

#[tokio::test]
async fn a_note_is_passed_over_in_a_technicians_row_p7() {
    let house = House::new().await;
    let mut conversation = house.conversation(1).await;
    house.customer_with_job(1, &[LUIS]).await;
    about(&house, &mut conversation, "See you at nine", None).await;
    let (author, text) = (ulid(100 + OFFICE), "She owes us a fortune".to_owned());
    let body = Body::Note { author, text, for_crew: false, mentions: Vec::new() };
    let mut note = Message::next(&conversation, ulid(900), at(300), body);
    conversation.record_other(&note);
    let commit = house.store.commit(&business()).create_message(&mut note).conversation(&mut conversation);
    commit.run().await.expect("a note");
    let (ana, luis) = (house.person(OFFICE).await, house.person(LUIS).await);
    let path = format!("/api/conversations/{}", conversation.id);
    assert_eq!(ana.get(&path).await.expect(200)["last_message"]["text"], "She owes us a fortune");
    assert_eq!(luis.get(&path).await.expect(200)["last_message"]["text"], "See you at nine");
}

/// A message of the customer about a job.
async fn about(
    house: &House,
    conversation: &mut porchlight_domain::conversation::Conversation,
    text: &str,
    job: Option<JobId>,
) {
    let place = conversation.next_seq();
    let mut message: Message = crate::support::house::inbound(conversation, text, at(100 + place));
    message.job = job;
    assert_eq!(message.kind(), MessageKind::Customer);
    conversation.record_other(&message);
    let commit = house.store.commit(&business()).create_message(&mut message);
    commit.conversation(conversation).run().await.expect("a message");
}
