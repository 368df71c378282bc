//! The acts that change a conversation (RULES "States", "Attention and waiting").

use super::{
    Attention, AttentionReason, Beginning, Conversation, CustomerSummary, Doubt, InboundEffect,
    JOB_TAG_LASTS, JobSummary, LastMessage, SNIPPET_CHARS, State, Summary,
};
use crate::access::Viewer;
use crate::consent::Consent;
use crate::customer::JobStatus;
use crate::delivery::Status;
use crate::id::{ConversationId, JobId, StaffId};
use crate::message::{Message, wordless};
use crate::phone::ContactPoint;
use crate::time::Timestamp;

impl Conversation {
    /// An empty conversation, `version` 0 until it is first written.
    pub fn begin(b: Beginning) -> Self {
        Self(Summary {
            id: ConversationId::of(&b.party),
            business: b.business,
            party: b.party,
            version: 0,
            seq: 0,
            state: State::Open,
            snoozed_until: None,
            blocked: false,
            attention: None,
            set_aside: None,
            looked_settled: false,
            failed: None,
            assignee: None,
            customer: b.customer,
            opted_out: false,
            doubt: None,
            cannot_text: false,
            customer_count: 0,
            answered_count: 0,
            planned: Vec::new(),
            last_message: None,
            last_activity_at: b.at,
            last_job: None,
            created_at: b.at,
            office_only: false,
            crew_job: None,
            tombstones: None,
        })
    }

    /// As it was written.
    pub const fn restore(summary: Summary) -> Self {
        Self(summary)
    }

    /// The next version of it, about to be written.
    pub const fn next_version(&mut self) {
        self.0.version += 1;
    }

    /// The name on the screen: the customer's, else the contact point; none of an internal thread.
    pub fn name(&self) -> &str {
        let contact = self.contact().map_or("", ContactPoint::label);
        self.customer.as_ref().map_or(contact, |c| &c.name)
    }

    /// A customer's message joins the timeline at `message.seq` (which must be `self.seq + 1`). From whoever is blocked
    /// it is kept, and disturbs nobody: not now, and not once they are blocked no more.
    pub fn record_inbound(&mut self, message: &Message, effect: InboundEffect) {
        self.append(message);
        if let (Some(route), Some(line)) = (self.0.party.route_mut(), message.line()) {
            route.line.clone_from(line);
        }
        if self.blocked {
            // Once they are blocked no more, a person decides what they meant.
            if matches!(effect, InboundEffect::AskedToStop { .. }) {
                self.0.doubt.get_or_insert(Doubt { seq: message.seq, at: message.created_at });
            }
            return;
        }
        self.0.customer_count += 1;
        match effect {
            InboundEffect::WantsAnswer { emergency } => {
                self.reopen();
                self.need_person(message.created_at, AttentionReason::Customer, emergency);
            }
            InboundEffect::Settled => {
                self.reopen();
                self.look_settled(message.created_at);
            }
            InboundEffect::UnclearStop => {
                self.reopen();
                self.need_person(message.created_at, AttentionReason::UnclearStop, false);
            }
            InboundEffect::AskedToStop { emergency } => {
                self.reopen();
                self.need_person(message.created_at, AttentionReason::AskedToStop, emergency);
                // The first of several: what came after it is decided with it.
                self.0.doubt.get_or_insert(Doubt { seq: message.seq, at: message.created_at });
            }
            // Whoever snoozed or closed it is not disturbed.
            InboundEffect::ConsentWord => {}
        }
    }

    /// A person of the business writes to the customer: settles attention, answers for everyone.
    pub fn record_reply(&mut self, message: &Message) {
        self.append(message);
        self.reopen();
        self.settle();
        self.0.set_aside = None;
        self.0.answered_count = self.customer_count;
    }

    /// The same, by this person: whoever of the office answers in what is nobody's makes it theirs.
    pub fn record_reply_of(&mut self, viewer: &Viewer, message: &Message) {
        self.record_reply(message);
        if viewer.is_office() {
            self.0.assignee.get_or_insert_with(|| viewer.staff.clone());
        }
    }

    /// Staff write to staff: it takes the next place and its row shows it to those who may read it. It changes
    /// neither attention nor unread, reopens nothing, is about no job, and moves nobody's list.
    pub fn record_note(&mut self, note: &Message) {
        debug_assert_eq!(note.seq, self.seq + 1, "the timeline has no gaps");
        self.0.seq = note.seq;
        self.0.last_message = Some(LastMessage::of(note));
    }

    /// An entry that changes neither attention nor unread: automated.
    pub fn record_other(&mut self, message: &Message) {
        self.append(message);
    }

