//! How fast an account may be posted to, as its provider lets us know: while it takes nothing, one message at a
//! time asks again, at growing intervals, and the others wait.
//!
//! Kept in the process: another one learns it with a post of its own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use porchlight_domain::channel::Channel;
use porchlight_domain::delivery::POST_WITHIN;
use porchlight_domain::id::BusinessId;
use porchlight_domain::time::Timestamp;

/// The first wait; it doubles with each further refusal.
const FIRST: Duration = Duration::from_secs(2);
/// No wait is longer, whatever the provider asks: a message that asks for more waits by itself.
const LONGEST: Duration = Duration::from_mins(5);

/// A business's account on a channel.
pub type Account = (BusinessId, Channel);

/// What is known of all accounts. Cheap to clone.
#[derive(Clone, Default)]
pub struct Pace(Arc<Mutex<HashMap<Account, Trouble>>>);

/// An account that took nothing when it was asked last.
struct Trouble {
    refusals: u32,
    shut_until: Timestamp,
    /// Somebody asks again just now; the others wait for what comes of it.
    asking_until: Timestamp,
}

impl Pace {
    /// Whether a message may be posted now; otherwise when to ask again. Whoever may post after a refusal is the
    /// only one for a while.
    pub fn turn(&self, account: &Account, now: Timestamp) -> Result<(), Timestamp> {
        let mut accounts = self.lock();
        let Some(trouble) = accounts.get_mut(account) else { return Ok(()) };
        let waits_until = trouble.shut_until.max(trouble.asking_until);
        if now < waits_until {
            return Err(waits_until);
        }
        trouble.asking_until = now + POST_WITHIN;
        Ok(())
    }

    /// The account took nothing, and asked for a wait perhaps; how long nobody posts now. Refusals of posts that
    /// were on their way together count as one. `jitter` is between 0 and 1.
    pub fn refused(
        &self,
        account: Account,
        asked: Option<Duration>,
        now: Timestamp,
        jitter: f64,
    ) -> Duration {
        let mut accounts = self.lock();
        let trouble =
            accounts.entry(account).or_insert(Trouble { refusals: 0, shut_until: now, asking_until: now });
        if now >= trouble.shut_until {
            let doubled = FIRST.saturating_mul(1 << trouble.refusals.min(16)).min(LONGEST);
            let wait = doubled.mul_f64(1.0 + jitter / 4.0).max(asked.unwrap_or_default());
            trouble.refusals += 1;
            trouble.shut_until = now + wait.min(LONGEST);
            trouble.asking_until = now;
        }
        trouble.shut_until.since(now)
    }

    /// The account answers as it should.
    pub fn answered(&self, account: &Account) {
        self.lock().remove(account);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Account, Trouble>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn business() -> BusinessId {
        "01JD0000000000000000000000".parse().expect("an id")
    }

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_millis(0) + Duration::from_secs(seconds)
    }

    #[test]
    fn while_an_account_takes_nothing_one_asks_at_growing_intervals() {
        let (pace, account) = (Pace::default(), (business(), Channel::Sms));
        let mut posts = 0;
        for second in 0..13 * 60 {
            // A hundred messages want to go in every second.
            for _ in 0..100 {
                if pace.turn(&account, at(second)).is_ok() {
                    posts += 1;
                    pace.refused(account.clone(), None, at(second), 0.0);
                }
            }
        }
        assert!((8..=12).contains(&posts), "{posts}");
        pace.answered(&account);
        assert!((0..100).all(|_| pace.turn(&account, at(780)).is_ok()), "then everybody may");
    }

    #[test]
    fn what_the_provider_asks_is_kept_and_another_account_goes_on() {
        let (pace, account) = (Pace::default(), (business(), Channel::Sms));
        assert_eq!(
            pace.refused(account.clone(), Some(Duration::from_mins(1)), at(0), 1.0),
            Duration::from_mins(1)
        );
        assert_eq!(
            pace.refused(account.clone(), None, at(20), 0.0),
            Duration::from_secs(40),
            "one of the same flight"
        );
        assert_eq!(pace.turn(&account, at(59)), Err(at(60)));
        let other = ("01JD0000000000000000000009".parse().expect("an id"), Channel::Sms);
        assert_eq!(pace.turn(&other, at(1)), Ok(()));
        assert_eq!(pace.turn(&account, at(60)), Ok(()));
        assert_eq!(pace.turn(&account, at(60)), Err(at(80)), "one asks for all");
    }
}
