//! What Twilio posts to us: an inbound message, a status callback.
//!
//! Twilio "will occasionally add new parameters without advance notice": whatever else comes is passed over;
//! the receipt keeps it.
//! Senders are kept as sent (short codes and raw caller ids are no E.164); normalising is the domain's.

use std::collections::BTreeMap;
use std::fmt;

use crate::form::Form;

/// Why a verified webhook cannot be understood; it goes to quarantine with these words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// A field that we cannot do without is absent or empty.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A field holds what it cannot.
    #[error("{0} is malformed")]
    Malformed(&'static str),
}

/// One file of an inbound message, still at Twilio.
#[derive(Clone, PartialEq, Eq)]
pub struct InboundMedia {
    /// Where Twilio keeps it (Basic authentication).
    pub url: String,
    /// What Twilio says it is.
    pub content_type: Option<String>,
}

/// A text to one of our lines. `Debug` shows its SID only (P11).
#[derive(Clone, PartialEq, Eq)]
pub struct InboundMessage {
    /// `MessageSid`: the one name of this message, over all retries.
    pub sid: String,
    /// `From` as sent.
    pub from: String,
    /// `To` as sent: our line.
    pub to: String,
    /// `Body`; empty where there are only files.
    pub body: String,
    /// Every `MediaUrl{N}` in order of N, whatever `NumMedia` says.
    pub media: Vec<InboundMedia>,
    /// Every `OtherRecipients{N}` in order of N: who else a group text went to.
    pub others: Vec<String>,
    /// `OptOutType` (STOP, START, HELP): only with Advanced Opt-Out.
    pub opt_out_type: Option<String>,
}

/// A status callback. `Debug` shows SID and word only (P11).
#[derive(Clone, PartialEq, Eq)]
pub struct StatusUpdate {
    /// `MessageSid`.
    pub sid: String,
    /// `MessageStatus`, as Twilio writes it.
    pub status: String,
    /// `ErrorCode`, where there is one.
    pub error_code: Option<u32>,
    /// `RawDlrDoneDate`: evidence only, it has no zone and orders nothing.
    pub raw_dlr_done_date: Option<String>,
}

impl InboundMessage {
    /// Reads a verified form.
    pub fn from_form(form: &Form) -> Result<Self, WebhookError> {
        let media = media(form);
        let body = match form.get("Body") {
            Some(body) => body.to_owned(),
            None if media.is_empty() => return Err(WebhookError::Missing("Body")),
            None => String::new(),
        };
        Ok(Self {
            sid: sid(form)?,
            from: required(form, "From")?,
            to: required(form, "To")?,
            body,
            media,
            others: others(form),
            opt_out_type: optional(form, "OptOutType"),
        })
    }
}

impl StatusUpdate {
    /// Reads a verified form.
    pub fn from_form(form: &Form) -> Result<Self, WebhookError> {
        let status = optional(form, "MessageStatus").or_else(|| optional(form, "SmsStatus"));
        Ok(Self {
            sid: sid(form)?,
            status: status.ok_or(WebhookError::Missing("MessageStatus"))?,
            error_code: error_code(form)?,
            raw_dlr_done_date: optional(form, "RawDlrDoneDate"),
        })
    }
}

impl fmt::Debug for InboundMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InboundMessage").field("sid", &self.sid).finish_non_exhaustive()
    }
}

impl fmt::Debug for StatusUpdate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sid, status, error_code, .. } = self;
        let mut shown = f.debug_struct("StatusUpdate");
        shown
            .field("sid", sid)
            .field("status", status)
            .field("error_code", error_code)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for InboundMedia {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InboundMedia").field("content_type", &self.content_type).finish_non_exhaustive()
    }
}

fn optional(form: &Form, name: &str) -> Option<String> {
    form.get(name).map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned)
}

fn required(form: &Form, name: &'static str) -> Result<String, WebhookError> {
    optional(form, name).ok_or(WebhookError::Missing(name))
}

/// The SID becomes part of keys, so it is held to letters and digits.
fn sid(form: &Form) -> Result<String, WebhookError> {
    let names = ["MessageSid", "SmsMessageSid", "SmsSid"];
    let sid =
        names.iter().find_map(|name| optional(form, name)).ok_or(WebhookError::Missing("MessageSid"))?;
    let plain = sid.len() <= 64 && sid.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if plain { Ok(sid) } else { Err(WebhookError::Malformed("MessageSid")) }
}

fn error_code(form: &Form) -> Result<Option<u32>, WebhookError> {
    let code = optional(form, "ErrorCode").map(|code| code.parse::<u32>()).transpose();
    let code = code.map_err(|_| WebhookError::Malformed("ErrorCode"))?;
    Ok(code.filter(|code| *code != 0))
}

/// A group has at most so many people; more are passed over.
const MOST_OTHERS: usize = 32;

