//! One command over many conversations, worked off page by page, and taken back in one.
//!
//! # Layout
//!
//! - [`Bulk`]: the command, and how far it is. First its rows are *laid*: a snapshot of what was selected, cut into
//!   pages. Then page after page is *worked*, and page after page of what was worked may be *taken back*.
//! - [`BulkAct`]: what is done with each row, and which rows it leaves alone ([`LeftAlone`]).
//! - `trace`: what a row was before, and what the command left. A row is as the command left it while nobody has
//!   written there since, and nobody has decided otherwise; only such a row is put back.
//! - `tally`: what became of the rows.
//!
//! Each row is a command of its own, its id derived from the bulk command's ([`row_command`]): however often a page
//! is worked, a row is done once (P9).

mod tally;
mod trace;

#[cfg(test)]
mod tests;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::access::Act;
use crate::command::Fingerprint;
use crate::conversation::{Conversation, State};
use crate::id::{CommandId, ConversationId, StaffId};
use crate::time::Timestamp;

pub use self::tally::{Left, NAMED, Outcome, Tally};
pub use self::trace::Trace;

/// Rows of a page: as many as are worked in one request.
pub const PAGE: usize = 20;

/// Rows that are laid in one request, and that a client may name.
pub const LAID_AT_ONCE: usize = 90 * PAGE;

/// How long a command can be gone on with, and taken back.
pub const LASTS: Duration = Duration::from_hours(24);

/// What is done with each row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BulkAct {
    /// Read, for the person themselves.
    Read,
    /// Needs nobody.
    Done,
    /// Put away.
    Close,
    /// Made somebody's, or nobody's.
    Assign {
        /// Whose.
        to: Option<StaffId>,
    },
    /// Made nobody's, since whose they are is off today.
    Release {
        /// Whose.
        from: StaffId,
    },
    /// Put off.
    Snooze {
        /// Until then.
        until: Timestamp,
    },
}

/// A row of the snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which conversation.
    pub conversation: ConversationId,
    /// The place of the newest message in it then; 0 where there was none.
    pub said: u64,
}

impl Row {
    /// As it is now.
    pub fn of(conversation: &Conversation) -> Self {
        Self { conversation: conversation.id.clone(), said: said(conversation) }
    }
}

/// Neither what tells of an act nor what waits to go is said.
fn said(conversation: &Conversation) -> u64 {
    conversation.last_message.as_ref().map_or(0, |last| last.seq)
}

/// Why a row was left as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftAlone {
    /// There is none, or it is not theirs to see: nobody is told which (P7).
    NotFound,
    /// They see it, and may not.
    Forbidden,
    /// Somebody wrote there after the command began: whoever gave it has not seen that.
    NewMessage,
    /// It is closed already: closing it changes nothing, and putting it off would open it.
    Closed,
    /// Closing would hide it from the crew of a job ahead: that is asked for each by itself.
    JobAhead,
    /// The time until which it was to be put off has passed.
    TimePassed,
    /// Nobody like that works here any more.
    UnknownStaff,
    /// Of what is taken back: it was changed since.
    Changed,
}

impl BulkAct {
    /// The act of each row: what the policy is asked.
    pub const fn act(&self) -> Act {
        match self {
            Self::Read => Act::Read,
            Self::Done => Act::Settle,
            Self::Close => Act::Close,
            Self::Assign { .. } | Self::Release { .. } => Act::Assign,
            Self::Snooze { .. } => Act::Snooze,
        }
    }

    /// What a client's command id is bound to.
    pub fn words(&self) -> Vec<String> {
        match self {
            Self::Read => vec!["read".into()],
            Self::Done => vec!["done".into()],
            Self::Close => vec!["close".into()],
            Self::Assign { to } => {
                vec!["assign".into(), to.as_ref().map(ToString::to_string).unwrap_or_default()]
            }
            Self::Release { from } => vec!["release".into(), from.to_string()],
            Self::Snooze { until } => vec!["snooze".into(), until.to_string()],
        }
    }

    /// Whether this row is left alone by a command in whose snapshot the newest message was at the place `since`.
    pub fn leaves(&self, row: &Conversation, since: u64, now: Timestamp) -> Option<LeftAlone> {
        match self {
            Self::Close | Self::Snooze { .. } if row.state == State::Closed => Some(LeftAlone::Closed),
            Self::Read | Self::Done | Self::Close | Self::Snooze { .. } if said(row) > since => {
                Some(LeftAlone::NewMessage)
            }
            Self::Close => row.job_ahead(now).map(|_| LeftAlone::JobAhead),
            // Whose it is hides nothing from anybody.
            Self::Assign { .. } | Self::Release { .. } | Self::Read | Self::Done | Self::Snooze { .. } => {
                None
            }
        }
    }
}

