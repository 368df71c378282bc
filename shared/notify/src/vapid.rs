//! Who we are to push services (RFC 8292): a key of P-256 that signs each post.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::SecretKey;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::sec1::ToSec1Point;
use porchlight_domain::time::Timestamp;
use serde_json::json;

/// A signature is good for so long; push services take 24 h at most.
const GOOD_FOR: Duration = Duration::from_hours(12);

/// The key cannot be one.
#[derive(Debug, thiserror::Error)]
#[error("it is no private key of P-256 (32 bytes in base64url)")]
pub struct BadKey;

/// Our key. It is a secret: never shown (P11).
#[derive(Clone)]
pub struct VapidKey {
    secret: SecretKey,
    public: String,
}

impl std::fmt::Debug for VapidKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("VapidKey").field(&self.public).finish()
    }
}

impl VapidKey {
    /// Of 32 random bytes; none for the few that are no key.
    pub fn of_chance(bytes: &[u8; 32]) -> Option<Self> {
        SecretKey::from_slice(bytes).ok().map(Self::new)
    }

    /// As it is kept.
    pub fn parse(text: &str) -> Result<Self, BadKey> {
        let bytes = URL_SAFE_NO_PAD.decode(text.trim().trim_end_matches('=')).map_err(|_| BadKey)?;
        SecretKey::from_slice(&bytes).map(Self::new).map_err(|_| BadKey)
    }

    fn new(secret: SecretKey) -> Self {
        let public = URL_SAFE_NO_PAD.encode(secret.public_key().to_sec1_point(false).as_bytes());
        Self { secret, public }
    }

    /// For keeping it: 32 bytes in base64url.
    pub fn to_secret(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.secret.to_bytes())
    }

    /// The point that browsers subscribe with: uncompressed, in base64url.
    pub fn public(&self) -> &str {
        &self.public
    }

    /// The value of `Authorization` for a post to this origin, from whoever answers at `contact` (`mailto:` or `https:`).
    pub fn authorization(&self, origin: &str, contact: &str, now: Timestamp) -> String {
        let header = json!({ "typ": "JWT", "alg": "ES256" });
        let claims = json!({ "aud": origin, "exp": (now + GOOD_FOR).seconds(), "sub": contact });
        let signed = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
        // By RFC 6979: it needs no randomness.
        let signature: Signature = SigningKey::from(&self.secret).sign(signed.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(signature.to_bytes());
        format!("vapid t={signed}.{signature}, k={}", self.public)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_kept_as_text_and_never_shown() {
        let key = VapidKey::of_chance(&[7; 32]).expect("a key");
        assert_eq!(VapidKey::parse(&key.to_secret()).expect("its own text").public(), key.public());
        assert_eq!(key.public().len(), 87);
        assert!(!format!("{key:?}").contains(&key.to_secret()));
        assert!(VapidKey::of_chance(&[0; 32]).is_none());
        assert!(VapidKey::parse("AAAA").is_err());
    }
}
