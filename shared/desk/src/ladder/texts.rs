//! The texts of a ladder: each to somebody of the crew at their own phone, queued like every text (P4, P6).

use futures::future::try_join_all;
use porchlight_domain::access::{Viewer, sight};
use porchlight_domain::channel::Channel;
use porchlight_domain::consent::{ConsentLineId, Purpose};
use porchlight_domain::conversation::{Beginning, Conversation};
use porchlight_domain::delivery::Delivery;
use porchlight_domain::id::{BusinessId, ConversationId};
use porchlight_domain::message::{Body, Message, Outbound};
use porchlight_domain::party::{Party, Route};
use porchlight_domain::push::{CrewMember, Ladder, is_texted, may_text_staff, step_words};
use porchlight_domain::staff::Staff;
use porchlight_domain::time::Timestamp;
use porchlight_store::messages::MessagePointer;
use porchlight_store::{Commit, StoreError};

use super::facts::Facts;
use crate::Desk;

/// Parts that one text has in the commit, and those of the step beside them.
const PARTS_OF_A_TEXT: usize = 3;
const PARTS_OF_THE_STEP: usize = 4;

/// Somebody of the crew who is texted.
pub(super) struct Recipient {
    pub staff: Staff,
    /// The way to their own phone.
    route: Route,
    /// The ledger's line that permits it.
    permitted_by: ConsentLineId,
    /// What the customer is called, where that is theirs to see.
    customer: Option<String>,
}

impl Desk {
    /// Those of the crew who are texted now: who see the message, have agreed to it, and are neither off nor left alone.
    pub(super) async fn texted(
        &self,
        facts: &Facts,
        ladder: &Ladder,
        now: Timestamp,
    ) -> Result<Vec<Recipient>, StoreError> {
        let (business, conversation) = (&facts.business.id, &facts.conversation);
        let (message, line) = futures::try_join!(
            self.store.message_at(business, &conversation.id, ladder.seq),
            self.line_to_staff(conversation)
        )?;
        let (Some(message), Some(line)) = (message, line) else { return Ok(Vec::new()) };
        let each = facts.crew.iter().map(|member| self.recipient(facts, member, &message, &line, now));
        let found: Vec<_> = try_join_all(each.collect::<Vec<_>>()).await?.into_iter().flatten().collect();
        let room = (self.store.commit(business).room() - PARTS_OF_THE_STEP) / PARTS_OF_A_TEXT;
        Ok(found.into_iter().take(room).collect())
    }

    async fn recipient(
        &self,
        facts: &Facts,
        member: &CrewMember,
        message: &Message,
        line: &Route,
        now: Timestamp,
    ) -> Result<Option<Recipient>, StoreError> {
        let staff = &member.staff;
        let viewer = Viewer::new(staff, facts.business.technicians_text);
        let sight = sight(&viewer, &facts.conversation, &facts.ledger.facts_for(&staff.id), now);
        let Some(contact) = staff.phone.clone().filter(|_| sight.shows(message)) else { return Ok(None) };
        let business = &facts.business.id;
        let (on_record, agreed, wants) = futures::try_join!(
            self.store.consent(business, &contact, &line.group),
            self.store.texts_agreement(business, &staff.id),
            self.store.push_preferences(business, &staff.id)
        )?;
        let may = may_text_staff(&contact, agreed.as_ref(), on_record.as_ref());
        let emergency = facts.conversation.attention.is_some_and(|attention| attention.emergency);
        let Some(agreed) = agreed.filter(|_| is_texted(staff, &wants, may, emergency, now)) else {
            return Ok(None);
        };
        let customer = facts.conversation.customer.as_ref().filter(|it| sight.shows_customer(&it.id));
        Ok(Some(Recipient {
            staff: staff.clone(),
            route: Route { contact, ..line.clone() },
            permitted_by: agreed.line,
            customer: customer.map(|customer| customer.name.clone()),
        }))
    }

    /// The line that texts to staff leave from: the thread's own, or where that takes no texts, one that does. A route in
    /// which only the other end is to be put.
    async fn line_to_staff(&self, conversation: &Conversation) -> Result<Option<Route>, StoreError> {
        if let Some(route) = conversation.route().filter(|route| route.channel == Channel::Sms) {
            let line = self.line_of(conversation).await?.unwrap_or_else(|| route.line.clone());
            return Ok(Some(Route { line, ..route.clone() }));
        }
        let lines = self.store.lines(&conversation.business).await?;
        let line = lines.into_iter().find(|line| line.successor.is_none() && line.number.is_e164());
        Ok(line.map(|line| Route {
            group: line.group,
            channel: Channel::Sms,
            contact: line.number.clone(),
            line: line.number,
        }))
    }

    /// The text, its pointer and the thread of that phone join the step's commit. That thread is read by nobody, so the
    /// live feed is not told of it.
    pub(super) async fn queue_step<'s>(
        &self,
        commit: Commit<'s>,
        facts: &Facts,
        ladder: &Ladder,
        to: Recipient,
        public_url: &str,
    ) -> Result<Commit<'s>, StoreError> {
        let (business, now) = (&facts.business, self.now());
        let mut thread = self.thread_of_phone(&business.id, &to, now).await?;
        let link = link(public_url, &facts.conversation.id, ladder);
        let words = step_words(&business.name, to.customer.as_deref(), &link);
        let out = Outbound {
            purpose: Purpose::Service,
            permitted_by: Some(to.permitted_by),
            ..Outbound::new(&to.route, words, Delivery::queued(now))
        };
        let body = Body::Escalation(out);
        let mut message = Message::next(&thread, self.new_id(now), now, body).about(Some(ladder.job.clone()));
        thread.record_other(&message);
        let pointer = MessagePointer::to(&message, None);
        Ok(commit.message_pointer(&pointer).create_message(&mut message).conversation(&mut thread))
    }

    async fn thread_of_phone(
        &self,
        business: &BusinessId,
        to: &Recipient,
        at: Timestamp,
    ) -> Result<Conversation, StoreError> {
        let party = Party::StaffPhone { staff: to.staff.id.clone(), route: to.route.clone() };
        let found = self.store.conversation(business, &ConversationId::of(&party)).await?;
        let business = business.clone();
        Ok(found.unwrap_or_else(|| Conversation::begin(Beginning { business, party, customer: None, at })))
    }
}

/// Where the thread is opened with that message.
fn link(public_url: &str, conversation: &ConversationId, ladder: &Ladder) -> String {
    format!("{public_url}/conversations/{conversation}?message={}", ladder.message)
}
