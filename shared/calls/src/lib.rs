//! The few calls that are made of the tables, as values.
//!
//! A request is what the SDK's builders make, an answer is the SDK's own output or error: on AWS the SDK sends it
//! ([`sdk`]), on one machine the engine takes it as it is, without JSON, signature and HTTP.
//!
//! # Who repeats, and how long one waits
//!
//! Whoever carries a call out repeats it after throttling, a lost answer or a failing service: up to four times from
//! 25 ms on (a transaction keeps its request token, so that is harmless). Everything else is the caller's to decide.
//! A call with its repetitions ends within [`CALL_LASTS`]. On AWS the SDK does so. The engine repeats after what is
//! injected only: what SQLite itself says does not change in a moment. And it watches no clock of its own: a call that
//! had to queue for that long is not begun any more, and the caller is told that no answer came.
//!
//! # What it must not know
//!
//! What the tables hold, and how they are kept.

mod sdk;

use std::fmt::Debug;
use std::pin::Pin;
use std::time::Duration;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::{
    batch_get_item, batch_write_item, delete_item, get_item, put_item, query, scan, transact_write_items,
    update_item,
};

pub use sdk::sdk;

/// A call with its repetitions. A live event must be committed within 5 s of its id (PROTOCOLS §3), so a transaction
/// that takes longer is given up as unanswered.
pub const CALL_LASTS: Duration = Duration::from_millis(4_500);
/// Times that a call is made at most.
pub const ATTEMPTS: u32 = 4;
/// The wait before the second time; it doubles.
pub const FIRST_WAIT: Duration = Duration::from_millis(25);

/// What comes of a call.
pub type Answer<'a, Output, Error> =
    Pin<Box<dyn Future<Output = Result<Output, SdkError<Error>>> + Send + 'a>>;

/// What keeps the tables, and with what rights one comes to them.
pub trait Calls: Debug + Send + Sync {
    /// Reads an item.
    fn get_item(
        &self,
        call: get_item::builders::GetItemInputBuilder,
    ) -> Answer<'_, get_item::GetItemOutput, get_item::GetItemError>;
    /// Reads up to a hundred items.
    fn batch_get_item(
        &self,
        call: batch_get_item::builders::BatchGetItemInputBuilder,
    ) -> Answer<'_, batch_get_item::BatchGetItemOutput, batch_get_item::BatchGetItemError>;
    /// Reads a partition of a table or of an index, in order.
    fn query(
        &self,
        call: query::builders::QueryInputBuilder,
    ) -> Answer<'_, query::QueryOutput, query::QueryError>;
    /// Reads a table.
    fn scan(&self, call: scan::builders::ScanInputBuilder) -> Answer<'_, scan::ScanOutput, scan::ScanError>;
    /// Writes an item.
    fn put_item(
        &self,
        call: put_item::builders::PutItemInputBuilder,
    ) -> Answer<'_, put_item::PutItemOutput, put_item::PutItemError>;
    /// Changes an item.
    fn update_item(
        &self,
        call: update_item::builders::UpdateItemInputBuilder,
    ) -> Answer<'_, update_item::UpdateItemOutput, update_item::UpdateItemError>;
    /// Deletes an item.
    fn delete_item(
        &self,
        call: delete_item::builders::DeleteItemInputBuilder,
    ) -> Answer<'_, delete_item::DeleteItemOutput, delete_item::DeleteItemError>;
    /// Writes and deletes up to 25 items, not as one.
    fn batch_write_item(
        &self,
        call: batch_write_item::builders::BatchWriteItemInputBuilder,
    ) -> Answer<'_, batch_write_item::BatchWriteItemOutput, batch_write_item::BatchWriteItemError>;
    /// Writes up to a hundred items, all or none.
    fn transact_write_items(
        &self,
        call: transact_write_items::builders::TransactWriteItemsInputBuilder,
    ) -> Answer<
        '_,
        transact_write_items::TransactWriteItemsOutput,
        transact_write_items::TransactWriteItemsError,
    >;
}
