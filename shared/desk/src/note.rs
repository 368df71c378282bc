//! Notes: staff write to staff inside a customer's thread. Nothing here knows a way to a provider.

use porchlight_domain::access::{Act, Person, Sight, Viewer, sight};
use porchlight_domain::command::Fingerprint;
use porchlight_domain::conversation::DraftKind;
use porchlight_domain::event::Happening;
use porchlight_domain::id::{ConversationId, MessageId, StaffId};
use porchlight_domain::markdown;
use porchlight_domain::message::{Message, Note};
use porchlight_domain::staff::Staff;
use porchlight_store::Commit;
use porchlight_store::messages::MessagePointer;

use crate::send::compose::job_of_reply;
use crate::{Desk, Refusal, Seen};

/// A note that is to be written.
#[derive(Clone)]
pub struct NewNote {
    /// Made by whoever asks: the same again is harmless.
    pub id: MessageId,
    /// What it says, in markdown.
    pub text: String,
    /// For the crew too; a technician's always is, who could not read it otherwise.
    pub for_crew: bool,
    /// Who is named in it, and is told.
    pub mentions: Vec<StaffId>,
}

/// Somebody, and whether they could read a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Who.
    pub staff: StaffId,
    /// As colleagues know them.
    pub name: String,
    /// Why they could not, where they could not.
    pub cannot: Option<CannotRead>,
}

/// Why somebody could not read a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotRead {
    /// They no longer work here.
    Disabled,
    /// They do not see the conversation.
    NoAccess,
    /// They see the conversation, and the note is the office's alone.
    OfficeOnly,
}

impl CannotRead {
    /// Of somebody who sees this much.
    fn of(sight: &Sight, note: &Message) -> Option<Self> {
        match (sight.is_hidden(), sight.shows(note)) {
            (_, true) => None,
            (true, false) => Some(Self::NoAccess),
            (false, false) => Some(Self::OfficeOnly),
        }
    }
}

impl NewNote {
    fn fingerprint(&self, who: &Person, conversation: &ConversationId) -> Fingerprint {
        let crew = if self.for_crew { "crew" } else { "" };
        let mut parts = vec!["note", who.staff.id.as_str(), conversation.as_str(), &self.text, crew];
        parts.extend(self.mentions.iter().map(StaffId::as_str));
        Fingerprint::of(&parts)
    }
}

impl Desk {
    /// Writes a note, once, and tells those whom it names; as it then is.
    pub async fn write_note(
        &self,
        who: &Person,
        id: &ConversationId,
        new: &NewNote,
    ) -> Result<Message, Refusal> {
        let mut mentions = new.mentions.clone();
        mentions.sort();
        mentions.dedup();
        let new = NewNote { mentions, ..new.clone() };
        self.until_written(|| self.try_note(who, id, &new)).await
    }

    async fn try_note(&self, who: &Person, id: &ConversationId, new: &NewNote) -> Result<Message, Refusal> {
        let seen = self.see(who, id).await?;
        let fingerprint = new.fingerprint(who, id);
        if let Some(pointer) = self.store.message_pointer(&who.business.id, &new.id).await? {
            return self.sent_before(who, &pointer, &fingerprint).await;
        }
        seen.conversation.party.customer().ok_or(Refusal::NoCustomer)?;
        seen.permit(who, Act::Note)?;
        let note = self.compose_note(who, &seen, new)?;
        self.all_can_read(who, &seen, &note).await?;
        self.put_note(who, seen, note, fingerprint).await
    }

    pub(crate) fn compose_note(&self, who: &Person, seen: &Seen, new: &NewNote) -> Result<Message, Refusal> {
        let now = self.now();
        let note = Note {
            author: who.staff.id.clone(),
            text: markdown::clean(&new.text),
            for_crew: new.for_crew || !who.viewer.is_office(),
            mentions: new.mentions.clone(),
        };
        // At a shared number the crew of a job reads what carries that job.
        let job = job_of_reply(who, seen, None, now)?;
        Ok(Message::note(&seen.conversation, new.id.clone(), now, note).about(job))
    }

