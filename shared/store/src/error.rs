//! What can go wrong at the tables, and whether trying again helps.

use std::fmt;
use std::time::Duration;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

use crate::commit::{Conflict, Part};

/// Where an error came from.
pub type Source = Box<dyn std::error::Error + Send + Sync>;

/// A failed access to a table.
#[derive(thiserror::Error)]
pub enum StoreError {
    /// A condition failed: what was read has changed meanwhile. Read again and decide again.
    #[error("{0}")]
    Conflict(Conflict),
    /// Another transaction was at the same items, or the table is throttled. Nothing was written.
    #[error("{operation}: the table is busy")]
    Busy {
        /// The call.
        operation: &'static str,
        /// What the SDK said.
        source: Source,
    },
    /// No answer came: the write may have been done. Read again before deciding anything.
    #[error("{operation}: no answer from the table")]
    NoAnswer {
        /// The call.
        operation: &'static str,
        /// What the SDK said.
        source: Source,
    },
    /// The call is wrong and will be as wrong the next time.
    #[error("{operation}: refused by the table")]
    Refused {
        /// The call.
        operation: &'static str,
        /// What the SDK said.
        source: Source,
    },
    /// An item is not of the form that this version writes.
    #[error("an item of kind {kind} cannot be read")]
    Unreadable {
        /// The kind of item.
        kind: &'static str,
        /// What was wrong with it.
        source: Source,
    },
    /// The cursor was made for another business or another query.
    #[error("the cursor belongs to another list")]
    ForeignCursor,
}

impl fmt::Debug for StoreError {
    /// Without the SDK's own `Debug`, which prints whole items and bodies (P11).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, operation, source) = match self {
            Self::Conflict(conflict) => return f.debug_tuple("Conflict").field(conflict).finish(),
            Self::Unreadable { kind, .. } => {
                return f.debug_struct("Unreadable").field("kind", kind).finish_non_exhaustive();
            }
            Self::ForeignCursor => return f.write_str("ForeignCursor"),
            Self::Busy { operation, source } => ("Busy", operation, source),
            Self::NoAnswer { operation, source } => ("NoAnswer", operation, source),
            Self::Refused { operation, source } => ("Refused", operation, source),
        };
        f.debug_struct(kind).field("operation", operation).field("source", &in_words(&**source)).finish()
    }
}

/// An error and what caused it, as they introduce themselves.
fn in_words(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(error.source(), |error| error.source());
    causes.fold(error.to_string(), |words, cause| format!("{words}: {cause}"))
}

impl StoreError {
    /// The same call may succeed in a moment (for [`StoreError::NoAnswer`]: after reading again).
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Busy { .. } | Self::NoAnswer { .. })
    }

    /// Reading again and deciding again may succeed: transient, or a condition failed. A provider's id that another
    /// message has stays another's.
    pub fn is_worth_rereading(&self) -> bool {
        match self {
            Self::Conflict(conflict) => !conflict.is_at(Part::SidPointer),
            other => other.is_transient(),
        }
    }

    /// The write may have been done although no answer came.
    pub const fn may_have_been_written(&self) -> bool {
        matches!(self, Self::NoAnswer { .. })
    }

    /// The failed conditions, when that is what happened.
    pub fn conflict(&self) -> Option<&Conflict> {
        match self {
            Self::Conflict(conflict) => Some(conflict),
            _ => None,
        }
    }

    pub(crate) fn unreadable(kind: &'static str, source: impl Into<Source>) -> Self {
        Self::Unreadable { kind, source: source.into() }
    }

    /// Sorts an SDK error by what the caller can do about it.
    pub(crate) fn from_sdk<E, R>(operation: &'static str, error: SdkError<E, R>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
        R: std::fmt::Debug + Send + Sync + 'static,
    {
        let kind = match &error {
            SdkError::ServiceError(service) => kind_of_code(service.err().code().unwrap_or_default()),
            SdkError::ConstructionFailure(_) => Kind::Refused,
            _ => Kind::NoAnswer,
        };
        let source = Box::new(error);
        match kind {
            Kind::Busy => Self::Busy { operation, source },
            Kind::NoAnswer => Self::NoAnswer { operation, source },
            Kind::Refused => Self::Refused { operation, source },
        }
    }
}

enum Kind {
    Busy,
    NoAnswer,
    Refused,
}

/// The error codes of DynamoDB, by what they mean for the caller.
fn kind_of_code(code: &str) -> Kind {
    match code {
        "ThrottlingException"
        | "ProvisionedThroughputExceededException"
        | "RequestLimitExceeded"
        | "LimitExceededException"
        | "TransactionConflictException"
        | "TransactionCanceledException" => Kind::Busy,
        "InternalServerError"
        | "InternalFailure"
        | "ServiceUnavailable"
        | "TransactionInProgressException" => Kind::NoAnswer,
        _ => Kind::Refused,
    }
}

/// How long to wait before reading again after the `attempt`-th contention (from 0): between nothing and
/// 20 ms · 2^attempt, at most 1 s. `fraction` is random in `0.0..1.0`, so that many do not return at once.
pub fn backoff(attempt: u32, fraction: f64) -> Duration {
    let longest = Duration::from_millis(20 << attempt.min(6)).min(Duration::from_secs(1));
    longest.mul_f64(fraction.clamp(0.0, 1.0))
}