/// The id of what a bulk command does with a row, or, taken back, undoes with it: the same whenever it is asked for.
pub fn row_command(bulk: &CommandId, kind: RowCommand, row: &ConversationId) -> CommandId {
    let kind = match kind {
        RowCommand::Work => "bulk row",
        RowCommand::TakeBack => "bulk row back",
    };
    derived(bulk, &[kind, bulk.as_str(), row.as_str()])
}

/// The id of the bulk command that follows from somebody's being said to be off today.
pub fn release_command(day_off: &CommandId) -> CommandId {
    derived(day_off, &["release", day_off.as_str()])
}

/// An id of the same time as the one that it is derived from.
fn derived(from: &CommandId, parts: &[&str]) -> CommandId {
    let digest = Fingerprint::of(parts);
    let chance = u128::from_str_radix(&digest.as_str()[..20], 16).expect("a fingerprint is hex digits");
    ulid::Ulid::from_parts(from.ulid().timestamp_ms(), chance).into()
}

/// What a bulk command does with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowCommand {
    /// What was asked for.
    Work,
    /// It is taken back.
    TakeBack,
}

/// What is to be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// More rows are to be laid.
    Lay,
    /// This page is to be worked.
    Work(u32),
    /// Nothing: it is over, or was stopped.
    Nothing,
}

/// A bulk command, and how far it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bulk {
    /// Made by the client.
    pub id: CommandId,
    /// Whose it is.
    pub staff: StaffId,
    /// What is done with each row.
    pub act: BulkAct,
    /// When it began.
    pub at: Timestamp,
    /// Pages that are laid.
    pub pages: u32,
    /// Rows on them.
    pub rows: u32,
    /// Where the laying goes on, if it does; means something to whoever lays.
    pub goes_on: Option<String>,
    /// What was worked.
    pub work: Tally,
    /// Nothing more is to be worked.
    pub stopped: bool,
    /// What was taken back, once somebody asked for it.
    pub back: Option<Tally>,
    /// Counts the writes.
    pub version: u64,
}

impl Bulk {
    /// A command of which nothing is laid yet.
    pub fn begin(id: CommandId, staff: StaffId, act: BulkAct, at: Timestamp) -> Self {
        Self {
            id,
            staff,
            act,
            at,
            pages: 0,
            rows: 0,
            goes_on: None,
            work: Tally::default(),
            stopped: false,
            back: None,
            version: 0,
        }
    }

    /// Until when it can be gone on with, and taken back.
    pub fn ends_at(&self) -> Timestamp {
        self.at + LASTS
    }

    /// What is to be done next.
    pub const fn next(&self) -> Step {
        if self.stopped {
            Step::Nothing
        } else if self.goes_on.is_some() {
            Step::Lay
        } else if self.work.pages < self.pages {
            Step::Work(self.work.pages)
        } else {
            Step::Nothing
        }
    }

    /// Takes these rows into the snapshot; the pages that they make, each with its number.
    pub fn lay(&mut self, rows: &[Row], goes_on: Option<String>) -> Vec<(u32, Vec<Row>)> {
        let first = self.pages;
        let pages: Vec<_> = (first..).zip(rows.chunks(PAGE).map(<[_]>::to_vec)).collect();
        self.pages += count(pages.len());
        self.rows += count(rows.len());
        self.goes_on = goes_on;
        pages
    }

    /// A page was worked; whether that is news. It is told of what was stopped meanwhile, too.
    pub fn worked(&mut self, page: u32, rows: &[(ConversationId, Outcome)]) -> bool {
        self.work.page(page, rows)
    }

    /// Nothing more is worked.
    pub const fn stop(&mut self) {
        self.stopped = true;
    }

    /// It is to be taken back: nothing more is worked.
    pub fn take_back(&mut self) {
        self.stop();
        self.back.get_or_insert_default();
    }

    /// The page that is to be taken back next. The one after those that are known to be worked is among them: its
    /// answer may have been lost.
    pub fn next_back(&self) -> Option<u32> {
        let touched = self.pages.min(self.work.pages + 1);
        self.back.as_ref().map(|back| back.pages).filter(|page| *page < touched)
    }

    /// A page was taken back; whether that is news.
    pub fn taken_back(&mut self, page: u32, rows: &[(ConversationId, Outcome)]) -> bool {
        self.back.as_mut().is_some_and(|back| back.page(page, rows))
    }
}

fn count(many: usize) -> u32 {
    u32::try_from(many).unwrap_or(u32::MAX)
}
