//! Who follows what: one task per business and subject, begun with its first follower and ended after its
//! last.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use porchlight_domain::id::BusinessId;
use porchlight_store::counters::Counters;
use tokio::sync::{Notify, broadcast, watch};

use crate::told::News;

/// Events that a slow client may be behind before it is told to reload.
const ROOM: usize = 1024;

/// The businesses that somebody of this process follows. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Followed(Arc<Mutex<Businesses>>);

#[derive(Default)]
struct Businesses {
    tails: HashMap<BusinessId, broadcast::Sender<Arc<News>>>,
    counters: HashMap<BusinessId, Counting>,
}

/// What the task that counts for a business tells, and is told.
#[derive(Clone)]
pub(crate) struct Counting {
    /// The counters as they were last read.
    pub counters: watch::Sender<Option<Counters>>,
    /// Something happened in the business.
    pub may_change: Arc<Notify>,
}

impl Followed {
    /// Follows the events of a business; a sender where the caller must start the tail.
    pub fn events(
        &self,
        business: &BusinessId,
    ) -> (broadcast::Receiver<Arc<News>>, Option<broadcast::Sender<Arc<News>>>) {
        let mut businesses = self.lock();
        if let Some(tail) = businesses.tails.get(business) {
            return (tail.subscribe(), None);
        }
        let (tail, follower) = broadcast::channel(ROOM);
        businesses.tails.insert(business.clone(), tail.clone());
        (follower, Some(tail))
    }

    /// Whether nobody follows the events any more; the tail must end then, as the next follower starts anew.
    pub fn events_end(&self, business: &BusinessId) -> bool {
        let mut businesses = self.lock();
        let ends = businesses.tails.get(business).is_none_or(|tail| tail.receiver_count() == 0);
        if ends {
            businesses.tails.remove(business);
        }
        ends
    }

    /// Follows the counters of a business; with the count, where the caller must start it.
    pub fn counters(&self, business: &BusinessId) -> (watch::Receiver<Option<Counters>>, Option<Counting>) {
        let mut businesses = self.lock();
        if let Some(count) = businesses.counters.get(business) {
            return (count.counters.subscribe(), None);
        }
        let (counters, follower) = watch::channel(None);
        let count = Counting { counters, may_change: Arc::default() };
        businesses.counters.insert(business.clone(), count.clone());
        (follower, Some(count))
    }

    /// Something happened in a business: who counts there looks again.
    pub fn counters_may_change(&self, business: &BusinessId) {
        if let Some(count) = self.lock().counters.get(business) {
            count.may_change.notify_one();
        }
    }

    /// Whether nobody follows the counters any more; the count must end then.
    pub fn counters_end(&self, business: &BusinessId) -> bool {
        let mut businesses = self.lock();
        let ends = businesses.counters.get(business).is_none_or(|count| count.counters.receiver_count() == 0);
        if ends {
            businesses.counters.remove(business);
        }
        ends
    }

    fn lock(&self) -> MutexGuard<'_, Businesses> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
