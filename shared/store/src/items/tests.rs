//! Items as they lie in tables since before there were parties and kinds of bodies.

use porchlight_domain::channel::Channel;
use porchlight_domain::conversation::{Beginning, Conversation};
use porchlight_domain::delivery::Status;
use porchlight_domain::event::{Event, Happening};
use porchlight_domain::id::{BusinessId, ConversationId, StaffId};
use porchlight_domain::message::{Body, Media, Message, Received};
use porchlight_domain::party::{Pair, Party, Route};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;
use serde_json::{Value, json};

use super::{conversation, conversation_item, from_item, message, message_item};
use crate::table::Item;

const BUSINESS: &str = "01JD0000000000000000000001";
const GROUP: &str = "01JD0000000000000000000002";
const ANA: &str = "01JD0000000000000000000003";
const LUIS: &str = "01JD0000000000000000000004";
const MESSAGE: &str = "01JD0000000000000000000005";
const MARIA: &str = "+12075550142";
const LINE: &str = "+12075550100";
const THREAD: &str = "ff6fcdb4a3db2f1a4b7dbb0d7f40a5cf";

fn item(value: &Value) -> Item {
    serde_dynamo::to_item(value).expect("an object")
}

fn route() -> Route {
    Route {
        group: GROUP.parse().expect("an id"),
        channel: Channel::Sms,
        contact: ContactPoint::phone(MARIA).expect("a number"),
        line: ContactPoint::phone(LINE).expect("a number"),
    }
}

fn staff(id: &str) -> StaffId {
    id.parse().expect("an id")
}

fn begin(party: Party) -> Conversation {
    Conversation::begin(Beginning {
        business: BUSINESS.parse().expect("an id"),
        party,
        customer: None,
        at: Timestamp::from_millis(1_795_000_000_000),
    })
}

/// A summary with one text of the customer's that waits.
fn old_summary() -> Item {
    item(&json!({
        "pk": format!("{BUSINESS}#CONV#{THREAD}"), "sk": "META",
        "folder": format!("{BUSINESS}#active+a+l"), "activity": format!("2026-11-18T11:06:41.000Z#{THREAD}"),
        "waiting_folder": format!("{BUSINESS}#active+l"),
        "waiting_key": format!("1#2026-11-18T11:06:41.000Z#{THREAD}"),
        "group": GROUP, "channel": "sms", "contact": MARIA, "line": LINE, "version": 1, "seq": 1,
        "state": "open", "waiting_since": 1_795_000_001_000_i64, "attention": "customer",
        "customer_count": 1, "last_activity": 1_795_000_001_000_i64, "created": 1_795_000_000_000_i64,
        "last": {
            "id": MESSAGE, "seq": 1, "text": "Hello", "kind": "customer", "direction": "in",
            "status": "received", "at": 1_795_000_001_000_i64,
        },
    }))
}

fn old_message(more: &Value) -> Item {
    let mut old = item(&json!({
        "pk": format!("{BUSINESS}#CONV#{THREAD}"), "sk": "MSG#000000000001", "id": MESSAGE, "version": 1,
        "contact": MARIA, "line": LINE, "created": 1_795_000_001_000_i64, "text": "Hello",
    }));
    old.extend(item(more));
    old
}

fn read(item: &Item) -> Message {
    let (business, message): (BusinessId, Message) = message(item.clone()).expect("it is readable");
    assert_eq!(business.as_str(), BUSINESS);
    message
}

#[test]
fn a_summary_from_before_parties_is_a_customers_and_is_written_as_it_was() {
    let found = conversation(old_summary()).expect("it is readable");
    assert_eq!(found.party, Party::Customer(route()));
    assert_eq!((found.version, found.seq, found.customer_count), (1, 1, 1));
    assert_eq!(conversation_item(&found), old_summary());
}

#[test]
fn a_text_of_a_customers_from_before_bodies_is_written_as_it_was() {
    let old = old_message(&json!({
        "status": "received", "direction": "in", "kind": "customer", "inbound_sid": "SM1",
        "media": [{ "provider_url": "https://api.twilio.com/media/1", "content_type": "image/png" }],
    }));
    let found = read(&old);
    let media = Media::at_provider("https://api.twilio.com/media/1", "image/png");
    let received = Received::new(&route(), Some("SM1".to_owned()), "Hello".to_owned());
    assert_eq!(found.body, Body::Customer(Received { media: vec![media], ..received }));
    assert_eq!(message_item(&BUSINESS.parse().expect("an id"), &found), old);
}

