//! A customer's text joins its conversation.

use std::time::Duration;

use porchlight_domain::channel::Channel;
use porchlight_domain::consent::{self, Consent, ConsentState, ConsentWord};
use porchlight_domain::conversation::{Beginning, Conversation, SystemLine};
use porchlight_domain::event::{Event, Happening};
use porchlight_domain::id::{BusinessId, ConversationId, MessageId};
use porchlight_domain::inbound::{self, EMERGENCY_WORDS, ReactionText};
use porchlight_domain::message::{Media, Message, MessageKind, Received};
use porchlight_domain::party::{Party, Route};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;
use porchlight_store::StoreError;
use porchlight_store::contacts::Sender;
use porchlight_store::inbound::{ConsentChange, RecordInbound};
use porchlight_store::receipts::Receipt;
use porchlight_twilio::{Form, InboundMedia, InboundMessage};

use super::reaction::target;
use super::{Intake, Misfit, Refusal, or_applied_before};

/// Messages among which a tapback's and a thanks' counterpart is looked for.
const RECENT: usize = 50;
/// Bytes of words and addresses that a message's item surely holds (DynamoDB's limit is 400 KB).
const LONGEST: usize = 200 << 10;

/// What a text meets in the tables.
struct Scene {
    /// The way that it came.
    route: Route,
    sender: Sender,
    conversation: Conversation,
    /// The end of the timeline, oldest first; read only for texts that may be about it.
    recent: Vec<Message>,
}

/// What a text makes of things.
struct Outcome {
    conversation: Conversation,
    message: Message,
    consent: Option<ConsentChange>,
    /// Texts went off or on: the quiet line that says so.
    line: Option<Message>,
}

impl Intake {
    /// Writes the text with all that follows from it, in one transaction with its receipt.
    pub(super) async fn record_text(&self, receipt: &Receipt) -> Result<(), Refusal> {
        let text = read(receipt)?;
        let at = receipt.received_at;
        // Boxed: the reads side by side make a large future.
        let scene = Box::pin(self.scene(receipt.key.business(), &text, at)).await?;
        if let Some((reaction, message)) = reaction(&text, &scene) {
            return Ok(self.record_reaction(receipt, &reaction, message).await?);
        }
        let outcome = decide(scene, text, || self.new_id(at), at);
        Ok(self.write_text(receipt, outcome).await?)
    }

    async fn scene(
        &self,
        business: &BusinessId,
        text: &InboundMessage,
        at: Timestamp,
    ) -> Result<Scene, Refusal> {
        let to = ContactPoint::phone(&text.to).map_err(|_| Misfit::UnknownLine)?;
        let contact = ContactPoint::phone(&text.from).map_err(|_| Misfit::BadSender)?;
        let (line, sender) =
            tokio::try_join!(self.store.line(business, &to), self.store.sender(business, &contact))?;
        let line = line.ok_or(Misfit::UnknownLine)?;
        if sender.contact.staff.is_some() {
            return Err(Misfit::StaffNumber.into());
        }
        let route = Route { group: line.group, channel: Channel::Sms, contact, line: line.number };
        let party = Party::Customer(route.clone());
        let id = ConversationId::of(&party);
        let (found, recent) =
            tokio::try_join!(self.store.conversation(business, &id), self.recent(business, &id, &text.body))?;
        let conversation = found.unwrap_or_else(|| begin(business, party, &sender, at));
        Ok(Scene { route, sender, conversation, recent })
    }

    /// The end of the timeline, where the text may be about it.
    async fn recent(
        &self,
        business: &BusinessId,
        id: &ConversationId,
        body: &str,
    ) -> Result<Vec<Message>, StoreError> {
        if inbound::reaction(body).is_none() && !inbound::thanks(body) {
            return Ok(Vec::new());
        }
        Ok(self.store.messages(business, id, None, RECENT).await?.messages)
    }

    async fn write_text(&self, receipt: &Receipt, mut outcome: Outcome) -> Result<(), StoreError> {
        let now = self.clock.now();
        let event = self.created(&outcome.message, now);
        // Ids of one millisecond have no order, and the line is told after what it is about.
        let line_event = outcome.line.as_ref().map(|line| self.created(line, now + Duration::from_millis(1)));
        let business = outcome.conversation.business.clone();
        let inbound = RecordInbound {
            conversation: &mut outcome.conversation,
            message: &mut outcome.message,
            event: &event,
            receipt: &receipt.key,
            consent: outcome.consent.as_ref(),
            now,
        };
        let mut commit = self.store.commit(&business).inbound(inbound);
        if let Some((line, event)) = outcome.line.as_mut().zip(line_event.as_ref()) {
            commit = commit.create_message(line).event(event);
        }
        or_applied_before(commit.run().await)
    }

