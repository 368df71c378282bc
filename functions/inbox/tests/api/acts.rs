//! Read, unread, done, close, reopen, assign, draft.

use porchlight_domain::event::Happening;
use porchlight_domain::id::{CommandId, StaffId};
use serde_json::{Value, json};

use crate::support::house::{COLLEAGUE, LUIS, OFFICE, business};
use crate::support::{House, at, ulid};

#[tokio::test]
async fn looking_clears_ones_own_unread_and_nobody_elses() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let (ana, ben) = (house.person(OFFICE).await, house.person(COLLEAGUE).await);
    let path = format!("/api/conversations/{}", conversation.id);
    assert_eq!(ana.get(&path).await.expect(200)["unread"], 1);
    assert_eq!(ana.post(&format!("{path}/read"), json!({})).await.expect(200)["unread"], 0);
    assert_eq!(ben.get(&path).await.expect(200)["unread"], 1);
    let unread = ana.post(&format!("{path}/unread"), Value::Null).await.expect(200);
    assert_eq!((&unread["unread"], &unread["marked_unread"]), (&json!(1), &json!(true)));
    assert_eq!(ana.ask("POST", &format!("{path}/read"), None, &[]).await.expect(200)["unread"], 0);
}

#[tokio::test]
async fn an_act_that_changes_nothing_writes_nothing() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    for _ in 0..3 {
        ana.post(&format!("/api/conversations/{}/done", conversation.id), json!({})).await.expect(200);
        ana.post(&format!("/api/conversations/{}/read", conversation.id), json!({})).await.expect(200);
    }
    let events = house.store.events_from(&business(), at(0), house.clock.now()).await.expect("events");
    let happened: Vec<&Happening> = events.iter().map(|event| &event.happening).collect();
    assert_eq!(happened.len(), 2);
    assert!(happened.contains(&&Happening::ConversationUpdated));
    assert!(happened.contains(&&Happening::ConversationMarked { staff: ulid(OFFICE) }));
}

#[tokio::test]
async fn a_late_repeat_of_a_command_undoes_nothing_p9() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let (ana, ben) = (house.person(OFFICE).await, house.person(COLLEAGUE).await);
    let path = format!("/api/conversations/{}", conversation.id);
    let close = json!({"id": ulid::<CommandId>(70)});
    assert_eq!(ana.post(&format!("{path}/close"), close.clone()).await.expect(200)["state"], "closed");
    assert_eq!(ben.post(&format!("{path}/reopen"), json!({})).await.expect(200)["state"], "open");
    assert_eq!(ana.post(&format!("{path}/close"), close.clone()).await.expect(200)["state"], "open");
    assert_eq!(ana.post(&format!("{path}/done"), close).await.problem(422), "id-used-before");
}

#[tokio::test]
async fn what_all_share_is_the_offices_to_change() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    house.customer_with_job(1, &[LUIS]).await;
    let luis = house.person(LUIS).await;
    let path = format!("/api/conversations/{}", conversation.id);
    for act in ["done", "close", "reopen"] {
        assert_eq!(luis.post(&format!("{path}/{act}"), json!({})).await.problem(403), "forbidden");
    }
    let assignee = json!({"assignee": ulid::<StaffId>(LUIS)});
    assert_eq!(luis.put(&format!("{path}/assignee"), assignee).await.problem(403), "forbidden");
    luis.post(&format!("{path}/read"), json!({})).await.expect(200);
}

#[tokio::test]
async fn a_conversation_is_somebodys_or_nobodys() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    let path = format!("/api/conversations/{}/assignee", conversation.id);
    let to_ben = ana.put(&path, json!({"assignee": ulid::<StaffId>(COLLEAGUE)})).await.expect(200);
    assert_eq!(to_ben["assignee"]["name"], "Ben");
    assert_eq!(ana.put(&path, json!({"assignee": null})).await.expect(200)["assignee"], Value::Null);
    let stranger = json!({"assignee": ulid::<StaffId>(100 + COLLEAGUE)});
    assert_eq!(ana.put(&path, stranger).await.problem(422), "unknown-staff");
    assert_eq!(ana.put(&path, json!({})).await.problem(422), "invalid");
}

