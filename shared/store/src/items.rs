//! How values lie in items.
//!
//! What is absent, false or empty takes no room: a summary stays within one write unit (1 KB). Ids that the
//! key tells are not repeated. Instants are unix milliseconds where no key and no person reads them.

use porchlight_domain::channel::Channel;
use porchlight_domain::conversation::{
    Attention, AttentionReason, Conversation, CustomerSummary, LastMessage, State,
};
use porchlight_domain::delivery::Delivery;
use porchlight_domain::id::{BusinessId, ConversationId, JobId, LineGroupId, MessageId, StaffId};
use porchlight_domain::message::{Direction, Media, Message, MessageKind, Reaction};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::error::StoreError;
use crate::keys::{self, Key};
use crate::records::{conversation_of, message_record};
use crate::table::{Item, key_of, text};

/// An item of this value under this key; nothing that is absent is written.
pub(crate) fn to_item<T: Serialize>(key: &Key, value: &T) -> Item {
    let mut item: Item = serde_dynamo::to_item(value).expect("plain structs become items");
    strip_nulls(&mut item);
    item.insert("pk".to_owned(), text(&key.pk));
    item.insert("sk".to_owned(), text(&key.sk));
    item
}

/// The value of an item.
pub(crate) fn from_item<T: DeserializeOwned>(kind: &'static str, item: Item) -> Result<T, StoreError> {
    serde_dynamo::from_item(item).map_err(|error| StoreError::unreadable(kind, error))
}

pub(crate) fn from_items<T: DeserializeOwned>(
    kind: &'static str,
    items: impl IntoIterator<Item = Item>,
) -> Result<Vec<T>, StoreError> {
    items.into_iter().map(|item| from_item(kind, item)).collect()
}

fn strip_nulls(map: &mut Item) {
    map.retain(|_, value| !value.is_null());
    for value in map.values_mut() {
        strip_value(value);
    }
}

fn strip_value(value: &mut aws_sdk_dynamodb::types::AttributeValue) {
    use aws_sdk_dynamodb::types::AttributeValue::{L, M};
    match value {
        M(map) => strip_nulls(map),
        L(list) => list.iter_mut().for_each(strip_value),
        _ => {}
    }
}

fn no_key(kind: &'static str) -> StoreError {
    StoreError::unreadable(kind, "its key is of another form")
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde calls")]
const fn is_false(value: &bool) -> bool {
    !*value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde calls")]
const fn is_zero(value: &u64) -> bool {
    *value == 0
}

/// Instants as unix milliseconds.
mod millis {
    use porchlight_domain::time::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde calls")]
    pub fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(at.millis())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        i64::deserialize(deserializer).map(Timestamp::from_millis)
    }

    pub mod option {
        use super::{Deserialize, Deserializer, Serializer, Timestamp};

        #[expect(clippy::ref_option, reason = "the signature that serde calls")]
        pub fn serialize<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
            match at {
                Some(at) => serializer.serialize_some(&at.millis()),
                None => serializer.serialize_none(),
            }
        }

        pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Timestamp>, D::Error> {
            Ok(Option::<i64>::deserialize(d)?.map(Timestamp::from_millis))
        }
    }
}

/// A conversation's summary. The first seven attributes are the keys of its indexes.
#[derive(Debug, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "the flags that a conversation has")]
struct ConversationItem {
    folder: Option<String>,
    activity: Option<String>,
    waiting_folder: Option<String>,
    waiting_key: Option<String>,
    due_shard: Option<String>,
    due_at: Option<String>,
    assignee: Option<StaffId>,
    group: LineGroupId,
    channel: Channel,
    contact: ContactPoint,
    line: ContactPoint,
    version: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    seq: u64,
    state: State,
    #[serde(with = "millis::option", default)]
    snoozed_until: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "is_false")]
    blocked: bool,
    #[serde(with = "millis::option", default)]
    waiting_since: Option<Timestamp>,
    attention: Option<AttentionReason>,
    #[serde(default, skip_serializing_if = "is_false")]
    emergency: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    looked_settled: bool,
    customer: Option<CustomerSummary>,
    #[serde(default, skip_serializing_if = "is_false")]
    opted_out: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    cannot_text: bool,
    #[serde(default, skip_serializing_if = "is_zero")]
    customer_count: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    answered_count: u64,
    last: Option<LastMessage>,
    #[serde(with = "millis")]
    last_activity: Timestamp,
    job: Option<JobId>,
    #[serde(with = "millis::option", default)]
    job_at: Option<Timestamp>,
    #[serde(with = "millis")]
    created: Timestamp,
}

