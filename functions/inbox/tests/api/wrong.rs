//! What did not arrive: what to do about it, other numbers, trying again.

use porchlight_domain::consent::{Arrival, Consent, ConsentWord};
use porchlight_domain::conversation::{AttentionReason, Conversation};
use porchlight_domain::customer::ContactLink;
use porchlight_domain::delivery::Local;
use porchlight_domain::id::MessageId;
use porchlight_store::consent::ConsentChange;
use serde_json::{Value, json};

use crate::support::house::{ADMIN, COLLEAGUE, LUIS, MARTA, OFFICE, business, group};
use crate::support::{House, Person, at, phone, ulid};

/// Maria has the phones 1 and 2; a text to the first failed with this code.
async fn failed(house: &House, ana: &Person, code: u32) -> Conversation {
    let mut conversation = house.conversation(1).await;
    let (customer, _) = house.customer_with_job(1, &[LUIS, MARTA]).await;
    link(house, 1, 2).await;
    let customer = house.store.summary_of_customer(&business(), &customer).await.expect("a read");
    conversation.know_customer(customer);
    house.store.commit(&business()).conversation(&mut conversation).run().await.expect("a write");
    let path = format!("/api/conversations/{}/messages", conversation.id);
    let text = json!({"id": ulid::<MessageId>(50), "text": "**Tomorrow** at nine.", "seen_seq": 1});
    ana.post(&path, text).await.expect(202);
    let mut message =
        house.store.message_by_id(&business(), &ulid(50)).await.expect("a read").expect("there");
    let before = message.status();
    message.delivery_mut().expect("outbound").local =
        Local::Failed { reason: porchlight_twilio::codes::reason(code) };
    let mut conversation = house.reread(&conversation.id).await;
    conversation.record_status(&message, before, house.clock.now());
    let commit = house.store.commit(&business()).update_message(&mut message);
    commit.conversation(&mut conversation).run().await.expect("a write");
    conversation
}

/// A customer uses another number.
async fn link(house: &House, customer: u64, number: u64) {
    let link = ContactLink {
        customer: ulid(1000 + customer),
        contact: phone(number),
        channel: porchlight_domain::channel::Channel::Sms,
        label: Some("Work".to_owned()),
        linked_at: at(u64::from(u32::try_from(number).expect("small"))),
        unlinked_at: None,
    };
    house.store.put_link(&business(), &link).await.expect("a link");
}

async fn elsewhere(who: &Person, id: u64, number: u64) -> crate::support::person::Answer {
    let path = format!("/api/messages/{}/elsewhere", ulid::<MessageId>(50));
    who.post(&path, json!({"id": ulid::<MessageId>(id), "contact": phone(number)})).await
}

async fn numbers(who: &Person, conversation: &Conversation) -> Vec<Value> {
    let answer = who.get(&format!("/api/conversations/{}/numbers", conversation.id)).await.expect(200);
    answer["numbers"].as_array().expect("a list").clone()
}

#[tokio::test]
async fn a_failure_says_why_and_what_to_do() {
    let house = House::new().await;
    let ana = house.person(OFFICE).await;
    let conversation = failed(&house, &ana, 30006).await;
    let page = ana.get(&format!("/api/conversations/{}/messages", conversation.id)).await.expect(200);
    let error = &page["messages"][1]["error"];
    assert_eq!(error["reason"], "Not delivered: this number is a landline.");
    assert_eq!(error["advice"], "Call them, or text another number.");
}

#[tokio::test]
async fn the_customers_other_numbers_are_told_the_last_used_first() {
    let house = House::new().await;
    let ana = house.person(OFFICE).await;
    let conversation = failed(&house, &ana, 30006).await;
    link(&house, 1, 3).await;
    let third = house.conversation(3).await;
    let told = numbers(&ana, &conversation).await;
    let contacts: Vec<&Value> = told.iter().map(|number| &number["contact"]).collect();
    assert_eq!(contacts, [&json!(phone(3)), &json!(phone(2))]);
    assert_eq!((&told[0]["conversation_id"], &told[1]["conversation_id"]), (&json!(third.id), &Value::Null));
    assert_eq!((&told[0]["label"], &told[0]["can_send"]["allowed"]), (&json!("Work"), &json!(true)));
}

