//! Sending what did not arrive to another contact point of the same customer, in that one's own thread.

use futures::future::try_join_all;
use porchlight_domain::access::{Act, Person, Sight, sight};
use porchlight_domain::channel::Channel;
use porchlight_domain::command::{Fingerprint, SendCommand};
use porchlight_domain::consent::Consent;
use porchlight_domain::conversation::{Beginning, Conversation, Obstacle};
use porchlight_domain::customer::ContactLink;
use porchlight_domain::delivery::Delivery;
use porchlight_domain::id::{ConversationId, CustomerId, MessageId};
use porchlight_domain::message::{Message, Outbound, ResentTo};
use porchlight_domain::party::{Party, Route};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;
use porchlight_store::messages::MessagePointer;

use super::obstacle;
use crate::{Desk, Refusal, Seen};

/// A text that did not arrive, to go to another contact point of its customer.
#[derive(Clone, Debug)]
pub struct Elsewhere {
    /// Made by whoever asks: the same again is harmless.
    pub id: MessageId,
    /// The message that did not arrive.
    pub original: MessageId,
    /// Where it is to go.
    pub contact: ContactPoint,
    /// The place of the newest message that whoever asks has seen beside it, where they say so.
    pub seen_seq: Option<u64>,
}

/// Another contact point of a conversation's customer that texts may go to.
#[derive(Debug)]
pub struct OtherNumber {
    /// How the customer uses it.
    pub link: ContactLink,
    /// Its own thread.
    pub conversation: ConversationId,
    /// When that was last used; never, where there is none yet.
    pub last_used_at: Option<Timestamp>,
    /// Nobody there has ever written or agreed: beginning a conversation asks for it.
    pub needs_consent: bool,
    /// What stands in the way of a text there.
    pub obstacle: Option<Obstacle>,
}

/// Another contact point with its thread, which may be yet to begin.
struct Target {
    seen: Seen,
    consent: Option<Consent>,
}

impl Desk {
    /// The other numbers of the customer behind this conversation, the last used first.
    pub async fn other_numbers(
        &self,
        who: &Person,
        id: &ConversationId,
    ) -> Result<Vec<OtherNumber>, Refusal> {
        let seen = self.see(who, id).await?;
        let links = self.other_links(&seen).await?;
        let found = try_join_all(links.into_iter().map(|link| self.other_number(who, &seen, link))).await?;
        let mut numbers: Vec<OtherNumber> = found.into_iter().flatten().collect();
        numbers.sort_by_key(|number| std::cmp::Reverse((number.last_used_at, number.link.linked_at)));
        Ok(numbers)
    }

    async fn other_number(
        &self,
        who: &Person,
        seen: &Seen,
        link: ContactLink,
    ) -> Result<Option<OtherNumber>, Refusal> {
        let Some(Target { seen, consent }) = self.target(who, seen, &link.contact).await? else {
            return Ok(None);
        };
        let there = &seen.conversation;
        Ok(Some(OtherNumber {
            conversation: there.id.clone(),
            last_used_at: (there.version > 0).then_some(there.last_activity_at),
            needs_consent: there.version == 0 && consent.is_none(),
            obstacle: obstacle(who, &seen, consent.as_ref()),
            link,
        }))
    }

    /// The numbers of the conversation's customer but its own. A shared number says of nobody which others are theirs.
    async fn other_links(&self, seen: &Seen) -> Result<Vec<ContactLink>, Refusal> {
        let Some((route, customer)) = of_one_customer(seen) else { return Ok(Vec::new()) };
        let mut links = self.store.links_of_customer(&seen.conversation.business, customer).await?;
        links.retain(|link| {
            link.is_current() && link.channel == Channel::Sms && link.contact != route.contact
        });
        Ok(links)
    }

    /// The thread with another contact point, as this person may see it.
    async fn target(
        &self,
        who: &Person,
        seen: &Seen,
        contact: &ContactPoint,
    ) -> Result<Option<Target>, Refusal> {
        let Some(route) = seen.conversation.party.customer() else { return Ok(None) };
        let route = way_to(contact, route);
        let business = &seen.conversation.business;
        let party = Party::Customer(route.clone());
        let id = ConversationId::of(&party);
        let (found, known) = futures::try_join!(
            self.store.conversation(business, &id),
            self.store.contact_facts(business, contact)
        )?;
        let conversation = found.unwrap_or_else(|| {
            let (business, customer) = (business.clone(), seen.conversation.customer.clone());
            let mut begun = Conversation::begin(Beginning { business, party, customer, at: self.now() });
            begun.know_cannot_text(known.cannot_text());
            begun.block(known.is_blocked());
            begun
        });
        let facts = self.store.access_facts(&who.viewer, &conversation, self.now()).await?;
        let sight = sight(&who.viewer, &conversation, &facts, self.now());
        let consent = known.consents.get(&route.group).copied();
        Ok((!sight.is_hidden()).then_some(Target { seen: Seen { conversation, sight, facts }, consent }))
    }

