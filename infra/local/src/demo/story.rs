//! A business with its people, customers, jobs and threads, as values that are ready to be written.
//!
//! Threads are told by the same acts of the domain that real messages go through, so that attention, unread
//! and order are what they would have become.

use std::time::Duration;

use porchlight_domain::business::{Business, Line, LineGroup};
use porchlight_domain::channel::Channel;
use porchlight_domain::consent::{self, Consent, ConsentState};
use porchlight_domain::conversation::{Beginning, Conversation, CustomerSummary, Notice, ReadMarker};
use porchlight_domain::customer::{Assignment, ContactLink, ContactRecord, Customer, Job};
use porchlight_domain::delivery::{ClaimId, Delivery, Evidence, Price, ProviderStatus, Schedule, Status};
use porchlight_domain::file::Kept;
use porchlight_domain::id::{JobId, MessageId, StaffId};
use porchlight_domain::inbound;
use porchlight_domain::markdown::plain_text;
use porchlight_domain::message::{Body, Direction, Media, Message, MessageKind, Note, Outbound, Received};
use porchlight_domain::party::{Party, Route};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::segments::Segments;
use porchlight_domain::staff::Staff;
use porchlight_domain::time::Timestamp;
use porchlight_edge::Entropy;

/// What a part costs, in millionths of a dollar.
const MICROS_PER_PART: u64 = 7_900;

/// A business, ready to be written.
pub struct Story {
    /// The tenant.
    pub business: Business,
    /// Its one line group.
    pub group: LineGroup,
    /// Its one line.
    pub line: Line,
    /// Its people.
    pub staff: Vec<Staff>,
    /// Its customers with their threads.
    pub people: Vec<Person>,
}

/// Somebody who writes to the business.
pub struct Person {
    /// Absent while the number is nobody's.
    pub customer: Option<Customer>,
    /// How they are reached, with the link to the customer.
    pub contacts: Vec<(ContactRecord, Option<ContactLink>)>,
    /// Their jobs.
    pub jobs: Vec<Job>,
    /// Who works on them.
    pub assignments: Vec<Assignment>,
    /// What the contact point allows, where that was ever said.
    pub consent: Option<Consent>,
    /// What was written.
    pub thread: Thread,
}

/// A conversation with its timeline and who has read it.
pub struct Thread {
    /// The summary.
    pub conversation: Conversation,
    /// The timeline, from `seq` 1.
    pub messages: Vec<Message>,
    /// Who has looked.
    pub markers: Vec<(StaffId, ReadMarker)>,
}

/// Who speaks a line of a thread.
pub enum Voice {
    /// The customer.
    Customer,
    /// A member of staff.
    Staff(StaffId),
    /// A member of staff, to the others.
    Note(StaffId),
    /// A workflow.
    Automated,
    /// Nobody: a quiet entry, that the thread was given to somebody.
    Assigned {
        /// Who gave it; a name.
        by: String,
        /// Whose it became; a name.
        to: String,
    },
}

/// A line of a thread.
pub struct Told {
    /// When it was said.
    pub at: Timestamp,
    /// By whom.
    pub voice: Voice,
    /// What.
    pub text: String,
    /// A photo's MIME type.
    pub media: Option<String>,
    /// Not delivered, and the provider's code.
    pub undelivered: Option<u32>,
}

/// Tells a thread, line by line.
pub struct Teller<'s> {
    story: &'s StoryFrame<'s>,
    route: Route,
    conversation: Conversation,
    messages: Vec<Message>,
    active_jobs: Vec<JobId>,
    consent: Option<Consent>,
}

/// What every thread of a story shares.
pub struct StoryFrame<'s> {
    /// The tenant.
    pub business: &'s Business,
    /// Its line.
    pub line: &'s Line,
    /// Where the provider keeps files.
    pub provider_url: &'s str,
    /// Where ids come from.
    pub entropy: &'s Entropy,
    /// What all photos show, where that lies with us; else the provider keeps each.
    pub photo: Option<Kept>,
}

impl<'s> Teller<'s> {
    /// A thread that is still empty.
    pub fn new(
        story: &'s StoryFrame<'s>,
        contact: &ContactPoint,
        customer: Option<CustomerSummary>,
        jobs: &[Job],
        at: Timestamp,
    ) -> Self {
        let route = Route {
            group: story.line.group.clone(),
            channel: Channel::Sms,
            contact: contact.clone(),
            line: story.line.number.clone(),
        };
        let conversation = Conversation::begin(Beginning {
            business: story.business.id.clone(),
            party: Party::Customer(route.clone()),
            customer,
            at,
        });
        let active_jobs =
            jobs.iter().filter(|job| job.status.is_active()).map(|job| job.id.clone()).collect();
        Self { story, route, conversation, messages: Vec::new(), active_jobs, consent: None }
    }

    /// Says a line.
    pub fn tell(&mut self, told: Told) {
        match &told.voice {
            Voice::Customer => self.customer_says(told),
            Voice::Staff(author) => {
                let author = author.clone();
                let message = self.outbound(told, |out| Body::Staff { author, out });
                self.conversation.record_reply(&message);
                self.keep(message);
            }
            Voice::Note(author) => {
                let id = MessageId::from(self.story.entropy.ulid(told.at));
                let (author, text) = (author.clone(), told.text);
                let note = Note { author, text, for_crew: false, mentions: Vec::new() };
                let note = Message::note(&self.conversation, id, told.at, note);
                self.conversation.record_note(&note);
                self.messages.push(note);
            }
            Voice::Automated => {
                let message = self.outbound(told, Body::Automated);
                self.conversation.record_other(&message);
                self.keep(message);
            }
            Voice::Assigned { by, to } => {
                let id = MessageId::from(self.story.entropy.ulid(told.at));
                let line = self.conversation.note(id, Notice::Assigned { by, to }, None, told.at);
                self.messages.push(Message { version: 1, ..line });
            }
        }
    }

