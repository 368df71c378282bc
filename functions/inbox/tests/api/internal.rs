//! What staff write to staff: pairs and crews, by the routes of conversations.

use bytes::Bytes;
use porchlight_bucket::keys;
use porchlight_domain::conversation::Conversation;
use porchlight_domain::delivery::Delivery;
use porchlight_domain::id::{CommandId, JobId, MessageId, StaffId, UploadId};
use porchlight_domain::message::{Body, Message, MessageKind};
use porchlight_store::search::Indexed;
use serde_json::{Value, json};

use crate::support::house::{ADMIN, COLLEAGUE, LUIS, MARTA, OFFICE, business};
use crate::support::person::Answer;
use crate::support::{House, Person, ulid};

fn staff(n: u64) -> StaffId {
    ulid(n)
}

/// A command's id.
fn command(n: u64) -> CommandId {
    ulid(700_000 + n)
}

async fn open(person: &Person, n: u64, with: u64) -> Answer {
    person.post("/api/internal", json!({"id": command(n), "with": staff(with)})).await
}

async fn open_crew(person: &Person, n: u64, job: &JobId) -> Answer {
    person.post("/api/internal", json!({"id": command(n), "job": job})).await
}

fn path(thread: &Value) -> String {
    format!("/api/conversations/{}", thread["id"].as_str().expect("an id"))
}

async fn write(person: &Person, path: &str, n: u64, text: &str) -> Answer {
    let id: MessageId = ulid(800_000 + n);
    person.post(&format!("{path}/messages"), json!({"id": id, "text": text, "seen_seq": 99})).await
}

/// The ids of a list, in its order.
async fn listed(person: &Person, query: &str) -> Vec<String> {
    let page = person.get(&format!("/api/conversations?{query}")).await.expect(200);
    let rows = page["conversations"].as_array().expect("rows");
    rows.iter().map(|row| row["id"].as_str().expect("an id").to_owned()).collect()
}

async fn reread(house: &House, thread: &Value) -> Conversation {
    house.reread(&thread["id"].as_str().expect("an id").parse().expect("an id")).await
}

#[tokio::test]
async fn a_pair_is_made_once_and_is_the_two_of_them_p9() {
    let house = House::new().await;
    let (luis, ana) = (house.person(LUIS).await, house.person(OFFICE).await);
    let thread = open(&luis, 1, OFFICE).await.expect(200);
    assert_eq!((&thread["type"], &thread["party"]["kind"]), (&json!("internal"), &json!("pair")));
    assert_eq!(
        (&thread["name"], &thread["contact"], &thread["channel"]),
        (&json!("Ana"), &json!(null), &json!(null))
    );
    assert_eq!(thread["can_send"], json!({"allowed": true, "reason": null, "detail": null}));
    let members: Vec<&Value> =
        thread["members"].as_array().expect("members").iter().map(|it| &it["name"]).collect();
    assert_eq!(members, ["Ana", "Luis"]);
    assert_eq!(open(&luis, 1, OFFICE).await.expect(200)["id"], thread["id"]);
    assert_eq!(open(&luis, 2, OFFICE).await.expect(200)["id"], thread["id"]);
    assert_eq!(open(&ana, 3, LUIS).await.expect(200)["id"], thread["id"], "by either");
    assert_eq!(ana.get(&path(&thread)).await.expect(200)["name"], "Luis");
    assert_eq!(open(&luis, 1, COLLEAGUE).await.problem(422), "id-used-before");
    assert_eq!(open(&luis, 4, LUIS).await.problem(422), "oneself");
    assert_eq!(open(&luis, 5, 100 + OFFICE).await.problem(422), "unknown-staff", "of another business");
    assert_eq!(open(&luis, 6, 4_711).await.problem(422), "unknown-staff");
    luis.post("/api/internal", json!({"id": command(7)})).await.problem(422);
    let both = json!({"id": command(8), "with": staff(OFFICE), "job": staff(1)});
    luis.post("/api/internal", both).await.problem(422);
}

