//! A message, as the timeline shows it.

use porchlight_domain::access::Audience;
use porchlight_domain::consent::ConsentLineId;
use porchlight_domain::delivery::{Delivery, FailureReason, Price};
use porchlight_domain::id::{ConversationId, JobId, MessageId};
use porchlight_domain::markdown;
use porchlight_domain::message::{Media, Message, MessageKind};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::segments::Segments;
use porchlight_domain::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::media::MediaId;
use super::words::{
    FailureClassWord, FileStateWord, GoesAsWord, HeldReasonWord, MediaKindWord, MessageDirection,
    MessageKindWord, MessageStatus, PurposeWord,
};
use super::{StaffNames, StaffRef};

/// One entry of a conversation's timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Message)]
pub struct MessageView {
    /// Its id.
    pub id: MessageId,
    /// The conversation it stands in.
    pub conversation_id: ConversationId,
    /// Its place there, from 1.
    #[schema(minimum = 1)]
    pub seq: u64,
    /// Counts the writes: of two versions of a message the larger one is the later one.
    pub version: u64,
    /// Which way it went, seen from the business.
    pub direction: MessageDirection,
    /// Who or what wrote it.
    pub kind: MessageKindWord,
    /// What it says; markdown when staff wrote it.
    pub text: String,
    /// Where it stands.
    pub status: MessageStatus,
    /// Why it did not arrive; only when `failed` or `undelivered`.
    #[schema(required)]
    pub error: Option<FailureView>,
    /// The member of staff who wrote it.
    #[schema(required)]
    pub author: Option<StaffRef>,
    /// The contact point it came from or goes to; none of what stays in the house.
    #[schema(required)]
    pub contact: Option<ContactPoint>,
    /// The line of the business it came to or goes from; none of what stays in the house.
    #[schema(required)]
    pub line: Option<ContactPoint>,
    /// The job it is about.
    #[schema(required)]
    pub job_id: Option<JobId>,
    /// When it was received or written.
    pub created_at: Timestamp,
    /// When it was with the carrier.
    #[schema(required)]
    pub sent_at: Option<Timestamp>,
    /// When it had arrived.
    #[schema(required)]
    pub delivered_at: Option<Timestamp>,
    /// Files.
    pub media: Vec<MediaView>,
    /// How many SMS segments it takes on its way out.
    #[schema(required)]
    pub segments: Option<usize>,
    /// What it is for, on its way out.
    #[schema(required)]
    pub purpose: Option<PurposeWord>,
    /// The line of the ledger of consent that permitted it; none where nothing but their own text did.
    #[schema(required)]
    pub consent_id: Option<ConsentLineId>,
    /// What it cost, once the provider said so: some time after it has ended, of some never.
    #[schema(required)]
    pub price: Option<PriceView>,
    /// The message that this one sends again.
    #[schema(required)]
    pub resend_of: Option<MessageId>,
    /// Where it was sent instead: to another number of the same customer.
    #[schema(required)]
    pub resent_to: Option<ResentToView>,
    /// Who else a customer's text went to: a group text, of which an answer reaches the sender alone.
    pub others: Vec<ContactPoint>,
    /// Since when nobody knows whether it was accepted. A day after, a person may resend or dismiss it.
    #[schema(required)]
    pub unknown_since: Option<Timestamp>,
    /// When a person put its failure or its `unknown` aside.
    #[schema(required)]
    pub dismissed_at: Option<Timestamp>,
    /// The customer's tapbacks, one for each person.
    pub reactions: Vec<ReactionView>,
    /// Of a note: the crew reads it too, not the office alone.
    pub crew: bool,
    /// Of a note: who is named in it, and was told.
    pub mentions: Vec<StaffRef>,
    /// What was asked of it, where it was to go later.
    #[schema(required)]
    pub schedule: Option<ScheduleView>,
    /// When its author took it back, of an internal message: its words and files are gone, its place stays.
    #[schema(required)]
    pub deleted_at: Option<Timestamp>,
}

/// What was asked of a message that goes, or went, later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Schedule)]
pub struct ScheduleView {
    /// When it was asked to go.
    pub send_at: Timestamp,
    /// When it is to go: after the customer's night.
    pub goes_at: Timestamp,
    /// The time zone of that night, where it waits for its end.
    #[schema(required)]
    pub quiet_zone: Option<String>,
    /// Held only to be taken back.
    pub undo: bool,
    /// It goes no more where the customer writes before.
    pub cancel_on_reply: bool,
    /// Counts the changes of words and time.
    pub revision: u32,
    /// Why it waits for a person.
    #[schema(required)]
    pub held: Option<HeldView>,
    /// The customer wrote before its time: it was taken back.
    pub answered: bool,
}

/// Why a message that should have left waits for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Held)]
pub struct HeldView {
    /// The reason.
    pub reason: HeldReasonWord,
    /// Since when.
    pub since: Timestamp,
    /// The colleague who wrote meanwhile.
    #[schema(required)]
    pub by: Option<StaffRef>,
}

impl ScheduleView {
    fn new(delivery: &Delivery, names: &StaffNames) -> Option<Self> {
        let schedule = delivery.schedule.as_ref()?;
        let held = delivery.why_held().map(|held| HeldView {
            reason: held.reason.into(),
            since: held.since,
            by: held.by.as_ref().map(|staff| names.get(staff)),
        });
        Some(Self {
            send_at: schedule.send_at,
            goes_at: schedule.goes_at,
            quiet_zone: schedule.quiet_zone.clone(),
            undo: schedule.undo,
            cancel_on_reply: schedule.cancel_on_reply,
            revision: schedule.revision,
            held,
            answered: schedule.answered,
        })
    }
}

