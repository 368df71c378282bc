//! One act with many conversations, and its undoing.

mod meanwhile;

use std::time::Duration;

use porchlight_domain::channel::Channel;
use porchlight_domain::conversation::{Beginning, Conversation, State};
use porchlight_domain::event::Happening;
use porchlight_domain::id::{CommandId, ConversationId, StaffId};
use porchlight_domain::party::{Party, Route};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;
use porchlight_engine::{Fault, Injection};
use serde_json::{Value, json};

use crate::support::house::{COLLEAGUE, LUIS, OFFICE, business, group, line};
use crate::support::{House, Person, at, ulid};

/// So many conversations, each with a message of its customer's.
async fn many(house: &House, many: u64) -> Vec<ConversationId> {
    let mut ids = Vec::new();
    for n in 0..many {
        let contact = ContactPoint::phone(&format!("+1207556{n:04}")).expect("a number");
        let mut conversation = Conversation::begin(Beginning {
            business: business(),
            party: Party::Customer(Route { group: group(), channel: Channel::Sms, contact, line: line() }),
            customer: None,
            at: at(n),
        });
        house.customer_writes(&mut conversation, "Hi", at(n)).await;
        ids.push(conversation.id.clone());
    }
    ids
}

fn named(id: u64, act: &str, rows: &[ConversationId], mut more: Value) -> Value {
    let mut body = json!({"id": ulid::<CommandId>(id), "act": act, "conversations": rows});
    body.as_object_mut().expect("an object").append(more.as_object_mut().expect("an object"));
    body
}

fn path(id: u64, step: &str) -> String {
    format!("/api/bulk/{}/{step}", ulid::<CommandId>(id))
}

/// Asks for page after page until there is none; how far it is then.
async fn to_the_end(person: &Person, id: u64, mut progress: Value) -> Value {
    while progress["next"] == true {
        progress = person.post(&path(id, "next"), json!({})).await.expect(200);
    }
    progress
}

/// Takes page after page back; what came of it.
async fn undo(person: &Person, id: u64) -> Value {
    loop {
        let undone = person.post(&path(id, "undo"), json!({})).await.expect(200)["undo"].clone();
        if undone["next"] == false {
            return undone;
        }
    }
}

async fn writes(house: &House, id: &ConversationId, text: &str, at: Timestamp) {
    let mut conversation = house.reread(id).await;
    house.customer_writes(&mut conversation, text, at).await;
}

#[tokio::test]
async fn selected_conversations_are_done_in_pages_and_undone_as_they_were() {
    let house = House::new().await;
    let ids = many(&house, 45).await;
    let ana = house.person(OFFICE).await;
    let mut before = Vec::new();
    for id in &ids {
        before.push(house.reread(id).await.disposition());
    }
    let begun = ana.post("/api/bulk", named(70, "done", &ids, json!({}))).await.expect(200);
    assert_eq!((&begun["total"], &begun["done"], &begun["next"]), (&json!(45), &json!(20), &json!(true)));
    let two = ana.post(&path(70, "next"), json!({})).await.expect(200);
    assert_eq!((&two["done"], &two["next"]), (&json!(40), &json!(true)));
    let all = ana.post(&path(70, "next"), json!({})).await.expect(200);
    assert_eq!((&all["done"], &all["next"], &all["failed"]), (&json!(45), &json!(false), &json!([])));
    for id in &ids {
        assert!(house.reread(id).await.attention.is_none());
    }
    let undone = undo(&ana, 70).await;
    assert_eq!((&undone["done"], &undone["failed"]), (&json!(45), &json!([])));
    for (id, before) in ids.iter().zip(&before) {
        assert_eq!(house.reread(id).await.disposition(), *before);
    }
    assert_eq!(undo(&ana, 70).await, undone, "asked for again it does nothing more");
}

