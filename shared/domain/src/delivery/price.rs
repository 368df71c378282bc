//! What a message cost, as the provider charges it: known some time after it has ended, and of some never.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Delivery, Local, ProviderStatus};
use crate::time::Timestamp;

/// The price of a message is asked for so long after it has ended.
pub const PRICE_AFTER: [Duration; 4] =
    [Duration::from_mins(1), Duration::from_mins(15), Duration::from_hours(2), Duration::from_hours(12)];

/// Digits after the point that are kept; providers write five.
const DIGITS: usize = 6;

/// An amount of money that is a fraction of a cent: exact, in millionths of the currency's unit.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Price {
    /// Millionths of the unit: 7900 are 0.79 ¢.
    pub micros: u64,
    /// ISO 4217, as the account is billed.
    pub currency: String,
}

impl Price {
    /// As a provider writes it: `-0.00790`, `USD`. Its sign says only who pays; what is no price is none.
    pub fn parse(amount: &str, currency: &str) -> Option<Self> {
        let amount = amount.trim().trim_start_matches(['-', '+']);
        let (whole, fraction) = amount.split_once('.').unwrap_or((amount, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !digits(whole) || !digits(fraction) {
            return None;
        }
        let kept: String = fraction.chars().chain(std::iter::repeat('0')).take(DIGITS).collect();
        let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        let micros = whole.checked_mul(1_000_000)?.checked_add(kept.parse().ok()?)?;
        let currency = currency.trim().to_ascii_uppercase();
        let is_code = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase());
        is_code.then_some(Self { micros, currency })
    }
}

impl Delivery {
    /// When its price is asked for next; never for what the provider did not take, or took back.
    pub(super) fn price_due(&self) -> Option<Timestamp> {
        if self.price.is_some() || self.decisive()?.status == ProviderStatus::Canceled {
            return None;
        }
        Some(self.ended_at()? + *PRICE_AFTER.get(self.price_asked as usize)?)
    }

    /// The price was asked for, and perhaps told; times to ask that were missed meanwhile count. Only the first price
    /// stands: what it cost is counted once.
    pub fn priced(&mut self, price: Option<Price>, now: Timestamp) {
        if let Some(ended) = self.ended_at() {
            self.price_asked = (self.price_asked + 1).max(super::due::passed(&PRICE_AFTER, ended, now));
        }
        if self.price.is_none() {
            self.price = price;
        }
    }

    /// When the provider was first known to be done with it.
    fn ended_at(&self) -> Option<Timestamp> {
        let ends = self.evidence.iter().filter(|evidence| evidence.status.is_final());
        ends.map(|evidence| evidence.seen_at).min()
    }

    /// A delivery of which nothing more is asked, as it was long ago.
    #[must_use]
    pub fn long_ago(mut self, price: Option<Price>) -> Self {
        debug_assert!(!matches!(self.local, Local::Queued { .. }), "what is under way is not long ago");
        self.price_asked = u32::try_from(PRICE_AFTER.len()).expect("a handful of instants");
        self.price = price;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::{Evidence, Step};
    use crate::samples::{START, at};

    fn micros(amount: &str) -> Option<u64> {
        Price::parse(amount, "USD").map(|price| price.micros)
    }

    #[test]
    fn a_price_is_read_exactly_as_it_is_written() {
        assert_eq!(micros("-0.00790"), Some(7_900));
        assert_eq!(micros("0.01580"), Some(15_800));
        assert_eq!(micros("-1"), Some(1_000_000));
        assert_eq!(micros(".5"), Some(500_000));
        assert_eq!(micros("0.00000099"), Some(0), "below what is kept");
        for odd in ["", "-", "x", "1.2.3", "1e3", "0,5", "99999999999999999999", "NaN", "null"] {
            assert_eq!(micros(odd), None, "{odd:?}");
        }
        assert_eq!(Price::parse("-0.1", "usd").map(|price| price.currency).as_deref(), Some("USD"));
        for odd in ["", "US", "USDX", "$$$"] {
            assert_eq!(Price::parse("-0.1", odd), None);
        }
    }

    fn ended(status: ProviderStatus) -> Delivery {
        let mut delivery = Delivery::queued(at(0));
        delivery.record(Evidence {
            sid: "SM1".to_owned(),
            status,
            error: None,
            raw_date: None,
            seen_at: at(0),
        });
        delivery
    }

    #[test]
    fn a_price_is_asked_for_a_few_times_over_hours_and_no_more_once_it_is_known() {
        let mut delivery = ended(ProviderStatus::Delivered);
        for wait in PRICE_AFTER {
            assert_eq!(delivery.due_at(), Some(START + wait));
            assert_eq!(delivery.next_step(START + wait), Step::AskPrice("SM1".to_owned()));
            delivery.priced(None, START + wait);
        }
        assert_eq!(delivery.due_at(), None, "some are never told");
        let mut delivery = ended(ProviderStatus::Undelivered);
        delivery.priced(Price::parse("-0.0079", "USD"), at(60));
        delivery.priced(Price::parse("-0.9", "USD"), at(61));
        assert_eq!(delivery.price.as_ref().map(|price| price.micros), Some(7_900), "counted once");
        assert_eq!(delivery.due_at(), None);
    }

    #[test]
    fn nothing_is_asked_of_what_was_taken_back_or_never_taken() {
        assert_eq!(ended(ProviderStatus::Canceled).due_at(), None);
        let mut refused = Delivery::queued(at(0));
        refused.local = Local::Failed { reason: crate::samples::reason(3) };
        assert_eq!(refused.due_at(), None);
    }

    #[test]
    fn a_delivery_of_before_reads_and_is_asked_for_once() {
        let mut kept = serde_json::to_value(ended(ProviderStatus::Delivered)).unwrap();
        kept.as_object_mut().unwrap().remove("price_asked");
        let mut delivery: Delivery = serde_json::from_value(kept).unwrap();
        assert_eq!((delivery.price.clone(), delivery.price_asked), (None, 0));
        delivery.priced(None, at(100_000));
        assert_eq!(delivery.due_at(), None);
    }
}
