//! A Twilio account and its secret.

use std::fmt;

use url::Url;

/// An auth token: signs webhooks and authenticates calls. `Debug` never shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthToken(String);

impl AuthToken {
    /// Wraps a token as Twilio's console shows it; surrounding white space (a pasted newline) is dropped.
    pub fn new(token: impl AsRef<str>) -> Self {
        Self(token.as_ref().trim().to_owned())
    }

    /// The secret itself, for signing and for Basic authentication only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AuthToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthToken(redacted)")
    }
}

/// Where and as whom to call: the API's address, the account, its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    base_url: Url,
    sid: String,
    auth_token: AuthToken,
}

/// Why an [`Account`] cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The base URL is no URL.
    #[error("the Twilio base URL is not a URL")]
    BaseUrl(#[from] url::ParseError),
    /// The base URL is of another kind than `https://host` or `http://host`.
    #[error("the Twilio base URL must be http or https, without user, query or fragment")]
    BaseUrlKind,
    /// The SID would not fit a path.
    #[error("the Twilio account SID must be letters and digits")]
    AccountSid,
}

impl Account {
    /// Twilio's own address.
    pub const PUBLIC_BASE_URL: &str = "https://api.twilio.com";

    /// Checks and joins the three; `base_url` is [`Self::PUBLIC_BASE_URL`] or a simulator's.
    pub fn new(base_url: &str, account_sid: &str, auth_token: AuthToken) -> Result<Self, AccountError> {
        let base_url = Url::parse(base_url)?;
        let plain = matches!(base_url.scheme(), "http" | "https")
            && base_url.has_host()
            && base_url.username().is_empty()
            && base_url.password().is_none()
            && base_url.query().is_none()
            && base_url.fragment().is_none();
        if !plain {
            return Err(AccountError::BaseUrlKind);
        }
        if account_sid.is_empty() || !account_sid.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(AccountError::AccountSid);
        }
        Ok(Self { base_url, sid: account_sid.to_owned(), auth_token })
    }

    /// The account's SID (`AC…`).
    pub fn sid(&self) -> &str {
        &self.sid
    }

    /// The account's token.
    pub fn auth_token(&self) -> &AuthToken {
        &self.auth_token
    }

    /// The API's address.
    pub fn base_url(&self) -> &Url {
        &self.base_url
    }

    /// The address of a resource under this account, for example `Messages.json`.
    pub(crate) fn resource(&self, name: &str) -> Url {
        let base = self.base_url.path().trim_end_matches('/');
        let mut url = self.base_url.clone();
        url.set_path(&format!("{base}/2010-04-01/Accounts/{}/{name}", self.sid));
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_never_shows_in_debug_output() {
        let account = Account::new("http://127.0.0.1:1", "AC1", AuthToken::new("s3cret\n")).unwrap();
        assert_eq!(account.auth_token().expose(), "s3cret");
        assert!(!format!("{account:?}").contains("s3cret"), "P11");
    }

    #[test]
    fn an_address_or_sid_that_could_send_the_token_elsewhere_is_refused() {
        for base in ["ftp://api.twilio.com", "https://user@api.twilio.com", "https://api.twilio.com?a=b", "x"]
        {
            assert!(Account::new(base, "AC1", AuthToken::new("t")).is_err(), "{base}");
        }
        assert!(Account::new(Account::PUBLIC_BASE_URL, "../AC1", AuthToken::new("t")).is_err());
    }

    #[test]
    fn a_resource_keeps_a_base_path() {
        let account = Account::new("http://h:9/proxy/", "AC1", AuthToken::new("t")).unwrap();
        let expected = "http://h:9/proxy/2010-04-01/Accounts/AC1/Messages.json";
        assert_eq!(account.resource("Messages.json").as_str(), expected);
    }
}
