//! What people do with a message that waits: take it back, send it now, change it, keep it open in an editor.

use porchlight_domain::access::{Act, Person};
use porchlight_domain::delivery::{Delivery, Schedule, Status};
use porchlight_domain::id::{BusinessId, CommandId, MessageId};
use porchlight_domain::markdown;
use porchlight_domain::message::Message;
use porchlight_domain::time::Timestamp;
use porchlight_store::{Commit, StoreError};

use super::leave::Departure;
use crate::command::Command;
use crate::{Desk, Refusal, Seen};

/// What is to be changed of a message that waits; what is left out stays.
#[derive(Clone, Debug, Default)]
pub struct PlanChange {
    /// Other words, in markdown.
    pub text: Option<String>,
    /// Another time.
    pub send_at: Option<Timestamp>,
    /// Whether it goes no more once the customer has written.
    pub cancel_on_reply: Option<bool>,
    /// The revision that was changed; another one by now is refused.
    pub revision: Option<u32>,
}

/// An editor of a message that waits.
#[derive(Clone, Debug)]
pub struct Editor {
    /// Its name, made by whoever opened it.
    pub name: String,
    /// It is open, or still is; else it was closed without saving.
    pub open: bool,
}

/// A message that somebody may do this with.
struct Found {
    seen: Seen,
    message: Message,
}

impl Desk {
    /// Takes back what has not left.
    pub async fn cancel(
        &self,
        who: &Person,
        id: &MessageId,
        command: Option<CommandId>,
    ) -> Result<Message, Refusal> {
        let command = self.plan_command(who, "cancel", id, command, &[]);
        self.until_written(|| self.try_cancel(who, id, &command)).await
    }

    async fn try_cancel(&self, who: &Person, id: &MessageId, command: &Command) -> Result<Message, Refusal> {
        let Found { mut seen, mut message } = self.found(who, id).await?;
        if self.was_done(command).await? || message.status() == Status::Canceled {
            return Ok(message);
        }
        let before = message.status();
        let delivery = message.delivery_mut().ok_or(Refusal::LeftAlready)?;
        delivery.cancel().map_err(|_| Refusal::LeftAlready)?;
        let conversation = &mut seen.conversation;
        conversation.forget_planned(message.seq);
        conversation.record_status(&message, before, self.now());
        let commit = command.join(self.store.commit(&who.business.id));
        let commit = self.take_back(commit, &who.business.id, &mut message).await?;
        commit.conversation(conversation).run().await?;
        Ok(message)
    }

