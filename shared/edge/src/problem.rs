//! Errors as clients get them: RFC 9457 `application/problem+json`. The one conversion, logged here once.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use porchlight_store::StoreError;
use serde::Serialize;
use serde_json::{Map, Value};

/// A problem, in the words of RFC 9457.
#[derive(Debug, Clone, Serialize)]
pub struct Problem {
    /// `urn:porchlight:problem:…`, stable: clients switch on it.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is, in a few words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened and what to do, for the person who reads it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Facts that a client can act on.
    #[serde(flatten)]
    pub facts: Map<String, Value>,
    /// Seconds after which trying again is worth it, for the `Retry-After` header.
    #[serde(skip)]
    retry_after: Option<u64>,
}

impl Problem {
    /// A problem of this kind, the last part of its type's name.
    pub fn new(status: StatusCode, kind: &str, title: &str) -> Self {
        Self {
            kind: format!("urn:porchlight:problem:{kind}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: None,
            facts: Map::new(),
            retry_after: None,
        }
    }

    /// With a sentence for the person who reads it.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// With a fact that a client can act on.
    #[must_use]
    pub fn fact(mut self, name: &str, value: impl Serialize) -> Self {
        let value = serde_json::to_value(value).expect("facts are plain data");
        self.facts.insert(name.to_owned(), value);
        self
    }

    /// With the seconds after which trying again is worth it.
    #[must_use]
    pub const fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Nothing of that name, or not theirs to see: the same answer (P7).
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found")
    }

    /// Nobody is signed in.
    pub fn unauthenticated() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", "Sign in first")
    }

    /// Signed in, and not allowed.
    pub fn forbidden(detail: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "Not allowed").detail(detail)
    }

    /// The request cannot be understood.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", "Bad request").detail(detail)
    }

    /// Understood, and wrong.
    pub fn unprocessable(kind: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, kind, "Cannot be done as asked").detail(detail)
    }

    /// It clashes with what is.
    pub fn conflict(kind: &str, title: &str) -> Self {
        Self::new(StatusCode::CONFLICT, kind, title)
    }

    /// A cursor that this list never gave.
    pub fn foreign_cursor() -> Self {
        Self::bad_request("This cursor belongs to another list. Begin again without one.")
    }

    /// Try again.
    pub fn unavailable() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Try again shortly").retry_after(1)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.retry_after;
        let mut response = (status, axum::Json(self)).into_response();
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        let json = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        response
    }
}

impl From<StoreError> for Problem {
    /// Transient trouble is 503 and worth another try; a cursor is the caller's to mend, the rest is ours.
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::ForeignCursor) {
            return Self::foreign_cursor();
        }
        tracing::error!(
            error = &error as &(dyn std::error::Error + 'static),
            "the store did not answer as it should"
        );
        if error.is_transient() {
            Self::unavailable()
        } else {
            Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something broke on our side")
        }
    }
}
