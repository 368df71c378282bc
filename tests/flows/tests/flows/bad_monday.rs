//! Bad Monday: everything goes wrong with one message in five, both ways, and all ends once and in order
//! (P1, P2, P4, P5).

use std::time::Duration;

use futures::future::join_all;
use porchlight_domain::channel::Channel;
use porchlight_domain::delivery::{Local, Status};
use porchlight_domain::id::ConversationId;
use porchlight_domain::message::{Direction, Message};
use porchlight_domain::phone::ContactPoint;
use porchlight_flows::{House, Person, eventually, text_in};
use porchlight_simulator::FaultSettings;

const PHONES: [&str; 5] = ["+12075550101", "+12075550102", "+12075550103", "+12075550104", "+12075550105"];

/// Four texts, each after the one before; then two answers.
async fn talk(house: &House, ben: &Person, phone: &str) {
    for n in 0..4 {
        house
            .simulator
            .text(text_in(phone, &format!("text {n} of {phone}")))
            .await
            .expect("the simulator texts");
    }
    let thread = eventually("the thread", async || ben.conversation_with(phone).await).await;
    let thread = thread["id"].as_str().expect("an id").to_owned();
    for n in 0..2 {
        ben.reply(&thread, &format!("answer {n} to {phone}")).await;
    }
}

/// The timeline, as the tables have it.
async fn timeline(house: &House, phone: &str) -> Vec<Message> {
    let store = house.store();
    let groups = store.groups(&house.business).await.expect("the table answers");
    let contact = ContactPoint::phone(phone).expect("a number");
    let id = ConversationId::of_customer(&groups[0].id, Channel::Sms, &contact);
    let page = store.messages(&house.business, &id, None, 200).await;
    page.expect("the table answers").messages
}

/// Nobody is at work on any of a thread: each has an end, waits for its time or for the provider's word, or stands
/// behind one that waits for its time.
fn are_at_rest(thread: &[Message]) -> bool {
    let first_waiting = thread.iter().position(waits_for_its_time).unwrap_or(thread.len());
    thread.iter().enumerate().all(|(place, message)| is_at_rest(message) || place > first_waiting)
}

fn is_at_rest(message: &Message) -> bool {
    let Some(delivery) = message.delivery() else { return true };
    let waits = matches!(message.status(), Status::Queued | Status::Sending);
    !waits || delivery.sid().is_some() || waits_for_its_time(message)
}

fn waits_for_its_time(message: &Message) -> bool {
    let local = message.delivery().map(|delivery| &delivery.local);
    matches!(local, Some(Local::Queued { not_before: Some(_) }))
}

fn is_final(message: &Message) -> bool {
    matches!(message.status(), Status::Delivered | Status::Undelivered | Status::Failed)
        || message.direction() == Direction::In
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_texts_and_ten_answers_end_exactly_once_each_in_order_p1_p2_p4_p5() {
    let house = House::with_still_clock().await;
    let ben = house.ben().await;
    // Time-outs have their own test: each takes ten real seconds.
    let monday =
        FaultSettings { delay_up_to_ms: 400, timeout_after_accepting: 0.0, ..FaultSettings::bad_monday() };
    house.simulator.set_faults(monday);
    join_all(PHONES.iter().map(|phone| talk(&house, &ben, phone))).await;
    let mut rounds = 0;
    while !settled(&house).await {
        rounds += 1;
        assert!(rounds < 60, "some message never ends");
        house.pass(Duration::from_mins(if rounds < 10 { 1 } else { 30 })).await;
    }
    house.simulator.set_faults(FaultSettings::default());
    for phone in PHONES {
        ends_well(&house, phone).await;
    }
    assert_eq!(ben.settled_counts().await.0, 5);
}

/// Waits until nobody is at work; then whether everything has its end.
async fn settled(house: &House) -> bool {
    let mut all = Vec::new();
    for phone in PHONES {
        let at_rest = eventually("messages at rest", async || {
            let messages = timeline(house, phone).await;
            are_at_rest(&messages).then_some(messages)
        });
        all.extend(at_rest.await);
    }
    all.iter().all(is_final)
}

/// Each text once, in order; each answer accepted once, in order, and shown as it ended.
async fn ends_well(house: &House, phone: &str) {
    let messages = timeline(house, phone).await;
    let (texts, answers): (Vec<_>, Vec<_>) = messages.iter().partition(|it| it.direction() == Direction::In);
    let said = |messages: &[&Message]| messages.iter().map(|it| it.text().to_owned()).collect::<Vec<_>>();
    assert_eq!(said(&texts), (0..4).map(|n| format!("text {n} of {phone}")).collect::<Vec<_>>());
    assert_eq!(said(&answers), (0..2).map(|n| format!("answer {n} to {phone}")).collect::<Vec<_>>());
    assert_eq!(house.accepted_for(phone), said(&answers), "accepted once each, in order");
    for answer in answers {
        let kept =
            house.simulator.messages().into_iter().find(|it| it.body == answer.text()).expect("it is there");
        assert_eq!(answer.status().as_str(), kept.status, "{}", answer.text());
    }
}