#[tokio::test]
async fn what_a_colleague_writes_is_there_at_once_and_unread_for_the_other_alone() {
    let house = House::new().await;
    // Without the permission to text customers.
    let (marta, ana) = (house.person(MARTA).await, house.person(OFFICE).await);
    let thread = open(&marta, 1, OFFICE).await.expect(200);
    let path = path(&thread);
    assert_eq!(listed(&ana, "type=internal").await, Vec::<String>::new(), "nobody has written yet");
    let sent = write(&marta, &path, 1, "Bring the *ladder*").await.expect(202);
    assert_eq!(
        (&sent["kind"], &sent["status"], &sent["direction"]),
        (&json!("internal"), &json!("sent"), &json!("out"))
    );
    assert_eq!(write(&marta, &path, 1, "Bring the *ladder*").await.expect(202)["seq"], sent["seq"], "P9");
    assert_eq!(write(&marta, &path, 1, "Other words").await.problem(422), "id-used-before");
    let page = ana.get("/api/conversations?type=internal").await.expect(200);
    let row = &page["conversations"][0];
    assert_eq!(
        (&row["name"], &row["unread"], &row["last_message"]["text"]),
        (&json!("Marta"), &json!(1), &json!("Bring the *ladder*"))
    );
    assert_eq!((&row["attention"], &row["consent"]), (&json!(false), &json!("open")));
    assert_eq!(ana.get(&path).await.expect(200)["first_unread_seq"], 1);
    let mine = marta.get("/api/conversations?type=internal").await.expect(200);
    assert_eq!((&mine["conversations"][0]["unread"], &mine["counts"]["unread"]), (&json!(0), &json!(0)));
    write(&ana, &path, 2, "On my way").await.expect(202);
    assert_eq!(ana.get(&path).await.expect(200)["unread"], 0, "who answers has read");
    let counts = &marta.get("/api/conversations?type=all").await.expect(200)["counts"];
    assert_eq!(
        (&counts["total"], &counts["unread"], &counts["internal_unread"]),
        (&json!(0), &json!(1), &json!(1))
    );
    assert_eq!(marta.post(&format!("{path}/read"), json!({})).await.expect(200)["unread"], 0);
    assert_eq!(marta.post(&format!("{path}/unread"), json!({})).await.expect(200)["unread"], 1);
    let messages = ana.get(&format!("{path}/messages")).await.expect(200);
    let texts: Vec<&Value> =
        messages["messages"].as_array().expect("messages").iter().map(|it| &it["text"]).collect();
    assert_eq!(texts, ["Bring the *ladder*", "On my way"]);
    for other in [ADMIN, COLLEAGUE, LUIS, 100 + OFFICE] {
        let other = house.person(other).await;
        assert_eq!(other.get(&path).await.status, 404, "admins included");
        assert_eq!(other.get(&format!("{path}/messages")).await.status, 404);
        assert_eq!(write(&other, &path, 9, "Hello").await.status, 404);
        assert!(listed(&other, "type=all").await.is_empty());
    }
    let later = json!({"id": ulid::<MessageId>(800_050), "text": "Later", "seen_seq": 0, "send_at": "2026-11-21T10:00:00Z"});
    assert_eq!(ana.post(&format!("{path}/messages"), later).await.problem(422), "no-customer");
    assert_eq!(
        ana.post(&format!("{path}/notes"), json!({"id": ulid::<MessageId>(800_051), "text": "x"}))
            .await
            .status,
        422
    );
    for act in ["done", "close", "attention", "snooze", "block"] {
        let body = if act == "snooze" {
            json!({"until": "2026-11-21T10:00:00Z"})
        } else if act == "block" {
            json!({"spam": false})
        } else {
            json!({})
        };
        assert!(matches!(ana.post(&format!("{path}/{act}"), body).await.status, 403 | 422), "{act}");
    }
}

#[tokio::test]
async fn what_waited_in_an_outbox_leaves_unread_what_came_meanwhile() {
    let house = House::new().await;
    let (luis, ana) = (house.person(LUIS).await, house.person(OFFICE).await);
    let path = path(&open(&luis, 1, OFFICE).await.expect(200));
    write(&luis, &path, 1, "Bring the ladder").await.expect(202);
    let late = json!({"id": ulid::<MessageId>(800_002), "text": "Lunch?", "seen_seq": 0});
    ana.post(&format!("{path}/messages"), late).await.expect(202);
    assert_eq!(ana.get(&path).await.expect(200)["unread"], 1, "his, and not her own");
    write(&ana, &path, 3, "I have it").await.expect(202);
    assert_eq!(ana.get(&path).await.expect(200)["unread"], 0);
}

