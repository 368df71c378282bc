//! The few calls that every access pattern is made of.

use std::collections::{BTreeSet, HashMap};

use aws_sdk_dynamodb::operation::batch_get_item::BatchGetItemInput;
use aws_sdk_dynamodb::operation::batch_write_item::BatchWriteItemInput;
use aws_sdk_dynamodb::operation::delete_item::{DeleteItemError, DeleteItemInput};
use aws_sdk_dynamodb::operation::get_item::GetItemInput;
use aws_sdk_dynamodb::operation::put_item::{PutItemError, PutItemInput};
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemInput};
use aws_sdk_dynamodb::types::{
    AttributeValue, DeleteRequest, KeysAndAttributes, PutRequest, ReturnValue,
    ReturnValuesOnConditionCheckFailure, WriteRequest,
};
use futures::{StreamExt, TryStreamExt};

use crate::error::StoreError;
use crate::keys::Key;
use crate::meter::{self, Direction};
use crate::store::{Store, Tables};

/// An item, or a part of one.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// DynamoDB's limits of the batch calls.
const BATCH_READ: usize = 100;
const BATCH_WRITE: usize = 25;
/// Times that the rest of a batch is asked for again before it counts as busy.
const BATCH_ROUNDS: u32 = 8;

/// One of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Table {
    Conversations,
    Messages,
    Directory,
    Events,
    Derived,
    Vault,
}

impl Tables {
    pub(crate) fn name(&self, table: Table) -> &str {
        match table {
            Table::Conversations => &self.conversations,
            Table::Messages => &self.messages,
            Table::Directory => &self.directory,
            Table::Events => &self.events,
            Table::Derived => &self.derived,
            Table::Vault => &self.vault,
        }
    }
}

/// A condition, an update or a key condition, with what its placeholders mean.
#[derive(Clone, Debug, Default)]
pub(crate) struct Expression {
    pub text: String,
    pub names: HashMap<String, String>,
    pub values: HashMap<String, AttributeValue>,
}

impl Expression {
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    pub fn absent() -> Self {
        Self::new("attribute_not_exists(pk)")
    }

    pub fn name(mut self, placeholder: &str, name: impl Into<String>) -> Self {
        self.names.insert(placeholder.to_owned(), name.into());
        self
    }

    pub fn value(mut self, placeholder: &str, value: AttributeValue) -> Self {
        self.values.insert(placeholder.to_owned(), value);
        self
    }

    pub fn names(&self) -> Option<HashMap<String, String>> {
        (!self.names.is_empty()).then(|| self.names.clone())
    }

    pub fn values(&self) -> Option<HashMap<String, AttributeValue>> {
        (!self.values.is_empty()).then(|| self.values.clone())
    }
}

/// What a conditional write came to.
#[derive(Debug)]
pub(crate) enum Outcome {
    Done(Item),
    /// The condition failed; the item that stands there, if any.
    Refused(Item),
}

#[expect(clippy::needless_pass_by_value, reason = "takes what is owned and what is borrowed alike")]
pub(crate) fn text(value: impl ToString) -> AttributeValue {
    AttributeValue::S(value.to_string())
}

#[expect(clippy::needless_pass_by_value, reason = "takes what is owned and what is borrowed alike")]
pub(crate) fn number(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

pub(crate) fn key_item(key: &Key) -> Item {
    HashMap::from([("pk".to_owned(), text(&key.pk)), ("sk".to_owned(), text(&key.sk))])
}

/// The key of an item that a table returned.
pub(crate) fn key_of(item: &Item) -> Option<Key> {
    Some(Key::new(text_of(item, "pk")?, text_of(item, "sk")?))
}

pub(crate) fn text_of<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name)?.as_s().ok().map(String::as_str)
}

pub(crate) fn number_of(item: &Item, name: &str) -> Option<i64> {
    item.get(name)?.as_n().ok()?.parse().ok()
}

impl Store {
    /// The item, strongly consistent.
    pub(crate) async fn get(&self, table: Table, key: &Key) -> Result<Option<Item>, StoreError> {
        let call = GetItemInput::builder().table_name(self.tables.name(table)).set_key(Some(key_item(key)));
        let call =
            call.consistent_read(true).set_return_consumed_capacity(meter::wanted(self.meter.as_ref()));
        let answer = self.calls.get_item(call).await;
        let answer = answer.map_err(|error| StoreError::from_sdk("GetItem", error))?;
        meter::count(self.meter.as_ref(), Direction::Read, answer.consumed_capacity());
        Ok(answer.item)
    }

