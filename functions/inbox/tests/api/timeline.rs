//! What happened with a contact point, for the office (FEATURES 26, 75).

use porchlight_domain::conversation::Conversation;
use porchlight_domain::id::{CommandId, MessageId};
use serde_json::{Value, json};

use crate::support::house::{ADMIN, LUIS, OFFICE};
use crate::support::{House, Person, at, ulid};

const TIMELINE: &str = "/api/contacts/+12075550101/timeline";
const PHONE: &str =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148";

async fn page(person: &Person, query: &str) -> Value {
    person.get(&format!("{TIMELINE}{query}")).await.expect(200)
}

fn kinds(page: &Value) -> Vec<String> {
    let entries = page["entries"].as_array().expect("entries");
    let word = |entry: &Value| match entry["message"]["kind"].as_str() {
        Some(kind) => format!("message {kind}"),
        None => entry["kind"].as_str().unwrap_or_default().to_owned(),
    };
    entries.iter().map(word).collect()
}

/// Luis writes from his phone.
async fn luis_texts(house: &House, conversation: &Conversation, job: &impl serde::Serialize) {
    let luis = house.person(LUIS).await;
    let body = json!({"id": ulid::<MessageId>(50), "text": "On my **way**", "seen_seq": 9, "job_id": job});
    let path = format!("/api/conversations/{}/messages", conversation.id);
    luis.ask("POST", &path, Some(body.to_string()), &[("user-agent", PHONE)]).await.expect(202);
}

async fn busy(house: &House) -> Conversation {
    let conversation = house.conversation(1).await;
    let (_, job) = house.customer_with_job(1, &[LUIS]).await;
    luis_texts(house, &conversation, &job).await;
    let ana = house.person(OFFICE).await;
    let note = json!({"id": ulid::<MessageId>(51), "text": "He has the part"});
    ana.post(&format!("/api/conversations/{}/notes", conversation.id), note).await.expect(201);
    let later = json!({
        "id": ulid::<MessageId>(52), "text": "See you tomorrow", "seen_seq": 9, "send_at": at(7200), "force": true,
    });
    ana.post(&format!("/api/conversations/{}/messages", conversation.id), later).await.expect(202);
    let said = json!({"id": ulid::<CommandId>(60), "act": "revoke", "how": "By phone", "words": "No more"});
    ana.post("/api/contacts/+12075550101/consent", said).await.expect(200);
    conversation
}

#[tokio::test]
async fn the_office_reads_what_happened_with_who_did_it_and_from_what() {
    let house = House::new().await;
    let conversation = busy(&house).await;
    let all = page(&house.person(OFFICE).await, "").await;
    let kinds = kinds(&all);
    assert_eq!(
        kinds.first().map(String::as_str),
        Some("visit"),
        "what is ahead stands at the head: {kinds:?}"
    );
    for kind in [
        "message customer",
        "message staff",
        "message note",
        "message system",
        "consent",
        "assigned",
        "linked",
    ] {
        assert!(kinds.iter().any(|it| it == kind), "{kind} of {kinds:?}");
    }
    assert!(!all.to_string().contains("See you tomorrow"), "what waits for its time has not happened");
    assert_eq!(all["next_cursor"], Value::Null);
    let find = |kind: &str| {
        let entries = all["entries"].as_array().expect("entries");
        entries.iter().find(|it| it["message"]["kind"] == *kind || it["kind"] == *kind).expect("one").clone()
    };
    let text = find("staff");
    assert_eq!(
        (&text["by"]["name"], &text["device"], &text["channel"], &text["message"]["text"]),
        (&json!("Luis"), &json!("phone"), &json!("sms"), &json!("On my way"))
    );
    assert_eq!(text["message"]["conversation_id"], conversation.id.as_str());
    let (note, consent) = (find("note"), find("consent"));
    assert_eq!(
        (&note["by"]["name"], &note["device"]),
        (&json!("Ana"), &Value::Null),
        "no browser says what it is"
    );
    assert_eq!(
        (&consent["consent"]["act"], &consent["consent"]["how"], &consent["by"]["name"]),
        (&json!("revoke"), &json!("By phone"), &json!("Ana"))
    );
    assert_eq!(
        (&find("visit")["job"]["number"], &find("assigned")["by"]["name"]),
        (&json!(1042), &json!("Luis"))
    );
    assert_eq!(find("linked")["customer"], "Maria Alvarez");
}

#[tokio::test]
async fn page_after_page_tells_the_same_once_though_more_happens_meanwhile_p10() {
    let house = House::new().await;
    let mut conversation = busy(&house).await;
    let dana = house.person(ADMIN).await;
    let ids = |page: &Value| -> Vec<String> {
        let entries = page["entries"].as_array().expect("entries");
        entries.iter().map(|entry| entry["id"].as_str().expect("an id").to_owned()).collect()
    };
    let whole = ids(&page(&dana, "?limit=100").await);
    let mut told = Vec::new();
    let mut query = "?limit=2".to_owned();
    for turn in 0.. {
        let found = page(&dana, &query).await;
        told.extend(ids(&found));
        let Some(cursor) = found["next_cursor"].as_str() else { break };
        query = format!("?limit=2&cursor={cursor}");
        if turn == 0 {
            conversation = house.reread(&conversation.id).await;
            house.customer_writes(&mut conversation, "And the gate is open", at(4000)).await;
        }
    }
    assert_eq!(told, whole);
    assert_eq!(dana.get(&format!("{TIMELINE}?cursor=nonsense")).await.status, 400);
}

#[tokio::test]
async fn it_is_the_offices_own_and_of_the_own_business_p7() {
    let house = House::new().await;
    busy(&house).await;
    assert_eq!(house.person(LUIS).await.get(TIMELINE).await.status, 403);
    assert_eq!(house.stranger().get(TIMELINE).await.status, 401);
    let other = house.person(OFFICE + 100).await;
    assert_eq!(page(&other, "").await["entries"], json!([]));
}
