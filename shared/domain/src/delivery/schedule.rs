//! What goes later: at a time that somebody chose, or a few seconds after it was written so that it can be taken back
//! (RULES "Later", "Sending").
//!
//! A message that waits is judged when its time has come, by the facts as they are then: it goes, waits on (the
//! customer's night, an open editor), is held for a person, or goes no more since the customer wrote.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Delivery, InvalidTransition, Local};
use crate::id::StaffId;
use crate::time::Timestamp;

/// Later than this after its time nothing leaves by itself: everything stood still meanwhile.
pub const LATE_AFTER: Duration = Duration::from_hours(1);

/// An open editor holds its message no longer than this past its time.
pub const EDITED_FOR: Duration = Duration::from_mins(10);

/// An editor that says no more is believed to be open for so long: it asks more often.
pub const EDITOR_LASTS: Duration = Duration::from_secs(90);

/// Editors of one message that are told apart.
const MOST_EDITORS: usize = 8;

/// What was asked of a message that goes later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// When it was asked to go.
    pub send_at: Timestamp,
    /// When it is to go: after the customer's night, where `send_at` lies in it.
    pub goes_at: Timestamp,
    /// The time zone of that night.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet_zone: Option<String>,
    /// Held only so that it can be taken back: for everybody as good as sent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub undo: bool,
    /// It goes no more where the customer has written before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cancel_on_reply: bool,
    /// What its writer knew: customer messages ever, when words or time were last set.
    pub customer_count: u64,
    /// What its writer knew: the newest place of the timeline then.
    pub seen_seq: u64,
    /// Counts the changes of words and time.
    #[serde(default)]
    pub revision: u32,
    /// Editors that are open, by a name of their own, and until when that is believed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub editors: Vec<(String, Timestamp)>,
    /// Why it waits for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Held>,
    /// The customer wrote before its time, and it was not to go then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub answered: bool,
}

/// Why a message that should have left waits for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The reason.
    pub reason: HeldReason,
    /// Since when.
    pub since: Timestamp,
    /// The colleague who wrote meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<StaffId>,
}

/// Held instead of sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldReason {
    /// The customer opted out: it can never be sent anyway.
    OptedOut,
    /// The customer seems to have asked for no more texts: a person decides first.
    InDoubt,
    /// A colleague has replied since it was written.
    ColleagueReplied,
    /// The thread was closed.
    Closed,
    /// Its writer has no access any more.
    NoAccess,
    /// Everything stood still when its time came.
    Late,
    /// An editor stayed open.
    Editing,
    /// Texts do not reach the number.
    CannotText,
    /// The number was blocked.
    Blocked,
}

/// The facts of the moment at which its time has come.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each a reason of its own")]
pub struct Circumstances {
    /// Now.
    pub now: Timestamp,
    /// The end of the customer's night, if it is night there, and in which zone.
    pub quiet_until: Option<(Timestamp, String)>,
    /// Customer messages ever.
    pub customer_count: u64,
    /// The customer opted out.
    pub opted_out: bool,
    /// The customer seems to have asked for no more texts.
    pub in_doubt: bool,
    /// Texts do not reach the number.
    pub cannot_text: bool,
    /// The number is blocked.
    pub blocked: bool,
    /// The thread is closed.
    pub closed: bool,
    /// Its writer may still write here.
    pub has_access: bool,
    /// The colleague who replied after what its writer knew.
    pub colleague: Option<StaffId>,
}

/// What becomes of a message whose time has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It goes now.
    Go,
    /// It waits until then: an editor is open.
    WaitForEditor(Timestamp),
    /// It waits until then: it is night there.
    WaitForDay(Timestamp, String),
    /// A person decides.
    Hold(Held),
    /// It goes no more: the customer wrote.
    Cancel,
}

impl Schedule {
    /// As it was asked for, by a writer who knows this much.
    pub const fn at(send_at: Timestamp, cancel_on_reply: bool, customer_count: u64, seen_seq: u64) -> Self {
        Self {
            send_at,
            goes_at: send_at,
            quiet_zone: None,
            undo: false,
            cancel_on_reply,
            customer_count,
            seen_seq,
            revision: 0,
            editors: Vec::new(),
            held: None,
            answered: false,
        }
    }

    /// Held for a moment, so that it can be taken back.
    pub fn undo(until: Timestamp, customer_count: u64, seen_seq: u64) -> Self {
        Self { undo: true, ..Self::at(until, false, customer_count, seen_seq) }
    }

    /// The same after the customer's night.
    #[must_use]
    pub fn after_night(self, night: Option<(Timestamp, String)>) -> Self {
        match night {
            Some((ends, zone)) => Self { goes_at: ends, quiet_zone: Some(zone), ..self },
            None => Self { goes_at: self.send_at, quiet_zone: None, ..self },
        }
    }

