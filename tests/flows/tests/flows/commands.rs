//! Commands repeat themselves harmlessly, and nobody talks past a colleague (P9).

use porchlight_flows::{House, new_id};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::MARIA;

fn kind(problem: &Value) -> &str {
    problem["type"].as_str().and_then(|kind| kind.strip_prefix("urn:porchlight:problem:")).unwrap_or("")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_id_again_is_the_same_answer_and_with_other_content_refused_p9() {
    let house = House::new().await;
    house.text(MARIA, "Hello?").await;
    let ben = house.ben().await;
    let (thread, id) = (ben.thread(MARIA).await, new_id());
    let both = futures::future::join_all((0..8).map(|_| ben.write(&thread, &id, "Good morning", 1))).await;
    for (status, body) in &both {
        assert_eq!(
            (*status, &body["id"], &body["seq"]),
            (StatusCode::ACCEPTED, &json!(id), &json!(2)),
            "{body}"
        );
    }
    let (status, problem) = ben.write(&thread, &id, "Good evening", 1).await;
    assert_eq!((status, kind(&problem)), (StatusCode::UNPROCESSABLE_ENTITY, "id-used-before"));
    let (status, _) = house.ana().await.write(&thread, &id, "Good morning", 1).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "another author is other content");
    ben.until_status(&thread, &id, "delivered").await;
    assert_eq!(house.accepted_for(MARIA), ["Good morning"]);
    let (status, _) = ben.write(&thread, &id, "Good morning", 0).await;
    assert_eq!(status, StatusCode::ACCEPTED, "what was seen is no content");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_send_names_who_and_when_and_force_sends_p9() {
    let house = House::new().await;
    house.text(MARIA, "Hello?").await;
    let (ana, ben) = (house.ana().await, house.ben().await);
    let thread = ben.thread(MARIA).await;
    let hers = ana.reply(&thread, "I am on it").await;
    let (status, problem) = ben.write(&thread, &new_id(), "Who takes this?", 1).await;
    assert_eq!((status, kind(&problem)), (StatusCode::CONFLICT, "stale-send"));
    assert_eq!(problem["who"]["name"], "Ana Reyes", "{problem}");
    let theirs = ana.until_status(&thread, &hers, "delivered").await;
    assert_eq!(problem["when"], theirs["created_at"], "{problem}");
    let forced = json!({ "id": new_id(), "text": "Who takes this?", "seen_seq": 1, "force": true });
    ben.post(&format!("/api/conversations/{thread}/messages"), forced).await;
    house.text(MARIA, "Thank you both!").await;
    let (status, _) = ana.write(&thread, &new_id(), "Any time", 3).await;
    assert_eq!(status, StatusCode::ACCEPTED, "a customer's message makes nothing stale");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_repeated_late_does_not_undo_what_others_did_since_p9() {
    let house = House::new().await;
    house.text(MARIA, "Hello?").await;
    let ben = house.ben().await;
    let thread = ben.thread(MARIA).await;
    let (done, path) = (json!({ "id": new_id() }), format!("/api/conversations/{thread}/done"));
    let row = ben.post(&path, done.clone()).await;
    assert_eq!(row["attention"], false);
    house.text(MARIA, "It is leaking again").await;
    let row = ben.post(&path, done.clone()).await;
    assert_eq!(row["attention"], true, "a repeat does nothing");
    let (status, problem) = ben.ask(Method::POST, &format!("/api/conversations/{thread}/close"), done).await;
    assert_eq!((status, kind(&problem)), (StatusCode::UNPROCESSABLE_ENTITY, "id-used-before"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_thread_reopens_for_the_office_and_is_gone_for_a_technician() {
    let house = House::new().await;
    house.text(MARIA, "Hello?").await;
    let (ben, luis) = (house.ben().await, house.luis().await);
    let thread = ben.thread(MARIA).await;
    let job = ben.put_job(&ben.put_customer("Maria Delgado", MARIA).await, 1042).await;
    ben.assign_job(&job, luis.id()).await;
    luis.get(&format!("/api/conversations/{thread}")).await;
    let row = ben.post(&format!("/api/conversations/{thread}/close"), Value::Null).await;
    assert_eq!(row["state"], "closed");
    assert_eq!(luis.write(&thread, &new_id(), "Still there?", 1).await.0, StatusCode::NOT_FOUND);
    let answer = ben.reply(&thread, "One more thing").await;
    ben.until_status(&thread, &answer, "delivered").await;
    assert_eq!(ben.conversation_with(MARIA).await.expect("the thread")["state"], "open");
    luis.reply(&thread, "See you at two").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_have_their_limits() {
    let house = House::new().await;
    house.text(MARIA, "Hello?").await;
    let ben = house.ben().await;
    let thread = ben.thread(MARIA).await;
    for (text, wanted) in [
        ("x".repeat(1_600), StatusCode::ACCEPTED),
        ("x".repeat(1_601), StatusCode::UNPROCESSABLE_ENTITY),
        (String::new(), StatusCode::UNPROCESSABLE_ENTITY),
        (" \n ".to_owned(), StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let length = text.len();
        let (status, body) = ben.write(&thread, &new_id(), &text, 99).await;
        assert_eq!(status, wanted, "{length} characters: {body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_its_writers_own_and_goes_with_the_message() {
    let house = House::new().await;
    house.text(MARIA, "Hello?").await;
    let (ana, ben) = (house.ana().await, house.ben().await);
    let thread = ben.thread(MARIA).await;
    ben.put(&format!("/api/conversations/{thread}/draft"), json!({ "text": "Dear Mar" })).await;
    let draft = async |person: &porchlight_flows::Person| {
        person.get(&format!("/api/conversations/{thread}")).await["draft"]["text"].clone()
    };
    assert_eq!((draft(&ben).await, draft(&ana).await), (json!("Dear Mar"), Value::Null));
    ben.reply(&thread, "Dear Maria").await;
    assert_eq!(draft(&ben).await, Value::Null);
}
