//! A business's account with a provider.

use async_trait::async_trait;
use porchlight_domain::id::BusinessId;

/// What a provider is called with, and what it signs with.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The account's name there.
    pub account: String,
    /// Its tokens; the first is the current one, a second is accepted during rotation.
    pub tokens: Vec<String>,
}

/// There is no account to call with.
#[derive(Debug, thiserror::Error)]
pub enum NoAccount {
    /// The business has none, or one that cannot be.
    #[error("the business has no account with the provider")]
    NotSetUp,
    /// Its secret cannot be read just now.
    #[error("the account could not be read")]
    OutOfReach(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Finds accounts.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// The business's credentials.
    async fn of(&self, business: &BusinessId) -> Result<Credentials, NoAccount>;
}
