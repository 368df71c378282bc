//! Writing to somebody new (RULES "New conversation").

use futures::future::join_all;
use porchlight_domain::consent::{Arrival, Consent, ConsentWord, Purpose};
use porchlight_domain::customer::{Block, ContactRecord};
use porchlight_domain::id::{CustomerId, MessageId};
use porchlight_store::consent::ConsentChange;
use serde_json::{Value, json};

use crate::support::house::{ADMIN, COLLEAGUE, LUIS, OFFICE, begin, business, group};
use crate::support::{House, at, phone, ulid};

const PATH: &str = "/api/conversations";

fn command(id: u64, contact: &str) -> Value {
    json!({
        "id": ulid::<MessageId>(id), "contact": contact, "channel": "sms", "text": "Hi, this is Ana.",
        "consent": {"how": "phone", "words": "They called and asked for a text"},
    })
}

fn with(mut command: Value, field: &str, value: Value) -> Value {
    command[field] = value;
    command
}

#[tokio::test]
async fn consent_thread_and_first_text_are_one_and_are_theirs_who_began() {
    let house = House::new().await;
    let ana = house.person(OFFICE).await;
    let begun =
        ana.post(PATH, with(command(50, "(207) 555-0196"), "name", json!("Joy Carter"))).await.expect(202);
    let (conversation, message) = (&begun["conversation"], &begun["message"]);
    assert_eq!(
        (&conversation["contact"], &conversation["name"]),
        (&json!("+12075550196"), &json!("Joy Carter"))
    );
    assert_eq!(
        (&message["status"], &message["seq"], &message["purpose"]),
        (&json!("queued"), &json!(1), &json!("service"))
    );
    assert_eq!(conversation["assignee"]["name"], "Ana");
    let ledger = ana.get("/api/contacts/+12075550196/consent").await.expect(200);
    let entry = &ledger["entries"][0];
    assert_eq!(
        (&entry["act"], &entry["how"], &entry["by"]["name"]),
        (&json!("grant"), &json!("phone"), &json!("Ana"))
    );
    assert_eq!(
        (&entry["words"], &entry["at"]),
        (&json!("They called and asked for a text"), &json!(house.clock.now()))
    );
    assert_eq!(message["consent_id"], entry["id"], "what permitted it");
    let customer: CustomerId =
        conversation["customer"]["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    let known = house.store.customer(&business(), &customer).await.expect("a read").expect("somebody new");
    assert_eq!(known.name, "Joy Carter");
}

#[tokio::test]
async fn without_a_name_it_is_the_number_that_is_linked_later() {
    let house = House::new().await;
    let ana = house.person(OFFICE).await;
    let begun = ana.post(PATH, with(command(50, "2075550196"), "name", json!("  "))).await.expect(202);
    assert_eq!(
        (&begun["conversation"]["name"], &begun["conversation"]["customer"]),
        (&json!("+12075550196"), &Value::Null)
    );
}

#[tokio::test]
async fn somebody_known_keeps_their_own_name() {
    let house = House::new().await;
    house.customer_with_job(7, &[]).await;
    let ana = house.person(OFFICE).await;
    let begun = ana.post(PATH, with(command(50, "2075550107"), "name", json!("Mary"))).await.expect(202);
    assert_eq!(begun["conversation"]["name"], "Maria Alvarez");
}

#[tokio::test]
async fn the_same_command_again_begins_nothing_more_and_another_under_its_id_is_refused_p9() {
    let house = House::new().await;
    let (ana, ben) = (house.person(OFFICE).await, house.person(COLLEAGUE).await);
    let first = ana.post(PATH, command(50, "2075550196")).await.expect(202);
    let again = ana.post(PATH, command(50, "tel:+1-207-555-0196")).await.expect(202);
    assert_eq!(first["message"], again["message"]);
    for other in [
        with(command(50, "2075550196"), "text", json!("Hello")),
        with(command(50, "2075550196"), "name", json!("Joy")),
        with(command(50, "2075550196"), "consent", json!({"how": "form", "words": "x"})),
        command(50, "2075550197"),
    ] {
        assert_eq!(ana.post(PATH, other).await.problem(422), "id-used-before");
    }
    assert_eq!(
        ben.post(PATH, command(50, "2075550196")).await.problem(422),
        "id-used-before",
        "a colleague's"
    );
    let lines = house.store.consent_ledger(&business(), &phone(96)).await.expect("a read");
    assert_eq!(lines.len(), 1);
}

#[tokio::test]
async fn many_at_once_make_one_thread_p3() {
    let house = House::new().await;
    let (ana, ben) = (house.person(OFFICE).await, house.person(COLLEAGUE).await);
    let same = join_all((0..4).map(|_| ana.post(PATH, command(50, "2075550196")))).await;
    assert!(same.iter().all(|answer| answer.status == 202), "a double click");
    let others = join_all((0..4).map(|n| ben.post(PATH, command(60 + n, "2075550195")))).await;
    let begun = others.iter().filter(|answer| answer.status == 202).count();
    assert_eq!(begun, 1);
    let theirs = others.iter().find(|answer| answer.status == 409).expect("the others");
    assert_eq!(theirs.problem(409), "already-a-thread");
    assert!(theirs.body["conversation"]["id"].is_string());
}

#[tokio::test]
async fn a_number_in_a_thread_names_that_thread_p3() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    let ana = house.person(OFFICE).await;
    let answer = ana.post(PATH, command(50, "207.555.0101")).await;
    assert_eq!(answer.problem(409), "already-a-thread");
    assert_eq!(answer.body["conversation"]["id"], json!(conversation.id));
    assert_eq!(house.timeline(&conversation.id).await.len(), 1);
}

