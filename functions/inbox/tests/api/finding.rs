//! Finding in a thread: by words, by a message's id, by a day.

use porchlight_domain::id::MessageId;
use porchlight_store::search::Indexed;
use serde_json::{Value, json};

use crate::support::house::{LUIS, MARTA, OFFICE};
use crate::support::{House, Person, at, ulid};

const DAY: u64 = 86_400;

/// A thread of two years, a text each day at noon; the `n`-th says so.
async fn long(house: &House, days: u64) -> (String, Vec<String>) {
    let mut conversation = house.conversation(1).await;
    for n in 1..days {
        let text = if n % 7 == 0 { format!("Sunday {n}, the b\u{f6}iler drips") } else { format!("Day {n}") };
        house.customer_writes(&mut conversation, &text, at(n * DAY)).await;
    }
    let ids = house.timeline_all(&conversation.id).await;
    (format!("/api/conversations/{}", conversation.id), ids)
}

async fn found(person: &Person, path: &str, words: &str) -> (Vec<u64>, u64) {
    let answer = person.get(&format!("{path}/search?q={words}")).await.expect(200);
    let hits =
        answer["hits"].as_array().expect("hits").iter().map(|hit| hit["seq"].as_u64().expect("a place"));
    (hits.collect(), answer["total"].as_u64().expect("a number"))
}

#[tokio::test]
async fn words_are_found_over_the_whole_thread_newest_first_though_nothing_is_indexed_yet() {
    let house = House::new().await;
    let (path, ids) = long(&house, 60).await;
    let ana = house.person(OFFICE).await;
    let sundays: Vec<u64> = (1..60).filter(|n| n % 7 == 0).map(|n| n + 1).rev().collect();
    for words in ["boiler", "BOIL", "sunday%20drips", "b%C3%B6iler"] {
        assert_eq!(found(&ana, &path, words).await, (sundays.clone(), 8), "{words}");
    }
    assert_eq!(found(&ana, &path, "sunday%2014").await, (vec![15], 1));
    assert_eq!(found(&ana, &path, "furnace").await, (vec![], 0));
    assert_eq!(found(&ana, &path, "%20!").await, (vec![], 0));
    let first = ana.get(&format!("{path}/search?q=boiler&limit=3")).await.expect(200);
    assert_eq!((&first["total"], &first["next_before"]), (&json!(8), &json!(sundays[2])));
    assert_eq!(first["hits"][0]["id"], ids[usize::try_from(sundays[0] - 1).expect("small")]);
    let next = ana.get(&format!("{path}/search?q=boiler&limit=50&before={}", sundays[2])).await.expect(200);
    assert_eq!((next["hits"].as_array().map(Vec::len), &next["next_before"]), (Some(5), &Value::Null));
}

#[tokio::test]
async fn any_message_is_reached_by_its_id_in_one_request_and_no_other_threads_p7() {
    let house = House::new().await;
    let (path, ids) = long(&house, 120).await;
    let ana = house.person(OFFICE).await;
    for n in [0, 1, 57, 118, 119] {
        let page = ana.get(&format!("{path}/messages?around={}&limit=5", ids[n])).await.expect(200);
        assert_eq!(page["target_seq"], n + 1);
        let there = page["messages"].as_array().expect("messages").iter().any(|it| it["id"] == ids[n]);
        assert!(there && page["messages"].as_array().is_some_and(|all| all.len() <= 5), "{n}");
    }
    let note = json!({"id": ulid::<MessageId>(70), "text": "Pays late"});
    ana.post(&format!("{path}/notes"), note).await.expect(201);
    let at_note = format!("{path}/messages?around={}", ulid::<MessageId>(70));
    assert_eq!(ana.get(&at_note).await.expect(200)["target_seq"], 121);
    house.customer_with_job(1, &[LUIS]).await;
    let luis = house.person(LUIS).await;
    assert_eq!(luis.get(&at_note).await.problem(404), "not-found", "the office's note is none of theirs");
    assert_eq!(luis.get(&format!("{path}/messages?around={}", ids[3])).await.expect(200)["target_seq"], 4);
    let other = house.conversation(2).await;
    let foreign = format!("/api/conversations/{}/messages?around=", other.id);
    for id in [&ids[57], &ulid::<MessageId>(70).to_string(), &ulid::<MessageId>(4711).to_string()] {
        assert_eq!(ana.get(&format!("{foreign}{id}")).await.problem(404), "not-found");
    }
    for nonsense in ["0", "x", "-1", "1000000000000"] {
        assert_eq!(ana.get(&format!("{foreign}{nonsense}")).await.problem(400), "bad-request", "{nonsense}");
    }
}