    /// What was to go does not. What it was to send again waits for somebody again.
    pub(super) async fn take_back<'s>(
        &self,
        commit: Commit<'s>,
        business: &BusinessId,
        message: &mut Message,
    ) -> Result<Commit<'s>, StoreError> {
        let event = self.updated(message);
        let commit = commit.update_message(message).event(&event);
        let Some(original) = message.resend_of() else { return Ok(commit) };
        let found = self.store.message_by_id(business, original).await?;
        let Some(mut original) = found.filter(|found| found.dismissed_at().is_some()) else {
            return Ok(commit);
        };
        original.bring_back();
        let event = self.updated(&original);
        Ok(commit.update_message(&mut original).event(&event))
    }

    /// Sends now what waits for its time or for a person. Never passes an opt-out.
    pub async fn send_now(
        &self,
        who: &Person,
        id: &MessageId,
        command: Option<CommandId>,
    ) -> Result<Message, Refusal> {
        let command = self.plan_command(who, "send-now", id, command, &[]);
        self.until_written(|| self.try_send_now(who, id, &command)).await
    }

    async fn try_send_now(
        &self,
        who: &Person,
        id: &MessageId,
        command: &Command,
    ) -> Result<Message, Refusal> {
        let Found { mut seen, mut message } = self.found(who, id).await?;
        if self.was_done(command).await? {
            return Ok(message);
        }
        self.unobstructed(who, &seen).await?;
        let was_planned = message.is_planned();
        let delivery = message.delivery_mut().ok_or(Refusal::LeftAlready)?;
        delivery.send_now(self.now()).map_err(|_| Refusal::LeftAlready)?;
        let conversation = &mut seen.conversation;
        let by_office = who.viewer.is_office();
        let departure = Departure { message, was_planned, conversation, known: None, by_office };
        let commit = command.join(self.store.commit(&who.business.id));
        let (commit, message) = self.leave(commit, departure).await?;
        commit.run().await?;
        Ok(message)
    }

    /// Changes words or time of what waits.
    pub async fn reschedule(
        &self,
        who: &Person,
        id: &MessageId,
        change: &PlanChange,
        command: Option<CommandId>,
    ) -> Result<Message, Refusal> {
        let at = change.send_at.map(|at| at.to_string());
        let on_reply = change.cancel_on_reply.map(|cancels| cancels.to_string());
        let parts =
            [change.text.as_deref(), at.as_deref(), on_reply.as_deref()].map(Option::unwrap_or_default);
        let command = self.plan_command(who, "reschedule", id, command, &parts);
        self.until_written(|| self.try_reschedule(who, id, change, &command)).await
    }

    async fn try_reschedule(
        &self,
        who: &Person,
        id: &MessageId,
        change: &PlanChange,
        command: &Command,
    ) -> Result<Message, Refusal> {
        let Found { seen, mut message } = self.found(who, id).await?;
        if self.was_done(command).await? {
            return Ok(message);
        }
        let had = message.delivery().filter(|delivery| delivery.is_planned());
        let had = had.and_then(|delivery| delivery.schedule.clone()).ok_or(Refusal::LeftAlready)?;
        if change.revision.is_some_and(|revision| revision != had.revision) {
            return Err(Refusal::PlanChanged);
        }
        self.unobstructed(who, &seen).await?;
        let schedule = self.changed_schedule(who, &seen, change, &had).await?;
        let delivery = message.delivery_mut().ok_or(Refusal::LeftAlready)?;
        delivery.reschedule(schedule).map_err(|_| Refusal::LeftAlready)?;
        if let Some(text) = &change.text {
            let route = seen.conversation.party.customer().ok_or(Refusal::NoCustomer)?;
            let (text, media) = self.on_their_way(route, &markdown::clean(text), message.media().to_vec())?;
            message.reword(text, media);
        }
        self.write_plan(command.join(self.store.commit(&who.business.id)), message).await
    }

    /// As it is asked for now, by somebody who knows what there is now.
    async fn changed_schedule(
        &self,
        who: &Person,
        seen: &Seen,
        change: &PlanChange,
        had: &Schedule,
    ) -> Result<Schedule, Refusal> {
        let conversation = &seen.conversation;
        // What an open editor holds past its time may still be saved with that time: it then goes at once.
        let is_kept = change.send_at.is_none_or(|at| at == had.send_at) && had.held.is_none();
        let send_at = change.send_at.unwrap_or(had.send_at);
        if !is_kept {
            self.may_come(&who.business, send_at)?;
        }
        let cancels = change.cancel_on_reply.unwrap_or(had.cancel_on_reply);
        let night = self.night(&who.business, conversation, send_at).await?;
        Ok(Schedule::at(send_at, cancels, conversation.customer_count, conversation.seq).after_night(night))
    }

    /// An editor of it was opened, is still open, or was closed without saving.
    pub async fn edit_plan(&self, who: &Person, id: &MessageId, editor: &Editor) -> Result<Message, Refusal> {
        self.until_written(|| self.try_edit_plan(who, id, editor)).await
    }

    async fn try_edit_plan(&self, who: &Person, id: &MessageId, editor: &Editor) -> Result<Message, Refusal> {
        let Found { mut message, .. } = self.found(who, id).await?;
        let before = message.clone();
        let delivery = message.delivery_mut().ok_or(Refusal::LeftAlready)?;
        if !editor.open {
            delivery.edited_no_more(&editor.name);
        } else if delivery.why_held().is_some() {
            // It waits for a person anyway.
            return Ok(message);
        } else if !delivery.is_planned() || delivery.edited(&editor.name, self.now()).is_err() {
            return Err(Refusal::LeftAlready);
        }
        if message == before {
            return Ok(message);
        }
        self.write_plan(self.store.commit(&who.business.id), message).await
    }

    async fn write_plan(&self, commit: Commit<'_>, mut message: Message) -> Result<Message, Refusal> {
        let event = self.updated(&message);
        commit.update_message(&mut message).event(&event).run().await?;
        Ok(message)
    }

    /// What waits in a conversation, in the order in which it is to go.
    pub async fn planned(&self, who: &Person, seen: &Seen) -> Result<Vec<Message>, Refusal> {
        let id = &seen.conversation.id;
        let places: Vec<_> = seen.conversation.planned.iter().map(|seq| (id.clone(), *seq)).collect();
        let mut messages = self.store.messages_at(&who.business.id, &places).await?;
        messages.retain(|message| message.is_planned() && seen.sight.shows(message));
        messages.sort_by_key(|message| (message.delivery().map(goes_at), message.seq));
        Ok(messages)
    }

    /// A message that went out from a conversation that they see, and may write in.
    async fn found(&self, who: &Person, id: &MessageId) -> Result<Found, Refusal> {
        let found = self.store.message_by_id(&who.business.id, id).await?;
        let message = found.ok_or(Refusal::NotFound)?;
        let seen = self.see(who, &message.conversation).await?;
        if !seen.sight.shows(&message) {
            return Err(Refusal::NotFound);
        }
        seen.permit(who, Act::Write)?;
        Ok(Found { seen, message })
    }

    fn plan_command(
        &self,
        who: &Person,
        name: &str,
        id: &MessageId,
        command: Option<CommandId>,
        more: &[&str],
    ) -> Command {
        let mut parts = vec![name, who.staff.id.as_str(), id.as_str()];
        parts.extend(more);
        self.command(&who.business.id, command, &parts)
    }
}

fn goes_at(delivery: &Delivery) -> Timestamp {
    delivery.schedule.as_ref().map_or(delivery.queued_at, |schedule| schedule.goes_at)
}
