//! The push ladder of one conversation: a customer's message that nobody of the crew opens, what follows, and what ends
//! it (RULES "Push ladder").
//!
//! One stands at a time. It is a row of steps, each taken once: whoever takes one writes the ladder as it then is, on
//! condition that it is as it was read, and the conversation likewise; so a reply that comes in between wins.

use serde::{Deserialize, Serialize};

use super::rule::PushLadder;
use super::{LEASE, PushPreferences, WAKES_FOR};
use crate::conversation::{Conversation, ReadMarker};
use crate::customer::{Job, JobStatus};
use crate::id::{JobId, MessageId};
use crate::message::{Message, MessageKind};
use crate::staff::Staff;
use crate::time::Timestamp;
use crate::workday::{Days, Workday};

/// What is done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    /// The crew is texted.
    Text,
    /// The thread says so, and waits for the office.
    Alert,
    /// The office is woken by what the thread says.
    Tell,
}

/// What is done next, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Next {
    /// What.
    pub rung: Rung,
    /// When.
    pub at: Timestamp,
}

/// A message that nobody of the crew has opened, and how far that has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ladder {
    /// The message.
    pub message: MessageId,
    /// Its place.
    pub seq: u64,
    /// The job that it is about.
    pub job: JobId,
    /// When it came.
    pub since: Timestamp,
    /// The conversation's `customer_count` with it: who has read so many has opened it.
    pub count: u64,
    /// What came until there begins no ladder any more: a record of it comes again.
    pub covers: u64,
    /// What is done next; none once it is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Next>,
    /// Counts the writes, for conditions.
    pub version: u64,
}

/// Somebody who works on the job now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrewMember {
    /// Who.
    pub staff: Staff,
    /// What they have read of the conversation.
    pub marker: ReadMarker,
    /// Since when their work lets them in; none where the office added them. Unread begins at joining, so what came
    /// before is marked as read, and nobody knows whether they looked.
    pub joined_at: Option<Timestamp>,
}

/// What a ladder is judged by, as it is now.
#[derive(Clone, Copy, Debug)]
pub struct Around<'a> {
    /// What the business says.
    pub rule: &'a PushLadder,
    /// Its time zone.
    pub time_zone: &'a str,
    /// The conversation.
    pub conversation: &'a Conversation,
    /// The job of the message.
    pub job: Option<&'a Job>,
    /// Who works on it.
    pub crew: &'a [CrewMember],
}

/// Why a ladder is over before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Over {
    /// The business has switched it off.
    SwitchedOff,
    /// A person has answered, or is about to.
    Answered,
    /// A person has put the conversation away, or off; or it waits for something that came after.
    Settled,
    /// The job is canceled, or of another day.
    NotThatDay,
    /// Nobody works on it any more.
    NoCrew,
    /// Somebody of the crew has opened it.
    Opened,
}

/// What is to be done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Nothing yet.
    Rest,
    /// It ends.
    End(Over),
    /// The crew is texted.
    Text,
    /// The thread says so, and waits for the office.
    Alert,
    /// The office is woken.
    Tell,
}

impl Ladder {
    /// The ladder that a customer's message begins, where none stands and it is none that another one covered. `before`
    /// is the conversation's last.
    pub fn begin(
        message: &Message,
        around: &Around<'_>,
        before: Option<&Self>,
        now: Timestamp,
    ) -> Option<Self> {
        let is_news = message.kind() == MessageKind::Customer
            && now.since(message.created_at) <= WAKES_FOR
            && before.is_none_or(|before| before.covers < message.seq);
        let job = message.job.clone().filter(|_| is_news)?;
        let at = message.created_at + around.rule.text_after();
        let ladder = Self {
            message: message.id.clone(),
            seq: message.seq,
            job,
            since: message.created_at,
            count: around.conversation.customer_count,
            covers: message.seq,
            next: Some(Next { rung: Rung::Text, at }),
            version: before.map_or(0, |before| before.version),
        };
        ladder.over(around).is_none().then_some(ladder)
    }

    /// Whether it still goes on, as far as it knows by itself.
    pub const fn stands(&self) -> bool {
        self.next.is_some()
    }

    /// Why there is nothing to climb for any more.
    pub fn over(&self, around: &Around<'_>) -> Option<Over> {
        let conversation = around.conversation;
        let is_answered = conversation.answered_count >= self.count
            || conversation.planned.iter().any(|place| *place > self.seq);
        let waits = conversation.attention.is_some_and(|attention| attention.waiting_since <= self.since);
        if !around.rule.is_on() {
            Some(Over::SwitchedOff)
        } else if is_answered {
            Some(Over::Answered)
        } else if !waits || conversation.blocked || conversation.snoozed_until.is_some() {
            Some(Over::Settled)
        } else if !around.job.is_some_and(|job| self.is_of_that_day(job, around.time_zone)) {
            Some(Over::NotThatDay)
        } else if around.crew.is_empty() {
            Some(Over::NoCrew)
        } else {
            around.crew.iter().any(|member| self.was_opened_by(member)).then_some(Over::Opened)
        }
    }

    /// What is to be done now.
    pub fn step(&self, around: &Around<'_>, now: Timestamp) -> Step {
        let Some(next) = self.next else { return Step::Rest };
        // What the thread has said the office is told of, unless a person has seen to it.
        let is_seen_to = |over: &Over| matches!(over, Over::Answered | Over::Settled);
        let over = self.over(around).filter(|over| next.rung != Rung::Tell || is_seen_to(over));
        match (over, next.rung) {
            (Some(over), _) => Step::End(over),
            _ if now < next.at => Step::Rest,
            (None, Rung::Text) => Step::Text,
            (None, Rung::Alert) => Step::Alert,
            (None, Rung::Tell) => Step::Tell,
        }
    }

    /// The crew is texted in this commit: the office comes next.
    #[must_use]
    pub fn texted(self, rule: &PushLadder, now: Timestamp) -> Self {
        let next = Next { rung: Rung::Alert, at: now + rule.alert_after() };
        Self { next: Some(next), ..self }
    }

    /// The thread says in this commit, at this place, that nobody opened it. Whoever writes that wakes the office;
    /// should they not come to it, somebody else does.
    #[must_use]
    pub fn alerted(self, said_at: u64, now: Timestamp) -> Self {
        let next = Next { rung: Rung::Tell, at: now + LEASE };
        Self { next: Some(next), covers: said_at, ..self }
    }

    /// It is over.
    #[must_use]
    pub fn ended(self) -> Self {
        Self { next: None, ..self }
    }

    /// The day that counts is the one on which the message came.
    fn is_of_that_day(&self, job: &Job, time_zone: &str) -> bool {
        job.id == self.job
            && job.status != JobStatus::Canceled
            && Workday::new(self.since, time_zone).has(Days::Today, job)
    }

    fn was_opened_by(&self, member: &CrewMember) -> bool {
        let was_there = member.joined_at.is_none_or(|joined| joined <= self.since);
        was_there && member.marker.read_count >= self.count
    }
}

/// Whether somebody of the crew is texted, who has `agreed` to it: not while they are off, nor in their quiet time,
/// unless they are on call and it is an emergency.
pub fn is_texted(
    staff: &Staff,
    wants: &PushPreferences,
    agreed: bool,
    emergency: bool,
    now: Timestamp,
) -> bool {
    let is_quiet = wants.quiet.as_ref().is_some_and(|quiet| quiet.holds(now));
    agreed && staff.works() && !staff.is_off(now) && (!is_quiet || (emergency && wants.on_call))
}