#[tokio::test]
async fn what_did_not_arrive_goes_to_another_number_once_and_in_its_own_thread_p4_p9() {
    let house = House::new().await;
    let (ana, ben) = (house.person(OFFICE).await, house.person(COLLEAGUE).await);
    let here = failed(&house, &ana, 30006).await;
    assert_eq!(here.attention.map(|attention| attention.reason), Some(AttentionReason::Failure));
    // A number that never wrote and never agreed is not simply texted.
    assert_eq!(elsewhere(&ana, 60, 2).await.problem(409), "consent-needed");
    let second = house.conversation(2).await;
    let tries = futures::future::join_all((0..20).map(|_| elsewhere(&ana, 60, 2))).await;
    assert!(tries.iter().all(|answer| answer.status == 202 && answer.body == tries[0].body));
    let sent = &tries[0].body;
    assert_eq!((&sent["contact"], &sent["resend_of"]), (&json!(phone(2)), &json!(ulid::<MessageId>(50))));
    let there = sent["conversation_id"].as_str().expect("an id").parse().expect("an id");
    assert_eq!(there, second.id);
    assert_eq!(house.timeline(&there).await.len(), 2);
    let here = house.reread(&here.id).await;
    assert!(here.attention.is_none() && here.failed.is_none(), "nobody waits here");
    let page = ana.get(&format!("/api/conversations/{}/messages", here.id)).await.expect(200);
    let old = &page["messages"][1];
    assert_eq!(old["resent_to"], json!({"conversation_id": there, "contact": phone(2)}));
    assert!(old["dismissed_at"].is_string());
    // The same id for something else, another's command, and a second time.
    link(&house, 1, 4).await;
    house.conversation(4).await;
    assert_eq!(elsewhere(&ana, 60, 4).await.problem(422), "id-used-before");
    assert_eq!(elsewhere(&ben, 60, 2).await.problem(422), "id-used-before");
    assert_eq!(elsewhere(&ana, 61, 2).await.problem(409), "not-resendable");
}

#[tokio::test]
async fn what_a_colleague_wrote_since_is_seen_before_a_text_goes_to_another_number() {
    let house = House::new().await;
    let (ana, ben) = (house.person(OFFICE).await, house.person(COLLEAGUE).await);
    let here = failed(&house, &ana, 30006).await;
    house.conversation(2).await;
    let texts = format!("/api/conversations/{}/messages", here.id);
    let text = json!({"id": ulid::<MessageId>(51), "text": "We called you.", "seen_seq": here.seq});
    ben.post(&texts, text).await.expect(202);
    let there = format!("/api/messages/{}/elsewhere", ulid::<MessageId>(50));
    let seen = |seq| json!({"id": ulid::<MessageId>(60), "contact": phone(2), "seen_seq": seq});
    let refused = ana.post(&there, seen(here.seq)).await;
    assert_eq!(refused.body["who"]["name"], "Ben");
    assert_eq!(refused.problem(409), "stale-send");
    let sent = ana.post(&there, seen(here.seq + 1)).await.expect(202);
    assert_eq!(ana.post(&there, seen(here.seq)).await.expect(202), sent, "P9");
}

#[tokio::test]
async fn another_number_is_asked_for_its_own_consent_and_a_strangers_is_refused_p6() {
    let house = House::new().await;
    let ana = house.person(OFFICE).await;
    let conversation = failed(&house, &ana, 30006).await;
    let stop = Consent::of_word(ConsentWord::Stop, at(100)).expect("STOP closes");
    let change =
        ConsentChange::decide((phone(2), group()), ulid::Ulid::from_parts(1, 1), None, stop, Arrival::Fresh);
    house.store.commit(&business()).consent(&change).run().await.expect("a write");
    assert_eq!(numbers(&ana, &conversation).await[0]["can_send"]["reason"], "opted_out");
    assert_eq!(elsewhere(&ana, 60, 2).await.problem(409), "opted-out");
    assert_eq!(elsewhere(&ana, 60, 9).await.problem(422), "unknown-contact");
    link(&house, 1, 3).await;
    house.store.commit(&business()).unreachable(&phone(3), None).run().await.expect("a write");
    assert_eq!(elsewhere(&ana, 60, 3).await.problem(409), "cannot-text");
    assert_eq!(house.timeline(&conversation.id).await.len(), 2);
}

