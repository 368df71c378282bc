//! The list: five filters, two orders, whose, page by page (RULES).

use std::sync::Arc;
use std::time::Duration;

use porchlight_domain::hours::time_zone;
use porchlight_domain::time::Timestamp;
use porchlight_edge::{Entropy, Function};
use porchlight_flows::{House, Person, Setup};
use porchlight_local::demo::generate::{Generator, numbers};
use porchlight_local::demo::load;
use porchlight_local::demo::spread::Spread;
use porchlight_local::demo::story::StoryFrame;
use porchlight_local::functions::Build;
use porchlight_local::local::Options;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::MARIA;

const MANY: usize = 300;
const SOME: usize = 120;

/// Whether a filter shows a row.
type Rule = fn(&Value) -> bool;

fn spread() -> Spread {
    Spread { since: Duration::from_hours(24 * 42), zone: time_zone("America/New_York").expect("a zone") }
}

/// A house with so many threads, some of them somebody's.
async fn full_house(count: usize) -> (House, Person) {
    let options = Box::new(|options: &mut Options| {
        // Lists need nothing derived, and deriving so much takes long.
        let idle: Build = Arc::new(|_| {
            let idle = Function::new().stream(async |_| Ok(Vec::new()));
            Ok(idle.schedule("recount", async |_| Ok(())).schedule("snoozes", async |_| Ok(())))
        });
        options.functions.insert("porchlight-index".to_owned(), idle);
    });
    let house = House::with(Setup { options, demo: true, ..Setup::default() }).await;
    let ben = house.ben().await;
    let known = ben.whole_list("filter=all", 200).await.len();
    let store = house.store();
    let business = store.business(&house.business).await.expect("the table answers").expect("the business");
    let lines = store.lines(&house.business).await.expect("the table answers");
    let entropy = Entropy::seeded(3);
    let frame = StoryFrame {
        business: &business,
        line: &lines[0],
        entropy: &entropy,
        provider_url: house.simulator.url(),
        photo: None,
    };
    let office = house.staff[..2].iter().map(|staff| staff.id.clone()).collect();
    let now = house.running.platform().clock.now();
    let generator = Generator { frame, office, crew: Vec::new(), now, spread: spread() };
    let fresh = numbers(&[]).skip(1_000).take(count - known);
    let people = (0..).zip(fresh).map(|(index, number)| {
        let mut person = generator.person(number, index, u64::from(index % 5) + 1);
        person.thread.conversation.assign((index % 7 == 0).then(|| house.staff[1].id.clone()));
        person
    });
    load::people(&store, &business, people).await.expect("people can be written");
    (house, ben)
}

fn is_open(row: &Value) -> bool {
    row["state"] == "open"
}

fn is_active(row: &Value) -> bool {
    is_open(row) && row["snoozed_until"].is_null()
}

fn is_lead(row: &Value) -> bool {
    let booked = row["job"].is_object() && row["job"]["status"] != "canceled";
    let open_lead = row["lead"].is_object() && row["lead"]["stage"] != "closed";
    is_open(row) && (row["customer"].is_null() || (open_lead && !booked))
}

fn ids(rows: &[Value]) -> Vec<String> {
    rows.iter().map(|row| row["id"].to_string()).collect()
}

fn by_activity(rows: &[Value]) -> bool {
    rows.is_sorted_by(|a, b| a["last_activity_at"].as_str() >= b["last_activity_at"].as_str())
}

