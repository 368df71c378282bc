//! A note never leaves the house: whatever a stream tells of one, the template's own filter lets it wake nobody who sends.

use aws_sdk_dynamodb::operation::query::QueryInput;
use aws_sdk_dynamodb::types::AttributeValue;
use porchlight_engine::{Item, Stack};
use porchlight_flows::{House, new_id};
use porchlight_local::streams::filter::Filter;
use serde_json::{Map, Value, json};

use crate::MARIA;

/// What `send` is woken by, as the template says.
fn filter_of_send() -> Filter {
    let functions = Stack::embedded().functions().expect("the template declares functions");
    let send = functions.into_iter().find(|function| function.id == "Send").expect("send is one of them");
    let [mapping] = &send.streams[..] else { panic!("it follows one stream") };
    assert!(!mapping.filters.is_empty(), "without a filter everything would pass");
    Filter::new(mapping.filters.clone()).expect("Lambda takes it")
}

/// A value as DynamoDB writes it in a record.
fn image(item: &Item) -> Value {
    Value::Object(item.iter().map(|(name, value)| (name.clone(), attribute(value))).collect::<Map<_, _>>())
}

fn attribute(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::Bool(is) => json!({ "BOOL": is }),
        AttributeValue::L(list) => json!({ "L": list.iter().map(attribute).collect::<Vec<_>>() }),
        AttributeValue::M(map) => json!({ "M": image(map) }),
        other => panic!("messages hold no {other:?}"),
    }
}

/// The items of a thread's timeline, and of its messages' pointers.
async fn items(house: &House, partition: String) -> Vec<Item> {
    let tables = house.running.platform().dynamodb().expect("the machine has tables");
    let call = QueryInput::builder()
        .table_name("porchlight-data-messages")
        .key_condition_expression("pk = :pk")
        .expression_attribute_values(":pk", AttributeValue::S(partition));
    tables.query(call).await.expect("the table answers").items.unwrap_or_default()
}

fn record(event: &str, image: &Value) -> Value {
    let keys = json!({ "pk": image["pk"], "sk": image["sk"] });
    json!({ "eventName": event, "dynamodb": { "Keys": keys, "NewImage": image, "OldImage": image } })
}

#[tokio::test(flavor = "multi_thread")]
async fn no_record_of_a_note_passes_the_filter_of_send_and_one_of_a_text_does() {
    let house = House::new().await;
    house.text(MARIA, "Hello").await;
    let ben = house.ben().await;
    let (thread, id) = (ben.thread(MARIA).await, new_id());
    let note = json!({ "id": id, "text": "queued", "crew": true, "mentions": [ben.id()] });
    ben.post(&format!("/api/conversations/{thread}/notes"), note).await;
    let mut written = items(&house, format!("{}#CONV#{thread}", house.business)).await;
    written.retain(|item| item["kind"] == AttributeValue::S("note".to_owned()));
    assert_eq!(written.len(), 1);
    written.extend(items(&house, format!("{}#MSG#{id}", house.business)).await);
    assert_eq!(written.len(), 2, "the note and its pointer");
    let filter = filter_of_send();
    for item in &written {
        for event in ["INSERT", "MODIFY", "REMOVE"] {
            assert!(!filter.passes(&record(event, &image(item))), "{event}");
        }
    }
    let mut queued = image(&written[0]);
    queued["status"] = json!({ "S": "queued" });
    assert!(filter.passes(&record("INSERT", &queued)), "it is the filter that lets texts through");
    assert!(house.accepted_for(MARIA).is_empty());
}
