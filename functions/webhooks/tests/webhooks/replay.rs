//! The tray: what was set aside is applied once the cause is mended (P1, P2).

use porchlight_channel::Misfit;
use porchlight_desk::intake::Replayed;
use porchlight_store::receipts::Tray;

use crate::support::{Kept, MARIA, TOKEN, World, form};

#[tokio::test]
async fn a_text_to_a_line_that_was_missing_is_applied_after_the_line_is_there_p1() {
    let world = World::new().await;
    let body = form(&[("MessageSid", "SM1"), ("From", MARIA), ("To", "+12075550101"), ("Body", "Hi")]);
    world.genuine(&world.messages_path(), &body).await;
    let [receipt] = &world.tray(Tray::Quarantined).await[..] else { panic!("one in the tray") };
    let intake = world.intake();
    let again = intake.replay(&receipt.key).await.expect("a replay");
    assert_eq!(again, Replayed::StillWaits(Misfit::UnknownLine));
    world.add_line("+12075550101").await.expect("a new line");
    for _ in 0..2 {
        let replayed = intake.replay(&receipt.key).await.expect("a replay");
        assert_eq!(replayed, Replayed::InInbox(Some(world.conversation_of(MARIA))), "where it landed");
    }
    assert_eq!(world.timeline(MARIA).await.len(), 1, "P2");
    assert!(world.tray(Tray::Quarantined).await.is_empty());
}

#[tokio::test]
async fn an_unverified_text_is_applied_after_the_token_is_mended_p1() {
    let world = World::new().await;
    world.safe.set(Kept::Tokens(vec!["ffffffffffffffffffffffffffffffff"]));
    assert_eq!(world.text("SM1", "Hello").await.status, 403);
    let [receipt] = &world.tray(Tray::Unverified).await[..] else { panic!("one in the tray") };
    let intake = world.intake();
    assert_eq!(intake.replay(&receipt.key).await.expect("a replay"), Replayed::NotGenuine);
    world.safe.set(Kept::Tokens(vec![TOKEN]));
    let replayed = intake.replay(&receipt.key).await.expect("a replay");
    assert_eq!(replayed, Replayed::InInbox(Some(world.conversation_of(MARIA))));
    // Twilio comes again meanwhile: still one.
    assert_eq!(world.text("SM1", "Hello").await.status, 200);
    assert_eq!(world.timeline(MARIA).await.len(), 1);
    assert!(world.tray(Tray::Unverified).await.is_empty());
}
