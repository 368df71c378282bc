//! A business's account with the provider, and the credentials of people: made here, kept private.

use porchlight_domain::business::{Business, Line};
use porchlight_domain::id::BusinessId;
use porchlight_edge::secrets::{ProviderCredentials, provider_credentials, provider_credentials_name};
use porchlight_edge::{Entropy, Secrets, SecretsError};

/// What is easily read aloud and typed: no 0 and O, 1 and l.
const LETTERS: &[u8; 31] = b"abcdefghijkmnpqrstuvwxyz2345678";

/// A password of three groups of four; 59 bits.
pub fn new_password(entropy: &Entropy) -> String {
    let groups = (0..3).map(|_| (0..4).map(|_| letter(entropy)).collect::<String>());
    groups.collect::<Vec<_>>().join("-")
}

fn letter(entropy: &Entropy) -> char {
    loop {
        // 31 of 32: an even draw.
        let [byte] = entropy.bytes();
        if let Some(letter) = LETTERS.get(usize::from(byte % 32)) {
            return char::from(*letter);
        }
    }
}

/// An account that only the simulator knows.
pub fn simulated(entropy: &Entropy) -> ProviderCredentials {
    let hex = |bytes: [u8; 16]| format!("{:032x}", u128::from_be_bytes(bytes));
    ProviderCredentials {
        account_sid: format!("AC{}", hex(entropy.bytes())),
        auth_tokens: vec![hex(entropy.bytes())],
    }
}

/// Keeps a business's account.
pub async fn keep(
    secrets: &dyn Secrets,
    business: &BusinessId,
    credentials: &ProviderCredentials,
) -> Result<(), SecretsError> {
    let name = provider_credentials_name(business);
    let known = provider_credentials(secrets, business).await.ok().flatten();
    if known.as_ref() == Some(credentials) {
        return Ok(());
    }
    let text = serde_json::to_string(credentials);
    let text = text.map_err(|e| SecretsError { name: name.clone(), source: e.into() })?;
    secrets.put(&name, &text).await
}

/// Keeps an account for every business that was made with it: a token that was rotated reaches them all.
pub async fn keep_for_all(
    secrets: &dyn Secrets,
    businesses: &[Business],
    credentials: &ProviderCredentials,
) -> Result<(), SecretsError> {
    for business in businesses.iter().filter(|it| it.provider_account == credentials.account_sid) {
        keep(secrets, &business.id, credentials).await?;
    }
    Ok(())
}

/// Where the provider posts a line's texts; the fragment makes it try again (PROTOCOLS §1.6).
pub fn webhook_address(public_url: &str, business: &BusinessId) -> String {
    format!("{public_url}/twilio/{business}/messages#rc=5&rp=all")
}

/// A line as the simulator knows it.
pub fn simulated_line(
    public_url: &str,
    business: &BusinessId,
    line: &Line,
    name: &str,
) -> porchlight_simulator::Line {
    porchlight_simulator::Line {
        number: line.number.to_string(),
        webhook_url: webhook_address(public_url, business),
        name: Some(name.to_owned()),
    }
}