    /// Plans a text, which an answer takes back.
    pub fn plan(&mut self, author: StaffId, text: &str, at: Timestamp, send_at: Timestamp) {
        let conversation = &self.conversation;
        let id = MessageId::from(self.story.entropy.ulid(at));
        let schedule = Schedule::at(send_at, true, conversation.customer_count, conversation.seq);
        let out = Outbound::new(&self.route, text.to_owned(), Delivery::later(schedule));
        let planned = Message::reply(conversation, id, at, author, out);
        self.conversation.record_planned(&planned);
        self.messages.push(planned);
    }

    /// Puts the thread away.
    pub fn close(&mut self) {
        self.conversation.close();
    }

    /// Gives the thread to somebody.
    pub fn assign(&mut self, staff: StaffId) {
        self.conversation.assign(Some(staff));
    }

    /// The thread as it stands, read by `readers` but for what was said after `read_until`.
    pub fn finish(self, readers: &[StaffId], read_until: Timestamp) -> (Thread, Option<Consent>) {
        let early =
            |message: &&Message| message.kind() == MessageKind::Customer && message.created_at <= read_until;
        let read_count = self.messages.iter().filter(early).count() as u64;
        let marker = ReadMarker { read_count, version: 1, ..ReadMarker::default() };
        let markers = readers.iter().map(|staff| (staff.clone(), marker.clone())).collect();
        (Thread { conversation: self.conversation, messages: self.messages, markers }, self.consent)
    }

    fn customer_says(&mut self, told: Told) {
        let state = self.consent.as_ref().map_or(ConsentState::Open, |consent| consent.state);
        let word = consent::classify(&told.text, state);
        if let Some(change) = word.and_then(|word| Consent::of_word(word, told.at)) {
            self.conversation.know_consent(Some(&change));
            self.consent = Some(change);
        }
        let last_out = self.messages.iter().rev().find(|message| message.direction() == Direction::Out);
        let last_out = last_out.map(Message::text);
        let none: [&str; 0] = [];
        let effect =
            inbound::effect(&told.text, told.media.is_some(), &self.conversation, last_out, word, &none);
        let job = self.conversation.job_of_inbound(&self.active_jobs, told.at);
        let id = MessageId::from(self.story.entropy.ulid(told.at));
        let sid = provider_sid(&id, told.media.is_some());
        let received = Received {
            contact: self.route.contact.clone(),
            line: self.route.line.clone(),
            media: told.media.map(|content_type| self.photo(&sid, content_type)).into_iter().collect(),
            sid: Some(sid),
            text: told.text,
            others: Vec::new(),
        };
        let message = Message::received(&self.conversation, id, told.at, received).about(job);
        self.conversation.record_inbound(&message, effect);
        self.keep(message);
    }

    fn outbound(&self, told: Told, body: impl FnOnce(Outbound) -> Body) -> Message {
        let id = MessageId::from(self.story.entropy.ulid(told.at));
        let sid = provider_sid(&id, told.media.is_some());
        let delivery = delivered(&sid, told.at, told.undelivered).long_ago(price(&told.text));
        let media = told.media.map(|content_type| self.photo(&sid, content_type)).into_iter().collect();
        let out = Outbound { media, ..Outbound::new(&self.route, told.text, delivery) };
        let job = self.active_jobs.first().cloned();
        Message::next(&self.conversation, id, told.at, body(out)).about(job)
    }

    fn photo(&self, sid: &str, content_type: String) -> Media {
        let StoryFrame { provider_url, business, photo, .. } = self.story;
        if let Some(kept) = photo {
            return Media { content_type, kept: Some(kept.clone()), ..Media::default() };
        }
        let (base, account) = (provider_url.trim_end_matches('/'), &business.provider_account);
        let media = format!("Messages/{sid}/Media/ME{}", &sid[2..]);
        Media::at_provider(format!("{base}/2010-04-01/Accounts/{account}/{media}"), content_type)
    }

    fn keep(&mut self, message: Message) {
        let at = message.created_at;
        self.conversation.record_status(&message, Status::Sent, at);
        self.messages.push(message);
    }
}

/// A SID in the provider's form, made from our id.
fn provider_sid(id: &MessageId, has_media: bool) -> String {
    let id = id.as_str().as_bytes();
    let chance = id.last_chunk().copied().map(u128::from_be_bytes).expect("26 characters");
    format!("{}{chance:032x}", if has_media { "MM" } else { "SM" })
}

/// What a text cost, at the list price of the United States.
fn price(text: &str) -> Option<Price> {
    let parts = u64::try_from(Segments::of(&plain_text(text)).count).ok()?;
    Some(Price { micros: MICROS_PER_PART * parts, currency: "USD".to_owned() })
}

/// A delivery that went its whole way.
fn delivered(sid: &str, at: Timestamp, undelivered: Option<u32>) -> Delivery {
    let mut delivery = Delivery::queued(at);
    let claim = ClaimId::new(sid);
    delivery.claim(claim, at).expect("a queued message can be claimed");
    let end = undelivered.map_or(ProviderStatus::Delivered, |_| ProviderStatus::Undelivered);
    let steps = [(ProviderStatus::Queued, 200), (ProviderStatus::Sent, 900), (end, 2600)];
    for (status, after) in steps {
        delivery.record(Evidence {
            sid: sid.to_owned(),
            status,
            error: undelivered
                .filter(|_| status == ProviderStatus::Undelivered)
                .map(porchlight_twilio::codes::reason),
            raw_date: None,
            seen_at: at + Duration::from_millis(after),
        });
    }
    delivery
}
