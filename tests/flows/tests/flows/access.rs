//! One access policy over current assignments, wherever one asks (P7).

use futures::future::join_all;
use porchlight_domain::event::{Event, Happening};
use porchlight_domain::id::{ConversationId, EventId, MessageId};
use porchlight_domain::message::{Body, Message};
use porchlight_flows::{House, Person, eventually, new_id};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{JUNE, MARIA, OMAR};

/// Maria's and Omar's threads; Luis works for Maria, and his list shows it.
struct Street {
    house: House,
    ben: Person,
    luis: Person,
    job: String,
    marias: String,
    omars: String,
}

impl Street {
    async fn new() -> Self {
        let house = House::new().await;
        house.text(MARIA, "The heater is knocking").await;
        house.text(OMAR, "The faucet is dripping").await;
        let (ben, luis) = (house.ben().await, house.luis().await);
        let job = ben.put_job(&ben.put_customer("Maria Delgado", MARIA).await, 1042).await;
        ben.put_job(&ben.put_customer("Omar Haddad", OMAR).await, 1043).await;
        ben.assign_job(&job, luis.id()).await;
        let (marias, omars) = (ben.thread(MARIA).await, ben.thread(OMAR).await);
        listed(&luis, &[MARIA]).await;
        Self { house, ben, luis, job, marias, omars }
    }
}

/// Waits until the list of somebody is exactly with these.
async fn listed(who: &Person, contacts: &[&str]) {
    eventually(&format!("a list with {contacts:?}"), async || {
        let list = who.list("filter=all").await;
        let mut found: Vec<_> = list.iter().filter_map(|row| row["contact"].as_str()).collect();
        found.sort_unstable();
        (found == contacts).then_some(())
    })
    .await;
}

/// What may be asked about a conversation, by path.
fn questions(conversation: &str) -> Vec<(Method, String, Value)> {
    let at = |path: &str| format!("/api/conversations/{conversation}{path}");
    vec![
        (Method::GET, at(""), Value::Null),
        (Method::GET, at("/messages"), Value::Null),
        (Method::POST, at("/messages"), json!({ "id": new_id(), "text": "hi", "seen_seq": 99 })),
        (Method::POST, at("/read"), Value::Null),
        (Method::POST, at("/unread"), Value::Null),
        (Method::POST, at("/done"), Value::Null),
        (Method::POST, at("/close"), Value::Null),
        (Method::POST, at("/reopen"), Value::Null),
        (Method::PUT, at("/assignee"), json!({ "assignee": null })),
        (Method::PUT, at("/draft"), json!({ "text": "hi" })),
        (Method::DELETE, at("/draft"), Value::Null),
    ]
}