fn others(form: &Form) -> Vec<String> {
    let indexed = form.pairs().filter_map(|(name, number)| {
        let index: u32 = name.strip_prefix("OtherRecipients")?.parse().ok()?;
        let number = number.trim();
        (!number.is_empty()).then(|| (index, number.to_owned()))
    });
    indexed.collect::<BTreeMap<_, _>>().into_values().take(MOST_OTHERS).collect()
}

fn media(form: &Form) -> Vec<InboundMedia> {
    let indexed = form.pairs().filter_map(|(name, url)| {
        let index: u32 = name.strip_prefix("MediaUrl")?.parse().ok()?;
        let content_type = optional(form, &format!("MediaContentType{index}"));
        (!url.is_empty()).then(|| (index, InboundMedia { url: url.to_owned(), content_type }))
    });
    indexed.collect::<BTreeMap<_, _>>().into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inbound(body: &str) -> Result<InboundMessage, WebhookError> {
        InboundMessage::from_form(&Form::parse(body.as_bytes()))
    }

    fn status(body: &str) -> Result<StatusUpdate, WebhookError> {
        StatusUpdate::from_form(&Form::parse(body.as_bytes()))
    }

    #[test]
    fn a_text_reads_whatever_else_comes_with_it() {
        let text = inbound(
            "ToCountry=US&MessageSid=SM1&AccountSid=AC1&From=%2B12075550188&To=%2B12075550142&Body=Hi+there\
             &NumMedia=0&OptOutType=STOP&BrandNew=1",
        )
        .unwrap();
        assert_eq!((text.sid.as_str(), text.body.as_str()), ("SM1", "Hi there"));
        assert_eq!((text.from.as_str(), text.to.as_str()), ("+12075550188", "+12075550142"));
        assert_eq!(text.opt_out_type.as_deref(), Some("STOP"));
        assert!(!format!("{text:?}").contains("Hi there"), "P11");
    }

    #[test]
    fn every_file_is_kept_whatever_the_count_says() {
        for count in ["", "&NumMedia=1", "&NumMedia=7", "&NumMedia=x", "&NumMedia=-1"] {
            let body = format!(
                "MessageSid=MM1&From=1&To=2&MediaUrl10=k&MediaUrl2=c&MediaContentType2=image/png{count}"
            );
            let media = inbound(&body).unwrap().media;
            assert_eq!(media.iter().map(|file| file.url.as_str()).collect::<Vec<_>>(), ["c", "k"], "{count}");
            assert_eq!(media[0].content_type.as_deref(), Some("image/png"));
            assert_eq!(media[1].content_type, None);
        }
    }

    #[test]
    fn a_group_texts_other_people_are_read_in_their_order() {
        let text = inbound(
            "MessageSid=MM1&From=1&To=2&Body=x&OtherRecipients1=%2B12075550102&OtherRecipients0=%2B12075550101\
             &OtherRecipients2=+&OtherRecipientsX=3",
        );
        assert_eq!(text.unwrap().others, ["+12075550101", "+12075550102"]);
        assert!(inbound("MessageSid=SM1&From=1&To=2&Body=x").unwrap().others.is_empty());
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(inbound("From=1&To=2&Body=x"), Err(WebhookError::Missing("MessageSid")));
        assert_eq!(inbound("MessageSid=SM1&From=+&To=2&Body=x"), Err(WebhookError::Missing("From")));
        assert_eq!(inbound("MessageSid=SM1&From=1&Body=x"), Err(WebhookError::Missing("To")));
        assert_eq!(inbound("MessageSid=SM1&From=1&To=2"), Err(WebhookError::Missing("Body")));
        assert_eq!(inbound("MessageSid=S%23M&From=1&To=2&Body="), Err(WebhookError::Malformed("MessageSid")));
        assert_eq!(status("MessageSid=SM1"), Err(WebhookError::Missing("MessageStatus")));
        assert_eq!(status("MessageStatus=sent"), Err(WebhookError::Missing("MessageSid")));
        let odd = status("MessageSid=SM1&MessageStatus=failed&ErrorCode=many");
        assert_eq!(odd, Err(WebhookError::Malformed("ErrorCode")));
    }

    #[test]
    fn an_empty_body_an_old_name_and_an_odd_sender_are_texts_too() {
        assert_eq!(inbound("SmsSid=SM1&From=72975&To=2&Body=").unwrap().from, "72975");
        assert_eq!(inbound("SmsMessageSid=SM1&From=ANONYMOUS&To=2&Body=%FF").unwrap().body, "\u{fffd}");
    }

    #[test]
    fn a_status_reads_with_its_error_and_date() {
        let update =
            status("MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30005&RawDlrDoneDate=2611210930")
                .unwrap();
        assert_eq!((update.status.as_str(), update.error_code), ("undelivered", Some(30005)));
        assert_eq!(update.raw_dlr_done_date.as_deref(), Some("2611210930"));
        assert_eq!(status("MessageSid=SM1&SmsStatus=sent&ErrorCode=").unwrap().error_code, None);
    }
}