#[tokio::test]
async fn each_act_works_on_many_as_it_does_on_one() {
    let house = House::new().await;
    let ids = many(&house, 3).await;
    let ana = house.person(OFFICE).await;
    let until = (house.clock.now() + Duration::from_hours(3)).to_string();
    let ben: StaffId = ulid(COLLEAGUE);
    ana.post("/api/bulk", named(70, "assign", &ids, json!({"assignee": ben}))).await.expect(200);
    ana.post("/api/bulk", named(71, "snooze", &ids, json!({"until": until}))).await.expect(200);
    ana.post("/api/bulk", named(72, "read", &ids, json!({}))).await.expect(200);
    for id in &ids {
        let row = ana.get(&format!("/api/conversations/{id}")).await.expect(200);
        assert_eq!((&row["assignee"]["name"], &row["unread"]), (&json!("Ben"), &json!(0)));
        assert_eq!(row["snoozed_until"], until);
    }
    assert_eq!(undo(&ana, 72).await["done"], 3);
    assert_eq!(ana.get(&format!("/api/conversations/{}", ids[0])).await.expect(200)["unread"], 1);
    assert_eq!(undo(&ana, 71).await["done"], 3);
    assert_eq!(undo(&ana, 70).await["done"], 3, "what was put off and back is as it was left");
    assert_eq!(house.reread(&ids[0]).await.assignee, None);
    ana.post("/api/bulk", named(73, "close", &ids, json!({}))).await.expect(200);
    assert_eq!(house.reread(&ids[0]).await.state, State::Closed);
    let timeline = house.timeline(&ids[0]).await;
    assert_eq!(timeline.last().map(|entry| entry.text().to_owned()).as_deref(), Some("Ana closed this"));
    undo(&ana, 73).await;
    let timeline = house.timeline(&ids[0]).await;
    assert_eq!(timeline.last().map(|entry| entry.text().to_owned()).as_deref(), Some("Ana reopened this"));
    assert!(house.reread(&ids[0]).await.attention.is_some(), "it waits as it did");
    ana.post("/api/bulk", named(74, "assign", &ids[..2], json!({"assignee": ben}))).await.expect(200);
    let none = json!({"assignee": "none"});
    assert_eq!(ana.post("/api/bulk", named(75, "assign", &ids, none)).await.expect(200)["done"], 3);
    assert_eq!(house.reread(&ids[0]).await.assignee, None);
    let undone = undo(&ana, 75).await;
    assert_eq!((&undone["done"], &undone["failed"]), (&json!(2), &json!([])), "one was nobody's before");
    assert_eq!(house.reread(&ids[0]).await.assignee, Some(ben));
}

#[tokio::test]
async fn all_that_a_filter_shows_is_worked_and_nothing_that_comes_later() {
    let house = House::new().await;
    let ids = many(&house, 120).await;
    let ana = house.person(OFFICE).await;
    let mine: StaffId = ulid(OFFICE);
    ana.put(&format!("/api/conversations/{}/assignee", ids[7]), json!({"assignee": mine})).await.expect(200);
    ana.post(&format!("/api/conversations/{}/close", ids[8]), json!({})).await.expect(200);
    let body = json!({"id": ulid::<CommandId>(70), "act": "done", "filter": "attention", "assigned": "none"});
    let begun = ana.post("/api/bulk", body.clone()).await.expect(200);
    assert_eq!(
        (&begun["total"], &begun["done"], &begun["gathering"]),
        (&json!(118), &json!(20), &json!(false))
    );
    let late = house.conversation(1).await;
    let all = to_the_end(&ana, 70, begun).await;
    assert_eq!((&all["total"], &all["done"]), (&json!(118), &json!(118)));
    assert!(house.reread(&late.id).await.attention.is_some(), "it came later");
    assert!(house.reread(&ids[7]).await.attention.is_some(), "it is somebody's");
    let again = ana.post("/api/bulk", body).await.expect(200);
    assert_eq!(again, all, "P9");
    assert_eq!(undo(&ana, 70).await["done"], 118);
    assert!(house.reread(&ids[100]).await.attention.is_some());
}

#[tokio::test]
async fn a_lost_answer_loses_nothing_and_doubles_nothing_p9() {
    let house = House::new().await;
    let ids = many(&house, 30).await;
    let ana = house.person(OFFICE).await;
    let body = named(70, "close", &ids, json!({}));
    let (one, two) = tokio::join!(ana.post("/api/bulk", body.clone()), ana.post("/api/bulk", body.clone()));
    assert_eq!((one.status, two.status), (200, 200), "asked for twice at once");
    let next = path(70, "next");
    let (one, two) = tokio::join!(ana.post(&next, json!({})), ana.post(&next, json!({})));
    assert_eq!((one.status, two.status), (200, 200));
    let all = to_the_end(&ana, 70, ana.post("/api/bulk", body).await.expect(200)).await;
    assert_eq!((&all["total"], &all["done"], &all["failed"]), (&json!(30), &json!(30), &json!([])));
    for id in &ids {
        assert_eq!(house.timeline(id).await.len(), 2, "closed once");
    }
    let happened = house.store.events_from(&business(), at(0), house.clock.now()).await.expect("events");
    let told = happened.iter().filter(|event| matches!(event.happening, Happening::MessageCreated { .. }));
    assert_eq!(told.count(), 30, "the colleague's window hears of each once");
    assert_eq!(undo(&ana, 70).await["done"], 30);
}