#[tokio::test]
async fn a_text_that_comes_in_meanwhile_is_in_the_same_thread_p3() {
    let house = House::new().await;
    let ana = house.person(OFFICE).await;
    let begun = ana.post(PATH, command(50, "2075550109")).await.expect(202);
    let derived = begin(&business(), &group(), 9, at(1));
    assert_eq!(begun["conversation"]["id"], json!(derived.id), "the id follows from whom it is with");
}

#[tokio::test]
async fn who_opted_out_or_cannot_be_texted_is_not_written_to_p6() {
    let house = House::new().await;
    let ana = house.person(OFFICE).await;
    let stop = Consent::of_word(ConsentWord::Stop, at(100)).expect("STOP closes");
    let whose = (phone(96), group());
    let change = ConsentChange::decide(whose, ulid::Ulid::from_parts(1, 1), None, stop, Arrival::Fresh);
    house.store.commit(&business()).consent(&change).run().await.expect("a write");
    let answer = ana.post(PATH, command(50, "2075550196")).await;
    assert_eq!(answer.problem(409), "opted-out");
    assert!(answer.body["detail"].as_str().is_some_and(|detail| detail.contains("START")));
    assert_eq!(ana.post(PATH, with(command(50, "2075550196"), "force", json!(true))).await.status, 422);
    let landline = ContactRecord { cannot_text: true, ..ContactRecord::new(phone(95)) };
    house.store.put_contact(&business(), &landline).await.expect("a write");
    assert_eq!(ana.post(PATH, command(51, "2075550195")).await.problem(409), "cannot-text");
    let block = Block { by: ulid(OFFICE), at: at(1), spam: false };
    let blocked = ContactRecord { block: Some(block), ..ContactRecord::new(phone(94)) };
    house.store.put_contact(&business(), &blocked).await.expect("a write");
    assert_eq!(ana.post(PATH, command(52, "2075550194")).await.problem(409), "blocked");
    let mut narrow = command(53, "2075550193");
    narrow["consent"]["scope"] = json!("reply");
    assert_eq!(ana.post(PATH, narrow).await.problem(422), "invalid", "it would be refused before the call");
}

#[tokio::test]
async fn what_is_nobodys_number_is_refused_in_words() {
    let house = House::new().await;
    let mut staff = house.store.staff(&business(), &ulid(LUIS)).await.expect("a read").expect("Luis");
    staff.phone = Some(phone(77));
    house.store.put_staff(&staff).await.expect("a write");
    let ana = house.person(OFFICE).await;
    for (contact, kind, words) in [
        ("2075550100", "not-for-texts", "your own line"),
        ("2075550177", "not-for-texts", "colleague's own number"),
        ("+19005550142", "not-for-texts", "premium"),
        ("207-976-5501", "not-for-texts", "premium"),
        ("24273", "not-a-contact", "short code"),
        ("5550142", "not-a-contact", "area code is missing"),
        ("0044 20 7946 0958", "not-a-contact", "Write + instead of 00"),
        ("44 20 7946 0958", "not-a-contact", "before the country code"),
        ("207-555-HELP", "not-a-contact", "only digits"),
        ("207-555-0142 x12", "not-a-contact", "extension"),
        ("anonymous", "not-a-contact", "hide their number"),
        ("maria@example.com", "not-for-texts", "whole phone numbers"),
    ] {
        let answer = ana.post(PATH, command(50, contact)).await;
        assert_eq!(answer.problem(422), kind, "{contact}");
        assert!(
            answer.body["detail"].as_str().is_some_and(|it| it.contains(words)),
            "{contact}: {}",
            answer.body
        );
    }
    let email = ana.post(PATH, with(command(50, "2075550196"), "channel", json!("email"))).await;
    assert_eq!(email.problem(422), "no-such-channel");
}

#[tokio::test]
async fn nothing_is_sent_without_how_they_agreed_p6() {
    let house = House::new().await;
    let ana = house.person(OFFICE).await;
    for consent in [
        Value::Null,
        json!({}),
        json!({"how": "phone"}),
        json!({"how": " ", "words": "x"}),
        json!({"how": "phone", "words": "  "}),
    ] {
        assert_eq!(
            ana.post(PATH, with(command(50, "2075550196"), "consent", consent)).await.problem(422),
            "invalid"
        );
    }
    for text in ["", "   ", "\u{200b}"] {
        assert_eq!(
            ana.post(PATH, with(command(50, "2075550196"), "text", json!(text))).await.problem(422),
            "invalid"
        );
    }
    let none = house.store.contact_facts(&business(), &phone(96)).await.expect("a read");
    assert!(none.consents.is_empty());
}

#[tokio::test]
async fn technicians_begin_nothing_p7() {
    let house = House::new().await;
    house.conversation(1).await;
    let luis = house.person(LUIS).await;
    assert_eq!(luis.post(PATH, command(50, "2075550196")).await.problem(403), "forbidden");
    assert_eq!(
        luis.post(PATH, command(50, "2075550101")).await.problem(403),
        "forbidden",
        "nor learn who is there"
    );
    let other = house.person(ADMIN + 100).await;
    other.post(PATH, command(50, "2075550101")).await.expect(202);
}

#[tokio::test]
async fn what_they_agreed_to_before_is_not_made_less() {
    let house = House::new().await;
    let ana = house.person(OFFICE).await;
    let grant = json!({"id": ulid::<MessageId>(90), "act": "grant", "how": "form", "words": "Signed", "scope": "marketing"});
    ana.post("/api/contacts/+12075550196/consent", grant).await.expect(200);
    ana.post(PATH, command(50, "2075550196")).await.expect(202);
    let now =
        house.store.consent(&business(), &phone(96), &group()).await.expect("a read").expect("on record");
    assert_eq!(now.scope, Purpose::Marketing);
}
