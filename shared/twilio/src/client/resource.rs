//! A message as Twilio's API shows it.

use std::fmt;

use serde::Deserialize;

/// One message of the provider's. `Debug` shows SID and status only (P11).
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct MessageResource {
    /// `SM…` or `MM…`.
    pub sid: String,
    /// As Twilio writes it.
    pub status: String,
    /// The final error, where there is one.
    #[serde(default)]
    pub error_code: Option<u32>,
    /// The recipient as Twilio normalised it.
    #[serde(default)]
    pub to: Option<String>,
    /// The sender.
    #[serde(default)]
    pub from: Option<String>,
    /// What was written; empty once redacted.
    #[serde(default)]
    pub body: Option<String>,
    /// `outbound-api` for what we created.
    #[serde(default)]
    pub direction: Option<String>,
    /// RFC 2822; see [`Self::created_unix_ms`].
    #[serde(default)]
    pub date_created: Option<String>,
    /// How many segments Twilio counted; a string there, "0" until a sender is chosen.
    #[serde(default)]
    pub num_segments: Option<Box<str>>,
    /// What it cost, as a string with a minus; null until some time after delivery, and for some for ever.
    #[serde(default)]
    pub price: Option<Box<str>>,
    /// ISO 4217.
    #[serde(default)]
    pub price_unit: Option<Box<str>>,
}

impl MessageResource {
    /// When Twilio accepted it, in Unix milliseconds (Twilio's dates have whole seconds).
    pub fn created_unix_ms(&self) -> Option<i64> {
        let date = self.date_created.as_deref()?;
        let parsed = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(date).ok()?;
        Some(parsed.as_millisecond())
    }

    /// Whether the SID is one that Twilio gives to messages, so that it may become a key.
    pub(crate) fn has_message_sid(&self) -> bool {
        let digits = self.sid.strip_prefix("SM").or_else(|| self.sid.strip_prefix("MM"));
        digits.is_some_and(|rest| rest.len() == 32 && rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
    }
}

impl fmt::Debug for MessageResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sid, status, error_code, .. } = self;
        let mut shown = f.debug_struct("MessageResource");
        shown
            .field("sid", sid)
            .field("status", status)
            .field("error_code", error_code)
            .finish_non_exhaustive()
    }
}
