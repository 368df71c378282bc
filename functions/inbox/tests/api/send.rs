//! Writing to a customer (PROTOCOLS §5).

use std::time::Duration;

use futures::future::join_all;
use porchlight_domain::consent::{Arrival, Consent, ConsentWord};
use porchlight_domain::conversation::State;
use porchlight_domain::delivery::{Local, Status};
use porchlight_domain::id::MessageId;
use porchlight_engine::{Fault, Injection};
use porchlight_store::consent::ConsentChange;
use serde_json::{Value, json};

use crate::support::house::{COLLEAGUE, LUIS, MARTA, OFFICE, business, group};
use crate::support::{House, at, phone, ulid};

fn message(id: u64, text: &str, seen: u64) -> Value {
    json!({"id": ulid::<MessageId>(id), "text": text, "seen_seq": seen})
}

fn path(conversation: &porchlight_domain::conversation::Conversation) -> String {
    format!("/api/conversations/{}/messages", conversation.id)
}

#[tokio::test]
async fn an_answer_is_queued_and_settles_the_conversation() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    let sent = ana.post(&path(&conversation), message(50, "**Tomorrow** at nine.", 1)).await.expect(202);
    assert_eq!((&sent["status"], &sent["seq"], &sent["segments"]), (&json!("queued"), &json!(2), &json!(1)));
    assert_eq!(sent["author"]["name"], "Ana");
    let now = house.reread(&conversation.id).await;
    assert!(now.attention.is_none() && now.answered_count == now.customer_count);
    assert_eq!(now.assignee, Some(ulid(OFFICE)), "replying self-assigns");
    let events = house.store.events_from(&business(), at(0), house.clock.now()).await.expect("events");
    assert_eq!(events.len(), 1);
    let pointer =
        house.store.message_pointer(&business(), &ulid(50)).await.expect("a read").expect("a pointer");
    assert_eq!(pointer.seq, 2);
}

#[tokio::test]
async fn the_same_command_again_has_the_same_answer_and_sends_nothing_p9() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    let first = ana.post(&path(&conversation), message(50, "Hello", 1)).await.expect(202);
    house.clock.advance(Duration::from_mins(5));
    // What the client has seen meanwhile is no part of the command.
    let again = ana.post(&path(&conversation), message(50, "Hello", 2)).await.expect(202);
    assert_eq!(first, again);
    assert_eq!(house.timeline(&conversation.id).await.len(), 2);
}

#[tokio::test]
async fn the_same_id_with_other_content_is_refused_p9() {
    let house = House::new().await;
    let (one, other) = (house.conversation(1).await, house.conversation(2).await);
    let ana = house.person(OFFICE).await;
    ana.post(&path(&one), message(50, "Hello", 1)).await.expect(202);
    assert_eq!(ana.post(&path(&one), message(50, "Bye", 2)).await.problem(422), "id-used-before");
    assert_eq!(ana.post(&path(&other), message(50, "Hello", 1)).await.problem(422), "id-used-before");
    let ben = house.person(COLLEAGUE).await;
    assert_eq!(ben.post(&path(&one), message(50, "Hello", 2)).await.problem(422), "id-used-before");
    assert_eq!(house.timeline(&one.id).await.len(), 2);
}

#[tokio::test]
async fn fifty_tries_of_one_send_at_once_make_one_message_p4_p9() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    let path = path(&conversation);
    let answers = join_all((0..50).map(|_| ana.post(&path, message(50, "Once", 1)))).await;
    assert!(answers.iter().all(|answer| answer.status == 202 && answer.body == answers[0].body));
    assert_eq!(house.timeline(&conversation.id).await.len(), 2);
}

#[tokio::test]
async fn many_messages_at_once_stand_in_one_timeline_without_gaps() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    let path = path(&conversation);
    let sends = (0..8).map(|n| ana.post(&path, message(50 + n, &format!("Message {n}"), 1)));
    for answer in join_all(sends).await {
        answer.expect(202);
    }
    let places: Vec<u64> = house.timeline(&conversation.id).await.iter().map(|message| message.seq).collect();
    assert_eq!(places, (1..=9).collect::<Vec<_>>());
}

#[tokio::test]
async fn an_answer_lost_after_the_commit_doubles_nothing_p4() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    house.faults.inject(Injection::next(Fault::AnswerLost).operation("TransactWriteItems"));
    ana.post(&path(&conversation), message(50, "Once", 1)).await.expect(202);
    house.faults.inject(Injection::next(Fault::TransactionConflict).operation("TransactWriteItems").times(3));
    ana.post(&path(&conversation), message(51, "And once more", 2)).await.expect(202);
    assert_eq!(house.timeline(&conversation.id).await.len(), 3);
}

