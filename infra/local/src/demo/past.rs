//! What the provider would remember of a story: the same messages under the same SIDs, as they ended.

use porchlight_domain::delivery::{Delivery, Status};
use porchlight_domain::message::{Media, Message};
use porchlight_domain::time::Timestamp;
use porchlight_simulator::{Ending, Moment, PHOTO, Remembered};

use super::story::Person;

/// Every message of a person's thread that went through the provider and has ended there.
pub fn of(person: &Person) -> Vec<Remembered> {
    person.thread.messages.iter().filter_map(recall).collect()
}

fn recall(message: &Message) -> Option<Remembered> {
    let created = message.created_at;
    let (sid, ending, sent, updated) = match message.delivery() {
        None => (message.inbound_sid()?, Ending::Received, Some(created), created),
        Some(delivery) => (delivery.sid()?, ending(delivery)?, delivery.sent_at(), last_heard(delivery)?),
    };
    Some(Remembered {
        sid: sid.to_owned(),
        phone: message.contact()?.to_string(),
        line: message.line()?.to_string(),
        body: message.text().to_owned(),
        media: message.media().iter().map(file).collect(),
        ending,
        created: moment(created),
        sent: sent.map(moment),
        updated: moment(updated),
    })
}

fn ending(delivery: &Delivery) -> Option<Ending> {
    let code = delivery.error_code();
    match delivery.status() {
        Status::Delivered => Some(Ending::Delivered),
        Status::Undelivered => Some(Ending::Undelivered { code }),
        Status::Failed => Some(Ending::Failed { code }),
        _ => None,
    }
}

fn last_heard(delivery: &Delivery) -> Option<Timestamp> {
    delivery.evidence.iter().map(|evidence| evidence.seen_at).max()
}

/// All photos of a story are the same one.
fn file(media: &Media) -> porchlight_simulator::Media {
    let sid = media.provider_url.rsplit('/').next().unwrap_or_default().to_owned();
    porchlight_simulator::Media { sid, content_type: media.content_type.clone(), bytes: PHOTO.into() }
}

const fn moment(at: Timestamp) -> Moment {
    Moment::from_unix_ms(at.millis())
}
