//! Which webhook a path names, and a post as it came.

use std::time::Duration;

use porchlight_domain::id::{BusinessId, MessageId};
use porchlight_domain::time::Timestamp;
use porchlight_store::inbound::ReceiptState;
use porchlight_store::receipts::{Receipt, ReceiptKey, UnverifiedCaps};
use porchlight_twilio::Form;
use sha2::{Digest, Sha256};

/// Whoever signs wrongly cannot fill the vault, nor hide a mistake in the settings behind noise.
pub(super) const UNVERIFIED_CAPS: UnverifiedCaps =
    UnverifiedCaps { per_minute: 10, per_day: 200, lasts: Duration::from_hours(24 * 7) };
/// A longer body with a wrong signature is not worth keeping; Twilio's own are a few kilobytes.
pub(super) const LONGEST_UNVERIFIED: usize = 64 << 10;

/// The part of an API Gateway address that stands for one of our webhooks. Everything it needs is in the
/// path; a query comes only from Twilio's own `bodySHA256`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// A text for one of our lines.
    Message,
    /// What became of a message of ours; its id as the path has it.
    Status(String),
}

impl Call {
    /// Reads `/twilio/{business_id}/messages` and `/twilio/{business_id}/status/{message_id}`.
    pub fn of(path: &str) -> Option<(BusinessId, Self)> {
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        let mut parts = path.strip_prefix("/twilio/")?.split('/');
        let business = parts.next()?.parse().ok()?;
        let call = match (parts.next()?, parts.next(), parts.next()) {
            ("messages", None, None) => Self::Message,
            ("status", Some(message), None) => Self::Status(message.to_owned()),
            _ => return None,
        };
        Some((business, call))
    }

    /// The id of our message that a status is about.
    pub fn message(&self) -> Option<MessageId> {
        match self {
            Self::Message => None,
            Self::Status(id) => id.parse().ok(),
        }
    }

    /// The name under which a verified post is kept once, however often it comes (P2).
    fn key(&self, business: BusinessId, body: &[u8]) -> ReceiptKey {
        let digest = hex::encode(Sha256::digest(body));
        let form = Form::parse(body);
        let sid = ["MessageSid", "SmsMessageSid", "SmsSid"].into_iter().find_map(|name| form.get(name));
        let sid = sid.map(str::trim).filter(|sid| is_plain(sid));
        match self {
            // Without a usable SID the body is its own name: the same again when the webhook is repeated.
            Self::Message => ReceiptKey::Message { business, sid: sid.map_or(digest, str::to_owned) },
            // The message is named by the path alone: the same words about another message are another report.
            Self::Status(message) => {
                let digest = hex::encode(Sha256::new().chain_update(message).chain_update(digest).finalize());
                ReceiptKey::Status { business, sid: sid.unwrap_or("none").to_owned(), digest }
            }
        }
    }
}

fn is_plain(sid: &str) -> bool {
    !sid.is_empty() && sid.len() <= 64 && sid.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// A webhook as it came, before anything is known of it.
#[derive(Clone)]
pub struct Post {
    /// The raw path, with its query if it has one.
    pub path: String,
    /// Headers that matter, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Byte for byte.
    pub body: Vec<u8>,
    /// When it came.
    pub received_at: Timestamp,
}

impl Post {
    /// The value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// Whether the body is a form, as all that Twilio posts of messages.
    pub fn is_form(&self) -> bool {
        let kind = self.header("content-type").unwrap_or("application/x-www-form-urlencoded");
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
    }

    /// The receipt of a post that is verified.
    pub fn into_receipt(self, business: BusinessId, call: &Call) -> Receipt {
        let key = call.key(business, &self.body);
        self.under(key)
    }

    /// The receipt of a post whose signature was wrong.
    pub fn into_unverified(self, business: BusinessId, id: String) -> Receipt {
        self.under(ReceiptKey::Unverified { business, id })
    }

    fn under(self, key: ReceiptKey) -> Receipt {
        let Self { path, headers, body, received_at } = self;
        Receipt { key, path, headers, body, received_at, state: ReceiptState::Unapplied }
    }
}

impl From<&Receipt> for Post {
    fn from(receipt: &Receipt) -> Self {
        Self {
            path: receipt.path.clone(),
            headers: receipt.headers.clone(),
            body: receipt.body.clone(),
            received_at: receipt.received_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUSINESS: &str = "01JD0000000000000000000000";

    #[test]
    fn only_our_two_addresses_are_webhooks() {
        let call = |path: &str| Call::of(path).map(|(_, call)| call);
        assert_eq!(call(&format!("/twilio/{BUSINESS}/messages")), Some(Call::Message));
        assert_eq!(call(&format!("/twilio/{BUSINESS}/messages?bodySHA256=00")), Some(Call::Message));
        let status = call(&format!("/twilio/{BUSINESS}/status/x"));
        assert_eq!(status, Some(Call::Status("x".to_owned())));
        for other in ["/twilio/x/messages", "/api/health", "/twilio/"] {
            assert_eq!(call(other), None, "{other}");
        }
        assert_eq!(
            call(&format!("/twilio/{BUSINESS}/messages/")),
            None,
            "a trailing slash is another address"
        );
    }

    #[test]
    fn a_repeated_webhook_has_the_same_name_p2() {
        let business: BusinessId = BUSINESS.parse().expect("an id");
        let key = |body: &[u8]| Call::Message.key(business.clone(), body);
        assert_eq!(key(b"MessageSid=SM1&Body=a"), key(b"MessageSid=SM1&Body=a&ApiVersion=2010"));
        assert_ne!(key(b"Body=a"), key(b"Body=b"));
        assert_eq!(key(b"MessageSid=S%23M&Body=b"), key(b"MessageSid=S%23M&Body=b"));
        assert!(!key(b"MessageSid=S%23M").to_string().contains('#'));
        let status = |body: &[u8]| Call::Status(String::new()).key(business.clone(), body);
        assert_ne!(
            status(b"MessageSid=SM1&MessageStatus=sent"),
            status(b"MessageSid=SM1&MessageStatus=delivered")
        );
    }
}
