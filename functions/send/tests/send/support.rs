//! A business with a line, a thread with Maria, and things to say to her.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use porchlight_bucket::{Bucket, BucketError, Guard, Signer};
use porchlight_domain::access::Person;
use porchlight_domain::business::{Business, Line};
use porchlight_domain::channel::Channel;
use porchlight_domain::consent::{Arrival, Consent, ConsentState, ConsentWord, Purpose};
use porchlight_domain::conversation::{Beginning, Conversation, InboundEffect};
use porchlight_domain::delivery::{ClaimId, Delivery, Status};
use porchlight_domain::event::{Event, Happening};
use porchlight_domain::hours::BusinessHours;
use porchlight_domain::id::{BusinessId, ConversationId, LineGroupId, StaffId};
use porchlight_domain::message::{Body, Message, Outbound, Received};
use porchlight_domain::party::{Party, Route};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::staff::{Role, Staff};
use porchlight_domain::time::Timestamp;
use porchlight_edge::{Clock, Entropy, Function, Platform, Secrets, SecretsError, Settings, Wake};
use porchlight_engine::Policy;
use porchlight_engine::testing::TestTables;
use porchlight_store::consent::ConsentChange;
use porchlight_store::messages::MessagePointer;
use porchlight_store::{Store, StoreError};
use serde_json::{Value, json};

use crate::twilio::Twilio;

pub const LINE: &str = "+12075550100";
pub const MARIA: &str = "+12075550142";

/// Credentials in memory.
pub struct Safe(Mutex<Kept>);

/// What the safe has for the business.
#[derive(Clone, Copy)]
pub enum Kept {
    /// A token.
    Token,
    /// Nothing yet.
    Nothing,
    /// It cannot be read just now.
    OutOfReach,
}

impl Safe {
    pub fn set(&self, kept: Kept) {
        *self.0.lock().expect("no test panics here") = kept;
    }
}

#[async_trait]
impl Secrets for Safe {
    async fn get(&self, name: &str) -> Result<Option<String>, SecretsError> {
        match *self.0.lock().expect("no test panics here") {
            Kept::Token => Ok(Some(json!({ "account_sid": "AC1", "auth_tokens": ["t"] }).to_string())),
            Kept::Nothing => Ok(None),
            Kept::OutOfReach => Err(SecretsError { name: name.to_owned(), source: "out of reach".into() }),
        }
    }

    async fn put(&self, name: &str, _: &str) -> Result<(), SecretsError> {
        Err(SecretsError { name: name.to_owned(), source: "send keeps no secrets".into() })
    }
}

/// What the role of send may do with the bucket.
struct Held {
    policy: Policy,
    is_down: Arc<AtomicBool>,
}

impl Guard for Held {
    fn check(&self, action: &'static str, key: &str) -> Result<(), BucketError> {
        if self.is_down.load(Ordering::SeqCst) {
            return Err(BucketError::Unavailable("it is down".into()));
        }
        let checked = self.policy.check(action, &format!("arn:aws:s3:::FileBucket/{key}"));
        checked.map_err(|denied| BucketError::Denied(denied.to_string()))
    }
}

pub struct World {
    pub tables: TestTables,
    pub store: Store,
    pub clock: Clock,
    pub twilio: Twilio,
    pub safe: Arc<Safe>,
    pub business: BusinessId,
    pub group: LineGroupId,
    pub entropy: Entropy,
    pub bucket: Bucket,
    pub base_url: String,
    /// The bucket takes nothing.
    pub is_down: Arc<AtomicBool>,
    function: Function,
}

pub fn start() -> Timestamp {
    "2026-11-20T10:00:00.000Z".parse().expect("an instant")
}

pub fn phone(number: &str) -> ContactPoint {
    ContactPoint::phone(number).expect("a number")
}

fn route(group: &LineGroupId, contact: &str) -> Route {
    Route { group: group.clone(), channel: Channel::Sms, contact: phone(contact), line: phone(LINE) }
}

impl World {
    pub async fn new() -> Self {
        let twilio = Twilio::default();
        let base_url = twilio.start().await;
        Self::calling(twilio, base_url).await
    }

    pub async fn calling(twilio: Twilio, base_url: String) -> Self {
        let tables = TestTables::new().await;
        let (clock, entropy) = (Clock::manual(start()), Entropy::seeded(7));
        twilio.set_time(start());
        let safe = Arc::new(Safe(Mutex::new(Kept::Token)));
        let bucket = Bucket::in_memory(Signer::local("FileBucket", "id", "secret"));
        let is_down = Arc::new(AtomicBool::new(false));
        let held = Held { policy: tables.policy_of("Send"), is_down: Arc::clone(&is_down) };
        let mut settings = tables.environment("Send");
        settings.insert("TWILIO_BASE_URL".to_owned(), base_url.clone());
        let settings = settings.into_iter().collect::<Settings>();
        let platform = Platform::new(clock.clone(), entropy.clone(), settings, Wake::timer())
            .with_dynamodb(|| tables.calls_of("Send"))
            .with_secrets(|| Arc::clone(&safe) as Arc<dyn Secrets>)
            .with_bucket(|_| Some(bucket.clone().guarded(held)));
        let everything = platform.clone().with_dynamodb(|| std::sync::Arc::clone(&tables.calls));
        let world = Self {
            store: everything.store().expect("the template names the tables"),
            function: porchlight_send::build(platform).expect("the template sets it up"),
            business: entropy.ulid(start()).into(),
            group: entropy.ulid(start()).into(),
            entropy,
            tables,
            clock,
            twilio,
            safe,
            bucket,
            base_url,
            is_down,
        };
        world.found().await.expect("an empty store takes a line and a thread");
        world
    }

