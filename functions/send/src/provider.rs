//! Twilio's words and ours.

use std::sync::Arc;

use porchlight_domain::delivery::{Evidence, ListedMessage, PostOutcome, ProviderStatus};
use porchlight_domain::id::BusinessId;
use porchlight_domain::markdown::plain_text;
use porchlight_domain::message::{Message, Outbound};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;
use porchlight_edge::secrets::provider_credentials;
use porchlight_edge::{ConfigError, Platform, Secrets, SecretsError};
use porchlight_twilio::client::{CreateOutcome, MessageResource, NotAccepted, UnknownWhy};
use porchlight_twilio::{Account, AuthToken, CreateClient, CreateMessage, ReadClient, ReadError};

/// Calls Twilio for any business.
pub struct Provider {
    create: CreateClient,
    read: ReadClient,
    secrets: Arc<dyn Secrets>,
    base_url: String,
    public_url: String,
}

/// There is no account to call with.
#[derive(Debug, thiserror::Error)]
pub enum NoAccount {
    /// The business has none, or one that cannot be.
    #[error("the business has no account with the provider")]
    NotSetUp,
    /// Its secret cannot be read just now.
    #[error("the account could not be read")]
    OutOfReach(#[from] SecretsError),
}

impl Provider {
    /// `TWILIO_BASE_URL` says whom to call, `PUBLIC_URL` where callbacks go.
    pub fn new(platform: &Platform) -> Result<Self, ConfigError> {
        const BASE_URL: &str = "TWILIO_BASE_URL";
        let unusable =
            || ConfigError::Invalid { key: BASE_URL.to_owned(), expected: "an http address to call" };
        let base_url = platform.settings.require(BASE_URL)?.to_owned();
        Account::new(&base_url, "AC0", AuthToken::new("")).map_err(|_| unusable())?;
        Ok(Self {
            create: CreateClient::new().map_err(|_| unusable())?,
            read: ReadClient::new().map_err(|_| unusable())?,
            secrets: platform.secrets()?,
            public_url: platform.settings.require("PUBLIC_URL")?.trim_end_matches('/').to_owned(),
            base_url,
        })
    }

    /// The account of a business, with its current token.
    pub async fn account(&self, business: &BusinessId) -> Result<Account, NoAccount> {
        let credentials = provider_credentials(&*self.secrets, business).await?.ok_or(NoAccount::NotSetUp)?;
        let token = credentials.auth_tokens.first().ok_or(NoAccount::NotSetUp)?;
        let account = Account::new(&self.base_url, &credentials.account_sid, AuthToken::new(token));
        account.map_err(|_| NoAccount::NotSetUp)
    }

    /// The message as it leaves: plain words, and a callback that carries its id.
    pub fn request(
        &self,
        business: &BusinessId,
        message: &Message,
        out: &Outbound,
        from: &ContactPoint,
    ) -> CreateMessage {
        CreateMessage {
            to: out.contact.to_string(),
            from: from.to_string(),
            body: plain_text(&out.text),
            // Without the fragment, Twilio would not come again when we cannot take a callback.
            status_callback: format!(
                "{}/twilio/{business}/status/{}#rc=5&rp=all",
                self.public_url, message.id
            ),
            media_urls: Vec::new(),
        }
    }

    /// Posts once.
    pub async fn post(&self, account: &Account, request: &CreateMessage, now: Timestamp) -> PostOutcome {
        match self.create.create(account, request).await {
            CreateOutcome::Accepted(resource) => PostOutcome::Accepted(evidence(&resource, now)),
            CreateOutcome::Rejected(refusal) => PostOutcome::refused(refusal.http_status, refusal.code, None),
            CreateOutcome::NotAccepted(NotAccepted::ConnectFailed(_)) => PostOutcome::not_accepted(None),
            CreateOutcome::NotAccepted(NotAccepted::TooManyRequests { retry_after, code }) => {
                PostOutcome::NotAccepted { code, retry_after }
            }
            CreateOutcome::Unknown(why) => unknown(&why),
        }
    }

    /// What Twilio knows of texts from one of our lines to a number.
    pub async fn list(
        &self,
        account: &Account,
        to: &ContactPoint,
        from: &ContactPoint,
    ) -> Result<Vec<ListedMessage>, ReadError> {
        let list = self.read.list_messages(account, to.as_str(), from.as_str()).await?;
        Ok(list.messages.iter().filter_map(listed).collect())
    }

    /// Where a message stands.
    pub async fn fetch(&self, account: &Account, sid: &str, now: Timestamp) -> Result<Evidence, ReadError> {
        self.read.fetch_message(account, sid).await.map(|resource| evidence(&resource, now))
    }
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
        error: resource.error_code,
        raw_date: None,
        seen_at,
    }
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
        error: resource.error_code,
    })
}
