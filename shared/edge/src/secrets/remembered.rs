//! Credentials kept in memory between reads: no text is turned away, and none waits long, because whoever keeps
//! the secrets is throttled or away.
//!
//! Invariant: a value that was read once is answered until a read says that it changed or is gone.
//! Invariant: one read of a name at a time, however many ask for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared};
use porchlight_ambient::Clock;
use porchlight_domain::time::Timestamp;

use super::{Secrets, SecretsError};

/// How long a value is answered before it is read again.
const FRESH: Duration = Duration::from_mins(5);
/// How long an older value is answered without a read, after a read failed.
const SPARED: Duration = Duration::from_secs(10);

/// Secrets remembered for five minutes, and longer while they cannot be read.
pub struct Remembered {
    inner: Arc<dyn Secrets>,
    clock: Clock,
    names: Names,
}

/// A read under way; everybody who waits for it gets its answer.
type Read = Shared<BoxFuture<'static, Result<Option<String>, Arc<SecretsError>>>>;

/// What is known of one name.
#[derive(Default)]
struct Name {
    /// Absence is not remembered: who has just been given credentials is not told to wait.
    value: Option<String>,
    /// Until when `value` is answered without a read.
    good_until: Option<Timestamp>,
    read: Option<Read>,
    /// How often it was written: a read that began before a write says nothing.
    writes: u64,
}

#[derive(Clone, Default)]
struct Names(Arc<Mutex<HashMap<String, Name>>>);

impl Remembered {
    /// Remembers what `inner` answers.
    pub fn new(inner: Arc<dyn Secrets>, clock: Clock) -> Self {
        Self { inner, clock, names: Names::default() }
    }

    fn read(&self, name: &str, writes: u64) -> Read {
        let (inner, clock, names) = (Arc::clone(&self.inner), self.clock.clone(), self.names.clone());
        let (name, all) = (name.to_owned(), self.names.clone());
        let asked = name.clone();
        // A task of its own: it ends in its time, also when whoever asked has left.
        let read = tokio::spawn(async move {
            let answer = inner.get(&name).await;
            names.of(&name, |known| known.learn(answer, clock.now(), writes))
        });
        let broken_off = move |error: tokio::task::JoinError| {
            all.of(&asked, |known| known.read = None);
            Err(Arc::new(SecretsError { name: asked, source: error.into() }))
        };
        read.map(|ended| ended.unwrap_or_else(broken_off)).boxed().shared()
    }
}

impl Names {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Name>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn of<T>(&self, name: &str, act: impl FnOnce(&mut Name) -> T) -> T {
        act(self.lock().entry(name.to_owned()).or_default())
    }
}

impl Name {
    fn keep(&mut self, value: String, now: Timestamp) {
        self.value = Some(value);
        self.good_until = Some(now + FRESH);
    }

    fn good(&self, now: Timestamp) -> Option<String> {
        self.good_until.filter(|until| now < *until).and_then(|_| self.value.clone())
    }

    /// A read that began after so many writes has ended.
    fn learn(
        &mut self,
        answer: Result<Option<String>, SecretsError>,
        now: Timestamp,
        writes: u64,
    ) -> Result<Option<String>, Arc<SecretsError>> {
        if self.writes != writes {
            return Ok(self.value.clone());
        }
        self.read = None;
        match answer {
            Ok(Some(value)) => self.keep(value, now),
            Ok(None) => self.value = None,
            Err(error) if self.value.is_some() => {
                tracing::warn!(%error, cause = %error.source, "a secret is used as it was read last");
                self.good_until = Some(now + SPARED);
            }
            Err(error) => return Err(Arc::new(error)),
        }
        Ok(self.value.clone())
    }
}

#[async_trait]
impl Secrets for Remembered {
    async fn get(&self, name: &str) -> Result<Option<String>, SecretsError> {
        let now = self.clock.now();
        let (good, read) = self.names.of(name, |known| {
            let (good, writes) = (known.good(now), known.writes);
            let begun = good.is_none().then(|| known.read.get_or_insert_with(|| self.read(name, writes)));
            let read = begun.cloned();
            (good, read)
        });
        match read {
            None => Ok(good),
            Some(read) => read.await.map_err(|e| SecretsError { name: name.to_owned(), source: e.into() }),
        }
    }

