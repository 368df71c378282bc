//! The SDK sends them.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::operation::{
    batch_get_item, batch_write_item, delete_item, get_item, put_item, query, scan, transact_write_items,
    update_item,
};

use super::{ATTEMPTS, Answer, CALL_LASTS, Calls, FIRST_WAIT};

/// One attempt of a call; a second one after it may still answer within [`CALL_LASTS`].
const ATTEMPT_LASTS: Duration = Duration::from_secs(2);
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// Calls by this client, with repetitions and time-outs as this crate says instead of its own.
pub fn sdk(client: &Client) -> Arc<dyn Calls> {
    let retries = RetryConfig::standard()
        .with_max_attempts(ATTEMPTS)
        .with_initial_backoff(FIRST_WAIT)
        .with_max_backoff(LONGEST_WAIT);
    let timeouts = TimeoutConfig::builder()
        .operation_attempt_timeout(ATTEMPT_LASTS)
        .operation_timeout(CALL_LASTS)
        .build();
    let config = client.config().to_builder().retry_config(retries).timeout_config(timeouts).build();
    Arc::new(Sdk(Client::from_conf(config)))
}

#[derive(Debug)]
struct Sdk(Client);

impl Calls for Sdk {
    fn get_item(
        &self,
        call: get_item::builders::GetItemInputBuilder,
    ) -> Answer<'_, get_item::GetItemOutput, get_item::GetItemError> {
        Box::pin(call.send_with(&self.0))
    }

    fn batch_get_item(
        &self,
        call: batch_get_item::builders::BatchGetItemInputBuilder,
    ) -> Answer<'_, batch_get_item::BatchGetItemOutput, batch_get_item::BatchGetItemError> {
        Box::pin(call.send_with(&self.0))
    }

    fn query(
        &self,
        call: query::builders::QueryInputBuilder,
    ) -> Answer<'_, query::QueryOutput, query::QueryError> {
        Box::pin(call.send_with(&self.0))
    }

    fn scan(&self, call: scan::builders::ScanInputBuilder) -> Answer<'_, scan::ScanOutput, scan::ScanError> {
        Box::pin(call.send_with(&self.0))
    }

    fn put_item(
        &self,
        call: put_item::builders::PutItemInputBuilder,
    ) -> Answer<'_, put_item::PutItemOutput, put_item::PutItemError> {
        Box::pin(call.send_with(&self.0))
    }

    fn update_item(
        &self,
        call: update_item::builders::UpdateItemInputBuilder,
    ) -> Answer<'_, update_item::UpdateItemOutput, update_item::UpdateItemError> {
        Box::pin(call.send_with(&self.0))
    }

    fn delete_item(
        &self,
        call: delete_item::builders::DeleteItemInputBuilder,
    ) -> Answer<'_, delete_item::DeleteItemOutput, delete_item::DeleteItemError> {
        Box::pin(call.send_with(&self.0))
    }

    fn batch_write_item(
        &self,
        call: batch_write_item::builders::BatchWriteItemInputBuilder,
    ) -> Answer<'_, batch_write_item::BatchWriteItemOutput, batch_write_item::BatchWriteItemError> {
        Box::pin(call.send_with(&self.0))
    }

    fn transact_write_items(
        &self,
        call: transact_write_items::builders::TransactWriteItemsInputBuilder,
    ) -> Answer<
        '_,
        transact_write_items::TransactWriteItemsOutput,
        transact_write_items::TransactWriteItemsError,
    > {
        Box::pin(call.send_with(&self.0))
    }
}
