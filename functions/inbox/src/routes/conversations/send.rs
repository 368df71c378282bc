//! `POST /api/conversations/{id}/messages` (PROTOCOLS §5)

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use porchlight_domain::command::{self, Fingerprint, SendCommand};
use porchlight_domain::delivery::Delivery;
use porchlight_domain::event::Happening;
use porchlight_domain::id::{ConversationId, JobId, MessageId};
use porchlight_domain::message::{Message, Outbound};
use porchlight_domain::party::Route;
use porchlight_domain::{markdown, segments};
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use porchlight_edge::view::{MessageView, StaffNames};
use porchlight_store::messages::MessagePointer;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Body, Checked, MOST_EXACT, Named, Wrong, has_length, lies_within};
use crate::attempt::Refusal;
use crate::command::used_before;
use crate::reach::Seen;
use crate::reply;

/// A message to a customer.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SendCommand)]
pub struct NewMessage {
    /// Made by the client: sending again with the same id is harmless.
    #[schema(value_type = String, pattern = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$")]
    pub id: MessageId,
    /// What it says, in markdown; it leaves as plain text.
    #[schema(min_length = 1, max_length = 1600, pattern = r"\S")]
    pub text: String,
    /// The place of the newest message that the writer has seen.
    #[schema(maximum = 9_007_199_254_740_991_u64)]
    pub seen_seq: u64,
    /// Send although a colleague has written since. Never passes an opt-out.
    #[serde(default)]
    #[schema(required = false)]
    pub force: bool,
    /// The message that this one sends again: one that failed, or is still `unknown` after a day.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$")]
    pub resend_of: Option<MessageId>,
    /// The job that it is about; found out where it is left out.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$")]
    pub job_id: Option<JobId>,
}

impl Checked for NewMessage {
    fn check(&self) -> Result<(), Wrong> {
        has_length("text", &self.text, 1, segments::LONGEST_BODY)?;
        lies_within("seen_seq", self.seen_seq, 0, MOST_EXACT)?;
        if !markdown::sendable(&self.text) {
            return Err(Wrong::new("text must say something: nothing of it can be seen."));
        }
        if segments::is_too_long(&markdown::plain_text(&self.text)) {
            return Err(Wrong::new("text is longer than a text message can be (1,600 units)."));
        }
        Ok(())
    }
}

