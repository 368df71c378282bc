//! The numbers above the list: the office's from the counters, read once a second at most for all clients; a
//! technician's from their own conversations.

use std::time::Duration;

use porchlight_api::Counts;
use porchlight_domain::access::{Viewer, sight};
use porchlight_domain::id::BusinessId;
use porchlight_domain::time::Timestamp;
use porchlight_store::{Store, StoreError};

use crate::shared::Counting;
use crate::{Live, warn};

/// Between two counts.
pub(crate) const EVERY: Duration = Duration::from_secs(1);
/// Between two looks at most, where somebody brings word of what is written.
const IDLE: Duration = Duration::from_secs(5);
/// Where nobody does, `index` is given so long to count what happened; after that only something new, or a minute,
/// is worth a look.
const SETTLED: Duration = Duration::from_secs(8);
const REST: Duration = Duration::from_mins(1);

/// Reads the counters of a business as they change, until nobody follows.
pub(crate) async fn follow(live: Live, business: BusinessId, count: Counting) {
    let mut writes = live.wake.watch(&live.tables.derived);
    let mut pause = REST;
    while !live.followed.counters_end(&business) {
        let changed = look(&live, &business, &count).await;
        pause = next_pause(pause, changed);
        tokio::time::sleep(EVERY).await;
        let is_told = writes.is_told();
        tokio::select! {
            () = writes.written(pause.saturating_sub(EVERY), IDLE) => {}
            () = count.may_change.notified(), if !is_told => pause = EVERY,
        }
    }
}

/// Whether the counters changed since the last look.
async fn look(live: &Live, business: &BusinessId, count: &Counting) -> bool {
    let now = match live.store.counters(business).await {
        Ok(now) => now,
        Err(error) => {
            warn(&error, "the counters could not be read and are read again");
            return false;
        }
    };
    let is_first = count.counters.borrow().is_none();
    let is_new = count.counters.send_if_modified(|known| known.replace(now.clone()) != Some(now));
    is_new && !is_first
}

/// Twice as long each time, then rest. A change is followed by others: one of many that happened.
fn next_pause(pause: Duration, changed: bool) -> Duration {
    match (changed, pause < SETTLED) {
        (true, _) => EVERY,
        (false, true) => pause * 2,
        (false, false) => REST,
    }
}

/// A technician's numbers: what they see now, counted.
pub(crate) async fn of_technician(
    store: &Store,
    viewer: &Viewer,
    now: Timestamp,
) -> Result<Counts, StoreError> {
    let Viewer { business, staff, .. } = viewer;
    let ids = store.conversations_of_member(business, staff).await?;
    let (conversations, markers) =
        futures::try_join!(store.conversations(business, &ids), store.read_markers(business, staff, &ids))?;
    let facts = store.access_facts_of_all(viewer, &conversations, now).await?;
    let seen = conversations.into_iter().zip(&facts).map(|(conversation, facts)| {
        let sight = sight(viewer, &conversation, facts, now);
        (conversation, sight)
    });
    let seen: Vec<_> = seen.filter(|(_, sight)| !sight.is_hidden()).collect();
    Ok(Counts::of_seen(&seen, &markers))
}
