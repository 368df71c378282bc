//! A business with its people on the template's tables, and what happens in it. Also the house of the tests
//! of `live`.

use std::time::Duration;

use porchlight_domain::business::{Business, LineGroup};
use porchlight_domain::channel::Channel;
use porchlight_domain::conversation::{Beginning, Conversation, InboundEffect};
use porchlight_domain::customer::{Assignment, ContactLink, Customer, Job, JobStatus};
use porchlight_domain::delivery::Delivery;
use porchlight_domain::event::{Event, Happening};
use porchlight_domain::hours::{BusinessHours, Week};
use porchlight_domain::id::{BusinessId, ConversationId, CustomerId, EventId, JobId, LineGroupId, StaffId};
use porchlight_domain::message::{Body, Message, MessageKind, Outbound, Received};
use porchlight_domain::party::{Party, Route};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::staff::{Role, Staff};
use porchlight_domain::time::Timestamp;
use porchlight_edge::{Clock, Entropy, Function, Platform, Settings, Wake};
use porchlight_engine::testing::TestTables;
use porchlight_store::Store;
use serde_json::{Value, json};

/// The functions that a house has, and the clock that its people live by.
pub struct House {
    pub tables: TestTables,
    pub store: Store,
    pub clock: Clock,
    pub entropy: Entropy,
    pub wake: Wake,
    pub index: Function,
}

/// The `n`-th ULID of the beginning of all tests.
pub fn ulid<T: From<ulid::Ulid>>(n: u128) -> T {
    ulid::Ulid::from_parts(1_795_000_000_000, n).into()
}

pub fn business() -> BusinessId {
    ulid(1)
}

pub fn group() -> LineGroupId {
    ulid(2)
}

/// 1 and 2 are of the office, 3 and 4 technicians.
pub fn staff(n: u128) -> StaffId {
    ulid(100 + n)
}

pub fn phone(n: u64) -> ContactPoint {
    ContactPoint::phone(&format!("+1207555{n:04}")).expect("a number")
}

/// The conversation with a number.
pub fn conversation(n: u64) -> ConversationId {
    ConversationId::of_customer(&group(), Channel::Sms, &phone(n))
}

impl House {
    /// A house with its office and its technicians, and nothing in it yet.
    pub async fn open() -> Self {
        let tables = TestTables::new().await;
        let clock = Clock::manual(Timestamp::from_millis(1_795_000_000_000) + Duration::from_hours(1));
        let (entropy, wake) = (Entropy::seeded(7), Wake::local());
        let word = wake.clone();
        tables.engine.on_write(move |table| word.notify(table));
        let platform = platform(&tables, &clock, &entropy, &wake, "Index");
        let all = platform.clone().with_dynamodb(|| std::sync::Arc::clone(&tables.calls));
        let store = all.store().expect("the template names the tables");
        let index = porchlight_index::build(platform).expect("the template has its settings");
        let house = Self { tables, store, clock, entropy, wake, index };
        house.furnish().await;
        house
    }

    /// What a function is given, with the role that the template gives it.
    pub fn platform(&self, function: &str) -> Platform {
        platform(&self.tables, &self.clock, &self.entropy, &self.wake, function)
    }

    async fn furnish(&self) {
        let record = Business {
            id: business(),
            name: "Harbor Plumbing".to_owned(),
            time_zone: "America/New_York".to_owned(),
            hours: BusinessHours::new(Week::default()).expect("no hours are hours"),
            provider_account: "AC1".to_owned(),
            technicians_text: true,
            access_days_after_completion: 14,
            one_revocation_covers_all_from: None,
            push_ladder: porchlight_domain::push::PushLadder::default(),
            created_at: self.clock.now(),
        };
        self.store.put_business(&record).await.expect("a business");
        let lines = LineGroup { id: group(), name: "Main".to_owned() };
        self.store.put_group(&business(), &lines).await.expect("a line group");
        for n in 1..=4 {
            let role = if n <= 2 { Role::Office } else { Role::Technician };
            self.store.put_staff(&person(n, role)).await.expect("a person");
        }
    }

