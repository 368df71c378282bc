//! The one place that reads the system's clock and randomness; everything else is given them.
//!
//! Invariant: no other file of the house reads the system's clock or its randomness (`clippy.toml` holds that).

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use porchlight_domain::time::Timestamp;
use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};

/// Tells the time. Cheap to clone; clones tell the same time.
#[derive(Clone)]
pub struct Clock(Source);

#[derive(Clone)]
enum Source {
    System,
    /// Unix milliseconds, moved by a test.
    Manual(Arc<AtomicI64>),
    /// The system's clock, off by some milliseconds: writers' clocks differ (P8).
    Skewed(i64),
}

impl Clock {
    /// The system's clock.
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// Stands still until [`Clock::advance`] is called.
    pub fn manual(start: Timestamp) -> Self {
        Self(Source::Manual(Arc::new(AtomicI64::new(start.millis()))))
    }

    /// The system's clock, off by `millis` (either way).
    pub const fn skewed(millis: i64) -> Self {
        Self(Source::Skewed(millis))
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::System => Timestamp::from_millis(system_millis()),
            Source::Manual(millis) => Timestamp::from_millis(millis.load(Ordering::SeqCst)),
            Source::Skewed(by) => Timestamp::from_millis(system_millis() + by),
        }
    }

    /// Whether it goes on by itself: nobody waits for a clock that stands still.
    pub const fn runs(&self) -> bool {
        !matches!(self.0, Source::Manual(_))
    }

    /// Moves a manual clock on; the system's clock is nobody's to move.
    pub fn advance(&self, by: Duration) {
        if let Source::Manual(millis) = &self.0 {
            millis.fetch_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX), Ordering::SeqCst);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one file that may")]
fn system_millis() -> i64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)
}

/// Ids, tokens and jitter. Cheap to clone.
#[derive(Clone)]
pub struct Entropy(Option<Arc<Mutex<StdRng>>>);

impl Entropy {
    /// The operating system's.
    pub const fn system() -> Self {
        Self(None)
    }

    /// The same numbers every time, for tests.
    pub fn seeded(seed: u64) -> Self {
        Self(Some(Arc::new(Mutex::new(StdRng::seed_from_u64(seed)))))
    }

    /// Random bytes, fit for tokens when the source is the system's.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// A ULID for `at`.
    pub fn ulid(&self, at: Timestamp) -> ulid::Ulid {
        let random = u128::from_be_bytes(self.bytes());
        ulid::Ulid::from_parts(u64::try_from(at.millis()).unwrap_or(0), random)
    }

    /// A number in `0.0..1.0`, for jitter.
    pub fn fraction(&self) -> f64 {
        f64::from(u32::from_be_bytes(self.bytes())) / (f64::from(u32::MAX) + 1.0)
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one file that may")]
    fn fill(&self, bytes: &mut [u8]) {
        match &self.0 {
            Some(seeded) => seeded.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes),
            None => rand::rng().fill(bytes),
        }
    }
}
