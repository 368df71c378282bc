//! The numbers above the list: the office's from the counters, read once a second at most for all clients; a
//! technician's from their own conversations.

use std::time::Duration;

use porchlight_domain::access::{Viewer, sight};
use porchlight_domain::id::BusinessId;
use porchlight_domain::time::Timestamp;
use porchlight_edge::view::Counts;
use porchlight_store::counters::Counters;
use porchlight_store::{Store, StoreError};
use tokio::sync::watch;

use crate::{Live, warn};

/// Between two counts.
pub(crate) const EVERY: Duration = Duration::from_secs(1);
/// Between two looks where nobody brings word, while numbers change; and at most.
const ACTIVE: Duration = Duration::from_secs(1);
const IDLE: Duration = Duration::from_secs(5);

/// Reads the counters of a business as they change, until nobody follows.
pub(crate) async fn follow(live: Live, business: BusinessId, count: watch::Sender<Option<Counters>>) {
    let mut writes = live.wake.watch(&live.tables.derived);
    let mut quiet = ACTIVE;
    while !live.followed.counters_end(&business) {
        let changed = match live.store.counters(&business).await {
            Ok(now) => count.send_if_modified(|known| known.replace(now.clone()) != Some(now)),
            Err(error) => {
                warn(&error, "the counters could not be read and are read again");
                false
            }
        };
        quiet = if changed { ACTIVE } else { (quiet * 2).min(IDLE) };
        tokio::time::sleep(EVERY).await;
        writes.written(quiet.saturating_sub(EVERY), IDLE).await;
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
