//! Texts of one conversation wait their turn in the process: side by side they would only meet in conflicts, and the
//! words of consent act in the order in which they came (P6).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use porchlight_domain::id::BusinessId;
use porchlight_domain::phone::ContactPoint;
use tokio::sync::OwnedMutexGuard;

/// Whose turn it is: a customer at a line of a business.
type Thread = (BusinessId, ContactPoint, ContactPoint);

/// The turns of all conversations. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Turns(Arc<Mutex<HashMap<Thread, Arc<tokio::sync::Mutex<()>>>>>);

/// The text's turn, until this is dropped.
pub(super) struct Turn {
    turns: Turns,
    thread: Thread,
    held: Option<OwnedMutexGuard<()>>,
}

impl Turns {
    /// Waits for the turn of a text; whoever came first goes first.
    pub async fn of(&self, business: &BusinessId, from: &ContactPoint, to: &ContactPoint) -> Turn {
        let thread = (business.clone(), from.clone(), to.clone());
        let queue = Arc::clone(self.lock().entry(thread.clone()).or_default());
        // Made before the wait: whoever gives up waiting leaves nothing behind, either.
        let mut turn = Turn { turns: self.clone(), thread, held: None };
        turn.held = Some(queue.lock_owned().await);
        turn
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Thread, Arc<tokio::sync::Mutex<()>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.held.take();
        let mut threads = self.turns.lock();
        // Whoever waits holds the queue, too.
        if threads.get(&self.thread).is_some_and(|queue| Arc::strong_count(queue) == 1) {
            threads.remove(&self.thread);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn texts_of_one_thread_go_one_after_the_other_and_nothing_of_them_is_left() {
        let turns = Turns::default();
        let business: BusinessId = "01JD0000000000000000000000".parse().expect("an id");
        let phone = |number: &str| ContactPoint::phone(number).expect("a number");
        let (maria, joe, line) = (phone("+12075550142"), phone("+12075550143"), phone("+12075550100"));
        let first = turns.of(&business, &maria, &line).await;
        let mut second = Box::pin(turns.of(&business, &maria, &line));
        let mut gave_up = Box::pin(turns.of(&business, &maria, &line));
        assert!((&mut second).now_or_never().is_none() && (&mut gave_up).now_or_never().is_none());
        drop(turns.of(&business, &joe, &line).now_or_never().expect("another thread waits for nobody"));
        drop(first);
        drop(gave_up);
        drop(second.await);
        assert!(turns.lock().is_empty());
    }
}