    pub fn tick(&self) -> Timestamp {
        self.clock.advance(Duration::from_secs(1));
        self.clock.now()
    }

    pub fn event(&self, conversation: &Conversation, happening: Happening) -> Event {
        Event {
            id: EventId::from(self.entropy.ulid(self.clock.now())),
            conversation: Some(conversation.id.clone()),
            happening,
        }
    }

    /// The conversation with a number, a new one where there is none.
    pub async fn with(&self, n: u64) -> Conversation {
        let found = self.store.conversation(&business(), &conversation(n)).await.expect("a read");
        found.unwrap_or_else(|| {
            Conversation::begin(Beginning {
                business: business(),
                party: Party::Customer(Route {
                    group: group(),
                    channel: Channel::Sms,
                    contact: phone(n),
                    line: phone(100),
                }),
                customer: None,
                at: self.clock.now(),
            })
        })
    }

    /// A message of a kind joins the thread with a number, and the live feed is told.
    pub async fn say(&self, n: u64, kind: MessageKind, text: &str) -> Message {
        self.tick();
        let (message, conversation) = self.write(n, kind, text).await;
        let event = self.event(&conversation, Happening::MessageCreated { seq: message.seq });
        self.store.commit(&business()).event(&event).run().await.expect("an event");
        message
    }

    /// A message of a kind joins the thread with a number, and nobody is told.
    pub async fn write(&self, n: u64, kind: MessageKind, text: &str) -> (Message, Conversation) {
        let mut conversation = self.with(n).await;
        let mut message = self.message(&conversation, kind, text);
        match kind {
            MessageKind::Customer => {
                conversation.record_inbound(&message, InboundEffect::WantsAnswer { emergency: false });
            }
            MessageKind::Staff => conversation.record_reply(&message),
            _ => conversation.record_other(&message),
        }
        let commit = self.store.commit(&business()).create_message(&mut message);
        commit.conversation(&mut conversation).run().await.expect("a message");
        (message, conversation)
    }

    fn message(&self, conversation: &Conversation, kind: MessageKind, text: &str) -> Message {
        let (id, now, text) = (self.entropy.ulid(self.clock.now()).into(), self.clock.now(), text.to_owned());
        let route = conversation.route().expect("a customer");
        let body = match kind {
            MessageKind::Customer => Body::Customer(Received::new(route, None, text)),
            MessageKind::Note => Body::Note { author: staff(1), text, for_crew: false, mentions: Vec::new() },
            MessageKind::Staff => {
                Body::Staff { author: staff(1), out: Outbound::new(route, text, Delivery::queued(now)) }
            }
            other => unreachable!("no test says {other:?}"),
        };
        Message::next(conversation, id, now, body)
    }

    /// Changes a conversation as the office does.
    pub async fn change(&self, n: u64, act: impl FnOnce(&mut Conversation)) {
        self.tick();
        let mut conversation = self.with(n).await;
        act(&mut conversation);
        let event = self.event(&conversation, Happening::ConversationUpdated);
        let commit = self.store.commit(&business()).conversation(&mut conversation).event(&event);
        commit.run().await.expect("a change");
    }

    /// A customer of this name uses the number, and has a job.
    pub async fn move_in(&self, n: u64, name: &str) -> JobId {
        let customer = Customer {
            id: customer(n),
            name: name.to_owned(),
            address: None,
            notes: None,
            access_notes: None,
            balance_cents: 0,
            lead: None,
            since: self.tick(),
            version: 0,
        };
        self.store.put_customer(&business(), &mut customer.clone()).await.expect("a customer");
        let link = ContactLink {
            customer: customer.id,
            contact: phone(n),
            channel: Channel::Sms,
            label: None,
            linked_at: self.tick(),
            unlinked_at: None,
        };
        self.store.put_link(&business(), &link).await.expect("a link");
        self.book(n, job(n)).await
    }

