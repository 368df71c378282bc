//! Finding a lost message in the provider's list.
//!
//! A match settles what is `unknown`; absence proves nothing, since the list lags.

use std::time::Duration;

use super::{Delivery, Evidence, FailureReason, Local, ProviderStatus};
use crate::phone::ContactPoint;
use crate::time::Timestamp;

/// How far the provider's clock and ours may be apart, on either side of the window.
const CLOCKS_DIFFER_BY: Duration = Duration::from_mins(2);

/// An entry of the provider's list.
#[derive(Clone, PartialEq, Eq)]
pub struct ListedMessage {
    /// Its id there.
    pub sid: String,
    /// The customer's number.
    pub to: ContactPoint,
    /// Our line, where one was chosen already.
    pub from: Option<ContactPoint>,
    /// What it says.
    pub body: String,
    /// When the provider made it, in whole seconds.
    pub created_at: Timestamp,
    /// Where it stands.
    pub status: ProviderStatus,
    /// Why it failed.
    pub error: Option<FailureReason>,
}

crate::debug_shows!(ListedMessage: sid, created_at, status, error);

impl ListedMessage {
    /// The entry as evidence.
    pub fn evidence(&self, seen_at: Timestamp) -> Evidence {
        Evidence {
            sid: self.sid.clone(),
            status: self.status,
            error: self.error.clone(),
            raw_date: None,
            seen_at,
        }
    }
}

/// What is known of the message whose answer was lost.
#[derive(Clone)]
pub struct Lost<'a> {
    /// The customer's number.
    pub to: &'a ContactPoint,
    /// Our lines from which it may have left.
    pub from: &'a [ContactPoint],
    /// The words as they left (plain text, after markdown).
    pub body: &'a str,
    /// The POST happened between these instants.
    pub window: (Timestamp, Timestamp),
}

crate::debug_shows!(Lost<'a>: window);

impl Delivery {
    /// Between which instants the lost POST must have happened, clocks allowed for.
    pub fn post_window(&self) -> Option<(Timestamp, Timestamp)> {
        match self.local {
            Local::Unknown { since, .. } => {
                Some((self.queued_at - CLOCKS_DIFFER_BY, since + CLOCKS_DIFFER_BY))
            }
            _ => None,
        }
    }
}

/// The one entry that can be the lost message; none when there are several, or when a message of ours owns
/// it already.
pub fn match_listed<'l>(
    lost: &Lost<'_>,
    listed: &'l [ListedMessage],
    owned: impl Fn(&str) -> bool,
) -> Option<&'l ListedMessage> {
    let mut fitting = listed.iter().filter(|entry| lost.fits(entry) && !owned(&entry.sid));
    let found = fitting.next()?;
    // The list's pages may overlap: the same SID twice is still one message.
    fitting.all(|other| other.sid == found.sid).then_some(found)
}

impl Lost<'_> {
    fn fits(&self, entry: &ListedMessage) -> bool {
        let (from, to) = self.window;
        entry.to == *self.to
            && entry.from.as_ref().is_none_or(|line| self.from.contains(line))
            && entry.body.trim() == self.body.trim()
            && (from..=to).contains(&entry.created_at)
    }
}
