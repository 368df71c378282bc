//! What the tables say when they do not do what was asked, for both ways in.

use dynoxide::errors::CancellationReason;
use dynoxide::{DynoxideError, Item};
use serde_json::{Value, json};

use crate::policy::Denied;

/// An error of the API.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// HTTP status.
    pub(crate) status: u16,
    /// `ValidationException` and so on.
    pub(crate) code: String,
    /// In words.
    pub(crate) message: String,
    /// The item whose condition failed.
    pub(crate) item: Option<Item>,
    /// Of a transaction: why, for each of its items.
    pub(crate) reasons: Vec<CancellationReason>,
}

impl Refusal {
    pub(crate) fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self { status, code: code.to_owned(), message: message.into(), item: None, reasons: Vec::new() }
    }

    /// As the API writes it; only what is injected is written so, and has no item.
    pub(crate) fn json(&self) -> Value {
        let reasons = (!self.reasons.is_empty()).then_some(&self.reasons);
        json!({
            "__type": format!("com.amazonaws.dynamodb.v20120810#{}", self.code),
            "message": self.message,
            "CancellationReasons": reasons,
        })
    }
}

impl From<DynoxideError> for Refusal {
    fn from(error: DynoxideError) -> Self {
        let code = error.error_type().rsplit('#').next().unwrap_or_default();
        let refusal = Self::new(error.status_code(), code, error.to_string());
        match error {
            DynoxideError::ConditionalCheckFailedException(_, item) => Self { item, ..refusal },
            DynoxideError::TransactionCanceledException(_, reasons) => Self { reasons, ..refusal },
            _ => refusal,
        }
    }
}

impl From<Denied> for Refusal {
    fn from(denied: Denied) -> Self {
        Self::new(400, "AccessDeniedException", format!("User: {denied}"))
    }
}
