//! How a receipt comes to be applied: consent is ordered by it (P6).

use std::sync::OnceLock;

use porchlight_domain::consent::{Arrival, Consent};

/// One way of a receipt through all its attempts.
pub(super) struct Coming {
    fresh: bool,
    /// The consent that its first attempt met.
    met: OnceLock<Option<Consent>>,
}

impl Coming {
    /// It has just arrived.
    pub(super) const fn fresh() -> Self {
        Self { fresh: true, met: OnceLock::new() }
    }

    /// It arrived some time ago.
    pub(super) const fn again() -> Self {
        Self { fresh: false, met: OnceLock::new() }
    }

    /// What is known of its order, given what an attempt finds on record.
    pub(super) fn arrival(&self, on_record: Option<Consent>) -> Arrival {
        match (self.fresh, *self.met.get_or_init(|| on_record) == on_record) {
            (false, _) => Arrival::Replayed,
            (true, false) => Arrival::Overtaken,
            (true, true) => Arrival::Fresh,
        }
    }
}
