//! Notes, mentions, presence: what staff say to staff inside a customer's thread.

use porchlight_domain::event::Happening;
use porchlight_domain::id::{MessageId, StaffId};
use porchlight_domain::message::{Message, MessageKind};
use serde_json::{Value, json};

use crate::support::house::{COLLEAGUE, LUIS, MARTA, OFFICE, business};
use crate::support::{House, Person, at, ulid};

fn note(n: u64, text: &str) -> Value {
    json!({"id": ulid::<MessageId>(n), "text": text})
}

fn naming(n: u64, text: &str, crew: bool, people: &[u64]) -> Value {
    let mentions: Vec<StaffId> = people.iter().map(|n| ulid(*n)).collect();
    json!({"id": ulid::<MessageId>(n), "text": text, "crew": crew, "mentions": mentions})
}

async fn texts(person: &Person, path: &str) -> Vec<String> {
    let page = person.get(&format!("{path}/messages")).await.expect(200);
    let messages = page["messages"].as_array().expect("a page").clone();
    messages.iter().map(|message| message["text"].as_str().expect("a text").to_owned()).collect()
}

#[tokio::test]
async fn a_note_stands_in_the_thread_and_changes_nothing_of_the_customers_matter() {
    let house = House::new().await;
    let before = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    let path = format!("/api/conversations/{}", before.id);
    let was = ana.get(&path).await.expect(200);
    let written = ana.post(&format!("{path}/notes"), note(70, "Dog in the **yard**")).await.expect(201);
    let facts = (&written["kind"], &written["direction"], &written["status"], &written["crew"]);
    assert_eq!(facts, (&json!("note"), &json!("out"), &json!("received"), &json!(false)));
    assert_eq!(
        (&written["text"], &written["author"]["name"]),
        (&json!("Dog in the **yard**"), &json!("Ana"))
    );
    let is = ana.get(&path).await.expect(200);
    for same in ["unread", "attention", "waiting_since", "state", "last_activity_at", "assignee"] {
        assert_eq!(is[same], was[same], "{same}");
    }
    assert_eq!(is["last_message"]["kind"], "note");
    let after = house.reread(&before.id).await;
    assert_eq!((after.customer_count, after.answered_count, after.seq), (1, 0, 2));
}

#[tokio::test]
async fn a_note_opens_nothing_that_is_closed_or_snoozed() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    let path = format!("/api/conversations/{}", conversation.id);
    ana.post(&format!("{path}/close"), json!({})).await.expect(200);
    ana.post(&format!("{path}/notes"), note(70, "Paid in cash")).await.expect(201);
    assert_eq!(ana.get(&path).await.expect(200)["state"], "closed");
}

#[tokio::test]
async fn the_same_note_again_is_the_same_answer_and_another_under_its_id_is_refused_p9() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let (ana, ben) = (house.person(OFFICE).await, house.person(COLLEAGUE).await);
    let path = format!("/api/conversations/{}/notes", conversation.id);
    let first = ana.post(&path, note(70, "Dog")).await.expect(201);
    assert_eq!(ana.post(&path, note(70, "Dog")).await.expect(201), first);
    assert_eq!(house.timeline(&conversation.id).await.len(), 2);
    assert_eq!(ana.post(&path, note(70, "Cat")).await.problem(422), "id-used-before");
    assert_eq!(ben.post(&path, note(70, "Dog")).await.problem(422), "id-used-before");
    let as_text = json!({"id": ulid::<MessageId>(70), "text": "Dog", "seen_seq": 9});
    let messages = format!("/api/conversations/{}/messages", conversation.id);
    assert_eq!(ana.post(&messages, as_text).await.problem(422), "id-used-before", "a note is never sent");
}

#[tokio::test]
async fn what_says_nothing_or_too_much_is_refused_in_words() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    let path = format!("/api/conversations/{}/notes", conversation.id);
    for text in ["", "  \n", "\u{200b}\u{2060}", &"x".repeat(10_000)] {
        let answer = ana.post(&path, note(70, text)).await;
        assert_eq!(answer.problem(422), "invalid");
        assert!(answer.body["detail"].as_str().is_some_and(|detail| detail.starts_with("text must")));
    }
    ana.post(&path, note(70, &"\u{1f4a7}".repeat(5_000))).await.expect(201);
    let everybody: Vec<u64> = (0..21).collect();
    assert_eq!(ana.post(&path, naming(71, "All", false, &everybody)).await.problem(422), "invalid");
}

#[tokio::test]
async fn the_crew_reads_the_crews_notes_and_never_the_offices_p7() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    house.customer_with_job(1, &[LUIS]).await;
    let (ana, luis) = (house.person(OFFICE).await, house.person(LUIS).await);
    let path = format!("/api/conversations/{}", conversation.id);
    let notes = format!("{path}/notes");
    ana.post(&notes, naming(70, "Gate code 4417", true, &[])).await.expect(201);
    let hidden = ana.post(&notes, note(71, "Pays late")).await.expect(201);
    assert_eq!(texts(&luis, &path).await, ["My water heater leaks.", "Gate code 4417"]);
    let row = luis.get(&path).await.expect(200);
    assert_eq!(row["last_message"]["text"], "Gate code 4417", "the last one that is theirs to read");
    let list = luis.get("/api/conversations").await.expect(200);
    assert_eq!(list["conversations"][0]["last_message"]["text"], "Gate code 4417");
    assert!(!list.to_string().contains("Pays late"));
    let around = format!("{path}/messages?around={}", hidden["seq"]);
    assert!(!luis.get(&around).await.expect(200).to_string().contains("Pays late"));
    assert_eq!(row["unread"], 1, "a note is nobody's unread");
}

