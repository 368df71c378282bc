//! What staff write to staff: threads of their own, with no way to any provider. Nothing here composes what leaves.
//!
//! # Layout
//!
//! Here: how a thread begins, and what is written in it. `between`: whom it is between, and how they are let in.
//! `delete`: taking a message back.

mod between;
mod delete;

use porchlight_domain::access::{Act, Person, sight};
use porchlight_domain::command::Fingerprint;
use porchlight_domain::conversation::{Beginning, Conversation, CrewJob, DraftKind, Obstacle};
use porchlight_domain::id::{BusinessId, CommandId, ConversationId, JobId, StaffId};
use porchlight_domain::markdown;
use porchlight_domain::message::Message;
use porchlight_domain::party::{Pair, Party};
use porchlight_store::messages::MessagePointer;
use porchlight_store::{Commit, StoreError};

pub use self::between::Between;
use crate::command::Command;
use crate::send::NewText;
use crate::{Desk, Refusal, Seen, SeenMarked};

/// With whom an internal thread is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum With {
    /// A colleague.
    Colleague(StaffId),
    /// The crew of a job, and the office.
    CrewOf(JobId),
}

impl With {
    /// What kind it is, and which.
    fn parts(&self) -> [&str; 2] {
        match self {
            Self::Colleague(staff) => ["pair", staff.as_str()],
            Self::CrewOf(job) => ["crew", job.as_str()],
        }
    }
}

impl Desk {
    /// The thread with a colleague or a crew, made where there is none.
    pub async fn open_internal(
        &self,
        who: &Person,
        command: CommandId,
        with: &With,
    ) -> Result<SeenMarked, Refusal> {
        let [kind, named] = with.parts();
        let parts = ["internal", who.staff.id.as_str(), kind, named];
        let command = self.command(&who.business.id, Some(command), &parts);
        self.until_written(|| self.try_open_internal(who, with, &command)).await
    }

    async fn try_open_internal(
        &self,
        who: &Person,
        with: &With,
        command: &Command,
    ) -> Result<SeenMarked, Refusal> {
        let was_done = self.was_done(command).await?;
        let wanted = match with {
            With::Colleague(colleague) => self.pair_with(who, colleague).await?,
            With::CrewOf(job) => self.crew_of_job(who, job).await?,
        };
        let id = wanted.id.clone();
        if self.store.conversation(&who.business.id, &id).await?.is_none() {
            self.begin_internal(who, wanted, command).await?;
        } else if !was_done {
            command.keep(self).await?;
        }
        let seen = self.see(who, &id).await?;
        self.marked(who, seen).await
    }

    fn with(&self, who: &Person, party: Party) -> Conversation {
        let business = who.business.id.clone();
        Conversation::begin(Beginning { business, party, customer: None, at: self.now() })
    }

    /// As it would begin; nobody writes to themselves, or to whoever never worked here.
    async fn pair_with(&self, who: &Person, colleague: &StaffId) -> Result<Conversation, Refusal> {
        let pair = Pair::of(who.staff.id.clone(), colleague.clone()).ok_or(Refusal::Oneself)?;
        let person = self.store.staff(&who.business.id, colleague).await?;
        person.ok_or(Refusal::UnknownStaff)?;
        Ok(self.with(who, Party::Pair(pair)))
    }

    /// As it would begin, for whoever is of the crew now, or of the office; to others there is no such job (P7).
    async fn crew_of_job(&self, who: &Person, id: &JobId) -> Result<Conversation, Refusal> {
        let job = self.store.job(&who.business.id, id).await?.ok_or(Refusal::NotFound)?;
        let mut conversation = self.with(who, Party::Crew { job: id.clone() });
        conversation.know_job(CrewJob { number: job.number, title: job.title });
        let now = self.now();
        let facts = self.store.access_facts(&who.viewer, &conversation, now).await?;
        if sight(&who.viewer, &conversation, &facts, now).is_hidden() {
            return Err(Refusal::NotFound);
        }
        Ok(conversation)
    }

