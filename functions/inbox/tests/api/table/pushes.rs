//! What wakes a device: nobody is pushed what they may not read, in every relation and state (P7). Posts are claimed per
//! message and device, and none goes out here, so that the claims tell whom each message wakes.

use std::collections::BTreeSet;
use std::time::Duration;

use porchlight_domain::conversation::InboundEffect;
use porchlight_domain::device::{Address, Device, Health};
use porchlight_domain::id::{DeviceId, MessageId, StaffId};
use porchlight_domain::message::{Body, Message};
use porchlight_edge::Function;
use porchlight_store::keys::SHARDS;
use porchlight_store::sessions::SessionRecord;
use serde_json::json;

use super::cells::{Cell, Standing, Text, cells};
use super::{Leaks, Who};
use crate::support::house::{ADMIN, COLLEAGUE, LUIS, MARTA, OFFICE, business, inbound};
use crate::support::{House, ulid};

/// Everybody who has a device; the colleague works here no more.
const PEOPLE: [(u64, Who); 5] = [
    (ADMIN, Who::Admin),
    (OFFICE, Who::Office),
    (COLLEAGUE, Who::Disabled),
    (LUIS, Who::Texting),
    (MARTA, Who::Reading),
];

/// A message that was just written, and whom it names.
struct Written {
    text: Text,
    id: MessageId,
    names: bool,
}

#[tokio::test]
async fn a_push_wakes_nobody_by_what_is_not_theirs_to_read_p7() {
    let house = House::new().await;
    let cells = cells(&house).await;
    for (n, _) in PEOPLE {
        has_device(&house, n).await;
    }
    let dana = house.person(ADMIN).await;
    dana.put(&super::staff(COLLEAGUE, "disabled"), json!({"disabled": true})).await.expect(200);
    let push = porchlight_push::build(house.platform("Push")).expect("its settings suffice");
    let mut leaks = Leaks::default();
    let mut woke = BTreeSet::new();
    for cell in &cells {
        for written in write(&house, cell).await {
            tell(&house, &push, cell, &written).await;
            for (who, is_woken) in woken(&house, &written).await {
                let may = who.reads(cell, written.text) && !cell.is_blocked();
                if is_woken && !may {
                    leaks.note(who, cell, "push", &format!("woken by {:?}", written.text));
                }
                if written.names && may && !is_woken {
                    leaks.note(who, cell, "push", &format!("named, and not woken by {:?}", written.text));
                }
                if is_woken {
                    woke.insert(format!("{who:?}"));
                }
            }
        }
    }
    assert!(leaks.0.is_empty(), "{} leaks:\n{}", leaks.0.len(), leaks.0.join("\n"));
    assert_eq!(Vec::from_iter(woke), ["Admin", "Office", "Reading", "Texting"], "some are woken");
}

/// A phone, registered in a session that lasts.
async fn has_device(house: &House, n: u64) {
    let (staff, now): (StaffId, _) = (ulid(n), house.clock.now());
    let (digest, ends_at) = (format!("session{n}"), now + Duration::from_hours(24));
    let session = SessionRecord {
        epoch: 0,
        digest: digest.clone(),
        business: business(),
        staff: staff.clone(),
        created_at: now,
        ends_at,
    };
    house.store.put_session(&session).await.expect("a session");
    let device = Device {
        business: business(),
        id: device_of(n),
        staff,
        name: "Phone".to_owned(),
        address: Address::WebPush {
            endpoint: format!("https://push.example.com/{n}"),
            p256dh: String::new(),
            auth: String::new(),
            key: String::new(),
        },
        session: digest,
        created_at: now,
        last_success_at: None,
        health: Health::New,
        health_reason: None,
        endpoint: None,
    };
    house.store.put_device(&device, None, None).await.expect("a device");
}

fn device_of(n: u64) -> DeviceId {
    ulid(50_000 + n)
}

/// Notes that name everybody, for the office and for the crew; and the customer, where that changes nothing else.
async fn write(house: &House, cell: &Cell) -> Vec<Written> {
    let mut written = Vec::new();
    for (place, text, for_crew) in [(1, Text::OfficeNote, false), (2, Text::OfTheJob, true)] {
        let mut it = house.reread(&cell.id).await;
        let body = Body::Note {
            author: ulid(99),
            text: "Look".to_owned(),
            for_crew,
            mentions: PEOPLE.iter().map(|(n, _)| ulid(*n)).collect(),
        };
        let id: MessageId = ulid(60_000 + 10 * cell.n + place);
        // Of a shared number, what is of the job is theirs to read.
        let message = Message::next(&it, id.clone(), house.clock.now(), body).about(Some(cell.job.clone()));
        it.record_other(&message);
        let seq = message.seq;
        super::cells::write(house, &mut it, message).await;
        for (n, _) in PEOPLE {
            names(house, cell, &ulid(n), seq).await;
        }
        written.push(Written { text, id, names: true });
    }
    if cell.standing == Standing::Open {
        for (text, job) in [(Text::Customer, None), (Text::OfTheJob, Some(cell.job.clone()))] {
            let mut it = house.reread(&cell.id).await;
            let message = inbound(&it, "Hello?", house.clock.now()).about(job);
            it.record_inbound(&message, InboundEffect::WantsAnswer { emergency: false });
            let id = message.id.clone();
            super::cells::write(house, &mut it, message).await;
            written.push(Written { text, id, names: false });
        }
    }
    written
}

/// The note at this place names them, whoever they are.
async fn names(house: &House, cell: &Cell, staff: &StaffId, seq: u64) {
    let mut marker = house.store.read_marker(&business(), &cell.id, staff).await.expect("a read");
    marker.mention(seq);
    let commit = house.store.commit(&business()).read_marker(&cell.id, staff, &mut marker);
    commit.run().await.expect("a mention");
}

/// The stream tells of it.
async fn tell(house: &House, push: &Function, cell: &Cell, written: &Written) {
    let place = house.timeline(&cell.id).await.into_iter().find(|it| it.id == written.id).expect("a message");
    let (pk, sk) = (format!("{}#CONV#{}", business(), cell.id), format!("MSG#{:012}", place.seq));
    let record = json!({
        "eventID": "1", "eventName": "INSERT", "eventVersion": "1.1", "eventSource": "aws:dynamodb",
        "awsRegion": "us-east-1", "eventSourceARN": "arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/s",
        "dynamodb": {
            "ApproximateCreationDateTime": 1_763_711_999.0, "NewImage": {},
            "Keys": { "pk": { "S": pk }, "sk": { "S": sk } },
            "SequenceNumber": "7", "SizeBytes": 1, "StreamViewType": "NEW_IMAGE",
        },
    });
    let answer = push.invoke(json!({ "Records": [record] })).await.expect("an answer");
    assert_eq!(answer, json!({ "batchItemFailures": [] }));
}

/// Whom it wakes: the push service is out of reach, so that each post waits.
async fn woken(house: &House, written: &Written) -> Vec<(Who, bool)> {
    let later = house.clock.now() + Duration::from_hours(1);
    let mut devices = BTreeSet::new();
    for shard in 0..SHARDS {
        let page = house.store.due_pushes(shard, later, 10_000, None).await.expect("what waits");
        let of_it = page.found.into_iter().filter(|claim| claim.message == written.id);
        devices.extend(of_it.map(|claim| claim.device));
    }
    PEOPLE.map(|(n, who)| (who, devices.contains(&device_of(n)))).into()
}
