//! The name of a message's file.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use porchlight_domain::id::{ConversationId, InvalidId};
use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// Bytes of a conversation's id, of a place in the timeline, of a place among files.
const CONVERSATION: usize = 16;
const SEQ: usize = 8;
const PLACE: usize = 2;

/// Where a file stands: messages that came in are found by their place only. One text for all three, so that
/// clients take it as it is. It is no key to the file: whoever asks must see the message (P7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MediaId {
    /// The conversation.
    pub conversation: ConversationId,
    /// The message's place in it.
    pub seq: u64,
    /// The file's place among the message's, from 0.
    pub place: u16,
}

impl fmt::Display for MediaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = hex::decode(self.conversation.as_str()).expect("a conversation's id is hex");
        bytes.extend(self.seq.to_be_bytes());
        bytes.extend(self.place.to_be_bytes());
        f.write_str(&URL_SAFE_NO_PAD.encode(bytes))
    }
}

impl FromStr for MediaId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        read(text).ok_or(InvalidId { kind: "media" })
    }
}

fn read(text: &str) -> Option<MediaId> {
    let bytes: [u8; CONVERSATION + SEQ + PLACE] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
    let (conversation, places) = bytes.split_first_chunk::<CONVERSATION>()?;
    let (seq, place) = places.split_first_chunk::<SEQ>()?;
    Some(MediaId {
        conversation: hex::encode(conversation).parse().ok()?,
        seq: u64::from_be_bytes(*seq),
        place: u16::from_be_bytes(place.try_into().ok()?),
    })
}

impl TryFrom<String> for MediaId {
    type Error = InvalidId;
    fn try_from(text: String) -> Result<Self, InvalidId> {
        text.parse()
    }
}

impl From<MediaId> for String {
    fn from(id: MediaId) -> Self {
        id.to_string()
    }
}

impl PartialSchema for MediaId {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[A-Za-z0-9_-]{35}$"));
        text.description(Some(
            "Where a file stands. It is no key to the file: whoever asks must see the message.",
        ))
        .into()
    }
}

impl ToSchema for MediaId {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_name_says_where_it_stands_and_nothing_else_is_one() {
        let conversation = "0123456789abcdef0123456789abcdef".parse().expect("an id");
        let id = MediaId { conversation, seq: 1 << 40, place: 9 };
        let text = id.to_string();
        assert_eq!(text.len(), 35);
        assert_eq!(text.parse::<MediaId>().expect("its own text"), id);
        for other in ["", "x", &text[1..], &format!("{text}A"), &format!("{text}="), &text.replace('A', "+")]
        {
            assert!(other.parse::<MediaId>().is_err(), "{other}");
        }
    }
}