    /// A technician hands it to the office: it needs a person from now on, and a snooze ends.
    pub fn hand_over(&mut self, at: Timestamp) {
        self.0.state = State::Open;
        self.0.snoozed_until = None;
        self.need_person(at, AttentionReason::Raised, false);
    }

    /// The crew reads it and cannot write to the customer; or may again.
    pub const fn restrict(&mut self, office_only: bool) {
        self.0.office_only = office_only;
    }

    /// Somebody's, or nobody's.
    pub fn assign(&mut self, to: Option<StaffId>) {
        self.0.assignee = to;
    }

    /// In no filter, and disturbing nobody; or again as it was.
    pub const fn block(&mut self, blocked: bool) {
        self.0.blocked = blocked;
    }

    /// Who the contact point belongs to.
    pub fn know_customer(&mut self, customer: Option<CustomerSummary>) {
        self.0.customer = customer;
    }

    /// A landline, unreachable; or not.
    pub const fn know_cannot_text(&mut self, cannot_text: bool) {
        self.0.cannot_text = cannot_text;
    }

    /// What the row shows of the consent on record.
    pub fn know_consent(&mut self, on_record: Option<&Consent>) {
        self.0.opted_out = !Consent::allows(on_record);
    }

    /// A word of the customer's, or a person's decision, says what was meant: texts leave, or do not, by consent
    /// alone.
    pub fn settle_doubt(&mut self) {
        self.0.doubt = None;
    }

    /// Nobody asked for no more texts: what was written waits for an answer like any message.
    pub fn dismiss_doubt(&mut self) {
        self.settle_doubt();
        let asked = |attention: &&mut Attention| attention.reason == AttentionReason::AskedToStop;
        if let Some(attention) = self.0.attention.as_mut().filter(asked) {
            attention.reason = AttentionReason::Customer;
        }
    }

    /// They asked for no more texts: a person has seen to it.
    pub fn confirm_doubt(&mut self) {
        self.settle_doubt();
        if self.attention.is_some_and(|attention| attention.reason == AttentionReason::AskedToStop) {
            self.settle();
        }
    }

    /// A person is needed; the first cause since the last settling act keeps its time, and its reason unless the
    /// new one says how to answer.
    pub fn need_person(&mut self, at: Timestamp, reason: AttentionReason, emergency: bool) {
        let attention = self.0.attention.get_or_insert(Attention { waiting_since: at, reason, emergency });
        attention.emergency |= emergency;
        if reason.advice().is_some() {
            attention.reason = reason;
        }
        self.0.set_aside = None;
        self.0.looked_settled = false;
    }

    /// Nobody on the job has opened what waits: the office sees why it comes up now, unless there is something graver.
    pub fn go_unopened(&mut self) {
        if let Some(attention) = self.0.attention.as_mut().filter(|it| it.reason.advice().is_none()) {
            attention.reason = AttentionReason::Unopened;
        }
    }

    /// Done: stays open, needs nobody. What was put off until later is done, too.
    pub fn settle(&mut self) {
        self.0.snoozed_until = None;
        self.0.set_aside = self.0.attention.take().or(self.set_aside);
        self.0.looked_settled = false;
        self.0.failed = None;
    }

    /// Done, Close or "looked settled" is undone: it waits again since it did before. With none of these to
    /// undo, somebody says that it needs a person from now on, and a snooze ends.
    pub fn raise(&mut self, at: Timestamp) {
        if self.set_aside.is_none() {
            self.0.snoozed_until = None;
        }
        let anew = Attention { waiting_since: at, reason: AttentionReason::Raised, emergency: false };
        self.0.attention = self.attention.or(self.0.set_aside.take()).or(Some(anew));
        self.0.state = State::Open;
        self.0.looked_settled = false;
    }

    /// Close: leaves Active and every technician's list.
    pub fn close(&mut self) {
        self.0.state = State::Closed;
        self.0.snoozed_until = None;
        self.settle();
    }

    /// A snooze is taken back: as if nobody had put it off.
    pub const fn unsnooze(&mut self) {
        self.0.snoozed_until = None;
    }

    /// Open again.
    pub fn reopen(&mut self) {
        self.0.state = State::Open;
        self.0.snoozed_until = None;
    }

    /// Out of Active until its time, or until a person writes.
    pub fn snooze(&mut self, until: Timestamp) {
        self.0.state = State::Open;
        self.0.snoozed_until = Some(until);
        self.0.looked_settled = false;
    }

    /// The end of a snooze needs a person; whether it has come.
    pub fn wake(&mut self, now: Timestamp) -> bool {
        let Some(until) = self.snoozed_until.filter(|until| *until <= now) else { return false };
        self.0.snoozed_until = None;
        self.need_person(until, AttentionReason::SnoozeEnded, false);
        // Since when the customer waits stays; why it comes up now is that its time has come.
        if let Some(attention) = self.0.attention.as_mut().filter(|it| it.reason.advice().is_none()) {
            attention.reason = AttentionReason::SnoozeEnded;
        }
        true
    }

