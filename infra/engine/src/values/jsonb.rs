//! Packed items, read into the SDK's values at once: SQLite's JSONB (sqlite.org/jsonb.html), as far as items are made
//! of it.

use aws_sdk_dynamodb::types::AttributeValue;

use super::attributes::Item;

/// The kinds of elements, in the lower half of their first byte.
const TRUE: u8 = 1;
const FALSE: u8 = 2;
const TEXT: u8 = 7;
const TEXT_WITH_ESCAPES: u8 = 8;
const TEXT_RAW: u8 = 10;
const ARRAY: u8 = 11;
const OBJECT: u8 = 12;

/// One element.
#[derive(Clone, Copy)]
struct Element<'b> {
    kind: u8,
    body: &'b [u8],
}

/// The elements that follow each other in a body; none after one that cannot be read.
struct Elements<'b>(&'b [u8]);

/// The attributes of a packed item; none for what is not read here (binary values).
pub(super) fn attributes(packed: &[u8]) -> Option<Item> {
    let (whole, rest) = Element::first(packed)?;
    rest.is_empty().then(|| whole.attributes())?
}

impl<'b> Element<'b> {
    /// The first element, and what follows it. The upper half of the first byte is the size of its body, or tells in how
    /// many bytes more that stands.
    fn first(bytes: &'b [u8]) -> Option<(Self, &'b [u8])> {
        let (head, rest) = bytes.split_first()?;
        let wide = match head >> 4 {
            12 => 1,
            13 => 2,
            14 => 4,
            15 => 8,
            _ => 0,
        };
        let (size, rest) = rest.split_at_checked(wide)?;
        let told =
            size.iter().try_fold(0_usize, |told, byte| Some(told.checked_mul(256)? + usize::from(*byte)))?;
        let size = if wide == 0 { usize::from(head >> 4) } else { told };
        let (body, rest) = rest.split_at_checked(size)?;
        Some((Self { kind: head & 0x0F, body }, rest))
    }

    fn text(self) -> Option<String> {
        let text = str::from_utf8(self.body).ok()?;
        match self.kind {
            TEXT | TEXT_RAW => Some(text.to_owned()),
            TEXT_WITH_ESCAPES => serde_json::from_str(&format!("\"{text}\"")).ok(),
            _ => None,
        }
    }

    fn flag(self) -> Option<bool> {
        match self.kind {
            TRUE => Some(true),
            FALSE => Some(false),
            _ => None,
        }
    }

    /// What each element of an array is.
    fn each<T>(self, read: impl Fn(Element<'b>) -> Option<T>) -> Option<Vec<T>> {
        (self.kind == ARRAY).then(|| Elements(self.body).map(|element| read(element?)).collect())?
    }

    /// `{"name": {"S": "…"}, …}`
    fn attributes(self) -> Option<Item> {
        let mut elements = Elements(self.body);
        let mut item = Item::with_capacity(16);
        while let Some(name) = elements.next() {
            item.insert(name?.text()?, elements.next()??.value()?);
        }
        (self.kind == OBJECT).then_some(item)
    }

    /// `{"S": "…"}`
    fn value(self) -> Option<AttributeValue> {
        let mut elements = Elements(self.body);
        let (kind, value) = (elements.next()??, elements.next()??);
        if self.kind != OBJECT || elements.next().is_some() {
            return None;
        }
        Some(match kind.body {
            b"S" => AttributeValue::S(value.text()?),
            b"N" => AttributeValue::N(value.text()?),
            b"BOOL" => AttributeValue::Bool(value.flag()?),
            b"NULL" => AttributeValue::Null(value.flag()?),
            b"SS" => AttributeValue::Ss(value.each(Self::text)?),
            b"NS" => AttributeValue::Ns(value.each(Self::text)?),
            b"L" => AttributeValue::L(value.each(Self::value)?),
            b"M" => AttributeValue::M(value.attributes()?),
            _ => return None,
        })
    }
}

impl<'b> Iterator for Elements<'b> {
    type Item = Option<Element<'b>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let first = Element::first(self.0);
        self.0 = first.map_or(&[], |(_, rest)| rest);
        Some(first.map(|(element, _)| element))
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;
    use serde_json::{Value, json};

    use super::*;

    fn packed(item: &Value) -> Vec<u8> {
        let connection = Connection::open_in_memory().expect("SQLite");
        connection.query_row("SELECT jsonb(?1)", [item.to_string()], |row| row.get(0)).expect("JSONB")
    }

    #[test]
    fn texts_of_every_size_and_script_are_read_as_they_were_packed() {
        for size in [0, 1, 11, 12, 255, 256, 65_535, 65_536, 300_000] {
            let item = attributes(&packed(&json!({ "text": { "S": "x".repeat(size) } }))).expect("an item");
            assert_eq!(item["text"], AttributeValue::S("x".repeat(size)), "{size}");
        }
        for text in ["\"quoted\" \\ \n\t", "\u{0}\u{7f}", "مرحبا 👩‍🔧", "\u{2028}", "\\u0041"] {
            let item = attributes(&packed(&json!({ text: { "S": text } }))).expect("an item");
            assert_eq!(item[text], AttributeValue::S(text.to_owned()));
        }
    }

    #[test]
    fn what_is_cut_off_or_binary_is_not_read() {
        let whole = packed(&json!({ "a": { "M": { "b": { "L": [{ "S": "x" }, { "N": "1.5" }] } } } }));
        assert!(attributes(&whole).is_some());
        for length in 0..whole.len() {
            assert!(attributes(&whole[..length]).is_none(), "{length} bytes");
        }
        assert!(attributes(&packed(&json!({ "a": { "B": "AAEC" } }))).is_none());
        assert!(attributes(&packed(&json!({ "a": { "S": "x", "N": "1" } }))).is_none());
    }
}
