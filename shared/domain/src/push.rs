//! Whom a message wakes, and with which words (RULES "Push").
//!
//! # Layout
//!
//! - [`alert`]: the one decision, of one person and one message, from facts as they are at that moment. It is asked
//!   again right before each post. [`escalation`]: the same of the ladder's last step.
//! - [`notice`](self::words): what the notification says: who, and not what. `tries`: when a post is tried again. `learned`: what it
//!   tells of the device.
//! - [`reach`](self::reach()): whether the next message would wake somebody, for colleagues to know.
//! - `rule`: what a business says of the push ladder. [`ladder`](Ladder): how far one has come, and what ends it. `texts`:
//!   whether somebody may be texted.
//!
//! Invariant: nobody is woken by what they cannot see ([`crate::access`]), wrote themselves, or have read.
//! Invariant: each kind of message stands in a match without a wildcard: a new one wakes nobody before somebody has
//! decided.

use std::time::Duration;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::access::{Sight, Viewer};
use crate::conversation::{Conversation, ReadMarker};
use crate::hours::TimeOfDay;
use crate::message::{Message, MessageKind};
use crate::party::Party;
use crate::staff::Staff;
use crate::time::Timestamp;

mod ladder;
mod learned;
mod reach;
mod rule;
mod texts;
mod tries;
mod words;

#[cfg(test)]
mod ladder_tests;
#[cfg(test)]
mod tests;

pub use self::ladder::{Around, CrewMember, Ladder, Next, Over, Rung, Step, is_texted};
pub use self::learned::{Learned, learned};
pub use self::reach::{Reach, Standing, reach};
pub use self::rule::{LONGEST_STEP, NotAStep, PushLadder, SHORTEST_STEP};
pub use self::texts::{StaffTexts, TEXTS_HOW, TEXTS_WORDS, TextsAgreement, TextsStopped, may_text_staff};
pub use self::tries::{LASTS, LEASE, next_try};
pub use self::words::{Names, Notice, NoticeKind, neutral, notice, step_words, test};

/// What is older than this when it is first come by wakes nobody: it was imported, replayed or told anew.
pub const WAKES_FOR: Duration = Duration::from_hours(1);

/// Which customers' messages wake somebody of the office.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OfficePushes {
    /// Those of conversations that are theirs, or nobody's.
    #[default]
    Mine,
    /// All that they see.
    All,
    /// None, but for those of a crew or a conversation that they were added to; nor what crews and technicians write to
    /// the office.
    None,
}

/// From when to when somebody is not woken, by their own wall clock; equal ends mean never.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietTime {
    /// From, inclusive.
    pub from: TimeOfDay,
    /// Until, exclusive.
    pub until: TimeOfDay,
    /// Their IANA time zone.
    pub time_zone: String,
}

impl QuietTime {
    /// Whether it is quiet at this instant. The wall clock decides, so that neither summer time nor UTC moves it.
    pub fn holds(&self, at: Timestamp) -> bool {
        let zone = TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC);
        let wall = zone.to_datetime(at.to_jiff());
        let now = TimeOfDay::of(wall.time());
        let until = if self.until == TimeOfDay::MIDNIGHT { TimeOfDay::START } else { self.until };
        match self.from.cmp(&until) {
            std::cmp::Ordering::Equal => false,
            std::cmp::Ordering::Less => self.from <= now && now < until,
            std::cmp::Ordering::Greater => self.from <= now || now < until,
        }
    }
}

/// What one person wants to be woken for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushPreferences {
    /// Their quiet time; nobody has any until they set it.
    #[serde(default)]
    pub quiet: Option<QuietTime>,
    /// Woken by emergencies at any hour, whoever's conversation it is.
    #[serde(default)]
    pub on_call: bool,
    /// Of the office: which customers' messages.
    #[serde(default)]
    pub office: OfficePushes,
}

/// What somebody changes of it; all else stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PushChange {
    /// Their quiet time, or none any more.
    pub quiet: Option<Option<QuietTime>>,
    /// Woken by emergencies at any hour.
    pub on_call: Option<bool>,
    /// Of the office: which customers' messages.
    pub office: Option<OfficePushes>,
}

/// One person and one message, as things are at this moment.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The conversation.
    pub conversation: &'a Conversation,
    /// The message.
    pub message: &'a Message,
    /// The person.
    pub staff: &'a Staff,
    /// The same, as the policy knows them.
    pub viewer: &'a Viewer,
    /// How much of the conversation they see.
    pub sight: &'a Sight,
    /// What they have read of it.
    pub marker: &'a ReadMarker,
    /// They work on the message's job now.
    pub is_crew: bool,
    /// Somebody who is not off works on the message's job now.
    pub has_crew: bool,
    /// The office added them to the conversation.
    pub is_participant: bool,
    /// What they want to be woken for.
    pub preferences: &'a PushPreferences,
}

/// Somebody is woken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alert {
    /// By what.
    pub kind: NoticeKind,
    /// A customer is in an emergency.
    pub emergency: bool,
}

