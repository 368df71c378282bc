//! What a member of staff sends from their own phone: it joins their thread with the office, never the leads. STOP and
//! START are about the texts that they get.

use std::time::Duration;

use porchlight_channel::Text;
use porchlight_domain::consent::{self, Consent, ConsentState, ConsentWord, Particulars};
use porchlight_domain::conversation::{Beginning, Conversation, Notice};
use porchlight_domain::event::Happening;
use porchlight_domain::id::{BusinessId, ConversationId, StaffId};
use porchlight_domain::message::Message;
use porchlight_domain::party::{Party, Route};
use porchlight_domain::time::Timestamp;
use porchlight_store::StoreError;
use porchlight_store::consent::ConsentChange;
use porchlight_store::contacts::ContactFacts;
use porchlight_store::inbound::RecordInbound;
use porchlight_store::messages::MessagePointer;
use porchlight_store::receipts::ReceiptKey;

use super::coming::Coming;
use super::or_applied_before;
use crate::Desk;

/// A member of staff whose own number a text came from.
pub(super) struct Colleague {
    pub staff: StaffId,
    /// The way that it came.
    pub route: Route,
    /// What the directory has of the number.
    pub facts: ContactFacts,
}

impl Desk {
    /// Writes it, with all that follows from it, in one transaction with its receipt.
    pub(super) async fn record_staff_text(
        &self,
        receipt: &ReceiptKey,
        from: Colleague,
        text: Text,
        at: Timestamp,
        coming: &Coming,
    ) -> Result<(), StoreError> {
        let business = receipt.business();
        let mut conversation = self.thread_with_office(business, &from.staff, at).await?;
        let is_new = conversation.version == 0;
        let media = text.media.iter().map(|file| file.clone().to_be_fetched(at)).collect();
        let (id, author) = (self.new_id(at), from.staff.clone());
        let mut message = Message::internal(&conversation, id, at, author, text.body.clone(), media);
        conversation.record_internal(&message);
        let change = consent_change(&from, &text, &message, coming, at);
        let tells = change.as_ref().and_then(|change| notice_of(&from, change));
        let mut notice = tells.map(|notice| conversation.note(self.new_id(at), notice, None, at));
        let event = self.created(&message);
        // It has a pointer, as all that staff write: they may take it back.
        let pointer = MessagePointer::to(&message, None);
        let now = self.now();
        let inbound = RecordInbound {
            conversation: &mut conversation,
            message: &mut message,
            event: &event,
            receipt,
            consent: change.as_ref(),
            now,
        };
        let mut commit = self.store.commit(business).inbound(inbound).message_pointer(&pointer);
        if let Some(notice) = &mut notice {
            // Told after what it is about.
            let happening = Happening::MessageCreated { seq: notice.seq };
            let told = self.event_at(&notice.conversation, happening, now + Duration::from_millis(1));
            commit = commit.create_message(notice).event(&told);
        }
        if is_new {
            let between = self.between(&conversation).await?;
            commit = self.let_in(commit, &conversation, &between, Some(&from.staff));
        } else {
            // At their phone they see nothing of what others wrote here.
            let mut marker = self.store.read_marker(business, &conversation.id, &from.staff).await?;
            marker.wrote(&conversation, false);
            commit = commit.read_marker(&conversation.id, &from.staff, &mut marker);
        }
        or_applied_before(commit.run().await)
    }

    async fn thread_with_office(
        &self,
        business: &BusinessId,
        staff: &StaffId,
        at: Timestamp,
    ) -> Result<Conversation, StoreError> {
        let party = Party::Staff { staff: staff.clone() };
        let found = self.store.conversation(business, &ConversationId::of(&party)).await?;
        let business = business.clone();
        Ok(found.unwrap_or_else(|| Conversation::begin(Beginning { business, party, customer: None, at })))
    }
}

/// What it says about the texts that they get, where it is a word that does. A sentence that only seems to ask for no
/// more is the office's to read.
fn consent_change(
    from: &Colleague,
    text: &Text,
    message: &Message,
    coming: &Coming,
    at: Timestamp,
) -> Option<ConsentChange> {
    let on_record = from.facts.consents.get(&from.route.group).copied();
    // Between colleagues a "Yes" is an answer, whatever stands: only START takes their STOP back.
    let word = consent::word_of(&text.body, text.opt_out_type.as_deref(), ConsentState::Open);
    let said = Consent::of_word(word.filter(|word| *word != ConsentWord::Asked)?, at)?;
    let (whose, arrival) =
        ((from.route.contact.clone(), from.route.group.clone()), coming.arrival(on_record));
    let told = Particulars::written(&message.id, message.text());
    Some(ConsentChange::decide(whose, message.id.ulid(), on_record, said, arrival).told(told))
}

/// What the thread says of it where their texts go off or on.
fn notice_of(from: &Colleague, change: &ConsentChange) -> Option<Notice<'static>> {
    let before =
        from.facts.consents.get(&from.route.group).map_or(ConsentState::Open, |consent| consent.state);
    let now = change.now().map_or(ConsentState::Open, |consent| consent.state);
    match (before, now) {
        (ConsentState::Open, ConsentState::Closed) => Some(Notice::StaffSaidStop),
        (ConsentState::Closed, ConsentState::Open) => Some(Notice::StaffSaidStart),
        _ => None,
    }
}
