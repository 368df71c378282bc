//! The list: filters, pages, counts, search; and the pages of a timeline.

use porchlight_store::search::Indexed;
use serde_json::{Value, json};

use crate::support::house::{COLLEAGUE, LUIS, OFFICE, business};
use crate::support::{House, Person, at};

fn names(page: &Value) -> Vec<&str> {
    let rows = page["conversations"].as_array().expect("rows");
    rows.iter().map(|row| row["contact"].as_str().expect("a contact")).collect()
}

async fn all_pages(person: &Person, query: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = person.get(&format!("/api/conversations?limit=2&{query}{cursor}")).await.expect(200);
        found.extend(names(&page).into_iter().map(str::to_owned));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}

#[tokio::test]
async fn the_five_filters_show_what_they_say() {
    let house = House::new().await;
    for n in 1..=4 {
        house.conversation(n).await;
    }
    let ana = house.person(OFFICE).await;
    let rows = ana.get("/api/conversations").await.expect(200);
    assert_eq!(names(&rows), ["+12075550104", "+12075550103", "+12075550102", "+12075550101"]);
    let id = |n: usize| rows["conversations"][4 - n]["id"].as_str().expect("an id").to_owned();
    ana.post(&format!("/api/conversations/{}/done", id(1)), json!({})).await.expect(200);
    ana.post(&format!("/api/conversations/{}/close", id(2)), json!({})).await.expect(200);
    for (filter, expected) in [("all", 4), ("active", 3), ("attention", 2), ("leads", 3), ("archived", 1)] {
        let page = ana.get(&format!("/api/conversations?filter={filter}")).await.expect(200);
        assert_eq!(names(&page).len(), expected, "{filter}");
    }
    let waiting = ana.get("/api/conversations?filter=active&sort=waiting").await.expect(200);
    assert_eq!(names(&waiting), ["+12075550103", "+12075550104", "+12075550101"]);
}

#[tokio::test]
async fn pages_join_to_the_whole_list_for_office_and_technician() {
    let house = House::new().await;
    for n in 1..=7 {
        house.conversation(n).await;
        house.customer_with_job(n, &[LUIS]).await;
    }
    for person in [house.person(OFFICE).await, house.person(LUIS).await] {
        for query in ["", "sort=waiting", "filter=active"] {
            let mut found = all_pages(&person, query).await;
            assert_eq!(found.len(), 7, "{query}");
            found.sort();
            found.dedup();
            assert_eq!(found.len(), 7, "{query}");
        }
    }
}

#[tokio::test]
async fn a_cursor_of_another_person_or_query_or_a_tampered_one_is_refused() {
    let house = House::new().await;
    for n in 1..=4 {
        house.conversation(n).await;
    }
    let (ana, ben) = (house.person(OFFICE).await, house.person(COLLEAGUE).await);
    let page = ana.get("/api/conversations?limit=2").await.expect(200);
    let cursor = page["next_cursor"].as_str().expect("a cursor");
    ana.get(&format!("/api/conversations?limit=3&cursor={cursor}")).await.expect(200);
    let refused = [
        (&ben, format!("cursor={cursor}")),
        (&ana, format!("filter=active&cursor={cursor}")),
        (&ana, format!("q=leak&cursor={cursor}")),
        (&ana, format!("cursor=A{}", &cursor[1..])),
        (&ana, format!("cursor={}", &cursor[..cursor.len() - 4])),
        (&ana, "cursor=nonsense".to_owned()),
        (&ana, "cursor=".to_owned()),
    ];
    for (person, query) in refused {
        let answer = person.get(&format!("/api/conversations?limit=2&{query}")).await;
        assert_eq!(answer.problem(400), "bad-request", "{query}");
    }
}

#[tokio::test]
async fn a_query_out_of_bounds_is_refused_in_plain_words() {
    let house = House::new().await;
    let ana = house.person(OFFICE).await;
    for query in ["limit=201", "limit=0", "limit=x", "filter=some", "sort=best", "assigned=you"] {
        assert_eq!(ana.get(&format!("/api/conversations?{query}")).await.problem(400), "bad-request");
    }
    let long = format!("/api/conversations?q={}", "x".repeat(201));
    assert_eq!(ana.get(&long).await.problem(400), "bad-request");
}

#[tokio::test]
async fn counts_never_depend_on_the_query() {
    let house = House::new().await;
    for n in 1..=3 {
        house.conversation(n).await;
        house.customer_with_job(n, &[LUIS]).await;
    }
    let luis = house.person(LUIS).await;
    let expected = json!({"total": 3, "attention": 3, "unread": 3, "internal_unread": 0});
    for query in ["", "filter=archived", "limit=1", "assigned=me", "q=nothing"] {
        let page = luis.get(&format!("/api/conversations?{query}")).await.expect(200);
        assert_eq!(page["counts"], expected, "{query}");
    }
}

