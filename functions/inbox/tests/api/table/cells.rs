//! The conversations of the table: one for each relation of a technician to it, and each state that it may be in.

use std::time::Duration;

use bytes::Bytes;
use porchlight_api::media::MediaId;
use porchlight_domain::conversation::InboundEffect;
use porchlight_domain::customer::JobStatus;
use porchlight_domain::delivery::Delivery;
use porchlight_domain::file::Kept;
use porchlight_domain::id::{ConversationId, CustomerId, JobId, MessageId, StaffId};
use porchlight_domain::message::{Body, Media, Message, Outbound};
use porchlight_store::search::Indexed;
use serde_json::{Value, json};

use crate::support::house::{LUIS, MARTA, OFFICE, begin, business, group, inbound};
use crate::support::{House, Person, at, phone, ulid};

/// What the two technicians have to do with a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    Nothing,
    Assigned,
    /// Their job ended, not long ago.
    InGrace,
    PastGrace,
    Unassigned,
    Added,
    TakenOut,
    /// Assigned; the number is a landlord's.
    SharedNumber,
}

/// How it is for everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Open,
    Snoozed,
    Closed,
    Blocked,
}

/// What a technician sees: open, snoozed, closed, blocked.
const SEEN: [(Relation, [bool; 4]); 8] = [
    (Relation::Nothing, [false, false, false, false]),
    (Relation::Assigned, [true, true, false, false]),
    (Relation::InGrace, [true, true, false, false]),
    (Relation::PastGrace, [false, false, false, false]),
    (Relation::Unassigned, [false, false, false, false]),
    (Relation::Added, [true, true, false, false]),
    (Relation::TakenOut, [false, false, false, false]),
    (Relation::SharedNumber, [true, true, false, false]),
];
const STANDINGS: [Standing; 4] = [Standing::Open, Standing::Snoozed, Standing::Closed, Standing::Blocked];

/// What is said in each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    /// By the customer, about no job.
    Customer,
    /// By the customer, about the job, with a file.
    OfTheJob,
    /// By the office, to itself.
    OfficeNote,
}

pub const TEXTS: [Text; 3] = [Text::Customer, Text::OfTheJob, Text::OfficeNote];

/// One conversation of the table.
pub struct Cell {
    pub relation: Relation,
    pub standing: Standing,
    pub seen_by_technicians: bool,
    pub id: ConversationId,
    pub n: u64,
    pub customer: CustomerId,
    pub job: JobId,
    /// The message about the job, the note, and what the office sent.
    pub about: MessageId,
    pub note: MessageId,
    pub sent: MessageId,
    pub file: String,
}

impl Cell {
    /// Words that stand nowhere else.
    pub fn words(&self, text: Text) -> String {
        let word = match text {
            Text::Customer => "faucet",
            Text::OfTheJob => "boiler",
            Text::OfficeNote => "secret",
        };
        format!("{word}{}z", self.n)
    }

    pub fn is_blocked(&self) -> bool {
        self.standing == Standing::Blocked
    }

    pub fn is_shared_number(&self) -> bool {
        self.relation == Relation::SharedNumber
    }
}

/// All of them, as they stand in the tables, and in search.
pub async fn cells(house: &House) -> Vec<Cell> {
    // Jobs ended long ago, and people have signed in since.
    house.clock.advance(Duration::from_hours(24 * 30));
    let ana = house.person(OFFICE).await;
    let mut cells = Vec::new();
    let mut n = 0;
    for (relation, seen) in SEEN {
        for (standing, seen_by_technicians) in STANDINGS.into_iter().zip(seen) {
            n += 1;
            let cell = said(house, n, relation, standing, seen_by_technicians).await;
            relate(house, &ana, &cell).await;
            stand(house, &ana, &cell).await;
            let row = house.reread(&cell.id).await;
            house.store.index_conversation(&row, &Indexed::default()).await.expect("indexed");
            cells.push(cell);
        }
    }
    cells
}

