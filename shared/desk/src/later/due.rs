//! Its time has come: it goes, waits on, is held for a person, or goes no more.

use porchlight_domain::access::{Act, Person, sight};
use porchlight_domain::business::Business;
use porchlight_domain::command;
use porchlight_domain::consent::Consent;
use porchlight_domain::conversation::{Conversation, State};
use porchlight_domain::delivery::{Circumstances, Schedule, Verdict};
use porchlight_domain::id::{BusinessId, ConversationId, StaffId};
use porchlight_domain::message::Message;
use porchlight_store::StoreError;

use super::leave::Departure;
use crate::Desk;

/// What is read when the time of a message has come.
struct Scene {
    business: Business,
    conversation: Conversation,
    message: Message,
    writer: Option<Person>,
}

impl Desk {
    /// Judges a message whose time has come, and does as judged, in one transaction; the message as it then is, where
    /// it then stands. Nothing if it is gone. A conflict means that somebody was faster: judge again.
    pub async fn judge_planned(
        &self,
        business: &BusinessId,
        conversation: &ConversationId,
        seq: u64,
    ) -> Result<Option<Message>, StoreError> {
        let Some(mut scene) = self.scene_of(business, conversation, seq).await? else { return Ok(None) };
        let facts = self.circumstances(&scene).await?;
        let now = facts.now;
        let schedule = scene.message.delivery().and_then(|delivery| delivery.schedule.clone());
        let was_planned = scene.message.is_planned();
        let Some(delivery) = scene.message.delivery_mut() else { return Ok(None) };
        let Some(verdict) = delivery.judge(&facts) else { return Ok(Some(scene.message)) };
        if delivery.follow(verdict.clone(), now).is_err() {
            return Ok(Some(scene.message));
        }
        tracing::info!(message = %scene.message.id, verdict = name(&verdict), "its time has come");
        let commit = self.store.commit(business);
        if verdict == Verdict::Go {
            let by_office = scene.writer.is_some_and(|writer| writer.viewer.is_office());
            let conversation = &mut scene.conversation;
            let message = scene.message;
            let departure = Departure { message, was_planned, conversation, known: schedule, by_office };
            let (commit, message) = self.leave(commit, departure).await?;
            commit.run().await?;
            return Ok(Some(message));
        }
        let mut commit = if verdict == Verdict::Cancel {
            self.take_back(commit, business, &mut scene.message).await?
        } else {
            let event = self.updated(&scene.message);
            commit.update_message(&mut scene.message).event(&event)
        };
        match verdict {
            Verdict::Cancel => scene.conversation.forget_planned(seq),
            Verdict::Hold(_) => scene.conversation.record_held(now),
            _ => {}
        }
        if !matches!(verdict, Verdict::WaitForDay(..) | Verdict::WaitForEditor(_)) {
            commit = commit.conversation(&mut scene.conversation);
        }
        commit.run().await?;
        Ok(Some(scene.message))
    }

    /// The customer has written: what is not to go then is taken back at once. Should this be missed, it is taken back
    /// when its time has come.
    pub(crate) fn take_back_answered(&self, conversation: Conversation) {
        if conversation.planned.is_empty() {
            return;
        }
        // Nobody waits for it: the text is safe, and this costs it nothing.
        let desk = self.clone();
        tokio::spawn(async move { desk.cancel_answered(&conversation).await });
    }

    async fn cancel_answered(&self, conversation: &Conversation) {
        for seq in &conversation.planned {
            let (business, id) = (&conversation.business, &conversation.id);
            let patience = std::time::Duration::from_secs(10);
            let canceled = self.rereading(patience, || self.cancel_if_answered(business, id, *seq)).await;
            if let Err(error) = canceled {
                tracing::warn!(%error, "what the customer's reply takes back waits for its time");
            }
        }
    }