    /// The job that closing would hide from its crew: closing asks first.
    pub fn job_ahead(&self, now: Timestamp) -> Option<&JobSummary> {
        let job = self.customer.as_ref()?.job.as_ref()?;
        let ahead = match job.status {
            JobStatus::InProgress => true,
            JobStatus::Scheduled => job.scheduled_at.is_none_or(|at| at >= now),
            JobStatus::Completed | JobStatus::Canceled => false,
        };
        ahead.then_some(job)
    }

    /// A message of the timeline may have changed its state, which was `before`: the row shows it, and a send
    /// that has newly failed for good needs a person, who looks among the open ones: it opens again.
    pub fn record_status(&mut self, message: &Message, before: Status, at: Timestamp) {
        let status = message.status();
        if let Some(last) = self.0.last_message.as_mut().filter(|last| last.seq == message.seq) {
            last.status = status;
        }
        // More evidence of a failure that a person has settled already is no new failure.
        let failed = status.is_final_failure() && !before.is_final_failure();
        if failed && message.dismissed_at().is_none() {
            self.0.failed = self.failed.max(Some(message.seq));
            self.reopen();
            self.need_person(at, AttentionReason::Failure, false);
        } else if !status.is_final_failure() {
            self.forget_failure(message.seq);
        }
    }

    /// The files of a message are known by their bytes now: whether the row calls it otherwise.
    pub fn record_files(&mut self, message: &Message) -> bool {
        let Some(last) = self.0.last_message.as_mut().filter(|last| last.seq == message.seq) else {
            return false;
        };
        let text = snippet(message);
        let is_other = last.text != text;
        last.text = text;
        is_other
    }

    /// A message that did not arrive was put aside, or arrived after all.
    pub fn forget_failure(&mut self, seq: u64) {
        self.0.failed = self.failed.filter(|failed| *failed != seq);
    }

    /// A message that did not arrive was sent to another contact point of the same customer: it waits here for
    /// nobody, unless the customer does.
    pub fn resent_elsewhere(&mut self, seq: u64) {
        self.forget_failure(seq);
        if self.attention.is_some_and(|attention| attention.reason == AttentionReason::Failure) {
            self.settle();
            self.0.set_aside = None;
        }
    }

    /// The job that a new customer message is about: the customer's one active job, or the job that the
    /// thread was about within a day.
    pub fn job_of_inbound(&self, active_jobs: &[JobId], now: Timestamp) -> Option<JobId> {
        match active_jobs {
            [only] => Some(only.clone()),
            _ => self
                .last_job
                .as_ref()
                .filter(|(_, at)| now.since(*at) < JOB_TAG_LASTS)
                .map(|(job, _)| job.clone()),
        }
    }

    /// The next place of the timeline.
    pub const fn next_seq(&self) -> u64 {
        self.0.seq + 1
    }

    pub(super) fn append(&mut self, message: &Message) {
        debug_assert_eq!(message.seq, self.seq + 1, "the timeline has no gaps");
        self.0.seq = message.seq;
        self.0.last_activity_at = self.last_activity_at.max(message.created_at);
        if let Some(job) = &message.job {
            self.0.last_job = Some((job.clone(), message.created_at));
        }
        self.0.last_message = Some(LastMessage::of(message));
    }

    /// Nothing waits, and should it turn out otherwise, then since this thanks.
    fn look_settled(&mut self, at: Timestamp) {
        let thanks = Attention { waiting_since: at, reason: AttentionReason::Customer, emergency: false };
        self.0.set_aside = Some(thanks);
        self.0.looked_settled = true;
    }
}

impl LastMessage {
    /// A message as a row shows it.
    pub fn of(message: &Message) -> Self {
        Self {
            id: message.id.clone(),
            seq: message.seq,
            text: snippet(message),
            kind: message.kind(),
            direction: message.direction(),
            author: message.author().cloned(),
            status: message.status(),
            at: message.created_at,
        }
    }
}

/// The start of what a message says, in one line; without words, what its files are.
pub(super) fn snippet(message: &Message) -> String {
    if message.deleted_at().is_some() {
        return "Message deleted".to_owned();
    }
    let line = message.text().split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() {
        return wordless(message.media());
    }
    if line.chars().count() <= SNIPPET_CHARS {
        return line;
    }
    let mut cut: String = line.chars().take(SNIPPET_CHARS - 1).collect();
    cut.push('…');
    cut
}