    async fn found(&self) -> Result<(), StoreError> {
        self.store.put_business(&self.person().business).await?;
        self.store.put_staff(&self.person().staff).await?;
        self.put_line(LINE, None).await?;
        self.begin_thread(MARIA).await
    }

    /// Whoever writes here: of the office.
    pub fn person(&self) -> Person {
        let staff = Staff {
            business: self.business.clone(),
            id: "01JD0000000000000000000001".parse().expect("an id"),
            name: "Ana".to_owned(),
            email: "ana@example.com".to_owned(),
            password_hash: String::new(),
            role: Role::Office,
            full_chat_access: false,
            phone: None,
            disabled_at: None,
            session_epoch: 0,
            day_off: None,
        };
        let business = Business {
            id: self.business.clone(),
            name: "Casco Bay Plumbing".to_owned(),
            time_zone: "America/New_York".to_owned(),
            hours: BusinessHours::usual(),
            provider_account: "AC0".to_owned(),
            technicians_text: false,
            access_days_after_completion: 14,
            one_revocation_covers_all_from: None,
            push_ladder: porchlight_domain::push::PushLadder::default(),
            created_at: start(),
        };
        Person::new(staff, business)
    }

    pub async fn put_line(&self, number: &str, successor: Option<&str>) -> Result<(), StoreError> {
        let (group, successor) = (self.group.clone(), successor.map(phone));
        let line = Line { number: phone(number), group, label: "Main".to_owned(), successor };
        self.store.put_line(&self.business, &line).await
    }

    pub async fn begin_thread(&self, contact: &str) -> Result<(), StoreError> {
        self.begin_thread_of(&self.group, contact).await
    }

    /// The thread of a number with the lines of one group.
    pub async fn begin_thread_of(&self, group: &LineGroupId, contact: &str) -> Result<(), StoreError> {
        let mut conversation = Conversation::begin(Beginning {
            business: self.business.clone(),
            party: Party::Customer(route(group, contact)),
            customer: None,
            at: self.clock.now(),
        });
        let (route, now) = (conversation.route().expect("a customer"), self.clock.now());
        let received = Received::new(route, None, "Hello".to_owned());
        let mut hello = Message::received(&conversation, self.entropy.ulid(now).into(), now, received);
        conversation.record_inbound(&hello, InboundEffect::WantsAnswer { emergency: false });
        self.store
            .commit(&self.business)
            .create_message(&mut hello)
            .conversation(&mut conversation)
            .run()
            .await
    }

    fn message_in(&self, conversation: &Conversation, text: &str) -> Message {
        let now = self.clock.now();
        let route = conversation.route().expect("a customer");
        let out = Outbound::new(route, text.to_owned(), Delivery::queued(now));
        let (id, author) = (self.entropy.ulid(now).into(), self.entropy.ulid(now).into());
        Message::reply(conversation, id, now, author, out)
    }

    pub async fn thread(&self, contact: &str) -> Conversation {
        let id = ConversationId::of_customer(&self.group, Channel::Sms, &phone(contact));
        self.store.conversation(&self.business, &id).await.expect("a read").expect("a thread")
    }

    /// A text to a colleague's own phone, queued as the ladder does.
    pub async fn queue_to_colleague(&self, staff: &StaffId, text: &str) -> Message {
        let (business, at) = (self.business.clone(), self.clock.now());
        let party = Party::StaffPhone { staff: staff.clone(), route: route(&self.group, MARIA) };
        let found = self.store.conversation(&business, &ConversationId::of(&party)).await.expect("a read");
        let begun = || Conversation::begin(Beginning { business, party, customer: None, at });
        let mut conversation = found.unwrap_or_else(begun);
        let mut message = self.message_in(&conversation, text);
        conversation.record_reply(&message);
        let commit = self.store.commit(&self.business).create_message(&mut message);
        let pointer = MessagePointer::to(&message, None);
        commit.message_pointer(&pointer).conversation(&mut conversation).run().await.expect("queued");
        message
    }

    /// What the inbox does for a send.
    pub async fn queue(&self, text: &str) -> Message {
        self.queue_to(MARIA, text).await
    }

    pub async fn queue_to(&self, contact: &str, text: &str) -> Message {
        let mut conversation = self.thread(contact).await;
        let mut message = self.message_in(&conversation, text);
        conversation.record_reply(&message);
        let event = Event {
            id: self.entropy.ulid(self.clock.now()).into(),
            conversation: Some(message.conversation.clone()),
            happening: Happening::MessageCreated { seq: message.seq },
        };
        let pointer = MessagePointer::to(&message, None);
        let commit = self.store.commit(&self.business).message_pointer(&pointer).create_message(&mut message);
        commit.conversation(&mut conversation).event(&event).run().await.expect("queued");
        message
    }

