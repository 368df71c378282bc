//! A file of the bucket as an answer (RFC 9110: ranges, tags; RFC 6266: names).

use std::ops::Range;

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use porchlight_bucket::{Bucket, BucketError};
use porchlight_domain::file::{FileType, Kept};
use porchlight_edge::Problem;
use sha2::{Digest as _, Sha256};

/// Whatever somebody sent, it can do nothing on our origin.
const HARMLESS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'; sandbox"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::ACCEPT_RANGES, "bytes"),
];

/// What is served.
pub struct Served<'f> {
    /// The file.
    pub kept: &'f Kept,
    /// What its bytes are.
    pub kind: FileType,
    /// What it is saved as.
    pub name: &'f str,
    /// For saving, whatever it is.
    pub saved: bool,
}

impl Served<'_> {
    /// Whether a page may show it where it stands.
    fn is_shown(&self) -> bool {
        self.kind.is_shown() && self.kept.is_drawable() && !self.saved
    }

    /// The bytes of a key never change.
    fn tag(&self) -> String {
        format!("\"{}\"", hex::encode(&Sha256::digest(self.kept.key.as_bytes())[..16]))
    }

    fn headers(&self) -> HeaderMap {
        let mut headers: HeaderMap =
            HARMLESS.into_iter().map(|(name, value)| (name, HeaderValue::from_static(value))).collect();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.kind.mime()));
        headers.insert(header::CONTENT_DISPOSITION, disposition(self.is_shown(), self.name));
        headers.insert(header::ETAG, HeaderValue::try_from(self.tag()).expect("hex in quotes"));
        headers
    }
}

/// The file, or the part of it that was asked for.
pub async fn answer(
    bucket: &Bucket,
    served: &Served<'_>,
    method: &Method,
    asked: &HeaderMap,
) -> Result<Response, Problem> {
    let (size, tag) = (served.kept.size, served.tag());
    let mut headers = served.headers();
    if text(asked, &header::IF_NONE_MATCH)
        .is_some_and(|known| known == "*" || known.split(',').any(|it| it.trim() == tag))
    {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let is_current = text(asked, &header::IF_RANGE).is_none_or(|known| known == tag);
    let part = text(asked, &header::RANGE).filter(|_| is_current && *method == Method::GET);
    let (status, range) = match part.and_then(|asked| wanted(asked, size)) {
        None => (StatusCode::OK, 0..size),
        Some(Some(range)) => (StatusCode::PARTIAL_CONTENT, range),
        Some(None) => {
            let whole = HeaderValue::try_from(format!("bytes */{size}")).expect("digits");
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, whole)]).into_response());
        }
    };
    if status == StatusCode::PARTIAL_CONTENT {
        let told = format!("bytes {}-{}/{size}", range.start, range.end - 1);
        headers.insert(header::CONTENT_RANGE, HeaderValue::try_from(told).expect("digits"));
    }
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(range.end - range.start));
    let body = if *method == Method::HEAD || range.is_empty() {
        Body::empty()
    } else {
        Body::from_stream(bucket.read(&served.kept.key, range).await.map_err(|error| problem(&error))?)
    };
    Ok((status, headers, body).into_response())
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// None where nothing is asked that is understood: then all of it is answered. Else one range, or that it lies outside.
#[expect(clippy::option_option, reason = "not asked, outside, a range: three answers")]
fn wanted(asked: &str, size: u64) -> Option<Option<Range<u64>>> {
    let (first, last) = asked.strip_prefix("bytes=")?.split_once('-')?;
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let range = match (first.trim(), last.trim()) {
        ("", last) => {
            let length = number(last)?;
            size.saturating_sub(length)..if length == 0 { 0 } else { size }
        }
        (first, "") => number(first)?..size,
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            if last < first {
                return None;
            }
            first..last.saturating_add(1).min(size)
        }
    };
    Some((range.start < range.end).then_some(range))
}

/// Shown or saved, under a name that any language may have.
fn disposition(is_shown: bool, name: &str) -> HeaderValue {
    let way = if is_shown { "inline" } else { "attachment" };
    let plain: String = name.chars().map(|sign| if is_plain(sign) { sign } else { '_' }).collect();
    let mut exact = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            exact.push(char::from(byte));
        } else {
            exact.extend(format!("%{byte:02X}").chars());
        }
    }
    let value = format!("{way}; filename=\"{plain}\"; filename*=UTF-8''{exact}");
    HeaderValue::try_from(value).expect("plain signs only")
}

fn is_plain(sign: char) -> bool {
    sign == ' ' || (sign.is_ascii_graphic() && !matches!(sign, '"' | '\\' | '%'))
}

fn problem(error: &BucketError) -> Problem {
    tracing::error!(error = error as &(dyn std::error::Error + 'static), "a file cannot be read");
    match error {
        BucketError::Missing => Problem::new(StatusCode::NOT_FOUND, "gone", "This file is not here any more"),
        BucketError::Denied(_) | BucketError::Unavailable(_) => Problem::unavailable(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_one_that_can_be_had_or_none() {
        assert_eq!(wanted("bytes=0-0", 10), Some(Some(0..1)));
        assert_eq!(wanted("bytes=2-", 10), Some(Some(2..10)));
        assert_eq!(wanted("bytes=-3", 10), Some(Some(7..10)));
        assert_eq!(wanted("bytes=-30", 10), Some(Some(0..10)));
        assert_eq!(wanted("bytes=5-99999999999999999999", 10), None);
        assert_eq!(wanted("bytes=5-18446744073709551615", 10), Some(Some(5..10)));
        for outside in ["bytes=10-", "bytes=11-12", "bytes=-0"] {
            assert_eq!(wanted(outside, 10), Some(None), "{outside}");
        }
        for other in ["bytes=0-1,3-4", "bytes=4-2", "lines=1-2", "bytes=", "bytes=x-"] {
            assert_eq!(wanted(other, 10), None, "{other}");
        }
        assert_eq!(wanted("bytes=0-", 0), Some(None));
    }

    #[test]
    fn a_name_is_said_for_old_programs_and_exactly() {
        let said = disposition(false, "Küche \"1\";\r\n.pdf");
        assert_eq!(said.to_str().expect("text").matches('\r').count(), 0);
        assert_eq!(
            disposition(true, "写真 1.heic"),
            "inline; filename=\"__ 1.heic\"; filename*=UTF-8''%E5%86%99%E7%9C%9F%201.heic"
        );
    }
}
