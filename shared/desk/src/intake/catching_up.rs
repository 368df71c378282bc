//! Receipts for which there was no room in the process are taken up as soon as the crowd has thinned: the sweep comes
//! once a minute, for a few seconds.

use std::collections::VecDeque;
use std::time::Duration;

use porchlight_domain::time::Timestamp;
use porchlight_store::StoreError;
use porchlight_store::keys::SHARDS;
use porchlight_store::outbound::DuePlace;
use porchlight_store::receipts::Receipt;
use tokio::task::JoinSet;

use super::room::AT_ONCE;
use super::{Intake, SWEEP_AFTER, SWEPT_AT_ONCE};

/// How often it is looked whether the crowd has thinned.
const LOOKS_EVERY: Duration = Duration::from_millis(100);

/// What waits in one shard, read page by page.
struct Lane {
    shard: u8,
    receipts: VecDeque<Receipt>,
    next: Option<DuePlace>,
    is_read: bool,
}

impl Intake {
    /// Begins, unless it goes on already: then it goes over all once more.
    pub(super) fn catch_up(&self) {
        let Some(mut turned_away) = self.room.turn_away() else { return };
        let intake = self.clone();
        tokio::spawn(async move {
            while turned_away.are_there() {
                while intake.room.is_crowded() {
                    tokio::time::sleep(LOOKS_EVERY).await;
                }
                if let Err(error) = intake.take_up_all().await {
                    let error = &error as &(dyn std::error::Error + 'static);
                    tracing::error!(error, "texts for which there was no room are left to the sweep");
                    return;
                }
            }
        });
    }

    /// Everything that is kept and not applied, whoever came first first.
    async fn take_up_all(&self) -> Result<(), StoreError> {
        let until = self.desk.now() + SWEEP_AFTER;
        let mut lanes: Vec<Lane> = (0..SHARDS).map(Lane::of).collect();
        let mut under_way = JoinSet::new();
        while let Some(receipt) = self.next_of(&mut lanes, until).await? {
            if self.room.holds(&receipt.key) {
                continue;
            }
            if under_way.len() >= AT_ONCE {
                under_way.join_next().await;
            }
            // Waited for here: those of one conversation go in their order.
            let turn = self.turn_of(&receipt).await;
            let intake = self.clone();
            under_way.spawn(async move {
                let _slot = intake.room.slot().await;
                if let Err(error) = intake.settle(&receipt).await {
                    super::still_unapplied(&receipt.key, &error);
                }
                drop(turn);
            });
        }
        under_way.join_all().await;
        Ok(())
    }

    async fn next_of(&self, lanes: &mut [Lane], until: Timestamp) -> Result<Option<Receipt>, StoreError> {
        for lane in lanes.iter_mut().filter(|lane| lane.receipts.is_empty() && !lane.is_read) {
            let from = lane.next.take();
            let page = self.desk.store.unapplied_due(lane.shard, until, SWEPT_AT_ONCE, from).await?;
            lane.receipts.extend(page.found);
            lane.is_read = page.next.is_none();
            lane.next = page.next;
        }
        let waiting = lanes.iter_mut().filter(|lane| !lane.receipts.is_empty());
        let first = waiting.min_by_key(|lane| lane.receipts[0].received_at);
        Ok(first.and_then(|lane| lane.receipts.pop_front()))
    }
}

impl Lane {
    const fn of(shard: u8) -> Self {
        Self { shard, receipts: VecDeque::new(), next: None, is_read: false }
    }
}
