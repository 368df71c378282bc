//! Raw receipts of webhooks: their keys, the sweep of those not applied, the tray of those that nobody
//! understood (PROTOCOLS §1).

use std::fmt;
use std::time::Duration;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use porchlight_domain::id::BusinessId;
use porchlight_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::inbound::ReceiptState;
use crate::items;
use crate::keys::{self, Key, META};
use crate::outbound::{DuePage, DuePlace, readable, still_due};
use crate::query::{Query, TRAY};
use crate::store::Store;
use crate::table::{Expression, Item, Outcome, Table, key_item, key_of, number, number_of, text, text_of};

/// Names a receipt; it is the dedupe key itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ReceiptKey {
    /// A message that came in.
    Message {
        /// The tenant.
        business: BusinessId,
        /// The provider's id of the message; for one without any, another text that is the same again when
        /// the webhook is repeated.
        sid: String,
    },
    /// What became of a message that went out.
    Status {
        /// The tenant.
        business: BusinessId,
        /// The provider's id of the message.
        sid: String,
        /// SHA-256 of the path's message id and all parameters, in hex.
        digest: String,
    },
    /// A webhook whose signature was wrong.
    Unverified {
        /// The tenant that its path named.
        business: BusinessId,
        /// A fresh ULID.
        id: String,
    },
}

impl ReceiptKey {
    /// The tenant.
    pub const fn business(&self) -> &BusinessId {
        match self {
            Self::Message { business, .. }
            | Self::Status { business, .. }
            | Self::Unverified { business, .. } => business,
        }
    }

    pub(crate) fn key(&self) -> Key {
        match self {
            Self::Message { business, sid } => keys::receipt_of_message(business, sid),
            Self::Status { business, sid, digest } => keys::receipt_of_status(business, sid, digest),
            Self::Unverified { business, id } => keys::receipt_unverified(business, id),
        }
    }

    pub(crate) fn of(pk: &str) -> Option<Self> {
        let mut parts = pk.splitn(3, '#');
        let business = parts.next()?.parse().ok()?;
        match (parts.next()?, parts.next()?) {
            ("RECEIPT", sid) => Some(Self::Message { business, sid: sid.to_owned() }),
            ("STATUS", rest) => {
                let (sid, digest) = rest.rsplit_once('#')?;
                Some(Self::Status { business, sid: sid.to_owned(), digest: digest.to_owned() })
            }
            ("UNVERIFIED", id) => Some(Self::Unverified { business, id: id.to_owned() }),
            _ => None,
        }
    }

    /// Reads the id that [`Display`](fmt::Display) writes; the tenant comes from the session.
    pub fn parse(business: &BusinessId, id: &str) -> Option<Self> {
        let business = business.clone();
        match id.split_once('.')? {
            ("message", sid) => Some(Self::Message { business, sid: sid.to_owned() }),
            ("status", rest) => {
                let (sid, digest) = rest.rsplit_once('.')?;
                Some(Self::Status { business, sid: sid.to_owned(), digest: digest.to_owned() })
            }
            ("unverified", id) => Some(Self::Unverified { business, id: id.to_owned() }),
            _ => None,
        }
    }
}

impl fmt::Display for ReceiptKey {
    /// The receipt's id in the API: `message.SM…`, `status.SM….{digest}`, `unverified.01J…`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message { sid, .. } => write!(f, "message.{sid}"),
            Self::Status { sid, digest, .. } => write!(f, "status.{sid}.{digest}"),
            Self::Unverified { id, .. } => write!(f, "unverified.{id}"),
        }
    }
}

/// A webhook as it came, before anything was understood of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Its name.
    pub key: ReceiptKey,
    /// Where it was posted to: the path, which may name our message.
    pub path: String,
    /// The headers that matter (content type, signature), names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, byte for byte: all parameters.
    pub body: Vec<u8>,
    /// When it came.
    pub received_at: Timestamp,
    /// How far it is; ignored when it is put.
    pub state: ReceiptState,
}

impl fmt::Debug for Receipt {
    /// Without path, headers and body: they hold what a customer wrote, and numbers (P11).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, received_at, state, .. } = self;
        write!(f, "Receipt({key}, {received_at}, {state:?})")
    }
}