#[tokio::test]
async fn mine_and_nobodys_are_told_apart() {
    let house = House::new().await;
    let first = house.conversation(1).await;
    house.conversation(2).await;
    let ana = house.person(OFFICE).await;
    let me = ana.get("/api/me").await.expect(200)["id"].clone();
    ana.put(&format!("/api/conversations/{}/assignee", first.id), json!({"assignee": me})).await.expect(200);
    let of = async |whose: &str| {
        let page = ana.get(&format!("/api/conversations?assigned={whose}")).await.expect(200);
        names(&page).join(",")
    };
    assert_eq!(of("me").await, "+12075550101");
    assert_eq!(of("none").await, "+12075550102");
    assert_eq!(of(me.as_str().expect("an id")).await, "+12075550101");
}

#[tokio::test]
async fn a_timeline_is_read_backwards_forwards_and_around_a_place() {
    let house = House::new().await;
    let mut conversation = house.conversation(1).await;
    for n in 2..=9 {
        house.customer_writes(&mut conversation, &format!("Message {n}"), at(60 + n)).await;
    }
    let ana = house.person(OFFICE).await;
    let page = async |query: &str| {
        let path = format!("/api/conversations/{}/messages?{query}", conversation.id);
        let page = ana.get(&path).await.expect(200);
        let messages = page["messages"].as_array().expect("messages");
        let places: Vec<u64> = messages.iter().filter_map(|message| message["seq"].as_u64()).collect();
        (places, page["next_before"].as_u64(), page["next_after"].as_u64())
    };
    assert_eq!(page("limit=3").await, (vec![7, 8, 9], Some(7), None));
    assert_eq!(page("limit=3&before=7").await, (vec![4, 5, 6], Some(4), Some(6)));
    assert_eq!(page("limit=3&before=4").await, (vec![1, 2, 3], None, Some(3)));
    assert_eq!(page("limit=3&after=2").await, (vec![3, 4, 5], Some(3), Some(5)));
    assert_eq!(page("limit=4&after=7").await, (vec![8, 9], Some(8), None));
    assert_eq!(page("limit=4&around=5").await, (vec![4, 5, 6, 7], Some(4), Some(7)));
    assert_eq!(page("limit=1&around=5").await, (vec![5], Some(5), Some(5)));
    assert_eq!(page("limit=50&after=9").await, (vec![], None, None));
    let both = format!("/api/conversations/{}/messages?before=3&after=1", conversation.id);
    assert_eq!(ana.get(&both).await.problem(400), "bad-request");
}

#[tokio::test]
async fn opening_a_conversation_tells_where_the_unread_begin() {
    let house = House::new().await;
    let mut conversation = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    let path = format!("/api/conversations/{}", conversation.id);
    assert_eq!(ana.get(&path).await.expect(200)["first_unread_seq"], 1);
    ana.post(&format!("{path}/read"), json!({})).await.expect(200);
    assert_eq!(ana.get(&path).await.expect(200)["first_unread_seq"], Value::Null);
    for n in 2..=3 {
        house.customer_writes(&mut conversation, "And?", at(60 + n)).await;
    }
    assert_eq!(ana.get(&path).await.expect(200)["first_unread_seq"], 2);
    assert_eq!(house.reread(&conversation.id).await.business, business());
}

#[tokio::test]
async fn search_finds_words_and_numbers_as_one_types_and_only_what_one_may_see_p7() {
    let house = House::new().await;
    for n in 1..=3 {
        let mut conversation = house.conversation(n).await;
        house.customer_with_job(n, if n == 1 { &[LUIS] } else { &[] }).await;
        house.customer_writes(&mut conversation, &format!("The pump in cellar {n} hums."), at(200 + n)).await;
        house.store.index_conversation(&conversation, &Indexed::default()).await.expect("indexed");
    }
    let (ana, luis) = (house.person(OFFICE).await, house.person(LUIS).await);
    let search = async |person: &Person, query: &str| {
        let page = person.get(&format!("/api/conversations?q={query}")).await.expect(200);
        names(&page).join(",")
    };
    assert_eq!(search(&ana, "pum").await, "+12075550103,+12075550102,+12075550101");
    assert_eq!(search(&ana, "hums%20leak").await, "+12075550103,+12075550102,+12075550101");
    assert_eq!(search(&ana, "555-0102").await, "+12075550102");
    assert_eq!(search(&ana, "pump&filter=archived").await, "");
    assert_eq!(search(&ana, "!!!").await, "");
    assert_eq!(search(&luis, "pum").await, "+12075550101");
    let suggested = async |person: &Person, query: &str| {
        let page = person.get(&format!("/api/conversations?q={query}")).await.expect(200);
        (page["suggestion"].clone(), page["suggestion_found"].clone())
    };
    assert_eq!(suggested(&ana, "celalr").await, (json!("cellar"), json!(3)));
    assert_eq!(suggested(&luis, "celalr").await, (json!("cellar"), json!(1)), "only what they may see");
    for query in ["cellar", "celalr&filter=archived", "wombat"] {
        assert_eq!(suggested(&ana, query).await, (Value::Null, Value::Null), "{query}");
    }
    let page = ana.get("/api/conversations?q=cellar%202").await.expect(200);
    let found = page["matches"].as_array().expect("matches").first().expect("a match");
    assert_eq!((&found["seq"], &found["text"]), (&json!(2), &json!("The pump in cellar 2 hums.")));
}
