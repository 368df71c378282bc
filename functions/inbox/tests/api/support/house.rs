//! Two businesses on empty tables, and the function that answers for them.

use std::sync::{Arc, OnceLock};

use porchlight_bucket::{Bucket, Signer};
use porchlight_domain::business::{Business, Line, LineGroup};
use porchlight_domain::channel::Channel;
use porchlight_domain::conversation::{Beginning, Conversation, InboundEffect, Summary};
use porchlight_domain::customer::{Assignment, ContactLink, Customer, Job, JobStatus};
use porchlight_domain::hours::BusinessHours;
use porchlight_domain::id::{BusinessId, ConversationId, CustomerId, JobId, LineGroupId, MessageId, StaffId};
use porchlight_domain::message::{Message, Received};
use porchlight_domain::party::{Party, Route};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::staff::{Role, Staff};
use porchlight_domain::time::Timestamp;
use porchlight_edge::secrets::{Secrets, SecretsError};
use porchlight_edge::{Clock, Entropy, Function, Platform, Wake, password};
use porchlight_engine::Faults;
use porchlight_engine::testing::TestTables;
use porchlight_store::{Store, Tables};

use super::{Person, at, phone, ulid};

/// Everybody's password.
pub const PASSWORD: &str = "porch light";

/// Ids of the people; those of the other business are 100 more.
pub const ADMIN: u64 = 11;
pub const OFFICE: u64 = 12;
pub const COLLEAGUE: u64 = 13;
pub const LUIS: u64 = 14;
pub const MARTA: u64 = 15;

/// The tables with two businesses, and the function.
pub struct House {
    pub store: Store,
    pub clock: Clock,
    pub faults: Faults,
    /// Where files lie, for whoever serves them.
    pub bucket: Bucket,
    tables: TestTables,
    function: Arc<Function>,
}

/// No business has an account with the provider.
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

impl House {
    /// New tables. The function asks them as its role in the template allows, and no further.
    pub async fn new() -> Self {
        let tables = TestTables::new().await;
        let clock = Clock::manual(at(3600));
        let bucket = Bucket::in_memory(Signer::local("files", "id", "secret"));
        let platform = platform(&tables, &clock, &bucket, "Inbox");
        let function = Arc::new(porchlight_inbox::build(platform).expect("the template's settings suffice"));
        let name = |short: &str| TestTables::name(short);
        let names = Tables {
            conversations: name("conversations"),
            messages: name("messages"),
            directory: name("directory"),
            events: name("events"),
            derived: name("derived"),
            vault: name("vault"),
        };
        // What the tests lay and look at is not held to the role, and meets no faults.
        let plain = tables.engine.calls(porchlight_engine::Access::default());
        let (store, faults) = (Store::new(plain, names), tables.faults.clone());
        let house = Self { store, clock, faults, bucket, tables, function };
        house.found(business(), group(), 0).await;
        house.found(other_business(), ulid(102), 100).await;
        house
    }

    /// A business with its people: everybody of the one has a counterpart in the other.
    async fn found(&self, id: BusinessId, group: LineGroupId, offset: u64) {
        let business = Business {
            id: id.clone(),
            name: "Casco Bay Plumbing".to_owned(),
            time_zone: "America/New_York".to_owned(),
            hours: BusinessHours::usual(),
            provider_account: "AC0".to_owned(),
            technicians_text: true,
            access_days_after_completion: 14,
            one_revocation_covers_all_from: None,
            push_ladder: porchlight_domain::push::PushLadder::default(),
            created_at: at(0),
        };
        self.store.put_business(&business).await.expect("a business");
        self.store
            .put_group(&id, &LineGroup { id: group.clone(), name: "All".to_owned() })
            .await
            .expect("a group");
        let line = Line { number: line(), group, label: "Main".to_owned(), successor: None };
        self.store.put_line(&id, &line).await.expect("a line");
        for (n, name, role, full_chat_access) in [
            (ADMIN, "Dana", Role::Admin, false),
            (OFFICE, "Ana", Role::Office, false),
            (COLLEAGUE, "Ben", Role::Office, false),
            (LUIS, "Luis", Role::Technician, true),
            (MARTA, "Marta", Role::Technician, false),
        ] {
            let n = n + offset;
            let staff = Staff {
                business: id.clone(),
                id: ulid(n),
                name: name.to_owned(),
                email: format!("person{n}@example.com"),
                password_hash: password_hash(),
                role,
                full_chat_access,
                phone: None,
                disabled_at: None,
                session_epoch: 0,
                day_off: None,
            };
            self.store.put_staff(&staff).await.expect("staff");
        }
    }