/// Where a conversation stands in the lists; see the README.
pub(crate) fn activity_key(conversation: &Conversation) -> String {
    format!("{}#{}", conversation.last_activity_at, conversation.id)
}

fn waiting_key(conversation: &Conversation, attention: &Attention) -> String {
    let rank = u8::from(!attention.emergency);
    format!("{rank}#{}#{}", attention.waiting_since, conversation.id)
}

pub(crate) fn conversation_item(c: &Conversation) -> Item {
    let key = keys::summary(&c.business, &c.id);
    let folder = c.folder();
    let waiting = c.attention.filter(|_| folder.is_some_and(|folder| folder.attention));
    let due = c.snoozed_until.filter(|_| c.state == State::Open);
    let lead = if c.is_lead() { "+l" } else { "" };
    let item = ConversationItem {
        folder: folder.map(|folder| format!("{}#{}", c.business, folder.as_key())),
        activity: folder.map(|_| activity_key(c)),
        waiting_folder: waiting.map(|_| format!("{}#active{lead}", c.business)),
        waiting_key: waiting.map(|attention| waiting_key(c, &attention)),
        due_shard: due.map(|_| keys::due_shard(&key.pk)),
        due_at: due.map(|at| at.to_string()),
        assignee: c.assignee.clone(),
        group: c.group.clone(),
        channel: c.channel,
        contact: c.contact.clone(),
        line: c.line.clone(),
        version: c.version,
        seq: c.seq,
        state: c.state,
        snoozed_until: c.snoozed_until,
        blocked: c.blocked,
        waiting_since: c.attention.map(|attention| attention.waiting_since),
        attention: c.attention.map(|attention| attention.reason),
        emergency: c.attention.is_some_and(|attention| attention.emergency),
        looked_settled: c.looked_settled,
        customer: c.customer.clone(),
        opted_out: c.opted_out,
        cannot_text: c.cannot_text,
        customer_count: c.customer_count,
        answered_count: c.answered_count,
        last: c.last_message.clone(),
        last_activity: c.last_activity_at,
        job: c.last_job.as_ref().map(|(job, _)| job.clone()),
        job_at: c.last_job.as_ref().map(|(_, at)| *at),
        created: c.created_at,
    };
    to_item(&key, &item)
}

pub(crate) fn conversation(item: Item) -> Result<Conversation, StoreError> {
    const KIND: &str = "conversation";
    let key = key_of(&item).ok_or_else(|| no_key(KIND))?;
    let (business, id) = conversation_of(&key.pk).ok_or_else(|| no_key(KIND))?;
    let item: ConversationItem = from_item(KIND, item)?;
    let attention = item.attention.zip(item.waiting_since);
    Ok(Conversation {
        business,
        id,
        group: item.group,
        channel: item.channel,
        contact: item.contact,
        line: item.line,
        version: item.version,
        seq: item.seq,
        state: item.state,
        snoozed_until: item.snoozed_until,
        blocked: item.blocked,
        attention: attention.map(|(reason, waiting_since)| Attention {
            waiting_since,
            reason,
            emergency: item.emergency,
        }),
        looked_settled: item.looked_settled,
        assignee: item.assignee,
        customer: item.customer,
        opted_out: item.opted_out,
        cannot_text: item.cannot_text,
        customer_count: item.customer_count,
        answered_count: item.answered_count,
        last_message: item.last,
        last_activity_at: item.last_activity,
        last_job: item.job.zip(item.job_at),
        created_at: item.created,
    })
}

/// A message. `status` is there for the stream's filter and for queries; `delivery` tells it again.
#[derive(Debug, Serialize, Deserialize)]
struct MessageItem {
    due_shard: Option<String>,
    due_at: Option<String>,
    status: porchlight_domain::delivery::Status,
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

/// Where a message stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PlaceItem {
    pub conversation: ConversationId,
    pub seq: u64,
    pub fingerprint: Option<String>,
}
