//! Nobody of the crew opens a customer's message: when that begins to count, and the office, which is told at last.

use std::time::Duration;

use futures::stream::{self, StreamExt};
use porchlight_domain::id::{BusinessId, ConversationId};
use porchlight_domain::message::MessageKind;
use porchlight_domain::push::Ladder;
use porchlight_store::StoreError;
use porchlight_store::pushes::PushClaim;
use porchlight_store::records::MessageRecord;
use tokio::time::Instant;

use crate::facts::Thread;
use crate::wake::{claim_of, log_failure};
use crate::{SIDE_BY_SIDE, Waker};

/// Rows of a shard's index that are read at once.
const PAGE: usize = 100;
/// How long a step is tried against contention; what is left is the next minute's.
const PATIENCE: Duration = Duration::from_secs(10);

impl Waker {
    /// The ladder that a message begins, if it begins one.
    pub async fn begin_ladder(&self, thread: &Thread) -> Result<(), StoreError> {
        if thread.message.kind() != MessageKind::Customer {
            return Ok(());
        }
        let Thread { business, conversation, message, ledger, .. } = thread;
        let begin = || self.desk.begin_ladder(business, conversation, message, ledger);
        self.desk.rereading(PATIENCE, begin).await
    }

    /// Takes the steps of a shard whose time has come.
    pub async fn climb_shard(&self, shard: u8, ends: Instant) -> Result<(), StoreError> {
        let (now, mut from) = (self.clock.now(), None);
        loop {
            let page = self.store.due_ladders(shard, now, PAGE, from).await?;
            let work = page.found.into_iter().map(|place| self.climb(place)).collect::<Vec<_>>();
            stream::iter(work).buffer_unordered(SIDE_BY_SIDE).collect::<Vec<()>>().await;
            from = page.next;
            if from.is_none() || Instant::now() > ends {
                return Ok(());
            }
        }
    }

    async fn climb(&self, (business, conversation): (BusinessId, ConversationId)) {
        let climb = || self.desk.climb(&business, &conversation, &self.public_url);
        let climbed = match self.desk.rereading(PATIENCE, climb).await {
            Ok(Some(ladder)) => self.tell_office(&business, &conversation, ladder).await,
            Ok(None) => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = climbed {
            log_failure(&MessageRecord { business, conversation, seq: 0 }, &error);
        }
    }

    /// Claims a post for every device of the office, and posts. What was claimed is the sweep's to mend; whoever does not
    /// come so far leaves the ladder where it is, and it is told anew, to those alone who were not.
    async fn tell_office(
        &self,
        business: &BusinessId,
        conversation: &ConversationId,
        ladder: Ladder,
    ) -> Result<(), StoreError> {
        let place =
            MessageRecord { business: business.clone(), conversation: conversation.clone(), seq: ladder.seq };
        if let Some(thread) = self.thread(&place).await? {
            let devices = self.wanted(&thread, Thread::escalation).await?;
            let now = self.clock.now();
            let claim = |device| PushClaim { is_escalation: true, ..claim_of(&thread, &place, device, now) };
            self.claim_and_post_all(devices.iter().map(claim).collect()).await?;
        }
        self.desk.end_ladder(business, conversation, ladder).await
    }
}
