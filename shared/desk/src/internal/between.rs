//! Whom an internal thread is between, now, and how they are let in.

use std::collections::BTreeSet;

use porchlight_domain::access::{Viewer, sight};
use porchlight_domain::conversation::{Conversation, ReadMarker};
use porchlight_domain::id::StaffId;
use porchlight_domain::party::Party;
use porchlight_store::{Commit, StoreError};

use crate::Desk;

/// Parts that a transaction keeps for what else it writes.
const KEPT: usize = 20;

/// Whom an internal thread is between.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Between {
    /// Those who find it among their own: a pair's two, the technicians of a crew, whose thread with the office it is.
    pub members: BTreeSet<StaffId>,
    /// Those who find it in the office's list.
    pub office: BTreeSet<StaffId>,
}

impl Between {
    /// All of them.
    pub fn everybody(&self) -> impl Iterator<Item = &StaffId> {
        self.members.iter().chain(self.office.difference(&self.members))
    }
}

impl Desk {
    /// Whom it is between now, as the policy says (P7); nobody of what is no internal thread.
    pub async fn between(&self, conversation: &Conversation) -> Result<Between, StoreError> {
        match &conversation.party {
            Party::Pair(pair) => {
                let members = pair.both().into_iter().cloned().collect();
                Ok(Between { members, office: BTreeSet::new() })
            }
            Party::Crew { .. } | Party::Staff { .. } => self.between_office_and(conversation).await,
            Party::Customer(_) | Party::StaffPhone { .. } => Ok(Between::default()),
        }
    }

    async fn between_office_and(&self, conversation: &Conversation) -> Result<Between, StoreError> {
        let now = self.now();
        let (staff, ledger) = futures::try_join!(
            self.store.staff_of(&conversation.business),
            self.store.access_ledger(conversation, now)
        )?;
        let mut between = Between::default();
        for person in staff.into_iter().filter(porchlight_domain::staff::Staff::works) {
            let (viewer, facts) = (Viewer::new(&person, false), ledger.facts_for(&person.id));
            if sight(&viewer, conversation, &facts, now).is_hidden() {
                continue;
            }
            let of = if viewer.is_office() { &mut between.office } else { &mut between.members };
            of.insert(person.id);
        }
        Ok(between)
    }

    /// Lets everybody into a thread that begins: from then on what they have not read is counted. Of very many, `index`
    /// lets in the rest.
    pub(crate) fn let_in<'s>(
        &self,
        mut commit: Commit<'s>,
        conversation: &Conversation,
        between: &Between,
        author: Option<&StaffId>,
    ) -> Commit<'s> {
        let (id, now) = (&conversation.id, self.now());
        for staff in between.everybody() {
            if commit.room() < KEPT {
                break;
            }
            if between.members.contains(staff) {
                commit = commit.member(id, staff, now);
            }
            let mut marker = ReadMarker::default();
            if author == Some(staff) {
                marker.read(conversation);
            }
            commit = commit.read_marker(id, staff, &mut marker);
        }
        commit
    }
}
