//! A customer's text joins its conversation.

use std::time::Duration;

use porchlight_channel::{Misfit, Text};
use porchlight_domain::consent::{self, Arrival, Consent, ConsentState, ConsentWord, DOUBT, Particulars};
use porchlight_domain::conversation::{Beginning, Conversation, Doubt, InboundEffect, Notice};
use porchlight_domain::event::Happening;
use porchlight_domain::id::{BusinessId, ConversationId, MessageId};
use porchlight_domain::inbound::{self, EMERGENCY_WORDS, ReactionText};
use porchlight_domain::message::{Message, MessageKind, Received};
use porchlight_domain::party::{Party, Route};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;
use porchlight_store::StoreError;
use porchlight_store::consent::ConsentChange;
use porchlight_store::contacts::Sender;
use porchlight_store::inbound::RecordInbound;
use porchlight_store::receipts::ReceiptKey;

use super::coming::Coming;
use super::reaction::target;
use super::staff::Colleague;
use super::{Refusal, or_applied_before};
use crate::Desk;

/// Messages among which a tapback's and a thanks' counterpart is looked for.
const RECENT: usize = 50;

/// What a text meets in the tables.
struct Scene {
    /// The way that it came.
    route: Route,
    sender: Sender,
    conversation: Conversation,
    /// The end of the timeline, oldest first; read only for texts that may be about it.
    recent: Vec<Message>,
}

/// Whose text it is.
enum Met {
    Customer(Box<Scene>),
    /// A member of staff's, from their own phone.
    Colleague(Colleague),
}

/// What a text makes of things.
struct Outcome {
    conversation: Conversation,
    message: Message,
    consent: Option<ConsentChange>,
    /// Texts went off or on: the quiet entry that says so.
    notice: Option<Message>,
    /// The contact point was marked "cannot text", and it can.
    reached: Option<ContactPoint>,
}

impl Desk {
    /// Writes the text with all that follows from it, in one transaction with its receipt.
    pub(super) async fn record_text(
        &self,
        receipt: &ReceiptKey,
        text: Text,
        at: Timestamp,
        coming: &Coming,
    ) -> Result<(), Refusal> {
        // Boxed: the reads side by side make a large future.
        let scene = match Box::pin(self.scene(receipt.business(), &text, at)).await? {
            Met::Customer(scene) => *scene,
            Met::Colleague(there) => {
                return Ok(Box::pin(self.record_staff_text(receipt, there, text, at, coming)).await?);
            }
        };
        if let Some((reaction, message)) = reaction(&text, &scene) {
            return Ok(self.record_reaction(receipt, &reaction, message, at).await?);
        }
        let outcome = decide(scene, text, coming, || self.new_id(at), at);
        let met = outcome.conversation.clone();
        self.write_text(receipt, outcome).await?;
        self.take_back_answered(met);
        Ok(())
    }

    /// The consent on record for whoever writes, as things stand now.
    pub(super) async fn consent_met(
        &self,
        business: &BusinessId,
        text: &Text,
    ) -> Result<Option<Consent>, StoreError> {
        match self.store.line(business, &text.to).await? {
            Some(line) => self.store.consent(business, &text.from, &line.group).await,
            None => Ok(None),
        }
    }

    async fn scene(&self, business: &BusinessId, text: &Text, at: Timestamp) -> Result<Met, Refusal> {
        let contact = text.from.clone();
        let (line, sender) =
            futures::try_join!(self.store.line(business, &text.to), self.store.sender(business, &contact))?;
        let line = line.ok_or(Misfit::UnknownLine)?;
        let route = Route { group: line.group, channel: text.channel, contact, line: line.number };
        if let Some(staff) = sender.contact.staff.clone() {
            return Ok(Met::Colleague(Colleague { staff, route, facts: sender.contact }));
        }
        let party = Party::Customer(route.clone());
        let id = ConversationId::of(&party);
        let (found, recent) = futures::try_join!(
            self.store.conversation(business, &id),
            self.recent(business, &id, &text.body)
        )?;
        let conversation = found.unwrap_or_else(|| begin(business, party, &sender, at));
        Ok(Met::Customer(Box::new(Scene { route, sender, conversation, recent })))
    }

    /// The end of the timeline, where the text may be about it.
    async fn recent(
        &self,
        business: &BusinessId,
        id: &ConversationId,
        body: &str,
    ) -> Result<Vec<Message>, StoreError> {
        if inbound::reaction(body).is_none() && !inbound::thanks(body, false) {
            return Ok(Vec::new());
        }
        Ok(self.store.messages(business, id, None, RECENT).await?.messages)
    }

    async fn write_text(&self, receipt: &ReceiptKey, mut outcome: Outcome) -> Result<(), StoreError> {
        let now = self.now();
        let event = self.created(&outcome.message);
        // Ids of one millisecond have no order, and the notice is told after what it is about.
        let later = now + Duration::from_millis(1);
        let told = |notice: &Message| {
            self.event_at(&notice.conversation, Happening::MessageCreated { seq: notice.seq }, later)
        };
        let notice_event = outcome.notice.as_ref().map(told);
        let business = outcome.conversation.business.clone();
        let inbound = RecordInbound {
            conversation: &mut outcome.conversation,
            message: &mut outcome.message,
            event: &event,
            receipt,
            consent: outcome.consent.as_ref(),
            now,
        };
        let mut commit = self.store.commit(&business).inbound(inbound);
        if let Some(contact) = &outcome.reached {
            commit = commit.reachable(contact, now);
        }
        if let Some((notice, event)) = outcome.notice.as_mut().zip(notice_event.as_ref()) {
            commit = commit.create_message(notice).event(event);
        }
        or_applied_before(commit.run().await)
    }
}

