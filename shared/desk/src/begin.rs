//! A conversation with somebody new: the consent that they gave, the first text and the thread, in one transaction.

use porchlight_domain::access::{Begin, Grant, Person};
use porchlight_domain::business::Line;
use porchlight_domain::channel::Channel;
use porchlight_domain::command::Fingerprint;
use porchlight_domain::consent::{Arrival, Consent, ConsentAct, Particulars, Purpose};
use porchlight_domain::conversation::{Beginning, Conversation, Obstacle};
use porchlight_domain::customer::{ContactLink, Customer, LeadStage};
use porchlight_domain::delivery::Delivery;
use porchlight_domain::id::{ConversationId, MessageId};
use porchlight_domain::markdown;
use porchlight_domain::message::{Message, Outbound};
use porchlight_domain::party::{Party, Route};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;
use porchlight_store::consent::ConsentChange;
use porchlight_store::contacts::ContactFacts;
use porchlight_store::jobs::summarize;
use porchlight_store::messages::MessagePointer;

use crate::{Desk, NotForTexts, Refusal};

/// How somebody agreed to be texted.
#[derive(Clone)]
pub struct Given {
    /// "They asked by phone".
    pub how: String,
    /// In which words.
    pub words: String,
    /// For what.
    pub scope: Purpose,
}

/// Somebody new, and what is written to them first.
#[derive(Clone)]
pub struct NewConversation {
    /// Made by whoever asks: the same again is harmless.
    pub id: MessageId,
    /// Whom.
    pub contact: ContactPoint,
    /// How.
    pub channel: Channel,
    /// What, in markdown.
    pub text: String,
    /// What they are called, where nobody is known by the number.
    pub name: Option<String>,
    /// How they agreed.
    pub consent: Given,
}

/// What a beginning meets in the tables.
struct Scene {
    route: Route,
    facts: ContactFacts,
    on_record: Option<Consent>,
    now: Timestamp,
}

impl Scene {
    /// What stands in the way of a first text there.
    fn obstacle(&self) -> Option<Obstacle> {
        if self.facts.is_blocked() {
            return Some(Obstacle::Blocked);
        }
        if !Consent::allows(self.on_record.as_ref()) {
            return Some(Obstacle::OptedOut);
        }
        self.facts.cannot_text().then_some(Obstacle::CannotText)
    }
}

impl NewConversation {
    fn fingerprint(&self, who: &Person) -> Fingerprint {
        let name = self.name.as_deref().unwrap_or_default();
        let Given { how, words, scope } = &self.consent;
        let (channel, scope) = (self.channel.as_str(), format!("{scope:?}"));
        Fingerprint::of(&[
            "begin",
            who.staff.id.as_str(),
            self.contact.as_str(),
            channel,
            &self.text,
            name,
            how,
            words,
            &scope,
        ])
    }
}

impl Desk {
    /// Begins it once, however often the command comes: the conversation as it is now, and the first text.
    pub async fn begin(
        &self,
        _: Grant<Begin>,
        who: &Person,
        new: &NewConversation,
    ) -> Result<(Conversation, Message), Refusal> {
        self.until_written(|| self.try_begin(who, new)).await
    }

    async fn try_begin(
        &self,
        who: &Person,
        new: &NewConversation,
    ) -> Result<(Conversation, Message), Refusal> {
        let business = &who.business.id;
        if let Some(begun) = self.begun_before(who, new).await? {
            return Ok(begun);
        }
        let scene = self.setting(who, new).await?;
        let party = Party::Customer(scene.route.clone());
        if let Some(there) = self.store.conversation(business, &ConversationId::of(&party)).await? {
            // This command's twin may have made it since.
            if let Some(begun) = self.begun_before(who, new).await? {
                return Ok(begun);
            }
            let name = there.name().to_owned();
            return Err(Refusal::InAThread { conversation: there.id.clone(), name });
        }
        if let Some(obstacle) = scene.obstacle() {
            return Err(Refusal::Obstacle { obstacle, admins: Vec::new() });
        }
        Box::pin(self.write_beginning(who, new, scene, party)).await
    }

    /// What the same command has made.
    async fn begun_before(
        &self,
        who: &Person,
        new: &NewConversation,
    ) -> Result<Option<(Conversation, Message)>, Refusal> {
        let Some(pointer) = self.store.message_pointer(&who.business.id, &new.id).await? else {
            return Ok(None);
        };
        let message = self.sent_before(who, &pointer, &new.fingerprint(who)).await?;
        let seen = self.see(who, &message.conversation).await?;
        Ok(Some((seen.conversation, message)))
    }

