//! What becomes of an outbound message, written with everything that follows from it, as one.
//!
//! Both who posts and who hears of it later (`send`, `webhooks`) write here, so that a status looks the same
//! whoever brought it: the message, the conversation's row, the live event, the owner of a SID, and what a
//! failure says about the contact point.

use porchlight_domain::consent::{Arrival, Consent, Particulars};
use porchlight_domain::conversation::{Conversation, Notice};
use porchlight_domain::customer::Unreachable;
use porchlight_domain::delivery::{Delivery, FailureReason, Local, POST_WITHIN, Price};
use porchlight_domain::id::BusinessId;
use porchlight_domain::message::Message;
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;
use porchlight_store::consent::ConsentChange;
use porchlight_store::receipts::ReceiptKey;
use porchlight_store::{Commit, StoreError};

use crate::Desk;

/// A message before and after.
pub struct DeliveryChange<'a> {
    /// The tenant.
    pub business: &'a BusinessId,
    /// As it was read.
    pub before: &'a Message,
    /// As it is to be.
    pub after: Message,
    /// The webhook that told it, to be marked applied with it.
    pub receipt: Option<&'a ReceiptKey>,
}

impl Desk {
    /// Writes a change and what follows from it; the message as it then is. A conflict means that it, or its
    /// conversation, has changed since it was read: read again and decide again.
    pub async fn write_delivery(&self, change: DeliveryChange<'_>) -> Result<Message, StoreError> {
        let DeliveryChange { business, before, mut after, receipt } = change;
        let now = self.now();
        let mut commit = self.store.commit(business).update_message(&mut after);
        for sid in new_sids(before, &after) {
            commit = commit.sid_pointer(sid, &after);
        }
        if let Some(receipt) = receipt {
            commit = commit.receipt_applied(receipt, now);
        }
        if let Some(price) = new_price(before, &after) {
            commit = commit.cost(&after.conversation, price);
        }
        if is_shown(before, &after) {
            commit = self.and_shown(commit, business, before, &after).await?;
        } else if new_price(before, &after).is_some() {
            commit = commit.event(&self.updated(&after));
        }
        commit.run().await?;
        Ok(after)
    }

    /// The conversation's row, the contact point, the live feed.
    async fn and_shown<'c>(
        &self,
        mut commit: Commit<'c>,
        business: &BusinessId,
        before: &Message,
        after: &Message,
    ) -> Result<Commit<'c>, StoreError> {
        if let Some(read) = self.store.conversation(business, &after.conversation).await? {
            let mut conversation = read.clone();
            conversation.record_status(after, before.status(), self.now());
            if let Some(reason) = new_reason(before, after) {
                commit = self.mark_contact(commit, &mut conversation, before, after, &reason).await?;
            }
            // Whoever derives from conversations must see what is final even where the row looks the same.
            if conversation != read || after.status().is_over() {
                commit = commit.conversation(&mut conversation);
            }
        }
        Ok(commit.event(&self.updated(after)))
    }

    /// What the reason says about the contact point: opted out at the provider, or cannot be texted.
    async fn mark_contact<'c>(
        &self,
        commit: Commit<'c>,
        conversation: &mut Conversation,
        before: &Message,
        after: &Message,
        reason: &FailureReason,
    ) -> Result<Commit<'c>, StoreError> {
        let Some((contact, group)) = after.contact().cloned().zip(conversation.group().cloned()) else {
            return Ok(commit);
        };
        if reason.cannot_text() {
            return self
                .mark_unreachable(commit, conversation, &contact, (posted_at(before, after), reason))
                .await;
        }
        if !reason.closes_consent() {
            return Ok(commit);
        }
        let on_record = self.store.consent(&conversation.business, &contact, &group).await?;
        let refused = Consent::provider_refused(posted_at(before, after));
        let line = self.entropy.ulid(self.clock.now());
        let told = Particulars { how: Some(reason.words.clone()), ..Particulars::default() };
        let change =
            ConsentChange::decide((contact, group), line, on_record, refused, Arrival::Replayed).told(told);
        conversation.know_consent(change.now().as_ref());
        let commit = commit.consent(&change);
        let closed = change.stands.is_some() && Consent::allows(on_record.as_ref());
        Ok(if closed { self.say_refused(commit, conversation) } else { commit })
    }

    /// Later texts are refused before they cost anything; unless somebody has said since, or it has shown, that
    /// texts reach it.
    async fn mark_unreachable<'c>(
        &self,
        commit: Commit<'c>,
        conversation: &mut Conversation,
        contact: &ContactPoint,
        (left, reason): (Timestamp, &FailureReason),
    ) -> Result<Commit<'c>, StoreError> {
        let record = self.store.contact(&conversation.business, contact).await?;
        if record.is_some_and(|record| !record.is_marked_by(left)) {
            return Ok(commit);
        }
        conversation.know_cannot_text(true);
        let told = Unreachable { since: self.now(), reason: reason.clone() };
        let commit = commit.unreachable(contact, Some(&told));
        self.others_know(commit, conversation, contact, false).await
    }

    /// The timeline says that texts are off.
    fn say_refused<'c>(&self, commit: Commit<'c>, conversation: &mut Conversation) -> Commit<'c> {
        let now = self.now();
        let mut entry = conversation.note(self.new_id(now), Notice::ProviderRefused, None, now);
        commit.create_message(&mut entry).event(&self.created(&entry))
    }
}

fn sids(message: &Message) -> impl Iterator<Item = &str> {
    message.delivery().into_iter().flat_map(Delivery::sids)
}

/// SIDs that the message did not own before.
fn new_sids<'m>(before: &'m Message, after: &'m Message) -> impl Iterator<Item = &'m str> {
    sids(after).filter(|sid| !sids(before).any(|owned| owned == *sid))
}

fn reason(message: &Message) -> Option<FailureReason> {
    message.delivery().and_then(Delivery::error)
}

fn new_reason(before: &Message, after: &Message) -> Option<FailureReason> {
    reason(after).filter(|new| reason(before).as_ref() != Some(new))
}

/// What it cost, where that was not known before: the thread's cost grows by it in the same commit, so once.
fn new_price<'m>(before: &Message, after: &'m Message) -> Option<&'m Price> {
    let of = |message: &'m Message| message.delivery().and_then(|delivery| delivery.price.as_ref());
    let was_known = before.delivery().is_some_and(|delivery| delivery.price.is_some());
    of(after).filter(|_| !was_known)
}

/// Whether anybody would see a difference.
fn is_shown(before: &Message, after: &Message) -> bool {
    before.status() != after.status() || reason(before) != reason(after) || times(before) != times(after)
}

/// What a window tells of when: a report that comes late may say an earlier time.
fn times(message: &Message) -> [Option<Timestamp>; 3] {
    let of = |time: fn(&Delivery) -> Option<Timestamp>| message.delivery().and_then(time);
    [of(Delivery::sent_at), of(Delivery::delivered_at), of(Delivery::unknown_since)]
}

/// When its POST began, as nearly as is known: then its contact point was opted out at the provider.
fn posted_at(before: &Message, after: &Message) -> Timestamp {
    match before.delivery().map(|delivery| &delivery.local) {
        Some(Local::Sending { post_before, .. }) => *post_before - POST_WITHIN,
        _ => after.delivery().and_then(Delivery::accepted_at).unwrap_or(after.created_at),
    }
}
