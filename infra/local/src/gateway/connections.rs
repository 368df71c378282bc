//! The connections that are held, and which of them makes room for the next.
//!
//! Whoever is being answered keeps the connection, a live stream for hours. Whoever has sent nothing, or half
//! of something, waits, and gives way to a newcomer: the longest wait first.
//!
//! Invariant: at most `most` seats are taken, whatever callers do.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// The seats of a server. Cheap to clone.
#[derive(Clone)]
pub struct Connections(Arc<Room>);

struct Room {
    most: usize,
    seats: Mutex<Seats>,
    left: Notify,
}

#[derive(Default)]
struct Seats {
    taken: HashMap<u64, Taken>,
    /// Numbers seats, and orders waits.
    count: u64,
}

struct Taken {
    gives_way: CancellationToken,
    /// Requests being answered.
    answering: usize,
    /// Since which count it waits.
    since: u64,
}

/// A connection's place; it is free again when this is dropped.
pub struct Seat {
    room: Arc<Room>,
    number: u64,
    gives_way: CancellationToken,
}

/// While this is there, the seat's connection is being answered.
pub struct Answering(Arc<Seat>);

impl Connections {
    /// A room with so many seats.
    pub fn new(most: usize) -> Self {
        Self(Arc::new(Room { most: most.max(1), seats: Mutex::default(), left: Notify::new() }))
    }

    /// A seat, as soon as there is one.
    pub async fn seat(&self) -> Seat {
        loop {
            let left = self.0.left.notified();
            if let Some(seat) = self.0.take() {
                return seat;
            }
            left.await;
        }
    }
}

impl Room {
    fn take(self: &Arc<Self>) -> Option<Seat> {
        let mut seats = self.lock();
        if seats.taken.len() >= self.most && !seats.make_room() {
            return None;
        }
        seats.count += 1;
        let (number, gives_way) = (seats.count, CancellationToken::new());
        seats.taken.insert(number, Taken { gives_way: gives_way.clone(), answering: 0, since: number });
        Some(Seat { room: Arc::clone(self), number, gives_way })
    }

    fn lock(&self) -> MutexGuard<'_, Seats> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seats {
    /// Sends away whoever has waited longest; whether anybody waits.
    fn make_room(&mut self) -> bool {
        let waiting = self.taken.iter().filter(|(_, seat)| seat.answering == 0);
        let Some(longest) = waiting.min_by_key(|(_, seat)| seat.since).map(|(number, _)| *number) else {
            return false;
        };
        if let Some(seat) = self.taken.remove(&longest) {
            seat.gives_way.cancel();
        }
        true
    }

    fn change(&mut self, number: u64, change: impl FnOnce(&mut Taken, u64)) {
        self.count += 1;
        let now = self.count;
        if let Some(seat) = self.taken.get_mut(&number) {
            change(seat, now);
        }
    }
}

impl Seat {
    /// Until the seat is another's.
    pub async fn gives_way(&self) {
        self.gives_way.cancelled().await;
    }

    /// The connection is being answered from now on.
    pub fn answering(self: &Arc<Self>) -> Answering {
        self.room.lock().change(self.number, |seat, _| seat.answering += 1);
        Answering(Arc::clone(self))
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        let answered = |seat: &mut Taken, now| {
            seat.answering -= 1;
            seat.since = now;
        };
        self.0.room.lock().change(self.0.number, answered);
        self.0.room.left.notify_one();
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.room.lock().taken.remove(&self.number);
        self.room.left.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    fn gave_way(seat: &Seat) -> bool {
        seat.gives_way().now_or_never().is_some()
    }

    #[tokio::test]
    async fn a_newcomer_takes_the_place_of_the_longest_wait_and_never_of_who_is_answered() {
        let connections = Connections::new(2);
        let (first, second) = (Arc::new(connections.seat().await), Arc::new(connections.seat().await));
        let answering = first.answering();
        let third = Arc::new(connections.seat().await);
        assert_eq!([&first, &second, &third].map(|seat| gave_way(seat)), [false, true, false]);
        let _also = third.answering();
        assert!(connections.seat().now_or_never().is_none(), "both are being answered");
        drop(answering);
        let fourth = connections.seat().await;
        assert!(gave_way(&first) && !gave_way(&fourth));
        drop((second, first));
        assert!(!gave_way(&third), "who left twice takes nobody's place");
    }
}
