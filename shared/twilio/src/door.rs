//! Twilio calls in: its addresses, its signature, its forms.

use std::sync::Arc;

use async_trait::async_trait;
use porchlight_channel::{
    Accounts, Call, Door, Glimpse, Inbound, Misfit, Named, NoAccount, Post, ReceiptName, Text,
};
use porchlight_domain::channel::Channel;
use porchlight_domain::delivery::{Evidence, ProviderStatus};
use porchlight_domain::id::BusinessId;
use porchlight_domain::message::Media;
use porchlight_domain::phone::ContactPoint;
use sha2::{Digest, Sha256};

use crate::signature::{self, SignedContent};
use crate::webhook::{InboundMedia, InboundMessage, StatusUpdate, WebhookError};
use crate::{AuthToken, Form, codes};

/// The header, in lower case.
const SIGNATURE: &str = "x-twilio-signature";
/// Bytes of words and addresses that a message's item surely holds (DynamoDB's limit is 400 KB).
const LONGEST: usize = 200 << 10;

/// Twilio's way in.
pub struct TwilioDoor {
    accounts: Arc<dyn Accounts>,
    public_url: String,
}

impl TwilioDoor {
    /// `public_url` is the address that Twilio was given: signatures are checked over it, and never over the Host
    /// header's.
    pub fn new(accounts: Arc<dyn Accounts>, public_url: &str) -> Self {
        Self { accounts, public_url: public_url.trim_end_matches('/').to_owned() }
    }
}

#[async_trait]
impl Door for TwilioDoor {
    /// Reads `/twilio/{business_id}/messages` and `/twilio/{business_id}/status/{message_id}`; a query comes only
    /// from Twilio's own `bodySHA256`.
    fn name(&self, path: &str) -> Option<Named> {
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        let mut parts = path.strip_prefix("/twilio/")?.split('/');
        let business = parts.next()?.parse().ok()?;
        let call = match (parts.next()?, parts.next(), parts.next()) {
            ("messages", None, None) => Call::Message,
            ("status", Some(message), None) => Call::Status(message.to_owned()),
            _ => return None,
        };
        Some(Named { business, call })
    }

    async fn is_genuine(&self, business: &BusinessId, post: &Post) -> Result<bool, NoAccount> {
        let tokens: Vec<_> = match self.accounts.of(business).await {
            Ok(credentials) => credentials.tokens.iter().map(AuthToken::new).collect(),
            Err(NoAccount::NotSetUp) => Vec::new(),
            Err(error) => return Err(error),
        };
        let address = format!("{}{}", self.public_url, post.path);
        let signed = post.header(SIGNATURE);
        let verified = if is_form(post) {
            signature::verify(&address, SignedContent::Form(&Form::parse(&post.body)), signed, &tokens)
        } else {
            signature::verify(&address, SignedContent::Raw(&post.body), signed, &tokens)
        };
        if let Err(error) = &verified {
            tracing::warn!(%business, %error, "a webhook is not signed as it should be");
        }
        Ok(verified.is_ok())
    }

    fn receipt(&self, call: &Call, body: &[u8]) -> ReceiptName {
        let digest = hex::encode(Sha256::digest(body));
        let form = Form::parse(body);
        let sid = ["MessageSid", "SmsMessageSid", "SmsSid"].into_iter().find_map(|name| form.get(name));
        let sid = sid.map(str::trim).filter(|sid| is_plain(sid));
        match call {
            // Without a usable SID the body is its own name: the same again when the webhook is repeated.
            Call::Message => ReceiptName::Message { sid: sid.map_or(digest, str::to_owned) },
            // The message is named by the path alone: the same words about another message are another report.
            Call::Status(message) => {
                let digest = hex::encode(Sha256::new().chain_update(message).chain_update(digest).finalize());
                ReceiptName::Status { sid: sid.unwrap_or("none").to_owned(), digest }
            }
        }
    }

    fn read(&self, call: &Call, post: &Post) -> Result<Inbound, Misfit> {
        if !is_form(post) {
            return Err(Misfit::NotAForm);
        }
        let form = Form::parse(&post.body);
        match call {
            Call::Message => text(InboundMessage::from_form(&form).map_err(unreadable)?).map(Inbound::Text),
            Call::Status(_) => {
                let update = StatusUpdate::from_form(&form).map_err(unreadable)?;
                Ok(Inbound::Report(evidence(update, post)?))
            }
        }
    }

