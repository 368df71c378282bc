//! What one conversation adds to the counters (PROTOCOLS §4; P10).
//!
//! Counters are sums of contributions. `index` keeps the contribution that it applied last and adds the
//! difference to the new one, so whatever repeats adds nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::conversation::{Conversation, ReadMarker, State};
use crate::id::StaffId;

/// What one conversation adds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contribution {
    /// 1 when it is in the filter All.
    pub total: u64,
    /// 1 when it is in the filter Attention.
    pub attention: u64,
    /// Unread messages per person who sees it; nobody with none.
    pub unread: BTreeMap<StaffId, u64>,
}

/// The difference of two contributions; also the sum of many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// To the filter All.
    pub total: i64,
    /// To the filter Attention.
    pub attention: i64,
    /// To each person's unread; never 0.
    pub unread: BTreeMap<StaffId, i64>,
}

impl Contribution {
    /// What a conversation adds now. `office` is every admin and office user; `members` the technicians with
    /// access, who see no closed conversation; whoever has no marker has never looked.
    pub fn of(
        conversation: &Conversation,
        office: &BTreeSet<StaffId>,
        members: &BTreeSet<StaffId>,
        markers: &BTreeMap<StaffId, ReadMarker>,
    ) -> Self {
        let Some(folder) = conversation.folder() else { return Self::default() };
        let never_looked = ReadMarker::default();
        let crew = members.iter().filter(|_| conversation.state == State::Open);
        let unread_by = |staff: &StaffId| conversation.unread(markers.get(staff).unwrap_or(&never_looked));
        let unread = office
            .iter()
            .chain(crew)
            .map(|staff| (staff.clone(), unread_by(staff)))
            .filter(|(_, unread)| *unread > 0)
            .collect();
        Self { total: 1, attention: u64::from(folder.attention), unread }
    }
}

impl Change {
    /// What turns `old` into `new`.
    pub fn between(old: &Contribution, new: &Contribution) -> Self {
        let people: BTreeSet<_> = old.unread.keys().chain(new.unread.keys()).collect();
        let of = |side: &Contribution, staff| side.unread.get(staff).copied().unwrap_or(0);
        let unread = people
            .into_iter()
            .map(|staff| (staff.clone(), difference(of(old, staff), of(new, staff))))
            .filter(|(_, change)| *change != 0)
            .collect();
        Self {
            total: difference(old.total, new.total),
            attention: difference(old.attention, new.attention),
            unread,
        }
    }

    /// Adds nothing: there is nothing to write.
    pub fn is_nothing(&self) -> bool {
        self.total == 0 && self.attention == 0 && self.unread.is_empty()
    }

    /// Adds another change to this one.
    pub fn add(&mut self, other: &Self) {
        self.total += other.total;
        self.attention += other.attention;
        for (staff, change) in &other.unread {
            *self.unread.entry(staff.clone()).or_default() += change;
        }
        self.unread.retain(|_, change| *change != 0);
    }
}

fn difference(old: u64, new: u64) -> i64 {
    new.cast_signed() - old.cast_signed()
}