#[tokio::test]
async fn a_page_that_broke_off_is_worked_again_and_still_taken_back_whole() {
    for written_before in [0, 1, 8, 21] {
        let house = House::new().await;
        let ids = many(&house, 20).await;
        let ana = house.person(OFFICE).await;
        let body = named(70, "done", &ids, json!({}));
        let down = Injection::next(Fault::InternalError).operation("TransactWriteItems");
        house.faults.inject(down.after(written_before).times(100_000));
        assert_eq!(ana.post("/api/bulk", body.clone()).await.problem(503), "unavailable");
        house.faults.clear();
        house.faults.inject(Injection::one_in(3, 7, Fault::AnswerLost).operation("TransactWriteItems"));
        let all = ana.post("/api/bulk", body).await.expect(200);
        assert_eq!((&all["done"], &all["failed"]), (&json!(20), &json!([])), "after {written_before}");
        assert_eq!(undo(&ana, 70).await["done"], 20, "after {written_before}");
        for id in &ids {
            assert!(house.reread(id).await.attention.is_some());
        }
    }
}

#[tokio::test]
async fn stop_leaves_the_rest_as_it_is_and_what_was_done_can_be_taken_back() {
    let house = House::new().await;
    let ids = many(&house, 50).await;
    let ana = house.person(OFFICE).await;
    ana.post("/api/bulk", named(70, "done", &ids, json!({}))).await.expect(200);
    let stopped = ana.post(&path(70, "stop"), json!({})).await.expect(200);
    assert_eq!(
        (&stopped["done"], &stopped["stopped"], &stopped["next"]),
        (&json!(20), &json!(true), &json!(false))
    );
    let late = ana.post(&path(70, "next"), json!({})).await.expect(200);
    assert_eq!(late["done"], 20, "a late repeat does nothing");
    let waiting = async || {
        let mut waiting = 0;
        for id in &ids {
            waiting += usize::from(house.reread(id).await.attention.is_some());
        }
        waiting
    };
    assert_eq!(waiting().await, 30);
    assert_eq!(undo(&ana, 70).await["done"], 20);
    assert_eq!(waiting().await, 50);
}

#[tokio::test]
async fn undo_leaves_alone_what_the_customer_or_a_colleague_changed_since() {
    let house = House::new().await;
    let ids = many(&house, 4).await;
    let (ana, ben) = (house.person(OFFICE).await, house.person(COLLEAGUE).await);
    ana.post("/api/bulk", named(70, "close", &ids, json!({}))).await.expect(200);
    writes(&house, &ids[0], "Are you there?", house.clock.now()).await;
    ben.post(&format!("/api/conversations/{}/reopen", ids[1]), json!({})).await.expect(200);
    let note = json!({"id": ulid::<CommandId>(80), "text": "Closed for good."});
    ben.post(&format!("/api/conversations/{}/notes", ids[2]), note).await.expect(201);
    let undone = undo(&ana, 70).await;
    let left = json!([{"why": "changed", "count": 3, "conversations": ids[..3]}]);
    assert_eq!((&undone["done"], &undone["failed"]), (&json!(1), &left));
    assert_eq!(house.reread(&ids[2]).await.state, State::Closed);
    assert_eq!(house.reread(&ids[3]).await.state, State::Open);
}

#[tokio::test]
async fn a_job_ahead_keeps_a_conversation_open_for_its_crew() {
    let house = House::new().await;
    let with_job = house.conversation(1).await;
    house.customer_with_job(1, &[LUIS]).await;
    house.knows_customer(1).await;
    let other = house.conversation(2).await;
    let ana = house.person(OFFICE).await;
    let rows = [with_job.id.clone(), other.id.clone()];
    let all = ana.post("/api/bulk", named(70, "close", &rows, json!({}))).await.expect(200);
    assert_eq!(all["failed"], json!([{"why": "job_ahead", "count": 1, "conversations": [with_job.id]}]));
    assert_eq!(house.reread(&with_job.id).await.state, State::Open);
}

