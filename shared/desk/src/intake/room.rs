//! How many texts are understood at the same time, and how many may wait for that in the process.
//!
//! Keeping a receipt is a small part of the work: under a flood, few that are understood leave time for all to be kept
//! and answered (P1), and those that wait follow as soon as it ends.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use porchlight_store::receipts::ReceiptKey;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

/// Understood at the same time; as many again of those that may end consent.
pub(super) const AT_ONCE: usize = 16;
/// With more than so many under way, whoever comes is answered when its receipt is kept.
const CROWD: usize = 64;
/// Under way at most, a usual text being one, and a tenth of that of those that may end consent; what comes then is taken
/// up when they are through.
const PLACES: usize = 20_000;
/// One of those who found no room is taken up at least so often, or nobody is at it.
const STANDS_STILL: Duration = Duration::from_secs(10);
/// What a usual text takes of memory; a larger one takes as many places more.
const USUAL: usize = 2_048;

/// The room of a process. Cheap to clone.
#[derive(Clone)]
pub(super) struct Room {
    places: Arc<Semaphore>,
    slots: Arc<Semaphore>,
    places_ahead: Arc<Semaphore>,
    slots_ahead: Arc<Semaphore>,
    in_hand: Arc<Mutex<HashSet<ReceiptKey>>>,
    turned_away: Arc<Mutex<TurnedAway>>,
}

/// Of those who found no room.
#[derive(Clone, Copy, Debug, Default)]
struct TurnedAway {
    /// Somebody takes them up, or waits to begin.
    is_followed: bool,
    /// Some wait for that.
    wait: bool,
    /// When the last of them was taken up, while they are.
    taken_up_at: Option<Instant>,
}

/// Those who found no room, for whoever takes them up.
pub(super) struct Waiting {
    room: Room,
    are_over: bool,
}

impl Default for Room {
    fn default() -> Self {
        Self {
            places: Arc::new(Semaphore::new(PLACES)),
            slots: Arc::new(Semaphore::new(AT_ONCE)),
            places_ahead: Arc::new(Semaphore::new(PLACES / 10)),
            slots_ahead: Arc::new(Semaphore::new(AT_ONCE)),
            in_hand: Arc::default(),
            turned_away: Arc::default(),
        }
    }
}

/// A receipt that is under way here, waiting or not; no more once dropped.
pub(super) struct Place {
    room: Room,
    key: ReceiptKey,
    slots: Arc<Semaphore>,
    _places: OwnedSemaphorePermit,
}

impl Room {
    /// A place for a receipt of so many bytes, unless all are taken. One that hurries waits for others in a hurry only.
    pub fn place(&self, key: &ReceiptKey, bytes: usize, hurries: bool) -> Option<Place> {
        let places = u32::try_from(1 + bytes / USUAL).ok()?;
        let (of, slots) =
            if hurries { (&self.places_ahead, &self.slots_ahead) } else { (&self.places, &self.slots) };
        let places = Arc::clone(of).try_acquire_many_owned(places).ok()?;
        self.lock().insert(key.clone());
        let slots = Arc::clone(slots);
        Some(Place { room: self.clone(), key: key.clone(), slots, _places: places })
    }

    /// Whether many are under way.
    pub fn is_crowded(&self) -> bool {
        self.places.available_permits() + CROWD < PLACES
    }

    /// Whether a receipt waits in the crowd: its turn comes, nobody else needs to look at it. Where there is no crowd,
    /// a process may have been frozen in the middle of it.
    pub fn has_in_hand(&self, key: &ReceiptKey) -> bool {
        self.is_crowded() && self.holds(key)
    }

    /// Whether a receipt is under way here.
    pub fn holds(&self, key: &ReceiptKey) -> bool {
        self.lock().contains(key)
    }

    /// One of those that are understood at the same time.
    pub async fn slot(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.slots).acquire_owned().await.ok()
    }

    /// Somebody found no room; all of those, unless somebody follows them already.
    pub fn turn_away(&self) -> Option<Waiting> {
        let mut turned_away = self.turned_away();
        turned_away.wait = true;
        let was_followed = std::mem::replace(&mut turned_away.is_followed, true);
        (!was_followed).then(|| Waiting { room: self.clone(), are_over: false })
    }

    /// Whether those who found no room are being taken up, just now: a process that stood still meanwhile says no.
    pub fn is_catching_up(&self) -> bool {
        self.turned_away().taken_up_at.is_some_and(|at| at.elapsed() < STANDS_STILL)
    }

    fn turned_away(&self) -> MutexGuard<'_, TurnedAway> {
        self.turned_away.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<ReceiptKey>> {
        self.in_hand.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    /// Whether there are more than were taken up; if not, nobody follows them any more.
    pub fn are_there(&mut self) -> bool {
        let mut turned_away = self.room.turned_away();
        self.are_over = !turned_away.wait;
        *turned_away = TurnedAway { is_followed: !self.are_over, ..TurnedAway::default() };
        !self.are_over
    }

    /// They could not be taken up: once more, then.
    pub fn are_left(&self) {
        *self.room.turned_away() = TurnedAway { is_followed: true, wait: true, taken_up_at: None };
    }

    /// One of them is being taken up.
    pub fn move_on(&self) {
        self.room.turned_away().taken_up_at = Some(Instant::now());
    }
}

