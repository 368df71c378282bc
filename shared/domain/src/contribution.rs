//! What one conversation adds to the counters (PROTOCOLS §4; P10).
//!
//! Counters are sums of contributions. `index` keeps the contribution that it applied last and adds the
//! difference to the new one, so whatever repeats adds nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::conversation::{Conversation, ReadMarker, State};
use crate::id::StaffId;
use crate::party::Party;

/// What one conversation adds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contribution {
    /// 1 when it is in the filter All.
    pub total: u64,
    /// 1 when it is in the filter Attention.
    pub attention: u64,
    /// Unread messages per person who sees it; nobody with none.
    pub unread: BTreeMap<StaffId, u64>,
    /// The same of an internal thread, which is counted apart.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub internal: BTreeMap<StaffId, u64>,
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
    /// To each person's unread internal messages; never 0.
    pub internal: BTreeMap<StaffId, i64>,
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
        if conversation.party.is_internal() {
            return Self::of_internal(conversation, office, members, markers);
        }
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
        let attention = u64::from(folder.attention);
        Self { total: 1, attention, unread, internal: BTreeMap::new() }
    }

    /// What an internal thread adds: unread for those whom it is between, from their joining on.
    fn of_internal(
        conversation: &Conversation,
        office: &BTreeSet<StaffId>,
        members: &BTreeSet<StaffId>,
        markers: &BTreeMap<StaffId, ReadMarker>,
    ) -> Self {
        let is_between = |staff: &StaffId| match &conversation.party {
            Party::Pair(pair) => pair.has(staff),
            Party::Crew { .. } | Party::Staff { .. } => office.contains(staff) || members.contains(staff),
            Party::Customer(_) | Party::StaffPhone { .. } => false,
        };
        let between = markers.iter().filter(|(staff, _)| is_between(staff));
        let unread = between.map(|(staff, marker)| (staff.clone(), conversation.internal_unread(marker)));
        Self { internal: unread.filter(|(_, unread)| *unread > 0).collect(), ..Self::default() }
    }
}

impl Change {
    /// What turns `old` into `new`.
    pub fn between(old: &Contribution, new: &Contribution) -> Self {
        Self {
            total: difference(old.total, new.total),
            attention: difference(old.attention, new.attention),
            unread: differences(&old.unread, &new.unread),
            internal: differences(&old.internal, &new.internal),
        }
    }

    /// Adds nothing: there is nothing to write.
    pub fn is_nothing(&self) -> bool {
        self.total == 0 && self.attention == 0 && self.unread.is_empty() && self.internal.is_empty()
    }

    /// Adds another change to this one.
    pub fn add(&mut self, other: &Self) {
        self.total += other.total;
        self.attention += other.attention;
        add_each(&mut self.unread, &other.unread);
        add_each(&mut self.internal, &other.internal);
    }
}

fn add_each(sums: &mut BTreeMap<StaffId, i64>, changes: &BTreeMap<StaffId, i64>) {
    for (staff, change) in changes {
        *sums.entry(staff.clone()).or_default() += change;
    }
    sums.retain(|_, sum| *sum != 0);
}

/// What turns each person's number into the new one; nobody with no change.
fn differences(old: &BTreeMap<StaffId, u64>, new: &BTreeMap<StaffId, u64>) -> BTreeMap<StaffId, i64> {
    let people: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let of = |side: &BTreeMap<StaffId, u64>, staff| side.get(staff).copied().unwrap_or(0);
    people
        .into_iter()
        .map(|staff| (staff.clone(), difference(of(old, staff), of(new, staff))))
        .filter(|(_, change)| *change != 0)
        .collect()
}

fn difference(old: u64, new: u64) -> i64 {
    new.cast_signed() - old.cast_signed()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::conversation::{AttentionReason, InboundEffect};
    use crate::samples::{at, conversation, message, staff};

    fn people(numbers: &[u64]) -> BTreeSet<StaffId> {
        numbers.iter().map(|n| staff(*n)).collect()
    }

    fn of(conversation: &Conversation, markers: &BTreeMap<StaffId, ReadMarker>) -> Contribution {
        Contribution::of(conversation, &people(&[1, 2]), &people(&[3]), markers)
    }

    #[test]
    fn a_waiting_conversation_counts_for_everybody_who_sees_it_p10() {
        let mut conversation = conversation();
        conversation
            .record_inbound(&message(1).of_customer(), InboundEffect::WantsAnswer { emergency: false });
        let mut markers = BTreeMap::new();
        markers.insert(staff(2), ReadMarker { read_count: 1, ..ReadMarker::default() });
        let counted = of(&conversation, &markers);
        assert_eq!((counted.total, counted.attention), (1, 1));
        assert_eq!(counted.unread, BTreeMap::from([(staff(1), 1), (staff(3), 1)]));
        conversation.close();
        let counted = of(&conversation, &markers);
        assert_eq!((counted.total, counted.attention), (1, 0));
        assert_eq!(counted.unread, BTreeMap::from([(staff(1), 1)]), "crews see nothing closed");
        conversation.block(true);
        assert_eq!(of(&conversation, &markers), Contribution::default());
    }

    /// One of the things that change a contribution.
    fn change(conversation: &mut Conversation, markers: &mut BTreeMap<StaffId, ReadMarker>, act: u8) {
        let next = message(conversation.next_seq());
        match act {
            0 | 1 => conversation
                .record_inbound(&next.of_customer(), InboundEffect::WantsAnswer { emergency: false }),
            2 => conversation.record_reply(&next.by(1)),
            3 => conversation.settle(),
            4 => conversation.close(),
            5 => conversation.reopen(),
            6 => conversation.block(!conversation.blocked),
            7 => conversation.snooze(at(900)),
            8 => conversation.need_person(at(0), AttentionReason::Failure, false),
            9 => markers.entry(staff(1)).or_default().mark_unread(),
            n => markers.entry(staff(u64::from(n % 3) + 1)).or_default().read(conversation),
        }
    }

    proptest! {
        #[test]
        fn the_sum_of_all_changes_is_the_recount_p10(acts in proptest::collection::vec((0..3_usize, 0..13_u8), 0..60)) {
            let mut conversations = [conversation(), conversation(), conversation()];
            let mut markers: [BTreeMap<_, _>; 3] = Default::default();
            let mut applied = [0, 1, 2].map(|n: usize| of(&conversations[n], &markers[n]));
            let mut sum = Change { total: 3, ..Change::default() };
            for (n, act) in acts {
                change(&mut conversations[n], &mut markers[n], act);
                let new = of(&conversations[n], &markers[n]);
                sum.add(&Change::between(&applied[n], &new));
                prop_assert!(Change::between(&new, &new).is_nothing());
                applied[n] = new;
            }
            let mut recount = Change::default();
            for (conversation, markers) in conversations.iter().zip(&markers) {
                recount.add(&Change::between(&Contribution::default(), &of(conversation, markers)));
            }
            prop_assert_eq!(sum, recount);
        }
    }
}