#[tokio::test]
async fn contention_that_does_not_end_is_503_and_writes_nothing() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    let conflict = Injection::next(Fault::TransactionConflict).operation("TransactWriteItems");
    house.faults.inject(conflict.times(10_000));
    let refused = ana.post(&path(&conversation), message(50, "Hello", 1)).await;
    assert_eq!(refused.problem(503), "unavailable");
    assert_eq!(refused.headers["retry-after"], "1");
    assert_eq!(house.timeline(&conversation.id).await.len(), 1);
}

#[tokio::test]
async fn a_colleague_who_wrote_meanwhile_is_named_unless_one_insists() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let (ana, ben) = (house.person(OFFICE).await, house.person(COLLEAGUE).await);
    ana.post(&path(&conversation), message(50, "We come at nine.", 1)).await.expect(202);
    let stale = ben.post(&path(&conversation), message(51, "When suits you?", 1)).await;
    assert_eq!(stale.problem(409), "stale-send");
    assert_eq!((&stale.body["who"]["name"], &stale.body["seq"]), (&json!("Ana"), &json!(2)));
    assert_eq!(stale.body["when"], house.clock.now().to_string());
    // One's own words are no surprise, and neither is what one has seen.
    ana.post(&path(&conversation), message(52, "Or ten.", 1)).await.expect(202);
    ben.post(&path(&conversation), message(53, "Ten it is.", 3)).await.expect(202);
    let mut forced = message(51, "When suits you?", 1);
    forced["force"] = json!(true);
    ben.post(&path(&conversation), forced).await.expect(202);
    // What is above the current place counts as current.
    ana.post(&path(&conversation), message(54, "Good.", 9_000_000)).await.expect(202);
}

#[tokio::test]
async fn who_opted_out_is_not_written_to_however_one_insists_p6() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let stop = Consent::of_word(ConsentWord::Stop, at(100)).expect("STOP closes");
    let whose = (phone(1), group());
    let change = ConsentChange::decide(whose, ulid::Ulid::from_parts(1, 1), None, stop, Arrival::Fresh);
    house.store.commit(&business()).consent(&change).run().await.expect("a write");
    let ana = house.person(OFFICE).await;
    let mut forced = message(50, "But…", 1);
    forced["force"] = json!(true);
    assert_eq!(ana.post(&path(&conversation), forced).await.problem(409), "opted-out");
    let detail = ana.get(&format!("/api/conversations/{}", conversation.id)).await.expect(200);
    assert_eq!(detail["can_send"]["reason"], "opted_out");
    let consent = json!({
        "state": "closed", "at": at(100), "how": "stop", "scope": "service", "only_they_can_open": true,
    });
    assert_eq!(detail["consent_detail"], consent);
    assert_eq!(house.timeline(&conversation.id).await.len(), 1);
}

#[tokio::test]
async fn writing_in_a_closed_conversation_reopens_it_for_the_office_only() {
    let house = House::new().await;
    let mut conversation = house.conversation(1).await;
    house.customer_with_job(1, &[LUIS]).await;
    let (ana, luis) = (house.person(OFFICE).await, house.person(LUIS).await);
    conversation.close();
    house.store.commit(&business()).conversation(&mut conversation).run().await.expect("a write");
    assert_eq!(luis.post(&path(&conversation), message(50, "On my way", 1)).await.problem(404), "not-found");
    ana.post(&path(&conversation), message(51, "Still there?", 1)).await.expect(202);
    assert_eq!(house.reread(&conversation.id).await.state, State::Open);
    luis.post(&path(&conversation), message(50, "On my way", 2)).await.expect(202);
}

#[tokio::test]
async fn a_technician_writes_about_their_job_and_only_with_permission() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let (_, job) = house.customer_with_job(1, &[LUIS, MARTA]).await;
    let (luis, marta) = (house.person(LUIS).await, house.person(MARTA).await);
    let sent = luis.post(&path(&conversation), message(50, "On my way", 1)).await.expect(202);
    assert_eq!(sent["job_id"], json!(job));
    let refused = marta.post(&path(&conversation), message(51, "Me too", 2)).await;
    assert_eq!(refused.problem(403), "forbidden");
    assert!(refused.body["detail"].as_str().expect("words").contains("Ask Dana"));
    let mut of_another = message(52, "About what?", 2);
    of_another["job_id"] = json!(ulid::<MessageId>(9999));
    assert_eq!(luis.post(&path(&conversation), of_another).await.problem(422), "unknown-job");
    assert_eq!(house.reread(&conversation.id).await.assignee, None, "a technician's reply assigns nobody");
}

#[tokio::test]
async fn too_much_and_nothing_are_refused() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    for text in ["x".repeat(1601), "é".repeat(1601), "😀".repeat(801), String::new(), "  \n ".to_owned()] {
        let refused = ana.post(&path(&conversation), message(50, &text, 1)).await;
        assert_eq!(refused.problem(422), "invalid");
    }
    ana.post(&path(&conversation), message(50, &"x".repeat(1600), 1)).await.expect(202);
}

