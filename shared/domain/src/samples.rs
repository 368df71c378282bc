//! Plain examples for the tests of this crate.

use std::time::Duration;

use crate::channel::Channel;
use crate::conversation::{Beginning, Conversation};
use crate::delivery::Delivery;
use crate::id::{BusinessId, JobId, StaffId};
use crate::message::{Direction, Message, MessageKind};
use crate::phone::ContactPoint;
use crate::time::Timestamp;

/// The beginning of the examples, in November 2026.
pub const START: Timestamp = Timestamp::from_millis(1_795_000_000_000);

/// So many seconds after the beginning.
pub fn at(seconds: u64) -> Timestamp {
    START + Duration::from_secs(seconds)
}

fn ulid(n: u64) -> ulid::Ulid {
    ulid::Ulid::from_parts(1_795_000_000_000, u128::from(n))
}

pub fn business(n: u64) -> BusinessId {
    ulid(n).into()
}

pub fn staff(n: u64) -> StaffId {
    ulid(n).into()
}

pub fn job(n: u64) -> JobId {
    ulid(n).into()
}

pub fn phone(text: &str) -> ContactPoint {
    ContactPoint::phone(text).expect("a number")
}

pub fn conversation() -> Conversation {
    Conversation::begin(Beginning {
        business: business(1),
        group: ulid(1).into(),
        channel: Channel::Sms,
        contact: phone("+12075550142"),
        line: phone("+12075550100"),
        customer: None,
        at: at(0),
    })
}

/// An automated message at a place of the example conversation, `seq` seconds after its beginning.
pub fn message(seq: u64) -> Message {
    Message {
        id: ulid(seq).into(),
        conversation: conversation().id,
        seq,
        version: 1,
        direction: Direction::Out,
        kind: MessageKind::Automated,
        text: format!("message {seq}"),
        author: None,
        contact: phone("+12075550142"),
        line: phone("+12075550100"),
        job: None,
        created_at: at(seq),
        media: Vec::new(),
        delivery: Some(Delivery::queued(at(seq))),
        inbound_sid: None,
        resend_of: None,
        dismissed_at: None,
        reactions: Vec::new(),
    }
}

impl Message {
    pub(crate) fn of_customer(self) -> Self {
        Self { direction: Direction::In, kind: MessageKind::Customer, delivery: None, ..self }
    }

    pub(crate) fn by(self, author: u64) -> Self {
        Self { kind: MessageKind::Staff, author: Some(staff(author)), ..self }
    }

    pub(crate) fn note_by(self, author: u64) -> Self {
        Self { kind: MessageKind::Note, author: Some(staff(author)), delivery: None, ..self }
    }

    pub(crate) fn about(self, number: u64) -> Self {
        Self { job: Some(job(number)), ..self }
    }
}
