//! Search as one types: names, parts of numbers, words (P10).

use porchlight_flows::{House, Person, Setup, eventually};
use serde_json::Value;

use crate::{JUNE, MARIA, OMAR};

async fn found(ben: &Person, query: &str) -> Vec<String> {
    let query = query.replace(' ', "+").replace('(', "%28").replace(')', "%29");
    let rows = ben.list(&format!("q={query}")).await;
    rows.iter().filter_map(|row| row["contact"].as_str()).map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_finds_names_numbers_and_words_by_their_beginnings() {
    let house = House::new().await;
    house.text(MARIA, "The water heater is knocking again").await;
    house.text(OMAR, "My faucet drips onto the heater").await;
    house.text(JUNE, "Invoice please").await;
    let ben = house.ben().await;
    ben.put_customer("Maria O'Brien", MARIA).await;
    let close = format!("/api/conversations/{}/close", ben.thread(JUNE).await);
    ben.post(&close, Value::Null).await;
    eventually("everything to be indexed", async || {
        let all = found(&ben, "invoice").await.len() + found(&ben, "faucet").await.len();
        (all == 2 && found(&ben, "brien").await.len() == 1).then_some(())
    })
    .await;
    for (query, wanted) in [
        ("maria", vec![MARIA]),
        ("MAR", vec![MARIA]),
        ("o'br", vec![MARIA]),
        ("0188", vec![MARIA]),
        ("(207) 555-0177", vec![OMAR]),
        ("5550166", vec![JUNE]),
        ("knock", vec![MARIA]),
        ("heater", vec![OMAR, MARIA]),
        ("water heater", vec![MARIA]),
        ("heater drips", vec![OMAR]),
        ("maria knocking", vec![MARIA]),
        ("heater invoice", vec![]),
        ("inv", vec![JUNE]),
        ("nothing of the kind", vec![]),
    ] {
        assert_eq!(found(&ben, query).await, wanted, "“{query}”");
    }
    assert_eq!(ben.list("q=invoice&filter=archived").await.len(), 1, "the archived too");
    assert!(ben.list("q=invoice&filter=active").await.is_empty(), "the filter keeps");
    let page = ben.get("/api/conversations?q=knocking").await;
    assert!(page["matches"][0]["text"].as_str().is_some_and(|text| text.contains("knocking")), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_is_found_by_people_words_streets_and_numbers_of_jobs() {
    let house = House::with(Setup { demo: true, ..Setup::default() }).await;
    let ben = house.ben().await;
    for (query, contact) in [
        ("ana warranty", "+12075550159"),
        ("1042", "+12075550188"),
        ("14 forest", "+12075550188"),
        ("danforth", "+12075550162"),
    ] {
        let what = format!("the demo to be found by “{query}”");
        eventually(&what, async || found(&ben, query).await.contains(&contact.to_owned()).then_some(()))
            .await;
    }
    let page = ben.get("/api/conversations?q=warrnty").await;
    assert_eq!(page["suggestion"], "warranty", "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_queries_are_answered() {
    let house = House::new().await;
    house.text(MARIA, "déjà vu — 50% off? 👍 “quoted”").await;
    let ben = house.ben().await;
    eventually("the text to be found", async || (found(&ben, "deja").await == [MARIA]).then_some(())).await;
    for query in ["%25", "%F0%9F%91%8D", "%22", "%20", "a", "....", "%00", "'%20OR%201=1", "#", "%E2%80%94"] {
        let page = ben.get(&format!("/api/conversations?q={query}")).await;
        assert!(page["conversations"].is_array(), "{query}");
    }
}
