//! Who a conversation is with. A customer's route lies flat in the summary and is all there is; any other party
//! says which it is.

use porchlight_domain::id::{JobId, StaffId};
use porchlight_domain::party::{Pair, Party, Route};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;

/// A party that is no customer.
#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum PartyPart {
    Pair { one: StaffId, other: StaffId },
    Crew { job: JobId },
    Staff { staff: StaffId },
    StaffPhone { staff: StaffId },
}

impl PartyPart {
    /// None for a customer.
    pub fn of(party: &Party) -> Option<Self> {
        match party.clone() {
            Party::Customer(_) => None,
            Party::Pair(pair) => {
                let [one, other] = pair.both().map(StaffId::clone);
                Some(Self::Pair { one, other })
            }
            Party::Crew { job } => Some(Self::Crew { job }),
            Party::Staff { staff } => Some(Self::Staff { staff }),
            Party::StaffPhone { staff, .. } => Some(Self::StaffPhone { staff }),
        }
    }
}

/// The party of a summary, from what it says and the route that lies beside it.
pub(super) fn party(part: Option<PartyPart>, route: Option<Route>) -> Result<Party, StoreError> {
    let party = match part {
        None => route.map(Party::Customer),
        Some(PartyPart::Pair { one, other }) => Pair::of(one, other).map(Party::Pair),
        Some(PartyPart::Crew { job }) => Some(Party::Crew { job }),
        Some(PartyPart::Staff { staff }) => Some(Party::Staff { staff }),
        Some(PartyPart::StaffPhone { staff }) => route.map(|route| Party::StaffPhone { staff, route }),
    };
    party.ok_or_else(|| StoreError::unreadable("conversation", "it is with nobody"))
}
