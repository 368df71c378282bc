//! Counters and search survive every storm and can be rebuilt from the facts (P10).

use futures::future::join_all;
use porchlight_engine::Faults;
use porchlight_flows::{House, Person, eventually};
use porchlight_simulator::FaultSettings;
use serde_json::Value;

use crate::{JUNE, MARIA, OMAR};

/// Texts, answers, reading, closing, from many sides at once.
async fn storm(house: &House, faults: &Faults, people: &[Person]) {
    faults.deliver_twice(true);
    faults.split_shards(true);
    house.simulator.set_faults(FaultSettings { duplicate: 0.5, reorder: 0.3, ..FaultSettings::default() });
    let phones = [MARIA, OMAR, JUNE];
    let texting = phones.iter().map(|phone| async move {
        for n in 0..8 {
            house.text(phone, &format!("storm {n} from {phone}")).await;
        }
    });
    let working = people.iter().map(|person| async move {
        for round in 0..12 {
            let list = person.list("filter=all").await;
            let Some(row) = list.get(round % 3) else { continue };
            let thread = row["id"].as_str().expect("an id");
            let act = ["read", "unread", "done", "close", "reopen"][round % 5];
            person.post(&format!("/api/conversations/{thread}/{act}"), Value::Null).await;
            if round % 4 == 0 {
                person.reply(thread, &format!("answer {round}")).await;
            }
        }
    });
    tokio::join!(join_all(texting), join_all(working));
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_storm_counters_equal_a_recount_and_a_rebuild_changes_nothing_p10() {
    let house = House::new().await;
    let people = [house.ana().await, house.ben().await];
    let customer = people[1].put_customer("Maria Delgado", MARIA).await;
    let job = people[1].put_job(&customer, 1042).await;
    let luis = house.luis().await;
    people[1].assign_job(&job, luis.id()).await;
    storm(&house, &house.faults, &people).await;

    for person in people.iter().chain([&luis]) {
        person.settled_counts().await;
    }
    eventually("everything said to be found", async || {
        (people[0].list("q=storm+7").await.len() == 3).then_some(())
    })
    .await;
    let before = house.derived_at_rest().await;
    let platform = house.running.platform();
    let rebuilt = porchlight_index::rebuild(platform, &house.business).await.expect("a rebuild works");
    assert_eq!(rebuilt.conversations, 3);
    let after = house.derived().await;
    let differ: Vec<_> = before.iter().filter(|(key, value)| after.get(*key) != Some(value)).collect();
    let more: Vec<_> = after.iter().filter(|(key, _)| !before.contains_key(*key)).collect();
    assert!(differ.is_empty() && more.is_empty(), "gone or other: {differ:#?}, new: {more:#?}");
    for person in people.iter().chain([&luis]) {
        assert_eq!(person.counts().await, person.recount().await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn redelivering_every_record_changes_nothing_p10() {
    let house = House::new().await;
    house.text(MARIA, "Hello?").await;
    let ben = house.ben().await;
    let thread = ben.thread(MARIA).await;
    assert_eq!(ben.settled_counts().await, (1, 1, 1));
    let before = house.derived_at_rest().await;
    let record = |sk: &str| {
        serde_json::json!({
            "eventID": "1", "eventName": "MODIFY", "eventSource": "aws:dynamodb", "awsRegion": "us-east-1",
            "eventSourceARN": "arn:aws:dynamodb:us-east-1:000000000000:table/porchlight-data-conversations/stream/local",
            "dynamodb": {
                "Keys": { "pk": { "S": format!("{}#CONV#{thread}", house.business) }, "sk": { "S": sk } },
                "SequenceNumber": "1", "StreamViewType": "NEW_AND_OLD_IMAGES", "ApproximateCreationDateTime": 1,
                "SizeBytes": 1,
            },
        })
    };
    let redrive = serde_json::json!({ "Records": [record("META"), record("META"), record("READ#x")] });
    let index = house.running.function("Index").expect("the template names it");
    let answers = join_all((0..5).map(|_| index.invoke(redrive.clone()))).await;
    for answer in answers {
        let failures = answer.expect("a redrive is taken")["batchItemFailures"].clone();
        assert_eq!(failures, serde_json::json!([]));
    }
    assert_eq!(house.derived().await, before);
}