    /// Refuses a note that names somebody who could not read it: nobody is told, and the writer learns of it first.
    async fn all_can_read(&self, who: &Person, seen: &Seen, note: &Message) -> Result<(), Refusal> {
        if note.mentions().is_empty() {
            return Ok(());
        }
        let mut readings = self.readings(who, seen, note).await?;
        let is_known = |id: &StaffId| readings.iter().any(|reading| reading.staff == *id);
        if !note.mentions().iter().all(is_known) {
            return Err(Refusal::UnknownStaff);
        }
        readings.retain(|reading| reading.cannot.is_some() && note.mentions().contains(&reading.staff));
        if readings.is_empty() { Ok(()) } else { Err(Refusal::NotForThem(readings)) }
    }

    /// Who of those who work here would read a note of this person's that is the office's alone.
    pub async fn note_readers(&self, who: &Person, id: &ConversationId) -> Result<Vec<Reading>, Refusal> {
        let seen = self.see(who, id).await?;
        seen.conversation.party.customer().ok_or(Refusal::NoCustomer)?;
        seen.permit(who, Act::Note)?;
        let (id, text, mentions) = (self.new_id(self.now()), String::new(), Vec::new());
        let blank = NewNote { id, text, for_crew: false, mentions };
        let note = self.compose_note(who, &seen, &blank)?;
        let mut readings = self.readings(who, &seen, &note).await?;
        readings.retain(|reading| reading.cannot != Some(CannotRead::Disabled));
        readings.sort_by_key(|reading| reading.name.to_lowercase());
        Ok(readings)
    }

    /// Everybody of the business, and whether the policy lets them read this, now (P7).
    async fn readings(&self, who: &Person, seen: &Seen, note: &Message) -> Result<Vec<Reading>, Refusal> {
        let staff = self.store.staff_of(&who.business.id).await?;
        let ledger = self.store.access_ledger(&seen.conversation, self.now()).await?;
        let reading = |person: Staff| {
            let viewer = Viewer::new(&person, who.business.technicians_text);
            let sight = sight(&viewer, &seen.conversation, &ledger.facts_for(&person.id), self.now());
            let left = person.disabled_at.map(|_| CannotRead::Disabled);
            Reading {
                staff: person.id,
                name: person.name,
                cannot: left.or_else(|| CannotRead::of(&sight, note)),
            }
        };
        Ok(staff.into_iter().map(reading).collect())
    }

    /// Note, conversation, pointer and events in one transaction; with it goes the writer's draft of it, if its words
    /// are among those written.
    async fn put_note(
        &self,
        who: &Person,
        seen: Seen,
        mut note: Message,
        fingerprint: Fingerprint,
    ) -> Result<Message, Refusal> {
        let (business, me) = (&who.business.id, &who.staff.id);
        let mut conversation = seen.conversation;
        let draft = self.store.draft(business, &conversation.id, me, DraftKind::Note).await?;
        let written = draft.filter(|draft| draft.went_with(note.text()));
        conversation.record_note(&note);
        let pointer = MessagePointer::to(&note, Some(fingerprint));
        let mut commit = self.store.commit(business).message_pointer(&pointer).create_message(&mut note);
        commit = commit.conversation(&mut conversation).event(&self.created(&note));
        if written.is_some() {
            commit = commit.delete_draft(&conversation.id, me, DraftKind::Note, written.as_ref());
        }
        self.tell_mentioned(commit, who, &note).await?.run().await?;
        Ok(note)
    }

    /// Marks the conversation for everybody whom a note names, and tells their screens. The push that wakes their
    /// phones follows the same note from the stream of messages.
    async fn tell_mentioned<'s>(
        &self,
        mut commit: Commit<'s>,
        who: &Person,
        note: &Message,
    ) -> Result<Commit<'s>, Refusal> {
        let (business, id) = (&who.business.id, &note.conversation);
        for staff in note.mentions().iter().filter(|staff| **staff != who.staff.id) {
            let mut marker = self.store.read_marker(business, id, staff).await?;
            marker.mention(note.seq);
            let event = self.event(id, Happening::ConversationMarked { staff: staff.clone() });
            commit = commit.read_marker(id, staff, &mut marker).event(&event);
        }
        Ok(commit)
    }
}