async fn statuses(who: &Person, conversation: &str) -> Vec<(String, StatusCode)> {
    let asked = questions(conversation).into_iter().map(|(method, path, body)| async move {
        let name = format!("{method} {path}");
        (name, who.ask(method, &path, body).await.0)
    });
    join_all(asked).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_technician_sees_their_own_threads_and_no_trace_of_others_p7() {
    let Street { house, luis, marias, omars, ben, .. } = Street::new().await;
    eventually("a marker from joining on", async || (luis.settled_counts().await == (1, 1, 0)).then_some(()))
        .await;
    luis.get(&format!("/api/conversations/{marias}")).await;
    assert_eq!(luis.messages(&marias).await.len(), 1);
    for (what, status) in statuses(&luis, &omars).await {
        assert_eq!(status, StatusCode::NOT_FOUND, "{what}");
    }
    eventually("both texts to be found", async || {
        (ben.list("q=heater").await.len() == 1 && ben.list("q=faucet").await.len() == 1).then_some(())
    })
    .await;
    assert_eq!(luis.list("q=heater").await.len(), 1);
    for words in ["faucet", "drip", "Omar", "0177"] {
        assert!(luis.list(&format!("q={words}")).await.is_empty(), "{words}");
    }
    let answer = ben.reply(&omars, "On my way").await;
    assert_eq!(
        luis.ask(Method::POST, &format!("/api/messages/{answer}/dismiss"), Value::Null).await.0,
        StatusCode::NOT_FOUND
    );
    drop(house);
}

#[tokio::test(flavor = "multi_thread")]
async fn unassigning_ends_access_at_once_everywhere_and_live_p7_p8() {
    let Street { house, ben, luis, job, marias, omars } = Street::new().await;
    ben.put(&format!("/api/conversations/{omars}/participants/{}", luis.id()), Value::Null).await;
    let mut feed = luis.feed(None).await;
    house.text(MARIA, "before").await;
    feed.message("before").await;

    ben.unassign_job(&job, luis.id()).await;
    let removed = |heard: &porchlight_flows::feed::Heard| {
        (heard.event == "conversation.removed").then(|| heard.data["id"].clone())
    };
    assert_eq!(feed.until("the end of access", removed).await, json!(marias));
    for (what, status) in statuses(&luis, &marias).await {
        assert_eq!(status, StatusCode::NOT_FOUND, "{what}");
    }
    assert!(luis.list("filter=all").await.iter().all(|row| row["id"] != json!(marias)), "the list at once");
    assert!(luis.list("q=heater").await.is_empty(), "search at once");

    house.text(MARIA, "after").await;
    house.text(OMAR, "still his").await;
    let heard = feed.until("Omar's text", |heard| {
        assert_ne!(heard.data["conversation"]["id"], json!(marias), "nothing more of Maria's: {heard:?}");
        (heard.data["message"]["text"] == "still his").then_some(())
    });
    heard.await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_member_is_told_live_and_begins_with_nothing_unread_p7() {
    let Street { house, ben, omars, .. } = Street::new().await;
    let marta = house.marta().await;
    let mut feed = marta.feed(None).await;
    ben.put(&format!("/api/conversations/{omars}/participants/{}", marta.id()), Value::Null).await;
    let told = feed.until("Omar's thread", |heard| {
        (heard.data["conversation"]["id"] == json!(omars)).then(|| heard.data["conversation"].clone())
    });
    assert_eq!(told.await["contact"], OMAR);
    listed(&marta, &[OMAR]).await;
    eventually("a marker from joining on", async || {
        (marta.settled_counts().await == (1, 1, 0)).then_some(())
    })
    .await;
    house.text(OMAR, "and now?").await;
    eventually("one unread", async || (marta.counts().await == (1, 1, 1)).then_some(())).await;
    let (status, problem) = marta.write(&omars, &new_id(), "Coming", 9).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "seeing is not texting: {problem}");
    assert!(problem["detail"].as_str().is_some_and(|words| words.contains("Ana")), "whom to ask: {problem}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_offices_notes_are_hidden_from_the_crew_p7() {
    let Street { house, ben, luis, marias, .. } = Street::new().await;
    let mut feed = luis.feed(None).await;
    note(&house, &ben, &marias, "Pays late, ask for a deposit").await;
    house.text(MARIA, "See you at two").await;
    feed.until("the text after the note", |heard| {
        let told = heard.data.to_string();
        assert!(!told.contains("Pays late"), "the note is on the crew's feed: {told}");
        (heard.data["message"]["text"] == "See you at two").then_some(())
    })
    .await;
    let texts = |messages: &[Value]| messages.iter().map(|it| it["kind"].clone()).collect::<Vec<_>>();
    assert_eq!(texts(&ben.messages(&marias).await), ["customer", "note", "customer"]);
    assert_eq!(texts(&luis.messages(&marias).await), ["customer", "customer"]);
    eventually("the note to be found", async || (!ben.list("q=deposit").await.is_empty()).then_some(()))
        .await;
    assert!(luis.list("q=deposit").await.is_empty(), "what cannot be read is not found either");
}

/// A note, written as its own endpoint will.
async fn note(house: &House, author: &Person, conversation: &str, text: &str) {
    let (store, id) = (house.store(), conversation.parse::<ConversationId>().expect("an id"));
    let found = store.conversation(&house.business, &id).await.expect("the table answers");
    let mut conversation = found.expect("the conversation");
    let now = house.running.platform().clock.now();
    let entropy = &house.running.platform().entropy;
    let author = author.id().parse().expect("an id");
    let body = Body::Note { author, text: text.to_owned(), for_crew: false, mentions: Vec::new() };
    let mut message = Message::next(&conversation, MessageId::from(entropy.ulid(now)), now, body);
    conversation.record_note(&message);
    let event = Event {
        id: EventId::from(entropy.ulid(now)),
        conversation: Some(conversation.id.clone()),
        happening: Happening::MessageCreated { seq: message.seq },
    };
    let commit = store.commit(&house.business).create_message(&mut message);
    commit.conversation(&mut conversation).event(&event).run().await.expect("a note can be written");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_shared_number_the_crew_sees_only_its_own_jobs_messages_p7() {
    let house = House::new().await;
    house.text(JUNE, "Unit 4 needs a plumber").await;
    let (ben, luis) = (house.ben().await, house.luis().await);
    ben.put(&format!("/api/contacts/{JUNE}"), json!({ "cannot_text": false, "shared": true })).await;
    let customer = ben.put_customer("June Park", JUNE).await;
    let job = ben.put_job(&customer, 1050).await;
    ben.assign_job(&job, luis.id()).await;
    let thread = ben.thread(JUNE).await;
    eventually("Luis to see the thread", async || (!luis.list("filter=all").await.is_empty()).then_some(()))
        .await;
    let mut feed = luis.feed(None).await;
    house.text(JUNE, "The gate code is 4711").await;
    let row = |row: &Value| row["last_message"]["text"] == "The gate code is 4711";
    feed.until("the row with what is theirs", |heard| row(&heard.data["conversation"]).then_some(())).await;
    assert!(row(&luis.list("filter=all").await[0]));
    let texts = eventually("the job's message", async || {
        let messages =
            luis.ask(Method::GET, &format!("/api/conversations/{thread}/messages"), Value::Null).await.1;
        let texts: Vec<String> =
            messages["messages"].as_array()?.iter().map(|it| it["text"].to_string()).collect();
        (!texts.is_empty()).then_some(texts)
    })
    .await;
    assert_eq!(texts, ["\"The gate code is 4711\""]);
    assert!(luis.list("q=unit").await.is_empty() && luis.list("q=plumber").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn another_businesss_ids_are_the_same_404_as_ids_of_nothing_p7() {
    let Street { house, ben, marias, job, luis, .. } = Street::new().await;
    let answer = ben.reply(&marias, "On my way").await;
    let customer = ben.get(&format!("/api/conversations/{marias}")).await["customer"]["id"].clone();
    let next_door = house.neighbours().await;
    let their_admin = house.sign_in(&next_door.staff[0]).await;
    assert_eq!(their_admin.recount().await, (0, 0, 0));
    let nothing = ("0".repeat(32), new_id());
    for (conversation, message) in [(&marias, &answer), (&nothing.0, &nothing.1)] {
        for (what, status) in statuses(&their_admin, conversation).await {
            assert_eq!(status, StatusCode::NOT_FOUND, "{what}");
        }
        let dismiss = format!("/api/messages/{message}/dismiss");
        assert_eq!(their_admin.ask(Method::POST, &dismiss, Value::Null).await.0, StatusCode::NOT_FOUND);
    }
    for path in [
        format!("/api/jobs/{job}/assignments/{}", their_admin.id()),
        format!("/api/conversations/{marias}/participants/{}", their_admin.id()),
    ] {
        assert_eq!(their_admin.ask(Method::PUT, &path, Value::Null).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    let theirs = json!({ "customer_id": customer, "number": 1, "title": "x", "status": "scheduled" });
    assert_eq!(
        their_admin.ask(Method::PUT, &format!("/api/jobs/{}", new_id()), theirs).await.0,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let foreign = json!({ "assignee": their_admin.id() });
    assert_eq!(
        ben.ask(Method::PUT, &format!("/api/conversations/{marias}/assignee"), foreign).await.0,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert!(their_admin.list("q=heater").await.is_empty() && their_admin.list("q=Maria").await.is_empty());
    assert!(luis.get(&format!("/api/conversations/{marias}")).await["id"].is_string(), "nothing was changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn their_feed_is_silent_about_other_businesses_p7() {
    let house = House::new().await;
    let next_door = house.neighbours().await;
    let their_admin = house.sign_in(&next_door.staff[0]).await;
    let mut feed = their_admin.feed(None).await;
    house.text(MARIA, "for Harbor only").await;
    let fields = porchlight_flows::post::text_fields(OMAR, "for Bayside", 3);
    let fields = porchlight_flows::post::with_field(fields, "To", Some("+12075550143"));
    let url = house.webhook_of(&next_door.business, "messages");
    house.post_signed_to(&url, porchlight_flows::post::form(&fields)).await.is_taken();
    feed.until("their own text", |heard| {
        assert!(!heard.data.to_string().contains("Harbor only"), "{heard:?}");
        (heard.data["message"]["text"] == "for Bayside").then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_signed_in_are_answered_and_signing_out_ends_it() {
    let house = House::new().await;
    let ben = house.ben().await;
    let stranger = reqwest::Client::builder().build().expect("a client");
    for path in ["/api/me", "/api/conversations", "/api/live", "/api/quarantine"] {
        let answer = stranger.get(format!("{}{path}", house.running.url())).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json", "{path}");
    }
    ben.delete("/api/session").await;
    assert_eq!(ben.ask(Method::GET, "/api/me", Value::Null).await.0, StatusCode::UNAUTHORIZED);
}
