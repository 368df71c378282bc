//! A business that has a push ladder, Maria's job of today with two who work on it, and functions that wake.

use std::sync::Arc;
use std::time::Duration;

use porchlight_domain::business::{Business, Line, LineGroup};
use porchlight_domain::channel::Channel;
use porchlight_domain::conversation::{Beginning, Conversation, InboundEffect};
use porchlight_domain::customer::{Assignment, ContactLink, Customer, Job, JobStatus};
use porchlight_domain::hours::BusinessHours;
use porchlight_domain::id::{BusinessId, ConversationId, LineGroupId, StaffId};
use porchlight_domain::message::{Message, Received};
use porchlight_domain::party::{Party, Route};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::push::{PushLadder, TextsAgreement};
use porchlight_domain::staff::{Role, Staff};
use porchlight_domain::time::Timestamp;
use porchlight_edge::secrets::{Secrets, SecretsError};
use porchlight_edge::{Clock, Entropy, Function, Platform, Wake};
use porchlight_engine::testing::TestTables;
use porchlight_store::Store;
use serde_json::{Value, json};

/// No key has been made yet.
struct Safe;

#[async_trait::async_trait]
impl Secrets for Safe {
    async fn get(&self, _: &str) -> Result<Option<String>, SecretsError> {
        Ok(None)
    }
    async fn put(&self, _: &str, _: &str) -> Result<(), SecretsError> {
        Ok(())
    }
}

pub fn start() -> Timestamp {
    Timestamp::from_millis(1_795_000_000_000)
}

/// The `n`-th ULID of the beginning.
pub fn ulid<T: From<ulid::Ulid>>(n: u128) -> T {
    ulid::Ulid::from_parts(1_795_000_000_000, n).into()
}

pub fn business() -> BusinessId {
    ulid(1)
}

pub fn group() -> LineGroupId {
    ulid(2)
}

pub fn phone(n: u64) -> ContactPoint {
    ContactPoint::phone(&format!("+1207555{n:04}")).expect("a number")
}

/// A function of its own on these tables, by this clock.
pub fn push(tables: &TestTables, clock: &Clock, seed: u64) -> Function {
    let mut environment = tables.environment("Push");
    environment.insert("PUBLIC_URL".to_owned(), "http://localhost:7878".to_owned());
    let settings = environment.into_iter().collect();
    let platform = Platform::new(clock.clone(), Entropy::seeded(seed), settings, Wake::timer())
        .with_dynamodb(|| tables.calls_of("Push"))
        .with_secrets(|| Arc::new(Safe));
    porchlight_push::build(platform).expect("the template's settings suffice")
}

/// A record of the stream.
pub fn written(conversation: &ConversationId, seq: u64) -> Value {
    let pk = format!("{}#CONV#{conversation}", business());
    let keys = json!({ "pk": { "S": pk }, "sk": { "S": format!("MSG#{seq:012}") } });
    json!({ "Records": [{
        "eventID": "1", "eventName": "INSERT", "eventVersion": "1.1", "eventSource": "aws:dynamodb",
        "awsRegion": "us-east-1", "eventSourceARN": "arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/s",
        "dynamodb": {
            "ApproximateCreationDateTime": 1_763_711_999.0, "Keys": keys, "NewImage": {},
            "SequenceNumber": "7", "SizeBytes": 1, "StreamViewType": "NEW_IMAGE",
        },
    }] })
}

pub struct House {
    pub tables: TestTables,
    pub store: Store,
    pub clock: Clock,
    pub push: Function,
}

impl House {
    pub async fn open() -> Self {
        let tables = TestTables::new().await;
        let clock = Clock::manual(start() + Duration::from_mins(1));
        let push = push(&tables, &clock, 7);
        let settings = tables.environment("Push").into_iter().collect();
        let all = Platform::new(clock.clone(), Entropy::seeded(9), settings, Wake::timer())
            .with_dynamodb(|| Arc::clone(&tables.calls));
        let store = all.store().expect("the template names the tables");
        let house = Self { tables, store, clock, push };
        house.furnish().await;
        house
    }

    async fn furnish(&self) {
        let (store, business) = (&self.store, business());
        store.put_business(&record()).await.expect("a business");
        let lines = LineGroup { id: group(), name: "Main".to_owned() };
        store.put_group(&business, &lines).await.expect("a line group");
        let line = Line { number: phone(100), group: group(), label: "Main".to_owned(), successor: None };
        store.put_line(&business, &line).await.expect("a line");
        let (mut maria, mut job) = (maria(), job());
        store.put_customer(&business, &mut maria).await.expect("a customer");
        store.put_job(&business, &mut job).await.expect("a job");
        store.put_link(&business, &link()).await.expect("a link");
        for n in [1, 2] {
            let staff = technician(n);
            store.put_staff(&staff).await.expect("a person");
            let works = Assignment {
                job: job.id.clone(),
                customer: maria.id.clone(),
                staff: staff.id.clone(),
                assigned_at: start(),
                unassigned_at: None,
            };
            store.put_assignment(&business, &works).await.expect("an assignment");
            self.agrees(&staff).await;
        }
    }