    /// What another function of the house is given, with its own role.
    pub fn platform(&self, function: &str) -> Platform {
        platform(&self.tables, &self.clock, &self.bucket, function)
    }

    /// Somebody who is not signed in.
    pub fn stranger(&self) -> Person {
        Person::new(Arc::clone(&self.function))
    }

    /// Somebody who is.
    pub async fn person(&self, n: u64) -> Person {
        let mut person = self.stranger();
        person.sign_in(&format!("person{n}@example.com"), PASSWORD).await;
        person
    }

    /// The `n`-th conversation of the first business, with one message of the customer.
    pub async fn conversation(&self, n: u64) -> Conversation {
        let mut conversation = begin(&business(), &group(), n, at(60 * n));
        self.customer_writes(&mut conversation, "My water heater leaks.", at(60 * n)).await;
        conversation
    }

    /// The customer writes.
    pub async fn customer_writes(&self, conversation: &mut Conversation, text: &str, at: Timestamp) {
        let mut message = inbound(conversation, text, at);
        conversation.record_inbound(&message, InboundEffect::WantsAnswer { emergency: false });
        let business = conversation.business.clone();
        let commit = self.store.commit(&business).create_message(&mut message);
        commit.conversation(conversation).run().await.expect("a message");
    }

    /// As it is now.
    pub async fn reread(&self, id: &ConversationId) -> Conversation {
        self.store.conversation(&business(), id).await.expect("a read").expect("a conversation")
    }

    /// The timeline as it is now.
    pub async fn timeline(&self, id: &ConversationId) -> Vec<Message> {
        self.store.messages(&business(), id, None, 200).await.expect("a read").messages
    }

    /// The id of the `n`-th conversation of the first business.
    pub fn conversation_id(n: u64) -> ConversationId {
        ConversationId::of_customer(&group(), Channel::Sms, &phone(n))
    }

    /// The `n`-th conversation shows who is behind its contact point, as `index` keeps it up.
    pub async fn knows_customer(&self, n: u64) {
        let mut conversation = self.reread(&Self::conversation_id(n)).await;
        let customer = self.store.customer_summary(&business(), &phone(n)).await.expect("a read");
        conversation = Conversation::restore(Summary { customer, ..(*conversation).clone() });
        self.store.commit(&business()).conversation(&mut conversation).run().await.expect("a change");
    }

    /// The ids of a whole timeline.
    pub async fn timeline_all(&self, id: &ConversationId) -> Vec<String> {
        let all = self.store.messages_after(&business(), id, 0, 10_000).await.expect("a read");
        all.iter().map(|message| message.id.to_string()).collect()
    }

    /// A customer behind a conversation's contact point, with a job on which `crew` works.
    pub async fn customer_with_job(&self, n: u64, crew: &[u64]) -> (CustomerId, JobId) {
        let (customer_id, job_id): (CustomerId, JobId) = (ulid(1000 + n), ulid(2000 + n));
        let business = business();
        let mut customer = customer(customer_id.clone());
        let link = link(&customer_id, phone(n));
        let mut job = job(job_id.clone(), customer_id.clone());
        let mut commit = self.store.commit(&business).customer(&mut customer).link(&link).job(&mut job);
        let conversation = ConversationId::of_customer(&group(), Channel::Sms, &phone(n));
        for member in crew {
            let staff: StaffId = ulid(*member);
            commit = commit.assignment(&assignment(&job_id, &customer_id, &staff));
            // What `index` derives from the assignment: a candidate for the list.
            commit = commit.member(&conversation, &staff, at(0));
        }
        commit.run().await.expect("a customer");
        (customer_id, job_id)
    }
}

