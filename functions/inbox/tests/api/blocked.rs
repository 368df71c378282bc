//! Blocking a contact point: out of every list, kept, and back as it was.

use porchlight_domain::conversation::Conversation;
use porchlight_domain::id::MessageId;
use serde_json::{Value, json};

use crate::support::house::{COLLEAGUE, LUIS, OFFICE, business};
use crate::support::{House, Person, at, phone, ulid};

async fn ask(
    who: &Person,
    conversation: &Conversation,
    act: &str,
    body: Value,
) -> crate::support::person::Answer {
    who.post(&format!("/api/conversations/{}/{act}", conversation.id), body).await
}

async fn listed(who: &Person, query: &str) -> Vec<Value> {
    let page = who.get(&format!("/api/conversations{query}")).await.expect(200);
    page["conversations"].as_array().expect("a list").iter().map(|row| row["contact"].clone()).collect()
}

async fn blocked(who: &Person) -> Vec<Value> {
    who.get("/api/blocked").await.expect(200)["blocked"].as_array().expect("a list").clone()
}

#[tokio::test]
async fn a_blocked_thread_is_in_no_list_and_comes_back_as_it_was() {
    let house = House::new().await;
    let (first, _) = (house.conversation(1).await, house.conversation(2).await);
    let ana = house.person(OFFICE).await;
    let was = house.reread(&first.id).await;
    let row =
        ask(&ana, &first, "block", json!({"id": ulid::<MessageId>(70), "spam": true})).await.expect(200);
    assert_eq!(
        (&row["blocked"], &row["unread"], &row["attention"]),
        (&json!(true), &json!(0), &json!(false))
    );
    for filter in ["all", "active", "attention", "leads", "archived"] {
        assert!(!listed(&ana, &format!("?filter={filter}")).await.contains(&json!(phone(1))), "{filter}");
    }
    let detail = ana.get(&format!("/api/conversations/{}", first.id)).await.expect(200);
    assert_eq!((&detail["block"]["by"]["name"], &detail["block"]["spam"]), (&json!("Ana"), &json!(true)));
    assert_eq!(detail["can_send"]["reason"], "blocked");
    let text = json!({"id": ulid::<MessageId>(50), "text": "Hello", "seen_seq": 9, "force": true});
    assert_eq!(ask(&ana, &first, "messages", text).await.problem(409), "blocked");
    let row = ask(&ana, &first, "unblock", json!({})).await.expect(200);
    assert_eq!((&row["blocked"], &row["unread"]), (&json!(false), &json!(1)));
    let now = house.reread(&first.id).await;
    assert_eq!(
        (now.attention, now.customer_count, now.state),
        (was.attention, was.customer_count, was.state)
    );
    assert!(listed(&ana, "").await.contains(&json!(phone(1))));
    assert_eq!(blocked(&ana).await.len(), 0);
}

#[tokio::test]
async fn who_is_blocked_stands_in_a_list_with_who_blocked_them_the_last_first() {
    let house = House::new().await;
    let (first, second) = (house.conversation(1).await, house.conversation(2).await);
    let (ana, ben) = (house.person(OFFICE).await, house.person(COLLEAGUE).await);
    ask(&ana, &first, "block", json!({})).await.expect(200);
    house.clock.advance(std::time::Duration::from_mins(1));
    ask(&ben, &second, "block", json!({"spam": true})).await.expect(200);
    let all = blocked(&ana).await;
    let told: Vec<_> = all.iter().map(|one| (&one["contact"], &one["block"]["by"]["name"])).collect();
    assert_eq!(told, [(&json!(phone(2)), &json!("Ben")), (&json!(phone(1)), &json!("Ana"))]);
    assert_eq!(all[1]["conversation_id"], json!(first.id));
    let page = ana.get("/api/blocked?limit=1").await.expect(200);
    let cursor = page["next_cursor"].as_str().expect("it goes on");
    let rest = ana.get(&format!("/api/blocked?limit=1&cursor={cursor}")).await.expect(200);
    assert_eq!(rest["blocked"][0]["contact"], json!(phone(1)));
    assert_eq!(ana.get("/api/blocked?cursor=%21").await.status, 400);
    let foreign = house.person(100 + OFFICE).await;
    assert_eq!(blocked(&foreign).await.len(), 0);
}

#[tokio::test]
async fn blocking_is_the_offices_and_hides_the_thread_from_its_crew_p7() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    house.customer_with_job(1, &[LUIS]).await;
    let (ana, luis) = (house.person(OFFICE).await, house.person(LUIS).await);
    assert_eq!(ask(&luis, &conversation, "block", json!({})).await.problem(403), "forbidden");
    assert_eq!(luis.get("/api/blocked").await.problem(403), "forbidden");
    ask(&ana, &conversation, "block", json!({})).await.expect(200);
    let path = format!("/api/conversations/{}", conversation.id);
    assert_eq!(luis.get(&path).await.problem(404), "not-found");
    assert_eq!(ask(&luis, &conversation, "unblock", json!({})).await.problem(404), "not-found");
    let foreign = house.person(100 + OFFICE).await;
    assert_eq!(ask(&foreign, &conversation, "unblock", json!({})).await.problem(404), "not-found");
    ask(&ana, &conversation, "unblock", json!({})).await.expect(200);
    luis.get(&path).await.expect(200);
}

#[tokio::test]
async fn a_repeated_block_does_nothing_more_and_a_late_one_undoes_nothing_p9() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    let command = json!({"id": ulid::<MessageId>(70)});
    ask(&ana, &conversation, "block", command.clone()).await.expect(200);
    ask(&ana, &conversation, "block", command.clone()).await.expect(200);
    assert_eq!(house.timeline(&conversation.id).await.len(), 2, "one quiet line tells of it");
    ask(&ana, &conversation, "unblock", json!({})).await.expect(200);
    let late = ask(&ana, &conversation, "block", command).await.expect(200);
    assert_eq!(late["blocked"], false);
    let other = json!({"id": ulid::<MessageId>(70), "spam": true});
    assert_eq!(ask(&ana, &conversation, "block", other).await.problem(422), "id-used-before");
}

#[tokio::test]
async fn what_else_is_said_of_a_number_leaves_its_block_alone() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    ask(&ana, &conversation, "block", json!({})).await.expect(200);
    let said = json!({"cannot_text": true, "shared": true});
    ana.put(&format!("/api/contacts/{}", phone(1)), said).await.expect(200);
    let record = house.store.contact(&business(), &phone(1)).await.expect("a read").expect("a record");
    assert!(record.block.is_some() && record.cannot_text && record.shared);
    assert!(record.block.is_some_and(|block| block.at >= at(0)));
    assert_eq!(blocked(&ana).await.len(), 1);
}