    /// They let themselves be texted.
    async fn agrees(&self, staff: &Staff) {
        let number = staff.phone.clone().expect("a number");
        let line = ulid::Ulid::from_parts(1, number.as_str().len() as u128).into();
        let agreed = TextsAgreement { number, at: start(), line };
        self.store.commit(&business()).agree_to_texts(&staff.id, &agreed).run().await.expect("agreed");
    }

    /// Maria writes about her job, and the stream tells of it.
    pub async fn maria_writes(&self) -> Message {
        let now = self.clock.now();
        let found = self.thread().await;
        let mut thread = found.unwrap_or_else(|| {
            let party = Party::Customer(route());
            Conversation::begin(Beginning { business: business(), party, customer: None, at: now })
        });
        let id = ulid(1000 + u128::from(thread.next_seq()));
        let received = Received::new(&route(), None, "Hello?".to_owned());
        let mut text = Message::received(&thread, id, now, received).about(Some(job().id));
        thread.record_inbound(&text, InboundEffect::WantsAnswer { emergency: false });
        let commit = self.store.commit(&business()).create_message(&mut text);
        commit.conversation(&mut thread).run().await.expect("a text");
        self.told_of(text.seq).await;
        text
    }

    /// The stream tells of a message.
    pub async fn told_of(&self, seq: u64) {
        let answer = self.push.invoke(written(&conversation(), seq)).await.expect("an answer");
        assert_eq!(answer, json!({ "batchItemFailures": [] }));
    }

    pub async fn thread(&self) -> Option<Conversation> {
        self.store.conversation(&business(), &conversation()).await.expect("a read")
    }

    /// What the thread tells by quiet entries.
    pub async fn told(&self) -> Vec<String> {
        let page = self.store.messages(&business(), &conversation(), None, 100).await.expect("a page");
        let entries = page.messages.into_iter().filter(|it| it.author().is_none() && it.contact().is_none());
        entries.map(|entry| entry.text().to_owned()).collect()
    }

    /// The texts to the phones of the crew.
    pub async fn texts(&self) -> Vec<Message> {
        let mut texts = Vec::new();
        for n in [1, 2] {
            let Staff { id: staff, phone, .. } = technician(n);
            let route = Route { contact: phone.expect("a number"), ..route() };
            let id = ConversationId::of(&Party::StaffPhone { staff, route });
            texts.extend(self.store.messages(&business(), &id, None, 100).await.expect("a page").messages);
        }
        texts
    }

    pub async fn sweep(&self) {
        let swept = self.push.invoke(json!({ "schedule": "sweep" })).await;
        assert_eq!(swept.expect("it sweeps"), Value::Null);
    }

    pub fn pass(&self, minutes: u64) {
        self.clock.advance(Duration::from_mins(minutes));
    }
}

pub fn conversation() -> ConversationId {
    ConversationId::of(&Party::Customer(route()))
}

pub fn route() -> Route {
    Route { group: group(), channel: Channel::Sms, contact: phone(42), line: phone(100) }
}

fn record() -> Business {
    Business {
        id: business(),
        name: "Harbor Plumbing".to_owned(),
        time_zone: "America/New_York".to_owned(),
        hours: BusinessHours::usual(),
        provider_account: "AC1".to_owned(),
        technicians_text: true,
        access_days_after_completion: 14,
        one_revocation_covers_all_from: None,
        push_ladder: PushLadder::new(true, 10, 5).expect("steps"),
        created_at: start(),
    }
}

fn technician(n: u64) -> Staff {
    let id: StaffId = ulid(100 + u128::from(n));
    Staff {
        business: business(),
        id,
        name: if n == 1 { "Luis" } else { "Marta" }.to_owned(),
        email: format!("technician{n}@example.com"),
        password_hash: String::new(),
        role: Role::Technician,
        full_chat_access: true,
        phone: Some(phone(200 + n)),
        disabled_at: None,
        session_epoch: 0,
        day_off: None,
    }
}

fn maria() -> Customer {
    Customer {
        id: ulid(3),
        name: "Maria Alvarez".to_owned(),
        address: None,
        notes: None,
        access_notes: None,
        balance_cents: 0,
        lead: None,
        since: start(),
        version: 0,
    }
}

fn link() -> ContactLink {
    ContactLink {
        customer: ulid(3),
        contact: phone(42),
        channel: Channel::Sms,
        label: None,
        linked_at: start(),
        unlinked_at: None,
    }
}

fn job() -> Job {
    Job {
        id: ulid(4),
        customer: ulid(3),
        number: 1042,
        title: "Water heater".to_owned(),
        status: JobStatus::InProgress,
        scheduled_at: Some(start()),
        ends_at: None,
        ended_at: None,
        amount_cents: 0,
        facts: Vec::new(),
        version: 0,
    }
}
