//! Following, being cut off, coming again (P8).

use std::collections::BTreeSet;
use std::time::Duration;

use porchlight_domain::conversation::{Draft, DraftKind};
use porchlight_domain::event::{Event, Happening};
use porchlight_domain::id::EventId;
use porchlight_domain::message::MessageKind;
use porchlight_engine::{Fault, Injection};
use serde_json::{Value, json};

use crate::follower::{Follower, ask, live, sign_in};
use crate::house::{House, business, staff};
use crate::looks::watched;

#[tokio::test]
async fn nobody_follows_without_a_session() {
    let house = House::open().await;
    let (live, _) = live(&house);
    let response = ask(&live, "porchlight=nonsense", None).await;
    assert_eq!(response.status(), 401);
    assert_eq!(response.headers()["content-type"], "application/problem+json");
}

#[tokio::test]
async fn a_stream_begins_with_ready_and_is_stored_nowhere() {
    let house = House::open().await;
    let (live, _) = live(&house);
    let cookie = sign_in(&house, &staff(1)).await;
    let response = ask(&live, &cookie, None).await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert_eq!(response.headers()["x-accel-buffering"], "no");
    let ready = Follower::begin(&live, &cookie, None).await.next().await;
    assert_eq!(ready.event, "ready");
    assert_eq!(ready.data["server_time"], json!(house.clock.now()));
    assert_eq!(ready.id.as_deref(), ready.data["cursor"].as_str(), "a browser resumes from it by itself");
}

#[tokio::test]
async fn a_text_reaches_every_open_stream_with_its_row_and_the_counts_follow() {
    let house = House::open().await;
    let (live, _) = live(&house);
    let mut office = Follower::open(&live, &sign_in(&house, &staff(1)).await, None).await;
    let mut other = Follower::open(&live, &sign_in(&house, &staff(2)).await, None).await;
    house.say(1, MessageKind::Customer, "hello").await;
    for follower in [&mut office, &mut other] {
        let told = follower.until("message.created").await;
        assert_eq!(told.data["message"]["text"], "hello");
        assert_eq!(told.data["conversation"]["unread"], 1);
        assert!(told.id.is_some());
    }
    house.settle().await;
    let mut counts = office.until("counts").await;
    while counts.data["total"] != 1 {
        counts = office.until("counts").await;
    }
    assert_eq!(counts.data, json!({ "total": 1, "attention": 1, "unread": 1, "internal_unread": 0 }));
    assert_eq!(counts.id, None);
}

#[tokio::test]
async fn looking_is_told_to_the_one_who_looked_only() {
    let house = House::open().await;
    let (live, _) = live(&house);
    house.say(1, MessageKind::Customer, "hello").await;
    house.clock.advance(Duration::from_mins(1));
    let mut mine = Follower::open(&live, &sign_in(&house, &staff(1)).await, None).await;
    let mut theirs = Follower::open(&live, &sign_in(&house, &staff(2)).await, None).await;
    let it = house.with(1).await;
    let mut marker = house.store.read_marker(&business(), &it.id, &staff(1)).await.expect("a marker");
    marker.read(&it);
    let event = house.event(&it, Happening::ConversationMarked { staff: staff(1) });
    let commit = house.store.commit(&business()).read_marker(&it.id, &staff(1), &mut marker).event(&event);
    commit.run().await.expect("a look");
    let told = mine.told().await;
    assert_eq!(
        (told.event.as_str(), &told.data["conversation"]["unread"]),
        ("conversation.updated", &json!(0))
    );
    house.say(1, MessageKind::Customer, "again").await;
    let told = theirs.told().await;
    assert_eq!((told.event.as_str(), &told.data["conversation"]["unread"]), ("message.created", &json!(2)));
}

