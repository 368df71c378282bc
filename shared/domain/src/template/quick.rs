//! Quick replies: short answers of the business's own that go with one tap (FEATURES 49).

use serde::{Deserialize, Serialize};

use super::fill::{Piece, pieces};
use crate::id::QuickReplyId;
use crate::markdown;

/// Quick replies that a business may have: they stand in one row below the composer.
pub const MOST: usize = 8;
/// Characters of one.
pub const LONGEST: usize = 160;

/// A short answer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuickReply {
    /// Its id.
    pub id: QuickReplyId,
    /// What is sent, as it stands.
    pub text: String,
}

crate::debug_shows!(QuickReply: id);

/// All of a business, in their order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuickReplies {
    /// In their order.
    pub replies: Vec<QuickReply>,
    /// Counts the changes; 0 while nobody has changed what every business begins with.
    pub version: u64,
}

/// What is wrong with quick replies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsendable {
    /// One shows nothing.
    #[error("each quick reply must say something: nothing of one can be seen")]
    Nothing,
    /// One has a variable in it.
    #[error("a quick reply is sent as it stands: {{{{…}}}} is filled in templates only")]
    Variable,
    /// Two say the same.
    #[error("two quick replies say the same")]
    Twice,
}

impl QuickReplies {
    /// What every business begins with.
    pub fn starter() -> Self {
        let words = ["On the way", "Running 15 min late", "Does that time work?", "Thank you!"];
        let replies = words
            .iter()
            .zip(1_u128..)
            .map(|(text, n)| QuickReply { id: ulid::Ulid::from(n).into(), text: (*text).to_owned() });
        Self { replies: replies.collect(), version: 0 }
    }

    /// The replies as they are kept: their words as they would leave.
    pub fn cleaned(replies: Vec<QuickReply>) -> Result<Vec<QuickReply>, Unsendable> {
        let mut kept: Vec<QuickReply> = Vec::new();
        for QuickReply { id, text } in replies {
            let text = markdown::clean(&text);
            if !markdown::sendable(&text) {
                return Err(Unsendable::Nothing);
            }
            if pieces(&text).iter().any(|piece| !matches!(piece, Piece::Words(_))) {
                return Err(Unsendable::Variable);
            }
            if kept.iter().any(|other| other.text == text || other.id == id) {
                return Err(Unsendable::Twice);
            }
            kept.push(QuickReply { id, text });
        }
        Ok(kept)
    }
}
