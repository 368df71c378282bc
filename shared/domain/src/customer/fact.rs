//! Facts of a job: words or a file of a thread, put above it for whoever works there (FEATURES 100).

use serde::{Deserialize, Serialize};

use super::Job;
use crate::id::{ConversationId, FactId, MessageId, StaffId};
use crate::markdown;
use crate::message::MediaKind;
use crate::message::{Direction, Message, MessageKind};
use crate::time::Timestamp;

/// Facts that one job has at most: a strip is read at one look.
pub const MOST_FACTS: usize = 12;
/// Characters of one fact's words.
pub const LONGEST_FACT: usize = 200;

/// Something of a thread that is kept with the job.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobFact {
    /// Its id, made by the client.
    pub id: FactId,
    /// What it is.
    #[serde(flatten)]
    pub kept: KeptFact,
    /// Where it was said.
    pub conversation: ConversationId,
    /// By which message.
    pub message: MessageId,
    /// Its place there.
    pub seq: u64,
    /// Who kept it.
    pub by: StaffId,
    /// When.
    pub at: Timestamp,
}

crate::debug_shows!(JobFact: id, conversation, message, seq, by, at);

/// What a fact is.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum KeptFact {
    /// Words of the message.
    Words {
        /// On one line.
        text: String,
    },
    /// A file of the message.
    File {
        /// Its place among the message's, from 0.
        place: u16,
        /// What it is.
        media: MediaKind,
        /// What it is called, where somebody said so.
        name: Option<String>,
    },
}

/// A job has as many facts as it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a job has {MOST_FACTS} facts at most")]
pub struct TooManyFacts;

impl KeptFact {
    /// Words of this message, or a part of them; none where they are not its words. What colleagues write to each other is
    /// no fact: it would be read by whom it was not written to.
    pub fn words(message: &Message, part: Option<&str>) -> Option<Self> {
        let of = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let whole = match direction_with_customer(message)? {
            Direction::In => of(message.text()),
            Direction::Out => of(&markdown::plain_text(message.text())),
        };
        let text = part.map_or_else(|| whole.clone(), of);
        (!text.is_empty() && whole.contains(&text)).then(|| Self::Words { text: shortened(text) })
    }

    /// A file of this message; none where it has no such.
    pub fn file(message: &Message, place: u16) -> Option<Self> {
        direction_with_customer(message)?;
        let file = message.media().get(usize::from(place))?;
        Some(Self::File { place, media: file.kind(), name: file.name.clone() })
    }
}

fn direction_with_customer(message: &Message) -> Option<Direction> {
    match message.kind() {
        MessageKind::Customer | MessageKind::Staff | MessageKind::Automated => Some(message.direction()),
        MessageKind::Escalation | MessageKind::Note | MessageKind::Internal | MessageKind::System => None,
    }
}

/// Cut between two words, where it is longer.
fn shortened(text: String) -> String {
    if text.chars().count() <= LONGEST_FACT {
        return text;
    }
    let cut: String = text.chars().take(LONGEST_FACT - 1).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
    format!("{whole}…")
}

impl Job {
    /// Keeps a fact. The same of the same message is there once, whoever keeps it; whether anything changed.
    pub fn keep_fact(&mut self, fact: JobFact) -> Result<bool, TooManyFacts> {
        let is_there =
            |had: &JobFact| had.id == fact.id || (had.message == fact.message && had.kept == fact.kept);
        if self.facts.iter().any(is_there) {
            return Ok(false);
        }
        if self.facts.len() >= MOST_FACTS {
            return Err(TooManyFacts);
        }
        self.facts.push(fact);
        Ok(true)
    }

    /// Takes a fact away; whether it was there.
    pub fn forget_fact(&mut self, id: &FactId) -> bool {
        let had = self.facts.len();
        self.facts.retain(|fact| fact.id != *id);
        self.facts.len() < had
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::Conversation;
    use crate::id::MessageId;
    use crate::message::Received;
    use crate::samples::{at, conversation};

    fn said(thread: &Conversation, text: &str) -> Message {
        let route = thread.route().expect("a customer");
        let id: MessageId = ulid::Ulid::from(7u128).into();
        Message::received(thread, id, at(1), Received::new(route, None, text.to_owned()))
    }

    fn words(text: &str, part: Option<&str>) -> Option<String> {
        match KeptFact::words(&said(&conversation(), text), part)? {
            KeptFact::Words { text } => Some(text),
            KeptFact::File { .. } => None,
        }
    }

    #[test]
    fn a_fact_is_what_was_said_on_one_line() {
        assert_eq!(words(" Gate\n 4411 ", None).as_deref(), Some("Gate 4411"));
        assert_eq!(words("The *gate* is 4411", Some("gate*  is")).as_deref(), Some("gate* is"));
        for (text, part) in [("Gate 4411", Some("Gate 4412")), ("Gate 4411", Some(" ")), (" \n ", None)] {
            assert_eq!(words(text, part), None, "{text:?} {part:?}");
        }
    }

    #[test]
    fn long_words_are_cut_between_two_of_them() {
        let long = words(&"word ".repeat(100), None).expect("words");
        assert!(long.chars().count() <= LONGEST_FACT && long.ends_with("word…"), "{long}");
        let one = words(&"ß".repeat(500), None).expect("a word");
        assert_eq!(one.chars().count(), LONGEST_FACT);
    }
}
