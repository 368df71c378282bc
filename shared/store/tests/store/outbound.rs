//! Queueing, claiming, order and the sweep (P4, P9).

use aws_sdk_dynamodb::types::AttributeValue;
use porchlight_domain::command::Fingerprint;
use porchlight_domain::conversation::Conversation;
use porchlight_domain::delivery::{Evidence, Local, ProviderStatus, Status};
use porchlight_domain::message::Message;
use porchlight_engine::testing::TestTables;
use porchlight_store::keys::SHARDS;
use porchlight_store::messages::MessagePointer;
use porchlight_store::{Part, Store, StoreError};

use crate::support::{Way, at, business, event, inbound, on_all_ways_in, outbound, waiting};

on_all_ways_in!(
    a_repeated_send_is_told_of_the_first_p9,
    a_send_from_an_old_reading_is_a_conflict,
    only_one_of_two_claims_succeeds_p4,
    a_message_waits_for_those_before_it,
    the_sweep_finds_what_is_due_until_it_is_settled,
    held_messages_take_no_other_threads_place,
    a_sid_belongs_to_one_message_p4,
);

fn pointer(message: &Message, words: &str) -> MessagePointer {
    MessagePointer::to(message, Some(Fingerprint::of(&[words])))
}

async fn queue(
    store: &Store,
    conversation: &mut Conversation,
    text: &str,
    seconds: u64,
) -> Result<Message, StoreError> {
    let mut message = outbound(conversation, text, at(seconds));
    conversation.record_reply(&message);
    let event = event(&conversation.id, at(seconds), message.seq);
    let pointer_of = pointer(&message, text);
    let commit = store.commit(&business()).message_pointer(&pointer_of).create_message(&mut message);
    commit.conversation(conversation).event(&event).run().await?;
    Ok(message)
}

async fn a_repeated_send_is_told_of_the_first_p9(store: Store) {
    let mut thread = waiting(&store, 1, at(0)).await;
    let first = queue(&store, &mut thread, "on our way", 5).await.expect("a send");
    assert_eq!(store.conversation(&business(), &thread.id).await.expect("a read"), Some(thread.clone()));
    assert_eq!(store.message_by_id(&business(), &first.id).await.expect("a read"), Some(first.clone()));

    let mut repeated = Message { seq: thread.next_seq(), ..first.clone() };
    let mut again = thread.clone();
    again.record_reply(&repeated);
    let pointer_of = pointer(&repeated, "other words");
    let event = event(&thread.id, at(6), 9);
    let commit = store.commit(&business()).message_pointer(&pointer_of).create_message(&mut repeated);
    let error = commit.conversation(&mut again).event(&event).run().await.expect_err("the id was used");
    assert!(error.conflict().expect("a conflict").is_at(Part::MessagePointer));
    let known = store.message_pointer(&business(), &first.id).await.expect("a read");
    assert_eq!(known, Some(pointer(&first, "on our way")));
}

async fn a_send_from_an_old_reading_is_a_conflict(store: Store) {
    let mut thread = waiting(&store, 1, at(0)).await;
    let mut old = thread.clone();
    queue(&store, &mut thread, "first", 5).await.expect("a send");
    let error = queue(&store, &mut old, "second", 6).await.expect_err("its reading is old");
    assert!(error.conflict().expect("a conflict").is_at(Part::Conversation));
    let replies = store.replies_after(&business(), &thread.id, 1).await.expect("replies");
    assert_eq!(replies.iter().map(Message::text).collect::<Vec<_>>(), ["first"]);
    assert!(store.replies_after(&business(), &thread.id, 2).await.expect("replies").is_empty());
}

fn claimed(message: &Message, claim: &str) -> Message {
    let mut message = message.clone();
    let delivery = message.delivery_mut().expect("an outbound message");
    delivery.local =
        Local::Sending { claim: porchlight_domain::delivery::ClaimId::new(claim), post_before: at(30) };
    message
}

async fn only_one_of_two_claims_succeeds_p4(store: Store) {
    let mut thread = waiting(&store, 1, at(0)).await;
    let message = queue(&store, &mut thread, "on our way", 5).await.expect("a send");
    let (mut first, mut second) = (claimed(&message, "a"), claimed(&message, "b"));
    store.commit(&business()).update_message(&mut first).run().await.expect("the first claim");
    let error = store.commit(&business()).update_message(&mut second).run().await.expect_err("the second");
    assert!(error.conflict().expect("a conflict").is_at(Part::Message));
    let standing = store.message_by_id(&business(), &message.id).await.expect("a read");
    assert_eq!(standing, Some(first), "whoever repeats a claim sees whose it is");
}

async fn a_message_waits_for_those_before_it(store: Store) {
    let mut thread = waiting(&store, 1, at(0)).await;
    let first = queue(&store, &mut thread, "first", 5).await.expect("a send");
    let second = queue(&store, &mut thread, "second", 6).await.expect("a send");
    let holding = async |seq| store.earlier_holding(&business(), &thread.id, seq).await.expect("a read");
    assert_eq!(holding(second.seq).await, std::slice::from_ref(&first));
    assert!(holding(first.seq).await.is_empty());

    let mut sending = claimed(&first, "a");
    store.commit(&business()).update_message(&mut sending).run().await.expect("a claim");
    assert_eq!(holding(second.seq).await.len(), 1, "sending without evidence holds, too");
    sending.delivery_mut().expect("outbound").record(evidence("SM9", ProviderStatus::Queued));
    store.commit(&business()).update_message(&mut sending).run().await.expect("an outcome");
    assert!(holding(second.seq).await.is_empty());
    let next = store.next_queued(&business(), &thread.id, first.seq).await.expect("a read");
    assert_eq!(next, Some(second.clone()));
    assert_eq!(store.next_queued(&business(), &thread.id, second.seq).await.expect("a read"), None);
}