#[tokio::test]
async fn a_text_that_shows_nothing_is_refused_and_control_characters_are_taken_out() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    for text in ["\u{200b}\u{feff}", "\u{2800}", "\0\u{1b}", "`\u{ad}`"] {
        let refused = ana.post(&path(&conversation), message(50, text, 1)).await;
        assert_eq!(refused.problem(422), "invalid", "{text:?}");
    }
    let sent = ana.post(&path(&conversation), message(50, "a\0b\u{1b}[31m\r\nc", 1)).await.expect(202);
    assert_eq!(sent["text"], "ab[31m\nc");
}

#[tokio::test]
async fn only_what_failed_is_sent_again_and_only_once() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    ana.post(&path(&conversation), message(50, "Hello", 1)).await.expect(202);
    let mut again = message(51, "Hello", 2);
    again["resend_of"] = json!(ulid::<MessageId>(50));
    assert_eq!(ana.post(&path(&conversation), again.clone()).await.problem(409), "not-resendable");
    fail(&house, 50).await;
    let sent = ana.post(&path(&conversation), again.clone()).await.expect(202);
    assert_eq!(sent["resend_of"], json!(ulid::<MessageId>(50)));
    assert_eq!(ana.post(&path(&conversation), again.clone()).await.expect(202)["id"], sent["id"]);
    again["id"] = json!(ulid::<MessageId>(52));
    assert_eq!(ana.post(&path(&conversation), again.clone()).await.problem(409), "not-resendable");
    again["resend_of"] = json!(ulid::<MessageId>(9999));
    assert_eq!(ana.post(&path(&conversation), again).await.problem(422), "unknown-message");
}

#[tokio::test]
async fn what_was_to_be_sent_again_and_was_taken_back_waits_for_somebody_again() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    ana.post(&path(&conversation), message(50, "Hello", 1)).await.expect(202);
    fail(&house, 50).await;
    let mut again = message(51, "Hello", 2);
    again["resend_of"] = json!(ulid::<MessageId>(50));
    again["undo_s"] = json!(5);
    let held = ana.post(&path(&conversation), again.clone()).await.expect(202);
    let cancel = format!("/api/messages/{}/cancel", held["id"].as_str().expect("an id"));
    ana.post(&cancel, json!({})).await.expect(200);
    again["id"] = json!(ulid::<MessageId>(52));
    let sent = ana.post(&path(&conversation), again).await.expect(202);
    assert_eq!(sent["resend_of"], json!(ulid::<MessageId>(50)));
}

#[tokio::test]
async fn a_failure_is_put_aside_by_hand_and_a_fresh_message_is_not() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    ana.post(&path(&conversation), message(50, "Hello", 1)).await.expect(202);
    let dismiss = format!("/api/messages/{}/dismiss", ulid::<MessageId>(50));
    assert_eq!(ana.post(&dismiss, json!({})).await.problem(409), "not-dismissable");
    fail(&house, 50).await;
    let dismissed = ana.post(&dismiss, json!({})).await.expect(200);
    assert_eq!(dismissed["dismissed_at"], house.clock.now().to_string());
    ana.post(&dismiss, json!({})).await.expect(200);
    let other = house.person(100 + OFFICE).await;
    assert_eq!(other.post(&dismiss, json!({})).await.problem(404), "not-found");
}

#[tokio::test]
async fn an_unknown_is_put_aside_after_a_day() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    ana.post(&path(&conversation), message(50, "Hello", 1)).await.expect(202);
    let since = house.clock.now();
    change(&house, 50, Local::Unknown { since, asked: 0 }).await;
    let dismiss = format!("/api/messages/{}/dismiss", ulid::<MessageId>(50));
    assert_eq!(ana.post(&dismiss, json!({})).await.problem(409), "not-dismissable");
    house.clock.advance(Duration::from_hours(24));
    let dismissed = ana.post(&dismiss, json!({})).await.expect(200);
    assert_eq!((&dismissed["status"], &dismissed["unknown_since"]), (&json!("unknown"), &json!(since)));
}

async fn fail(house: &House, id: u64) {
    change(house, id, Local::Failed { reason: porchlight_twilio::codes::reason(21211) }).await;
    let message =
        house.store.message_by_id(&business(), &ulid(id)).await.expect("a read").expect("a message");
    assert_eq!(message.status(), Status::Failed);
}

async fn change(house: &House, id: u64, local: Local) {
    let message = house.store.message_by_id(&business(), &ulid(id)).await.expect("a read");
    let mut message = message.expect("a message");
    message.delivery_mut().expect("outbound").local = local;
    house.store.commit(&business()).update_message(&mut message).run().await.expect("a write");
}