    /// Until when an editor is believed to be open.
    fn edited_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.editors.iter().map(|(_, until)| *until).filter(|until| *until > now).max()
    }

    fn judge(&self, facts: &Circumstances) -> Verdict {
        let Circumstances { now, .. } = *facts;
        if self.cancel_on_reply && facts.customer_count > self.customer_count {
            return Verdict::Cancel;
        }
        if let Some(reason) = self.obstacle(facts) {
            let by = facts.colleague.clone().filter(|_| reason == HeldReason::ColleagueReplied);
            return Verdict::Hold(Held { reason, since: now, by });
        }
        if self.undo {
            return Verdict::Go;
        }
        if let Some(until) = self.edited_until(now) {
            let ends = self.goes_at + EDITED_FOR;
            if now < ends {
                return Verdict::WaitForEditor(until.min(ends));
            }
            return Verdict::Hold(Held { reason: HeldReason::Editing, since: now, by: None });
        }
        match facts.quiet_until.clone() {
            Some((until, zone)) => Verdict::WaitForDay(until, zone),
            None => Verdict::Go,
        }
    }

    /// What holds it. What was sent to leave in a moment is held by a standstill alone: all else was seen when it was
    /// written, and consent is asked again before the call.
    fn obstacle(&self, facts: &Circumstances) -> Option<HeldReason> {
        let is_late = facts.now > self.goes_at + LATE_AFTER;
        let reasons = [
            (facts.opted_out && !self.undo, HeldReason::OptedOut),
            (facts.in_doubt && !self.undo, HeldReason::InDoubt),
            (facts.blocked && !self.undo, HeldReason::Blocked),
            (is_late, HeldReason::Late),
            (facts.closed && !self.undo, HeldReason::Closed),
            (!facts.has_access && !self.undo, HeldReason::NoAccess),
            (facts.colleague.is_some() && !self.undo, HeldReason::ColleagueReplied),
            (facts.cannot_text && !self.undo, HeldReason::CannotText),
        ];
        reasons.into_iter().find(|(stands, _)| *stands).map(|(_, reason)| reason)
    }
}

impl Delivery {
    /// To go later.
    pub fn later(schedule: Schedule) -> Self {
        let at = schedule.goes_at;
        Self { schedule: Some(schedule), ..Self::scheduled(at) }
    }

    /// Waits for its time, or for a person.
    pub fn is_waiting(&self) -> bool {
        self.evidence.is_empty() && matches!(self.local, Local::Scheduled { .. })
    }

    /// Waits for a time that somebody chose: no part of what was said yet.
    pub fn is_planned(&self) -> bool {
        self.is_waiting() && !self.schedule.as_ref().is_some_and(|schedule| schedule.undo)
    }

    /// Waits for the moment in which its writer may take it back, and for nobody.
    pub fn is_in_its_moment(&self) -> bool {
        self.is_waiting() && !self.is_planned() && self.why_held().is_none()
    }

    /// Why it waits for a person.
    pub fn why_held(&self) -> Option<&Held> {
        self.schedule.as_ref().filter(|_| self.is_waiting())?.held.as_ref()
    }

    /// Whether it counts as written to the customer: under way, or held only to be taken back.
    pub fn counts_as_written(&self) -> bool {
        !(self.is_planned() || self.evidence.is_empty() && matches!(self.local, Local::Canceled))
    }

    /// What becomes of it now; nothing before its time.
    pub fn judge(&self, facts: &Circumstances) -> Option<Verdict> {
        let Local::Scheduled { at } = self.local else { return None };
        if !self.is_waiting() || at > facts.now || self.why_held().is_some() {
            return None;
        }
        Some(self.schedule.as_ref().map_or(Verdict::Go, |schedule| schedule.judge(facts)))
    }

    /// Does as judged.
    pub fn follow(&mut self, verdict: Verdict, now: Timestamp) -> Result<(), InvalidTransition> {
        if matches!(verdict, Verdict::Go) {
            return self.enqueue(now);
        }
        self.waiting("judge")?;
        let at = match &verdict {
            Verdict::WaitForEditor(until) | Verdict::WaitForDay(until, _) => Some(*until),
            _ => None,
        };
        if let Some(at) = at {
            self.local = Local::Scheduled { at };
        }
        if verdict == Verdict::Cancel {
            self.local = Local::Canceled;
        }
        if let Some(schedule) = &mut self.schedule {
            match verdict {
                Verdict::WaitForDay(until, zone) => {
                    (schedule.goes_at, schedule.quiet_zone) = (until, Some(zone));
                }
                Verdict::Hold(held) => schedule.held = Some(held),
                Verdict::Cancel => schedule.answered = true,
                Verdict::Go | Verdict::WaitForEditor(_) => {}
            }
        }
        Ok(())
    }

    /// A person sends it now: whatever its time, or what held it.
    pub fn send_now(&mut self, now: Timestamp) -> Result<(), InvalidTransition> {
        self.waiting("send")?;
        if let Some(schedule) = &mut self.schedule {
            schedule.held = None;
            schedule.editors.clear();
        }
        self.local = Local::Scheduled { at: now };
        self.enqueue(now)
    }

    /// Other words, another time: what its writer knows now is what counts.
    pub fn reschedule(&mut self, schedule: Schedule) -> Result<(), InvalidTransition> {
        self.waiting("change")?;
        let revision = self.schedule.as_ref().map_or(0, |had| had.revision) + 1;
        self.local = Local::Scheduled { at: schedule.goes_at };
        self.queued_at = schedule.goes_at;
        self.schedule = Some(Schedule { revision, ..schedule });
        Ok(())
    }

    /// An editor is open, or still is.
    pub fn edited(&mut self, editor: &str, now: Timestamp) -> Result<(), InvalidTransition> {
        self.waiting("edit")?;
        let Some(schedule) = &mut self.schedule else { return Ok(()) };
        schedule.editors.retain(|(name, until)| name != editor && *until > now);
        schedule.editors.truncate(MOST_EDITORS - 1);
        schedule.editors.push((editor.to_owned(), now + EDITOR_LASTS));
        Ok(())
    }

    /// An editor was closed without saving: where its time has come meanwhile, the old words go.
    pub fn edited_no_more(&mut self, editor: &str) {
        let Some(schedule) = &mut self.schedule else { return };
        schedule.editors.retain(|(name, _)| name != editor);
        let goes_at = schedule.goes_at;
        if self.is_waiting() {
            self.local = Local::Scheduled { at: goes_at };
        }
    }

    fn waiting(&self, act: &'static str) -> Result<(), InvalidTransition> {
        if self.is_waiting() { Ok(()) } else { Err(self.invalid(act)) }
    }
}

#[cfg(test)]
mod tests;
