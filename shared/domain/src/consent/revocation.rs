//! How far a revocation goes (FEATURES 104).

use super::{Consent, ConsentSource, ConsentState, Purpose};
use crate::time::Timestamp;

/// From then on one revocation covers everything, unless a business says otherwise: 2027-01-31 in UTC (47 CFR
/// 64.1200(a)(10)).
pub const ONE_COVERS_ALL_FROM: Timestamp = Timestamp::from_millis(1_801_353_600_000);

/// Somebody does not want to be texted, or not for everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// For what; and so for what is more.
    pub scope: Purpose,
    /// From when one revocation covers everything.
    pub covers_all_from: Timestamp,
    /// When it was said.
    pub at: Timestamp,
}

impl Revocation {
    /// What is still permitted after it.
    pub fn leaves(&self) -> Option<Purpose> {
        if self.at >= self.covers_all_from { None } else { self.scope.below() }
    }

    /// Consent as it is after it. What was closed stays closed.
    pub fn of(&self, on_record: Option<&Consent>) -> Consent {
        let was = on_record.copied().filter(Consent::is_open);
        let open = Consent::allows(on_record);
        let closed = Consent::new(ConsentState::Closed, self.at, ConsentSource::Office);
        match self.leaves().filter(|_| open) {
            None => closed,
            Some(left) => Consent {
                state: ConsentState::Open,
                scope: was.map_or(Purpose::Service, |was| was.scope).min(left),
                granted: was.and_then(|was| was.granted),
                ..closed
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::at;

    fn revocation(scope: Purpose, covers_all_from: Timestamp) -> Revocation {
        Revocation { scope, covers_all_from, at: at(10) }
    }

    #[test]
    fn the_day_of_the_rule_is_the_last_of_january() {
        assert_eq!(ONE_COVERS_ALL_FROM.to_string(), "2027-01-31T00:00:00.000Z");
    }

    #[test]
    fn a_revocation_leaves_what_is_less_until_one_covers_everything() {
        let marketing = Consent::given(None, Purpose::Marketing, ulid::Ulid::from(1_u128).into(), at(1));
        let left = |scope, from| revocation(scope, from).of(Some(&marketing));
        for (scope, reply, service) in [
            (Purpose::Marketing, true, true),
            (Purpose::Service, true, false),
            (Purpose::Reply, false, false),
        ] {
            let after = left(scope, at(11));
            assert_eq!(Consent::permits(Some(&after), Purpose::Reply), reply, "{scope:?}");
            assert_eq!(Consent::permits(Some(&after), Purpose::Service), service, "{scope:?}");
            assert!(!Consent::permits(Some(&after), Purpose::Marketing), "{scope:?}");
            let everything = left(scope, at(10));
            assert!(!Consent::allows(Some(&everything)), "from that instant on, {scope:?}");
        }
        assert_eq!(left(Purpose::Marketing, at(11)).granted, marketing.granted, "what permits the rest");
    }

    #[test]
    fn what_was_closed_is_not_opened_by_a_smaller_revocation_p6() {
        let closed = Consent::not_this_person(at(1));
        assert!(!revocation(Purpose::Marketing, at(11)).of(Some(&closed)).is_open());
        assert!(revocation(Purpose::Marketing, at(11)).of(None).is_open(), "they wrote to us");
    }
}
