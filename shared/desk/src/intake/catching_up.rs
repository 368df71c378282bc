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

use super::room::{AT_ONCE, Waiting};
use super::{Intake, SWEEP_AFTER, SWEPT_AT_ONCE};

/// How often it is looked whether the crowd has thinned.
const LOOKS_EVERY: Duration = Duration::from_millis(100);
/// After the tables could not be read.
const PAUSE: Duration = Duration::from_secs(5);
/// Begun at the same time; some of them wait for the turn of their conversation.
const UNDER_WAY: usize = 4 * AT_ONCE;

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
            loop {
                while intake.room.is_crowded() {
                    tokio::time::sleep(LOOKS_EVERY).await;
                }
                if !turned_away.are_there() {
                    return;
                }
                if let Err(error) = intake.take_up_all(&turned_away).await {
                    still_wait(&error);
                    turned_away.are_left();
                    tokio::time::sleep(PAUSE).await;
                }
            }
        });
    }

    /// Everything that is kept and not applied, whoever came first first.
    async fn take_up_all(&self, turned_away: &Waiting) -> Result<(), StoreError> {
        let until = self.desk.now() + SWEEP_AFTER;
        let mut lanes: Vec<Lane> = (0..SHARDS).map(Lane::of).collect();
        let mut under_way = JoinSet::new();
        let read = loop {
            let receipt = match self.next_of(&mut lanes, until).await {
                Ok(Some(receipt)) => receipt,
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            };
            turned_away.move_on();
            if self.room.holds(&receipt.key) {
                continue;
            }
            let mut work = Box::pin(self.clone().take_up_in_a_slot(receipt));
            // Begun here, in their order: those of one conversation then wait for its turn in the same.
            if futures::poll!(&mut work).is_pending() {
                under_way.spawn(work);
            }
            if under_way.len() >= UNDER_WAY {
                under_way.join_next().await;
            }
        };
        // Whatever became of one: what is not applied is found again.
        while under_way.join_next().await.is_some() {
            turned_away.move_on();
        }
        read
    }

    async fn take_up_in_a_slot(self, receipt: Receipt) {
        let _turn = self.turn_of(&receipt).await;
        let _slot = self.room.slot().await;
        if let Err(error) = self.settle(&receipt).await {
            super::still_unapplied(&receipt.key, &error);
        }
    }

    async fn next_of(&self, lanes: &mut [Lane], until: Timestamp) -> Result<Option<Receipt>, StoreError> {
        for lane in &mut *lanes {
            while lane.receipts.is_empty() && !lane.is_read {
                let from = lane.next.take();
                let page = self.desk.store.unapplied_due(lane.shard, until, SWEPT_AT_ONCE, from).await?;
                lane.receipts.extend(page.found);
                lane.is_read = page.next.is_none();
                lane.next = page.next;
            }
        }
        let waiting = lanes.iter_mut().filter(|lane| !lane.receipts.is_empty());
        let first = waiting.min_by_key(|lane| lane.receipts[0].received_at);
        Ok(first.and_then(|lane| lane.receipts.pop_front()))
    }
}

fn still_wait(error: &(dyn std::error::Error + 'static)) {
    tracing::error!(error, "texts for which there was no room still wait");
}

impl Lane {
    const fn of(shard: u8) -> Self {
        Self { shard, receipts: VecDeque::new(), next: None, is_read: false }
    }
}
