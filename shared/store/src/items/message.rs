//! A message of the timeline.

use porchlight_domain::delivery::{Delivery, Status};
use porchlight_domain::id::{BusinessId, JobId, MessageId, StaffId};
use porchlight_domain::message::{Direction, Media, Message, MessageKind, Reaction};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::{from_item, millis, no_key, to_item};
use crate::error::StoreError;
use crate::keys;
use crate::records::message_record;
use crate::table::{Item, key_of};

/// A message. `status` is there for the stream's filter and for queries; `delivery` tells it again.
#[derive(Serialize, Deserialize)]
struct MessageItem {
    due_shard: Option<String>,
    due_at: Option<String>,
    status: Status,
    id: MessageId,
    version: u64,
    direction: Direction,
    kind: MessageKind,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    text: String,
    author: Option<StaffId>,
    contact: ContactPoint,
    line: ContactPoint,
    job: Option<JobId>,
    #[serde(with = "millis")]
    created: Timestamp,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    media: Vec<Media>,
    delivery: Option<Delivery>,
    inbound_sid: Option<String>,
    resend_of: Option<MessageId>,
    #[serde(with = "millis::option", default)]
    dismissed_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    reactions: Vec<Reaction>,
}

pub(crate) fn message_item(business: &BusinessId, m: &Message) -> Item {
    let key = keys::message(business, &m.conversation, m.seq);
    let due = m.delivery.as_ref().and_then(Delivery::due_at).filter(|_| m.dismissed_at.is_none());
    let item = MessageItem {
        due_shard: due.map(|_| keys::due_shard(&key.pk)),
        due_at: due.map(|at| at.to_string()),
        status: m.status(),
        id: m.id.clone(),
        version: m.version,
        direction: m.direction,
        kind: m.kind,
        text: m.text.clone(),
        author: m.author.clone(),
        contact: m.contact.clone(),
        line: m.line.clone(),
        job: m.job.clone(),
        created: m.created_at,
        media: m.media.clone(),
        delivery: m.delivery.clone(),
        inbound_sid: m.inbound_sid.clone(),
        resend_of: m.resend_of.clone(),
        dismissed_at: m.dismissed_at,
        reactions: m.reactions.clone(),
    };
    to_item(&key, &item)
}

pub(crate) fn message(item: Item) -> Result<(BusinessId, Message), StoreError> {
    const KIND: &str = "message";
    let key = key_of(&item).ok_or_else(|| no_key(KIND))?;
    let record = message_record(&key.pk, &key.sk).ok_or_else(|| no_key(KIND))?;
    let item: MessageItem = from_item(KIND, item)?;
    let message = Message {
        id: item.id,
        conversation: record.conversation,
        seq: record.seq,
        version: item.version,
        direction: item.direction,
        kind: item.kind,
        text: item.text,
        author: item.author,
        contact: item.contact,
        line: item.line,
        job: item.job,
        created_at: item.created,
        media: item.media,
        delivery: item.delivery,
        inbound_sid: item.inbound_sid,
        resend_of: item.resend_of,
        dismissed_at: item.dismissed_at,
        reactions: item.reactions,
    };
    Ok((record.business, message))
}

/// The messages of these items.
pub(crate) fn messages(items: impl IntoIterator<Item = Item>) -> Result<Vec<Message>, StoreError> {
    items.into_iter().map(|item| Ok(message(item)?.1)).collect()
}
