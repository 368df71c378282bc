//! How a request is read: path, query and body, each refused in plain words when it is not as documented.

use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, StatusCode, header};
use porchlight_domain::phone::ContactPoint;
use porchlight_edge::Problem;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

/// The largest body that is read. The longest thing that anybody writes here is a draft.
pub const LARGEST_BODY: usize = 128 * 1024;

/// Ids from the path. One that cannot be an id of ours names nothing: the same 404 as a foreign one (P7).
pub struct Named<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(named) = Path::from_request_parts(parts, state).await.map_err(|_| Problem::not_found())?;
        Ok(Self(named))
    }
}

/// A contact point as a person types it, from the path; refused in words that say what is wrong with it.
pub fn typed(contact: &str) -> Result<ContactPoint, Problem> {
    ContactPoint::typed(contact).map_err(|why| Problem::unprocessable("not-a-contact", why.to_string()))
}

/// The query string.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned + Checked, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Query(asked) = Query::<T>::from_request_parts(parts, state)
            .await
            .map_err(|rejection| Problem::bad_request(rejection.body_text()))?;
        asked.check().map_err(|wrong| Problem::bad_request(wrong.0))?;
        Ok(Self(asked))
    }
}

/// A JSON body.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned + Checked, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let is_json = is_json(request.headers());
        let bytes = bytes(request, state).await?;
        if bytes.is_empty() {
            return Err(Problem::bad_request("This needs a JSON body."));
        }
        read(&bytes, is_json).map(Self)
    }
}

/// A JSON body that may be left out, or `null`.
pub struct MaybeBody<T>(pub T);

impl<T: DeserializeOwned + Checked + Default, S: Send + Sync> FromRequest<S> for MaybeBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let is_json = is_json(request.headers());
        let bytes = bytes(request, state).await?;
        let body: Option<T> = if bytes.is_empty() { None } else { read(&bytes, is_json)? };
        Ok(Self(body.unwrap_or_default()))
    }
}

async fn bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state).await.map_err(|rejection| match rejection {
        BytesRejection::FailedToBufferBody(failure) if failure.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "Too large")
                .detail(format!("A request may have {LARGEST_BODY} bytes."))
        }
        _ => Problem::bad_request("The body broke off."),
    })
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

fn read<T: DeserializeOwned + Checked>(bytes: &[u8], is_json: bool) -> Result<T, Problem> {
    if !is_json {
        let title = "Send JSON (content-type: application/json)";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json", title));
    }
    // Serde would also take a struct's fields as an array, in their order.
    if bytes.trim_ascii_start().starts_with(b"[") {
        return Err(Problem::unprocessable("invalid", "The body must be a JSON object."));
    }
    let body: T = serde_json::from_slice(bytes).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => Problem::unprocessable("invalid", error.to_string()),
        _ => Problem::bad_request(format!("The body is no JSON: {error}")),
    })?;
    body.check().map_err(|wrong| Problem::unprocessable("invalid", wrong.0))?;
    Ok(body)
}

/// What is wrong with a request, in plain words.
pub struct Wrong(String);

impl Wrong {
    /// One sentence for the person who reads it.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }

    /// The sentence.
    pub fn sentence(self) -> String {
        self.0
    }
}

/// Limits that the OpenAPI document declares and types alone do not enforce.
pub trait Checked {
    /// The first limit that is not kept.
    fn check(&self) -> Result<(), Wrong> {
        Ok(())
    }
}

impl<T: Checked> Checked for Option<T> {
    fn check(&self) -> Result<(), Wrong> {
        self.as_ref().map_or(Ok(()), Checked::check)
    }
}

/// A text has so many characters.
pub fn has_length(field: &str, text: &str, least: usize, most: usize) -> Result<(), Wrong> {
    let length = text.chars().count();
    if (least..=most).contains(&length) {
        Ok(())
    } else {
        Err(Wrong(format!("{field} must have {least} to {most} characters, and has {length}.")))
    }
}

/// A text that may be absent has at most so many characters.
pub fn has_at_most(field: &str, text: Option<&str>, most: usize) -> Result<(), Wrong> {
    text.map_or(Ok(()), |text| has_length(field, text, 0, most))
}

/// A number lies within its bounds.
pub fn lies_within<N: Copy + PartialOrd + std::fmt::Display>(
    field: &str,
    value: N,
    least: N,
    most: N,
) -> Result<(), Wrong> {
    if least <= value && value <= most {
        Ok(())
    } else {
        Err(Wrong(format!("{field} must be from {least} to {most}.")))
    }
}

/// The largest whole number that JavaScript holds exactly.
pub const MOST_EXACT: u64 = 9_007_199_254_740_991;

/// For a field that may be `null` and may not be left out: leaving out would say it by mistake.
pub fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(field: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(field)
}

/// For a field that may be left out and may be `null`, which are two things; with `#[serde(default)]`.
pub fn spoken_of<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    field: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(field).map(Some)
}
