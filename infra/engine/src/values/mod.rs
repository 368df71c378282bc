//! The way in of whatever runs on this machine: the SDK's inputs and outputs go to the engine and come back as values,
//! without JSON, signature and HTTP.
//!
//! # Layout
//!
//! - [`attributes`]: values of items, and what a call consumed, from one form to the other. [`errors`]: the SDK's own.
//! - [`reads`], [`writes`], [`transaction`]: one request each, taken apart for the engine and its answer put together.
//! - [`whole`], [`partition`], [`stored`]: whole items by their keys or in their order, which need no engine.
//! - [`attempts`]: what is injected goes wrong here, and is tried again as `porchlight_calls` says.
//!
//! Invariant: both ways in answer the same (`tests/both_ways`), and leave the same tables. Members of requests from
//! before there were expressions are refused here, and so seen, instead of being passed over.

mod attempts;
mod attributes;
mod errors;
mod jsonb;
mod partition;
mod reads;
mod stored;
mod transaction;
mod whole;
mod writes;

pub use attributes::Item;
pub(crate) use attributes::engine_items;

use std::fmt;
use std::sync::Arc;

use aws_sdk_dynamodb::error::{BuildError, SdkError};
use aws_sdk_dynamodb::operation::{
    batch_get_item, batch_write_item, delete_item, get_item, put_item, query, scan, transact_write_items,
    update_item,
};
use dynoxide::{Database, DynoxideError};
use porchlight_calls::{Answer, Calls};

use crate::Access;
use crate::call::Call;
use crate::engine::{Engine, Rows, Turn};
use crate::faults::Faults;
use crate::policy::Rights;
use crate::values::errors::Told;

/// A request that the engine takes as a value.
trait Request: Clone + Send + Sync + 'static {
    /// What it is answered with.
    type Output: Send + 'static;
    /// Or told.
    type Error: Told;
    /// How it takes its turn.
    const TURN: Turn;

    /// What it touches.
    fn call(&self) -> Call;

    /// Asks the engine.
    fn carry_out(self, database: &Database) -> Result<Self::Output, DynoxideError>;

    /// Its answer without the engine, where there is one.
    fn read(&self, _rows: &Rows) -> Option<Self::Output> {
        None
    }

    /// A repetition of it changes nothing, where the API has a way to say so.
    fn repeatable(self) -> Self {
        self
    }

    /// The same answer from an index that does not show these items yet.
    fn without(answer: Self::Output, _hidden: &[crate::call::Written]) -> Self::Output {
        answer
    }
}

impl Engine {
    /// The calls of this engine's tables.
    pub fn calls(&self, access: Access) -> Arc<dyn Calls> {
        let Access { policy, faults, trails } = access;
        Arc::new(Values { engine: self.clone(), rights: Rights::of(policy), faults, trails })
    }
}

struct Values {
    engine: Engine,
    rights: Rights,
    faults: Faults,
    trails: bool,
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Values")
    }
}

impl Values {
    fn answer<R: Request>(&self, request: Result<R, BuildError>) -> Answer<'_, R::Output, R::Error> {
        Box::pin(async move { self.ask(request.map_err(SdkError::construction_failure)?).await })
    }
}

impl Calls for Values {
    fn get_item(
        &self,
        call: get_item::builders::GetItemInputBuilder,
    ) -> Answer<'_, get_item::GetItemOutput, get_item::GetItemError> {
        self.answer(call.build())
    }

    fn batch_get_item(
        &self,
        call: batch_get_item::builders::BatchGetItemInputBuilder,
    ) -> Answer<'_, batch_get_item::BatchGetItemOutput, batch_get_item::BatchGetItemError> {
        self.answer(call.build())
    }

    fn query(
        &self,
        call: query::builders::QueryInputBuilder,
    ) -> Answer<'_, query::QueryOutput, query::QueryError> {
        self.answer(call.build())
    }

    fn scan(&self, call: scan::builders::ScanInputBuilder) -> Answer<'_, scan::ScanOutput, scan::ScanError> {
        self.answer(call.build())
    }

    fn put_item(
        &self,
        call: put_item::builders::PutItemInputBuilder,
    ) -> Answer<'_, put_item::PutItemOutput, put_item::PutItemError> {
        self.answer(call.build())
    }

    fn update_item(
        &self,
        call: update_item::builders::UpdateItemInputBuilder,
    ) -> Answer<'_, update_item::UpdateItemOutput, update_item::UpdateItemError> {
        self.answer(call.build())
    }

    fn delete_item(
        &self,
        call: delete_item::builders::DeleteItemInputBuilder,
    ) -> Answer<'_, delete_item::DeleteItemOutput, delete_item::DeleteItemError> {
        self.answer(call.build())
    }

    fn batch_write_item(
        &self,
        call: batch_write_item::builders::BatchWriteItemInputBuilder,
    ) -> Answer<'_, batch_write_item::BatchWriteItemOutput, batch_write_item::BatchWriteItemError> {
        self.answer(call.build())
    }

    fn transact_write_items(
        &self,
        call: transact_write_items::builders::TransactWriteItemsInputBuilder,
    ) -> Answer<
        '_,
        transact_write_items::TransactWriteItemsOutput,
        transact_write_items::TransactWriteItemsError,
    > {
        self.answer(call.build())
    }
}

/// Refuses a member of a request that the engine is not handed.
fn refuse(members: &[(&str, bool)]) -> Result<(), DynoxideError> {
    match members.iter().find(|(_, is_there)| *is_there) {
        Some((member, _)) => {
            let words = format!("{member} is not taken on this machine");
            Err(DynoxideError::ValidationException(words))
        }
        None => Ok(()),
    }
}
