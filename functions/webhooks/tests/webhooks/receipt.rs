//! Nothing is lost, nothing doubles, one thread (P1, P2, P3).

use std::time::Duration;

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use futures::future::join_all;
use porchlight_domain::event::Happening;
use porchlight_domain::message::{Direction, MessageKind};
use porchlight_domain::party::Route;
use porchlight_engine::testing::TestTables;
use porchlight_engine::{Fault, Injection};
use porchlight_store::inbound::ReceiptState;
use porchlight_store::receipts::Tray;
use porchlight_webhooks::LONGEST_BODY;

use crate::support::{LINE, MARIA, World, form, ok, phone, text_form};

#[tokio::test]
async fn a_text_is_in_the_inbox_before_twilio_is_answered_p1() {
    let world = World::new().await;
    assert_eq!(world.text("SM1", "Is Tuesday ok?").await, ok());
    let thread = world.thread(MARIA).await.expect("a thread");
    assert_eq!((thread.seq, thread.version, thread.customer_count), (1, 1, 1));
    let Route { line, contact, .. } = thread.party.customer().cloned().expect("a customer");
    assert_eq!((line, contact), (phone(LINE), phone(MARIA)));
    assert!(thread.attention.is_some_and(|attention| attention.waiting_since == world.clock.now()));
    assert!(thread.is_lead());
    let [message] = &world.timeline(MARIA).await[..] else { panic!("one message") };
    assert_eq!((message.text(), message.inbound_sid()), ("Is Tuesday ok?", Some("SM1")));
    assert_eq!((message.direction(), message.kind()), (Direction::In, MessageKind::Customer));
    let [event] = &world.events().await[..] else { panic!("one event") };
    assert_eq!(event.happening, Happening::MessageCreated { seq: 1 });
}

#[tokio::test]
async fn the_same_webhook_fifty_times_at_once_makes_one_message_p2() {
    let world = World::new().await;
    let answers = join_all((0..50).map(|_| world.text("SM1", "Hello"))).await;
    assert!(answers.iter().all(|answer| *answer == ok()), "{answers:?}");
    let thread = world.thread(MARIA).await.expect("a thread");
    assert_eq!((thread.seq, thread.customer_count), (1, 1));
    assert_eq!(world.timeline(MARIA).await.len(), 1);
    assert_eq!(world.events().await.len(), 1);
}

#[tokio::test]
async fn fifty_first_texts_at_once_make_one_thread_p3() {
    let world = World::new().await;
    let sids: Vec<String> = (0..50).map(|n| format!("SM{n}")).collect();
    let answers = join_all(sids.iter().map(|sid| world.text(sid, sid))).await;
    assert!(answers.iter().all(|answer| *answer == ok()), "{answers:?}");
    let thread = world.thread(MARIA).await.expect("a thread");
    assert_eq!((thread.seq, thread.customer_count), (50, 50));
    let timeline = world.timeline(MARIA).await;
    let mut texts: Vec<_> = timeline.iter().map(|message| message.text().to_owned()).collect();
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), 50, "every one of them, once");
}

#[tokio::test]
async fn what_real_dynamodb_does_neither_loses_nor_doubles_p1_p2() {
    let world = World::new().await;
    for (n, fault) in [Fault::TransactionConflict, Fault::Throttled, Fault::InternalError, Fault::AnswerLost]
        .into_iter()
        .enumerate()
    {
        let inject = Injection::next(fault).operation("TransactWriteItems").times(2);
        world.tables.faults.inject(inject);
        assert_eq!(world.text(&format!("SM{n}"), "Hello").await, ok(), "{fault:?}");
        let thread = world.thread(MARIA).await.expect("a thread");
        assert_eq!(thread.customer_count, n as u64 + 1, "{fault:?}");
    }
    assert_eq!(world.timeline(MARIA).await.len(), 4);
}

#[tokio::test]
async fn a_text_that_cannot_be_kept_is_answered_503_and_taken_when_it_comes_again_p1() {
    let world = World::new().await;
    world.tables.faults.inject(Injection::next(Fault::Throttled).operation("PutItem").times(4));
    let answer = world.text("SM1", "Hello").await;
    assert_eq!((answer.status, answer.content_type.as_str()), (503, "application/problem+json"));
    assert!(world.timeline(MARIA).await.is_empty());
    assert_eq!(world.text("SM1", "Hello").await, ok());
    assert_eq!(world.timeline(MARIA).await.len(), 1);
}

#[tokio::test]
async fn the_sweep_applies_what_a_crash_left_behind_once_p1_p2() {
    let world = World::new().await;
    // The function died between keeping the receipt and applying it.
    let intake = world.intake();
    let post = porchlight_channel::Post {
        path: world.messages_path(),
        headers: Vec::new(),
        body: text_form(MARIA, "SM1", "Anybody there?"),
        received_at: world.clock.now(),
    };
    let receipt = intake.receipt_of(post).expect("one of our addresses");
    world.store.put_receipt(&receipt, world.clock.now() + Duration::from_secs(30)).await.expect("kept");
    world.sweep().await;
    assert!(world.timeline(MARIA).await.is_empty(), "it is left to whoever took it in for a while");
    world.clock.advance(Duration::from_mins(1));
    world.sweep().await;
    world.sweep().await;
    assert_eq!(world.text("SM1", "Anybody there?").await, ok());
    intake.apply(&receipt).await.expect("applied before");
    let [message] = &world.timeline(MARIA).await[..] else { panic!("one message") };
    assert_eq!(message.created_at, receipt.received_at, "when it came, not when it was applied");
}