    async fn put(&self, name: &str, value: &str) -> Result<(), SecretsError> {
        self.inner.put(name, value).await?;
        let now = self.clock.now();
        self.names.of(name, |known| {
            known.writes += 1;
            known.read = None;
            known.keep(value.to_owned(), now);
        });
        Ok(())
    }

    async fn add(&self, name: &str, value: &str) -> Result<String, SecretsError> {
        let kept = self.inner.add(name, value).await?;
        let now = self.clock.now();
        self.names.of(name, |known| {
            known.writes += 1;
            known.read = None;
            known.keep(kept.clone(), now);
        });
        Ok(kept)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::Semaphore;

    use super::*;

    /// Answers what it is told, one read for each permit.
    struct Keeper {
        says: Mutex<Result<Option<&'static str>, ()>>,
        reads: AtomicUsize,
        open: Semaphore,
    }

    impl Keeper {
        fn says(&self, says: Result<Option<&'static str>, ()>) {
            *self.says.lock().expect("no test panics with it") = says;
        }
    }

    #[async_trait]
    impl Secrets for Keeper {
        async fn get(&self, name: &str) -> Result<Option<String>, SecretsError> {
            self.reads.fetch_add(1, Ordering::Relaxed);
            let says = *self.says.lock().expect("no test panics with it");
            self.open.acquire().await.expect("it is not closed").forget();
            says.map(|value| value.map(str::to_owned))
                .map_err(|()| SecretsError { name: name.to_owned(), source: "throttled".into() })
        }

        async fn put(&self, _: &str, _: &str) -> Result<(), SecretsError> {
            Ok(())
        }
    }

    fn keeper(open: usize) -> (Arc<Keeper>, Remembered, Clock) {
        let keeper = Arc::new(Keeper {
            says: Mutex::new(Ok(Some("old"))),
            reads: AtomicUsize::new(0),
            open: Semaphore::new(open),
        });
        let clock = Clock::manual(Timestamp::from_millis(0));
        (Arc::clone(&keeper), Remembered::new(keeper, clock.clone()), clock)
    }

    async fn get(secrets: &Remembered) -> Result<Option<String>, String> {
        secrets.get("/a").await.map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn a_value_is_answered_for_as_long_as_it_cannot_be_read_again() {
        let (keeper, secrets, clock) = keeper(100);
        assert_eq!(get(&secrets).await, Ok(Some("old".to_owned())));
        keeper.says(Err(()));
        for _ in 0..3 {
            clock.advance(FRESH);
            assert_eq!(get(&secrets).await, Ok(Some("old".to_owned())));
            assert_eq!(get(&secrets).await, Ok(Some("old".to_owned())));
        }
        assert_eq!(keeper.reads.load(Ordering::Relaxed), 4, "a read that failed is left alone for a while");
        keeper.says(Ok(Some("new")));
        clock.advance(SPARED);
        assert_eq!(get(&secrets).await, Ok(Some("new".to_owned())));
        keeper.says(Ok(None));
        clock.advance(FRESH);
        assert_eq!(get(&secrets).await, Ok(None), "what is gone is not answered");
        keeper.says(Err(()));
        assert!(get(&secrets).await.is_err(), "nor once more");
    }

    #[tokio::test]
    async fn many_who_ask_at_once_cost_one_read() {
        let (keeper, secrets, _) = keeper(0);
        let all = futures::future::join_all((0..50).map(|_| get(&secrets)));
        let mut all = Box::pin(all);
        assert!((&mut all).now_or_never().is_none());
        keeper.open.add_permits(1);
        assert!(all.await.iter().all(|answer| *answer == Ok(Some("old".to_owned()))));
        assert_eq!(keeper.reads.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn a_read_that_began_before_a_write_says_nothing() {
        let (keeper, secrets, _) = keeper(0);
        let mut early = Box::pin(get(&secrets));
        assert!((&mut early).now_or_never().is_none());
        secrets.put("/a", "new").await.expect("it is kept");
        keeper.open.add_permits(1);
        assert_eq!(early.await, Ok(Some("new".to_owned())));
        assert_eq!(get(&secrets).await, Ok(Some("new".to_owned())));
    }
}
