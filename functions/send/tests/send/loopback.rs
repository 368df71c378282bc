//! A channel that exists in tests only: what goes out stays here, what comes in is JSON.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use porchlight_channel::{
    Call, Carrier, Door, Fetched, Glimpse, Inbound, Misfit, Named, NoAccount, Parcel, Post, ReceiptName,
    Silence, Text, Wire,
};
use porchlight_domain::channel::Channel;
use porchlight_domain::delivery::{
    Evidence, FailureClass, FailureReason, ListedMessage, PostOutcome, ProviderStatus,
};
use porchlight_domain::id::BusinessId;
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;
use serde_json::Value;

/// The conversations that it is for.
pub const CHANNEL: Channel = Channel::Portal;
/// What it says where it does not take something.
pub const CUT: &str = "Not sent: the loop is cut.";

/// Both ports in one. Clones are the same loop.
#[derive(Clone, Default)]
pub struct LoopBack(Arc<Mutex<Loop>>);

#[derive(Default)]
struct Loop {
    taken: Vec<Parcel>,
    cut: bool,
}

impl LoopBack {
    /// From where, to where, which words.
    pub fn taken(&self) -> Vec<(String, String, String)> {
        let inner = self.0.lock().expect("no test panics here");
        let told = |parcel: &Parcel| (parcel.from.to_string(), parcel.to.to_string(), parcel.words.clone());
        inner.taken.iter().map(told).collect()
    }

    /// Takes nothing more.
    pub fn cut(&self) {
        self.0.lock().expect("no test panics here").cut = true;
    }
}

fn field<'v>(body: &'v Value, name: &str) -> Result<&'v str, Misfit> {
    body[name].as_str().ok_or_else(|| Misfit::Unreadable(format!("{name} is missing")))
}

fn number(body: &Value, name: &str) -> Result<ContactPoint, Misfit> {
    ContactPoint::phone(field(body, name)?).map_err(|_| Misfit::BadSender)
}

#[async_trait]
impl Door for LoopBack {
    fn name(&self, path: &str) -> Option<Named> {
        let (business, call) = path.strip_prefix("/loop/")?.split_once('/')?;
        let call = match call.strip_prefix("said/") {
            Some(message) => Call::Status(message.to_owned()),
            None => Call::Message,
        };
        Some(Named { business: business.parse().ok()?, call })
    }

    async fn is_genuine(&self, _: &BusinessId, post: &Post) -> Result<bool, NoAccount> {
        Ok(post.header("x-loop") == Some("whole"))
    }

    fn receipt(&self, call: &Call, body: &[u8]) -> ReceiptName {
        let sid = String::from_utf8_lossy(body).chars().filter(char::is_ascii_alphanumeric).collect();
        match call {
            Call::Message => ReceiptName::Message { sid },
            Call::Status(message) => ReceiptName::Status { sid, digest: message.clone() },
        }
    }

    fn read(&self, call: &Call, post: &Post) -> Result<Inbound, Misfit> {
        let body: Value = serde_json::from_slice(&post.body).map_err(|_| Misfit::NotAForm)?;
        Ok(match call {
            Call::Message => Inbound::Text(Text {
                channel: CHANNEL,
                sid: field(&body, "id")?.to_owned(),
                from: number(&body, "from")?,
                to: number(&body, "to")?,
                body: field(&body, "text")?.to_owned(),
                media: Vec::new(),
                others: Vec::new(),
                opt_out_type: None,
            }),
            Call::Status(_) => Inbound::Report(evidence(field(&body, "id")?, post.received_at, true)),
        })
    }

    fn glimpse(&self, post: &Post) -> Glimpse {
        let body: Value = serde_json::from_slice(&post.body).unwrap_or_default();
        let said = |name: &str| body[name].as_str().map(str::to_owned);
        Glimpse { from: said("from"), to: said("to"), text: said("text") }
    }
}

#[async_trait]
impl Carrier for LoopBack {
    async fn open(&self, _: &BusinessId) -> Result<Box<dyn Wire>, NoAccount> {
        Ok(Box::new(self.clone()))
    }

    fn words(&self, text: &str) -> String {
        format!("~{text}~")
    }
}

#[async_trait]
impl Wire for LoopBack {
    async fn post(&self, parcel: &Parcel, now: Timestamp) -> PostOutcome {
        let mut inner = self.0.lock().expect("no test panics here");
        if inner.cut {
            let (class, words) = (FailureClass::Config, CUT.to_owned());
            return PostOutcome::Rejected(FailureReason { code: Some(1), class, words });
        }
        inner.taken.push(parcel.clone());
        PostOutcome::Accepted(evidence(&format!("LB{}", inner.taken.len()), now, false))
    }

    async fn list(&self, _: &ContactPoint, _: &ContactPoint) -> Result<Vec<ListedMessage>, Silence> {
        Ok(Vec::new())
    }

    async fn fetch(&self, sid: &str, now: Timestamp) -> Result<Fetched, Silence> {
        Ok(Fetched { evidence: evidence(sid, now, true), price: None })
    }
}

fn evidence(sid: &str, seen_at: Timestamp, arrived: bool) -> Evidence {
    let status = if arrived { ProviderStatus::Delivered } else { ProviderStatus::Sent };
    Evidence { sid: sid.to_owned(), status, error: None, raw_date: None, seen_at }
}