#[tokio::test]
async fn an_internal_message_has_no_way_to_a_provider() {
    let house = House::new().await;
    let (luis, ana) = (house.person(LUIS).await, house.person(OFFICE).await);
    let thread = open(&luis, 1, OFFICE).await.expect(200);
    write(&ana, &path(&thread), 1, "Hello").await.expect(202);
    let row = reread(&house, &thread).await;
    let timeline = house.timeline(&row.id).await;
    assert!(matches!(timeline[0].body, Body::Internal { .. }) && row.route().is_none());
    let is_due = |message: &Message| message.delivery().and_then(Delivery::due_at).is_some();
    assert!(!timeline.iter().any(is_due) && timeline.iter().all(|it| it.contact().is_none()));
}

#[tokio::test]
async fn one_list_has_customers_and_colleagues_by_their_last_activity() {
    let house = House::new().await;
    let (luis, ana, ben) =
        (house.person(LUIS).await, house.person(OFFICE).await, house.person(COLLEAGUE).await);
    let customer = house.conversation(1).await;
    let (_, job) = house.customer_with_job(1, &[LUIS]).await;
    let mut threads = Vec::new();
    for (n, with) in [(1, LUIS), (2, COLLEAGUE)] {
        house.clock.advance(std::time::Duration::from_secs(1));
        let thread = open(&ana, n, with).await.expect(200);
        write(&ana, &path(&thread), n, "Hello").await.expect(202);
        threads.push(thread["id"].as_str().expect("an id").to_owned());
    }
    house.clock.advance(std::time::Duration::from_secs(1));
    let crew = open_crew(&luis, 3, &job).await.expect(200);
    write(&luis, &path(&crew), 3, "Done here").await.expect(202);
    let crew = crew["id"].as_str().expect("an id").to_owned();
    let all = [crew.clone(), threads[1].clone(), threads[0].clone(), customer.id.to_string()];
    assert_eq!(listed(&ana, "type=all").await, all);
    assert_eq!(listed(&ana, "").await, all[3..]);
    assert_eq!(listed(&ana, "type=customer").await, all[3..]);
    assert_eq!(listed(&ana, "type=internal").await, all[..3]);
    for filter in ["active", "attention", "leads", "archived"] {
        let found = listed(&ana, &format!("type=all&filter={filter}")).await;
        assert!(found.iter().all(|id| *id == all[3]), "{filter}: {found:?}");
    }
    assert!(listed(&ana, "type=internal&assigned=none").await.is_empty());
    assert_eq!(listed(&ben, "type=internal").await, [crew.clone(), threads[1].clone()]);
    assert_eq!(listed(&luis, "type=all").await, [crew.clone(), threads[0].clone(), customer.id.to_string()]);
    assert_eq!(listed(&luis, "type=internal&sort=waiting").await, [crew, threads[0].clone()]);
    let (mut cursor, mut walked) = (String::new(), Vec::new());
    loop {
        let page = ana.get(&format!("/api/conversations?type=all&limit=1{cursor}")).await.expect(200);
        walked.extend(
            page["conversations"]
                .as_array()
                .expect("rows")
                .iter()
                .map(|it| it["id"].as_str().expect("an id").to_owned()),
        );
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(walked, all, "page by page");
    let counts = &ana.get("/api/conversations?type=all").await.expect(200)["counts"];
    assert_eq!(
        (&counts["total"], counts["internal_unread"].is_u64()),
        (&json!(0), true),
        "index has not counted"
    );
}

#[tokio::test]
async fn a_crews_thread_follows_the_assignment_p7() {
    let house = House::new().await;
    let (luis, marta, ana) =
        (house.person(LUIS).await, house.person(MARTA).await, house.person(OFFICE).await);
    let (_, job) = house.customer_with_job(1, &[LUIS]).await;
    assert_eq!(open_crew(&marta, 1, &job).await.status, 404, "to her there is no such job");
    assert_eq!(open_crew(&luis, 2, &ulid(4_711)).await.status, 404);
    let thread = open_crew(&luis, 3, &job).await.expect(200);
    let path = path(&thread);
    assert_eq!((&thread["name"], &thread["party"]["job"]["number"]), (&json!("Job 1042 crew"), &json!(1042)));
    write(&luis, &path, 1, "Water is off").await.expect(202);
    assert_eq!(ana.get(&path).await.expect(200)["unread"], 1);
    assert_eq!(marta.get(&path).await.status, 404);
    let assignment = format!("/api/jobs/{job}/assignments/{}", staff(MARTA));
    ana.put(&assignment, Value::Null).await.expect(200);
    let seen = marta.get(&path).await.expect(200);
    assert_eq!(
        (&seen["unread"], seen["members"].as_array().map(Vec::len)),
        (&json!(0), Some(2)),
        "unread begins at joining"
    );
    write(&marta, &path, 2, "I am here").await.expect(202);
    ana.delete(&assignment).await.expect(204);
    assert_eq!(marta.get(&path).await.status, 404);
    assert_eq!(write(&marta, &path, 3, "Am I?").await.status, 404);
    assert_eq!(marta.delete(&format!("/api/messages/{}", ulid::<MessageId>(800_002))).await.status, 404);
    write(&ana, &path, 4, "Thanks").await.expect(202);
    assert_eq!(luis.get(&path).await.expect(200)["last_message"]["text"], "Thanks");
}

#[tokio::test]
async fn with_whoever_left_a_thread_is_read_and_not_written() {
    let house = House::new().await;
    let (dana, luis) = (house.person(ADMIN).await, house.person(LUIS).await);
    let thread = open(&luis, 1, OFFICE).await.expect(200);
    let path = path(&thread);
    write(&luis, &path, 1, "Hello").await.expect(202);
    dana.put(&format!("/api/staff/{}/disabled", staff(OFFICE)), json!({"disabled": true})).await.expect(200);
    let seen = open(&luis, 2, OFFICE).await.expect(200);
    assert_eq!((&seen["id"], &seen["can_send"]["reason"]), (&thread["id"], &json!("colleague_left")));
    assert!(!seen["may"].as_array().expect("acts").contains(&json!("write")));
    assert_eq!(seen["party"]["colleague_left"], true);
    assert_eq!(write(&luis, &path, 2, "Still there?").await.problem(409), "colleague-left");
    assert_eq!(luis.get(&format!("{path}/messages")).await.expect(200)["messages"][0]["text"], "Hello");
    assert_eq!(open(&dana, 3, OFFICE).await.problem(409), "colleague-left", "none is begun");
}

#[tokio::test]
async fn only_its_author_deletes_an_internal_message_and_a_tombstone_stays() {
    let house = House::new().await;
    let (luis, ana, dana) = (house.person(LUIS).await, house.person(OFFICE).await, house.person(ADMIN).await);
    let thread = open(&luis, 1, OFFICE).await.expect(200);
    let path = path(&thread);
    write(&luis, &path, 1, "The gate code is 4711").await.expect(202);
    write(&luis, &path, 2, "The other one is wombat").await.expect(202);
    let row = reread(&house, &thread).await;
    let before = house.store.index_conversation(&row, &Indexed::default()).await.expect("indexed");
    assert_eq!(listed(&ana, "type=all&q=wombat").await.len(), 1);
    let message = format!("/api/messages/{}", ulid::<MessageId>(800_002));
    assert_eq!(ana.delete(&message).await.status, 403, "a colleague's");
    assert_eq!(dana.delete(&message).await.status, 404, "a pair's is the two's");
    let gone = luis.delete(&message).await.expect(200);
    assert_eq!((&gone["text"], &gone["media"], &gone["seq"]), (&json!(""), &json!([]), &json!(2)));
    assert!(gone["deleted_at"].is_string());
    assert_eq!(luis.delete(&message).await.expect(200), gone, "again is harmless");
    // Before `index` has heard of it.
    assert!(listed(&ana, "type=all&q=wombat").await.is_empty());
    let within = |word: &str| format!("{path}/search?q={word}");
    assert_eq!(ana.get(&within("wombat")).await.expect(200)["total"], 0);
    let row = reread(&house, &thread).await;
    house.store.index_conversation(&row, &before).await.expect("indexed");
    assert!(listed(&luis, "type=all&q=wombat").await.is_empty());
    assert_eq!(luis.get(&within("4711")).await.expect(200)["total"], 1, "the others stay");
    let said = ana.get(&format!("{path}/messages")).await.expect(200).to_string();
    assert!(!said.contains("wombat") && said.contains("4711"));
    let row = ana.get("/api/conversations?type=internal").await.expect(200)["conversations"][0].clone();
    assert_eq!(
        (&row["last_message"]["text"], &row["last_message"]["seq"]),
        (&json!("Message deleted"), &json!(2))
    );
    house.conversation(1).await;
    let to_customer = json!({"id": ulid::<MessageId>(800_060), "text": "Soon", "seen_seq": 9});
    let customers = House::conversation_id(1);
    ana.post(&format!("/api/conversations/{customers}/messages"), to_customer).await.expect(202);
    let sent = format!("/api/messages/{}", ulid::<MessageId>(800_060));
    assert_eq!(ana.delete(&sent).await.problem(409), "not-deletable");
    assert_eq!(luis.delete(&sent).await.status, 404);
}

#[tokio::test]
async fn a_file_goes_with_an_internal_message_to_those_it_is_between_and_goes_with_it_p7() {
    let house = House::new().await;
    // Without the permission to text customers.
    let (marta, ana, dana) =
        (house.person(MARTA).await, house.person(OFFICE).await, house.person(ADMIN).await);
    let path = path(&open(&marta, 1, OFFICE).await.expect(200));
    let upload: UploadId = ulid(900);
    let asked = json!({"id": upload, "name": "valve.txt", "type": "text/plain", "size": 5});
    marta.post("/api/uploads", asked).await.expect(201);
    let key = keys::upload(&business(), upload.as_str());
    house.bucket.put(&key, Bytes::from_static(b"valve")).await.expect("a file");
    let new = json!({"id": ulid::<MessageId>(800_001), "text": "", "seen_seq": 0, "attachments": [upload]});
    let sent = marta.post(&format!("{path}/messages"), new).await.expect(202);
    assert_eq!(
        (&sent["media"][0]["name"], &sent["media"][0]["goes_as"]),
        (&json!("valve.txt"), &json!(null))
    );
    let file = sent["media"][0]["url"].as_str().expect("a url").to_owned();
    let files = std::sync::Arc::new(porchlight_files::build(house.platform("Files")).expect("its settings"));
    let status = async |person: &Person| person.asking(files.clone()).get(&file).await.status;
    assert_eq!((status(&ana).await, status(&marta).await, status(&dana).await), (200, 200, 404));
    marta.delete(&format!("/api/messages/{}", ulid::<MessageId>(800_001))).await.expect(200);
    assert_eq!((status(&ana).await, status(&marta).await), (404, 404));
}

#[tokio::test]
async fn internal_threads_are_found_by_name_and_words_by_those_they_are_between_p7() {
    let house = House::new().await;
    let (luis, ana, dana) = (house.person(LUIS).await, house.person(OFFICE).await, house.person(ADMIN).await);
    house.conversation(1).await;
    let (_, job) = house.customer_with_job(1, &[LUIS]).await;
    let pair = open(&luis, 1, OFFICE).await.expect(200);
    write(&luis, &path(&pair), 1, "The wombat valve sticks").await.expect(202);
    let crew = open_crew(&luis, 2, &job).await.expect(200);
    write(&luis, &path(&crew), 2, "Need a second zebra valve").await.expect(202);
    for thread in [&pair, &crew] {
        let row = reread(&house, thread).await;
        house.store.index_conversation(&row, &Indexed::default()).await.expect("indexed");
    }
    for (person, query, found) in [
        (&ana, "type=all&q=wombat", 1),
        (&ana, "type=internal&q=luis", 1),
        (&ana, "type=internal&q=luis%20wom", 1),
        (&ana, "q=wombat", 0),
        (&ana, "type=internal&q=1042", 1),
        (&luis, "type=all&q=wombat", 1),
        (&luis, "type=internal&q=ana", 1),
        (&luis, "type=all&q=zebra", 1),
        (&luis, "q=zebra", 0),
        (&dana, "type=all&q=wombat", 0),
        (&dana, "type=internal&q=zebra", 1),
        (&ana, "type=internal&q=heater", 0),
        (&ana, "type=internal&q=valve", 2),
        (&ana, "type=all&q=valve&limit=1", 1),
        (&luis, "type=internal&q=valve&limit=1", 1),
        (&ana, "type=all&q=nothing", 0),
    ] {
        assert_eq!(listed(person, query).await.len(), found, "{query}");
    }
    let page = ana.get("/api/conversations?type=internal&q=valve&limit=1").await.expect(200);
    assert_eq!((&page["more"], page["matches"].as_array().map(Vec::len)), (&json!(true), Some(1)));
    let page = dana.get("/api/conversations?type=internal&q=zebra").await.expect(200);
    assert_eq!(page["matches"][0]["text"], "Need a second zebra valve");
    assert_eq!(luis.get(&format!("{}/search?q=wombat", path(&pair))).await.expect(200)["total"], 1);
}

#[tokio::test]
async fn a_technician_hands_a_thread_to_the_office_once_with_their_words_p9() {
    let house = House::new().await;
    // Without the permission to text customers.
    let (marta, ana) = (house.person(MARTA).await, house.person(OFFICE).await);
    let conversation = house.conversation(1).await;
    house.customer_with_job(1, &[MARTA]).await;
    let path = format!("/api/conversations/{}", conversation.id);
    ana.post(&format!("{path}/done"), json!({})).await.expect(200);
    house.clock.advance(std::time::Duration::from_mins(5));
    let now = house.clock.now();
    let hand = json!({"id": ulid::<MessageId>(800_001), "text": "She asks about the *price*"});
    let row = marta.post(&format!("{path}/hand-to-office"), hand.clone()).await.expect(200);
    assert_eq!((&row["attention"], &row["attention_reason"]), (&json!(true), &json!("raised")));
    assert_eq!(row["waiting_since"], json!(now), "from now on");
    let timeline = house.timeline(&conversation.id).await;
    let note = timeline.last().expect("a note");
    assert_eq!((note.kind(), note.text()), (MessageKind::Note, "She asks about the *price*"));
    ana.post(&format!("{path}/done"), json!({})).await.expect(200);
    let again = marta.post(&format!("{path}/hand-to-office"), hand).await.expect(200);
    assert_eq!(again["attention"], false, "a late repeat undoes nothing");
    let other = json!({"id": ulid::<MessageId>(800_001), "text": "Other words"});
    assert_eq!(marta.post(&format!("{path}/hand-to-office"), other).await.problem(422), "id-used-before");
    let blank = json!({"id": ulid::<MessageId>(800_002), "text": "  "});
    marta.post(&format!("{path}/hand-to-office"), blank).await.problem(422);
    let luis = house.person(LUIS).await;
    let unseen = json!({"id": ulid::<MessageId>(800_003), "text": "Hello"});
    assert_eq!(luis.post(&format!("{path}/hand-to-office"), unseen).await.status, 404);
}

#[tokio::test]
async fn where_the_office_alone_writes_the_crew_reads_and_is_told_so_p7() {
    let house = House::new().await;
    let (luis, ana) = (house.person(LUIS).await, house.person(OFFICE).await);
    let conversation = house.conversation(1).await;
    house.customer_with_job(1, &[LUIS]).await;
    let path = format!("/api/conversations/{}", conversation.id);
    let switch = |n: u64, on: bool| json!({"id": command(n), "on": on});
    assert_eq!(luis.put(&format!("{path}/office-only"), switch(1, true)).await.status, 403);
    let row = ana.put(&format!("{path}/office-only"), switch(2, true)).await.expect(200);
    assert_eq!(row["office_only"], true);
    let seen = luis.get(&path).await.expect(200);
    assert_eq!(seen["can_send"]["reason"], "office_only");
    assert!(!seen["may"].as_array().expect("acts").contains(&json!("write")));
    assert_eq!(write(&luis, &path, 1, "Hello").await.problem(409), "office-only");
    let note = json!({"id": ulid::<MessageId>(800_009), "text": "Back door"});
    luis.post(&format!("{path}/notes"), note).await.expect(201);
    write(&ana, &path, 2, "Hello").await.expect(202);
    let off = ana.put(&format!("{path}/office-only"), switch(3, false)).await.expect(200);
    assert_eq!(off["office_only"], false);
    let late = ana.put(&format!("{path}/office-only"), switch(2, true)).await.expect(200);
    assert_eq!(late["office_only"], false, "a late repeat undoes nothing, P9");
    assert_eq!(luis.get(&path).await.expect(200)["can_send"]["allowed"], true);
    let told = house.timeline(&conversation.id).await;
    let told: Vec<&str> = told.iter().map(Message::text).filter(|text| text.starts_with("Ana ")).collect();
    assert_eq!(
        told,
        ["Ana made this office only: the crew reads, and cannot write", "Ana let the crew write here again"]
    );
}
