//! What is known of a message and of one person, now.

use std::collections::BTreeSet;

use futures::future::try_join_all;
use porchlight_domain::access::{Sight, Viewer, sight};
use porchlight_domain::business::Business;
use porchlight_domain::conversation::{Conversation, ReadMarker};
use porchlight_domain::id::StaffId;
use porchlight_domain::message::Message;
use porchlight_domain::push::{Alert, Asked, Names, Notice, PushPreferences, alert, escalation, notice};
use porchlight_domain::staff::Staff;
use porchlight_domain::time::Timestamp;
use porchlight_store::StoreError;
use porchlight_store::access::AccessLedger;
use porchlight_store::records::MessageRecord;

use crate::Waker;

/// A message, with what everybody is asked about.
pub struct Thread {
    pub business: Business,
    pub conversation: Conversation,
    pub message: Message,
    pub ledger: AccessLedger,
    /// Those who work on the message's job now, and still work here.
    crew: Vec<Staff>,
    /// Whoever wrote it, where somebody of the staff did.
    author: Option<Staff>,
}

/// One person, as they are asked.
pub struct Person {
    pub staff: Staff,
    pub preferences: PushPreferences,
    pub marker: ReadMarker,
}

impl Waker {
    /// The message at this place, if it is still there.
    pub async fn thread(&self, place: &MessageRecord) -> Result<Option<Thread>, StoreError> {
        let MessageRecord { business, conversation, seq } = place;
        let (record, thread, message) = futures::try_join!(
            self.store.business(business),
            self.store.conversation(business, conversation),
            self.store.message_at(business, conversation, *seq),
        )?;
        let (Some(business), Some(conversation), Some(message)) = (record, thread, message) else {
            return Ok(None);
        };
        let ledger = self.store.access_ledger(&conversation, self.clock.now()).await?;
        let assigned = ledger.work.iter().filter(|(_, job)| Some(&job.id) == message.job.as_ref());
        let assigned: BTreeSet<&StaffId> = assigned.map(|(assignment, _)| &assignment.staff).collect();
        let crew = assigned.into_iter().map(|staff| self.store.staff(&business.id, staff));
        let crew = try_join_all(crew.collect::<Vec<_>>()).await?;
        let crew = crew.into_iter().flatten().filter(Staff::works).collect();
        let author = match message.author() {
            Some(author) => self.store.staff(&business.id, author).await?,
            None => None,
        };
        Ok(Some(Thread { business, conversation, message, ledger, crew, author }))
    }

    /// One person and this thread.
    pub async fn person(&self, thread: &Thread, staff: &StaffId) -> Result<Option<Person>, StoreError> {
        let business = &thread.business.id;
        let (staff, preferences, marker) = futures::try_join!(
            self.store.staff(business, staff),
            self.store.push_preferences(business, staff),
            self.store.read_marker(business, &thread.conversation.id, staff),
        )?;
        Ok(staff.map(|staff| Person { staff, preferences, marker }))
    }

    /// The number on the icon of this person's app, as things are: what the window shows.
    pub async fn badge(&self, thread: &Thread, person: &Person) -> Result<u64, StoreError> {
        if person.staff.role.sees_everything() {
            self.badge_of_office(thread, person).await
        } else {
            self.badge_of_technician(thread, person).await
        }
    }

    /// Unread of customers, in all: what is counted, with this conversation as it is now. What is internal is counted apart.
    async fn badge_of_office(&self, thread: &Thread, person: &Person) -> Result<u64, StoreError> {
        let (business, conversation) = (&thread.business.id, &thread.conversation);
        let (counters, applied) = futures::try_join!(
            self.store.counters(business),
            self.store.applied(business, &conversation.id)
        )?;
        let staff = &person.staff.id;
        let counted =
            applied.and_then(|applied| applied.contribution.unread.get(staff).copied()).unwrap_or(0);
        let elsewhere = u64::try_from(counters.unread_of(staff)).unwrap_or(0).saturating_sub(counted);
        let here = if conversation.party.is_internal() { 0 } else { conversation.unread(&person.marker) };
        Ok(elsewhere + here)
    }

    /// Unread of all that they can open now, what is internal too. What has nothing new adds nothing, whoever may open it:
    /// access is asked of the others only (P7).
    async fn badge_of_technician(&self, thread: &Thread, person: &Person) -> Result<u64, StoreError> {
        let (business, staff, now) = (&thread.business.id, &person.staff.id, self.clock.now());
        let (viewer, here) = thread.seen_by(person, now);
        let mut ids = self.store.conversations_of_member(business, staff).await?;
        ids.retain(|id| *id != thread.conversation.id);
        let (mut others, markers) = futures::try_join!(
            self.store.conversations(business, &ids),
            self.store.read_markers(business, staff, &ids),
        )?;
        let unseen = ReadMarker::default();
        let marker = |it: &Conversation| markers.get(&it.id).unwrap_or(&unseen);
        others.retain(|it| it.unread(marker(it)) > 0);
        let facts = self.store.access_facts_of_all(&viewer, &others, now).await?;
        let elsewhere = others.iter().zip(&facts).map(|(it, facts)| {
            let seen = sight(&viewer, it, facts, now);
            seen.unread(it, marker(it))
        });
        Ok(here.unread(&thread.conversation, &person.marker) + elsewhere.sum::<u64>())
    }
}

impl Thread {
    /// Whether the message wakes this person, as things are.
    pub fn alert(&self, person: &Person, now: Timestamp) -> Option<Alert> {
        let (viewer, sight) = self.seen_by(person, now);
        alert(&self.asked(person, &viewer, &sight, now), now)
    }

    /// Whether they are woken by nobody of the crew having opened the message, as things are.
    pub fn escalation(&self, person: &Person, now: Timestamp) -> Option<Alert> {
        let (viewer, sight) = self.seen_by(person, now);
        escalation(&self.asked(person, &viewer, &sight, now), now)
    }

    /// The notification that it wakes them with.
    pub fn notice(&self, alert: Alert, person: &Person, badge: u64, now: Timestamp) -> Notice {
        let (viewer, sight) = self.seen_by(person, now);
        notice(alert, &self.asked(person, &viewer, &sight, now), self.names(), Some(badge))
    }

    pub fn names(&self) -> Names<'_> {
        Names { business: &self.business.name, staff: self.author.as_slice() }
    }

    fn seen_by(&self, person: &Person, now: Timestamp) -> (Viewer, Sight) {
        let viewer = Viewer::new(&person.staff, self.business.technicians_text);
        let facts = self.ledger.facts_for(&person.staff.id);
        let sight = sight(&viewer, &self.conversation, &facts, now);
        (viewer, sight)
    }

    fn asked<'a>(
        &'a self,
        person: &'a Person,
        viewer: &'a Viewer,
        sight: &'a Sight,
        now: Timestamp,
    ) -> Asked<'a> {
        Asked {
            conversation: &self.conversation,
            message: &self.message,
            staff: &person.staff,
            viewer,
            sight,
            marker: &person.marker,
            is_crew: self.crew.iter().any(|member| member.id == person.staff.id),
            has_crew: self.crew.iter().any(|member| !member.is_off(now)),
            is_participant: self.ledger.participants.contains(&person.staff.id),
            preferences: &person.preferences,
        }
    }
}
