//! Items as the engine stores them, read into the SDK's values at once.

use std::fmt;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::attributes::Item;
use super::jsonb;
use crate::engine::Stored;

/// The item that was stored so; none for what is not read here (binary values).
pub(super) fn item(stored: &Stored<'_>) -> Option<Item> {
    match stored {
        Stored::Text(json) => of_json(json),
        Stored::Packed { keys, rest } => {
            let mut item = rest.map_or_else(|| Some(Item::new()), jsonb::attributes)?;
            let keys = keys.iter().map(|(name, value)| (*name, AttributeValue::S((*value).to_owned())));
            item.extend(keys.map(|(name, value)| (name.to_owned(), value)));
            Some(item)
        }
    }
}

fn of_json(stored: &str) -> Option<Item> {
    let mut json = serde_json::Deserializer::from_str(stored);
    let item = Attributes.deserialize(&mut json).ok()?;
    json.end().ok()?;
    Some(item)
}

/// `{"name": {"S": "…"}, …}`
struct Attributes;

impl<'de> DeserializeSeed<'de> for Attributes {
    type Value = Item;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Item, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Attributes {
    type Value = Item;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("attributes")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Item, A::Error> {
        let mut item = Item::with_capacity(16);
        while let Some(name) = map.next_key()? {
            item.insert(name, map.next_value_seed(OneValue)?);
        }
        Ok(item)
    }
}

/// `{"S": "…"}`
struct OneValue;

impl<'de> DeserializeSeed<'de> for OneValue {
    type Value = AttributeValue;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<AttributeValue, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for OneValue {
    type Value = AttributeValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value with its type")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<AttributeValue, A::Error> {
        let kind = map.next_key::<Kind>()?.ok_or_else(|| A::Error::custom("a value without a type"))?;
        let value = match kind {
            Kind::S => AttributeValue::S(map.next_value()?),
            Kind::N => AttributeValue::N(map.next_value()?),
            Kind::Bool => AttributeValue::Bool(map.next_value()?),
            Kind::Null => AttributeValue::Null(map.next_value()?),
            Kind::Ss => AttributeValue::Ss(map.next_value()?),
            Kind::Ns => AttributeValue::Ns(map.next_value()?),
            Kind::L => AttributeValue::L(map.next_value_seed(Values)?),
            Kind::M => AttributeValue::M(map.next_value_seed(Attributes)?),
        };
        match map.next_key::<Kind>()? {
            None => Ok(value),
            Some(_) => Err(A::Error::custom("a value with two types")),
        }
    }
}

#[derive(serde::Deserialize)]
enum Kind {
    S,
    N,
    #[serde(rename = "BOOL")]
    Bool,
    #[serde(rename = "NULL")]
    Null,
    #[serde(rename = "SS")]
    Ss,
    #[serde(rename = "NS")]
    Ns,
    L,
    M,
}

/// `[{"S": "…"}, …]`
struct Values;

impl<'de> DeserializeSeed<'de> for Values {
    type Value = Vec<AttributeValue>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Values {
    type Value = Vec<AttributeValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("values")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(OneValue)? {
            values.push(value);
        }
        Ok(values)
    }
}