#[tokio::test]
async fn each_conversation_is_asked_for_by_itself_p7() {
    let house = House::new().await;
    let (theirs, other) = (house.conversation(1).await, house.conversation(2).await);
    house.customer_with_job(1, &[LUIS]).await;
    let luis = house.person(LUIS).await;
    let rows = [theirs.id.clone(), other.id.clone(), "0".repeat(32).parse().expect("an id")];
    for (act, more) in [
        ("done", json!({})),
        ("close", json!({})),
        ("assign", json!({"assignee": "none"})),
        ("snooze", json!({"until": house.clock.now() + Duration::from_hours(1)})),
    ] {
        assert_eq!(luis.post("/api/bulk", named(70, act, &rows, more)).await.problem(403), "forbidden");
    }
    let read = luis.post("/api/bulk", named(71, "read", &rows, json!({}))).await.expect(200);
    assert_eq!((&read["done"], &read["failed"][0]["why"]), (&json!(1), &json!("not_found")));
    assert_eq!(read["failed"][0]["count"], 2, "hidden and unknown are the same");
    let body = json!({"id": ulid::<CommandId>(72), "act": "read", "filter": "all"});
    let own = luis.post("/api/bulk", body).await.expect(200);
    assert_eq!((&own["total"], &own["done"]), (&json!(1), &json!(1)), "all of what they see");
}

#[tokio::test]
async fn a_bulk_command_is_its_givers_alone() {
    let house = House::new().await;
    let ids = many(&house, 25).await;
    let (ana, ben) = (house.person(OFFICE).await, house.person(COLLEAGUE).await);
    let other = house.person(100 + OFFICE).await;
    ana.post("/api/bulk", named(70, "done", &ids, json!({}))).await.expect(200);
    for stranger in [&ben, &other] {
        assert_eq!(stranger.get(path(70, "").trim_end_matches('/')).await.problem(404), "not-found");
        for step in ["next", "stop", "undo"] {
            assert_eq!(stranger.post(&path(70, step), json!({})).await.problem(404), "not-found");
        }
    }
    assert_eq!(ana.get(path(70, "").trim_end_matches('/')).await.expect(200)["done"], 20);
    let theirs = other.post("/api/bulk", named(71, "done", &ids, json!({}))).await.expect(200);
    assert_eq!(theirs["failed"][0]["count"], 20, "another business has none of these");
    let change = named(70, "close", &ids, json!({}));
    assert_eq!(ana.post("/api/bulk", change).await.problem(422), "id-used-before");
}

#[tokio::test]
async fn after_a_day_it_is_over() {
    let house = House::new().await;
    let ids = many(&house, 25).await;
    let ana = house.person(OFFICE).await;
    let body = named(70, "done", &ids, json!({}));
    ana.post("/api/bulk", body.clone()).await.expect(200);
    house.clock.advance(Duration::from_hours(25));
    let ana = house.person(OFFICE).await;
    assert_eq!(ana.post("/api/bulk", body).await.problem(409), "bulk-ended");
    for step in ["next", "undo"] {
        assert_eq!(ana.post(&path(70, step), json!({})).await.problem(404), "not-found");
    }
    assert!(house.reread(&ids[24]).await.attention.is_some(), "a late repeat begins nothing");
}

#[tokio::test]
async fn a_bulk_command_that_says_too_little_or_too_much_is_refused_in_words() {
    let house = House::new().await;
    let ids = many(&house, 1).await;
    let ana = house.person(OFFICE).await;
    let until = house.clock.now() + Duration::from_hours(1);
    let wrong = [
        named(70, "done", &[], json!({})),
        named(70, "done", &ids, json!({"filter": "all"})),
        named(70, "done", &ids, json!({"assigned": "me"})),
        named(70, "done", &ids, json!({"until": until})),
        named(70, "assign", &ids, json!({})),
        named(70, "assign", &ids, json!({"assignee": "somebody"})),
        named(70, "snooze", &ids, json!({})),
        named(70, "pin", &ids, json!({})),
        json!({"id": ulid::<CommandId>(70), "act": "done"}),
        json!({"id": ulid::<CommandId>(70), "act": "done", "filter": "all", "assigned": "x"}),
    ];
    for body in wrong {
        assert_eq!(ana.post("/api/bulk", body.clone()).await.problem(422), "invalid", "{body}");
    }
    let past = named(70, "snooze", &ids, json!({"until": house.clock.now()}));
    assert_eq!(ana.post("/api/bulk", past).await.problem(422), "in-the-past");
    let nobody = named(70, "assign", &ids, json!({"assignee": ulid::<StaffId>(900)}));
    assert_eq!(ana.post("/api/bulk", nobody).await.problem(422), "unknown-staff");
    let twice = [ids[0].clone(), ids[0].clone()];
    assert_eq!(ana.post("/api/bulk", named(70, "done", &twice, json!({}))).await.expect(200)["total"], 1);
}
