//! Plain examples for the tests of this crate.

use std::time::Duration;

use crate::channel::Channel;
use crate::conversation::{Beginning, Conversation};
use crate::delivery::{Delivery, FailureClass, FailureReason};
use crate::id::{BusinessId, JobId, StaffId};
use crate::message::{Body, Message, Outbound, Received};
use crate::party::{Party, Route};
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
        party: Party::Customer(route()),
        customer: None,
        at: at(0),
    })
}

/// The way to the example's customer.
pub fn route() -> Route {
    Route {
        group: ulid(1).into(),
        channel: Channel::Sms,
        contact: phone("+12075550142"),
        line: phone("+12075550100"),
    }
}

/// An automated message at a place of the example conversation, `seq` seconds after its beginning.
pub fn message(seq: u64) -> Message {
    let out = Outbound::new(&route(), format!("message {seq}"), Delivery::queued(at(seq)));
    let message = Message::next(&conversation(), ulid(seq).into(), at(seq), Body::Automated(out));
    Message { seq, version: 1, ..message }
}

/// What a provider says with this code, of which 1 is an opt-out and 2 a landline.
pub fn reason(code: u32) -> FailureReason {
    let class = match code {
        1 => FailureClass::OptedOut,
        2 => FailureClass::CannotText,
        _ => FailureClass::Unexplained,
    };
    FailureReason { code: Some(code), class, words: format!("problem {code}") }
}

impl Message {
    pub(crate) fn of_customer(self) -> Self {
        let received = Received::new(&route(), None, self.text().to_owned());
        Self { body: Body::Customer(received), ..self }
    }

    pub(crate) fn by(self, author: u64) -> Self {
        let out = self.body.outbound().cloned().expect("goes out");
        Self { body: Body::Staff { author: staff(author), out }, ..self }
    }

    pub(crate) fn note_by(self, author: u64) -> Self {
        let text = self.text().to_owned();
        Self {
            body: Body::Note { author: staff(author), text, for_crew: false, mentions: Vec::new() },
            ..self
        }
    }

    pub(crate) fn saying(mut self, words: &str) -> Self {
        match &mut self.body {
            Body::Customer(Received { text, .. }) | Body::Note { text, .. } => words.clone_into(text),
            _ => unreachable!("the examples say so of no other kind"),
        }
        self
    }

    pub(crate) fn of_job(self, number: u64) -> Self {
        self.about(Some(job(number)))
    }
}
