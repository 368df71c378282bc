//! How values lie in items.
//!
//! What is absent, false or empty takes no room: a summary stays within one write unit (1 KB). Ids that the
//! key tells are not repeated. Instants are unix milliseconds where no key and no person reads them.

use aws_sdk_dynamodb::types::AttributeValue;
use porchlight_domain::id::ConversationId;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::error::StoreError;
use crate::keys::Key;
use crate::table::{Item, text};

mod conversation;
mod message;
mod party;

pub(crate) use self::conversation::{conversation, conversation_item};
pub(crate) use self::message::{message, message_item, messages};

/// An item of this value under this key; nothing that is absent is written.
pub(crate) fn to_item<T: Serialize>(key: &Key, value: &T) -> Item {
    let mut item: Item = serde_dynamo::to_item(value).expect("plain structs become items");
    strip_nulls(&mut item);
    item.insert("pk".to_owned(), text(&key.pk));
    item.insert("sk".to_owned(), text(&key.sk));
    item
}

/// A value of an item's attribute.
pub(crate) fn value_of<T: Serialize>(value: &T) -> AttributeValue {
    serde_dynamo::to_attribute_value(value).expect("plain structs become attributes")
}

/// The value of an item.
pub(crate) fn from_item<T: DeserializeOwned>(kind: &'static str, item: Item) -> Result<T, StoreError> {
    serde_dynamo::from_item(item).map_err(|error| StoreError::unreadable(kind, error))
}

pub(crate) fn from_items<T: DeserializeOwned>(
    kind: &'static str,
    items: impl IntoIterator<Item = Item>,
) -> Result<Vec<T>, StoreError> {
    items.into_iter().map(|item| from_item(kind, item)).collect()
}

fn strip_nulls(map: &mut Item) {
    map.retain(|_, value| !value.is_null());
    for value in map.values_mut() {
        strip_value(value);
    }
}

fn strip_value(value: &mut aws_sdk_dynamodb::types::AttributeValue) {
    use aws_sdk_dynamodb::types::AttributeValue::{L, M};
    match value {
        M(map) => strip_nulls(map),
        L(list) => list.iter_mut().for_each(strip_value),
        _ => {}
    }
}

pub(crate) fn no_key(kind: &'static str) -> StoreError {
    StoreError::unreadable(kind, "its key is of another form")
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde calls")]
const fn is_false(value: &bool) -> bool {
    !*value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde calls")]
const fn is_zero(value: &u64) -> bool {
    *value == 0
}

/// Instants as unix milliseconds.
mod millis {
    use porchlight_domain::time::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde calls")]
    pub fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(at.millis())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        i64::deserialize(deserializer).map(Timestamp::from_millis)
    }

    pub mod option {
        use super::{Deserialize, Deserializer, Serializer, Timestamp};

        #[expect(clippy::ref_option, reason = "the signature that serde calls")]
        pub fn serialize<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
            match at {
                Some(at) => serializer.serialize_some(&at.millis()),
                None => serializer.serialize_none(),
            }
        }

        pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Timestamp>, D::Error> {
            Ok(Option::<i64>::deserialize(d)?.map(Timestamp::from_millis))
        }
    }
}

/// Where a message stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PlaceItem {
    pub conversation: ConversationId,
    pub seq: u64,
    pub fingerprint: Option<String>,
}

#[cfg(test)]
mod tests;