#[derive(Serialize, Deserialize)]
struct ReceiptItem {
    path: String,
    #[serde(default)]
    headers: Vec<(String, String)>,
    received_at: Timestamp,
}

impl Receipt {
    pub(crate) fn item(&self) -> Item {
        let item = ReceiptItem {
            path: self.path.clone(),
            headers: self.headers.clone(),
            received_at: self.received_at,
        };
        let mut item = items::to_item(&self.key.key(), &item);
        item.insert("body".to_owned(), AttributeValue::B(Blob::new(self.body.clone())));
        item
    }

    fn from_item(mut item: Item) -> Result<Self, StoreError> {
        const KIND: &str = "receipt";
        let key = key_of(&item).and_then(|key| ReceiptKey::of(&key.pk));
        let key = key.ok_or_else(|| StoreError::unreadable(KIND, "its key is of another form"))?;
        let body = match item.remove("body") {
            Some(AttributeValue::B(body)) => body.into_inner(),
            _ => Vec::new(),
        };
        let state = ReceiptState::of(&item);
        let ReceiptItem { path, headers, received_at } = items::from_item(KIND, item)?;
        Ok(Self { key, path, headers, body, received_at, state })
    }
}

/// A part of the tray.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tray {
    /// Verified, but not understood or matched.
    Quarantined,
    /// The signature was wrong; replayable after the setting is mended, until they expire.
    Unverified,
}

impl Tray {
    fn partition(self, business: &BusinessId) -> String {
        match self {
            Self::Quarantined => keys::quarantined(business),
            Self::Unverified => keys::unverified(business),
        }
    }
}

/// Where a list of the tray goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrayCursor {
    pk: String,
    received_at: String,
}

/// How many unverified receipts a business keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnverifiedCaps {
    /// In any one minute.
    pub per_minute: u32,
    /// In any one day (UTC).
    pub per_day: u32,
    /// For how long each.
    pub lasts: Duration,
}

impl Store {
    /// The receipt, strongly consistent; not an expired one.
    pub async fn receipt(&self, key: &ReceiptKey, now: Timestamp) -> Result<Option<Receipt>, StoreError> {
        let item = self.get(Table::Vault, &key.key()).await?.filter(|item| lives(item, now));
        item.map(Receipt::from_item).transpose()
    }

    /// Puts the receipt into the tray, with the reason; `false` if it has been applied meanwhile.
    pub async fn quarantine(&self, key: &ReceiptKey, reason: &str) -> Result<bool, StoreError> {
        let update = Expression::new("SET reason = :reason, tray = :tray REMOVE due_shard, due_at")
            .value(":reason", text(reason))
            .value(":tray", text(Tray::Quarantined.partition(key.business())));
        let waiting = "attribute_exists(pk) AND attribute_not_exists(applied_at)";
        let outcome = self.update_if(Table::Vault, &key.key(), update, Some(waiting)).await?;
        Ok(matches!(outcome, Outcome::Done(_)))
    }