#[tokio::test]
async fn a_draft_is_told_to_its_writer_only() {
    let house = House::open().await;
    let (live, _) = live(&house);
    house.say(1, MessageKind::Customer, "hello").await;
    house.clock.advance(Duration::from_mins(1));
    let mut mine = Follower::open(&live, &sign_in(&house, &staff(1)).await, None).await;
    let mut theirs = Follower::open(&live, &sign_in(&house, &staff(2)).await, None).await;
    let it = house.with(1).await;
    let draft = Draft { text: "We could".to_owned(), updated_at: house.clock.now() };
    let event = house.event(&it, Happening::ConversationMarked { staff: staff(1) });
    let commit = house
        .store
        .commit(&business())
        .draft(&it.id, &staff(1), DraftKind::Reply, &draft, None)
        .event(&event);
    commit.run().await.expect("a draft");
    let told = mine.told().await;
    assert_eq!(told.event, "conversation.updated");
    assert_eq!(told.data["conversation"]["draft"]["text"], "We could");
    house.say(1, MessageKind::Customer, "again").await;
    let told = theirs.told().await;
    assert_eq!((told.event.as_str(), &told.data["conversation"]["draft"]), ("message.created", &Value::Null));
}

#[tokio::test]
async fn too_long_a_gap_or_an_unknown_cursor_means_reload_p8() {
    let house = House::open().await;
    let (live, _) = live(&house);
    let cookie = sign_in(&house, &staff(1)).await;
    let old = house.entropy.ulid(house.clock.now()).to_string();
    house.clock.advance(Duration::from_mins(61));
    for (cursor, reason) in [(old.as_str(), "gap"), ("nonsense", "unknown_cursor")] {
        let mut follower = Follower::open(&live, &cookie, Some(cursor)).await;
        let told = follower.told().await;
        assert_eq!((told.event.as_str(), &told.data["reason"]), ("reload", &json!(reason)));
    }
}

#[tokio::test]
async fn a_stream_ends_in_time_and_its_client_comes_again() {
    let house = House::open().await;
    let platform = house.platform("Live").with_dynamodb(|| watched(&house).0);
    let live = porchlight_live::build(platform).expect("the template has its settings");
    let mut follower = Follower::open(&live, &sign_in(&house, &staff(1)).await, None).await;
    tokio::time::pause();
    let end = async { while follower.next_or_end().await.is_some() {} };
    tokio::time::timeout(Duration::from_secs(56), end).await.expect("the stream ends");
}

#[tokio::test]
async fn a_stream_ends_soon_after_its_session_p7() {
    let house = House::open().await;
    let mut platform = house.platform("Live").with_dynamodb(|| watched(&house).0);
    let mut settings = house.tables.environment("Live");
    settings.extend(
        [("PUBLIC_URL", "http://localhost"), ("STREAM_SECONDS", "600")].map(|(k, v)| (k.into(), v.into())),
    );
    platform.settings = settings.into_iter().collect();
    let live = porchlight_live::build(platform).expect("the template has its settings");
    let mut signed_in = Follower::open(&live, &sign_in(&house, &staff(1)).await, None).await;
    let mut signed_out = Follower::open(&live, &sign_in(&house, &staff(2)).await, None).await;
    house.store.delete_sessions_of(&business(), &staff(2)).await.expect("signed out");
    tokio::time::pause();
    let end = async { while signed_out.next_or_end().await.is_some() {} };
    tokio::time::timeout(Duration::from_secs(90), end).await.expect("nobody is told after their session");
    tokio::time::resume();
    house.say(1, MessageKind::Customer, "hello").await;
    assert_eq!(signed_in.told().await.event, "message.created");
}

#[tokio::test]
async fn a_client_too_slow_for_the_feed_is_told_to_reload_and_holds_nobody_up() {
    let house = House::open().await;
    let (live, _) = live(&house);
    house.say(1, MessageKind::Customer, "hello").await;
    let mut slow = Follower::open(&live, &sign_in(&house, &staff(1)).await, None).await;
    assert_eq!(slow.told().await.event, "message.created");
    let mut fast = Follower::open(&live, &sign_in(&house, &staff(2)).await, None).await;
    let it = house.with(1).await;
    for _ in 0..30 {
        let mut commit = house.store.commit(&business());
        for _ in 0..50 {
            commit = commit.event(&house.event(&it, Happening::ConversationUpdated));
        }
        commit.run().await.expect("events");
    }
    house.say(1, MessageKind::Customer, "the last").await;
    while fast.told().await.data["message"]["text"] != "the last" {}
    let told = slow.until("reload").await;
    assert_eq!(told.data["reason"], "slow");
}

