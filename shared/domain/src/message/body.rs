//! What an entry of the timeline is, by its kind: each kind has exactly what it can have.

use serde::{Deserialize, Serialize};

use super::{Direction, Media, MessageKind, Reaction};
use crate::consent::{Consent, ConsentLineId, Purpose};
use crate::delivery::Delivery;
use crate::id::{ConversationId, MessageId, StaffId};
use crate::party::Route;
use crate::phone::ContactPoint;
use crate::time::Timestamp;

/// What a customer wrote.
#[derive(Clone, PartialEq, Eq)]
pub struct Received {
    /// From where.
    pub contact: ContactPoint,
    /// To which line of the business.
    pub line: ContactPoint,
    /// The provider's id of it, where it came through one.
    pub sid: Option<String>,
    /// What it says.
    pub text: String,
    /// Its files.
    pub media: Vec<Media>,
    /// Who else it went to: a group text, of which an answer reaches the sender alone.
    pub others: Vec<ContactPoint>,
}

crate::debug_shows!(Received: sid, media);

impl Received {
    /// Words from the other end of a route, without files.
    pub fn new(route: &Route, sid: Option<String>, text: String) -> Self {
        let (contact, line) = (route.contact.clone(), route.line.clone());
        Self { contact, line, sid, text, media: Vec::new(), others: Vec::new() }
    }
}

/// Where a message was sent instead: to another contact point of the same customer, in that one's own thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResentTo {
    /// That thread.
    pub conversation: ConversationId,
    /// That contact point.
    pub contact: ContactPoint,
}

/// What goes out to a provider.
#[derive(Clone, PartialEq, Eq)]
pub struct Outbound {
    /// To whom.
    pub contact: ContactPoint,
    /// From which line of the business.
    pub line: ContactPoint,
    /// What it says, in markdown.
    pub text: String,
    /// Its files.
    pub media: Vec<Media>,
    /// What became of it.
    pub delivery: Delivery,
    /// What it is for.
    pub purpose: Purpose,
    /// The line of the ledger that permitted it; none where nothing but their own text did.
    pub permitted_by: Option<ConsentLineId>,
    /// The message that this one sends again.
    pub resend_of: Option<MessageId>,
    /// Where it was sent instead, since it did not arrive here.
    pub resent_to: Option<ResentTo>,
    /// An `unknown` that a person has dismissed, or an undelivered one that was sent again.
    pub dismissed_at: Option<Timestamp>,
    /// The customer's tapbacks.
    pub reactions: Vec<Reaction>,
}

crate::debug_shows!(Outbound: delivery, resend_of, dismissed_at);

impl Outbound {
    /// Words for the other end of a route.
    pub fn new(route: &Route, text: String, delivery: Delivery) -> Self {
        Self {
            contact: route.contact.clone(),
            line: route.line.clone(),
            text,
            media: Vec::new(),
            delivery,
            purpose: Purpose::Reply,
            permitted_by: None,
            resend_of: None,
            resent_to: None,
            dismissed_at: None,
            reactions: Vec::new(),
        }
    }

    /// The same for this, as the consent on record permits.
    #[must_use]
    pub fn under(self, purpose: Purpose, consent: Option<&Consent>) -> Self {
        Self { purpose, permitted_by: consent.and_then(|consent| consent.granted), ..self }
    }

    /// The same, sending another message again.
    #[must_use]
    pub fn again(self, resend_of: Option<MessageId>) -> Self {
        Self { resend_of, ..self }
    }
}

/// What an entry of the timeline is.
#[derive(Clone, PartialEq, Eq)]
pub enum Body {
    /// The customer wrote.
    Customer(Received),
    /// A member of staff wrote to the customer.
    Staff {
        /// Who.
        author: StaffId,
        /// What went out.
        out: Outbound,
    },
    /// A workflow wrote to the customer.
    Automated(Outbound),
    /// The receptionist wrote to a member of staff's own phone.
    Escalation(Outbound),
    /// Staff wrote to staff, inside a customer's thread.
    Note {
        /// Who.
        author: StaffId,
        /// What.
        text: String,
        /// Marked "crew": not the office's alone.
        for_crew: bool,
        /// Who is named in it, and was told; it lets nobody see anything.
        mentions: Vec<StaffId>,
    },
    /// Staff wrote to staff, in an internal thread.
    Internal {
        /// Who.
        author: StaffId,
        /// What; kept, and not shown, once it was taken back.
        text: String,
        /// Its files; likewise.
        media: Vec<Media>,
        /// When its author took it back: a tombstone stays.
        deleted_at: Option<Timestamp>,
    },
    /// Porchlight tells of an act: assigned, closed, opted out.
    System {
        /// Whose act.
        author: Option<StaffId>,
        /// One plain sentence.
        text: String,
    },
}