fn evidence(sid: &str, status: ProviderStatus) -> Evidence {
    Evidence { sid: sid.into(), status, error: None, raw_date: None, seen_at: at(10) }
}

/// Page by page, as the sweep walks.
async fn due(store: &Store, seconds: u64) -> Vec<Message> {
    let mut found = Vec::new();
    for shard in 0..SHARDS {
        let mut from = None;
        loop {
            let page = store.due_messages(shard, at(seconds), 5, from).await.expect("a page");
            assert!(page.found.len() <= 5, "a page takes little room");
            found.extend(page.found.into_iter().map(|(_, message)| message));
            from = page.next;
            if from.is_none() {
                break;
            }
        }
    }
    found
}

async fn the_sweep_finds_what_is_due_until_it_is_settled(store: Store) {
    let mut thread = waiting(&store, 1, at(0)).await;
    let mut message = queue(&store, &mut thread, "first", 5).await.expect("a send");
    assert!(due(&store, 4).await.is_empty());
    assert_eq!(due(&store, 6).await, [message.clone()]);
    message.delivery_mut().expect("outbound").record(evidence("SM9", ProviderStatus::Delivered));
    store.commit(&business()).update_message(&mut message).run().await.expect("an outcome");
    assert_eq!(message.status(), Status::Delivered);
    assert!(due(&store, 11).await.is_empty());
    assert_eq!(due(&store, 1_000_000).await, [message.clone()], "what it cost is still to be asked");
    message.delivery_mut().expect("outbound").priced(None, at(1_000_000));
    store.commit(&business()).update_message(&mut message).run().await.expect("a price that never comes");
    assert!(due(&store, 2_000_000).await.is_empty());
}

/// While the provider was away: the first message of a thread is due again later than those it holds.
async fn held_messages_take_no_other_threads_place(store: Store) {
    let mut thread = waiting(&store, 1, at(0)).await;
    let mut head = queue(&store, &mut thread, "head", 5).await.expect("a send");
    for n in 0..12 {
        queue(&store, &mut thread, "held", 6 + n).await.expect("a send");
    }
    let delivery = head.delivery_mut().expect("outbound");
    delivery.local = Local::Queued { not_before: Some(at(90)) };
    store.commit(&business()).update_message(&mut head).run().await.expect("a release");
    let mut others = Vec::new();
    for n in 2..18 {
        let mut other = waiting(&store, n, at(0)).await;
        others.push(queue(&store, &mut other, "other", 50 + n).await.expect("a send").id);
    }
    let found = due(&store, 100).await;
    assert!(others.iter().all(|other| found.iter().any(|message| message.id == *other)));
    assert!(found.iter().any(|message| message.id == head.id), "the one that holds the others");
}

async fn a_sid_belongs_to_one_message_p4(store: Store) {
    let thread = waiting(&store, 1, at(0)).await;
    let (one, other) = (outbound(&thread, "a", at(5)), inbound(&thread, "b", at(5)));
    let other = Message { seq: other.seq + 1, ..other };
    let attach = async |message: &Message| store.commit(&business()).sid_pointer("SM9", message).run().await;
    attach(&one).await.expect("the first");
    attach(&one).await.expect("its own again");
    let error = attach(&other).await.expect_err("another's");
    assert!(error.conflict().expect("a conflict").is_at(Part::SidPointer));
    let place = store.sid_pointer(&business(), "SM9").await.expect("a read");
    assert_eq!(place, Some((thread.id.clone(), one.seq)));
}

#[tokio::test]
async fn what_cannot_be_read_holds_up_nothing_else() {
    let test = TestTables::new().await;
    let store = Way::Values.on(&test);
    let mut thread = waiting(&store, 1, at(0)).await;
    let message = queue(&store, &mut thread, "first", 5).await.expect("a send");
    let mut other = waiting(&store, 2, at(0)).await;
    let broken = queue(&store, &mut other, "second", 6).await.expect("a send");
    let spoil = test.client.update_item().table_name(TestTables::name("messages"));
    spoil
        .key("pk", AttributeValue::S(format!("{}#CONV#{}", business(), other.id)))
        .key("sk", AttributeValue::S(format!("MSG#{:012}", broken.seq)))
        .update_expression("SET version = :word")
        .expression_attribute_values(":word", AttributeValue::S("of another form".into()))
        .send()
        .await
        .expect("a write");
    assert_eq!(due(&store, 6).await, [message]);
}

/// Errors stand in logs and in the words of a panic.
#[tokio::test]
async fn a_conflict_says_nothing_that_anybody_wrote_p11() {
    let test = TestTables::new().await;
    let store = Way::Values.on(&test);
    let mut thread = waiting(&store, 1, at(0)).await;
    let mut old = thread.clone();
    queue(&store, &mut thread, "The gate code is 4711", 5).await.expect("a send");
    let error = queue(&store, &mut old, "other words", 6).await.expect_err("an old reading");
    assert!(matches!(&error, StoreError::Conflict(conflict) if conflict.is_at(Part::Conversation)));
    let number = thread.contact().expect("a customer").as_str();
    let shown = format!("{error:#?} {error}");
    assert!(!shown.contains("4711") && !shown.contains(number) && shown.contains("Conversation"), "{shown}");
    let commit = format!("{:?}", store.commit(&business()).conversation(&mut thread));
    assert_eq!(commit, "[Conversation]");
}