    fn created(&self, message: &Message, now: Timestamp) -> Event {
        Event {
            id: self.new_id(now),
            conversation: message.conversation.clone(),
            happening: Happening::MessageCreated { seq: message.seq },
        }
    }
}

fn read(receipt: &Receipt) -> Result<InboundMessage, Misfit> {
    let text = InboundMessage::from_form(&Form::parse(&receipt.body))?;
    let media: usize = text.media.iter().map(|file| file.url.len() + 64).sum();
    if text.body.len() + media > LONGEST { Err(Misfit::TooLong) } else { Ok(text) }
}

fn begin(business: &BusinessId, party: Party, sender: &Sender, at: Timestamp) -> Conversation {
    let mut conversation = Conversation::begin(Beginning {
        business: business.clone(),
        party,
        customer: sender.customer.clone(),
        at,
    });
    conversation.know_cannot_text(sender.contact.cannot_text());
    conversation
}

/// A tapback on a message of ours; "Questioned" is a message, and so is one that quotes nothing of ours.
fn reaction(text: &InboundMessage, scene: &Scene) -> Option<(ReactionText, Message)> {
    let reaction = inbound::reaction(&text.body).filter(|r| !r.is_question() && text.media.is_empty())?;
    let message = target(&reaction, &scene.recent)?;
    Some((reaction, message))
}

/// The rules of the inbox, applied to one text.
fn decide(scene: Scene, text: InboundMessage, new_id: impl Fn() -> MessageId, at: Timestamp) -> Outcome {
    let Scene { route, sender, mut conversation, recent } = scene;
    let on_record = sender.contact.consents.get(&route.group).copied();
    let state = on_record.map_or(ConsentState::Open, |consent| consent.state);
    let word = consent::word_of(&text.body, text.opt_out_type.as_deref(), state);
    let last_out = last_out(&recent);
    let effect = inbound::effect(&text.body, &conversation, last_out, word, &EMERGENCY_WORDS);
    let files = text.media.into_iter().map(media).collect();
    let received = Received { media: files, ..Received::new(&route, Some(text.sid), text.body) };
    let message = Message::received(&conversation, new_id(), at, received)
        .about(conversation.job_of_inbound(&sender.active_jobs, at));
    conversation.record_inbound(&message, effect);
    let changed = word.and_then(|word| consent_after(on_record, word, at));
    let stands = changed.or(on_record);
    conversation.know_consent(stands.as_ref());
    let now = stands.map_or(ConsentState::Open, |consent| consent.state);
    let tells = consent_line(state, now);
    let quiet = tells.map(|line| conversation.record_system(new_id(), line, None, at));
    let consent =
        changed.map(|consent| ConsentChange { contact: route.contact, group: route.group, consent });
    Outcome { conversation, message, consent, line: quiet }
}

/// What the timeline says of it where texts go off or on.
fn consent_line(before: ConsentState, now: ConsentState) -> Option<SystemLine<'static>> {
    match (before, now) {
        (ConsentState::Open, ConsentState::Closed) => Some(SystemLine::SaidStop),
        (ConsentState::Closed, ConsentState::Open) => Some(SystemLine::SaidStart),
        _ => None,
    }
}

/// Ordered by when it was received: an older word never overrides (PROTOCOLS §1).
fn consent_after(on_record: Option<Consent>, word: ConsentWord, at: Timestamp) -> Option<Consent> {
    Consent::after(on_record, Consent::of_word(word, at)?)
}

/// What we last said to them.
fn last_out(recent: &[Message]) -> Option<&str> {
    let said = |message: &&Message| matches!(message.kind(), MessageKind::Staff | MessageKind::Automated);
    recent.iter().rev().find(said).map(Message::text)
}

fn media(file: InboundMedia) -> Media {
    let content_type = file.content_type.unwrap_or_else(|| "application/octet-stream".to_owned());
    Media { provider_url: file.url, content_type }
}
