//! Posts to devices: each is claimed per message and device, and stands here for two days, so that the same message
//! wakes a device once, whoever comes by it again.
//!
//! A claim is due from the beginning: whatever breaks off after it is taken up by the sweep.

use std::time::Duration;

use porchlight_domain::id::{BusinessId, ConversationId, DeviceId, MessageId, StaffId};
use porchlight_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::items;
use crate::keys;
use crate::outbound::{DuePage, DuePlace, readable, still_due};
use crate::store::Store;
use crate::table::{Expression, Item, Outcome, Table, number, text};

/// How long a claim is kept: streams and sweeps repeat for a day at most.
const KEPT: Duration = Duration::from_hours(48);

/// A message wakes a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushClaim {
    /// The tenant.
    pub business: BusinessId,
    /// The message.
    pub message: MessageId,
    /// Where it stands.
    pub conversation: ConversationId,
    /// Its place there.
    pub seq: u64,
    /// Whom it wakes.
    pub staff: StaffId,
    /// Where.
    pub device: DeviceId,
    /// It wakes by nobody of the crew having opened the message.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_escalation: bool,
    /// When it was claimed first.
    pub begun_at: Timestamp,
    /// Posts that were begun.
    #[serde(default)]
    pub tries: u32,
    /// Posts of which nobody heard what came of them.
    #[serde(default)]
    pub lost: u32,
    /// A post is under way: whoever takes it up now does not know whether it was made.
    #[serde(default)]
    pub is_posting: bool,
    /// When somebody else takes it up; none once it is over.
    #[serde(default)]
    pub due: Option<Timestamp>,
}

impl PushClaim {
    fn item(&self) -> Item {
        let key = keys::push(&self.business, &self.message, &self.device, self.is_escalation);
        let mut item = items::to_item(&key, self);
        item.insert("expires_at".to_owned(), number((self.begun_at + KEPT).seconds()));
        if let Some(due) = self.due {
            item.insert("due_shard".to_owned(), text(keys::push_shard(&key.pk)));
            item.insert("due_at".to_owned(), text(due));
        }
        item
    }
}

impl Store {
    /// Claims a post, if nobody has. Whether it is ours.
    pub async fn claim_push(&self, claim: &PushClaim) -> Result<bool, StoreError> {
        let put = self.put_if(Table::Vault, claim.item(), &Expression::absent()).await?;
        Ok(matches!(put, Outcome::Done(_)))
    }

    /// A claim as it now is, if it still is due when it was read to be. Whether it is ours.
    pub async fn update_push(&self, before: &PushClaim, after: &PushClaim) -> Result<bool, StoreError> {
        let as_read = match before.due {
            None => Expression::new("attribute_not_exists(due_at)"),
            Some(due) => Expression::new("due_at = :due").value(":due", text(due)),
        };
        let put = self.put_if(Table::Vault, after.item(), &as_read).await?;
        Ok(matches!(put, Outcome::Done(_)))
    }

    /// The posts of one shard that were broken off, or wait to be tried again.
    pub async fn due_pushes(
        &self,
        shard: u8,
        now: Timestamp,
        limit: usize,
        from: Option<DuePlace>,
    ) -> Result<DuePage<PushClaim>, StoreError> {
        let rows = self.due_rows_of(Table::Vault, keys::push_shard_named(shard), now, limit, from).await?;
        let found = self.get_each(Table::Vault, &rows.found).await?;
        let claims = readable(still_due(found, now), |item| items::from_item("push", item));
        Ok(DuePage { found: claims, next: rows.next })
    }
}
