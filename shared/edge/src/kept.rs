//! What is read for nearly every request and hardly ever changes, kept until its table is written.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use porchlight_domain::id::BusinessId;
use porchlight_domain::staff::Staff;
use porchlight_store::{Store, StoreError};
use tokio::time::Instant;

use crate::platform::Platform;
use crate::settings::ConfigError;
use crate::wake::{Wake, Writes};

/// Where nobody brings word of writes, what was read is believed for so long.
const BELIEVED: Duration = Duration::from_secs(5);
/// Values kept at most; then all are read anew.
const ROOM: usize = 1_000;

/// Everybody who works, or worked, at a business: for their names.
#[derive(Clone)]
pub struct Colleagues {
    store: Store,
    kept: Arc<Kept<BusinessId, Vec<Staff>>>,
}

impl Colleagues {
    /// Those of the platform's store.
    pub fn new(platform: &Platform) -> Result<Self, ConfigError> {
        let directory = platform.settings.require("TABLE_DIRECTORY")?;
        Ok(Self { store: platform.store()?, kept: Arc::new(Kept::new(&platform.wake, directory)) })
    }

    /// Those of one business.
    pub async fn of(&self, business: &BusinessId) -> Result<Arc<Vec<Staff>>, StoreError> {
        self.kept.get(business, async || self.store.staff_of(business).await).await
    }
}

/// Values of one table, by key. What stands here may be some seconds old where no word of writes comes (AWS): good for
/// names, never for what somebody may do (P7).
struct Kept<K, V> {
    writes: Writes,
    values: Mutex<HashMap<K, Entry<V>>>,
}

struct Entry<V> {
    value: Arc<V>,
    /// The writes of the table that were known before it was read.
    writes: Option<u64>,
    read_at: Instant,
}

impl<K: Hash + Eq + Clone, V> Kept<K, V> {
    /// Nothing yet, of a table that `wake` may tell of.
    fn new(wake: &Wake, table: &str) -> Self {
        Self { writes: wake.writes(table), values: Mutex::default() }
    }

    /// The value, read by `read` unless what was read before still holds.
    async fn get<E>(&self, key: &K, read: impl AsyncFnOnce() -> Result<V, E>) -> Result<Arc<V>, E> {
        // Before the read: a write meanwhile makes it old at once.
        let (writes, read_at) = (self.writes.so_far(), Instant::now());
        if let Some(value) = self.lock().get(key).filter(|entry| entry.holds(writes)) {
            return Ok(Arc::clone(&value.value));
        }
        let value = Arc::new(read().await?);
        let mut values = self.lock();
        if values.len() >= ROOM {
            values.clear();
        }
        values.insert(key.clone(), Entry { value: Arc::clone(&value), writes, read_at });
        Ok(value)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<K, Entry<V>>> {
        self.values.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<V> Entry<V> {
    fn holds(&self, writes: Option<u64>) -> bool {
        match writes {
            Some(_) => self.writes == writes,
            None => self.read_at.elapsed() < BELIEVED,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    async fn read(kept: &Kept<u8, u8>, value: u8) -> u8 {
        *kept.get(&0, async || Ok::<_, Infallible>(value)).await.expect("it cannot fail")
    }

    #[tokio::test(start_paused = true)]
    async fn a_value_holds_until_its_table_is_written() {
        let wake = Wake::local();
        let kept = Kept::new(&wake, "directory");
        assert_eq!(read(&kept, 1).await, 1);
        tokio::time::advance(BELIEVED * 100).await;
        wake.notify("vault");
        assert_eq!(read(&kept, 2).await, 1);
        wake.notify("directory");
        assert_eq!(read(&kept, 3).await, 3);
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_written_while_it_was_read_is_read_again() {
        let wake = Wake::local();
        let kept = Kept::new(&wake, "directory");
        let written_meanwhile = async || {
            wake.notify("directory");
            Ok::<u8, Infallible>(1)
        };
        assert_eq!(*kept.get(&0, written_meanwhile).await.expect("it cannot fail"), 1);
        assert_eq!(read(&kept, 2).await, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn where_nobody_brings_word_a_value_holds_for_a_moment() {
        let kept = Kept::new(&Wake::timer(), "directory");
        assert_eq!(read(&kept, 1).await, 1);
        assert_eq!(read(&kept, 2).await, 1);
        tokio::time::advance(BELIEVED).await;
        assert_eq!(read(&kept, 3).await, 3);
    }

    #[tokio::test]
    async fn a_read_that_fails_leaves_nothing() {
        let kept = Kept::new(&Wake::local(), "directory");
        assert!(kept.get(&0, async || Err::<u8, ()>(())).await.is_err());
        assert_eq!(read(&kept, 2).await, 2);
    }
}