fn begin(business: &BusinessId, party: Party, sender: &Sender, at: Timestamp) -> Conversation {
    let mut conversation = Conversation::begin(Beginning {
        business: business.clone(),
        party,
        customer: sender.customer.clone(),
        at,
    });
    conversation.know_cannot_text(sender.contact.cannot_text());
    conversation.block(sender.contact.is_blocked());
    conversation
}

/// Whether it is a word that opens consent where it is closed.
pub(super) fn may_open(text: &Text) -> bool {
    let word = consent::word_of(&text.body, text.opt_out_type.as_deref(), ConsentState::Closed);
    word == Some(ConsentWord::Start)
}

/// Whether it is a word that closes consent where it is open.
pub(super) fn may_close(text: &Text) -> bool {
    let word = consent::word_of(&text.body, text.opt_out_type.as_deref(), ConsentState::Open);
    matches!(word, Some(ConsentWord::Stop | ConsentWord::Unclear | ConsentWord::Asked))
}

/// A tapback on a message of ours; "Questioned" is a message, and so is one that quotes nothing of ours.
fn reaction(text: &Text, scene: &Scene) -> Option<(ReactionText, Message)> {
    let reaction = inbound::reaction(&text.body).filter(|r| !r.is_question() && text.media.is_empty())?;
    let message = target(&reaction, &scene.recent)?;
    Some((reaction, message))
}

/// The rules of the inbox, applied to one text.
fn decide(
    scene: Scene,
    text: Text,
    coming: &Coming,
    new_id: impl Fn() -> MessageId,
    at: Timestamp,
) -> Outcome {
    let Scene { route, sender, mut conversation, recent } = scene;
    let on_record = sender.contact.consents.get(&route.group).copied();
    let state = on_record.map_or(ConsentState::Open, |consent| consent.state);
    let word = consent::word_of(&text.body, text.opt_out_type.as_deref(), state);
    let last_out = last_out(&recent);
    let effect = match word.filter(|word| *word == ConsentWord::Asked) {
        Some(_) if state == ConsentState::Closed => InboundEffect::ConsentWord,
        // A word that is taken up late asks nothing of what was surely agreed after it.
        Some(_) if on_record.is_some_and(|consent| consent.at > at + DOUBT) => {
            InboundEffect::WantsAnswer { emergency: false }
        }
        _ => inbound::effect(
            &text.body,
            !text.media.is_empty(),
            &conversation,
            last_out,
            word,
            &EMERGENCY_WORDS,
        ),
    };
    let media = text.media.into_iter().map(|file| file.to_be_fetched(at)).collect();
    let received =
        Received { media, others: text.others, ..Received::new(&route, Some(text.sid), text.body) };
    let message = Message::received(&conversation, new_id(), at, received)
        .about(conversation.job_of_inbound(&sender.active_jobs, at));
    conversation.record_inbound(&message, effect);
    // Whoever texts can be texted.
    let reached = sender.contact.cannot_text().then(|| route.contact.clone());
    conversation.know_cannot_text(false);
    let consent = word.and_then(|word| Consent::of_word(word, at)).map(|said| {
        let (whose, arrival) = ((route.contact, route.group), coming.arrival(on_record));
        let told = Particulars::written(&message.id, message.text());
        ConsentChange::decide(whose, message.id.ulid(), on_record, said, arrival).told(told)
    });
    if consent.as_ref().is_some_and(|change| settles(conversation.doubt, change, coming.arrival(on_record))) {
        conversation.settle_doubt();
    }
    let stands = consent.as_ref().map_or(on_record, ConsentChange::now);
    conversation.know_consent(stands.as_ref());
    let now = stands.map_or(ConsentState::Open, |consent| consent.state);
    let tells = consent_notice(state, now, word);
    let notice = tells.map(|notice| conversation.note(new_id(), notice, None, at));
    Outcome { conversation, message, consent, notice, reached }
}

/// Whether a word that stands decides what a sentence before it meant: STOP always does, START only where it surely
/// came later.
fn settles(doubt: Option<Doubt>, change: &ConsentChange, arrival: Arrival) -> bool {
    let (Some(doubt), Some(stands)) = (doubt, change.stands) else { return false };
    let later = match arrival {
        Arrival::Fresh => change.said.at >= doubt.at,
        Arrival::Overtaken | Arrival::Replayed => change.said.at > doubt.at + DOUBT,
    };
    !stands.is_open() || later
}

/// What the timeline says of it where texts go off or on.
fn consent_notice(
    before: ConsentState,
    now: ConsentState,
    word: Option<ConsentWord>,
) -> Option<Notice<'static>> {
    match (before, now, word) {
        (ConsentState::Open, ConsentState::Closed, Some(ConsentWord::Unclear)) => {
            Some(Notice::SaidUnclearStop)
        }
        (ConsentState::Open, ConsentState::Closed, _) => Some(Notice::SaidStop),
        (ConsentState::Closed, ConsentState::Open, _) => Some(Notice::SaidStart),
        _ => None,
    }
}

/// What we last said to them.
fn last_out(recent: &[Message]) -> Option<&str> {
    let said = |message: &&Message| matches!(message.kind(), MessageKind::Staff | MessageKind::Automated);
    recent.iter().rev().find(said).map(Message::text)
}
