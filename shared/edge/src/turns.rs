//! Turns at work that only few may do at once. Whoever came last is next: under a flood those who have waited
//! long have given up, and whoever has just come is served at once.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

/// So many turns at once, and a line of those who wait.
pub struct Turns {
    state: Mutex<State>,
}

struct State {
    free: usize,
    waiting: Vec<oneshot::Sender<Turn>>,
}

/// The work may be done until this is dropped.
pub struct Turn(&'static Turns);

/// Nobody's turn ended in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many wait for the same work")]
pub struct Crowded;

impl Turns {
    /// So many at once.
    pub const fn new(at_once: usize) -> Self {
        Self { state: Mutex::new(State { free: at_once, waiting: Vec::new() }) }
    }

    /// A turn, if there is one within `patience`.
    pub async fn turn(&'static self, patience: Duration) -> Result<Turn, Crowded> {
        let waits = {
            let mut state = self.lock();
            if state.free > 0 {
                state.free -= 1;
                return Ok(Turn(self));
            }
            let (gives, waits) = oneshot::channel();
            state.waiting.retain(|other| !other.is_closed());
            state.waiting.push(gives);
            waits
        };
        tokio::time::timeout(patience, waits).await.ok().and_then(Result::ok).ok_or(Crowded)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A turn has ended: it is the last comer's who still waits.
    fn pass_on(&'static self) {
        loop {
            let Some(next) = self.next() else { return };
            match next.send(Turn(self)) {
                Ok(()) => return,
                // They gave up meanwhile; a turn that is dropped would be passed on once more.
                Err(turn) => std::mem::forget(turn),
            }
        }
    }

    fn next(&self) -> Option<oneshot::Sender<Turn>> {
        let mut state = self.lock();
        let next = state.waiting.pop();
        state.free += usize::from(next.is_none());
        next
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.pass_on();
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(5);

    #[tokio::test]
    async fn whoever_came_last_is_next_and_who_gave_up_is_passed_over() {
        static TURNS: Turns = Turns::new(1);
        let held = TURNS.turn(PATIENCE).await.expect("the first");
        let mut early = Box::pin(TURNS.turn(PATIENCE));
        let mut late = Box::pin(TURNS.turn(PATIENCE));
        let mut gone = Box::pin(TURNS.turn(PATIENCE));
        for waits in [&mut early, &mut late, &mut gone] {
            assert!(waits.now_or_never().is_none());
        }
        drop(gone);
        drop(held);
        let turn = late.await.expect("the last comer's");
        assert!((&mut early).now_or_never().is_none());
        drop(turn);
        drop(early.await.expect("then the other's"));
        drop(TURNS.turn(PATIENCE).now_or_never().expect("it is free again").expect("a turn"));
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_ever() {
        static TURNS: Turns = Turns::new(1);
        let _held = TURNS.turn(PATIENCE).await.expect("the first");
        assert_eq!(TURNS.turn(PATIENCE).await.err(), Some(Crowded));
    }
}
