//! Errors as Twilio writes them: `{code, message, more_info, status}`.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// A refusal with Twilio's code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ApiError {
    pub code: u32,
    pub message: String,
}

impl ApiError {
    pub(crate) fn new(code: u32, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    pub(crate) fn not_found() -> Self {
        Self::new(20404, "The requested resource was not found")
    }

    /// The refusal of a magic number.
    pub(crate) fn magic(code: u32, to: &str, from: &str) -> Self {
        let message = match code {
            21211 => format!("Invalid 'To' Phone Number: {to}"),
            21212 => format!("Invalid From Number (caller ID): {from}"),
            21606 => format!(
                "The 'From' phone number provided ({from}) is not a valid message-capable Twilio phone number for this destination"
            ),
            21610 => "Attempt to send to unsubscribed recipient".to_owned(),
            21612 => "Message cannot be sent with the current combination of 'To' and/or 'From' parameters"
                .to_owned(),
            21408 => {
                "Permission to send an SMS has not been enabled for the region indicated by the 'To' number"
                    .to_owned()
            }
            21611 => "This 'From' number has exceeded the maximum number of queued messages".to_owned(),
            21614 => format!("'To' number is not a valid mobile number: {to}"),
            _ => "The message cannot be sent".to_owned(),
        };
        Self::new(code, message)
    }

    pub(crate) const fn status(&self) -> StatusCode {
        match self.code {
            20003 => StatusCode::UNAUTHORIZED,
            20404 => StatusCode::NOT_FOUND,
            20429 => StatusCode::TOO_MANY_REQUESTS,
            20500 => StatusCode::INTERNAL_SERVER_ERROR,
            30409 => StatusCode::CONFLICT,
            _ => StatusCode::BAD_REQUEST,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = self.status();
        let body = json!({
            "code": self.code,
            "message": self.message,
            "more_info": format!("https://www.twilio.com/docs/errors/{}", self.code),
            "status": status.as_u16(),
        });
        let mut response = (status, Json(body)).into_response();
        if status == StatusCode::UNAUTHORIZED {
            let challenge = http::HeaderValue::from_static("Basic realm=\"Twilio API\"");
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        if status == StatusCode::TOO_MANY_REQUESTS {
            response.headers_mut().insert(RETRY_AFTER, http::HeaderValue::from_static("1"));
        }
        response
    }
}
