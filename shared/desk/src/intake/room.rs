//! How many texts are understood at the same time, and how many may wait for that in the process.
//!
//! Keeping a receipt is a small part of the work: under a flood, few that are understood leave time for all to be kept
//! and answered (P1), and those that wait follow as soon as it ends.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use porchlight_store::receipts::ReceiptKey;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Understood at the same time.
const AT_ONCE: usize = 16;
/// With more than so many under way, whoever comes is answered when its receipt is kept.
const CROWD: usize = 64;
/// Under way at most; what comes then is the sweep's. One takes some 2 kB.
const PLACES: usize = 20_000;

/// The room of a process. Cheap to clone.
#[derive(Clone)]
pub(super) struct Room {
    places: Arc<Semaphore>,
    turns: Arc<Semaphore>,
    in_hand: Arc<Mutex<HashSet<ReceiptKey>>>,
}

/// A receipt that this process is at, or will be; no more once dropped.
pub(super) struct InHand {
    room: Room,
    key: ReceiptKey,
}

impl Default for Room {
    fn default() -> Self {
        Self {
            places: Arc::new(Semaphore::new(PLACES)),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            in_hand: Arc::default(),
        }
    }
}

/// Somebody's place, waiting or not.
pub(super) struct Place {
    taken: Option<(OwnedSemaphorePermit, Arc<Semaphore>)>,
}

/// Being understood; ends when dropped.
pub(super) struct Begun {
    _place: Option<(OwnedSemaphorePermit, Option<OwnedSemaphorePermit>)>,
}

impl Room {
    /// A place, unless all are taken.
    pub fn place(&self) -> Option<Place> {
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        Some(Place { taken: Some((place, Arc::clone(&self.turns))) })
    }

    /// Takes a receipt in hand.
    pub fn take(&self, key: &ReceiptKey) -> InHand {
        self.lock().insert(key.clone());
        InHand { room: self.clone(), key: key.clone() }
    }

    /// Whether somebody here has it in hand: nobody else needs to look at it.
    pub fn has(&self, key: &ReceiptKey) -> bool {
        self.lock().contains(key)
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<ReceiptKey>> {
        self.in_hand.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether many are waiting.
    pub fn is_crowded(&self) -> bool {
        self.places.available_permits() + CROWD < PLACES
    }
}

impl Drop for InHand {
    fn drop(&mut self) {
        self.room.lock().remove(&self.key);
    }
}

impl Place {
    /// One that waits for nobody.
    pub const fn ahead() -> Self {
        Self { taken: None }
    }

    /// Waits for its turn; whoever came first goes first.
    pub async fn begin(self) -> Begun {
        let Some((place, turns)) = self.taken else { return Begun { _place: None } };
        // Never closed.
        let turn = turns.acquire_owned().await.ok();
        Begun { _place: Some((place, turn)) }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn some_go_at_once_others_follow_and_who_hurries_waits_for_nobody() {
        let room = Room::default();
        let mut begun = Vec::new();
        for _ in 0..AT_ONCE {
            begun.push(room.place().expect("there is room").begin().now_or_never().expect("there is time"));
        }
        let mut next = Box::pin(room.place().expect("there is room").begin());
        assert!((&mut next).now_or_never().is_none());
        assert!(Place::ahead().begin().now_or_never().is_some());
        begun.pop();
        drop(next.now_or_never().expect("its turn has come"));
    }

    #[test]
    fn what_is_in_hand_is_known_until_it_is_done() {
        let (room, business) = (Room::default(), "01JD0000000000000000000000".parse().expect("an id"));
        let key = ReceiptKey::Unverified { business, id: "1".to_owned() };
        let in_hand = room.take(&key);
        assert!(room.has(&key));
        drop(in_hand);
        assert!(!room.has(&key));
    }

    #[tokio::test]
    async fn a_crowd_is_seen_and_its_places_end() {
        let room = Room::default();
        let crowd: Vec<Place> = (0..CROWD).filter_map(|_| room.place()).collect();
        assert!(!room.is_crowded());
        let more: Vec<Place> = std::iter::from_fn(|| room.place()).collect();
        assert!(room.is_crowded() && crowd.len() + more.len() == PLACES);
        drop((crowd, more));
        assert!(!room.is_crowded() && room.place().is_some());
    }
}