#[tokio::test]
async fn a_technicians_note_is_for_the_crew_too_and_takes_no_permission_to_text() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    house.customer_with_job(1, &[MARTA, LUIS]).await;
    let (marta, luis) = (house.person(MARTA).await, house.person(LUIS).await);
    let path = format!("/api/conversations/{}", conversation.id);
    let written = marta.post(&format!("{path}/notes"), note(70, "Valve is stuck")).await.expect(201);
    assert_eq!(written["crew"], true);
    assert_eq!(texts(&luis, &path).await.last().map(String::as_str), Some("Valve is stuck"));
    assert_eq!(texts(&marta, &path).await.last().map(String::as_str), Some("Valve is stuck"));
}

#[tokio::test]
async fn whoever_does_not_see_the_thread_can_neither_note_nor_look_p7() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    house.customer_with_job(1, &[LUIS]).await;
    let path = format!("/api/conversations/{}", conversation.id);
    for stranger in [house.person(MARTA).await, house.person(100 + OFFICE).await] {
        assert_eq!(stranger.post(&format!("{path}/notes"), note(70, "Hi")).await.problem(404), "not-found");
        assert_eq!(stranger.get(&format!("{path}/readers")).await.problem(404), "not-found");
        let typing = json!({"typing": true});
        assert_eq!(stranger.post(&format!("{path}/presence"), typing).await.problem(404), "not-found");
    }
    assert_eq!(house.timeline(&conversation.id).await.len(), 1);
}

#[tokio::test]
async fn a_mention_marks_the_thread_for_its_person_until_they_look() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let (ana, ben) = (house.person(OFFICE).await, house.person(COLLEAGUE).await);
    let path = format!("/api/conversations/{}", conversation.id);
    ben.post(&format!("{path}/read"), json!({})).await.expect(200);
    let twice = naming(70, "@Ben have a look", false, &[COLLEAGUE, OFFICE, COLLEAGUE]);
    let written = ana.post(&format!("{path}/notes"), twice).await.expect(201);
    let named: Vec<&Value> =
        written["mentions"].as_array().expect("people").iter().map(|it| &it["name"]).collect();
    assert_eq!(named, ["Ana", "Ben"], "each once");
    let row = ben.get(&path).await.expect(200);
    assert_eq!((&row["unread"], &row["mentioned_seq"]), (&json!(1), &json!(2)));
    let own = ana.get(&path).await.expect(200);
    assert_eq!(own["mentioned_seq"], Value::Null, "nobody is told of their own words");
    let events = house.store.events_from(&business(), at(0), house.clock.now()).await.expect("events");
    let told = Happening::ConversationMarked { staff: ulid(COLLEAGUE) };
    assert_eq!(
        events.iter().filter(|event| event.happening == told).count(),
        2,
        "by looking, and by the note"
    );
    let read = ben.post(&format!("{path}/read"), json!({})).await.expect(200);
    assert_eq!((&read["unread"], &read["mentioned_seq"]), (&json!(0), &Value::Null));
}

#[tokio::test]
async fn a_mention_of_somebody_who_could_not_read_it_is_told_before_anything_is_written_p7() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    house.customer_with_job(1, &[LUIS]).await;
    let mut left = house.store.staff(&business(), &ulid(COLLEAGUE)).await.expect("a read").expect("Ben");
    left.disabled_at = Some(at(10));
    house.store.put_staff(&left).await.expect("put");
    let ana = house.person(OFFICE).await;
    let path = format!("/api/conversations/{}", conversation.id);
    let notes = format!("{path}/notes");
    for (people, crew, reads, why) in [
        (&[COLLEAGUE][..], false, "none", "no longer works here"),
        (&[MARTA], true, "none", "does not see this conversation"),
        (&[LUIS], false, "crew", "does not see the office\u{2019}s notes"),
    ] {
        let answer = ana.post(&notes, naming(70, "@you", crew, people)).await;
        assert_eq!(answer.problem(422), "mention-unread");
        assert_eq!(answer.body["people"][0]["reads"], reads);
        assert!(answer.body["detail"].as_str().is_some_and(|detail| detail.contains(why)), "{}", answer.body);
    }
    assert_eq!(
        ana.post(&notes, naming(70, "@x", false, &[100 + OFFICE])).await.problem(422),
        "unknown-staff"
    );
    assert_eq!(house.timeline(&conversation.id).await.len(), 1);
    ana.post(&notes, naming(70, "@Luis", true, &[LUIS])).await.expect(201);
    let luis = house.person(LUIS).await;
    assert_eq!(luis.get(&path).await.expect(200)["mentioned_seq"], 2);
}

