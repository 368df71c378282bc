//! Who a conversation is with.

use crate::channel::Channel;
use crate::id::{JobId, LineGroupId, StaffId};
use crate::phone::ContactPoint;

/// A way to somebody outside, through a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The line group.
    pub group: LineGroupId,
    /// How messages travel.
    pub channel: Channel,
    /// The other end.
    pub contact: ContactPoint,
    /// The line last used with that contact point: replies leave from it.
    pub line: ContactPoint,
}

/// Two different members of staff, in the order of their ids: the same two are the same pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair(StaffId, StaffId);

impl Pair {
    /// The two of them; nobody is a pair alone.
    pub fn of(one: StaffId, other: StaffId) -> Option<Self> {
        match one.cmp(&other) {
            std::cmp::Ordering::Less => Some(Self(one, other)),
            std::cmp::Ordering::Greater => Some(Self(other, one)),
            std::cmp::Ordering::Equal => None,
        }
    }

    /// The two, in order.
    pub const fn both(&self) -> [&StaffId; 2] {
        [&self.0, &self.1]
    }

    /// The other one, for one of the two.
    pub fn other(&self, staff: &StaffId) -> Option<&StaffId> {
        match self.both() {
            [one, other] if one == staff => Some(other),
            [one, other] if other == staff => Some(one),
            _ => None,
        }
    }

    /// Whether a person is one of the two.
    pub fn has(&self, staff: &StaffId) -> bool {
        self.both().contains(&staff)
    }
}

/// Who a conversation is with. Only the first and the last have a way to a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Party {
    /// A customer, or somebody who may become one.
    Customer(Route),
    /// Two members of staff, between themselves.
    Pair(Pair),
    /// The crew of a job, as it is assigned, and the office.
    Crew {
        /// Whose crew.
        job: JobId,
    },
    /// A member of staff and the office: where texts from their own number land.
    Staff {
        /// Who.
        staff: StaffId,
    },
    /// A member of staff at their own phone: the one text that staff get.
    StaffPhone {
        /// Who.
        staff: StaffId,
        /// The way to their phone.
        route: Route,
    },
}

impl Party {
    /// The way to them, where there is one through a provider.
    pub const fn route(&self) -> Option<&Route> {
        match self {
            Self::Customer(route) | Self::StaffPhone { route, .. } => Some(route),
            Self::Pair(_) | Self::Crew { .. } | Self::Staff { .. } => None,
        }
    }

    /// Whether it is between members of staff, with no way to any provider.
    pub const fn is_internal(&self) -> bool {
        match self {
            Self::Pair(_) | Self::Crew { .. } | Self::Staff { .. } => true,
            Self::Customer(_) | Self::StaffPhone { .. } => false,
        }
    }

    /// The way to a customer.
    pub const fn customer(&self) -> Option<&Route> {
        match self {
            Self::Customer(route) => Some(route),
            Self::Pair(_) | Self::Crew { .. } | Self::Staff { .. } | Self::StaffPhone { .. } => None,
        }
    }

    pub(crate) const fn route_mut(&mut self) -> Option<&mut Route> {
        match self {
            Self::Customer(route) | Self::StaffPhone { route, .. } => Some(route),
            Self::Pair(_) | Self::Crew { .. } | Self::Staff { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::staff;

    #[test]
    fn a_pair_is_two_different_people_in_whatever_order_they_are_named() {
        assert_eq!(Pair::of(staff(1), staff(2)), Pair::of(staff(2), staff(1)));
        assert_eq!(Pair::of(staff(1), staff(1)), None);
        let pair = Pair::of(staff(2), staff(1)).expect("two people");
        assert_eq!((pair.has(&staff(1)), pair.has(&staff(2)), pair.has(&staff(3))), (true, true, false));
    }
}