    pub(crate) async fn put(&self, table: Table, item: Item) -> Result<(), StoreError> {
        self.put_if(table, item, &Expression::default()).await.map(|_| ())
    }

    /// Puts the item if the condition holds; the empty condition always does.
    pub(crate) async fn put_if(
        &self,
        table: Table,
        item: Item,
        condition: &Expression,
    ) -> Result<Outcome, StoreError> {
        let call = PutItemInput::builder().table_name(self.tables.name(table)).set_item(Some(item));
        let call = call
            .set_condition_expression((!condition.text.is_empty()).then(|| condition.text.clone()))
            .set_expression_attribute_names(condition.names())
            .set_expression_attribute_values(condition.values())
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .set_return_consumed_capacity(meter::wanted(self.meter.as_ref()));
        match self.calls.put_item(call).await {
            Ok(answer) => {
                meter::count(self.meter.as_ref(), Direction::Write, answer.consumed_capacity());
                Ok(Outcome::Done(Item::new()))
            }
            Err(error) => match error.as_service_error() {
                Some(PutItemError::ConditionalCheckFailedException(failed)) => {
                    Ok(Outcome::Refused(failed.item().cloned().unwrap_or_default()))
                }
                _ => Err(StoreError::from_sdk("PutItem", error)),
            },
        }
    }