impl Drop for Waiting {
    /// Given up in the middle of it: the sweep finds them, and whoever is turned away next begins anew.
    fn drop(&mut self) {
        if !self.are_over {
            *self.room.turned_away() = TurnedAway::default();
        }
    }
}

impl Place {
    /// Waits until it may be understood; whoever came first goes first. For one attempt: who waits for anything else
    /// gives it back.
    pub async fn begin(&self) -> Option<OwnedSemaphorePermit> {
        // Never closed.
        Arc::clone(&self.slots).acquire_owned().await.ok()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.room.lock().remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    fn key(number: usize) -> ReceiptKey {
        let business = "01JD0000000000000000000000".parse().expect("an id");
        ReceiptKey::Unverified { business, id: number.to_string() }
    }

    #[tokio::test]
    async fn some_go_at_once_others_follow_and_who_hurries_waits_for_none_of_them() {
        let room = Room::default();
        let places: Vec<Place> = (0..=AT_ONCE).filter_map(|n| room.place(&key(n), 500, false)).collect();
        let mut begun: Vec<_> = places[..AT_ONCE].iter().map(|it| it.begin().now_or_never()).collect();
        assert!(begun.iter().all(Option::is_some));
        let mut next = Box::pin(places[AT_ONCE].begin());
        assert!((&mut next).now_or_never().is_none());
        let hurried = room.place(&key(99), 500, true).expect("there is room");
        assert!(hurried.begin().now_or_never().is_some());
        begun.pop();
        assert!(next.now_or_never().is_some(), "its time has come");
    }

    #[test]
    fn a_crowd_is_seen_known_by_its_receipts_and_ends() {
        let room = Room::default();
        let few: Vec<Place> = (0..CROWD).filter_map(|n| room.place(&key(n), 500, false)).collect();
        assert!(!room.is_crowded() && !room.has_in_hand(&key(1)));
        let all: Vec<Place> = (CROWD..).map_while(|n| room.place(&key(n), 500, false)).collect();
        assert_eq!(few.len() + all.len(), PLACES);
        assert!(room.is_crowded() && room.has_in_hand(&key(1)) && !room.has_in_hand(&key(PLACES)));
        drop((few, all));
        assert!(!room.is_crowded() && room.place(&key(0), 500, false).is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn those_who_found_no_room_are_taken_up_by_one_and_none_of_them_is_forgotten() {
        let room = Room::default();
        let mut waiting = room.turn_away().expect("nobody follows them yet");
        assert!(!room.is_catching_up(), "the sweep may come as long as nobody has begun");
        assert!(waiting.are_there());
        waiting.move_on();
        assert!(room.is_catching_up());
        assert!(room.turn_away().is_none(), "somebody is at it");
        assert!(waiting.are_there(), "one came meanwhile");
        waiting.are_left();
        assert!(!room.is_catching_up() && waiting.are_there(), "what failed is tried again");
        waiting.move_on();
        tokio::time::advance(STANDS_STILL).await;
        assert!(!room.is_catching_up(), "a process that stood still holds up no sweep");
        assert!(!waiting.are_there());
        let next = room.turn_away().expect("the first is through");
        drop(waiting);
        assert!(room.turn_away().is_none(), "the next follows them");
        drop(next);
        assert!(room.turn_away().is_some(), "whoever gives up holds up nobody");
    }

    #[test]
    fn a_full_room_has_places_for_words_that_may_end_consent_p6() {
        let room = Room::default();
        let all: Vec<Place> = (0..).map_while(|n| room.place(&key(n), 500, false)).collect();
        assert!(room.place(&key(PLACES), 500, false).is_none());
        assert!(room.place(&key(PLACES), 500, true).is_some());
        drop(all);
    }

    #[test]
    fn large_ones_take_more_of_it() {
        let room = Room::default();
        let large: Vec<Place> = (0..).map_while(|n| room.place(&key(n), 300_000, false)).collect();
        assert_eq!(large.len(), PLACES / (1 + 300_000 / USUAL));
    }
}