#[tokio::test]
async fn who_may_not_text_or_not_see_sends_nothing_elsewhere_p7() {
    let house = House::new().await;
    let ana = house.person(OFFICE).await;
    let conversation = failed(&house, &ana, 30006).await;
    let (marta, foreign) = (house.person(MARTA).await, house.person(100 + OFFICE).await);
    assert_eq!(elsewhere(&marta, 60, 2).await.problem(403), "forbidden");
    assert_eq!(elsewhere(&foreign, 60, 2).await.problem(404), "not-found");
    let path = format!("/api/conversations/{}/numbers", conversation.id);
    assert_eq!(foreign.get(&path).await.problem(404), "not-found");
    // Whoever sees a shared number by their job is told of nobody's other numbers.
    let luis = house.person(LUIS).await;
    assert_eq!(numbers(&luis, &conversation).await.len(), 1);
    let dana = house.person(ADMIN).await;
    let shared = json!({"cannot_text": false, "shared": true});
    dana.put(&format!("/api/contacts/{}", phone(1)), shared).await.expect(200);
    assert_eq!(numbers(&luis, &conversation).await.len(), 0);
}

#[tokio::test]
async fn a_number_that_cannot_be_texted_is_refused_before_it_costs_and_tried_again_when_somebody_says_so() {
    let house = House::new().await;
    let ana = house.person(OFFICE).await;
    let conversation = house.conversation(1).await;
    house.customer_with_job(1, &[LUIS, MARTA]).await;
    let path = format!("/api/conversations/{}", conversation.id);
    let reachable = format!("{path}/reachable");
    let said =
        ana.put(&reachable, json!({"id": ulid::<MessageId>(70), "reachable": false})).await.expect(200);
    assert_eq!(said["cannot_text"], true);
    let text = json!({"id": ulid::<MessageId>(50), "text": "Hello", "seen_seq": 2, "force": true});
    let refused = ana.post(&format!("{path}/messages"), text.clone()).await;
    assert_eq!(refused.problem(409), "cannot-text");
    let record = house.store.contact(&business(), &phone(1)).await.expect("a read").expect("a record");
    assert!(record.cannot_text);
    let marta = house.person(MARTA).await;
    assert_eq!(marta.put(&reachable, json!({"reachable": true})).await.problem(403), "forbidden");
    let luis = house.person(LUIS).await;
    let said = luis.put(&reachable, json!({"reachable": true})).await.expect(200);
    assert_eq!(said["cannot_text"], false);
    // A late repeat of the first command undoes nothing (P9).
    let again =
        ana.put(&reachable, json!({"id": ulid::<MessageId>(70), "reachable": false})).await.expect(200);
    assert_eq!(again["cannot_text"], false);
    ana.post(&format!("{path}/messages"), text).await.expect(202);
}

#[tokio::test]
async fn the_thread_and_the_customers_contacts_say_why_texts_do_not_reach_a_number() {
    let house = House::new().await;
    let ana = house.person(OFFICE).await;
    let mut conversation = failed(&house, &ana, 30006).await;
    let told = porchlight_domain::customer::Unreachable {
        since: at(5),
        reason: porchlight_twilio::codes::reason(30006),
    };
    conversation.know_cannot_text(true);
    let commit = house.store.commit(&business()).unreachable(&phone(1), Some(&told));
    commit.conversation(&mut conversation).run().await.expect("a write");
    let detail = ana.get(&format!("/api/conversations/{}", conversation.id)).await.expect(200);
    let words = "The carrier says that this number is a landline. Call, or use another number.";
    assert_eq!(detail["can_send"]["detail"], words);
    let marks: Vec<&Value> = detail["customer_detail"]["contacts"]
        .as_array()
        .expect("contacts")
        .iter()
        .map(|contact| &contact["cannot_text"])
        .collect();
    assert_eq!(marks, [&json!(true), &json!(false)]);
}