    /// Updates the item if the condition holds, and returns what it then is.
    pub(crate) async fn update_if(
        &self,
        table: Table,
        key: &Key,
        update: Expression,
        condition: Option<&str>,
    ) -> Result<Outcome, StoreError> {
        let call =
            UpdateItemInput::builder().table_name(self.tables.name(table)).set_key(Some(key_item(key)));
        let call = call
            .set_expression_attribute_names(update.names())
            .set_expression_attribute_values(update.values())
            .update_expression(update.text)
            .set_condition_expression(condition.map(str::to_owned))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .set_return_consumed_capacity(meter::wanted(self.meter.as_ref()));
        match self.calls.update_item(call).await {
            Ok(answer) => {
                meter::count(self.meter.as_ref(), Direction::Write, answer.consumed_capacity());
                Ok(Outcome::Done(answer.attributes.unwrap_or_default()))
            }
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                    Ok(Outcome::Refused(failed.item().cloned().unwrap_or_default()))
                }
                _ => Err(StoreError::from_sdk("UpdateItem", error)),
            },
        }
    }

    pub(crate) async fn delete(&self, table: Table, key: &Key) -> Result<(), StoreError> {
        self.delete_if(table, key, &Expression::default()).await.map(|_| ())
    }

    /// Deletes the item if the condition holds; the empty condition always does.
    pub(crate) async fn delete_if(
        &self,
        table: Table,
        key: &Key,
        condition: &Expression,
    ) -> Result<Outcome, StoreError> {
        let call =
            DeleteItemInput::builder().table_name(self.tables.name(table)).set_key(Some(key_item(key)));
        let call = call
            .set_condition_expression((!condition.text.is_empty()).then(|| condition.text.clone()))
            .set_expression_attribute_names(condition.names())
            .set_expression_attribute_values(condition.values())
            .set_return_consumed_capacity(meter::wanted(self.meter.as_ref()));
        match self.calls.delete_item(call).await {
            Ok(answer) => {
                meter::count(self.meter.as_ref(), Direction::Write, answer.consumed_capacity());
                Ok(Outcome::Done(Item::new()))
            }
            Err(error) => match error.as_service_error() {
                Some(DeleteItemError::ConditionalCheckFailedException(failed)) => {
                    Ok(Outcome::Refused(failed.item().cloned().unwrap_or_default()))
                }
                _ => Err(StoreError::from_sdk("DeleteItem", error)),
            },
        }
    }

    /// These items, strongly consistent, in no order; absent ones are left out.
    pub(crate) async fn get_many(&self, table: Table, keys: &[Key]) -> Result<Vec<Item>, StoreError> {
        // A key asked for twice is refused; an index that lags may well tell of one twice.
        let distinct: Vec<Key> = keys.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect();
        let chunks = distinct.chunks(BATCH_READ).map(|chunk| self.get_batch(table, chunk));
        Ok(futures::future::try_join_all(chunks).await?.into_iter().flatten().collect())
    }

    /// The same one by one, several at a time: few items, by functions whose role has no batches there.
    pub(crate) async fn get_each(&self, table: Table, keys: &[Key]) -> Result<Vec<Item>, StoreError> {
        const AT_ONCE: usize = 8;
        // Collected: a stream that held the closure would make its callers' futures not `Send`.
        let reads: Vec<_> = keys.iter().map(|key| self.get(table, key)).collect();
        let items: Vec<Option<Item>> = futures::stream::iter(reads).buffered(AT_ONCE).try_collect().await?;
        Ok(items.into_iter().flatten().collect())
    }

    async fn get_batch(&self, table: Table, keys: &[Key]) -> Result<Vec<Item>, StoreError> {
        let name = self.tables.name(table);
        let mut wanted: Vec<Item> = keys.iter().map(key_item).collect();
        let mut found = Vec::with_capacity(wanted.len());
        for round in 0..BATCH_ROUNDS {
            let request = KeysAndAttributes::builder().set_keys(Some(wanted)).consistent_read(true).build();
            let request = request.expect("the keys are set");
            let call = BatchGetItemInput::builder()
                .request_items(name, request)
                .set_return_consumed_capacity(meter::wanted(self.meter.as_ref()));
            let answer = self.calls.batch_get_item(call).await;
            let answer = answer.map_err(|error| StoreError::from_sdk("BatchGetItem", error))?;
            meter::count(self.meter.as_ref(), Direction::Read, answer.consumed_capacity());
            found.extend(answer.responses.and_then(|mut tables| tables.remove(name)).unwrap_or_default());
            wanted = rest(answer.unprocessed_keys, name).map(|rest| rest.keys).unwrap_or_default();
            if wanted.is_empty() {
                return Ok(found);
            }
            pause(round).await;
        }
        Err(still_busy("BatchGetItem"))
    }

    /// Puts and deletes all of them, in no order and not as one.
    pub(crate) async fn write_many(
        &self,
        table: Table,
        puts: Vec<Item>,
        deletes: &[Key],
    ) -> Result<(), StoreError> {
        let puts = puts.into_iter().map(|item| {
            let put = PutRequest::builder().set_item(Some(item)).build().expect("the item is set");
            WriteRequest::builder().put_request(put).build()
        });
        let deletes = deletes.iter().map(|key| {
            let delete =
                DeleteRequest::builder().set_key(Some(key_item(key))).build().expect("the key is set");
            WriteRequest::builder().delete_request(delete).build()
        });
        let requests: Vec<WriteRequest> = puts.chain(deletes).collect();
        for chunk in requests.chunks(BATCH_WRITE) {
            self.write_batch(table, chunk.to_vec()).await?;
        }
        Ok(())
    }

    async fn write_batch(&self, table: Table, mut requests: Vec<WriteRequest>) -> Result<(), StoreError> {
        let name = self.tables.name(table);
        for round in 0..BATCH_ROUNDS {
            let call = BatchWriteItemInput::builder()
                .request_items(name, requests)
                .set_return_consumed_capacity(meter::wanted(self.meter.as_ref()));
            let answer = self.calls.batch_write_item(call).await;
            let answer = answer.map_err(|error| StoreError::from_sdk("BatchWriteItem", error))?;
            meter::count(self.meter.as_ref(), Direction::Write, answer.consumed_capacity());
            requests = rest(answer.unprocessed_items, name).unwrap_or_default();
            if requests.is_empty() {
                return Ok(());
            }
            pause(round).await;
        }
        Err(still_busy("BatchWriteItem"))
    }
}

fn rest<T>(unprocessed: Option<HashMap<String, T>>, table: &str) -> Option<T> {
    unprocessed.and_then(|mut tables| tables.remove(table))
}

/// Between the rounds of a batch; without chance, since only this call repeats.
async fn pause(round: u32) {
    tokio::time::sleep(crate::error::backoff(round, 1.0)).await;
}

fn still_busy(operation: &'static str) -> StoreError {
    StoreError::Busy { operation, source: "part of the batch was never processed".into() }
}
