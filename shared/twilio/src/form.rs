//! An `application/x-www-form-urlencoded` body as Twilio posts it.
//!
//! Order and repetition are kept, because the signature covers every field received. Bytes that are not UTF-8
//! are kept too (the signature is over bytes) and shown as U+FFFD, with [`Form::is_lossy`] to say so.

use std::fmt;

/// One decoded field.
#[derive(Clone, PartialEq, Eq)]
struct Field {
    name: Text,
    value: Text,
}

/// Decoded bytes and how they read.
#[derive(Clone, PartialEq, Eq)]
struct Text {
    read: String,
    /// Only when the bytes are not UTF-8.
    bytes: Option<Vec<u8>>,
}

/// The fields of a form body, in the order received. `Debug` shows names only (P11).
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Form {
    fields: Vec<Field>,
}

impl Form {
    /// Reads a body; no body is refused, what is malformed is kept as it stands.
    pub fn parse(body: &[u8]) -> Self {
        let fields =
            body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()).map(parse_pair).collect();
        Self { fields }
    }

    /// Makes a form of pairs that are text already.
    pub fn from_pairs<N: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        let text = |read| Text { read, bytes: None };
        let field = |(name, value): (N, V)| Field { name: text(name.into()), value: text(value.into()) };
        Self { fields: pairs.into_iter().map(field).collect() }
    }

    /// The first value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs().find(|(found, _)| *found == name).map(|(_, value)| value)
    }

    /// All fields in order.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|field| (field.name.read.as_str(), field.value.read.as_str()))
    }

    /// Whether some bytes were not UTF-8 and read as U+FFFD.
    pub fn is_lossy(&self) -> bool {
        self.fields.iter().any(|field| field.name.bytes.is_some() || field.value.bytes.is_some())
    }

    /// All fields in order, as the bytes that were sent.
    pub(crate) fn byte_pairs(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.fields.iter().map(|field| (field.name.as_bytes(), field.value.as_bytes()))
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.fields.iter().map(|field| &field.name.read)).finish()
    }
}

impl Text {
    fn decode(encoded: &[u8]) -> Self {
        match String::from_utf8(percent_decode(encoded)) {
            Ok(read) => Self { read, bytes: None },
            Err(invalid) => {
                let bytes = invalid.into_bytes();
                Self { read: String::from_utf8_lossy(&bytes).into_owned(), bytes: Some(bytes) }
            }
        }
    }

    fn as_bytes(&self) -> &[u8] {
        self.bytes.as_deref().unwrap_or(self.read.as_bytes())
    }
}

fn parse_pair(pair: &[u8]) -> Field {
    let split = pair.iter().position(|byte| *byte == b'=');
    let (name, value) = split.map_or((pair, &[][..]), |at| (&pair[..at], &pair[at + 1..]));
    Field { name: Text::decode(name), value: Text::decode(value) }
}

/// `+` is a space, `%XX` a byte; a `%` without two hex digits stands for itself.
fn percent_decode(encoded: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(encoded.len());
    let mut rest = encoded;
    while let [first, tail @ ..] = rest {
        let escaped = (*first == b'%').then(|| tail.get(..2).and_then(hex_byte)).flatten();
        decoded.push(match (first, escaped) {
            (_, Some(byte)) => byte,
            (b'+', None) => b' ',
            (other, None) => *other,
        });
        rest = if escaped.is_some() { &tail[2..] } else { tail };
    }
    decoded
}

fn hex_byte(digits: &[u8]) -> Option<u8> {
    let mut byte = [0];
    hex::decode_to_slice(digits, &mut byte).ok().map(|()| byte[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_repetition_and_empty_values_are_kept() {
        let form = Form::parse(b"B=2&A=1&B=&&C&A=%2B1+%41");
        let pairs: Vec<_> = form.pairs().collect();
        assert_eq!(pairs, [("B", "2"), ("A", "1"), ("B", ""), ("C", ""), ("A", "+1 A")]);
        assert!(!form.is_lossy());
    }

    #[test]
    fn bytes_that_are_not_utf8_are_kept_and_flagged() {
        let form = Form::parse(b"Body=caf%E9%&From=%2B1");
        assert!(form.is_lossy());
        assert_eq!(form.get("Body"), Some("caf\u{fffd}%"));
        assert_eq!(form.byte_pairs().next(), Some((&b"Body"[..], &b"caf\xe9%"[..])));
        assert_eq!(form.get("From"), Some("+1"));
    }

    #[test]
    fn debug_output_shows_no_value() {
        assert_eq!(format!("{:?}", Form::parse(b"From=%2B12075550188")), r#"{"From"}"#);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_parse_and_any_text_comes_back(bytes: Vec<u8>, name in "[a-zA-Z]{1,8}", value: String) {
            Form::parse(&bytes);
            let encoded = form_urlencoded::Serializer::new(String::new()).append_pair(&name, &value).finish();
            let form = Form::parse(encoded.as_bytes());
            proptest::prop_assert_eq!(form.get(&name), Some(value.as_str()));
        }
    }
}
