//! A message of the timeline. The item is flat: which attributes it has is told by its kind.

use porchlight_domain::consent::{ConsentLineId, Purpose};
use porchlight_domain::delivery::{Delivery, Status};
use porchlight_domain::form_factor::FormFactor;
use porchlight_domain::id::{BusinessId, JobId, MessageId, StaffId};
use porchlight_domain::message::{
    Body, Direction, Media, Message, MessageKind, Outbound, Reaction, Received, ResentTo,
};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::{from_item, is_false, millis, no_key, to_item};
use crate::error::StoreError;
use crate::keys;
use crate::records::message_record;
use crate::table::{Item, key_of};

const KIND: &str = "message";

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
    author: Option<StaffId>,
    contact: Option<ContactPoint>,
    line: Option<ContactPoint>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    text: String,
    job: Option<JobId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    device: Option<FormFactor>,
    #[serde(with = "millis")]
    created: Timestamp,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    media: Vec<Media>,
    delivery: Option<Delivery>,
    // What was sent before purposes were kept is an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    purpose: Option<Purpose>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    permitted_by: Option<ConsentLineId>,
    inbound_sid: Option<String>,
    resend_of: Option<MessageId>,
    #[serde(default)]
    resent_to: Option<ResentTo>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    others: Vec<ContactPoint>,
    #[serde(with = "millis::option", default)]
    dismissed_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    reactions: Vec<Reaction>,
    #[serde(default, skip_serializing_if = "is_false")]
    for_crew: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    mentions: Vec<StaffId>,
    #[serde(with = "millis::option", default)]
    deleted_at: Option<Timestamp>,
}

impl MessageItem {
    /// What every kind has.
    fn bare(m: &Message) -> Self {
        Self {
            due_shard: None,
            due_at: None,
            status: m.status(),
            id: m.id.clone(),
            version: m.version,
            direction: m.direction(),
            kind: m.kind(),
            job: m.job.clone(),
            device: m.device,
            created: m.created_at,
            text: String::new(),
            author: None,
            contact: None,
            line: None,
            media: Vec::new(),
            delivery: None,
            purpose: None,
            permitted_by: None,
            inbound_sid: None,
            resend_of: None,
            resent_to: None,
            others: Vec::new(),
            dismissed_at: None,
            reactions: Vec::new(),
            for_crew: false,
            mentions: Vec::new(),
            deleted_at: None,
        }
    }

    fn of(m: &Message) -> Self {
        let it = Self::bare(m);
        match m.body.clone() {
            Body::Customer(Received { contact, line, sid, text, media, others }) => {
                Self { contact: Some(contact), line: Some(line), inbound_sid: sid, text, media, others, ..it }
            }
            Body::Staff { author, out } => Self { author: Some(author), ..it.with_outbound(out) },
            Body::Automated(out) | Body::Escalation(out) => it.with_outbound(out),
            Body::Note { author, text, for_crew, mentions } => {
                Self { author: Some(author), text, for_crew, mentions, ..it }
            }
            Body::Internal { author, text, media, deleted_at } => {
                Self { author: Some(author), text, media, deleted_at, ..it }
            }
            Body::System { author, text } => Self { author, text, ..it },
        }
    }

    fn with_outbound(self, out: Outbound) -> Self {
        Self {
            contact: Some(out.contact),
            line: Some(out.line),
            text: out.text,
            media: out.media,
            delivery: Some(out.delivery),
            purpose: Some(out.purpose),
            permitted_by: out.permitted_by,
            resend_of: out.resend_of,
            resent_to: out.resent_to,
            dismissed_at: out.dismissed_at,
            reactions: out.reactions,
            ..self
        }
    }

    fn body(self) -> Result<Body, StoreError> {
        Ok(match self.kind {
            MessageKind::Customer => Body::Customer(Received {
                contact: there("contact", self.contact)?,
                line: there("line", self.line)?,
                sid: self.inbound_sid,
                text: self.text,
                media: self.media,
                others: self.others,
            }),
            MessageKind::Staff => {
                Body::Staff { author: there("author", self.author.clone())?, out: self.outbound()? }
            }
            MessageKind::Automated => Body::Automated(self.outbound()?),
            MessageKind::Escalation => Body::Escalation(self.outbound()?),
            MessageKind::Note => Body::Note {
                author: there("author", self.author)?,
                text: self.text,
                for_crew: self.for_crew,
                mentions: self.mentions,
            },
            MessageKind::Internal => Body::Internal {
                author: there("author", self.author)?,
                text: self.text,
                media: self.media,
                deleted_at: self.deleted_at,
            },
            MessageKind::System => Body::System { author: self.author, text: self.text },
        })
    }

    fn outbound(self) -> Result<Outbound, StoreError> {
        Ok(Outbound {
            contact: there("contact", self.contact)?,
            line: there("line", self.line)?,
            text: self.text,
            media: self.media,
            delivery: there("delivery", self.delivery)?,
            purpose: self.purpose.unwrap_or(Purpose::Reply),
            permitted_by: self.permitted_by,
            resend_of: self.resend_of,
            resent_to: self.resent_to,
            dismissed_at: self.dismissed_at,
            reactions: self.reactions,
        })
    }
}

/// What a message of its kind must have.
fn there<T>(attribute: &'static str, value: Option<T>) -> Result<T, StoreError> {
    value.ok_or_else(|| StoreError::unreadable(KIND, format!("it has no {attribute}")))
}

pub(crate) fn message_item(business: &BusinessId, m: &Message) -> Item {
    let key = keys::message(business, &m.conversation, m.seq);
    // What is put aside is asked for no more, but for what it cost.
    let is_left = |delivery: &&Delivery| m.dismissed_at().is_none() || delivery.sid().is_some();
    let due = m.delivery().filter(is_left).and_then(Delivery::due_at);
    // What came in is due while files of it are to be fetched.
    let due = due.or_else(|| m.fetch_due());
    let item = MessageItem {
        due_shard: due.map(|_| keys::due_shard(&key.pk)),
        due_at: due.map(|at| at.to_string()),
        ..MessageItem::of(m)
    };
    to_item(&key, &item)
}

pub(crate) fn message(item: Item) -> Result<(BusinessId, Message), StoreError> {
    let key = key_of(&item).ok_or_else(|| no_key(KIND))?;
    let record = message_record(&key.pk, &key.sk).ok_or_else(|| no_key(KIND))?;
    let item: MessageItem = from_item(KIND, item)?;
    let message = Message {
        id: item.id.clone(),
        conversation: record.conversation,
        seq: record.seq,
        version: item.version,
        created_at: item.created,
        job: item.job.clone(),
        device: item.device,
        body: item.body()?,
    };
    Ok((record.business, message))
}

/// The messages of these items.
pub(crate) fn messages(items: impl IntoIterator<Item = Item>) -> Result<Vec<Message>, StoreError> {
    items.into_iter().map(|item| Ok(message(item)?.1)).collect()
}