/// Whether this message wakes this person now, and as what.
pub fn alert(asked: &Asked<'_>, now: Timestamp) -> Option<Alert> {
    let emergency = is_emergency(asked);
    let kind = kind_of(asked, emergency)?;
    wakes_now(asked, emergency, now).then_some(Alert { kind, emergency })
}

/// Whether this person is woken, now, by nobody of the crew having opened this customer's message: the office, but for
/// those who want to hear of none; in an emergency whoever is on call.
pub fn escalation(asked: &Asked<'_>, now: Timestamp) -> Option<Alert> {
    let emergency = is_emergency(asked);
    let wants = match asked.preferences.office {
        OfficePushes::Mine | OfficePushes::All => asked.viewer.is_office(),
        OfficePushes::None => false,
    };
    let is_told = wants || (emergency && asked.preferences.on_call);
    let kind = NoticeKind::Escalation;
    (is_told && wakes_now(asked, emergency, now)).then_some(Alert { kind, emergency })
}

/// Whether anything may wake this person now, if it is theirs to be woken by.
fn wakes_now(asked: &Asked<'_>, emergency: bool, now: Timestamp) -> bool {
    let Asked { conversation, message, staff, sight, .. } = *asked;
    let is_theirs = message.author() == Some(&staff.id);
    let is_deleted = message.deleted_at().is_some();
    if !staff.works()
        || staff.is_off(now)
        || is_theirs
        || is_deleted
        || conversation.blocked
        || !sight.shows(message)
        || is_read(asked)
    {
        return false;
    }
    let goes_through = emergency && asked.preferences.on_call;
    let is_quiet = asked.preferences.quiet.as_ref().is_some_and(|quiet| quiet.holds(now));
    goes_through || !is_quiet
}

/// Whether messages of this kind wake anybody: spares reading anything more of the others.
pub fn may_wake(message: &Message) -> bool {
    match message.kind() {
        MessageKind::Customer | MessageKind::Internal | MessageKind::Escalation => true,
        MessageKind::Note => !message.mentions().is_empty(),
        MessageKind::Staff | MessageKind::Automated | MessageKind::System => false,
    }
}

fn kind_of(asked: &Asked<'_>, emergency: bool) -> Option<NoticeKind> {
    match asked.message.kind() {
        MessageKind::Customer => wakes_for_customer(&asked.into(), emergency).then_some(NoticeKind::Message),
        MessageKind::Internal => wakes_internally(&asked.into()).then_some(NoticeKind::Internal),
        MessageKind::Escalation => Some(NoticeKind::Escalation),
        MessageKind::Note => {
            asked.message.mentions().contains(&asked.staff.id).then_some(NoticeKind::Mention)
        }
        MessageKind::Staff | MessageKind::Automated | MessageKind::System => None,
    }
}

/// The crew of the message's job, whoever was added, whoever it is assigned to; with no crew the office, as each wants
/// it; in an emergency whoever is on call.
fn wakes_for_customer(standing: &Standing<'_>, emergency: bool) -> bool {
    let assignee = standing.conversation.assignee.as_ref();
    let is_assigned = assignee == Some(&standing.staff.id);
    if standing.is_crew || standing.is_participant || (emergency && standing.preferences.on_call) {
        return true;
    }
    if !standing.viewer.is_office() {
        return is_assigned;
    }
    match standing.preferences.office {
        OfficePushes::All => true,
        OfficePushes::Mine => is_assigned || (assignee.is_none() && !standing.has_crew),
        OfficePushes::None => false,
    }
}

/// The other of a pair, whoever works on the job, whose own thread it is; the rest of the office unless they want nothing.
fn wakes_internally(standing: &Standing<'_>) -> bool {
    let is_theirs = match &standing.conversation.party {
        Party::Crew { .. } => standing.is_crew,
        Party::Staff { staff } => *staff == standing.staff.id,
        Party::Pair(_) | Party::Customer(_) | Party::StaffPhone { .. } => true,
    };
    if is_theirs || !standing.viewer.is_office() {
        return true;
    }
    match standing.preferences.office {
        OfficePushes::All | OfficePushes::Mine => true,
        OfficePushes::None => false,
    }
}

fn is_emergency(asked: &Asked<'_>) -> bool {
    let is_customers = asked.message.kind() == MessageKind::Customer;
    is_customers && asked.conversation.attention.is_some_and(|attention| attention.emergency)
}

/// They, or for a customer's message anybody who answered, have seen to it.
fn is_read(asked: &Asked<'_>) -> bool {
    let Asked { conversation, message, marker, .. } = *asked;
    match message.kind() {
        MessageKind::Customer => conversation.unread(marker) == 0,
        MessageKind::Note => marker.mentioned.is_none_or(|seq| seq < message.seq),
        MessageKind::Internal => conversation.customer_count > 0 && conversation.unread(marker) == 0,
        MessageKind::Escalation | MessageKind::Staff | MessageKind::Automated | MessageKind::System => false,
    }
}
