//! Twilio carries texts out.

use std::sync::Arc;

use async_trait::async_trait;
use porchlight_channel::{Accounts, Carrier, Fetched, NoAccount, Parcel, Silence, Wire};
use porchlight_domain::delivery::{Evidence, ListedMessage, PostOutcome, Price, ProviderStatus};
use porchlight_domain::file::NotFetched;
use porchlight_domain::id::BusinessId;
use porchlight_domain::markdown::plain_text;
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;

use crate::account::AccountError;
use crate::client::{ClientSetupError, CreateOutcome, MessageResource, NotAccepted, UnknownWhy};
use crate::media::{MediaClient, MediaError};
use crate::{Account, AuthToken, CreateClient, CreateMessage, ReadClient, ReadError, codes};

/// The provider with every business's account there. Cheap to clone.
#[derive(Clone)]
pub struct Provider {
    accounts: Arc<dyn Accounts>,
    base_url: Arc<str>,
}

impl Provider {
    /// At this address.
    pub fn new(accounts: Arc<dyn Accounts>, base_url: &str) -> Result<Self, AccountError> {
        Account::new(base_url, "AC0", AuthToken::new(""))?;
        Ok(Self { accounts, base_url: base_url.into() })
    }

    /// The account of a business, with its current token.
    pub async fn account(&self, business: &BusinessId) -> Result<Account, NoAccount> {
        let credentials = self.accounts.of(business).await?;
        let token = credentials.tokens.first().ok_or(NoAccount::NotSetUp)?;
        let account = Account::new(&self.base_url, &credentials.account, AuthToken::new(token));
        account.map_err(|error| {
            tracing::error!(%business, %error, "the account that is kept cannot be called");
            NoAccount::NotSetUp
        })
    }
}

/// Calls Twilio for any business.
pub struct TwilioCarrier {
    provider: Provider,
    clients: Arc<Clients>,
    public_url: Arc<str>,
}

struct Clients {
    create: CreateClient,
    read: ReadClient,
    media: MediaClient,
}

impl TwilioCarrier {
    /// `public_url` is where reports go. `allow_loopback`, for tests only, lets files lie in private networks.
    pub fn new(provider: Provider, public_url: &str, allow_loopback: bool) -> Result<Self, ClientSetupError> {
        let media = MediaClient::new(allow_loopback)?;
        let clients = Clients { create: CreateClient::new()?, read: ReadClient::new()?, media };
        let public_url = public_url.trim_end_matches('/').into();
        Ok(Self { provider, clients: Arc::new(clients), public_url })
    }
}

#[async_trait]
impl Carrier for TwilioCarrier {
    async fn open(&self, business: &BusinessId) -> Result<Box<dyn Wire>, NoAccount> {
        let account = self.provider.account(business).await?;
        let (clients, public_url) = (Arc::clone(&self.clients), Arc::clone(&self.public_url));
        Ok(Box::new(TwilioWire { account, clients, public_url }))
    }

    fn words(&self, text: &str) -> String {
        plain_text(text)
    }
}

struct TwilioWire {
    account: Account,
    clients: Arc<Clients>,
    public_url: Arc<str>,
}

impl TwilioWire {
    /// With a callback that carries the message's id.
    fn request(&self, parcel: &Parcel) -> CreateMessage {
        let Parcel { business, message, from, to, words, files, .. } = parcel;
        CreateMessage {
            to: to.to_string(),
            from: from.to_string(),
            body: words.clone(),
            // Without the fragment, Twilio would not come again when we cannot take a callback.
            status_callback: format!("{}/twilio/{business}/status/{message}#rc=5&rp=all", self.public_url),
            media_urls: files.clone(),
        }
    }
}

#[async_trait]
impl Wire for TwilioWire {
    async fn post(&self, parcel: &Parcel, now: Timestamp) -> PostOutcome {
        match self.clients.create.create(&self.account, &self.request(parcel)).await {
            CreateOutcome::Accepted(resource) => PostOutcome::Accepted(evidence(&resource, now)),
            CreateOutcome::Rejected(refusal) => codes::refused(refusal.http_status, refusal.code, None),
            CreateOutcome::NotAccepted(NotAccepted::ConnectFailed(_)) => PostOutcome::not_accepted(None),
            CreateOutcome::NotAccepted(NotAccepted::TooManyRequests { retry_after, code }) => {
                PostOutcome::NotAccepted { code, retry_after }
            }
            CreateOutcome::Unknown(why) => unknown(&why),
        }
    }

    async fn list(&self, to: &ContactPoint, from: &ContactPoint) -> Result<Vec<ListedMessage>, Silence> {
        let list = self.clients.read.list_messages(&self.account, to.as_str(), from.as_str()).await;
        Ok(list.map_err(|error| silence(&error))?.messages.iter().filter_map(listed).collect())
    }

    async fn file(&self, address: &str, most: u64) -> Result<Vec<u8>, NotFetched> {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        self.clients.media.fetch(&self.account, address, most).await.map_err(|error| {
            // The provider's addresses name accounts and messages, no numbers; still only the kind is told (P11).
            tracing::warn!(%error, "a file cannot be had");
            match error {
                MediaError::Gone => NotFetched::Gone,
                MediaError::Refused | MediaError::TooManyRedirects => NotFetched::Refused,
                MediaError::TooLarge => NotFetched::TooLarge,
                MediaError::Status(_) | MediaError::NoAnswer => NotFetched::Unavailable,
            }
        })
    }

    async fn fetch(&self, sid: &str, now: Timestamp) -> Result<Fetched, Silence> {
        let resource =
            self.clients.read.fetch_message(&self.account, sid).await.map_err(|error| silence(&error))?;
        Ok(Fetched { evidence: evidence(&resource, now), price: price(&resource) })
    }
}

fn silence(error: &ReadError) -> Silence {
    Silence { passes: error.is_transient(), why: error.to_string() }
}

/// Its words may quote an address with a number in it, so only the kind is logged (P11).
fn unknown(why: &UnknownWhy) -> PostOutcome {
    tracing::warn!(%why, "nobody knows whether the provider took a message");
    PostOutcome::Unknown
}

fn evidence(resource: &MessageResource, seen_at: Timestamp) -> Evidence {
    Evidence {
        sid: resource.sid.clone(),
        status: status(resource),
        error: resource.error_code.map(codes::reason),
        raw_date: None,
        seen_at,
    }
}

/// Twilio charges some time after delivery, and says null until then.
fn price(resource: &MessageResource) -> Option<Price> {
    Price::parse(resource.price.as_deref()?, resource.price_unit.as_deref()?)
}

/// A word that we do not know says at least that Twilio has the message.
fn status(resource: &MessageResource) -> ProviderStatus {
    ProviderStatus::from_word(&resource.status).unwrap_or(ProviderStatus::Accepted)
}

fn listed(resource: &MessageResource) -> Option<ListedMessage> {
    let inbound = resource.direction.as_deref().is_some_and(|direction| direction.starts_with("inbound"));
    let number = |text: &Option<String>| ContactPoint::phone(text.as_deref()?).ok();
    if inbound {
        return None;
    }
    Some(ListedMessage {
        sid: resource.sid.clone(),
        to: number(&resource.to)?,
        from: number(&resource.from),
        body: resource.body.clone().unwrap_or_default(),
        created_at: Timestamp::from_millis(resource.created_unix_ms()?),
        status: status(resource),
        error: resource.error_code.map(codes::reason),
    })
}
