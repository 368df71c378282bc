//! The quiet lines of the timeline, and the way back from Done.

use porchlight_domain::conversation::{Conversation, Summary};
use porchlight_domain::event::Happening;
use porchlight_domain::id::{CommandId, ConversationId, CustomerId, MessageId, StaffId};
use serde_json::{Value, json};

use crate::support::house::{COLLEAGUE, LUIS, OFFICE, business};
use crate::support::{House, Person, at, ulid};

/// The quiet lines that somebody sees, each with its author.
async fn lines(person: &Person, id: &ConversationId) -> Vec<(String, Value)> {
    let page = person.get(&format!("/api/conversations/{id}/messages")).await.expect(200);
    let messages = page["messages"].as_array().expect("messages").iter();
    let lines = messages.filter(|message| message["kind"] == "system");
    lines
        .map(|line| (line["text"].as_str().expect("text").to_owned(), line["author"]["name"].clone()))
        .collect()
}

#[tokio::test]
async fn who_assigns_closes_and_reopens_is_told_in_the_timeline() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let (ana, ben) = (house.person(OFFICE).await, house.person(COLLEAGUE).await);
    let path = format!("/api/conversations/{}", conversation.id);
    let assign = async |person: &Person, to: Option<u64>| {
        let to = to.map(ulid::<StaffId>);
        person.put(&format!("{path}/assignee"), json!({"assignee": to})).await.expect(200)
    };
    assign(&ana, Some(COLLEAGUE)).await;
    assign(&ana, Some(COLLEAGUE)).await;
    assign(&ana, Some(OFFICE)).await;
    assign(&ben, None).await;
    ben.post(&format!("{path}/close"), json!({})).await.expect(200);
    ben.post(&format!("{path}/close"), json!({})).await.expect(200);
    ana.post(&format!("{path}/reopen"), json!({})).await.expect(200);
    ana.post(&format!("{path}/done"), json!({})).await.expect(200);
    ana.post(&format!("{path}/read"), json!({})).await.expect(200);
    let told = [
        ("Ana assigned this to Ben", "Ana"),
        ("Ana took this", "Ana"),
        ("Ben unassigned this", "Ben"),
        ("Ben closed this", "Ben"),
        ("Ana reopened this", "Ana"),
    ];
    assert_eq!(lines(&ana, &conversation.id).await, told.map(|(text, by)| (text.to_owned(), json!(by))));
}

#[tokio::test]
async fn a_quiet_line_changes_neither_row_nor_unread_nor_makes_a_send_stale() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let (ana, ben) = (house.person(OFFICE).await, house.person(COLLEAGUE).await);
    let path = format!("/api/conversations/{}", conversation.id);
    let before = ana.get(&path).await.expect(200);
    let row = ben
        .put(&format!("{path}/assignee"), json!({"assignee": ulid::<StaffId>(COLLEAGUE)}))
        .await
        .expect(200);
    for field in ["last_message", "last_activity_at", "unread", "attention", "waiting_since"] {
        assert_eq!(row[field], before[field], "{field}");
    }
    assert_eq!(row["seq"], 2);
    let events = house.store.events_from(&business(), at(0), house.clock.now()).await.expect("events");
    assert_eq!(events.last().map(|event| &event.happening), Some(&Happening::MessageCreated { seq: 2 }));
    let message = json!({"id": ulid::<MessageId>(50), "text": "We come today.", "seen_seq": 1});
    assert_eq!(ana.post(&format!("{path}/messages"), message).await.expect(202)["seq"], 3);
}

#[tokio::test]
async fn crews_see_quiet_lines_but_not_those_of_a_number_that_others_share_p7() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    house.customer_with_job(1, &[LUIS]).await;
    let (ana, luis) = (house.person(OFFICE).await, house.person(LUIS).await);
    let path = format!("/api/conversations/{}/assignee", conversation.id);
    ana.put(&path, json!({"assignee": ulid::<StaffId>(LUIS)})).await.expect(200);
    assert_eq!(lines(&luis, &conversation.id).await.len(), 1);
    ana.put("/api/contacts/%2B12075550101", json!({"cannot_text": false, "shared": true})).await.expect(200);
    assert!(lines(&luis, &conversation.id).await.is_empty());
}

#[tokio::test]
async fn not_this_person_says_that_texts_are_off() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    let id: CustomerId = ulid(500);
    ana.put(&format!("/api/customers/{id}"), json!({"name": "Sam Ito"})).await.expect(200);
    let link = format!("/api/customers/{id}/contacts/%2B12075550101");
    ana.put(&link, json!({})).await.expect(200);
    ana.delete(&link).await.expect(204);
    let told = "Texts are off: Ana said that this is not the customer\u{2019}s number";
    assert_eq!(lines(&ana, &conversation.id).await, [(told.to_owned(), json!("Ana"))]);
}

#[tokio::test]
async fn undoing_done_or_close_waits_again_since_it_did() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    let path = format!("/api/conversations/{}", conversation.id);
    let waiting =
        |row: &Value| (row["attention"].clone(), row["waiting_since"].clone(), row["state"].clone());
    let before = waiting(&ana.get(&path).await.expect(200));
    for act in ["done", "close"] {
        let row = ana.post(&format!("{path}/{act}"), json!({})).await.expect(200);
        assert_eq!(row["attention"], false);
        let undo = json!({"id": ulid::<CommandId>(80)});
        let undone =
            ana.post(&format!("{path}/attention"), if act == "done" { undo } else { json!({}) }).await;
        assert_eq!(waiting(&undone.expect(200)), before, "{act}");
    }
    let late = ana.post(&format!("{path}/done"), json!({})).await.expect(200);
    let repeat =
        ana.post(&format!("{path}/attention"), json!({"id": ulid::<CommandId>(80)})).await.expect(200);
    assert_eq!(repeat["attention"], late["attention"], "a late repeat undoes nothing (P9)");
    let filtered = ana.get("/api/conversations?filter=attention").await.expect(200);
    assert_eq!(filtered["conversations"], json!([]));
}

#[tokio::test]
async fn looked_settled_is_undone_and_a_technician_calls_the_office() {
    let house = House::new().await;
    let (theirs, foreign) = (house.conversation(1).await, house.conversation(2).await);
    house.customer_with_job(1, &[LUIS]).await;
    let mut conversation: Conversation = house.reread(&theirs.id).await;
    conversation.settle();
    conversation = Conversation::restore(Summary { set_aside: None, ..(*conversation).clone() });
    let commit = house.store.commit(&business()).conversation(&mut conversation);
    commit.run().await.expect("a change");
    let luis = house.person(LUIS).await;
    let row = luis.post(&format!("/api/conversations/{}/attention", theirs.id), json!({})).await.expect(200);
    assert_eq!((&row["attention"], &row["waiting_since"]), (&json!(true), &json!(house.clock.now())));
    luis.post(&format!("/api/conversations/{}/attention", foreign.id), json!({})).await.expect(404);
    let events = house.store.events_from(&business(), at(0), house.clock.now()).await.expect("events");
    assert_eq!(events.last().map(|event| &event.happening), Some(&Happening::ConversationUpdated));
}
