//! The ledger of consent (FEATURES 84, 104; P6).

use porchlight_domain::consent::{Arrival, Consent, ConsentWord, Purpose};
use porchlight_domain::conversation::{Conversation, InboundEffect};
use porchlight_domain::id::{CommandId, MessageId};
use porchlight_store::consent::ConsentChange;
use serde_json::{Value, json};

use crate::support::house::{ADMIN, LUIS, OFFICE, business, group, inbound};
use crate::support::{House, Person, at, phone, ulid};

const LEDGER: &str = "/api/contacts/+12075550101/consent";

fn said(id: u64, act: &str) -> Value {
    json!({"id": ulid::<CommandId>(id), "act": act, "how": "phone", "words": "They called"})
}

fn about(id: u64, act: &str, scope: &str) -> Value {
    let mut said = said(id, act);
    said["scope"] = json!(scope);
    said
}

async fn send(person: &Person, conversation: &Conversation, id: u64) -> u16 {
    let body = json!({"id": ulid::<MessageId>(id), "text": "Hello", "seen_seq": 99, "force": true});
    person.post(&format!("/api/conversations/{}/messages", conversation.id), body).await.status
}

/// They write a sentence that seems to ask for no more texts.
async fn asks(house: &House) -> Conversation {
    let mut conversation = house.conversation(1).await;
    let mut message = inbound(&conversation, "please stop texting me", at(120));
    conversation.record_inbound(&message, InboundEffect::AskedToStop { emergency: false });
    let commit = house.store.commit(&business()).create_message(&mut message);
    commit.conversation(&mut conversation).run().await.expect("a text");
    conversation
}

#[tokio::test]
async fn nothing_leaves_before_a_person_has_decided_and_a_dismissal_lets_it_p6() {
    let house = House::new().await;
    let conversation = asks(&house).await;
    let ana = house.person(OFFICE).await;
    let detail = ana.get(&format!("/api/conversations/{}", conversation.id)).await.expect(200);
    assert_eq!((&detail["consent"], &detail["can_send"]["reason"]), (&json!("closed"), &json!("in_doubt")));
    assert_eq!(
        (&detail["consent_doubt"]["seq"], &detail["attention_reason"]),
        (&json!(2), &json!("asked_to_stop"))
    );
    assert_eq!(send(&ana, &conversation, 50).await, 409, "force never passes");
    let ledger = ana.post(LEDGER, said(60, "dismiss")).await.expect(200);
    let entry = &ledger["entries"][0];
    assert_eq!((&entry["act"], &entry["quote"]), (&json!("dismiss"), &json!("please stop texting me")));
    assert_eq!((&entry["by"]["name"], &ledger["state"]), (&json!("Ana"), &json!("open")));
    assert_eq!(send(&ana, &conversation, 50).await, 202);
    assert_eq!(
        ana.post(LEDGER, said(60, "dismiss")).await.expect(200)["entries"].as_array().map(Vec::len),
        Some(1)
    );
    assert_eq!(ana.post(LEDGER, said(61, "dismiss")).await.problem(409), "nothing-in-doubt");
    assert_eq!(ana.post(LEDGER, said(60, "revoke")).await.problem(422), "id-used-before");
}

#[tokio::test]
async fn a_person_confirms_and_it_is_closed_until_somebody_keeps_that_they_agreed_p6() {
    let house = House::new().await;
    let conversation = asks(&house).await;
    let ana = house.person(OFFICE).await;
    ana.post(LEDGER, said(60, "revoke")).await.expect(200);
    let now = house.reread(&conversation.id).await;
    assert!(now.opted_out && now.doubt.is_none() && now.attention.is_none());
    let told = house.timeline(&conversation.id).await.pop().expect("a quiet entry");
    assert_eq!(told.text(), "Texts are off: Ana recorded that the customer asked for no more");
    assert_eq!(send(&ana, &conversation, 50).await, 409);
    let detail = ana.get(&format!("/api/conversations/{}", conversation.id)).await.expect(200);
    assert_eq!(detail["consent_detail"]["only_they_can_open"], false);
    let ledger = ana.post(LEDGER, said(61, "grant")).await.expect(200);
    let acts: Vec<_> =
        ledger["entries"].as_array().expect("entries").iter().map(|entry| entry["act"].clone()).collect();
    assert_eq!(acts, [json!("revoke"), json!("grant")]);
    assert_eq!(send(&ana, &conversation, 50).await, 202);
}

