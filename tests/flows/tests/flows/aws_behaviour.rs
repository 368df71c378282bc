//! What real AWS does and one machine does not, injected: nothing is lost or doubled (P1, P2, P4, P10, P12).

use futures::future::join_all;
use porchlight_engine::{Fault, Injection};
use porchlight_flows::{House, Person, Setup, eventually, new_id, text_in};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{JUNE, MARIA, OMAR};

/// Writes as a client does that keeps its command until it is answered (P9).
async fn write_until_answered(who: &Person, thread: &str, text: &str) -> String {
    let id = new_id();
    eventually("an answer to a send", async || {
        let (status, body) = who.write(thread, &id, text, u64::from(u32::MAX)).await;
        assert!(
            status == StatusCode::ACCEPTED || status == StatusCode::SERVICE_UNAVAILABLE,
            "{status} {body}"
        );
        (status == StatusCode::ACCEPTED).then_some(())
    })
    .await;
    id
}

/// Texts from three phones and an answer to each, while `injections` strike; then all is well again and
/// everything is there once.
async fn nothing_lost_or_doubled(injections: Vec<Injection>) {
    let house = House::new().await;
    let phones = [MARIA, OMAR, JUNE];
    for phone in phones {
        house.text(phone, "first").await;
    }
    let ben = house.ben().await;
    let mut threads = Vec::new();
    for phone in phones {
        threads.push(ben.thread(phone).await);
    }
    for injection in injections {
        house.faults.inject(injection);
    }
    let talks = phones.iter().zip(&threads).map(|(phone, thread)| talk(&house, &ben, phone, thread));
    let answers = join_all(talks).await;
    assert!(house.faults.struck() > 0, "something went wrong");
    house.faults.clear();
    house.running.tick().await.expect("the sweeps do their work");

    for ((phone, thread), answer) in phones.iter().zip(&threads).zip(&answers) {
        ben.until_status(thread, answer, "delivered").await;
        assert_eq!(house.accepted_for(phone), [format!("to {phone}")]);
        let texts: Vec<Value> = ben.messages(thread).await.iter().map(|it| it["text"].clone()).collect();
        let mut wanted = vec![json!("first")];
        wanted.extend((0..5).map(|n| json!(format!("text {n}"))));
        wanted.push(json!(format!("to {phone}")));
        assert_eq!(texts, wanted);
    }
    assert_eq!(ben.settled_counts().await.0, 3);
    eventually("the words to be found", async || (ben.list("q=text+4").await.len() == 3).then_some(())).await;
}

async fn talk(house: &House, ben: &Person, phone: &str, thread: &str) -> String {
    for n in 0..5 {
        let words = format!("text {n}");
        // The provider gives up after some seconds, the sweep does not: what was kept is applied.
        house.simulator.text(text_in(phone, &words)).await.expect("the simulator texts");
        eventually("the text in its thread", async || {
            let answer =
                ben.ask(Method::GET, &format!("/api/conversations/{thread}/messages"), Value::Null).await.1;
            answer["messages"].as_array()?.iter().any(|it| it["text"] == words.as_str()).then_some(())
        })
        .await;
    }
    write_until_answered(ben, thread, &format!("to {phone}")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn transaction_conflicts_are_read_again_p12() {
    nothing_lost_or_doubled(vec![Injection::one_in(3, 1, Fault::TransactionConflict)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn throttling_is_waited_out() {
    nothing_lost_or_doubled(vec![Injection::one_in(5, 2, Fault::Throttled)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_lost_after_a_committed_write_double_nothing_p2_p4() {
    let lost = |operation: &str, seed| Injection::one_in(3, seed, Fault::AnswerLost).operation(operation);
    nothing_lost_or_doubled(vec![lost("TransactWriteItems", 3), lost("PutItem", 4), lost("UpdateItem", 5)])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_fails_now_and_then_loses_nothing_p1() {
    nothing_lost_or_doubled(vec![Injection::one_in(6, 6, Fault::InternalError)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn records_twice_and_shards_side_by_side_send_once_p4_p10() {
    let house = House::new().await;
    house.faults.deliver_twice(true);
    house.faults.split_shards(true);
    for phone in [MARIA, OMAR] {
        house.text(phone, "first").await;
    }
    let ben = house.ben().await;
    for phone in [MARIA, OMAR] {
        let thread = ben.thread(phone).await;
        let mut ids = Vec::new();
        for n in 0..5 {
            ids.push(ben.reply(&thread, &format!("answer {n}")).await);
        }
        for id in ids {
            ben.until_status(&thread, &id, "delivered").await;
        }
        assert_eq!(house.accepted_for(phone), (0..5).map(|n| format!("answer {n}")).collect::<Vec<_>>());
    }
    assert_eq!(ben.settled_counts().await, (2, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn indexes_that_lag_hold_up_nothing_but_the_list() {
    let house = House::new().await;
    house.text(MARIA, "before").await;
    let ben = house.ben().await;
    let mut feed = ben.feed(None).await;
    house.faults.lag_indexes(usize::MAX);
    house.text(OMAR, "new, and in no index").await;
    let told = feed.message("new, and in no index").await;
    let thread = told.data["conversation"]["id"].as_str().expect("an id").to_owned();
    assert!(ben.list("filter=all").await.iter().all(|row| row["id"] != thread.as_str()), "the list lags");
    ben.get(&format!("/api/conversations/{thread}")).await;
    let answer = ben.reply(&thread, "We see you").await;
    ben.until_status(&thread, &answer, "delivered").await;
    house.faults.lag_indexes(0);
    eventually("the list to show it", async || ben.conversation_with(OMAR).await).await;
    assert_eq!(ben.settled_counts().await, (2, 1, 1));
}

/// A house whose template has, in the first place after `place`, something else.
async fn house_without(place: &'static str, what: &'static str, instead: &'static str) -> House {
    let options = Box::new(move |options: &mut porchlight_local::local::Options| {
        let app = &mut options.templates.app;
        let rest = app.split_off(app.find(place).expect("the template has the place"));
        assert!(rest.contains(what), "the template has: {what}");
        app.push_str(&rest.replacen(what, instead, 1));
    });
    House::with(Setup { options, ..Setup::default() }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_the_role_lacks_fails_here_and_not_in_production() {
    let house = house_without("  InboxRole:", "${Table}/index/recent", "${Table}/index/elsewhere").await;
    house.text(MARIA, "Hello?").await;
    let ben = house.ben().await;
    let (status, problem) = ben.ask(Method::GET, "/api/conversations", Value::Null).await;
    assert_eq!((status, &problem["status"]), (StatusCode::INTERNAL_SERVER_ERROR, &json!(500)));
    ben.get("/api/me").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_action_that_the_role_lacks_leaves_the_receipt_to_the_sweep_p1() {
    let house = house_without("  WebhooksRole:", "dynamodb:PutItem", "dynamodb:DeleteItem").await;
    let fields = porchlight_flows::post::text_fields(MARIA, "Hello?", 5);
    house.post_signed("messages", &fields).await.is_taken();
    let sid = format!("SM{:032x}", 5);
    let key = porchlight_store::receipts::ReceiptKey::Message { business: house.business.clone(), sid };
    let now = house.running.platform().clock.now();
    let receipt = house.store().receipt(&key, now).await.expect("the table answers").expect("the receipt");
    assert_eq!(receipt.state, porchlight_store::inbound::ReceiptState::Unapplied);
}
