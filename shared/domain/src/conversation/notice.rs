//! Quiet entries of the timeline: who assigned, closed, reopened, and when texts went off and on.

use std::fmt;

use super::Conversation;
use crate::id::{MessageId, StaffId};
use crate::message::{Body, Message};
use crate::time::Timestamp;

/// What a quiet entry tells; as text, one plain sentence. Names are as they were then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is the name of the person in that part")]
pub enum Notice<'a> {
    /// Somebody gave the conversation to somebody else.
    Assigned { by: &'a str, to: &'a str },
    /// Somebody made it theirs.
    Took { by: &'a str },
    /// Somebody made it nobody's.
    Unassigned { by: &'a str },
    /// Whose it was is off today; they said so, or somebody else did.
    OffToday { name: &'a str, by: Option<&'a str> },
    /// Somebody put it away.
    Closed { by: &'a str },
    /// Somebody took it up again.
    Reopened { by: &'a str },
    /// The customer opted out.
    SaidStop,
    /// The customer wrote a word that ends texts, and may mean something else.
    SaidUnclearStop,
    /// The customer opted in again.
    SaidStart,
    /// The provider refused a text: the customer opted out there.
    ProviderRefused,
    /// Somebody says that texts reach this number after all.
    Reachable { by: &'a str },
    /// Somebody says that texts do not reach this number.
    Unreachable { by: &'a str },
    /// Somebody blocked the contact point.
    Blocked { by: &'a str },
    /// Somebody blocked it as a sender of spam.
    MarkedSpam { by: &'a str },
    /// Somebody took that back.
    Unblocked { by: &'a str },
    /// "Not this person": consent was another's to give.
    NotThisPerson { by: &'a str },
    /// The office kept that the customer agreed, where texts were off.
    Granted { by: &'a str },
    /// The office kept that the customer asked for no more texts.
    Revoked { by: &'a str },
    /// Somebody looked: the customer did not ask for that.
    NoStop { by: &'a str },
    /// The office alone writes to the customer from now on.
    OfficeOnly { by: &'a str },
    /// The crew may write again.
    CrewToo { by: &'a str },
    /// A member of staff wants no more texts to their own phone.
    StaffSaidStop,
    /// They want them again.
    StaffSaidStart,
    /// Nobody on the job opened the customer's message for so long: these of them were texted; none may stand there.
    CrewTexted { minutes: u64, who: &'a str },
    /// Still nobody: the office is told.
    OfficeTold { minutes: u64 },
}

impl fmt::Display for Notice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CrewTexted { minutes, who: "" } => {
                write!(f, "{}: none of them may be texted now", Unopened(*minutes))
            }
            Self::CrewTexted { minutes, who } => write!(f, "{}: {who} got a text", Unopened(*minutes)),
            Self::OfficeTold { minutes } => write!(f, "{}: the office was told", Unopened(*minutes)),
            Self::Assigned { by, to } => write!(f, "{by} assigned this to {to}"),
            Self::Took { by } => write!(f, "{by} took this"),
            Self::Unassigned { by } => write!(f, "{by} unassigned this"),
            Self::OffToday { name, by: None } => write!(f, "{name} is off today: this is nobody\u{2019}s now"),
            Self::OffToday { name, by: Some(by) } => {
                write!(f, "{by} marked {name} off today: this is nobody\u{2019}s now")
            }
            Self::Closed { by } => write!(f, "{by} closed this"),
            Self::Reopened { by } => write!(f, "{by} reopened this"),
            Self::SaidStop => f.write_str("Texts are off: the customer sent STOP"),
            Self::SaidUnclearStop => f.write_str(
                "Texts are off: the customer sent a word that ends them. They may have meant the appointment. Call them.",
            ),
            Self::SaidStart => f.write_str("Texts are on again: the customer sent START"),
            Self::ProviderRefused => {
                f.write_str("Texts are off: the provider says that the customer opted out")
            }
            Self::Granted { by } => write!(f, "Texts are on again: {by} recorded that the customer agreed"),
            Self::Revoked { by } => {
                write!(f, "Texts are off: {by} recorded that the customer asked for no more")
            }
            Self::NoStop { by } => write!(f, "{by} looked: the customer did not ask for texts to stop"),
            Self::OfficeOnly { by } => write!(f, "{by} made this office only: the crew reads, and cannot write"),
            Self::CrewToo { by } => write!(f, "{by} let the crew write here again"),
            Self::StaffSaidStop => f.write_str("This phone takes no texts: STOP came from it"),
            Self::StaffSaidStart => f.write_str("This phone takes texts again: START came from it"),
            Self::Reachable { by } => write!(f, "{by} turned texts to this number on again"),
            Self::Unreachable { by } => write!(f, "{by} marked this number: it cannot get texts"),
            Self::Blocked { by } => write!(f, "{by} blocked this"),
            Self::MarkedSpam { by } => write!(f, "{by} marked this as spam"),
            Self::Unblocked { by } => write!(f, "{by} unblocked this"),
            Self::NotThisPerson { by } => {
                write!(f, "Texts are off: {by} said that this is not the customer\u{2019}s number")
            }
        }
    }
}

/// For how long nobody on the job has opened what the customer wrote.
struct Unopened(u64);

impl fmt::Display for Unopened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.0 == 1 { "" } else { "s" };
        write!(f, "Nobody on the job opened this for {} minute{plural}", self.0)
    }
}

impl Conversation {
    /// A quiet entry takes the next place of the timeline, and changes nothing else: neither attention nor
    /// unread, neither the order of the list nor what its row shows. `author` is whoever acted.
    pub fn note(
        &mut self,
        id: MessageId,
        notice: Notice<'_>,
        author: Option<StaffId>,
        at: Timestamp,
    ) -> Message {
        let body = Body::System { author, text: notice.to_string() };
        let message = Message::next(self, id, at, body);
        self.0.seq = message.seq;
        message
    }
}
