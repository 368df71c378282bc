//! In which order words close and open consent (PROTOCOLS §1; P6).

use std::time::Duration;

use porchlight_channel::Post;
use porchlight_domain::consent::{ConsentState, DOUBT};
use porchlight_domain::message::MessageKind;
use porchlight_domain::time::Timestamp;
use porchlight_store::receipts::Receipt;

use crate::support::{MARIA, World, ok, phone, start, text_form};

fn receipt(world: &World, sid: &str, body: &str, received_at: Timestamp) -> Receipt {
    let body = text_form(MARIA, sid, body);
    let post = Post { path: world.messages_path(), headers: Vec::new(), body, received_at };
    world.intake().receipt_of(post).expect("one of our addresses")
}

/// Kept, and then the function died.
async fn left_behind(world: &World, sid: &str, body: &str) -> Receipt {
    let receipt = receipt(world, sid, body, world.clock.now());
    world.store.put_receipt(&receipt, world.clock.now()).await.expect("kept");
    receipt
}

async fn is_closed(world: &World) -> bool {
    let state = world.consent(MARIA).await.expect("on record").state;
    let closed = state == ConsentState::Closed;
    assert_eq!(world.thread(MARIA).await.expect("a thread").opted_out, closed, "the row shows it");
    closed
}

#[tokio::test]
async fn fresh_words_act_as_they_arrive_whatever_clock_stamps_them_p6() {
    let world = World::new().await;
    let intake = world.intake();
    for (n, (body, second)) in
        [("STOP", 10), ("START", 13), ("STOP", 11), ("START", 2)].into_iter().enumerate()
    {
        let receipt = receipt(&world, &format!("SM{n}"), body, start() + Duration::from_secs(second));
        intake.admit(&receipt).await.expect("taken");
        assert_eq!(is_closed(&world).await, body == "STOP", "{body} at {second} s");
    }
}

#[tokio::test]
async fn a_start_that_is_taken_up_later_opens_nothing_that_a_stop_closed_p6() {
    let world = World::new().await;
    let left = left_behind(&world, "SM1", "START").await;
    world.clock.advance(Duration::from_secs(10));
    world.text("SM2", "STOP").await;
    world.intake().apply(&left).await.expect("taken up");
    assert!(is_closed(&world).await);
    let lines = world.timeline(MARIA).await.into_iter().filter(|entry| entry.kind() == MessageKind::System);
    let lines: Vec<String> = lines.map(|line| line.text().to_owned()).collect();
    assert_eq!(lines, ["Texts are off: the customer sent STOP"]);
    let said =
        world.store.consent_lines(&world.business, &phone(MARIA), &world.group).await.expect("the ledger");
    let stood: Vec<bool> = said.iter().map(|line| line.stood).collect();
    assert_eq!(stood, [false, true], "both words have their line");
}

#[tokio::test]
async fn a_stop_that_is_repeated_counts_from_when_it_first_came_and_in_doubt_closes_p6() {
    for (later, closes) in [(Duration::from_mins(1), true), (DOUBT + Duration::from_secs(1), false)] {
        let world = World::new().await;
        left_behind(&world, "SM1", "STOP").await;
        world.clock.advance(later);
        world.text("SM2", "START").await;
        world.clock.advance(Duration::from_mins(1));
        assert_eq!(world.text("SM1", "STOP").await, ok(), "Twilio comes again");
        assert_eq!(is_closed(&world).await, closes, "{later:?}");
    }
}