impl std::fmt::Debug for Body {
    /// Without what it says (P11).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.kind())?;
        match (self, self.outbound()) {
            (Self::Customer(received), _) => write!(f, "({received:?})"),
            (_, Some(out)) => write!(f, "({out:?})"),
            _ => Ok(()),
        }
    }
}

impl Body {
    /// Who or what wrote it.
    pub const fn kind(&self) -> MessageKind {
        match self {
            Self::Customer(_) => MessageKind::Customer,
            Self::Staff { .. } => MessageKind::Staff,
            Self::Automated(_) => MessageKind::Automated,
            Self::Escalation(_) => MessageKind::Escalation,
            Self::Note { .. } => MessageKind::Note,
            Self::Internal { .. } => MessageKind::Internal,
            Self::System { .. } => MessageKind::System,
        }
    }

    pub(super) const fn direction(&self) -> Direction {
        match self {
            Self::Customer(_) => Direction::In,
            Self::Staff { .. }
            | Self::Automated(_)
            | Self::Escalation(_)
            | Self::Note { .. }
            | Self::Internal { .. }
            | Self::System { .. } => Direction::Out,
        }
    }

    /// What goes, or went, out to a provider.
    pub const fn outbound(&self) -> Option<&Outbound> {
        match self {
            Self::Staff { out, .. } | Self::Automated(out) | Self::Escalation(out) => Some(out),
            Self::Customer(_) | Self::Note { .. } | Self::Internal { .. } | Self::System { .. } => None,
        }
    }

    pub(super) const fn outbound_mut(&mut self) -> Option<&mut Outbound> {
        match self {
            Self::Staff { out, .. } | Self::Automated(out) | Self::Escalation(out) => Some(out),
            Self::Customer(_) | Self::Note { .. } | Self::Internal { .. } | Self::System { .. } => None,
        }
    }

    pub(super) fn text(&self) -> &str {
        match self {
            Self::Customer(Received { text, .. })
            | Self::Staff { out: Outbound { text, .. }, .. }
            | Self::Automated(Outbound { text, .. })
            | Self::Escalation(Outbound { text, .. })
            | Self::Note { text, .. }
            | Self::Internal { text, deleted_at: None, .. }
            | Self::System { text, .. } => text,
            Self::Internal { deleted_at: Some(_), .. } => "",
        }
    }

    pub(super) const fn author(&self) -> Option<&StaffId> {
        match self {
            Self::Staff { author, .. } | Self::Note { author, .. } | Self::Internal { author, .. } => {
                Some(author)
            }
            Self::System { author, .. } => author.as_ref(),
            Self::Customer(_) | Self::Automated(_) | Self::Escalation(_) => None,
        }
    }

    pub(super) fn media(&self) -> &[Media] {
        match self {
            Self::Customer(Received { media, .. })
            | Self::Staff { out: Outbound { media, .. }, .. }
            | Self::Automated(Outbound { media, .. })
            | Self::Escalation(Outbound { media, .. })
            | Self::Internal { media, deleted_at: None, .. } => media,
            Self::Internal { deleted_at: Some(_), .. } | Self::Note { .. } | Self::System { .. } => &[],
        }
    }

    pub(super) fn media_mut(&mut self) -> &mut [Media] {
        match self {
            Self::Customer(Received { media, .. })
            | Self::Staff { out: Outbound { media, .. }, .. }
            | Self::Automated(Outbound { media, .. })
            | Self::Escalation(Outbound { media, .. })
            | Self::Internal { media, deleted_at: None, .. } => media,
            Self::Internal { deleted_at: Some(_), .. } | Self::Note { .. } | Self::System { .. } => &mut [],
        }
    }

    pub(super) const fn contact(&self) -> Option<&ContactPoint> {
        match (self, self.outbound()) {
            (Self::Customer(received), _) => Some(&received.contact),
            (_, Some(out)) => Some(&out.contact),
            _ => None,
        }
    }

    pub(super) const fn line(&self) -> Option<&ContactPoint> {
        match (self, self.outbound()) {
            (Self::Customer(received), _) => Some(&received.line),
            (_, Some(out)) => Some(&out.line),
            _ => None,
        }
    }
}