#[tokio::test]
async fn a_draft_is_kept_for_its_writer_and_goes_with_the_send() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let (ana, ben) = (house.person(OFFICE).await, house.person(COLLEAGUE).await);
    let path = format!("/api/conversations/{}", conversation.id);
    let kept = ana.put(&format!("{path}/draft"), json!({"text": "We could"})).await.expect(200);
    assert_eq!(kept, json!({"text": "We could", "updated_at": house.clock.now()}));
    assert_eq!(ana.get(&path).await.expect(200)["draft"], kept);
    assert_eq!(ben.get(&path).await.expect(200)["draft"], Value::Null);
    let message = json!({"id": ulid::<CommandId>(50), "text": "We could come today.", "seen_seq": 1});
    ana.post(&format!("{path}/messages"), message).await.expect(202);
    assert_eq!(ana.get(&path).await.expect(200)["draft"], Value::Null);
    ana.put(&format!("{path}/draft"), json!({"text": "x"})).await.expect(200);
    ana.delete(&format!("{path}/draft")).await.expect(204);
    assert_eq!(ana.get(&path).await.expect(200)["draft"], Value::Null);
}

#[tokio::test]
async fn a_send_takes_away_the_words_that_it_sent_and_no_others() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    let path = format!("/api/conversations/{}", conversation.id);
    let draft = async || ana.get(&path).await.expect(200)["draft"]["text"].clone();
    ana.put(&format!("{path}/draft"), json!({"text": "About Tuesday, I would"})).await.expect(200);
    let other = json!({"id": ulid::<CommandId>(51), "text": "On our way.", "seen_seq": 9});
    ana.post(&format!("{path}/messages"), other).await.expect(202);
    assert_eq!(draft().await, "About Tuesday, I would");
    let same = json!({"id": ulid::<CommandId>(52), "text": "About Tuesday, I would say no.", "seen_seq": 9});
    ana.post(&format!("{path}/messages"), same).await.expect(202);
    assert_eq!(draft().await, Value::Null);
}

#[tokio::test]
async fn a_draft_takes_the_place_only_of_the_words_that_its_writer_knew() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    let path = format!("/api/conversations/{}/draft", conversation.id);
    let keep =
        async |text: &str, replaces: &str| ana.put(&path, json!({"text": text, "replaces": replaces})).await;
    keep("From the desk", "").await.expect(200);
    assert_eq!(keep("From the phone", "").await.problem(409), "draft-changed");
    assert_eq!(keep("", "From the phone").await.problem(409), "draft-changed");
    keep("From the desk", "whatever it was").await.expect(200);
    keep("From the desk, on", "From the desk").await.expect(200);
    keep("", "From the desk, on").await.expect(200);
    keep("Nothing is in its place", "From the desk, on").await.expect(200);
    ana.put(&path, json!({"text": "The last one wins"})).await.expect(200);
}

#[tokio::test]
async fn the_list_shows_its_reader_what_they_are_writing_and_nobody_else() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let (ana, ben) = (house.person(OFFICE).await, house.person(COLLEAGUE).await);
    let path = format!("/api/conversations/{}", conversation.id);
    ana.put(&format!("{path}/draft"), json!({"text": "We could"})).await.expect(200);
    let list = "/api/conversations";
    assert_eq!(ana.get(list).await.expect(200)["conversations"][0]["draft"]["text"], "We could");
    assert_eq!(ben.get(list).await.expect(200)["conversations"][0]["draft"], Value::Null);
    let marked = ana.post(&format!("{path}/unread"), json!({"id": ulid::<CommandId>(53)})).await.expect(200);
    assert_eq!(marked["draft"]["text"], "We could");
}