    /// Marks a receipt applied that changed nothing; `false` if it was applied before.
    pub async fn mark_applied(&self, key: &ReceiptKey, now: Timestamp) -> Result<bool, StoreError> {
        match self.commit(key.business()).receipt_applied(key, now).run().await {
            Ok(()) => Ok(true),
            Err(StoreError::Conflict(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Lets the sweep look at an unapplied receipt later, so that one that fails holds up no others.
    pub async fn postpone_receipt(&self, key: &ReceiptKey, due: Timestamp) -> Result<(), StoreError> {
        let update = Expression::new("SET due_at = :due").value(":due", text(due));
        self.update_if(Table::Vault, &key.key(), update, Some("attribute_exists(due_shard)"))
            .await
            .map(|_| ())
    }

    /// Unapplied receipts of one shard whose *due* has passed, of all businesses, longest due first.
    pub async fn unapplied_due(
        &self,
        shard: u8,
        now: Timestamp,
        limit: usize,
        from: Option<DuePlace>,
    ) -> Result<DuePage<Receipt>, StoreError> {
        let rows = self.due_rows(Table::Vault, shard, now, limit, from).await?;
        let items = self.get_each(Table::Vault, &rows.found).await?;
        Ok(DuePage { found: readable(still_due(items, now), Receipt::from_item), next: rows.next })
    }

    /// A page of the tray, newest first. Found by the index, read consistently.
    pub async fn tray(
        &self,
        business: &BusinessId,
        tray: Tray,
        cursor: Option<&TrayCursor>,
        limit: usize,
        now: Timestamp,
    ) -> Result<(Vec<Receipt>, Option<TrayCursor>), StoreError> {
        let partition = tray.partition(business);
        let from = cursor.map(|cursor| start_after(cursor, &partition)).filter(|key| owned(key, business));
        let from = from.filter(|_| cursor.is_some_and(|cursor| keys::may_be_sort_key(&cursor.received_at)));
        if cursor.is_some() && from.is_none() {
            return Err(StoreError::ForeignCursor);
        }
        let query = Query::index(Table::Vault, TRAY, &partition).descending(true).limit(limit).from(from);
        let found = self.query(query).await?;
        let next = found.next.as_ref().and_then(|last| {
            let (pk, received_at) = (text_of(last, "pk")?, text_of(last, "received_at")?);
            Some(TrayCursor { pk: pk.to_owned(), received_at: received_at.to_owned() })
        });
        let keys: Vec<Key> = found.items.iter().filter_map(key_of).collect();
        let mut items = self.get_each(Table::Vault, &keys).await?;
        items.retain(|item| text_of(item, "tray") == Some(&partition) && lives(item, now));
        let mut receipts = readable(items, Receipt::from_item);
        receipts.sort_by_key(|receipt| std::cmp::Reverse((receipt.received_at, receipt.key.to_string())));
        Ok((receipts, next))
    }

    /// Keeps a receipt whose signature was wrong, unless too many came; whether it was kept. The counts
    /// are written outside any transaction, one per business, minute and day (P12).
    pub async fn put_unverified(&self, receipt: &Receipt, caps: UnverifiedCaps) -> Result<bool, StoreError> {
        let (business, now) = (receipt.key.business(), receipt.received_at);
        let (day, minute) = (now.day(), now.to_string()[..16].to_owned());
        if !self.count_unverified(business, &minute, caps.per_minute, now).await?
            || !self.count_unverified(business, &day, caps.per_day, now).await?
        {
            return Ok(false);
        }
        let mut item = receipt.item();
        item.insert("tray".to_owned(), text(Tray::Unverified.partition(business)));
        item.insert("expires_at".to_owned(), number((now + caps.lasts).seconds()));
        self.put(Table::Vault, item).await?;
        Ok(true)
    }

    async fn count_unverified(
        &self,
        business: &BusinessId,
        window: &str,
        cap: u32,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        const LONGEST_WINDOW: Duration = Duration::from_hours(25);
        let update = Expression::new("ADD kept :one SET expires_at = :expires")
            .value(":one", number(1))
            .value(":cap", number(cap))
            .value(":expires", number((now + LONGEST_WINDOW).seconds()));
        let key = keys::unverified_count(business, window);
        let below = "attribute_not_exists(kept) OR kept < :cap";
        Ok(matches!(self.update_if(Table::Vault, &key, update, Some(below)).await?, Outcome::Done(_)))
    }
}

/// An item with a TTL is gone when its time has passed, whether or not it was swept.
pub(crate) fn lives(item: &Item, now: Timestamp) -> bool {
    number_of(item, "expires_at").is_none_or(|expires| expires > now.seconds())
}

fn start_after(cursor: &TrayCursor, partition: &str) -> Item {
    let mut key = key_item(&Key::new(&cursor.pk, META));
    key.insert("tray".to_owned(), text(partition));
    key.insert("received_at".to_owned(), text(&cursor.received_at));
    key
}

fn owned(key: &Item, business: &BusinessId) -> bool {
    text_of(key, "pk").is_some_and(|pk| ReceiptKey::of(pk).is_some_and(|key| key.business() == business))
}