/// The environment that the template gives the function, with the parameters as a deployment would.
fn platform(tables: &TestTables, clock: &Clock, bucket: &Bucket, function: &str) -> Platform {
    let mut environment = tables.environment(function);
    environment.insert("PUBLIC_URL".to_owned(), "http://localhost:7878".to_owned());
    environment.insert("STREAM_SECONDS".to_owned(), "55".to_owned());
    Platform::new(clock.clone(), Entropy::seeded(7), environment.into_iter().collect(), Wake::timer())
        .with_dynamodb(|| tables.calls_of(function))
        .with_secrets(|| Arc::new(Safe))
        .with_bucket(|_| Some(bucket.clone()))
}

/// Hashed once: it is meant to take long.
fn password_hash() -> String {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| password::hash(PASSWORD, &Entropy::seeded(1))).clone()
}

pub fn business() -> BusinessId {
    ulid(1)
}

pub fn other_business() -> BusinessId {
    ulid(101)
}

pub fn group() -> LineGroupId {
    ulid(2)
}

pub fn line() -> ContactPoint {
    phone(0)
}

pub fn begin(business: &BusinessId, group: &LineGroupId, n: u64, at: Timestamp) -> Conversation {
    Conversation::begin(Beginning {
        business: business.clone(),
        party: Party::Customer(Route {
            group: group.clone(),
            channel: Channel::Sms,
            contact: phone(n),
            line: line(),
        }),
        customer: None,
        at,
    })
}

pub fn inbound(conversation: &Conversation, text: &str, at: Timestamp) -> Message {
    let seq = conversation.next_seq();
    let route = conversation.route().expect("a customer");
    let number = route.contact.digits().parse::<u64>().unwrap_or(0);
    // As the intake mints it: its time is that of the coming.
    let id = u128::from(1_000_000_000_000 * seq + number);
    let id = MessageId::from(ulid::Ulid::from_parts(at.millis().cast_unsigned(), id));
    let received = Received::new(route, Some(format!("SM{number}{seq}")), text.to_owned());
    Message::received(conversation, id, at, received)
}

fn customer(id: CustomerId) -> Customer {
    Customer {
        id,
        name: "Maria Alvarez".to_owned(),
        address: Some("12 Pine St".to_owned()),
        notes: Some("Pays late.".to_owned()),
        access_notes: Some("Key under the mat".to_owned()),
        balance_cents: 12_300,
        lead: None,
        since: at(0),
        version: 0,
    }
}

fn link(customer: &CustomerId, contact: ContactPoint) -> ContactLink {
    ContactLink {
        customer: customer.clone(),
        contact,
        channel: Channel::Sms,
        label: None,
        linked_at: at(0),
        unlinked_at: None,
    }
}

fn job(id: JobId, customer: CustomerId) -> Job {
    Job {
        id,
        customer,
        number: 1042,
        title: "Water heater replacement".to_owned(),
        status: JobStatus::Scheduled,
        scheduled_at: Some(at(86_400)),
        ends_at: None,
        ended_at: None,
        amount_cents: 180_000,
        facts: Vec::new(),
        version: 0,
    }
}

fn assignment(job: &JobId, customer: &CustomerId, staff: &StaffId) -> Assignment {
    Assignment {
        job: job.clone(),
        customer: customer.clone(),
        staff: staff.clone(),
        assigned_at: at(0),
        unassigned_at: None,
    }
}
