//! What API Gateway itself answers when a function does not: `GatewayResponses` of the template.

use std::collections::BTreeMap;

use axum::body::Body;
use http::{Response, StatusCode};
use serde_json::Value;

/// A reason for which API Gateway answers itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// No route fits.
    NoRoute,
    /// The request is larger than a function takes.
    TooLarge,
    /// The request does not come to its end.
    TooSlow,
    /// Too much is held already.
    Busy,
    /// The function failed, or answered more than it may.
    Failed,
    /// The function took too long.
    TimedOut,
}

/// The template's answers by the type that AWS gives them.
#[derive(Clone, Debug, Default)]
pub struct Answers(BTreeMap<String, (StatusCode, String)>);

impl Reason {
    const fn aws_type(self) -> (&'static str, StatusCode) {
        match self {
            Self::NoRoute => ("MISSING_AUTHENTICATION_TOKEN", StatusCode::FORBIDDEN),
            // API Gateway drops such a connection without a word.
            Self::TooSlow => ("", StatusCode::REQUEST_TIMEOUT),
            Self::Busy => ("THROTTLED", StatusCode::TOO_MANY_REQUESTS),
            Self::TooLarge => ("REQUEST_TOO_LARGE", StatusCode::PAYLOAD_TOO_LARGE),
            Self::Failed => ("INTEGRATION_FAILURE", StatusCode::BAD_GATEWAY),
            Self::TimedOut => ("INTEGRATION_TIMEOUT", StatusCode::GATEWAY_TIMEOUT),
        }
    }
}

impl Answers {
    /// Reads the property `GatewayResponses` of the API.
    pub fn read(declared: &Value) -> Self {
        let declared = declared.as_object().into_iter().flatten();
        let answer = |answer: &Value| {
            let status = answer["StatusCode"].as_u64().and_then(|status| u16::try_from(status).ok())?;
            let body = answer["ResponseTemplates"]["application/json"].as_str().unwrap_or_default();
            Some((StatusCode::from_u16(status).ok()?, body.to_owned()))
        };
        Self(declared.filter_map(|(kind, declared)| Some((kind.clone(), answer(declared)?))).collect())
    }

    /// The answer for `reason`.
    pub fn answer(&self, reason: Reason) -> Response<Body> {
        let (kind, status) = reason.aws_type();
        let (status, body) = self.0.get(kind).cloned().unwrap_or((status, r#"{"message":null}"#.to_owned()));
        let response = Response::builder().status(status).header("content-type", "application/problem+json");
        response.body(Body::from(body)).expect("status and header are valid")
    }
}