/// An amount of money that may be a fraction of a cent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Price)]
pub struct PriceView {
    /// Millionths of the currency's unit: 7900 are 0.79 ¢.
    pub micros: u64,
    /// ISO 4217, as the account is billed.
    pub currency: String,
}

impl From<&Price> for PriceView {
    fn from(price: &Price) -> Self {
        Self { micros: price.micros, currency: price.currency.clone() }
    }
}

/// Where a message was sent instead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ResentTo)]
pub struct ResentToView {
    /// That number's own thread.
    pub conversation_id: ConversationId,
    /// That number.
    pub contact: ContactPoint,
}

/// Why a message did not arrive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SendError)]
pub struct FailureView {
    /// The provider's code, where it gave one.
    #[schema(required)]
    pub code: Option<u32>,
    /// One plain sentence.
    pub reason: String,
    /// What a person can do about it, in a sentence.
    pub advice: String,
    /// What kind of reason.
    pub class: FailureClassWord,
}

/// A file of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Media)]
pub struct MediaView {
    /// Names the file.
    pub id: MediaId,
    /// What it is called, where somebody said so.
    #[schema(required)]
    pub name: Option<String>,
    /// MIME type: of its bytes when it is `ready`, as the provider told it before.
    pub content_type: String,
    /// What it is called where it is not shown.
    pub kind: MediaKindWord,
    /// Its bytes, once they are known.
    #[schema(required)]
    pub size: Option<u64>,
    /// How wide a picture is shown, in pixels.
    #[schema(required)]
    pub width: Option<u32>,
    /// How high.
    #[schema(required)]
    pub height: Option<u32>,
    /// Where it is: `fetching` becomes `ready` or `failed` by itself, told by `message.updated`.
    pub state: FileStateWord,
    /// Why it could not be fetched so far, or at all: one plain sentence.
    #[schema(required)]
    pub reason: Option<String>,
    /// How it left: in the message, or as a link in its words.
    #[schema(required)]
    pub goes_as: Option<GoesAsWord>,
    /// Where it can be fetched with the viewer's session.
    pub url: String,
}

/// A customer's tapback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Reaction)]
pub struct ReactionView {
    /// `liked`, `loved`, …, or the emoji itself.
    pub kind: String,
    /// When it came.
    pub at: Timestamp,
}

impl MessageView {
    /// The message; whether the viewer may see it at all is for `Sight::shows`.
    pub fn new(message: &Message, names: &StaffNames) -> Self {
        let delivery = message.delivery();
        Self {
            id: message.id.clone(),
            conversation_id: message.conversation.clone(),
            seq: message.seq,
            version: message.version,
            direction: message.direction().into(),
            kind: message.kind().into(),
            text: message.text().to_owned(),
            status: message.status().into(),
            error: delivery.and_then(Delivery::error).map(FailureView::from),
            author: message.author().map(|staff| names.get(staff)),
            contact: message.contact().cloned(),
            line: message.line().cloned(),
            job_id: message.job.clone(),
            created_at: message.created_at,
            sent_at: delivery.and_then(Delivery::sent_at),
            delivered_at: delivery.and_then(Delivery::delivered_at),
            media: media(message),
            segments: delivery.map(|_| Segments::of(&markdown::plain_text(message.text())).count),
            purpose: message.body.outbound().map(|out| out.purpose.into()),
            consent_id: message.body.outbound().and_then(|out| out.permitted_by),
            price: delivery.and_then(|delivery| delivery.price.as_ref()).map(PriceView::from),
            resend_of: message.resend_of().cloned(),
            resent_to: message.resent_to().map(|to| ResentToView {
                conversation_id: to.conversation.clone(),
                contact: to.contact.clone(),
            }),
            others: message.others().to_vec(),
            unknown_since: delivery.and_then(Delivery::unknown_since),
            dismissed_at: message.dismissed_at(),
            reactions: reactions(message),
            crew: message.kind() == MessageKind::Note && message.audience() == Audience::All,
            mentions: message.mentions().iter().map(|staff| names.get(staff)).collect(),
            schedule: delivery.and_then(|delivery| ScheduleView::new(delivery, names)),
            deleted_at: message.deleted_at(),
        }
    }
}

/// One for each person, the last one; a message goes to one.
fn reactions(message: &Message) -> Vec<ReactionView> {
    let last = message.reactions().last();
    last.map(|r| ReactionView { kind: r.kind.clone(), at: r.at }).into_iter().collect()
}

fn media(message: &Message) -> Vec<MediaView> {
    // No message has so many files that one would have no place.
    let files = (0..=u16::MAX).zip(message.media());
    files
        .map(|(place, file)| {
            let id = MediaId { conversation: message.conversation.clone(), seq: message.seq, place };
            MediaView::new(id, file)
        })
        .collect()
}

impl MediaView {
    fn new(id: MediaId, file: &Media) -> Self {
        let kept = file.kept.as_ref();
        let why = file.fetch.as_ref().and_then(|fetch| fetch.why);
        Self {
            url: format!("/api/media/{id}"),
            id,
            name: file.name.clone(),
            content_type: file.content_type.clone(),
            kind: file.kind().into(),
            size: kept.map(|kept| kept.size),
            width: kept.and_then(|kept| kept.width),
            height: kept.and_then(|kept| kept.height),
            state: file.state().into(),
            reason: why.map(|why| why.words().to_owned()),
            goes_as: file.way.as_ref().map(|way| way.goes_as.into()),
        }
    }
}

impl From<FailureReason> for FailureView {
    fn from(reason: FailureReason) -> Self {
        let advice = reason.class.advice().to_owned();
        Self { code: reason.code, reason: reason.words, advice, class: reason.class.into() }
    }
}