    async fn cancel_if_answered(
        &self,
        business: &BusinessId,
        conversation: &ConversationId,
        seq: u64,
    ) -> Result<(), StoreError> {
        let (message, conversation) = futures::try_join!(
            self.store.message_at(business, conversation, seq),
            self.store.conversation(business, conversation)
        )?;
        let (Some(mut message), Some(mut conversation)) = (message, conversation) else { return Ok(()) };
        let Some(delivery) = message.delivery_mut() else { return Ok(()) };
        let answered =
            |plan: &Schedule| plan.cancel_on_reply && conversation.customer_count > plan.customer_count;
        if !delivery.is_planned() || !delivery.schedule.as_ref().is_some_and(answered) {
            return Ok(());
        }
        if delivery.follow(Verdict::Cancel, self.now()).is_err() {
            return Ok(());
        }
        conversation.forget_planned(seq);
        let commit = self.take_back(self.store.commit(business), business, &mut message).await?;
        commit.conversation(&mut conversation).run().await
    }

    async fn scene_of(
        &self,
        business: &BusinessId,
        conversation: &ConversationId,
        seq: u64,
    ) -> Result<Option<Scene>, StoreError> {
        let (message, conversation, business) = futures::try_join!(
            self.store.message_at(business, conversation, seq),
            self.store.conversation(business, conversation),
            self.store.business(business)
        )?;
        let (Some(message), Some(conversation), Some(business)) = (message, conversation, business) else {
            return Ok(None);
        };
        let writer = match message.author() {
            Some(author) => self.person(&business, author).await?,
            None => None,
        };
        Ok(Some(Scene { business, conversation, message, writer }))
    }

    /// Somebody who works there now.
    async fn person(&self, business: &Business, staff: &StaffId) -> Result<Option<Person>, StoreError> {
        let staff = self.store.staff(&business.id, staff).await?;
        let staff = staff.filter(|person| person.disabled_at.is_none());
        Ok(staff.map(|staff| Person::new(staff, business.clone())))
    }

    async fn circumstances(&self, scene: &Scene) -> Result<Circumstances, StoreError> {
        let Scene { business, conversation, message, .. } = scene;
        let now = self.now();
        let consent = match conversation.route() {
            Some(route) => self.store.consent(&business.id, &route.contact, &route.group).await?,
            None => None,
        };
        let schedule = message.delivery().and_then(|delivery| delivery.schedule.as_ref());
        Ok(Circumstances {
            now,
            quiet_until: self.night(business, conversation, now).await?,
            customer_count: conversation.customer_count,
            opted_out: !Consent::permits(consent.as_ref(), conversation.purpose_of_answer()),
            in_doubt: conversation.doubt.is_some(),
            cannot_text: !conversation.is_reachable(),
            blocked: conversation.blocked,
            closed: conversation.state == State::Closed,
            has_access: self.may_still_write(scene).await?,
            colleague: self.colleague_since(message, schedule, business).await?,
        })
    }

    /// Whether its writer may write here now; what nobody wrote may.
    async fn may_still_write(&self, scene: &Scene) -> Result<bool, StoreError> {
        if scene.message.author().is_none() {
            return Ok(true);
        }
        let Some(writer) = &scene.writer else { return Ok(false) };
        let now = self.now();
        let facts = self.store.access_facts(&writer.viewer, &scene.conversation, now).await?;
        let sight = sight(&writer.viewer, &scene.conversation, &facts, now);
        // A closed thread is out of a technician's sight, and is a reason of its own.
        let is_closed = scene.conversation.state == State::Closed;
        Ok(is_closed || sight.permit_here(&writer.viewer, &scene.conversation, Act::Write).is_some())
    }

    async fn colleague_since(
        &self,
        message: &Message,
        schedule: Option<&Schedule>,
        business: &Business,
    ) -> Result<Option<StaffId>, StoreError> {
        let (Some(author), Some(schedule)) = (message.author(), schedule) else { return Ok(None) };
        let seen = schedule.seen_seq;
        let since = self.store.replies_after(&business.id, &message.conversation, seen).await?;
        Ok(command::stale(seen, u64::MAX, author, &since).map(|stale| stale.who))
    }
}

const fn name(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Go => "goes",
        Verdict::WaitForEditor(_) => "an editor is open",
        Verdict::WaitForDay(..) => "it is night there",
        Verdict::Hold(_) => "held",
        Verdict::Cancel => "the customer wrote",
    }
}
