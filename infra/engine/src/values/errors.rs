//! The SDK's own errors, of what the engine or the role said.

use aws_sdk_dynamodb::config::http::HttpResponse;
use aws_sdk_dynamodb::error::{ErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::batch_get_item::BatchGetItemError;
use aws_sdk_dynamodb::operation::batch_write_item::BatchWriteItemError;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::get_item::GetItemError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::query::QueryError;
use aws_sdk_dynamodb::operation::scan::ScanError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::CancellationReason;
use aws_sdk_dynamodb::types::error as kinds;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;

use super::attributes::sdk_item;
use crate::refusal::Refusal;

/// An error of the SDK that can be made of what was refused.
pub(super) trait Told: Send + 'static {
    fn told(refusal: Refusal, meta: ErrorMetadata) -> Self;
}

/// What the caller is told.
pub(super) fn told<E: Told>(refusal: Refusal) -> SdkError<E> {
    let meta = ErrorMetadata::builder().code(&refusal.code).message(&refusal.message).build();
    let status = StatusCode::try_from(refusal.status).expect("the engine answers with a status");
    SdkError::service_error(E::told(refusal, meta), HttpResponse::new(status, SdkBody::empty()))
}

/// The error of one operation: its own kinds by their codes, and what no code names.
macro_rules! told {
    ($error:ident: $($kind:ident),*; $($own:pat => $make:expr),*) => {
        impl Told for $error {
            fn told(refusal: Refusal, meta: ErrorMetadata) -> Self {
                match refusal.code.as_str() {
                    $(stringify!($kind) => Self::$kind(
                        kinds::$kind::builder().message(refusal.message).meta(meta).build(),
                    ),)*
                    $($own => $make(refusal, meta),)*
                    _ => Self::generic(meta),
                }
            }
        }
    };
}

macro_rules! of_reads {
    ($($error:ident),*) => {$(
        told!($error: InternalServerError, ProvisionedThroughputExceededException, RequestLimitExceeded,
            ResourceNotFoundException, ThrottlingException;);
    )*};
}

macro_rules! of_writes {
    ($($error:ident),*) => {$(
        told!($error: InternalServerError, ItemCollectionSizeLimitExceededException,
            ProvisionedThroughputExceededException, RequestLimitExceeded, ResourceNotFoundException,
            ThrottlingException, TransactionConflictException;
            "ConditionalCheckFailedException" => |refusal, meta| {
                Self::ConditionalCheckFailedException(condition_failed(refusal, meta))
            });
    )*};
}

of_reads!(GetItemError, BatchGetItemError, QueryError, ScanError);
of_writes!(PutItemError, UpdateItemError, DeleteItemError);
told!(BatchWriteItemError: InternalServerError, ItemCollectionSizeLimitExceededException,
    ProvisionedThroughputExceededException, RequestLimitExceeded, ResourceNotFoundException, ThrottlingException;);
told!(TransactWriteItemsError: IdempotentParameterMismatchException, InternalServerError,
    ProvisionedThroughputExceededException, RequestLimitExceeded, ResourceNotFoundException, ThrottlingException,
    TransactionInProgressException;
    "TransactionCanceledException" => |refusal, meta| Self::TransactionCanceledException(canceled(refusal, meta)));

fn condition_failed(refusal: Refusal, meta: ErrorMetadata) -> kinds::ConditionalCheckFailedException {
    let failed = kinds::ConditionalCheckFailedException::builder().message(refusal.message);
    failed.set_item(refusal.item.map(sdk_item)).meta(meta).build()
}

fn canceled(refusal: Refusal, meta: ErrorMetadata) -> kinds::TransactionCanceledException {
    let reasons = refusal.reasons.into_iter().map(|reason| {
        CancellationReason::builder()
            .code(reason.code)
            .set_message(reason.message)
            .set_item(reason.item.map(sdk_item))
            .build()
    });
    let canceled = kinds::TransactionCanceledException::builder().message(refusal.message);
    canceled.set_cancellation_reasons(Some(reasons.collect())).meta(meta).build()
}
