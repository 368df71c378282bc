//! What the provider said of a message, and the fold over it (P5).

use serde::{Deserialize, Serialize};

use super::{Delivery, FailureReason, Local, ProviderStatus, Status};
use crate::time::Timestamp;

/// One thing the provider said: the answer to a POST, a callback, an entry of its list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The provider's id of the message.
    pub sid: String,
    /// Its word.
    pub status: ProviderStatus,
    /// Why it failed, where it said so.
    #[serde(default, deserialize_with = "super::failure::read")]
    pub error: Option<FailureReason>,
    /// The carrier's date as it was passed on (`YYMMDDhhmm`, no zone): tells two reports apart, orders nothing.
    pub raw_date: Option<String>,
    /// When we first heard it; no part of its identity.
    pub seen_at: Timestamp,
}

impl Evidence {
    fn code(&self) -> Option<u32> {
        self.error.as_ref().and_then(|reason| reason.code)
    }

    /// The same thing said again has the same identity.
    fn identity(&self) -> (&str, ProviderStatus, Option<u32>, Option<&str>) {
        (&self.sid, self.status, self.code(), self.raw_date.as_deref())
    }
}

impl Delivery {
    /// Adds what the provider said; whether that changed anything. Never refused: late evidence folds too.
    pub fn record(&mut self, evidence: Evidence) -> bool {
        match self.evidence.binary_search_by(|kept| kept.identity().cmp(&evidence.identity())) {
            Ok(at) => {
                let kept = &mut self.evidence[at].seen_at;
                let earlier = evidence.seen_at < *kept;
                *kept = evidence.seen_at.min(*kept);
                earlier
            }
            Err(at) => {
                self.evidence.insert(at, evidence);
                true
            }
        }
    }

    /// The evidence that decides the state: of the highest rank, the first by identity.
    pub(super) fn decisive(&self) -> Option<&Evidence> {
        self.evidence.iter().rev().max_by_key(|evidence| evidence.status.rank())
    }

    /// The provider's id of the message.
    pub fn sid(&self) -> Option<&str> {
        self.decisive().map(|evidence| evidence.sid.as_str())
    }

    /// Every SID that was ever reported for it; more than one is a double at the provider.
    pub fn sids(&self) -> impl Iterator<Item = &str> {
        let mut last = None;
        // Sorted by SID, so equal ones are neighbours.
        self.evidence
            .iter()
            .map(|evidence| evidence.sid.as_str())
            .filter(move |sid| last.replace(*sid) != Some(*sid))
    }

    /// The provider's error: that of the lowest-ranked evidence carrying one, ties by the smallest code, so
    /// that the order of arrival never matters.
    fn reported(&self) -> Option<&FailureReason> {
        let told = self.evidence.iter().filter_map(|it| Some((it.status.rank(), it.error.as_ref()?)));
        told.min_by_key(|(rank, reason)| (*rank, reason.code)).map(|(_, reason)| reason)
    }

    /// Its code.
    pub fn error_code(&self) -> Option<u32> {
        self.reported().and_then(|reason| reason.code)
    }

    /// Why it did not arrive; nothing unless it is `undelivered` or `failed`.
    pub fn error(&self) -> Option<FailureReason> {
        if !self.status().is_final_failure() {
            return None;
        }
        match &self.local {
            Local::Failed { reason } if self.evidence.is_empty() => Some(reason.clone()),
            _ => Some(self.reported().cloned().unwrap_or_else(FailureReason::unexplained)),
        }
    }

    /// When the provider was first known to have accepted it.
    pub fn accepted_at(&self) -> Option<Timestamp> {
        self.evidence.iter().map(|evidence| evidence.seen_at).min()
    }

    /// When it was first known to be with the carrier.
    pub fn sent_at(&self) -> Option<Timestamp> {
        self.first_seen(|status| matches!(status, Status::Sent | Status::Delivered | Status::Undelivered))
    }

    /// When it was first known to have arrived.
    pub fn delivered_at(&self) -> Option<Timestamp> {
        self.first_seen(|status| status == Status::Delivered)
    }

    fn first_seen(&self, tells: impl Fn(Status) -> bool) -> Option<Timestamp> {
        let telling = self.evidence.iter().filter(|evidence| tells(evidence.status.into()));
        telling.map(|evidence| evidence.seen_at).min()
    }
}