#[tokio::test]
async fn what_a_stop_closed_no_word_of_the_office_opens_p6() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let stop = Consent::of_word(ConsentWord::Stop, at(100)).expect("STOP closes");
    let change =
        ConsentChange::decide((phone(1), group()), ulid::Ulid::from_parts(1, 1), None, stop, Arrival::Fresh);
    house.store.commit(&business()).consent(&change).run().await.expect("a write");
    let ana = house.person(OFFICE).await;
    let refused = ana.post(LEDGER, said(60, "grant")).await;
    assert_eq!(refused.problem(409), "opted-out");
    assert!(refused.body["detail"].as_str().is_some_and(|detail| detail.contains("START")));
    ana.post(LEDGER, said(61, "revoke")).await.expect(200);
    assert_eq!(
        ana.post(LEDGER, said(62, "grant")).await.problem(409),
        "opted-out",
        "nor after a revocation beside it"
    );
    assert_eq!(send(&ana, &conversation, 50).await, 409);
}

#[tokio::test]
async fn a_revocation_takes_what_it_names_until_one_covers_everything() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let (dana, ana) = (house.person(ADMIN).await, house.person(OFFICE).await);
    let scope = async || {
        let now =
            house.store.consent(&business(), &phone(1), &group()).await.expect("a read").expect("on record");
        Consent::allows(Some(&now)).then_some(now.scope)
    };
    ana.post(LEDGER, about(60, "grant", "marketing")).await.expect(200);
    assert_eq!(scope().await, Some(Purpose::Marketing));
    ana.post(LEDGER, about(61, "revoke", "marketing")).await.expect(200);
    assert_eq!(scope().await, Some(Purpose::Service), "before the day of the rule");
    assert_eq!(send(&ana, &conversation, 50).await, 202, "and answers go");
    let rule = json!({"one_revocation_covers_all_from": "2026-11-01T00:00:00.000Z"});
    ana.put("/api/settings/consent", rule.clone()).await.expect(403);
    dana.put("/api/settings/consent", rule).await.expect(200);
    ana.post(LEDGER, about(62, "grant", "marketing")).await.expect(200);
    ana.post(LEDGER, about(63, "revoke", "marketing")).await.expect(200);
    assert_eq!(scope().await, None, "from that day on");
    let usual =
        dana.put("/api/settings/consent", json!({"one_revocation_covers_all_from": null})).await.expect(200);
    assert_eq!(usual["one_revocation_covers_all_from"], "2027-01-31T00:00:00.000Z");
}

#[tokio::test]
async fn the_ledger_is_the_offices_and_of_their_business_alone_p7() {
    let house = House::new().await;
    let (luis, ana, other) =
        (house.person(LUIS).await, house.person(OFFICE).await, house.person(OFFICE + 100).await);
    assert_eq!(luis.get(LEDGER).await.problem(403), "forbidden");
    assert_eq!(luis.post(LEDGER, said(60, "grant")).await.problem(403), "forbidden");
    ana.post(LEDGER, said(60, "grant")).await.expect(200);
    assert_eq!(other.get(LEDGER).await.expect(200)["entries"], json!([]));
    for wrong in [
        json!({"id": ulid::<CommandId>(70), "act": "grant", "how": "  "}),
        json!({"id": ulid::<CommandId>(70), "act": "forget", "how": "phone"}),
        about(70, "grant", "everything"),
        json!({"id": ulid::<CommandId>(70), "act": "grant", "how": "phone", "words": "x".repeat(501)}),
    ] {
        assert_eq!(ana.post(LEDGER, wrong).await.problem(422), "invalid");
    }
    assert_eq!(ana.get("/api/contacts/555-0142/consent").await.problem(422), "not-a-contact");
}
