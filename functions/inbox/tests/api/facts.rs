//! What stands above the threads of a job: words and files that somebody keeps there (FEATURES 100; P7).

use porchlight_domain::conversation::InboundEffect;
use porchlight_domain::event::Happening;
use porchlight_domain::id::{FactId, JobId, MessageId};
use porchlight_domain::message::{Body, Media, Message, MessageKind};
use serde_json::{Value, json};

use crate::support::house::{LUIS, MARTA, OFFICE, business, inbound};
use crate::support::{House, Person, at, ulid};

fn path(job: &JobId) -> String {
    format!("/api/jobs/{job}/facts")
}

fn asked(n: u64, message: &Message) -> Value {
    json!({"id": ulid::<FactId>(n), "conversation_id": message.conversation, "seq": message.seq})
}

fn words(facts: &Value) -> Vec<&str> {
    facts.as_array().expect("facts").iter().map(|fact| fact["text"].as_str().unwrap_or("a file")).collect()
}

/// The customer's words of this thread; the last ones.
async fn said(house: &House, n: u64, text: &str) -> Message {
    let mut conversation = house.reread(&House::conversation_id(n)).await;
    house.customer_writes(&mut conversation, text, house.clock.now()).await;
    let last = house.timeline(&conversation.id).await.into_iter().max_by_key(|it| it.seq);
    last.expect("a message")
}

async fn seen_by(person: &Person, n: u64) -> Value {
    let detail = person.get(&format!("/api/conversations/{}", House::conversation_id(n))).await.expect(200);
    detail["customer_detail"]["jobs"][0]["facts"].clone()
}

#[tokio::test]
async fn words_of_a_thread_stand_above_it_for_the_office_and_the_crew_once() {
    let house = House::new().await;
    house.conversation(1).await;
    let (_, job) = house.customer_with_job(1, &[LUIS]).await;
    house.knows_customer(1).await;
    let [ana, luis] = [house.person(OFFICE).await, house.person(LUIS).await];
    let gate = said(&house, 1, "Hi!\nThe gate code is  4411, the dog is friendly.").await;
    let mut part = asked(1, &gate);
    part["text"] = json!("gate code is 4411");
    let kept = luis.post(&path(&job), part.clone()).await.expect(200);
    assert_eq!(words(&kept["facts"]), ["gate code is 4411"]);
    let fact = &kept["facts"][0];
    assert_eq!((&fact["by"]["name"], &fact["message_id"]), (&json!("Luis"), &json!(gate.id)));
    assert_eq!(fact["conversation_id"], json!(House::conversation_id(1)));
    assert_eq!(luis.post(&path(&job), part).await.expect(200), kept, "the same id again");
    let mut again = asked(2, &gate);
    again["text"] = json!("gate code is 4411");
    assert_eq!(ana.post(&path(&job), again).await.expect(200), kept, "the same words again");
    let whole = ana.post(&path(&job), asked(3, &gate)).await.expect(200);
    let all = "Hi! The gate code is 4411, the dog is friendly.";
    assert_eq!(words(&whole["facts"]), ["gate code is 4411", all]);
    for person in [&ana, &luis] {
        assert_eq!(seen_by(person, 1).await, whole["facts"]);
        assert_eq!(person.get(&format!("/api/jobs/{job}")).await.expect(200)["facts"], whole["facts"]);
    }
    let gone = luis.delete(&format!("{}/{}", path(&job), ulid::<FactId>(1))).await.expect(200);
    assert_eq!(words(&gone["facts"]), [all]);
    let again = luis.delete(&format!("{}/{}", path(&job), ulid::<FactId>(1))).await.expect(200);
    assert_eq!(again, gone);
    let events = house.store.events_from(&business(), at(0), house.clock.now()).await.expect("events");
    let told = events.iter().filter(|event| matches!(event.happening, Happening::JobUpdated { .. })).count();
    assert_eq!(told, 3, "two kept, one taken away, and nothing that changes nothing");
}

#[tokio::test]
async fn a_change_of_the_job_leaves_its_facts() {
    let house = House::new().await;
    house.conversation(1).await;
    let (customer, job) = house.customer_with_job(1, &[LUIS]).await;
    house.knows_customer(1).await;
    let ana = house.person(OFFICE).await;
    let gate = said(&house, 1, "Gate 4411").await;
    ana.post(&path(&job), asked(1, &gate)).await.expect(200);
    let change = json!({"customer_id": customer, "number": 7, "title": "Sump pump", "status": "completed"});
    ana.put(&format!("/api/jobs/{job}"), change).await.expect(200);
    assert_eq!(words(&seen_by(&ana, 1).await), ["Gate 4411"]);
}

