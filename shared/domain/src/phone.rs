//! Phone numbers and contact points; the one place where numbers are normalised.
//!
//! What the provider tells is taken as it is; what people type must be a number of the numbering plan (`typed`).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

mod known;
mod typed;

pub use self::typed::NotAContact;

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
    /// A number as a provider gives it: E.164 where it is one of the numbering plan, else whatever sender it is: a
    /// short code, a word, a hidden number.
    pub fn phone(text: &str) -> Result<Self, InvalidContactPoint> {
        if known::is_e164(text) {
            return Ok(Self(text.to_owned()));
        }
        let text = text.trim();
        if let Some(hidden) = hidden(text) {
            return Ok(Self(hidden.to_owned()));
        }
        if let Some(e164) = to_e164(text) {
            known::remember(&e164, text);
            return Ok(Self(e164));
        }
        let plain = text.len() <= 20 && !text.is_empty();
        let clean =
            text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_' | '&' | '+'));
        if plain && clean { Ok(Self(text.to_owned())) } else { Err(InvalidContactPoint) }
    }

    /// A number or an email address as a person types or pastes it; refused in words where it is none that can be
    /// called. Without a `+` it is read as North American.
    pub fn typed(text: &str) -> Result<Self, NotAContact> {
        if text.contains('@') {
            return Self::email(text).map_err(|_| NotAContact::Address);
        }
        typed::e164(text).map(Self)
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

    /// Whether texts can be addressed to it: a full number of the numbering plan.
    pub fn is_e164(&self) -> bool {
        self.0.starts_with('+') && !self.is_hidden() && to_e164(&self.0).as_ref() == Some(&self.0)
    }

    /// Whether whoever calls or texts it pays for that by the minute: no customer's.
    pub fn is_premium(&self) -> bool {
        let nanp = self
            .0
            .strip_prefix("+1")
            .is_some_and(|rest| rest.starts_with("900") || rest.get(3..6) == Some("976"));
        let of_plan = || {
            let number = phonenumber::parse(None, &self.0).ok()?;
            Some(number.number_type(&phonenumber::metadata::DATABASE))
        };
        nanp || matches!(of_plan(), Some(phonenumber::Type::PremiumRate))
    }

    /// The country that the number is of, as ISO 3166 names it; none where several share it, or it is none's.
    pub fn country(&self) -> Option<String> {
        let number = phonenumber::parse(None, &self.0).ok()?;
        number.country().id().map(|id| id.as_ref().to_owned())
    }

    /// Whether it stands for everybody who hides their number: nobody in particular.
    pub fn is_hidden(&self) -> bool {
        HIDDEN.contains(&self.0.as_str())
    }

    /// As the screen calls it where nobody is known behind it.
    pub fn label(&self) -> &str {
        if self.is_hidden() { "Anonymous" } else { &self.0 }
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

/// What carriers give where a caller hides their number: "ANONYMOUS" and its kin, spelt on the keys of a phone.
const HIDDEN: [&str; 9] = [
    "+266696687",
    "+7378742833",
    "+2562533",
    "+8656696",
    "anonymous",
    "restricted",
    "unavailable",
    "unknown",
    "private",
];

/// The one spelling of a hidden number.
fn hidden(text: &str) -> Option<&'static str> {
    let given = text.to_lowercase();
    HIDDEN.into_iter().find(|known| *known == given || known.strip_prefix('+') == Some(&given))
}

/// E.164 of a number that the numbering plan of its country has; without a `+` it is read as North American.
fn to_e164(text: &str) -> Option<String> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if !(7..=15).contains(&digits) || text.chars().any(char::is_alphabetic) {
        return None;
    }
    let number = phonenumber::parse(Some(phonenumber::country::Id::US), text).ok()?;
    let is_whole = number.extension().is_none() && phonenumber::is_valid(&number);
    is_whole.then(|| number.format().mode(phonenumber::Mode::E164).to_string())
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
        for given in ["24273", "ACME Corp", "+266696687", "+15550142", "555-0142"] {
            assert_eq!(ContactPoint::phone(given).expect(given).as_str(), given);
        }
        for bad in ["", "  ", "a#b", "x".repeat(300).as_str()] {
            assert!(ContactPoint::phone(bad).is_err());
        }
    }

    #[test]
    fn only_numbers_of_the_plan_can_be_texted() {
        for given in ["24273", "ACME Corp", "+15550142", "555-0142", "+266696687", "266696687", "Anonymous"] {
            assert!(!ContactPoint::phone(given).expect(given).is_e164(), "{given}");
        }
        for given in ["+12075550142", "+442079460958", "+4915123456789"] {
            assert!(ContactPoint::phone(given).expect(given).is_e164(), "{given}");
        }
    }

    #[test]
    fn hidden_numbers_are_nobody_however_they_are_spelt() {
        for given in
            ["+266696687", "266696687", "+7378742833", "+2562533", "+8656696", "ANONYMOUS", "Restricted"]
        {
            let contact = ContactPoint::phone(given).expect(given);
            assert!(contact.is_hidden(), "{given}");
            assert_eq!(contact.label(), "Anonymous");
            assert!(ContactPoint::typed(given).is_err(), "nobody can be written to there");
        }
        assert!(ContactPoint::phone("whatsapp:+12075550142").is_err(), "a channel of its own");
    }

    #[test]
    fn premium_numbers_are_told_from_peoples() {
        for given in ["+19005550142", "+12079765501", "+611900123456", "+449098790000"] {
            assert!(ContactPoint(given.to_owned()).is_premium(), "{given}");
        }
        for given in ["+12075550142", "+18005550142", "+442079460958"] {
            assert!(!ContactPoint(given.to_owned()).is_premium(), "{given}");
        }
    }

    #[test]
    fn a_number_tells_its_country() {
        for (given, country) in [
            ("+12075550142", Some("US")),
            ("+14165550142", Some("CA")),
            ("+18765550142", Some("JM")),
            ("+442079460958", Some("GB")),
            ("+525512345678", Some("MX")),
            ("maria@example.com", None),
        ] {
            assert_eq!(ContactPoint(given.to_owned()).country().as_deref(), country, "{given}");
        }
    }

    #[test]
    fn debug_output_hides_the_number_p11() {
        let contact = ContactPoint::phone("+12075550142").expect("a number");
        assert_eq!(format!("{contact:?}"), "…42");
    }
}