#[tokio::test]
async fn who_would_read_a_note_is_told_for_those_who_work_here() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    house.customer_with_job(1, &[LUIS]).await;
    let ana = house.person(OFFICE).await;
    let answer = ana.get(&format!("/api/conversations/{}/readers", conversation.id)).await.expect(200);
    let readers: Vec<(String, String)> = answer["readers"]
        .as_array()
        .expect("people")
        .iter()
        .map(|it| {
            (
                it["name"].as_str().expect("a name").to_owned(),
                it["reads"].as_str().expect("a word").to_owned(),
            )
        })
        .collect();
    let wanted = [("Ana", "all"), ("Ben", "all"), ("Dana", "all"), ("Luis", "crew"), ("Marta", "none")];
    assert_eq!(readers, wanted.map(|(name, reads)| (name.to_owned(), reads.to_owned())));
}

#[tokio::test]
async fn words_to_the_customer_and_words_to_colleagues_are_two_drafts() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    let path = format!("/api/conversations/{}", conversation.id);
    let draft = format!("{path}/draft");
    ana.put(&draft, json!({"text": "We come"})).await.expect(200);
    ana.put(&draft, json!({"text": "Pays late", "kind": "note", "replaces": ""})).await.expect(200);
    let drafts = async || {
        let row = ana.get(&path).await.expect(200);
        let list = ana.get("/api/conversations").await.expect(200)["conversations"][0].clone();
        assert_eq!((&row["draft"], &row["note_draft"]), (&list["draft"], &list["note_draft"]));
        (row["draft"]["text"].clone(), row["note_draft"]["text"].clone())
    };
    assert_eq!(drafts().await, (json!("We come"), json!("Pays late")));
    ana.post(&format!("{path}/notes"), note(70, "Pays late.")).await.expect(201);
    assert_eq!(
        drafts().await,
        (json!("We come"), Value::Null),
        "a note takes its own words away, and no others"
    );
    ana.put(&draft, json!({"text": "We come", "kind": "note"})).await.expect(200);
    let send = json!({"id": ulid::<MessageId>(71), "text": "We come", "seen_seq": 2});
    ana.post(&format!("{path}/messages"), send).await.expect(202);
    assert_eq!(drafts().await, (Value::Null, json!("We come")), "nor does a text");
    assert_eq!(ana.delete(&format!("{draft}?kind=note")).await.status, 204);
    assert_eq!(drafts().await, (Value::Null, Value::Null));
}

#[tokio::test]
async fn a_note_is_no_answer_to_a_colleague_and_nothing_to_send_again_or_put_aside() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let (ana, ben) = (house.person(OFFICE).await, house.person(COLLEAGUE).await);
    let path = format!("/api/conversations/{}", conversation.id);
    ben.post(&format!("{path}/notes"), note(70, "I call them")).await.expect(201);
    let again = json!({"id": ulid::<MessageId>(71), "text": "I call", "seen_seq": 2, "resend_of": ulid::<MessageId>(70)});
    assert_eq!(ana.post(&format!("{path}/messages"), again).await.problem(409), "not-resendable");
    let dismiss = format!("/api/messages/{}/dismiss", ulid::<MessageId>(70));
    assert_eq!(ana.post(&dismiss, json!({})).await.problem(409), "not-dismissable");
    // A note is no reply: who answers after it is not asked whether to send anyway.
    let send = json!({"id": ulid::<MessageId>(72), "text": "We come", "seen_seq": 1});
    ana.post(&format!("{path}/messages"), send).await.expect(202);
    let kinds: Vec<MessageKind> = house.timeline(&conversation.id).await.iter().map(Message::kind).collect();
    assert_eq!(kinds, [MessageKind::Customer, MessageKind::Note, MessageKind::Staff]);
}

#[tokio::test]
async fn one_persons_presence_is_told_once_in_five_seconds_and_writes_no_conversation() {
    let house = House::new().await;
    let (one, other) = (house.conversation(1).await, house.conversation(2).await);
    let (ana, ben) = (house.person(OFFICE).await, house.person(COLLEAGUE).await);
    let presence = |id| format!("/api/conversations/{id}/presence");
    let told = async || {
        let events = house.store.events_from(&business(), at(0), house.clock.now()).await.expect("events");
        events.iter().filter(|event| event.happening.presence_of().is_some()).count()
    };
    for (person, conversation, typing) in
        [(&ana, &one, false), (&ana, &one, true), (&ana, &other, true), (&ben, &one, false)]
    {
        let answer = person.post(&presence(&conversation.id), json!({"typing": typing})).await;
        assert_eq!(answer.status, 204);
    }
    assert_eq!(told().await, 2, "each of the two once");
    house.clock.advance(std::time::Duration::from_millis(4_999));
    ana.post(&presence(&one.id), json!({"typing": true})).await;
    assert_eq!(told().await, 2);
    house.clock.advance(std::time::Duration::from_millis(1));
    ana.post(&presence(&one.id), json!({"typing": true})).await;
    assert_eq!(told().await, 3);
    assert_eq!(house.reread(&one.id).await, one, "looking changes nothing");
}