    /// A job is booked for the customer of a number.
    pub async fn book(&self, n: u64, id: JobId) -> JobId {
        let mut job = Job {
            id: id.clone(),
            customer: customer(n),
            number: 1042,
            title: "Water heater".to_owned(),
            status: JobStatus::Scheduled,
            scheduled_at: Some(self.tick() + Duration::from_hours(24)),
            ends_at: None,
            ended_at: None,
            amount_cents: 0,
            facts: Vec::new(),
            version: 0,
        };
        self.store.put_job(&business(), &mut job).await.expect("a job");
        id
    }

    /// A technician works on the job of a number.
    pub async fn assign(&self, n: u64, technician: &StaffId) {
        let assignment = Assignment {
            job: job(n),
            customer: customer(n),
            staff: technician.clone(),
            assigned_at: self.tick(),
            unassigned_at: None,
        };
        self.store.put_assignment(&business(), &assignment).await.expect("an assignment");
    }

    /// A technician no longer works on the job of a number.
    pub async fn unassign(&self, n: u64, technician: &StaffId) {
        let at = self.tick();
        self.store.end_assignment(&business(), &job(n), technician, at).await.expect("an end");
    }

    /// What both streams hold beyond what is known, the directory's first, and what is known then.
    pub async fn records_after(&self, known: Known) -> (Vec<Value>, Known) {
        let directory = self.stream("directory").await;
        let conversations = self.stream("conversations").await;
        let now = Known { directory: directory.len(), conversations: conversations.len() };
        let directory = directory.into_iter().skip(known.directory);
        let conversations = conversations.into_iter().skip(known.conversations);
        (directory.chain(conversations.filter(passes)).collect(), now)
    }

    async fn stream(&self, table: &str) -> Vec<Value> {
        let records = self.tables.engine.records_after(&TestTables::name(table), "0", 100_000).await;
        records.expect("a stream")
    }

    /// Brings records to `index`, which must take them all.
    pub async fn bring(&self, records: &[Value]) {
        for batch in records.chunks(50) {
            let answer = self.index.invoke(json!({ "Records": batch })).await.expect("an answer");
            assert_eq!(answer["batchItemFailures"], json!([]), "everything is taken");
        }
    }

    /// Brings everything beyond what is known, and what follows from that.
    pub async fn settle_from(&self, mut known: Known) -> Known {
        loop {
            let (records, now) = self.records_after(known).await;
            if records.is_empty() {
                return now;
            }
            self.bring(&records).await;
            known = now;
        }
    }

    /// Brings everything from the beginning, and what follows from that.
    pub async fn settle(&self) -> Known {
        self.settle_from(Known::default()).await
    }
}

/// How far both streams were brought.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known {
    directory: usize,
    conversations: usize,
}

/// The template's filter on the stream of conversations.
fn passes(record: &Value) -> bool {
    let sk = record["dynamodb"]["Keys"]["sk"]["S"].as_str().unwrap_or_default();
    sk == "META" || sk.starts_with("READ#") || sk.starts_with("MEMBER#")
}

pub fn customer(n: u64) -> CustomerId {
    ulid(1_000 + u128::from(n))
}

pub fn job(n: u64) -> JobId {
    ulid(2_000 + u128::from(n))
}

pub fn person(n: u128, role: Role) -> Staff {
    Staff {
        business: business(),
        id: staff(n),
        name: format!("Person {n}"),
        email: format!("person{n}@example.com"),
        password_hash: String::new(),
        role,
        full_chat_access: true,
        phone: None,
        disabled_at: None,
        session_epoch: 0,
        day_off: None,
    }
}

fn platform(tables: &TestTables, clock: &Clock, entropy: &Entropy, wake: &Wake, function: &str) -> Platform {
    let mut settings = tables.environment(function);
    settings.insert("PUBLIC_URL".to_owned(), "http://localhost:7878".to_owned());
    settings.insert("STREAM_SECONDS".to_owned(), "55".to_owned());
    Platform::new(clock.clone(), entropy.clone(), Settings::from_iter(settings), wake.clone())
        .with_dynamodb(|| tables.calls_of(function))
}