    /// Queues the words of a message that did not arrive for another number of its customer (P9). The message is put
    /// aside by that, and says where it went.
    pub async fn send_elsewhere(&self, who: &Person, new: &Elsewhere) -> Result<Message, Refusal> {
        self.until_written(|| self.try_send_elsewhere(who, new)).await
    }

    async fn try_send_elsewhere(&self, who: &Person, new: &Elsewhere) -> Result<Message, Refusal> {
        let found = self.store.message_by_id(&who.business.id, &new.original).await?;
        let original = found.ok_or(Refusal::NotFound)?;
        let seen = self.see(who, &original.conversation).await?;
        if !seen.sight.shows(&original) {
            return Err(Refusal::NotFound);
        }
        seen.permit(who, Act::Write)?;
        let route = seen.conversation.party.customer().ok_or(Refusal::NotTheirNumber)?;
        let there = ConversationId::of(&Party::Customer(way_to(&new.contact, route)));
        let fingerprint = fingerprint(who, &there, &original);
        if let Some(pointer) = self.store.message_pointer(&who.business.id, &new.id).await? {
            return self.sent_before(who, &pointer, &fingerprint).await;
        }
        let target = self.target(who, &seen, &new.contact).await?.ok_or(Refusal::NotTheirNumber)?;
        if !self.other_links(&seen).await?.iter().any(|link| link.contact == new.contact) {
            return Err(Refusal::NotTheirNumber);
        }
        if original.dismissed_at().is_some() || !may_resend(&original, self.now()) {
            return Err(Refusal::NotResendable);
        }
        self.not_overtaken(who, &seen.conversation, new.seen_seq.unwrap_or(u64::MAX)).await?;
        self.unobstructed_by(who, &target.seen, target.consent.as_ref()).await?;
        if target.seen.conversation.version == 0 && target.consent.is_none() {
            return Err(Refusal::NeedsConsent);
        }
        self.queue_elsewhere(who, new.id.clone(), (seen, original), target, fingerprint).await
    }

    /// Both threads, both messages and both events in one transaction.
    async fn queue_elsewhere(
        &self,
        who: &Person,
        id: MessageId,
        (seen, mut original): (Seen, Message),
        target: Target,
        fingerprint: Fingerprint,
    ) -> Result<Message, Refusal> {
        let (mut here, mut there, now) = (seen.conversation, target.seen.conversation, self.now());
        let route = there.party.customer().ok_or(Refusal::NoCustomer)?.clone();
        let line = self.line_of(&there).await?.unwrap_or_else(|| route.line.clone());
        let (text, media) = self.on_their_way(&route, original.text(), original.media().to_vec())?;
        let out = Outbound::new(&Route { line, ..route.clone() }, text, Delivery::queued(now));
        let out = out.under(there.purpose_of_answer(), target.consent.as_ref());
        let out = Outbound { media, ..out.again(Some(original.id.clone())) };
        let message = Message::reply(&there, id, now, who.staff.id.clone(), out);
        let mut message = message.about(original.job.clone()).written_at(who.device);
        there.record_reply_of(&who.viewer, &message);
        original.send_elsewhere(ResentTo { conversation: there.id.clone(), contact: route.contact }, now);
        here.resent_elsewhere(original.seq);
        let (created, updated) = (self.created(&message), self.updated(&original));
        let pointer = MessagePointer::to(&message, Some(fingerprint));
        self.store
            .commit(&who.business.id)
            .message_pointer(&pointer)
            .create_message(&mut message)
            .conversation(&mut there)
            .event(&created)
            .update_message(&mut original)
            .conversation(&mut here)
            .event(&updated)
            .run()
            .await?;
        Ok(message)
    }
}

/// From the same line to another number.
fn way_to(contact: &ContactPoint, from: &Route) -> Route {
    Route { contact: contact.clone(), channel: Channel::Sms, ..from.clone() }
}

/// The one customer whom everything here is about, and the way to them.
fn of_one_customer(seen: &Seen) -> Option<(&Route, &CustomerId)> {
    if matches!(seen.sight, Sight::Jobs(_)) {
        return None;
    }
    let customer = seen.conversation.customer.as_ref()?;
    Some((seen.conversation.party.customer()?, &customer.id))
}

fn may_resend(message: &Message, now: Timestamp) -> bool {
    message.delivery().is_some_and(|delivery| delivery.may_resend(now))
}

fn fingerprint(who: &Person, there: &ConversationId, original: &Message) -> Fingerprint {
    let command = SendCommand {
        author: &who.staff.id,
        conversation: there,
        text: original.text(),
        attachments: &[],
        send_at: None,
        resend_of: Some(&original.id),
        cancel_on_reply: false,
        undo_s: None,
        job: None,
    };
    command.fingerprint()
}
