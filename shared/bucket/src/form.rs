//! The presigned form: a browser posts a file straight to the bucket, under one key and within a size, for a while.
//!
//! Signature version 4 of S3's POST policies, byte for byte what botocore's `generate_presigned_post` makes (the test
//! `botocore` holds it so). What a form allows stands in its policy, which the signature covers; [`check`] is S3's side
//! of it, for the bucket of one machine.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html>

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use porchlight_domain::time::Timestamp;
use serde_json::Value;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

/// How long a form may be used.
pub const LASTS: Duration = Duration::from_mins(15);

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// A field of a form, in its place.
pub type Field = (String, String);

/// What a form is to allow.
#[derive(Clone, Copy, Debug)]
pub struct Upload<'u> {
    /// The key, and no other.
    pub key: &'u str,
    /// The MIME type that the browser tells; nobody believes it.
    pub content_type: &'u str,
    /// The fewest and the most bytes.
    pub size: (u64, u64),
}

/// In whose name, and for which bucket.
#[derive(Clone, Copy)]
pub struct Signing<'s> {
    /// The bucket.
    pub bucket: &'s str,
    /// Where it is.
    pub region: &'s str,
    /// The access key's id.
    pub id: &'s str,
    /// Its secret.
    pub secret: &'s str,
    /// The session's token, where the credentials have one.
    pub token: Option<&'s str>,
}

