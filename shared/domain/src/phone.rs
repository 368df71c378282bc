//! Phone numbers and contact points; the one place where numbers are normalised.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The text is no address that a conversation can be had with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a contact point")]
pub struct InvalidContactPoint;

/// Where a customer is reached: an E.164 number, a short code, another caller id as the provider gave
/// it (senders need not be E.164), or an email address in lower case.
///
/// `Debug` hides all but the end: contact points never stand in a log line (P11).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String))]
pub struct ContactPoint(String);

const LONGEST: usize = 254;

impl ContactPoint {
    /// A number as it was given by a provider or typed by a person: `+1…`, `(207) 555-0142` (read as
    /// North American), a short code, or an alphanumeric sender.
    pub fn phone(text: &str) -> Result<Self, InvalidContactPoint> {
        let text = text.trim();
        if let Some(e164) = to_e164(text) {
            return Ok(Self(e164));
        }
        let plain = text.len() <= 20 && !text.is_empty();
        let clean =
            text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_' | '&' | '+'));
        if plain && clean { Ok(Self(text.to_owned())) } else { Err(InvalidContactPoint) }
    }

    /// An email address, in lower case.
    pub fn email(text: &str) -> Result<Self, InvalidContactPoint> {
        let text = text.trim().to_lowercase();
        let (local, host) = text.split_once('@').ok_or(InvalidContactPoint)?;
        let clean =
            text.len() <= LONGEST && !text.chars().any(|c| c.is_whitespace() || c.is_control() || c == '#');
        if clean && !local.is_empty() && host.contains('.') {
            Ok(Self(text))
        } else {
            Err(InvalidContactPoint)
        }
    }

    /// The text: `+12075550142`, `24273`, `maria@example.com`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether texts can be addressed to it: a full international number.
    pub fn is_e164(&self) -> bool {
        self.0.starts_with('+')
    }

    /// The digits, for finding a number by a part of it.
    pub fn digits(&self) -> String {
        if self.0.contains('@') {
            String::new()
        } else {
            self.0.chars().filter(char::is_ascii_digit).collect()
        }
    }
}

/// E.164 of a number that is possible and valid in its country; without a `+` it is read as North American.
fn to_e164(text: &str) -> Option<String> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if !(7..=15).contains(&digits) || text.chars().any(char::is_alphabetic) {
        return None;
    }
    let number = phonenumber::parse(Some(phonenumber::country::Id::US), text).ok()?;
    let e164 = number.format().mode(phonenumber::Mode::E164).to_string();
    (8..=16).contains(&e164.len()).then_some(e164)
}

impl FromStr for ContactPoint {
    type Err = InvalidContactPoint;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.contains('@') { Self::email(text) } else { Self::phone(text) }
    }
}

impl TryFrom<String> for ContactPoint {
    type Error = InvalidContactPoint;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ContactPoint> for String {
    fn from(contact: ContactPoint) -> Self {
        contact.0
    }
}

impl fmt::Display for ContactPoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ContactPoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.0.char_indices().rev().nth(1).map_or("", |(at, _)| &self.0[at..]);
        write!(f, "…{shown}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_numbers_become_e164() {
        for typed in ["+12075550142", "(207) 555-0142", "207.555.0142", "1 207 555 0142"] {
            assert_eq!(ContactPoint::phone(typed).expect(typed).as_str(), "+12075550142");
        }
    }

    #[test]
    fn short_codes_and_odd_senders_are_kept_as_given() {
        for given in ["24273", "ACME Corp", "+266696687"] {
            assert_eq!(ContactPoint::phone(given).expect(given).as_str(), given);
        }
        for bad in ["", "  ", "a#b", "x".repeat(300).as_str()] {
            assert!(ContactPoint::phone(bad).is_err());
        }
    }

    #[test]
    fn debug_output_hides_the_number_p11() {
        let contact = ContactPoint::phone("+12075550142").expect("a number");
        assert_eq!(format!("{contact:?}"), "…42");
    }
}
