//! What is said is found from its first moment on, while it stands in the log and once it is packed.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::AttributeValue;
use porchlight_domain::message::MessageKind;
use porchlight_engine::testing::TestTables;
use porchlight_engine::{Fault, Injection};
use porchlight_index::rebuild;
use proptest::prelude::{ProptestConfig, proptest};

use crate::house::{House, Known, business};
use crate::search::found;

/// Texts that fill the log, and some that fill it twice and begin it again.
const A_LOG: u64 = 49;
const TEXTS: u64 = 110;
const THREADS: u64 = 7;
/// What packing and logging are made of.
const OPERATIONS: [&str; 4] = ["BatchWriteItem", "DeleteItem", "UpdateItem", "BatchGetItem"];

/// A text that fills a block: words that all texts have, words that some have, and one of its own.
fn text(n: u64) -> String {
    let shared = (0..30).map(|word| format!("pipework{word:06}{word:012}"));
    let some = (0..9).map(|word| format!("valve{:06}", (n * 31 + word * 17) % 97));
    shared.chain(some).chain([format!("alone{n:06}")]).collect::<Vec<_>>().join(" ")
}

async fn say(house: &House, texts: std::ops::Range<u64>) {
    for n in texts {
        house.say(n % THREADS, MessageKind::Customer, &text(n)).await;
    }
}

/// Everything is found that was said, and nothing else is told than what a rebuild tells.
async fn holds(house: &House, texts: u64) {
    for n in 0..texts {
        assert_eq!(found(house, &format!("alone{n:06}")).await, [n % THREADS], "text {n}");
    }
    let all: BTreeSet<u64> = found(house, "pipework000007").await.into_iter().collect();
    assert_eq!(all, (0..THREADS.min(texts)).collect());
    let met = found(house, "valve000031 alone000001").await;
    assert_eq!(met, [1], "in one text");
    let told = derived(house).await;
    let platform = house.platform("Index").with_dynamodb(|| std::sync::Arc::clone(&house.tables.calls));
    rebuild(&platform, &business()).await.expect("a rebuild");
    let again = derived(house).await;
    assert_eq!(told.keys().collect::<Vec<_>>(), again.keys().collect::<Vec<_>>());
    assert_eq!(told, again);
}

/// All that is derived, sets in order; of the search, what it tells, however much of it is packed.
pub async fn derived(house: &House) -> BTreeMap<String, String> {
    let items = house.tables.client.scan().table_name(TestTables::name("derived")).into_paginator().items();
    let items: Vec<_> = items.send().collect::<Result<_, _>>().await.expect("a scan");
    let in_order = |value| match value {
        AttributeValue::Ss(mut set) => {
            set.sort();
            AttributeValue::Ss(set)
        }
        other => other,
    };
    let mut told = BTreeMap::new();
    for item in items {
        if let Some(lines) = porchlight_store::search::unpacked(&item) {
            told.extend(lines.into_iter().map(|line| (line, String::new())));
            continue;
        }
        let key = ["pk", "sk"].map(|name| item[name].as_s().cloned().expect("a text")).join(" ");
        let item: BTreeMap<_, _> = item.into_iter().map(|(name, value)| (name, in_order(value))).collect();
        told.insert(key, format!("{item:?}"));
    }
    told
}

/// Blocks of the log.
async fn blocks(house: &House) -> usize {
    let items = house.tables.client.scan().table_name(TestTables::name("derived")).into_paginator().items();
    let items: Vec<_> = items.send().collect::<Result<_, _>>().await.expect("a scan");
    items.iter().filter(|item| item["pk"].as_s().is_ok_and(|pk| pk.ends_with("#LOG"))).count()
}

#[tokio::test]
async fn what_is_said_is_found_in_the_log_and_once_it_is_packed_p10() {
    let house = House::open().await;
    let (mut known, mut longest) = (Known::default(), 0);
    for n in 0..TEXTS {
        say(&house, n..n + 1).await;
        known = house.settle_from(known).await;
        assert_eq!(found(&house, &format!("alone{n:06}")).await, [n % THREADS], "at once");
        longest = longest.max(blocks(&house).await);
    }
    assert_eq!(longest, 48, "as long as the log becomes");
    assert_eq!(blocks(&house).await, 14, "packed twice, and begun again");
    holds(&house, TEXTS).await;
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// A pack that is interrupted at any of its writes loses nothing and tells nothing twice, also while others write on.
    #[test]
    fn whatever_interrupts_packing_everything_is_found_p10(
        operation in 0..OPERATIONS.len(),
        skip in 0..12_usize,
        times in 4..24_usize,
        answer_lost: bool,
    ) {
        crate::counters::block_on(async {
            let house = House::open().await;
            let texts = 2 * A_LOG;
            let mut known = Known::default();
            for n in 0..A_LOG - 3 {
                say(&house, n..n + 1).await;
                known = house.settle_from(known).await;
            }
            let fault = if answer_lost { Fault::AnswerLost } else { Fault::InternalError };
            let struck = Injection::next(fault).table(&TestTables::name("derived")).after(skip).times(times);
            let struck = struck.operation(OPERATIONS[operation]);
            house.tables.faults.inject(struck);
            for n in A_LOG - 3..texts {
                say(&house, n..n + 1).await;
                let (new, now) = house.records_after(known).await;
                known = now;
                house.index.invoke(serde_json::json!({ "Records": new })).await.expect("an answer");
            }
            house.tables.faults.clear();
            house.settle().await;
            holds(&house, texts).await;
        });
    }
}
