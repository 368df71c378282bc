//! What the ledger keeps of a word about consent, beside what it did.

use std::fmt;

use serde::{Deserialize, Serialize};
use ulid::Ulid;

use super::Purpose;
use crate::id::{InvalidId, MessageId, StaffId};

/// Names a line of the ledger: what permits a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$"))]
#[serde(try_from = "String", into = "String")]
pub struct ConsentLineId(Ulid);

impl From<Ulid> for ConsentLineId {
    fn from(ulid: Ulid) -> Self {
        Self(ulid)
    }
}

impl From<ConsentLineId> for String {
    fn from(id: ConsentLineId) -> Self {
        id.0.to_string()
    }
}

impl TryFrom<String> for ConsentLineId {
    type Error = InvalidId;
    fn try_from(text: String) -> Result<Self, InvalidId> {
        Ulid::from_string(&text).map(Self).map_err(|_| InvalidId { kind: "line of consent" })
    }
}

impl fmt::Display for ConsentLineId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What somebody said about consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConsentAct {
    /// They may be texted.
    Grant,
    /// They may not, or not for everything.
    Revoke,
    /// What seemed to ask for no more texts did not.
    Dismiss,
}

/// Characters of somebody's words that the ledger keeps.
const KEPT: usize = 500;

/// Who said it, how, and in which words.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Particulars {
    /// What it was, where what it did does not say so: a revocation that left something open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<ConsentAct>,
    /// The member of staff who kept it; none of what the customer wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<StaffId>,
    /// "They asked by phone".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how: Option<String>,
    /// The words: the customer's own text, or what the office wrote down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// The customer's text that a person decided about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
    /// Which message that was, or which one said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageId>,
    /// What it was about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Purpose>,
}

crate::debug_shows!(Particulars: act, by, message, scope);

impl Particulars {
    /// Of what the customer wrote.
    pub fn written(message: &MessageId, text: &str) -> Self {
        Self { words: Some(kept(text)), message: Some(message.clone()), ..Self::default() }
    }

    /// About this text of the customer's.
    #[must_use]
    pub fn about(self, message: &MessageId, text: &str) -> Self {
        Self { quote: Some(kept(text)), message: Some(message.clone()), ..self }
    }
}

fn kept(text: &str) -> String {
    text.chars().take(KEPT).collect()
}
