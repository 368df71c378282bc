//! Writing to a customer: may they → compose → queue. The only way to a message that leaves.

mod attach;
pub(crate) mod compose;
mod elsewhere;
mod resend;

use porchlight_domain::access::{Act, Person, is_shut_out};
use porchlight_domain::command::{self, Fingerprint, SendCommand};
use porchlight_domain::consent::Consent;
use porchlight_domain::conversation::{Conversation, DraftKind, Obstacle};
use porchlight_domain::delivery::Status;
use porchlight_domain::id::{ConversationId, JobId, MessageId, UploadId};
use porchlight_domain::message::Message;
use porchlight_domain::staff::{Role, Staff};
use porchlight_domain::time::Timestamp;
use porchlight_store::messages::MessagePointer;
use porchlight_store::uploads::Upload;

pub(crate) use self::compose::jobs_of;
pub use self::elsewhere::{Elsewhere, OtherNumber};
use crate::{Desk, Refusal, Seen};

/// A text that is to go.
#[derive(Clone)]
pub struct NewText {
    /// Made by whoever asks: the same again is harmless.
    pub id: MessageId,
    /// What it says, in markdown.
    pub text: String,
    /// The job that it is about; found out where it is left out.
    pub job: Option<JobId>,
    /// The place of the newest message that its writer has seen.
    pub seen_seq: u64,
    /// Send although a colleague has written since. Never passes an opt-out.
    pub force: bool,
    /// The message that this one sends again.
    pub resend_of: Option<MessageId>,
    /// Files that were uploaded for it, in their order. A resend without any keeps those of the original.
    pub attachments: Vec<UploadId>,
    /// Send them although some may tell of place, device or owner.
    pub uncleaned: bool,
    /// When it is to go.
    pub when: When,
}

/// When a text is to go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum When {
    /// Now.
    #[default]
    Now,
    /// In so many seconds: until then it can be taken back.
    Undo(u32),
    /// At a time to come.
    At {
        /// When.
        at: Timestamp,
        /// It goes no more where the customer has written before.
        cancel_on_reply: bool,
    },
}

impl NewText {
    fn fingerprint(&self, who: &Person, conversation: &ConversationId) -> Fingerprint {
        let attachments: Vec<String> = self.attachments.iter().map(|id| id.as_str().to_owned()).collect();
        let command = SendCommand {
            author: &who.staff.id,
            conversation,
            text: &self.text,
            attachments: &attachments,
            send_at: self.when.at(),
            resend_of: self.resend_of.as_ref(),
            cancel_on_reply: matches!(self.when, When::At { cancel_on_reply: true, .. }),
            undo_s: self.when.undo_s(),
            job: self.job.as_ref(),
        };
        command.fingerprint()
    }
}

impl When {
    pub(crate) const fn at(self) -> Option<Timestamp> {
        match self {
            Self::At { at, .. } => Some(at),
            Self::Now | Self::Undo(_) => None,
        }
    }

    const fn undo_s(self) -> Option<u32> {
        match self {
            Self::Undo(seconds) => Some(seconds),
            Self::Now | Self::At { .. } => None,
        }
    }
}

impl Desk {
    /// Queues a person's text; what becomes of it comes over the live feed.
    pub async fn send(&self, who: &Person, id: &ConversationId, new: &NewText) -> Result<Message, Refusal> {
        self.until_written(|| self.try_send(who, id, new)).await
    }

    async fn try_send(&self, who: &Person, id: &ConversationId, new: &NewText) -> Result<Message, Refusal> {
        let seen = self.see(who, id).await?;
        let fingerprint = new.fingerprint(who, id);
        if let Some(pointer) = self.store.message_pointer(&who.business.id, &new.id).await? {
            return self.sent_before(who, &pointer, &fingerprint).await;
        }
        if seen.conversation.party.is_internal() {
            return Box::pin(self.write_internal(who, seen, new, fingerprint)).await;
        }
        let consent = self.may_send(who, &seen, new).await?;
        if let Some(at) = new.when.at() {
            self.may_come(&who.business, at)?;
            seen.conversation.has_room_for_plans().then_some(()).ok_or(Refusal::TooManyPlans)?;
        }
        let original = self.original(who, id, new).await?;
        let attached = self.attachments(who, new, original.as_ref()).await?;
        let uploads = attached.uploads;
        let message = self.compose(who, &seen, new, (consent.as_ref(), attached.media)).await?;
        self.queue(who, seen, message, (original, uploads), fingerprint).await
    }

