//! How a receipt comes to be applied: consent is ordered by it (P6).

use std::sync::OnceLock;

use porchlight_domain::consent::{Arrival, Consent};

/// One way of a receipt through all its attempts.
pub(super) struct Coming {
    fresh: bool,
    /// The consent that it met: before it was kept where that may matter, else at its first attempt.
    met: OnceLock<Option<Consent>>,
}

impl Coming {
    /// It has just arrived.
    pub(super) const fn fresh() -> Self {
        Self { fresh: true, met: OnceLock::new() }
    }

    /// It has just arrived and met this consent, before anything of it was kept.
    pub(super) fn meeting(consent: Option<Consent>) -> Self {
        Self { fresh: true, met: OnceLock::from(consent) }
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

#[cfg(test)]
mod tests {
    use porchlight_domain::consent::ConsentWord;
    use porchlight_domain::time::Timestamp;

    use super::*;

    #[test]
    fn a_stop_between_the_arrival_of_a_start_and_its_first_attempt_overtakes_it_p6() {
        let stop = Consent::of_word(ConsentWord::Stop, Timestamp::from_millis(7));
        assert_eq!(Coming::meeting(None).arrival(stop), Arrival::Overtaken);
        assert_eq!(Coming::meeting(stop).arrival(stop), Arrival::Fresh);
        assert_eq!(Coming::again().arrival(stop), Arrival::Replayed);
    }
}
