//! A connected client applies every event once, and catches up after a gap (P8).

use std::time::Duration;

use porchlight_domain::time::Timestamp;
use porchlight_edge::{Clock, Entropy};
use porchlight_flows::{House, Mirror, eventually};

use crate::writer::Writer;
use crate::{MARIA, OMAR};

#[tokio::test(flavor = "multi_thread")]
async fn a_client_cut_off_at_random_applies_every_event_once_while_clocks_differ_p8() {
    const EACH: u32 = 60;
    let house = House::new().await;
    let ben = house.ben().await;
    let fast = Writer::new(&house, 2_500, MARIA, 1_000);
    let slow = Writer::new(&house, -2_500, OMAR, 2_000);
    let chance = Entropy::seeded(8);
    let mut feed = ben.feed(None).await;
    let writing = tokio::spawn(async move { tokio::join!(fast.write(EACH), slow.write(EACH)) });

    let (mut mirror, mut cuts) = (Mirror::default(), 0);
    while mirror.messages.len() < 2 * EACH as usize {
        let lasts = 1 + chance.bytes::<1>()[0] % 160;
        let mut told = std::collections::BTreeSet::new();
        for _ in 0..lasts {
            if mirror.messages.len() == 2 * EACH as usize {
                break;
            }
            let heard = feed.next().await.expect("the feed goes on");
            assert_ne!(heard.event, "reload");
            if let Some(id) = &heard.id {
                assert!(told.insert(id.clone()), "an event comes twice on one connection");
            }
            mirror.apply(&heard);
        }
        let cursor = feed.cursor.clone().expect("a cursor");
        drop(feed);
        feed = ben.feed(Some(&cursor)).await;
        cuts += 1;
    }
    writing.await.expect("the writers end");
    assert!(cuts > 1, "it was cut off {cuts} times");
    for contact in [MARIA, OMAR] {
        let thread = ben.thread(contact).await;
        let wanted: Vec<String> = (0..EACH).map(|n| format!("{contact} {n}")).collect();
        assert_eq!(mirror.texts(&thread), wanted);
    }
    assert!(mirror.applied.values().all(|times| *times == 1), "once each: {:?}", mirror.applied);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_was_away_for_minutes_catches_up_without_bound_p8() {
    let house = House::with_still_clock().await;
    house.text(MARIA, "before").await;
    let ben = house.ben().await;
    let mut feed = ben.feed(None).await;
    house.text(MARIA, "seen").await;
    feed.message("seen").await;
    let cursor = feed.cursor.clone().expect("a cursor");
    drop(feed);
    for n in 0..30 {
        house.running.platform().clock.advance(Duration::from_secs(100));
        house.text(MARIA, &format!("away {n}")).await;
    }
    let mut feed = ben.feed(Some(&cursor)).await;
    let mut mirror = Mirror::default();
    while mirror.messages.values().all(|message| message["text"] != "away 29") {
        let heard = feed.next().await.expect("the feed goes on");
        assert_ne!(heard.event, "reload");
        mirror.apply(&heard);
    }
    assert_eq!(mirror.messages.values().filter(|it| it["text"].to_string().contains("away")).count(), 30);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_gap_of_more_than_an_hour_it_is_told_to_reload_p8() {
    let house = House::new().await;
    let ben = house.ben().await;
    let now = Clock::system().now().millis();
    for (minutes, reloads) in [(61, true), (59, false)] {
        let then = Timestamp::from_millis(now - minutes * 60_000);
        let mut feed = ben.feed(Some(&Entropy::system().ulid(then).to_string())).await;
        house.text(MARIA, &format!("after {minutes} minutes")).await;
        let told = feed.until("a reload, or what happened", |heard| match heard.event.as_str() {
            "reload" => Some(true),
            "message.created" => Some(false),
            _ => None,
        });
        assert_eq!(told.await, reloads, "{minutes} minutes");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cursor_may_come_in_the_address_and_nonsense_is_refused_or_reloads_p8() {
    let house = House::new().await;
    let ben = house.ben().await;
    let mut feed = ben.feed(None).await;
    house.text(MARIA, "one").await;
    feed.message("one").await;
    let cursor = feed.cursor.clone().expect("a cursor");
    house.text(MARIA, "two").await;
    let request = ben.request(reqwest::Method::GET, &format!("/api/live?cursor={cursor}"));
    let mut resumed = porchlight_flows::Feed::open(request).await;
    resumed.message("two").await;

    let answer =
        ben.request(reqwest::Method::GET, "/api/live?cursor=nonsense").send().await.expect("an answer");
    if answer.status() == reqwest::StatusCode::OK {
        let request = ben.request(reqwest::Method::GET, "/api/live?cursor=nonsense");
        let mut feed = porchlight_flows::Feed::open(request).await;
        feed.until("a reload", |heard| (heard.event == "reload").then_some(())).await;
    } else {
        assert_eq!(answer.status(), reqwest::StatusCode::BAD_REQUEST);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_person_reads_is_told_to_their_own_screens_only_p8() {
    let house = House::new().await;
    house.text(MARIA, "Hello?").await;
    let (ana, ben) = (house.ana().await, house.ben().await);
    let thread = ben.thread(MARIA).await;
    let (mut on_anas, mut on_bens) = (ana.feed(None).await, ben.feed(None).await);
    // What was before the feeds began is told again to both; Maria's text marks its end.
    house.text(MARIA, "Anybody?").await;
    on_anas.message("Anybody?").await;
    on_bens.message("Anybody?").await;
    ben.post(&format!("/api/conversations/{thread}/read"), serde_json::Value::Null).await;
    on_bens
        .until("the row as read", |heard| {
            let row = &heard.data["conversation"];
            (row["id"] == thread.as_str() && row["unread"] == 0).then_some(())
        })
        .await;
    house.text(OMAR, "Me too").await;
    on_anas
        .until("Omar's text, and nothing of Maria's thread before it", |heard| {
            assert_ne!(heard.data["conversation"]["id"], thread.as_str(), "Ana is told of Ben's reading");
            (heard.data["message"]["text"] == "Me too").then_some(())
        })
        .await;
    eventually("each one's own count", async || {
        (ben.counts().await.2 == 1 && ana.counts().await.2 == 3).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_feed_ends_at_once_with_its_session_p7() {
    let house = House::new().await;
    let (ana, ben) = (house.ana().await, house.ben().await);
    let (mut on_anas, mut on_bens) = (ana.feed(None).await, ben.feed(None).await);
    ben.delete("/api/session").await;
    while on_bens.next().await.is_some_and(|heard| heard.event == "counts") {}
    house.text(MARIA, "after Ben had left").await;
    on_anas.message("after Ben had left").await;
    assert!(on_bens.next().await.is_none(), "nothing is told after the session's end");
    let answer = ben.request(reqwest::Method::GET, "/api/live").send().await.expect("an answer");
    assert_eq!(answer.status(), reqwest::StatusCode::UNAUTHORIZED);
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
}