    /// Whether anybody can be written to there, from where, and what is known of them.
    async fn setting(&self, who: &Person, new: &NewConversation) -> Result<Scene, Refusal> {
        let (business, contact) = (&who.business.id, &new.contact);
        let (lines, facts) =
            futures::try_join!(self.store.lines(business), self.store.contact_facts(business, contact))?;
        if let Some(why) = not_for_texts(contact, &lines, &facts) {
            return Err(Refusal::NotForTexts(why));
        }
        let line = lines.into_iter().find(|line| line.successor.is_none());
        let line = line.ok_or(Refusal::NotForTexts(NotForTexts::NoLine))?;
        let on_record = facts.consents.get(&line.group).copied();
        let (group, channel, contact) = (line.group, new.channel, contact.clone());
        let route = Route { group, channel, contact, line: line.number };
        Ok(Scene { route, facts, on_record, now: self.now() })
    }

    async fn write_beginning(
        &self,
        who: &Person,
        new: &NewConversation,
        scene: Scene,
        party: Party,
    ) -> Result<(Conversation, Message), Refusal> {
        let business = &who.business.id;
        let Scene { route, facts, on_record, now } = scene;
        let consent = self.given(who, new, &route, on_record, now);
        let known = match facts.customers().first() {
            Some(customer) => self.store.summary_of_customer(business, customer).await?,
            None => None,
        };
        let named = new.name.as_ref().filter(|_| known.is_none());
        let mut named = named.map(|name| self.somebody(name, now));
        let customer = known.or_else(|| named.as_ref().map(|customer| summarize(customer, &[])));
        let beginning = Beginning { business: business.clone(), party, customer, at: now };
        let mut conversation = Conversation::begin(beginning);
        let out = Outbound::new(&route, markdown::clean(&new.text), Delivery::queued(now))
            .under(Purpose::Service, consent.now().as_ref());
        let message = Message::reply(&conversation, new.id.clone(), now, who.staff.id.clone(), out);
        let mut message = message.written_at(who.device);
        conversation.record_reply_of(&who.viewer, &message);
        let pointer = MessagePointer::to(&message, Some(new.fingerprint(who)));
        let created = self.created(&message);
        let mut commit = self
            .store
            .commit(business)
            .message_pointer(&pointer)
            .create_message(&mut message)
            .conversation(&mut conversation)
            .consent(&consent)
            .event(&created);
        if let Some(customer) = &mut named {
            let link = link(customer, &route, now);
            commit = commit.customer(customer).link(&link);
        }
        commit.run().await?;
        Ok((conversation, message))
    }

    fn given(
        &self,
        who: &Person,
        new: &NewConversation,
        route: &Route,
        on_record: Option<Consent>,
        now: Timestamp,
    ) -> ConsentChange {
        let line = self.entropy.ulid(now);
        let Given { how, words, scope } = &new.consent;
        let said = Consent::given(on_record.as_ref(), *scope, line.into(), now);
        let whose = (route.contact.clone(), route.group.clone());
        ConsentChange::decide(whose, line, on_record, said, Arrival::Fresh).told(Particulars {
            act: Some(ConsentAct::Grant),
            by: Some(who.staff.id.clone()),
            how: Some(how.clone()),
            words: Some(words.clone()),
            message: Some(new.id.clone()),
            scope: Some(*scope),
            quote: None,
        })
    }

    /// A customer of whom only the name is known; a lead, until somebody says otherwise.
    fn somebody(&self, name: &str, now: Timestamp) -> Customer {
        Customer {
            id: self.new_id(now),
            name: name.to_owned(),
            address: None,
            notes: None,
            access_notes: None,
            balance_cents: 0,
            lead: Some(LeadStage::New),
            since: now,
            version: 0,
        }
    }
}

/// Why nobody is written to there, whoever they are.
pub fn not_for_texts(contact: &ContactPoint, lines: &[Line], facts: &ContactFacts) -> Option<NotForTexts> {
    if !contact.is_e164() {
        Some(NotForTexts::NoNumber)
    } else if contact.is_premium() {
        Some(NotForTexts::Premium)
    } else if lines.iter().any(|line| line.number == *contact) {
        Some(NotForTexts::OwnLine)
    } else if facts.staff.is_some() {
        Some(NotForTexts::StaffNumber)
    } else {
        lines.iter().all(|line| line.successor.is_some()).then_some(NotForTexts::NoLine)
    }
}

fn link(customer: &Customer, route: &Route, now: Timestamp) -> ContactLink {
    ContactLink {
        customer: customer.id.clone(),
        contact: route.contact.clone(),
        channel: route.channel,
        label: None,
        linked_at: now,
        unlinked_at: None,
    }
}