#[tokio::test]
async fn a_receipt_that_can_never_be_stored_is_shown_in_the_tray_and_replayable_p1() {
    let world = World::new().await;
    world.text("SM1", "Hello").await;
    let id = world.thread(MARIA).await.expect("a thread").id.clone();
    let spoil = async |group: AttributeValue| {
        let summary = world.tables.client.update_item().table_name(TestTables::name("conversations"));
        let old = summary
            .key("pk", AttributeValue::S(format!("{}#CONV#{id}", world.business)))
            .key("sk", AttributeValue::S("META".to_owned()))
            .update_expression("SET version = :version")
            .expression_attribute_values(":version", group)
            .return_values(ReturnValue::UpdatedOld);
        old.send().await.expect("a write").attributes.expect("as it was")["version"].clone()
    };
    let version = spoil(AttributeValue::S("of another form".to_owned())).await;
    assert_eq!(world.text("SM2", "Anybody there?").await, ok(), "it is kept: nobody need come again");
    world.clock.advance(Duration::from_mins(1));
    world.sweep().await;
    let [receipt] = &world.tray(Tray::Quarantined).await[..] else { panic!("one receipt") };
    let reason = "what it says could not be stored".to_owned();
    assert_eq!(receipt.state, ReceiptState::Quarantined { reason });
    spoil(version).await;
    world.intake().replay(&receipt.key).await.expect("mended");
    assert_eq!(world.timeline(MARIA).await.len(), 2);
    assert!(world.tray(Tray::Quarantined).await.is_empty());
}

#[tokio::test]
async fn a_row_names_what_came_without_words() {
    for (content_type, words) in [
        (Some("image/heic"), "Photo"),
        (Some("video/3gpp"), "Video"),
        (Some("audio/amr"), "Voice memo"),
        (Some("text/x-vcard"), "Contact"),
        (Some("application/pdf"), "File"),
        (None, "Empty message"),
    ] {
        let world = World::new().await;
        let mut fields = vec![("MessageSid", "MM1"), ("From", MARIA), ("To", LINE), ("Body", " ")];
        if let Some(content_type) = content_type {
            fields.extend([
                ("NumMedia", "1"),
                ("MediaUrl0", "https://api.twilio.com/media/0"),
                ("MediaContentType0", content_type),
            ]);
        }
        assert_eq!(world.genuine(&world.messages_path(), &form(&fields)).await, ok());
        let last = world.thread(MARIA).await.and_then(|thread| thread.last_message.clone());
        assert_eq!(last.expect("a last message").text, words);
    }
}

#[tokio::test]
async fn every_file_is_kept_and_a_text_may_be_nothing_else() {
    let world = World::new().await;
    let mut fields = vec![
        ("MessageSid".to_owned(), "MM1".to_owned()),
        ("From".to_owned(), MARIA.to_owned()),
        ("To".to_owned(), LINE.to_owned()),
        ("Body".to_owned(), String::new()),
        ("NumMedia".to_owned(), "2".to_owned()),
    ];
    for n in 0..10 {
        fields.push((format!("MediaUrl{n}"), format!("https://api.twilio.com/media/{n}")));
        fields.push((format!("MediaContentType{n}"), "image/jpeg".to_owned()));
    }
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    assert_eq!(world.genuine(&world.messages_path(), &form(&fields)).await, ok());
    let [message] = &world.timeline(MARIA).await[..] else { panic!("one message") };
    assert_eq!((message.text(), message.media().len()), ("", 10));
    assert_eq!(message.media()[9].provider_url, "https://api.twilio.com/media/9");
    assert!(world.tray(Tray::Quarantined).await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_for_which_there_was_no_room_waits_for_no_sweep_p1() {
    // As large as they may be: so many fill the room of the process.
    const CROWD: usize = 140;
    let world = World::new().await;
    let held_up = Injection::next(Fault::TransactionConflict).operation("TransactWriteItems");
    world.tables.faults.inject(held_up.times(1_000_000));
    let from = |n: usize| format!("+1207556{n:04}");
    let padding = "x".repeat(LONGEST_BODY - 2_000);
    let large = async |n: usize| {
        let mut body = text_form(&from(n), &format!("SM{n}"), "No hot water");
        body.extend_from_slice(format!("&Padding={padding}").as_bytes());
        world.genuine(&world.messages_path(), &body).await
    };
    let answers = join_all((0..CROWD).map(large)).await;
    assert!(answers.iter().all(|answer| *answer == ok()), "all are kept");
    world.tables.faults.clear();
    let all_there = async {
        for from in (0..CROWD).map(from) {
            while world.thread(&from).await.is_none() {
                tokio::task::yield_now().await;
            }
        }
    };
    tokio::time::timeout(Duration::from_mins(2), all_there).await.expect("all of them follow by themselves");
}