    /// The stream's records of these messages, in one batch; the sequence numbers that failed.
    pub async fn wake(&self, messages: &[&Message]) -> Vec<String> {
        self.wake_of(&self.function, messages).await
    }

    /// The same of this function.
    pub async fn wake_of(&self, function: &Function, messages: &[&Message]) -> Vec<String> {
        let records: Vec<Value> = messages.iter().map(|message| self.stream_record(message)).collect();
        let answer = function.invoke(json!({ "Records": records })).await.expect("an answer");
        let failed = answer["batchItemFailures"].as_array().expect("a list of failures");
        failed
            .iter()
            .map(|failure| failure["itemIdentifier"].as_str().expect("a number").to_owned())
            .collect()
    }

    fn stream_record(&self, message: &Message) -> Value {
        let pk = format!("{}#CONV#{}", self.business, message.conversation);
        let keys = json!({ "pk": { "S": pk }, "sk": { "S": format!("MSG#{:012}", message.seq) } });
        json!({
            "awsRegion": "us-east-1", "eventID": "1", "eventName": "INSERT", "eventSource": "aws:dynamodb",
            "eventVersion": "1.1", "eventSourceARN": "arn:aws:dynamodb:us-east-1:1:table/t/stream/1",
            "dynamodb": { "Keys": keys, "SequenceNumber": message.seq.to_string(), "SizeBytes": 1,
                "StreamViewType": "NEW_IMAGE", "ApproximateCreationDateTime": 1_763_633_000 },
        })
    }

    /// The every-minute event.
    pub async fn sweep(&self) -> bool {
        self.function.invoke(json!({ "schedule": "sweep" })).await.is_ok()
    }

    pub async fn now(&self, message: &Message) -> Message {
        let found = self.store.message_by_id(&self.business, &message.id).await.expect("a read");
        found.expect("it was queued")
    }

    pub async fn status(&self, message: &Message) -> Status {
        self.now(message).await.status()
    }

    /// Changes a message as another invocation would.
    pub async fn change(&self, message: &Message, change: impl FnOnce(&mut Delivery)) {
        let mut changed = self.now(message).await;
        change(changed.delivery_mut().expect("it goes out"));
        self.store
            .commit(&self.business)
            .update_message(&mut changed)
            .run()
            .await
            .expect("nobody else writes");
    }

    /// Another invocation claimed it and died.
    pub async fn claimed_by_the_dead(&self, message: &Message) {
        let now = self.clock.now();
        self.change(message, |delivery| delivery.claim(ClaimId::new("dead"), now).expect("queued")).await;
    }

    /// The customer writes a sentence that seems to ask for no more texts.
    pub async fn asks_to_stop(&self, contact: &str) {
        let mut conversation = self.thread(contact).await;
        let (route, now) = (conversation.route().expect("a customer"), self.clock.now());
        let received = Received::new(route, None, "please stop texting me".to_owned());
        let mut message = Message::received(&conversation, self.entropy.ulid(now).into(), now, received);
        conversation.record_inbound(&message, InboundEffect::AskedToStop { emergency: false });
        let commit = self.store.commit(&self.business).create_message(&mut message);
        commit.conversation(&mut conversation).run().await.expect("a text");
    }

    /// Somebody decides that they did not.
    pub async fn dismisses(&self, contact: &str) {
        let mut conversation = self.thread(contact).await;
        conversation.dismiss_doubt();
        self.store.commit(&self.business).conversation(&mut conversation).run().await.expect("a decision");
    }

    /// The same as `queue`, for another purpose.
    pub async fn queue_for(&self, purpose: Purpose, text: &str) -> Message {
        let message = self.queue(text).await;
        let mut changed = self.now(&message).await;
        if let Body::Staff { out, .. } = &mut changed.body {
            out.purpose = purpose;
        }
        self.store
            .commit(&self.business)
            .update_message(&mut changed)
            .run()
            .await
            .expect("nobody else writes");
        changed
    }

    pub async fn say(&self, word: ConsentWord) {
        let consent = Consent::of_word(word, self.clock.now()).expect("STOP or START");
        let line = ulid::Ulid::from_parts(u64::try_from(self.clock.now().millis()).unwrap_or(0), 1);
        self.record(consent, line).await;
    }

    pub async fn record(&self, consent: Consent, line: ulid::Ulid) {
        let whose = (phone(MARIA), self.group.clone());
        let was = self.store.consent(&self.business, &whose.0, &whose.1).await.expect("a read");
        let change = ConsentChange::decide(whose, line, was, consent, Arrival::Fresh);
        self.store.commit(&self.business).consent(&change).run().await.expect("put");
    }

    pub async fn consent(&self) -> Option<ConsentState> {
        let consent = self.store.consent(&self.business, &phone(MARIA), &self.group).await.expect("a read");
        consent.map(|consent| consent.state)
    }
}
