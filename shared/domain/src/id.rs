//! Identifiers. ULIDs, except a conversation's, which is derived from what makes it one.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::channel::Channel;
use crate::party::{Party, Route};
use crate::phone::ContactPoint;
use crate::time::Timestamp;

/// The text is no identifier of the expected form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {kind} id")]
pub struct InvalidId {
    /// What it should have named.
    pub kind: &'static str,
}

macro_rules! ulid_ids {
    ($($(#[$doc:meta])* $name:ident => $kind:literal),* $(,)?) => {$(
        $(#[$doc])*
        /// A ULID: 26 upper-case Crockford base-32 digits; its first ten are its time.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$"))]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The text of the id.
            pub fn as_str(&self) -> &str { &self.0 }

            /// The ULID that it is.
            pub fn ulid(&self) -> ulid::Ulid {
                ulid::Ulid::from_string(&self.0).expect("validated on construction")
            }

            /// The instant that the id was minted for.
            pub fn time(&self) -> Timestamp {
                Timestamp::from_millis(i64::try_from(self.ulid().timestamp_ms()).unwrap_or(i64::MAX))
            }
        }

        impl From<ulid::Ulid> for $name {
            fn from(ulid: ulid::Ulid) -> Self { Self(ulid.to_string()) }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                match ulid::Ulid::from_string(text) {
                    // Canonical text only: two spellings of one id would be two keys.
                    Ok(ulid) if ulid.to_string() == text => Ok(Self(text.to_owned())),
                    _ => Err(InvalidId { kind: $kind }),
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> { text.parse() }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self { id.0 }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
    )*};
}

ulid_ids! {
    /// A business: the tenant.
    BusinessId => "business",
    /// The lines of a business that share their conversations.
    LineGroupId => "line group",
    /// A member of staff.
    StaffId => "staff",
    /// A customer of a business.
    CustomerId => "customer",
    /// A job at a customer's.
    JobId => "job",
    /// A message; made by the client for what staff write, by the server for what comes in.
    MessageId => "message",
    /// An event of the live feed.
    EventId => "event",
    /// A command of a client other than a message (PROTOCOLS §5).
    CommandId => "command",
    /// A template of a business; made by the client, or by the server where it makes none.
    TemplateId => "template",
    /// A quick reply of a business.
    QuickReplyId => "quick reply",
    /// A fact of a job; made by the client.
    FactId => "fact",
    /// A file that somebody uploads.
    UploadId => "upload",
    /// An invitation to work for a business; made by the client.
    InviteId => "invite",
    /// A browser or phone that is woken; made by the client, or by the server where it makes none.
    DeviceId => "device",
}

/// A conversation: the first 32 hex digits of SHA-256 over what makes its party that party, each part with its
/// length, so that simultaneous first messages meet in one thread (P3). A customer's parts are line group,
/// channel and contact point; any other's begin with a word, which no line group's id can be.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[0-9a-f]{32}$"))]
#[serde(try_from = "String", into = "String")]
pub struct ConversationId(String);

impl ConversationId {
    /// The one conversation with this party.
    pub fn of(party: &Party) -> Self {
        match party {
            Party::Customer(Route { group, channel, contact, .. }) => {
                Self::of_customer(group, *channel, contact)
            }
            Party::Pair(pair) => {
                let [one, other] = pair.both();
                Self::of_parts(&["pair", one.as_str(), other.as_str()])
            }
            Party::Crew { job } => Self::of_parts(&["crew", job.as_str()]),
            Party::Staff { staff } => Self::of_parts(&["staff", staff.as_str()]),
            Party::StaffPhone { staff, route: Route { group, channel, contact, .. } } => Self::of_parts(&[
                "staff phone",
                staff.as_str(),
                group.as_str(),
                channel.as_str(),
                contact.as_str(),
            ]),
        }
    }

    /// The one conversation with a customer of this line group, channel and contact point, whatever the line.
    pub fn of_customer(group: &LineGroupId, channel: Channel, contact: &ContactPoint) -> Self {
        Self::of_parts(&[group.as_str(), channel.as_str(), contact.as_str()])
    }

    fn of_parts(parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        Self(hex::encode(&hash.finalize()[..16]))
    }

    /// The text of the id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ConversationId {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let canonical = text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if canonical { Ok(Self(text.to_owned())) } else { Err(InvalidId { kind: "conversation" }) }
    }
}

impl TryFrom<String> for ConversationId {
    type Error = InvalidId;
    fn try_from(text: String) -> Result<Self, InvalidId> {
        text.parse()
    }
}

impl From<ConversationId> for String {
    fn from(id: ConversationId) -> Self {
        id.0
    }
}

impl fmt::Display for ConversationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ConversationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::party::Pair;
    use crate::samples::{conversation, job, staff};

    #[test]
    fn one_contact_on_one_channel_has_one_conversation_id() {
        let group: LineGroupId = "01JD0000000000000000000000".parse().expect("a ULID");
        let contact = ContactPoint::phone("+12075550123").expect("a number");
        let id = ConversationId::of_customer(&group, Channel::Sms, &contact);
        assert_eq!(id, ConversationId::of_customer(&group, Channel::Sms, &contact));
        assert_ne!(id, ConversationId::of_customer(&group, Channel::Portal, &contact));
        assert_eq!(id.as_str().parse::<ConversationId>().expect("own text parses"), id);
    }

    #[test]
    fn a_customers_conversation_keeps_the_id_that_it_always_had_p3() {
        let id = ConversationId::of(&conversation().party);
        assert_eq!(id.as_str(), "8eee06db31a39fb39af578e3ed25a196");
        let Route { group, channel, contact, .. } =
            conversation().party.route().cloned().expect("a customer");
        assert_eq!(ConversationId::of_customer(&group, channel, &contact), id);
    }

    #[test]
    fn each_party_has_a_conversation_of_its_own_p3() {
        let route = conversation().party.route().cloned().expect("a customer");
        let parties = [
            Party::Customer(route.clone()),
            Party::Pair(Pair::of(staff(1), staff(2)).expect("two people")),
            Party::Pair(Pair::of(staff(1), staff(3)).expect("two people")),
            Party::Crew { job: job(1) },
            Party::Staff { staff: staff(1) },
            Party::StaffPhone { staff: staff(1), route },
        ];
        let ids: BTreeSet<_> = parties.iter().map(ConversationId::of).collect();
        assert_eq!(ids.len(), parties.len());
    }

    #[test]
    fn only_canonical_text_is_an_id() {
        for text in ["", "x", "01jd0000000000000000000000", "01JD000000000000000000000#", "01JD"] {
            assert!(text.parse::<MessageId>().is_err(), "{text}");
        }
    }
}
