//! What a notification says: who, and not what.

use super::{Alert, Asked};
use crate::conversation::Conversation;
use crate::id::{ConversationId, MessageId, StaffId};
use crate::party::Party;
use crate::staff::Staff;

/// What somebody is woken by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoticeKind {
    /// A customer wrote.
    Message,
    /// A colleague wrote in an internal thread.
    Internal,
    /// Something was handed on to a person.
    Escalation,
    /// A note names them.
    Mention,
    /// They asked for a test.
    Test,
}

impl NoticeKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Message, Self::Internal, Self::Escalation, Self::Mention, Self::Test];

    /// What it is called in the payload.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Internal => "internal",
            Self::Escalation => "escalation",
            Self::Mention => "mention",
            Self::Test => "test",
        }
    }
}

/// A notification, before it is anybody's format.
#[derive(Clone, PartialEq, Eq)]
pub struct Notice {
    /// By what they are woken.
    pub kind: NoticeKind,
    /// Whom it is for: a device that changed hands shows a neutral line.
    pub staff: StaffId,
    /// Who.
    pub title: String,
    /// That, and how many.
    pub body: String,
    /// The thread; a test has none.
    pub conversation: Option<ConversationId>,
    /// The message, with its place.
    pub message: Option<(MessageId, u64)>,
    /// Unread for them, in all; none where it is not known.
    pub badge: Option<u64>,
    /// The thread's unread are counted for them: none left means that this was read.
    pub counted: bool,
    /// A customer is in an emergency.
    pub emergency: bool,
}

crate::debug_shows!(Notice: kind, staff, conversation, message, badge, counted, emergency);

/// What people and the business are called.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    /// The business.
    pub business: &'a str,
    /// Everybody who works, or worked, there.
    pub staff: &'a [Staff],
}

/// The notification of somebody who is woken.
pub fn notice(alert: Alert, asked: &Asked<'_>, names: Names<'_>, badge: Option<u64>) -> Notice {
    let Asked { conversation, message, staff, .. } = *asked;
    let who = who(alert.kind, asked, names);
    let title = if alert.emergency { format!("Emergency: {who}") } else { who };
    Notice {
        kind: alert.kind,
        staff: staff.id.clone(),
        title,
        body: body(alert.kind, asked.sight.unread(conversation, asked.marker)),
        conversation: Some(conversation.id.clone()),
        message: Some((message.id.clone(), message.seq)),
        badge,
        counted: asked.sight.counts_unread(),
        emergency: alert.emergency,
    }
}

/// The same naming nobody but the business: what may come twice, since nobody heard whether it was taken.
#[must_use]
pub fn neutral(notice: Notice, names: Names<'_>) -> Notice {
    let title = names.business.to_owned();
    Notice { title, body: "Something new. Open the app to see it.".to_owned(), ..notice }
}

/// What somebody asked for to see whether it comes.
pub fn test(staff: &Staff, business: &str) -> Notice {
    Notice {
        kind: NoticeKind::Test,
        staff: staff.id.clone(),
        title: business.to_owned(),
        body: "This device is woken when somebody writes.".to_owned(),
        conversation: None,
        message: None,
        badge: None,
        counted: true,
        emergency: false,
    }
}

/// What somebody of the crew is texted at their own phone: who wrote, where that is theirs to see, and where to look.
pub fn step_words(business: &str, customer: Option<&str>, link: &str) -> String {
    let who = customer.unwrap_or("A customer");
    format!(
        "{business}: {who} wrote, and nobody on the job has opened it. {link} Reply STOP to end these texts."
    )
}

fn who(kind: NoticeKind, asked: &Asked<'_>, names: Names<'_>) -> String {
    match kind {
        NoticeKind::Message | NoticeKind::Escalation | NoticeKind::Test => customer(asked, names),
        NoticeKind::Internal | NoticeKind::Mention => {
            let author = asked.message.author();
            let found = names.staff.iter().find(|person| Some(&person.id) == author);
            found.map_or_else(|| names.business.to_owned(), |person| person.name.clone())
        }
    }
}

/// The customer's name or number, where that is theirs to see: of a shared number, only of their own jobs.
fn customer(asked: &Asked<'_>, names: Names<'_>) -> String {
    let conversation: &Conversation = asked.conversation;
    let Party::Customer(route) = &conversation.party else { return names.business.to_owned() };
    match &conversation.customer {
        Some(customer) if asked.sight.shows_customer(&customer.id) => customer.name.clone(),
        Some(_) => names.business.to_owned(),
        None => route.contact.to_string(),
    }
}

fn body(kind: NoticeKind, unread: u64) -> String {
    match kind {
        NoticeKind::Mention => "Mentioned you in a note".to_owned(),
        NoticeKind::Escalation => "Needs a person".to_owned(),
        NoticeKind::Test | NoticeKind::Message | NoticeKind::Internal if unread > 1 => {
            format!("{unread} new messages")
        }
        NoticeKind::Test | NoticeKind::Message | NoticeKind::Internal => "New message".to_owned(),
    }
}