#[test]
fn a_reply_from_before_bodies_keeps_its_delivery_its_tapbacks_and_its_due() {
    let old = old_message(&json!({
        "status": "queued", "direction": "out", "kind": "staff", "author": ANA, "resend_of": LUIS,
        "due_shard": crate::keys::due_shard(&format!("{BUSINESS}#CONV#{THREAD}")),
        "due_at": "2026-11-18T11:06:41.000Z",
        "delivery": {
            "local": { "state": "queued" }, "evidence": [], "queued_at": "2026-11-18T11:06:41.000Z",
            "fetched": 0,
        },
        "reactions": [{ "kind": "liked", "at": "2026-11-18T11:07:41.000Z" }],
    }));
    let found = read(&old);
    assert_eq!((found.status(), found.author()), (Status::Queued, Some(&staff(ANA))));
    assert_eq!((found.reactions().len(), found.resend_of().is_some()), (1, true));
    // What it is for is written from now on.
    let mut written = old;
    written.extend(item(&json!({ "purpose": "reply" })));
    assert_eq!(message_item(&BUSINESS.parse().expect("an id"), &found), written);
}

#[test]
fn a_note_and_a_quiet_entry_from_before_bodies_lose_only_the_route_that_they_never_took() {
    for (kind, more) in [
        ("note", json!({ "status": "received", "direction": "out", "kind": "note", "author": ANA })),
        ("system", json!({ "status": "received", "direction": "out", "kind": "system" })),
    ] {
        let mut old = old_message(&more);
        let found = read(&old);
        assert_eq!((found.text(), found.contact(), found.line()), ("Hello", None, None), "{kind}");
        old.retain(|attribute, _| !matches!(attribute.as_str(), "contact" | "line"));
        assert_eq!(message_item(&BUSINESS.parse().expect("an id"), &found), old);
    }
}

#[test]
fn an_event_from_before_parties_is_read_without_its_contact() {
    let old = item(&json!({
        "pk": format!("{BUSINESS}#2026-11-18"), "sk": MESSAGE, "id": MESSAGE, "conversation": THREAD,
        "contact": MARIA, "type": "message_created", "seq": 7, "expires_at": 1_795_090_000_i64,
    }));
    let event: Event = from_item("event", old).expect("it is readable");
    assert_eq!(
        (event.id.as_str(), event.conversation.as_ref().map(ConversationId::as_str)),
        (MESSAGE, Some(THREAD))
    );
    assert_eq!(event.happening, Happening::MessageCreated { seq: 7 });
}

#[test]
fn every_party_and_every_body_is_read_as_it_was_written() {
    let pair = Pair::of(staff(ANA), staff(LUIS)).expect("two people");
    let parties = [
        Party::Customer(route()),
        Party::Pair(pair),
        Party::Crew { job: LUIS.parse().expect("an id") },
        Party::Staff { staff: staff(LUIS) },
        Party::StaffPhone { staff: staff(LUIS), route: route() },
    ];
    for party in parties {
        let made = begin(party);
        assert_eq!(conversation(conversation_item(&made)).expect("it is readable"), made);
    }
    let bodies = [
        Body::Note {
            author: staff(ANA),
            text: "Gate code 1".to_owned(),
            for_crew: true,
            mentions: vec![staff(ANA)],
        },
        Body::Internal {
            author: staff(ANA),
            text: "Taken back".to_owned(),
            media: Vec::new(),
            deleted_at: Some(Timestamp::from_millis(1_795_000_009_000)),
        },
        Body::System { author: Some(staff(ANA)), text: "Ana closed this".to_owned() },
    ];
    for body in bodies {
        let (made, at) = (begin(Party::Staff { staff: staff(LUIS) }), Timestamp::from_millis(1));
        let entry = Message::next(&made, MESSAGE.parse().expect("an id"), at, body);
        assert_eq!(read(&message_item(&made.business, &entry)), entry);
    }
}
