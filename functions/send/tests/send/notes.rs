//! A note has no way to a provider: a claim passes it by, and a carrier cannot even be handed it.

use aws_sdk_dynamodb::types::AttributeValue;
use porchlight_channel::Parcel;
use porchlight_domain::id::MessageId;
use porchlight_domain::message::{Body, Message, Note};
use porchlight_store::messages::MessagePointer;

use crate::support::{LINE, MARIA, World, phone};

/// A note in Maria's thread, as the desk writes one.
async fn note(world: &World) -> Message {
    let mut conversation = world.thread(MARIA).await;
    let now = world.clock.now();
    let id: MessageId = world.entropy.ulid(now).into();
    let (author, text) = (world.entropy.ulid(now).into(), "Pays late".to_owned());
    let note = Note { author, text, for_crew: true, mentions: Vec::new() };
    let mut note = Message::note(&conversation, id, now, note);
    conversation.record_note(&note);
    let pointer = MessagePointer::to(&note, None);
    let commit = world.store.commit(&world.business).message_pointer(&pointer).create_message(&mut note);
    commit.conversation(&mut conversation).run().await.expect("a note");
    note
}

/// Makes a note's item look like a text that waits, and is due.
async fn disguise(world: &World, note: &Message) {
    let set = |value: &str| AttributeValue::S(value.to_owned());
    let update = world.tables.client.update_item().table_name("porchlight-data-messages");
    let update = update
        .key("pk", set(&format!("{}#CONV#{}", world.business, note.conversation)))
        .key("sk", set(&format!("MSG#{:012}", note.seq)))
        .update_expression("SET #status = :queued, due_at = :long_ago")
        .expression_attribute_names("#status", "status")
        .expression_attribute_values(":queued", set("queued"))
        .expression_attribute_values(":long_ago", set("2026-01-01T00:00:00.000Z"));
    let shards = (0..8).map(|shard| {
        let update =
            update.clone().update_expression("SET #status = :queued, due_at = :long_ago, due_shard = :shard");
        update.expression_attribute_values(":shard", set(&format!("DUE#{shard}")))
    });
    for update in shards {
        update.send().await.expect("the table takes it");
        world.sweep().await;
    }
}

#[tokio::test]
async fn a_note_is_not_claimed_though_its_record_and_its_due_say_that_it_waits() {
    let world = World::new().await;
    let note = note(&world).await;
    let text = world.queue("We come").await;
    disguise(&world, &note).await;
    assert!(world.wake(&[&note, &text]).await.is_empty());
    assert_eq!(world.twilio.taken(), ["We come"], "it neither goes nor holds up what does");
    assert_eq!(world.now(&note).await, note, "nothing of it was changed");
}

#[tokio::test]
async fn only_what_goes_out_can_be_handed_to_a_carrier() {
    let world = World::new().await;
    let (note, text) = (note(&world).await, world.queue("We come").await);
    let parcel = |message: &Message| {
        Parcel::of(&world.business, message, phone(LINE), str::to_owned).map(|parcel| parcel.words)
    };
    assert_eq!(parcel(&text).as_deref(), Some("We come"));
    let (author, words) = (world.entropy.ulid(world.clock.now()).into(), || "Pays late".to_owned());
    let internal = Body::Internal { author, text: words(), media: Vec::new(), deleted_at: None };
    let system = Body::System { author: None, text: words() };
    for body in [note.body.clone(), internal, system] {
        assert_eq!(parcel(&Message { body, ..text.clone() }), None);
    }
}
