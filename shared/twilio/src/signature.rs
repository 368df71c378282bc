//! `X-Twilio-Signature`: base64 of HMAC-SHA1, keyed with the auth token, over the URL and the sorted fields.
//!
//! Twilio's own libraries disagree in the corners; `reference/twilio.md` §1 lists which reading is right. Twilio
//! signs inconsistently with and without the port, so every reading of the URL is tried with every token.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::account::AuthToken;
use crate::form::Form;

/// The header that carries the signature.
pub const SIGNATURE_HEADER: &str = "X-Twilio-Signature";

/// What was posted.
#[derive(Clone, Copy, Debug)]
pub enum SignedContent<'a> {
    /// A form body; all its fields are covered. A GET is an empty form: its parameters are in the URL.
    Form(&'a Form),
    /// Any other body, raw: the URL's `bodySHA256` must be its SHA-256.
    Raw(&'a [u8]),
}

/// Why a request is not believed to come from Twilio.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// There is no `X-Twilio-Signature`.
    #[error("the request carries no signature")]
    Missing,
    /// A raw body came without `bodySHA256` in the URL, so nothing would cover it.
    #[error("the URL carries no bodySHA256")]
    BodyHashMissing,
    /// The body is not the one that was hashed.
    #[error("the body does not match bodySHA256")]
    BodyHashMismatch,
    /// No token of ours makes this signature.
    #[error("the signature does not match")]
    Mismatch,
}

/// Checks a signature over the *configured public* URL (never the Host header's), with every token in force:
/// two during a rotation.
pub fn verify(
    url: &str,
    content: SignedContent<'_>,
    header: Option<&str>,
    tokens: &[AuthToken],
) -> Result<(), SignatureError> {
    let header = header.map(str::trim).filter(|header| !header.is_empty()).ok_or(SignatureError::Missing)?;
    let given = STANDARD.decode(header).map_err(|_| SignatureError::Mismatch)?;
    let payloads = match content {
        SignedContent::Form(form) => form_payloads(form),
        SignedContent::Raw(body) => check_body_hash(url, body).map(|()| vec![Vec::new()])?,
    };
    let urls = readings(url);
    let believed = tokens.iter().filter(|token| !token.expose().is_empty()).any(|token| {
        urls.iter()
            .any(|url| payloads.iter().any(|payload| mac(url, payload, token).ct_eq(&given[..]).into()))
    });
    if believed { Ok(()) } else { Err(SignatureError::Mismatch) }
}

/// Makes the signature of a form post to exactly this URL (without its fragment, which is never signed).
pub fn sign(url: &str, form: &Form, token: &AuthToken) -> String {
    STANDARD.encode(mac(without_fragment(url), &payload(form.byte_pairs()), token))
}

/// Makes the URL (with `bodySHA256`) and the signature of a post with a raw body.
pub fn sign_raw(url: &str, body: &[u8], token: &AuthToken) -> (String, String) {
    let url = without_fragment(url);
    let joint = if url.contains('?') { '&' } else { '?' };
    let url = format!("{url}{joint}bodySHA256={}", hex::encode(Sha256::digest(body)));
    let signature = STANDARD.encode(mac(&url, &[], token));
    (url, signature)
}

fn mac(url: &str, payload: &[u8], token: &AuthToken) -> [u8; 20] {
    let mut mac =
        Hmac::<Sha1>::new_from_slice(token.expose().as_bytes()).expect("HMAC takes a key of any length");
    mac.update(url.as_bytes());
    mac.update(payload);
    mac.finalize().into_bytes().into()
}

/// The fields as sent, and also as a server that replaces bad UTF-8 would have signed them.
fn form_payloads(form: &Form) -> Vec<Vec<u8>> {
    let mut payloads = vec![payload(form.byte_pairs())];
    if form.is_lossy() {
        payloads.push(payload(form.pairs().map(|(name, value)| (name.as_bytes(), value.as_bytes()))));
    }
    payloads
}

/// Names sorted by byte (so `Reason` is before `ReasonConferenceEnded`), a repeated name's values deduped and
/// sorted, no delimiters, values untrimmed.
fn payload<'a>(pairs: impl Iterator<Item = (&'a [u8], &'a [u8])>) -> Vec<u8> {
    let mut fields: BTreeMap<&[u8], BTreeSet<&[u8]>> = BTreeMap::new();
    for (name, value) in pairs {
        fields.entry(name).or_default().insert(value);
    }
    let written =
        fields.iter().flat_map(|(name, values)| values.iter().flat_map(move |value| [*name, *value]));
    written.collect::<Vec<_>>().concat()
}

fn check_body_hash(url: &str, body: &[u8]) -> Result<(), SignatureError> {
    let query = without_fragment(url).split_once('?').map_or("", |(_, query)| query);
    let mut parameters = form_urlencoded::parse(query.as_bytes());
    let (_, claimed) =
        parameters.find(|(name, _)| name == "bodySHA256").ok_or(SignatureError::BodyHashMissing)?;
    let actual = hex::encode(Sha256::digest(body));
    let same: bool = actual.as_bytes().ct_eq(claimed.to_ascii_lowercase().as_bytes()).into();
    if same { Ok(()) } else { Err(SignatureError::BodyHashMismatch) }
}

/// Every form of the URL that Twilio may have signed: with and without port, with and without user, and with
/// `'` in the query encoded.
fn readings(url: &str) -> BTreeSet<String> {
    let url = without_fragment(url);
    let Some((scheme, rest)) = url.split_once("://") else { return BTreeSet::from([url.to_owned()]) };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (user, host) = authority.split_at(authority.rfind('@').map_or(0, |at| at + 1));
    let users = [user, ""];
    let paths = [path.to_owned(), encode_quotes(path)];
    let mut readings = BTreeSet::new();
    for host in hosts(scheme, host) {
        for user in users {
            readings.extend(paths.iter().map(|path| format!("{scheme}://{user}{host}{path}")));
        }
    }
    readings
}

/// The host as given, without its port, and with the scheme's port where it has none.
fn hosts(scheme: &str, host: &str) -> Vec<String> {
    let port = host.rfind(':').filter(|at| !host[*at..].contains(']'));
    match port {
        Some(at) => vec![host.to_owned(), host[..at].to_owned()],
        None => vec![host.to_owned(), format!("{host}:{}", if scheme == "https" { 443 } else { 80 })],
    }
}

fn encode_quotes(path: &str) -> String {
    match path.split_once('?') {
        Some((path, query)) => format!("{path}?{}", query.replace('\'', "%27")),
        None => path.to_owned(),
    }
}

fn without_fragment(url: &str) -> &str {
    url.split_once('#').map_or(url, |(url, _)| url)
}

#[cfg(test)]
mod tests;