    /// The same command again has the same answer; another under its id is refused (P9).
    pub(crate) async fn sent_before(
        &self,
        who: &Person,
        pointer: &MessagePointer,
        fingerprint: &Fingerprint,
    ) -> Result<Message, Refusal> {
        if pointer.fingerprint.as_ref() != Some(fingerprint) {
            return Err(Refusal::UsedBefore);
        }
        let message = self.store.message_at(&who.business.id, &pointer.conversation, pointer.seq).await?;
        message.ok_or(Refusal::NotFound)
    }

    /// The consent under which it may go.
    async fn may_send(&self, who: &Person, seen: &Seen, new: &NewText) -> Result<Option<Consent>, Refusal> {
        let consent = self.unobstructed(who, seen).await?;
        if !new.force {
            self.not_overtaken(who, &seen.conversation, new.seen_seq).await?;
        }
        Ok(consent)
    }

    /// Refuses what something stands in the way of; the consent on record.
    pub(crate) async fn unobstructed(&self, who: &Person, seen: &Seen) -> Result<Option<Consent>, Refusal> {
        let route = seen.conversation.party.customer().ok_or(Refusal::NoCustomer)?;
        let consent = self.store.consent(&who.business.id, &route.contact, &route.group).await?;
        self.unobstructed_by(who, seen, consent.as_ref()).await?;
        Ok(consent)
    }

    /// The same where the consent on record has been read.
    async fn unobstructed_by(
        &self,
        who: &Person,
        seen: &Seen,
        consent: Option<&Consent>,
    ) -> Result<(), Refusal> {
        let Some(obstacle) = obstacle(who, seen, consent) else { return Ok(()) };
        let staff = self.store.staff_of(&who.business.id).await?;
        Err(Refusal::Obstacle { obstacle, admins: admins(&staff) })
    }

    /// Nobody else has written to the customer after what the writer has seen.
    async fn not_overtaken(
        &self,
        who: &Person,
        conversation: &Conversation,
        seen_seq: u64,
    ) -> Result<(), Refusal> {
        if seen_seq >= conversation.seq {
            return Ok(());
        }
        let since = self.store.replies_after(&who.business.id, &conversation.id, seen_seq).await?;
        let Some(stale) = command::stale(seen_seq, conversation.seq, &who.staff.id, &since) else {
            return Ok(());
        };
        let writer = self.store.staff(&who.business.id, &stale.who).await?;
        let name = writer.map(|person| person.name).unwrap_or_default();
        Err(Refusal::Overtaken { by: stale.who, name, when: stale.when, seq: stale.seq })
    }

    /// Message, conversation, pointer and events in one transaction; with it goes the writer's draft, if its words
    /// are among those sent.
    async fn queue(
        &self,
        who: &Person,
        seen: Seen,
        mut message: Message,
        (original, uploads): (Option<Message>, Vec<Upload>),
        fingerprint: Fingerprint,
    ) -> Result<Message, Refusal> {
        let mut conversation = seen.conversation;
        let draft =
            self.store.draft(&who.business.id, &conversation.id, &who.staff.id, DraftKind::Reply).await?;
        let sent = draft.filter(|draft| draft.went_with(message.text()));
        if message.status() == Status::Scheduled {
            conversation.record_planned(&message);
        } else {
            conversation.record_reply_of(&who.viewer, &message);
        }
        let pointer = MessagePointer::to(&message, Some(fingerprint));
        let created = self.created(&message);
        let mut commit = self
            .store
            .commit(&who.business.id)
            .message_pointer(&pointer)
            .create_message(&mut message)
            .conversation(&mut conversation)
            .event(&created);
        if sent.is_some() {
            commit = commit.delete_draft(&conversation.id, &who.staff.id, DraftKind::Reply, sent.as_ref());
        }
        for upload in &uploads {
            commit = commit.use_upload(upload);
        }
        if let Some(mut original) = original {
            let updated = self.updated(&original);
            commit = commit.update_message(&mut original).event(&updated);
        }
        commit.run().await?;
        Ok(message)
    }
}

/// What stands in the way of this person's text, given the consent on record.
pub fn obstacle(who: &Person, seen: &Seen, consent: Option<&Consent>) -> Option<Obstacle> {
    let may_write = seen.sight.permit(&who.viewer, Act::Write).is_some();
    if may_write && is_shut_out(&who.viewer, &seen.conversation) {
        return Some(Obstacle::OfficeOnly);
    }
    seen.conversation.obstacle(may_write, consent)
}

/// The names of those who can switch texting on for somebody.
pub fn admins(staff: &[Staff]) -> Vec<String> {
    let admins = staff.iter().filter(|person| person.role == Role::Admin && person.disabled_at.is_none());
    admins.map(|admin| admin.name.clone()).collect()
}