    fn glimpse(&self, post: &Post) -> Glimpse {
        let form = Form::parse(&post.body);
        let field = |name: &str| form.get(name).map(str::to_owned);
        Glimpse { from: field("From"), to: field("To"), text: field("Body") }
    }
}

fn unreadable(error: WebhookError) -> Misfit {
    Misfit::Unreadable(error.to_string())
}

/// Whether the body is a form, as all that Twilio posts of messages.
fn is_form(post: &Post) -> bool {
    let kind = post.header("content-type").unwrap_or("application/x-www-form-urlencoded");
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

fn is_plain(sid: &str) -> bool {
    !sid.is_empty() && sid.len() <= 64 && sid.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn text(read: InboundMessage) -> Result<Text, Misfit> {
    let media: usize = read.media.iter().map(|file| file.url.len() + 64).sum();
    if read.body.len() + media > LONGEST {
        return Err(Misfit::TooLong);
    }
    if [&read.from, &read.to].iter().any(|address| is_of_other_channel(address)) {
        return Err(Misfit::OtherChannel);
    }
    Ok(Text {
        channel: Channel::Sms,
        to: ContactPoint::phone(&read.to).map_err(|_| Misfit::UnknownLine)?,
        from: ContactPoint::phone(&read.from).map_err(|_| Misfit::BadSender)?,
        // A name that is no number keeps no text out: it went to somebody else, that is all.
        others: read
            .others
            .iter()
            .filter_map(|other| ContactPoint::phone(other).ok())
            .filter(ContactPoint::is_e164)
            .collect(),
        sid: read.sid,
        body: read.body,
        media: read.media.into_iter().map(file).collect(),
        opt_out_type: read.opt_out_type,
    })
}

/// Twilio writes `whatsapp:+1…` and `rcs:…` where it is no phone number alone.
fn is_of_other_channel(address: &str) -> bool {
    address.starts_with("whatsapp:") || address.starts_with("rcs:")
}

fn file(file: InboundMedia) -> Media {
    let content_type = file.content_type.unwrap_or_else(|| "application/octet-stream".to_owned());
    Media::at_provider(file.url, content_type)
}

fn evidence(update: StatusUpdate, post: &Post) -> Result<Evidence, Misfit> {
    Ok(Evidence {
        sid: update.sid,
        status: ProviderStatus::from_word(&update.status).ok_or(Misfit::UnknownStatusWord)?,
        error: update.error_code.map(codes::reason),
        raw_date: update.raw_dlr_done_date,
        seen_at: post.received_at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUSINESS: &str = "01JD0000000000000000000000";

    /// Nobody's account.
    struct Nobodys;

    #[async_trait]
    impl Accounts for Nobodys {
        async fn of(&self, _: &BusinessId) -> Result<porchlight_channel::Credentials, NoAccount> {
            Err(NoAccount::NotSetUp)
        }
    }

    fn door() -> TwilioDoor {
        TwilioDoor::new(Arc::new(Nobodys), "https://inbox.example/")
    }

    #[test]
    fn only_our_two_addresses_are_webhooks() {
        let call = |path: &str| door().name(path).map(|named| named.call);
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
        let name = |body: &[u8]| door().receipt(&Call::Message, body);
        assert_eq!(name(b"MessageSid=SM1&Body=a"), name(b"MessageSid=SM1&Body=a&ApiVersion=2010"));
        assert_ne!(name(b"Body=a"), name(b"Body=b"));
        assert_eq!(name(b"MessageSid=S%23M&Body=b"), name(b"MessageSid=S%23M&Body=b"));
        let ReceiptName::Message { sid } = name(b"MessageSid=S%23M") else { panic!("a message") };
        assert!(!sid.contains('#'));
        let status = |message: &str, body: &[u8]| door().receipt(&Call::Status(message.to_owned()), body);
        let sent = b"MessageSid=SM1&MessageStatus=sent";
        assert_ne!(status("a", sent), status("a", b"MessageSid=SM1&MessageStatus=delivered"));
        assert_ne!(status("a", sent), status("b", sent), "the same words about another message");
    }
}