/// The fields that are posted before the file.
pub fn fields(upload: &Upload<'_>, signing: &Signing<'_>, now: Timestamp) -> Vec<Field> {
    let (credential, date) = (scope(signing, now), long_date(now));
    let mut conditions = vec![
        format!(r#"{{"Content-Type": {}}}"#, quoted(upload.content_type)),
        format!(r#"["content-length-range", {}, {}]"#, upload.size.0, upload.size.1),
        format!(r#"{{"bucket": {}}}"#, quoted(signing.bucket)),
        format!(r#"{{"key": {}}}"#, quoted(upload.key)),
    ];
    let mut signed =
        vec![("x-amz-algorithm", ALGORITHM), ("x-amz-credential", &credential), ("x-amz-date", &date)];
    signed.extend(signing.token.map(|token| ("x-amz-security-token", token)));
    conditions.extend(signed.iter().map(|(name, value)| format!(r#"{{"{name}": {}}}"#, quoted(value))));
    let expires = seconds_only(now + LASTS);
    let policy = format!(r#"{{"expiration": "{expires}", "conditions": [{}]}}"#, conditions.join(", "));
    let policy = STANDARD.encode(policy);
    let signature = signature(signing, &date[..8], &policy);
    let before = [("Content-Type", upload.content_type), ("key", upload.key)];
    let after = [("policy", policy.as_str()), ("x-amz-signature", signature.as_str())];
    let all = before.into_iter().chain(signed).chain(after);
    all.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// Why a form is not taken, by S3's codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// Not signed by whom it says, expired, or other than it was signed.
    #[error("AccessDenied: {0}")]
    AccessDenied(&'static str),
    /// More bytes than the policy allows.
    #[error("EntityTooLarge: Your proposed upload exceeds the maximum allowed size")]
    TooLarge,
    /// Fewer.
    #[error("EntityTooSmall: Your proposed upload is smaller than the minimum allowed size")]
    TooSmall,
    /// It is no such form.
    #[error("InvalidArgument: {0}")]
    Unreadable(&'static str),
}

/// The key that a form may write a file of this size to; every field must be as the policy says, and no field may be
/// there of which it says nothing.
pub fn check(fields: &[Field], size: u64, signing: &Signing<'_>, now: Timestamp) -> Result<String, Rejected> {
    let given = |name: &str| {
        let mut found = fields.iter().filter(|(field, _)| field.eq_ignore_ascii_case(name));
        let first = found.next().map(|(_, value)| value.as_str());
        if found.next().is_some() { None } else { first }
    };
    let required =
        |name: &'static str| given(name).ok_or(Rejected::Unreadable("a field is missing, or there twice"));
    let (policy, date) = (required("policy")?, required("x-amz-date")?);
    let day = date.get(..8).ok_or(Rejected::Unreadable("x-amz-date"))?;
    let ours = signature(signing, day, policy);
    let is_ours = bool::from(ours.as_bytes().ct_eq(required("x-amz-signature")?.as_bytes()));
    if !is_ours {
        return Err(Rejected::AccessDenied("the signature is another"));
    }
    let policy = STANDARD.decode(policy).ok().and_then(|text| serde_json::from_slice::<Value>(&text).ok());
    let policy = policy.ok_or(Rejected::Unreadable("policy"))?;
    let expires = policy["expiration"].as_str().and_then(|text| text.parse::<Timestamp>().ok());
    if expires.is_none_or(|expires| expires <= now) {
        return Err(Rejected::AccessDenied("Invalid according to Policy: Policy expired."));
    }
    let conditions = policy["conditions"].as_array().ok_or(Rejected::Unreadable("policy"))?;
    let mut named = vec!["policy", "x-amz-signature", "file"];
    for condition in conditions {
        named.extend(holds(condition, &given, size, signing)?);
    }
    let is_named = |field: &str| named.iter().any(|name| name.eq_ignore_ascii_case(field));
    if fields.iter().any(|(field, _)| !is_named(field)) {
        return Err(Rejected::AccessDenied("Invalid according to Policy: Extra input fields"));
    }
    required("key").map(str::to_owned)
}

/// The field that a condition is about, if it holds.
fn holds<'c, 'f>(
    condition: &'c Value,
    given: &impl Fn(&str) -> Option<&'f str>,
    size: u64,
    signing: &Signing<'_>,
) -> Result<Option<&'c str>, Rejected> {
    const FAILED: Rejected = Rejected::AccessDenied("Invalid according to Policy: Policy Condition failed");
    if let Some(range) = condition.as_array() {
        let bound = |at: usize| range.get(at).and_then(Value::as_u64).ok_or(Rejected::Unreadable("policy"));
        let (least, most) = (bound(1)?, bound(2)?);
        return match size {
            size if size < least => Err(Rejected::TooSmall),
            size if size > most => Err(Rejected::TooLarge),
            _ => Ok(None),
        };
    }
    let (name, wanted) = condition.as_object().and_then(|pairs| pairs.iter().next()).ok_or(FAILED)?;
    let is = if name == "bucket" { Some(signing.bucket) } else { given(name) };
    if is == wanted.as_str() { Ok(Some(name)) } else { Err(FAILED) }
}

fn scope(signing: &Signing<'_>, now: Timestamp) -> String {
    format!("{}/{}/{}/s3/aws4_request", signing.id, &long_date(now)[..8], signing.region)
}

/// `20261129T210000Z`.
fn long_date(now: Timestamp) -> String {
    seconds_only(now).replace(['-', ':'], "")
}

/// `2026-11-29T21:00:00Z`.
fn seconds_only(at: Timestamp) -> String {
    format!("{}Z", &at.to_string()[..19])
}

fn signature(signing: &Signing<'_>, day: &str, policy: &str) -> String {
    let first = format!("AWS4{}", signing.secret);
    let steps = [day, signing.region, "s3", "aws4_request", policy];
    let signed = steps.into_iter().fold(first.into_bytes(), |key, step| hmac(&key, step.as_bytes()));
    hex::encode(signed)
}

fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

/// A JSON text as Python writes it: all that is not ASCII is escaped, in UTF-16.
fn quoted(text: &str) -> String {
    let json = Value::from(text).to_string();
    let mut quoted = String::with_capacity(json.len());
    for sign in json.chars() {
        if sign.is_ascii() {
            quoted.push(sign);
        } else {
            for unit in sign.encode_utf16(&mut [0; 2]) {
                quoted.push_str("\\u");
                quoted.extend(format!("{unit:04x}").chars());
            }
        }
    }
    quoted
}

#[cfg(test)]
mod tests;
