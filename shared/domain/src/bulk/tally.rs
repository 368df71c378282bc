//! What became of the rows of a bulk command.

use serde::{Deserialize, Serialize};

use super::LeftAlone;
use crate::id::ConversationId;

/// Conversations that are named for each reason why some were left alone; the others are only counted.
pub const NAMED: usize = 20;

/// What became of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is as was asked for.
    Done,
    /// It is as it was.
    Left(LeftAlone),
    /// Taken back, where there was nothing to take back: it counts for nothing.
    Untouched,
}

/// How many rows were done, and which were not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Pages that it has counted, from the first on.
    pub pages: u32,
    /// Rows that are as was asked for.
    pub done: u32,
    /// Those that were left alone, reason by reason.
    pub left: Vec<Left>,
}

/// Rows that were left alone for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// The reason.
    pub why: LeftAlone,
    /// How many.
    pub count: u32,
    /// The first of them.
    pub conversations: Vec<ConversationId>,
}

impl Tally {
    /// Rows that were left alone.
    pub fn left_alone(&self) -> u32 {
        self.left.iter().map(|left| left.count).sum()
    }

    /// Counts a page once; whether it is the one to be counted now.
    pub(super) fn page(&mut self, page: u32, rows: &[(ConversationId, Outcome)]) -> bool {
        if page != self.pages {
            return false;
        }
        self.pages += 1;
        for (row, outcome) in rows {
            match outcome {
                Outcome::Done => self.done += 1,
                Outcome::Left(why) => self.leave(*why, row),
                Outcome::Untouched => {}
            }
        }
        true
    }

    fn leave(&mut self, why: LeftAlone, row: &ConversationId) {
        let known = self.left.iter().position(|left| left.why == why);
        let at = known.unwrap_or_else(|| {
            self.left.push(Left { why, count: 0, conversations: Vec::new() });
            self.left.len() - 1
        });
        let left = &mut self.left[at];
        left.count += 1;
        if left.conversations.len() < NAMED {
            left.conversations.push(row.clone());
        }
    }
}