    async fn begin_internal(
        &self,
        who: &Person,
        mut conversation: Conversation,
        command: &Command,
    ) -> Result<(), Refusal> {
        self.colleague_works(who, &conversation).await?;
        let between = self.between(&conversation).await?;
        let commit = self.store.commit(&who.business.id).conversation(&mut conversation);
        let commit = command.join(commit);
        Ok(self.let_in(commit, &conversation, &between, None).run().await?)
    }

    /// With whoever no longer works here a thread can be read, not written.
    async fn colleague_works(&self, who: &Person, conversation: &Conversation) -> Result<(), Refusal> {
        match self.internal_obstacle(who, conversation).await? {
            Some(obstacle) => Err(Refusal::Obstacle { obstacle, admins: Vec::new() }),
            None => Ok(()),
        }
    }

    /// What stands in the way of writing in an internal thread, for one whom it is between.
    pub async fn internal_obstacle(
        &self,
        who: &Person,
        conversation: &Conversation,
    ) -> Result<Option<Obstacle>, StoreError> {
        let Party::Pair(pair) = &conversation.party else { return Ok(None) };
        let Some(other) = pair.other(&who.staff.id) else { return Ok(Some(Obstacle::NotPermitted)) };
        let works = self.works(&who.business.id, other).await?;
        Ok((!works).then_some(Obstacle::ColleagueLeft))
    }

    /// Writes to the others: message, conversation, pointer, the writer's marker and the event in one transaction, with
    /// the draft if its words are among those written. Nothing of it is asked of a provider.
    pub(crate) async fn write_internal(
        &self,
        who: &Person,
        seen: Seen,
        new: &NewText,
        fingerprint: Fingerprint,
    ) -> Result<Message, Refusal> {
        seen.permit(who, Act::Write)?;
        if new.when.at().is_some() || new.resend_of.is_some() {
            return Err(Refusal::NoCustomer);
        }
        self.colleague_works(who, &seen.conversation).await?;
        // What stays in the house may tell of place, device and owner.
        let new = NewText { uncleaned: true, ..new.clone() };
        let attached = self.attachments(who, &new, None).await?;
        let (business, me, mut conversation) = (&who.business.id, &who.staff.id, seen.conversation);
        // What waited in an outbox has seen nothing of what came meanwhile.
        let saw_the_end = new.seen_seq >= conversation.seq;
        let text = markdown::clean(&new.text);
        let mut message =
            Message::internal(&conversation, new.id, self.now(), me.clone(), text, attached.media);
        message.device = who.device;
        conversation.record_internal(&message);
        let mut marker = self.store.read_marker(business, &conversation.id, me).await?;
        marker.wrote(&conversation, saw_the_end);
        let draft = self.store.draft(business, &conversation.id, me, DraftKind::Reply).await?;
        let written = draft.filter(|draft| draft.went_with(message.text()));
        let pointer = MessagePointer::to(&message, Some(fingerprint));
        let created = self.created(&message);
        let mut commit = self.store.commit(business).message_pointer(&pointer).create_message(&mut message);
        commit = commit.conversation(&mut conversation).event(&created);
        commit = commit.read_marker(&message.conversation, me, &mut marker);
        if written.is_some() {
            commit = commit.delete_draft(&message.conversation, me, DraftKind::Reply, written.as_ref());
        }
        commit = attached.uploads.iter().fold(commit, Commit::use_upload);
        commit.run().await?;
        Ok(message)
    }

    /// The thread of a crew, where there is one.
    pub(crate) async fn crew_thread(
        &self,
        business: &BusinessId,
        job: &JobId,
    ) -> Result<Option<Conversation>, StoreError> {
        let id = ConversationId::of(&Party::Crew { job: job.clone() });
        self.store.conversation(business, &id).await
    }
}
