//! Who is meant to read a message.

use crate::message::{Body, Message, MessageKind};

/// Of those who see the conversation, who is meant to read a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// All of them.
    All,
    /// The office alone.
    Office,
    /// Those whom an internal thread is between.
    Insiders,
}

/// Who is meant to read messages of this kind.
pub const fn audience(kind: MessageKind) -> Audience {
    match kind {
        MessageKind::Customer | MessageKind::Staff | MessageKind::Automated | MessageKind::System => {
            Audience::All
        }
        MessageKind::Note | MessageKind::Escalation => Audience::Office,
        MessageKind::Internal => Audience::Insiders,
    }
}

impl Message {
    /// Who is meant to read it: of a note, its author says whether the crew is too.
    pub const fn audience(&self) -> Audience {
        match self.body {
            Body::Note { for_crew: true, .. } => Audience::All,
            _ => audience(self.kind()),
        }
    }
}