#[tokio::test]
async fn a_day_is_an_instant_of_its_readers_and_an_empty_one_leads_to_the_next_message() {
    let house = House::new().await;
    let (path, _) = long(&house, 60).await;
    let ana = house.person(OFFICE).await;
    let target = async |instant: &str| {
        ana.get(&format!("{path}/messages?at={instant}&limit=3")).await.expect(200)["target_seq"].clone()
    };
    // The thread begins on 20 November at 10:01 in UTC, and goes on each day at 10:00.
    assert_eq!(target("2026-11-20T00:00:00Z").await, 1);
    assert_eq!(target("2026-11-23T05:00:00Z").await, 4, "midnight in New York");
    assert_eq!(target("2026-11-23T10:00:00Z").await, 4);
    assert_eq!(
        target("2026-11-23T10:00:00.001Z").await,
        5,
        "later than the day's only message: the next one"
    );
    assert_eq!(target("1999-01-01T00:00:00Z").await, 1);
    assert_eq!(target("2030-01-01T00:00:00Z").await, Value::Null, "nothing comes after");
    let both = format!("{path}/messages?at=2026-11-20T00:00:00Z&around=3");
    assert_eq!(ana.get(&both).await.problem(400), "bad-request");
}

#[tokio::test]
async fn what_was_taken_back_is_neither_found_nor_led_to_p10() {
    let house = House::new().await;
    let it = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    let path = format!("/api/conversations/{}", it.id);
    let mut indexed = Indexed::default();
    // The first is taken back before it is indexed, the second after.
    for (n, is_indexed) in [(70, false), (71, true)] {
        let now = house.clock.now();
        let text = json!({"id": ulid::<MessageId>(n), "text": "Boiler", "seen_seq": 9, "undo_s": 5});
        ana.post(&format!("{path}/messages"), text).await.expect(202);
        assert_eq!(found(&ana, &path, "boiler").await.1, 1, "it may be taken back, and is said until then");
        let day = format!("{path}/messages?at={now}");
        assert!(ana.get(&day).await.expect(200)["target_seq"].is_u64());
        if is_indexed {
            let row = house.reread(&it.id).await;
            indexed = house.store.index_conversation(&row, &indexed).await.expect("indexed");
        }
        ana.post(&format!("/api/messages/{}/cancel", ulid::<MessageId>(n)), json!({})).await.expect(200);
        if is_indexed {
            let row = house.reread(&it.id).await;
            house.store.index_conversation(&row, &indexed).await.expect("indexed");
        }
        assert_eq!(found(&ana, &path, "boiler").await, (vec![], 0));
        assert_eq!(ana.get(&day).await.expect(200)["target_seq"], Value::Null);
    }
}

#[tokio::test]
async fn what_may_be_taken_back_and_what_follows_it_are_found_everywhere_once_it_has_left_p10() {
    let house = House::new().await;
    let it = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    let path = format!("/api/conversations/{}", it.id);
    let listed = async |words: &str| {
        let page = ana.get(&format!("/api/conversations?q={words}")).await.expect(200);
        page["conversations"].as_array().expect("rows").len()
    };
    let before = house.store.index_conversation(&it, &Indexed::default()).await.expect("indexed");
    let held = json!({"id": ulid::<MessageId>(70), "text": "The boiler", "seen_seq": 9, "undo_s": 5});
    ana.post(&format!("{path}/messages"), held).await.expect(202);
    let note = json!({"id": ulid::<MessageId>(71), "text": "warranty ends", "crew": false});
    ana.post(&format!("{path}/notes"), note).await.expect(201);
    let waits = house.store.index_conversation(&house.reread(&it.id).await, &before).await.expect("indexed");
    assert_eq!(waits, Indexed { name: waits.name.clone(), more: waits.more.clone(), ..before }, "it waits");
    assert_eq!((found(&ana, &path, "boiler").await.1, found(&ana, &path, "warranty").await.1), (1, 1));
    ana.post(&format!("/api/messages/{}/send-now", ulid::<MessageId>(70)), json!({})).await.expect(200);
    let row = house.reread(&it.id).await;
    let after = house.store.index_conversation(&row, &waits).await.expect("indexed");
    assert_eq!(after.seq, row.seq);
    for words in ["boiler", "warranty"] {
        assert_eq!((listed(words).await, found(&ana, &path, words).await.1), (1, 1), "{words}");
    }
}

#[tokio::test]
async fn notes_are_found_by_who_may_read_them_and_counted_for_nobody_else_p7() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    house.customer_with_job(1, &[LUIS]).await;
    let (ana, luis, marta) =
        (house.person(OFFICE).await, house.person(LUIS).await, house.person(MARTA).await);
    let path = format!("/api/conversations/{}", conversation.id);
    for (n, text, crew) in [(70, "heater: pays late", false), (71, "heater: gate code", true)] {
        let note = json!({"id": ulid::<MessageId>(n), "text": text, "crew": crew});
        ana.post(&format!("{path}/notes"), note).await.expect(201);
    }
    assert_eq!(found(&ana, &path, "heater").await, (vec![3, 2, 1], 3));
    assert_eq!(found(&luis, &path, "heater").await, (vec![3, 1], 2));
    assert_eq!(found(&luis, &path, "late").await, (vec![], 0));
    assert_eq!(marta.get(&format!("{path}/search?q=heater")).await.problem(404), "not-found");
}