/// Writes an event, and a message with it, by a clock that differs from the others'.
async fn write_by(house: &House, seconds_off: i64, thread: u64, text: &str) -> EventId {
    let (message, conversation) = house.write(thread, MessageKind::Customer, text).await;
    let now = house.clock.now();
    let by_its_clock = if seconds_off < 0 {
        now - Duration::from_secs(seconds_off.unsigned_abs())
    } else {
        now + Duration::from_secs(seconds_off.unsigned_abs())
    };
    let id = EventId::from(house.entropy.ulid(by_its_clock));
    let event = Event {
        id: id.clone(),
        conversation: Some(conversation.id.clone()),
        happening: Happening::MessageCreated { seq: message.seq },
    };
    house.store.commit(&business()).event(&event).run().await.expect("an event");
    id
}

/// Applies what is told until this event came, as a client does: by version, dropping what it has.
async fn apply_until(follower: &mut Follower, last: &EventId, seen: &mut Seen) {
    loop {
        let told = follower.told().await;
        seen.apply(&told.data, told.id.as_deref());
        if told.id.as_deref() == Some(last.as_str()) {
            return;
        }
    }
}

#[derive(Default)]
struct Seen {
    texts: BTreeSet<String>,
    ids: BTreeSet<String>,
    cursor: Option<String>,
    twice: usize,
}

impl Seen {
    fn apply(&mut self, data: &Value, id: Option<&str>) {
        if let Some(id) = id {
            self.twice += usize::from(!self.ids.insert(id.to_owned()));
            self.cursor = Some(id.to_owned());
        }
        if let Some(text) = data["message"]["text"].as_str() {
            self.texts.insert(text.to_owned());
        }
    }
}

#[tokio::test]
async fn a_client_cut_off_at_random_applies_every_event_while_clocks_differ_p8() {
    let house = House::open().await;
    let (live, _) = live(&house);
    let cookie = sign_in(&house, &staff(1)).await;
    let mut seen = Seen::default();
    let mut written = BTreeSet::new();
    let mut follower = Follower::open(&live, &cookie, None).await;
    for n in 0..40_u64 {
        // Two writers, 5 s apart.
        let off = if n % 2 == 0 { -5 } else { 0 };
        let text = format!("text {n}");
        let id = write_by(&house, off, n % 3, &text).await;
        written.insert(text);
        let chance = house.entropy.fraction();
        if chance < 0.25 {
            // Cut off before this one was told; some seconds pass.
            house.clock.advance(Duration::from_secs(u64::from(chance < 0.1) * 40));
            follower = Follower::open(&live, &cookie, seen.cursor.as_deref()).await;
        } else if chance < 0.8 {
            apply_until(&mut follower, &id, &mut seen).await;
        }
    }
    let last = write_by(&house, 0, 1, "the last").await;
    apply_until(&mut follower, &last, &mut seen).await;
    // The order of writers with different clocks is nobody's promise; what is late comes within a second.
    while !written.is_subset(&seen.texts) {
        let told = follower.told().await;
        seen.apply(&told.data, told.id.as_deref());
    }
}

#[tokio::test]
async fn one_stream_is_told_each_event_once_p8() {
    let house = House::open().await;
    let (live, _) = live(&house);
    let cookie = sign_in(&house, &staff(1)).await;
    write_by(&house, 0, 1, "before").await;
    let mut follower = Follower::open(&live, &cookie, None).await;
    let mut seen = Seen::default();
    for n in 0..10 {
        let off = [-5, 0, 5][n % 3];
        let id = write_by(&house, off, 1, &format!("text {n}")).await;
        apply_until(&mut follower, &id, &mut seen).await;
    }
    assert_eq!((seen.texts.len(), seen.twice), (11, 0));
}

#[tokio::test]
async fn a_feed_that_cannot_be_read_for_a_moment_loses_nothing_p8() {
    let house = House::open().await;
    let (live, _) = live(&house);
    let mut follower = Follower::open(&live, &sign_in(&house, &staff(1)).await, None).await;
    let denied =
        Injection::next(Fault::InternalError).table(&porchlight_engine::testing::TestTables::name("events"));
    house.tables.faults.inject(denied.operation("Query").times(6));
    let last = write_by(&house, 0, 1, "hello").await;
    apply_until(&mut follower, &last, &mut Seen::default()).await;
}