/// What is said there, by the customer and by the office.
async fn said(
    house: &House,
    n: u64,
    relation: Relation,
    standing: Standing,
    seen_by_technicians: bool,
) -> Cell {
    let (customer, job) = house.customer_with_job(n, &[]).await;
    let mut it = begin(&business(), &group(), n, at(60 * n));
    let ids: [MessageId; 2] = [ulid(10_000 + n), ulid(20_000 + n)];
    let mut cell = Cell {
        relation,
        standing,
        seen_by_technicians,
        id: it.id.clone(),
        n,
        customer,
        job: job.clone(),
        about: ids[0].clone(),
        note: ids[0].clone(),
        sent: ids[1].clone(),
        file: String::new(),
    };
    house.customer_writes(&mut it, &cell.words(Text::Customer), at(60 * n)).await;
    let mut about = inbound(&it, &cell.words(Text::OfTheJob), at(60 * n + 1));
    about.job = Some(job.clone());
    let key = format!("files/{n}");
    house.bucket.put(&key, Bytes::from_static(b"not for everybody")).await.expect("a file");
    if let Body::Customer(received) = &mut about.body {
        let mut media = Media::at_provider("", "text/plain");
        media.kept = Some(Kept { key, size: 17, width: None, height: None });
        received.media = vec![media];
    }
    cell.about = about.id.clone();
    cell.file = MediaId { conversation: it.id.clone(), seq: about.seq, place: 0 }.to_string();
    it.record_inbound(&about, InboundEffect::WantsAnswer { emergency: false });
    write(house, &mut it, about).await;
    let author: StaffId = ulid(OFFICE);
    let text = cell.words(Text::OfficeNote);
    let body = Body::Note { author: author.clone(), text, for_crew: false, mentions: Vec::new() };
    let note = Message::next(&it, ids[0].clone(), at(60 * n + 2), body);
    it.record_other(&note);
    write(house, &mut it, note).await;
    let out =
        Outbound::new(it.route().expect("a customer"), "Soon".to_owned(), Delivery::queued(at(60 * n + 3)));
    let sent = Message::next(&it, ids[1].clone(), at(60 * n + 3), Body::Staff { author, out });
    let sent = sent.about(Some(job));
    it.record_other(&sent);
    write(house, &mut it, sent).await;
    cell
}

pub async fn write(
    house: &House,
    it: &mut porchlight_domain::conversation::Conversation,
    mut message: Message,
) {
    let pointer = porchlight_store::messages::MessagePointer {
        message: message.id.clone(),
        conversation: it.id.clone(),
        seq: message.seq,
        fingerprint: None,
    };
    let mut commit = house.store.commit(&business()).create_message(&mut message).conversation(it);
    if message.author().is_some() {
        commit = commit.message_pointer(&pointer);
    }
    commit.run().await.expect("a message");
}

/// What the technicians have to do with it. `index` lags, or says too much: both are candidates everywhere.
async fn relate(house: &House, ana: &Person, cell: &Cell) {
    let technicians: [StaffId; 2] = [ulid(LUIS), ulid(MARTA)];
    for staff in &technicians {
        let assignment = format!("/api/jobs/{}/assignments/{staff}", cell.job);
        let participant = format!("/api/conversations/{}/participants/{staff}", cell.id);
        match cell.relation {
            Relation::Nothing => {}
            Relation::Assigned | Relation::InGrace | Relation::PastGrace | Relation::SharedNumber => {
                ana.put(&assignment, Value::Null).await.expect(200);
            }
            Relation::Unassigned => {
                ana.put(&assignment, Value::Null).await.expect(200);
                ana.delete(&assignment).await.expect(204);
            }
            Relation::Added => drop(ana.put(&participant, Value::Null).await.expect(200)),
            Relation::TakenOut => {
                ana.put(&participant, Value::Null).await.expect(200);
                ana.delete(&participant).await.expect(204);
            }
        }
        let commit = house.store.commit(&business()).member(&cell.id, staff, at(0));
        commit.run().await.expect("a candidate");
    }
    match cell.relation {
        Relation::InGrace => end_job(house, cell, 13).await,
        Relation::PastGrace => end_job(house, cell, 15).await,
        Relation::SharedNumber => {
            let contact = format!("/api/contacts/%2B{}", phone(cell.n).digits());
            ana.put(&contact, json!({"cannot_text": false, "shared": true})).await.expect(200);
        }
        _ => {}
    }
}

async fn end_job(house: &House, cell: &Cell, days_ago: u64) {
    let mut job = house.store.job(&business(), &cell.job).await.expect("a read").expect("a job");
    job.status = JobStatus::Completed;
    job.ended_at = Some(house.clock.now() - Duration::from_hours(24 * days_ago));
    house.store.commit(&business()).job(&mut job).run().await.expect("an end");
}

async fn stand(house: &House, ana: &Person, cell: &Cell) {
    let path = format!("/api/conversations/{}", cell.id);
    let (act, body) = match cell.standing {
        Standing::Open => return,
        Standing::Snoozed => ("snooze", json!({"until": house.clock.now() + Duration::from_hours(24)})),
        Standing::Closed => ("close", json!({})),
        Standing::Blocked => ("block", json!({"spam": false})),
    };
    ana.post(&format!("{path}/{act}"), body).await.expect(200);
}