#[tokio::test]
async fn only_whoever_sees_the_message_and_the_job_keeps_it_and_only_with_this_customers_job_p7() {
    let house = House::new().await;
    house.conversation(1).await;
    house.conversation(2).await;
    let (_, job) = house.customer_with_job(1, &[LUIS]).await;
    house.knows_customer(1).await;
    let (_, other) = house.customer_with_job(2, &[MARTA]).await;
    let [ana, luis, marta] =
        [house.person(OFFICE).await, house.person(LUIS).await, house.person(MARTA).await];
    let gate = said(&house, 1, "Gate 4411").await;
    assert_eq!(marta.post(&path(&job), asked(1, &gate)).await.problem(404), "not-found");
    assert_eq!(marta.post(&path(&other), asked(1, &gate)).await.problem(404), "not-found");
    assert_eq!(luis.post(&path(&other), asked(1, &gate)).await.problem(404), "not-found");
    assert_eq!(
        ana.post(&path(&other), asked(1, &gate)).await.problem(422),
        "not-a-fact",
        "another customer's"
    );
    let foreign = house.person(100 + OFFICE).await;
    assert_eq!(foreign.post(&path(&job), asked(1, &gate)).await.problem(404), "not-found");
    luis.post(&path(&job), asked(1, &gate)).await.expect(200);
    for stranger in [&marta, &foreign] {
        let gone = stranger.delete(&format!("{}/{}", path(&job), ulid::<FactId>(1))).await;
        assert_eq!(gone.problem(404), "not-found");
    }
    // What colleagues write to each other is no fact, nor is what nobody said.
    let notes = format!("/api/conversations/{}/notes", House::conversation_id(1));
    ana.post(&notes, json!({"id": ulid::<MessageId>(90), "text": "Pays late"})).await.expect(201);
    let timeline = house.timeline(&House::conversation_id(1)).await;
    let note = timeline.iter().find(|it| it.kind() == MessageKind::Note).expect("the note");
    assert_eq!(ana.post(&path(&job), asked(2, note)).await.problem(422), "not-a-fact");
    let mut invented = asked(3, &gate);
    invented["text"] = json!("Gate 4412");
    assert_eq!(ana.post(&path(&job), invented).await.problem(422), "not-a-fact");
    assert_eq!(words(&seen_by(&ana, 1).await), ["Gate 4411"]);
}

#[tokio::test]
async fn a_photo_stands_there_too_and_there_are_twelve_at_most() {
    let house = House::new().await;
    house.conversation(1).await;
    let (_, job) = house.customer_with_job(1, &[LUIS]).await;
    house.knows_customer(1).await;
    let mut conversation = house.reread(&House::conversation_id(1)).await;
    let ana = house.person(OFFICE).await;
    let mut photo: Message = inbound(&conversation, "", at(50));
    if let Body::Customer(received) = &mut photo.body {
        received.media = vec![Media::at_provider("https://example.com/1", "image/jpeg")];
    }
    conversation.record_inbound(&photo, InboundEffect::WantsAnswer { emergency: false });
    let commit = house.store.commit(&business()).create_message(&mut photo).conversation(&mut conversation);
    commit.run().await.expect("a photo");
    let page = ana.get(&format!("/api/conversations/{}/messages", conversation.id)).await.expect(200);
    let shown = page["messages"]
        .as_array()
        .expect("messages")
        .iter()
        .find(|it| it["seq"] == photo.seq)
        .expect("the photo")["media"][0]
        .clone();
    let mut first = asked(1, &photo);
    first["file"] = json!(0);
    let kept = ana.post(&path(&job), first).await.expect(200);
    assert_eq!(kept["facts"][0]["file"]["url"], shown["url"]);
    assert_eq!(
        (&kept["facts"][0]["text"], &kept["facts"][0]["file"]["kind"]),
        (&Value::Null, &json!("photo"))
    );
    assert_eq!(ana.post(&path(&job), asked(2, &photo)).await.problem(422), "not-a-fact", "it has no words");
    for n in 2..=12 {
        let text = said(&house, 1, &format!("Fact {n}")).await;
        ana.post(&path(&job), asked(n, &text)).await.expect(200);
    }
    let last = said(&house, 1, "One more").await;
    assert_eq!(ana.post(&path(&job), asked(13, &last)).await.problem(409), "too-many-facts");
    assert_eq!(seen_by(&ana, 1).await.as_array().map(Vec::len), Some(12));
}
