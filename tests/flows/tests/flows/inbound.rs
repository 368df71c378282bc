//! A text comes in: on every screen, once, in one thread (P1, P2, P3, P8).

use futures::future::join_all;
use porchlight_flows::post::text_fields;
use porchlight_flows::{House, Setup, eventually, text_in};
use porchlight_simulator::{FaultKind, Pace, Planned};
use serde_json::json;

use crate::MARIA;

#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_on_two_feeds_and_its_answer_on_the_phone_p1_p2_p3_p8() {
    let house = House::with(Setup { pace: Pace::default(), ..Setup::default() }).await;
    let (ana, ben) = (house.ana().await, house.ben().await);
    let (mut on_anas, mut on_bens) = (ana.feed(None).await, ben.feed(None).await);
    house.text(MARIA, "No hot water since this morning").await;

    for feed in [&mut on_anas, &mut on_bens] {
        let told = feed.message("No hot water since this morning").await;
        let row = &told.data["conversation"];
        assert_eq!(
            (&row["contact"], &row["unread"], &row["attention"]),
            (&json!(MARIA), &json!(1), &json!(true))
        );
        let one = json!({ "total": 1, "attention": 1, "unread": 1, "internal_unread": 0 });
        feed.until("counts of one", |heard| (heard.event == "counts" && heard.data == one).then_some(()))
            .await;
    }

    let thread = ben.thread(MARIA).await;
    let answer = ben.reply(&thread, "We can be there at **2 PM**.").await;
    let passed = on_anas.statuses(&answer, "delivered").await;
    let way = [vec!["queued".to_owned()], passed].concat();
    let mut way: Vec<&str> = way.iter().map(String::as_str).collect();
    way.dedup();
    assert_eq!(way, ["queued", "sending", "sent", "delivered"]);
    let on_phone = house.simulator.on_phone(MARIA);
    let texts: Vec<&str> = on_phone.iter().map(|message| message.body.as_str()).collect();
    assert_eq!(texts, ["No hot water since this morning", "We can be there at 2 PM."], "plain words, once");

    let settled = json!({ "total": 1, "attention": 0, "unread": 0, "internal_unread": 0 });
    on_anas.until("an answer settles for all", |heard| (heard.data == settled).then_some(())).await;
    assert_eq!(ana.recount().await, (1, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_webhook_fifty_times_at_once_is_one_message_p2() {
    let house = House::new().await;
    let fields = text_fields(MARIA, "Is anybody there?", 1);
    let all = join_all((0..50).map(|_| house.post_signed("messages", &fields))).await;
    all.iter().for_each(porchlight_flows::post::Answered::is_taken);

    let ben = house.ben().await;
    assert_eq!(ben.settled_counts().await, (1, 1, 1), "one thread, one unread");
    let messages = ben.messages(&ben.thread(MARIA).await).await;
    assert_eq!(messages.len(), 1);
    house.post_signed("messages", &fields).await.is_taken();
    assert_eq!(ben.messages(&ben.thread(MARIA).await).await, messages, "for ever");
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_first_messages_at_once_meet_in_one_thread_p1_p3() {
    let house = House::new().await;
    let words: Vec<String> = (0..50).map(|n| format!("first message {n}")).collect();
    join_all(words.iter().map(|text| house.text(MARIA, text))).await;

    let ben = house.ben().await;
    assert_eq!(ben.settled_counts().await, (1, 1, 50));
    let messages = ben.messages(&ben.thread(MARIA).await).await;
    let seqs: Vec<_> = messages.iter().map(|message| message["seq"].as_u64()).collect();
    assert_eq!(seqs, (1..=50).map(Some).collect::<Vec<_>>(), "without gaps");
    let mut texts: Vec<_> = messages.iter().filter_map(|message| message["text"].as_str()).collect();
    texts.sort_unstable();
    let mut wanted: Vec<&str> = words.iter().map(String::as_str).collect();
    wanted.sort_unstable();
    assert_eq!(texts, wanted);
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_come_through_a_provider_that_doubles_forges_and_finds_doors_shut_p1_p2() {
    let house = House::new().await;
    for kind in [FaultKind::Duplicate, FaultKind::WrongSignature, FaultKind::Duplicate] {
        house.simulator.plan_fault(Planned::next(kind));
    }
    for n in 0..4 {
        house.text(MARIA, &format!("text {n}")).await;
    }
    let ben = house.ben().await;
    let messages = ben.messages(&ben.thread(MARIA).await).await;
    let texts: Vec<_> = messages.iter().filter_map(|message| message["text"].as_str()).collect();
    assert_eq!(texts, ["text 0", "text 1", "text 2", "text 3"]);
    assert_eq!(ben.settled_counts().await, (1, 1, 4));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_with_files_keeps_every_one_of_them() {
    let house = House::new().await;
    let file = |kind: &str, bytes: &'static [u8]| porchlight_simulator::TextMedia {
        content_type: kind.to_owned(),
        bytes: bytes.into(),
    };
    let media = vec![
        file("image/jpeg", b"\xff\xd8\xff\xe0"),
        file("image/png", b"\x89PNG\r\n\x1a\n"),
        file("application/pdf", b"%PDF-1.7"),
    ];
    let text = porchlight_simulator::TextIn { media, ..text_in(MARIA, "") };
    let sent = house.simulator.text(text).await.expect("the simulator texts");
    assert!(sent.webhook.is_some_and(|webhook| webhook.accepted));
    let ben = house.ben().await;
    let messages = ben.messages(&ben.thread(MARIA).await).await;
    let kinds: Vec<_> =
        messages[0]["media"].as_array().expect("a list").iter().map(|m| &m["content_type"]).collect();
    assert_eq!(kinds, ["image/jpeg", "image/png", "application/pdf"]);
    assert_eq!(messages[0]["text"], "", "an empty body with files is a message");
}

/// More than are understood at once, and more than anybody waits behind.
const FLOOD: usize = 300;
/// Phones that text.
const PHONES: usize = 60;

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_is_taken_and_is_there_once_soon_after_p1_p2() {
    let house = House::new().await;
    let ben = house.ben().await;
    let words = |number: usize| format!("No hot water, {number}");
    let phone = |number: usize| format!("+1207555{:04}", 300 + number % PHONES);
    let texts = (0..FLOOD).map(async |number| house.text(&phone(number), &words(number)).await);
    join_all(texts).await;
    let said = eventually("every text", async || {
        let mut said = Vec::new();
        for number in 0..PHONES {
            let row = ben.conversation_with(&phone(number)).await?;
            let messages = ben.messages(row["id"].as_str().expect("an id")).await;
            said.extend(messages.iter().filter_map(|it| it["text"].as_str().map(str::to_owned)));
        }
        (said.len() >= FLOOD).then_some(said)
    });
    let mut said = said.await;
    said.sort();
    let mut wanted: Vec<String> = (0..FLOOD).map(words).collect();
    wanted.sort();
    assert_eq!(said, wanted, "each once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_waits_for_none_of_a_crowd_p6() {
    let house = House::new().await;
    let ben = house.ben().await;
    house.text(MARIA, "Hello").await;
    let phone = |number: usize| format!("+1207555{:04}", 300 + number);
    let crowd = (0..FLOOD).map(async |number| drop(house.text(&phone(number), "No hot water").await));
    let stop = async {
        house.text(MARIA, "STOP").await;
        // Whoever said so and was thanked for it is texted no more.
        assert_eq!(ben.conversation_with(MARIA).await.expect("a thread")["consent"], "closed");
    };
    futures::future::join(join_all(crowd), stop).await;
}
