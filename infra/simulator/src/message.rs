//! A message as the provider keeps it, and as Twilio's API shows it.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};

use crate::ambient;
use crate::faults::Fault;
use crate::moment::Moment;
use crate::segments;
use crate::webhook::WebhookOutcome;

/// How long after the end a price is known, of most messages and of a few.
const PRICE_MS: i64 = 2_000;
const LATE_PRICE_MS: i64 = 90_000;
/// What a part costs, in hundred-thousandths of a dollar: ten texts of ten parts are below one.
const UNITS_PER_PART: u64 = 790;

/// Which way, and by whose hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// From a phone to a line.
    Inbound,
    /// Created over the API.
    OutboundApi,
    /// Sent by the provider itself: TwiML, or the answer to STOP, START, HELP.
    OutboundReply,
}

impl Direction {
    /// The word in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::OutboundApi => "outbound-api",
            Self::OutboundReply => "outbound-reply",
        }
    }
}

/// One message. Also the shape in the state file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// `SM…`, or `MM…` with files.
    pub sid: String,
    /// Which way.
    pub direction: Direction,
    /// As sent.
    pub from: String,
    /// As sent.
    pub to: String,
    /// The words; empty once redacted.
    pub body: String,
    /// The files that are here.
    #[serde(default)]
    pub media: Vec<Media>,
    /// Inbound: who else it went to; of a group text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<String>,
    /// The files that an outbound message named.
    #[serde(default)]
    pub media_urls: Vec<String>,
    /// Twilio's word.
    pub status: String,
    /// The final error.
    #[serde(default)]
    pub error_code: Option<u32>,
    /// Where reports go, fragment included.
    #[serde(default)]
    pub status_callback: Option<String>,
    /// What was drawn to go wrong with it.
    #[serde(default)]
    pub faults: Vec<Fault>,
    /// When it was accepted.
    pub created: Moment,
    /// When anything last changed.
    pub updated: Moment,
    /// When it went to the carrier.
    #[serde(default)]
    pub sent: Option<Moment>,
    /// Inbound: how telling Porchlight ended; none while that goes on.
    #[serde(default)]
    pub webhook: Option<WebhookOutcome>,
    /// Outbound: the statuses whose reports are done with.
    #[serde(default)]
    pub reported: Vec<String>,
    /// Outbound: the statuses whose reports Porchlight did not take, and how that ended.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub missed: BTreeMap<String, WebhookOutcome>,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// `ME…`.
    pub sid: String,
    /// MIME type.
    pub content_type: String,
    /// The file; base64 in JSON.
    #[serde(serialize_with = "write_base64", deserialize_with = "read_base64")]
    pub bytes: Bytes,
}

impl Message {
    /// Whether its state can still change by itself.
    pub fn is_under_way(&self) -> bool {
        self.direction == Direction::OutboundApi && matches!(self.status.as_str(), "queued" | "sent")
    }

    /// The phone of the two numbers.
    pub fn phone(&self) -> &str {
        if self.direction == Direction::Inbound { &self.from } else { &self.to }
    }

    /// The line of the two numbers.
    pub fn line(&self) -> &str {
        if self.direction == Direction::Inbound { &self.to } else { &self.from }
    }

    /// Whether the phone has it.
    pub fn is_on_phone(&self) -> bool {
        self.direction == Direction::Inbound || self.status == "delivered"
    }

    fn media_count(&self) -> usize {
        self.media.len().max(self.media_urls.len())
    }

    /// Twilio charges some seconds after the end, of some messages minutes after, and of some it never says what.
    fn price(&self, now: Moment) -> Option<String> {
        let is_charged = matches!(self.status.as_str(), "delivered" | "undelivered");
        let waits = match self.sid.bytes().last().filter(|_| is_charged)? {
            b'0' => return None,
            b'1'..=b'3' => LATE_PRICE_MS,
            _ => PRICE_MS,
        };
        let parts = segments::count(&self.body).max(1);
        let units = u64::try_from(parts).ok()? * UNITS_PER_PART;
        (now.unix_ms() >= self.updated.unix_ms() + waits).then(|| format!("-0.{units:05}"))
    }

    /// The resource as Twilio writes it, odd types included: counts are strings, an unknown price is null.
    pub fn to_twilio(&self, account_sid: &str) -> Value {
        let uri = format!("/2010-04-01/Accounts/{account_sid}/Messages/{}", self.sid);
        json!({
            "account_sid": account_sid,
            "api_version": "2010-04-01",
            "body": self.body,
            "date_created": self.created.rfc2822(),
            "date_sent": self.sent.map(Moment::rfc2822),
            "date_updated": self.updated.rfc2822(),
            "direction": self.direction.as_str(),
            "error_code": self.error_code,
            "error_message": null,
            "from": self.from,
            "messaging_service_sid": null,
            "num_media": self.media_count().to_string(),
            "num_segments": segments::count(&self.body).to_string(),
            "price": self.price(ambient::now()),
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": { "media": format!("{uri}/Media.json") },
            "to": self.to,
            "uri": format!("{uri}.json"),
        })
    }
}

impl Media {
    /// The resource as Twilio writes it.
    pub fn to_twilio(&self, account_sid: &str, message: &Message) -> Value {
        let parent = &message.sid;
        json!({
            "account_sid": account_sid,
            "content_type": self.content_type,
            "date_created": message.created.rfc2822(),
            "date_updated": message.created.rfc2822(),
            "parent_sid": parent,
            "sid": self.sid,
            "uri": format!("/2010-04-01/Accounts/{account_sid}/Messages/{parent}/Media/{}.json", self.sid),
        })
    }
}

fn write_base64<S: Serializer>(bytes: &Bytes, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD.encode(bytes))
}

/// Reads base64 as a file's bytes.
pub(crate) fn read_base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
    let encoded = String::deserialize(deserializer)?;
    STANDARD.decode(encoded.trim()).map(Bytes::from).map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_comes_late_of_some_later_and_of_some_never() {
        let mut message = crate::inbound::blank(Direction::OutboundApi, "+1", "+2", "Hello", false);
        let end = message.updated.unix_ms();
        let price = |message: &Message, after: i64| message.price(Moment::from_unix_ms(end + after));
        message.sid = "SMf".to_owned();
        assert_eq!(price(&message, 1_000_000), None, "it is on its way");
        message.status = "delivered".to_owned();
        assert_eq!((price(&message, 1_999), price(&message, 2_000)), (None, Some("-0.00790".to_owned())));
        message.sid = "SM1".to_owned();
        assert_eq!((price(&message, 89_999), price(&message, 90_000)), (None, Some("-0.00790".to_owned())));
        message.sid = "SM0".to_owned();
        assert_eq!(price(&message, 1_000_000), None);
    }
}
