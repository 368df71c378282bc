//! Does a post come from the provider? Signed with a token of the business over the address that we gave.

use porchlight_domain::id::BusinessId;
use porchlight_twilio::signature::{self, SignedContent};
use porchlight_twilio::{AuthToken, Form};

use super::{Intake, Post};
use crate::secrets::{SecretsError, provider_credentials};

/// The header, in lower case.
const SIGNATURE: &str = "x-twilio-signature";

impl Intake {
    /// Whether the post is signed with one of the business's tokens, over the configured public address (never
    /// the Host header's) and everything posted. Nobody is believed while no token is configured.
    pub async fn is_genuine(&self, business: &BusinessId, post: &Post) -> Result<bool, SecretsError> {
        let credentials = provider_credentials(&*self.secrets, business).await?;
        let tokens: Vec<_> =
            credentials.iter().flat_map(|c| c.auth_tokens.iter().map(AuthToken::new)).collect();
        let address = format!("{}{}", self.public_url, post.path);
        let verified = if post.is_form() {
            let form = Form::parse(&post.body);
            signature::verify(&address, SignedContent::Form(&form), post.header(SIGNATURE), &tokens)
        } else {
            signature::verify(&address, SignedContent::Raw(&post.body), post.header(SIGNATURE), &tokens)
        };
        if let Err(error) = &verified {
            tracing::warn!(%business, %error, "a webhook is not signed as it should be");
        }
        Ok(verified.is_ok())
    }
}