/// Write to the customer
///
/// Queues the message and answers at once; what becomes of it comes over the live feed. 409 when a colleague
/// has written since `seen_seq` (`stale-send`, with `who` and `when`), when the customer opted out
/// (`opted-out`), when texts do not reach the number (`cannot-text`), or when the message to be sent again is
/// not one to be sent again (`not-resendable`).
#[utoipa::path(
    post, path = "/api/conversations/{id}/messages", operation_id = "sendMessage", tag = "conversations",
    params(("id" = String, Path, pattern = "^[0-9a-f]{32}$")),
    request_body = NewMessage,
    responses(
        (status = 202, description = "Queued, now or when this id first came", body = MessageView),
        (status = 409, description = "Something stands in the way",
            body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn send(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<ConversationId>,
    Body(new): Body<NewMessage>,
) -> Result<(StatusCode, Json<MessageView>), Problem> {
    let message = inbox.until_written(|| inbox.try_send(&who, &id, &new)).await?;
    let names = inbox.names(&who.business.id).await?;
    Ok((StatusCode::ACCEPTED, Json(MessageView::new(&message, &names))))
}

impl Inbox {
    async fn try_send(
        &self,
        who: &SignedIn,
        id: &ConversationId,
        new: &NewMessage,
    ) -> Result<Message, Refusal> {
        let seen = self.see(who, id).await?;
        let fingerprint = new.fingerprint(who, id);
        if let Some(pointer) = self.store.message_pointer(&who.business.id, &new.id).await? {
            return self.sent_before(who, &pointer, &fingerprint).await;
        }
        self.may_send(who, &seen, new).await?;
        let original = self.original(who, id, new).await?;
        let message = self.compose(who, &seen, new).await?;
        self.queue(who, seen, message, original, fingerprint).await
    }

    /// The same command again has the same answer; another under its id is refused (P9).
    async fn sent_before(
        &self,
        who: &SignedIn,
        pointer: &MessagePointer,
        fingerprint: &Fingerprint,
    ) -> Result<Message, Refusal> {
        if pointer.fingerprint.as_ref() != Some(fingerprint) {
            return Err(used_before().into());
        }
        let message = self.store.message_at(&who.business.id, &pointer.conversation, pointer.seq).await?;
        message.ok_or_else(|| Problem::not_found().into())
    }

    async fn may_send(&self, who: &SignedIn, seen: &Seen, new: &NewMessage) -> Result<(), Refusal> {
        let conversation = &seen.conversation;
        let business = &who.business.id;
        let route = conversation.party.customer().ok_or_else(no_customer)?;
        let consent = self.store.consent(business, &route.contact, &route.group).await?;
        let staff = self.store.staff_of(business).await?;
        let can_send = reply::can_send(who, conversation, consent.as_ref(), &staff);
        if let Some(refusal) = reply::refusal(&can_send) {
            return Err(refusal.into());
        }
        if new.force || new.seen_seq >= conversation.seq {
            return Ok(());
        }
        let since = self.store.replies_after(business, &conversation.id, new.seen_seq).await?;
        match command::stale(new.seen_seq, conversation.seq, &who.staff.id, &since) {
            Some(stale) => Err(overtaken(&stale, &StaffNames::new(&staff)).into()),
            None => Ok(()),
        }
    }

    /// The message that is to be sent again, put aside by that.
    async fn original(
        &self,
        who: &SignedIn,
        id: &ConversationId,
        new: &NewMessage,
    ) -> Result<Option<Message>, Refusal> {
        let Some(original) = &new.resend_of else { return Ok(None) };
        let found = self.store.message_by_id(&who.business.id, original).await?;
        let found = found.filter(|message| message.conversation == *id);
        let mut message = found.ok_or_else(|| {
            Problem::unprocessable("unknown-message", "resend_of names no message of this conversation.")
        })?;
        let may = message.delivery().is_some_and(|delivery| delivery.may_resend(self.now()));
        if !may || message.dismissed_at().is_some() {
            return Err(not_resendable().into());
        }
        message.dismiss(self.now());
        Ok(Some(message))
    }

    async fn compose(&self, who: &SignedIn, seen: &Seen, new: &NewMessage) -> Result<Message, Refusal> {
        if who.viewer.is_office() {
            self.known_job(who, new.job_id.as_ref()).await?;
        }
        let (conversation, now) = (&seen.conversation, self.now());
        let route = conversation.party.customer().ok_or_else(no_customer)?;
        let line = self.line_of(conversation).await?.unwrap_or_else(|| route.line.clone());
        let route = Route { line, ..route.clone() };
        let text = markdown::clean(&new.text);
        let out = Outbound::new(&route, text, Delivery::queued(now)).again(new.resend_of.clone());
        let job = reply::job_of_reply(who, seen, new.job_id.clone(), now)?;
        Ok(Message::reply(conversation, new.id.clone(), now, who.staff.id.clone(), out).about(job))
    }

    /// Message, conversation, pointer and events in one transaction; the writer's draft goes with it.
    async fn queue(
        &self,
        who: &SignedIn,
        seen: Seen,
        mut message: Message,
        original: Option<Message>,
        fingerprint: Fingerprint,
    ) -> Result<Message, Refusal> {
        let mut conversation = seen.conversation;
        conversation.record_reply_of(&who.viewer, &message);
        let pointer = MessagePointer::to(&message, Some(fingerprint));
        let created = self.event(&conversation, Happening::MessageCreated { seq: message.seq });
        let mut commit = self
            .store
            .commit(&who.business.id)
            .message_pointer(&pointer)
            .create_message(&mut message)
            .conversation(&mut conversation)
            .event(&created)
            .delete_draft(&conversation.id, &who.staff.id);
        if let Some(mut original) = original {
            let updated = self.event(&conversation, Happening::MessageUpdated { seq: original.seq });
            commit = commit.update_message(&mut original).event(&updated);
        }
        commit.run().await?;
        Ok(message)
    }
}

impl NewMessage {
    fn fingerprint(&self, who: &SignedIn, conversation: &ConversationId) -> Fingerprint {
        let command = SendCommand {
            author: &who.staff.id,
            conversation,
            text: &self.text,
            attachments: &[],
            send_at: None,
            resend_of: self.resend_of.as_ref(),
        };
        command.fingerprint()
    }
}

/// Internal threads have no way to a provider.
fn no_customer() -> Problem {
    Problem::unprocessable("no-customer", "This conversation is with no customer.")
}

fn overtaken(stale: &command::StaleSend, names: &StaffNames) -> Problem {
    let who = names.get(&stale.who);
    Problem::conflict("stale-send", "A colleague has written since")
        .detail(format!("{} wrote to this customer after what you have seen.", who.name))
        .fact("who", who)
        .fact("when", stale.when)
        .fact("seq", stale.seq)
}

fn not_resendable() -> Problem {
    Problem::conflict("not-resendable", "Not to be sent again")
        .detail("Only a message that failed, or is still unknown after a day, is sent again, and only once.")
}