#[tokio::test(flavor = "multi_thread")]
async fn each_filter_shows_what_the_rules_say_in_order_page_by_page() {
    let (house, ben) = full_house(MANY).await;
    let all = ben.whole_list("filter=all", 37).await;
    assert_eq!(all.len(), MANY);
    assert!(by_activity(&all), "the last activity first");
    let rules: [(&str, Rule); 4] = [
        ("active", is_active),
        ("attention", |row| is_active(row) && row["attention"] == true),
        ("leads", is_lead),
        ("archived", |row| !is_open(row)),
    ];
    for (filter, shows) in rules {
        let wanted: Vec<Value> = all.iter().filter(|row| shows(row)).cloned().collect();
        let shown = ben.whole_list(&format!("filter={filter}"), 23).await;
        assert!(!shown.is_empty() && shown.len() < MANY, "{filter} is a part");
        assert_eq!(ids(&shown), ids(&wanted), "{filter}");
    }
    drop(house);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_longest_waiting_come_first_and_emergencies_before_them() {
    let (house, ben) = full_house(SOME).await;
    house.text(MARIA, "A pipe burst in the basement").await;
    for filter in ["all", "active", "attention", "leads"] {
        let rows = ben.whole_list(&format!("filter={filter}&sort=waiting"), 19).await;
        let recent = ben.whole_list(&format!("filter={filter}"), 200).await;
        let (mut sorted, mut usual) = (ids(&rows), ids(&recent));
        sorted.sort();
        usual.sort();
        assert_eq!(sorted, usual, "{filter}: the same rows");
        let waits = rows.iter().take_while(|row| row["waiting_since"].is_string() && is_active(row)).count();
        let (waiting, rest) = rows.split_at(waits);
        assert!(rest.iter().all(|row| row["waiting_since"].is_null() || !is_active(row)), "{filter}");
        let rank = |row: &Value| (row["emergency"] != json!(true), row["waiting_since"].to_string());
        assert!(waiting.is_sorted_by_key(rank), "{filter}: emergencies, then the longest waiting");
        assert!(by_activity(rest), "{filter}: then by activity");
        assert!(filter == "leads" || waiting[0]["emergency"] == true, "{filter}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_they_are_narrows_any_list() {
    let (house, ben) = full_house(SOME).await;
    let all = ben.whole_list("filter=all", 200).await;
    let whose = |row: &Value| row["assignee"]["id"].as_str().map(str::to_owned);
    for (assigned, wanted) in [
        ("me".to_owned(), Some(ben.id().to_owned())),
        ("none".to_owned(), None),
        (house.staff[0].id.to_string(), Some(house.staff[0].id.to_string())),
    ] {
        for filter in ["all", "archived"] {
            let rows = ben.whole_list(&format!("filter={filter}&assigned={assigned}"), 11).await;
            let of_filter = |row: &&Value| filter == "all" || !is_open(row);
            let expected: Vec<Value> =
                all.iter().filter(of_filter).filter(|row| whose(row) == wanted).cloned().collect();
            assert_eq!(ids(&rows), ids(&expected), "{filter}, {assigned}");
        }
    }
    let row = &all[0];
    let path = format!("/api/conversations/{}/assignee", row["id"].as_str().expect("an id"));
    ben.put(&path, json!({ "assignee": ben.id() })).await;
    assert_eq!(
        ben.conversation_with(row["contact"].as_str().expect("a contact")).await.expect("it")["assignee"]["id"],
        ben.id()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_never_depend_on_the_query() {
    let house = House::with(Setup { demo: true, ..Setup::default() }).await;
    let ben = house.ben().await;
    assert!(ben.settled_counts().await.0 > 10);
    let counts = async |query: &str| ben.get(&format!("/api/conversations?{query}")).await["counts"].clone();
    let usual = counts("").await;
    for query in ["filter=archived", "filter=leads&sort=waiting", "assigned=me&limit=1", "q=heater", "q=zzzz"]
    {
        assert_eq!(counts(query).await, usual, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_stay_whole_while_texts_come_in() {
    let (house, ben) = full_house(SOME).await;
    let before = ids(&ben.whole_list("filter=all", 200).await);
    let mut seen = Vec::new();
    let mut cursor = String::new();
    for n in 0.. {
        let page = ben.get(&format!("/api/conversations?limit=40{cursor}")).await;
        seen.extend(ids(page["conversations"].as_array().expect("a list")));
        house.text(&format!("+1603555{:04}", 100 + n), "new meanwhile").await;
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, before, "what was there is shown once, whatever joins above");
}

#[tokio::test(flavor = "multi_thread")]
async fn cursors_are_good_for_one_person_and_one_query_only() {
    let (house, ben) = full_house(210).await;
    let ana = house.ana().await;
    let page = ben.get("/api/conversations?limit=5").await;
    let cursor = page["next_cursor"].as_str().expect("the list goes on").to_owned();
    ben.get(&format!("/api/conversations?limit=9&cursor={cursor}")).await;
    let mut flipped: Vec<char> = cursor.chars().collect();
    let at = flipped.len() / 2;
    flipped[at] = if flipped[at] == 'A' { 'B' } else { 'A' };
    let flipped: String = flipped.into_iter().collect();
    let refused = [
        (&ana, format!("cursor={cursor}")),
        (&ben, format!("filter=active&cursor={cursor}")),
        (&ben, format!("sort=waiting&cursor={cursor}")),
        (&ben, format!("cursor={flipped}")),
        (&ben, "cursor=nonsense".to_owned()),
        (&ben, "cursor=%00".to_owned()),
        (&ben, "limit=0".to_owned()),
        (&ben, "limit=201".to_owned()),
        (&ben, "limit=-1".to_owned()),
        (&ben, "filter=everything".to_owned()),
        (&ben, "sort=up".to_owned()),
        (&ben, "assigned=you".to_owned()),
    ];
    for (person, query) in refused {
        let answer = person.send(Method::GET, &format!("/api/conversations?{query}"), &Value::Null).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json", "{query}");
    }
    assert_eq!(
        ben.get("/api/conversations?limit=200").await["conversations"].as_array().map(Vec::len),
        Some(200)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_is_paged_newest_first_without_gaps() {
    let house = House::new().await;
    let now: Timestamp = house.running.platform().clock.now();
    let (_house, ben) = (&house, house.ben().await);
    let store = house.store();
    let business = store.business(&house.business).await.expect("the table answers").expect("the business");
    let lines = store.lines(&house.business).await.expect("the table answers");
    let entropy = Entropy::seeded(4);
    let frame = StoryFrame {
        business: &business,
        line: &lines[0],
        entropy: &entropy,
        provider_url: house.simulator.url(),
        photo: None,
    };
    let office = vec![house.staff[1].id.clone()];
    let generator = Generator { frame, office, crew: Vec::new(), now, spread: spread() };
    let contact = numbers(&[]).next().expect("there are numbers");
    let person = generator.person(contact.clone(), 1, 250);
    load::people(&store, &business, [person]).await.expect("people can be written");
    let thread = ben.thread(contact.as_str()).await;
    let (mut seqs, mut before) = (Vec::new(), String::new());
    loop {
        let page = ben.get(&format!("/api/conversations/{thread}/messages?limit=40{before}")).await;
        let messages = page["messages"].as_array().expect("a page");
        let of_page: Vec<u64> = messages.iter().filter_map(|message| message["seq"].as_u64()).collect();
        assert!(of_page.is_sorted(), "oldest first within a page");
        seqs.splice(0..0, of_page);
        let Some(next) = page["next_before"].as_u64() else { break };
        before = format!("&before={next}");
    }
    assert_eq!(seqs, (1..=250).collect::<Vec<_>>());
}
