//! `porchlight business credentials`: a business's account with Twilio, at first and when its token changes.

use porchlight_domain::business::Business;
use porchlight_domain::id::BusinessId;
use porchlight_edge::secrets::{ProviderCredentials, provider_credentials};
use porchlight_edge::{BoxError, Platform};

use super::auth_token::TokenFrom;
use super::meant;
use crate::account;

/// An account to keep. No `Debug`: it tells where a token is.
#[derive(clap::Args)]
pub struct NewCredentials {
    /// The business, where there are several.
    #[arg(long)]
    business: Option<BusinessId>,
    /// Twilio's account SID (AC…); without it, the one that the business has.
    #[arg(long)]
    account_sid: Option<String>,
    #[command(flatten)]
    pub(super) auth_token: TokenFrom,
    /// Accept what is signed with the present token, too: while tokens are rotated. Once more without it ends that.
    #[arg(long)]
    keep_present: bool,
}

/// An account by its SID. One that is none is not repeated: it may be a token.
pub(super) fn of_account(sid: &str, auth_tokens: Vec<String>) -> Result<ProviderCredentials, BoxError> {
    let hex = sid.strip_prefix("AC").filter(|rest| rest.len() == 32);
    if hex.is_none_or(|rest| !rest.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        return Err(
            "--account-sid is no account SID: AC and 32 letters and digits, from Twilio's console".into()
        );
    }
    Ok(ProviderCredentials { account_sid: sid.to_owned(), auth_tokens })
}

/// Keeps the account; answers whose it is. Of the account that is `configured` the next start would keep what the
/// configuration says.
pub async fn renew(
    platform: &Platform,
    configured: Option<&str>,
    new: &NewCredentials,
    auth_token: String,
) -> Result<Business, BoxError> {
    let (store, secrets) = (platform.store()?, platform.secrets()?);
    let mut business = meant(&store, new.business.as_ref()).await?;
    let sid = new.account_sid.clone().unwrap_or_else(|| business.provider_account.clone());
    if configured == Some(sid.as_str()) {
        return Err(
            "this account is configured in porchlight.toml or the environment: change its token there".into(),
        );
    }
    let mut auth_tokens = vec![auth_token];
    if new.keep_present {
        let present = provider_credentials(&*secrets, &business.id).await?;
        let present =
            present.filter(|it| it.account_sid == sid).and_then(|it| it.auth_tokens.into_iter().next());
        auth_tokens.extend(present.filter(|it| !auth_tokens.contains(it)));
    }
    account::keep(&*secrets, &business.id, &of_account(&sid, auth_tokens)?).await?;
    if business.provider_account != sid {
        business.provider_account = sid;
        store.put_business(&business).await?;
    }
    Ok(business)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use porchlight_engine::Templates;

    use super::super::create::{create, tests::harbor};
    use super::*;
    use crate::offline::Offline;

    fn new(keep_present: bool) -> NewCredentials {
        NewCredentials { business: None, account_sid: None, auth_token: TokenFrom::default(), keep_present }
    }

    async fn kept(folder: &Path, given: &[(&str, bool)]) -> Vec<String> {
        let platform = Offline::open(folder, &Templates::embedded()).await.expect("a folder").platform;
        let made = create(&platform, &harbor(), "first".to_owned()).await;
        let business = made.unwrap_or_else(|error| panic!("{error}")).business;
        for (token, keep_present) in given {
            let renewed = renew(&platform, None, &new(*keep_present), (*token).to_owned()).await;
            assert_eq!(renewed.unwrap_or_else(|error| panic!("{error}")).id, business);
        }
        let secrets = platform.secrets().expect("secrets");
        let kept = provider_credentials(&*secrets, &business).await.expect("readable").expect("an account");
        kept.auth_tokens
    }

    #[tokio::test]
    async fn a_token_takes_the_place_of_the_one_before_or_goes_beside_it_while_they_are_rotated() {
        let folder = || tempfile::tempdir().expect("a folder");
        assert_eq!(kept(folder().path(), &[("second", false)]).await, ["second"]);
        assert_eq!(kept(folder().path(), &[("second", true)]).await, ["second", "first"]);
        assert_eq!(kept(folder().path(), &[("first", true)]).await, ["first"]);
        assert_eq!(kept(folder().path(), &[("second", true), ("second", false)]).await, ["second"]);
    }

    #[test]
    fn a_token_given_as_the_account_is_refused_without_being_repeated() {
        for wrong in ["", "AC", "0123456789abcdef0123456789abcdef", "SK0123456789abcdef0123456789abcdef"] {
            let refused = of_account(wrong, Vec::new()).expect_err("it is no account").to_string();
            assert!(wrong.len() < 3 || !refused.contains(wrong), "{refused}");
        }
    }
}
