//! Transactions.

use aws_sdk_dynamodb::operation::transact_write_items::{
    TransactWriteItemsError, TransactWriteItemsInput, TransactWriteItemsOutput,
};
use aws_sdk_dynamodb::types::{ConditionCheck, Delete, Put, TransactWriteItem, Update};
use dynoxide::actions::transact_write_items::{
    TransactConditionCheck, TransactDelete, TransactPut, TransactUpdate, TransactWriteItem as Part,
    TransactWriteItemsRequest,
};
use dynoxide::{Database, DynoxideError};

use super::attempts::token;
use super::attributes::{all_consumed, engine_item, engine_values};
use super::writes::{key, word};
use super::{Request, refuse};
use crate::call::{Call, Touch};
use crate::engine::Turn;

impl Request for TransactWriteItemsInput {
    type Output = TransactWriteItemsOutput;
    type Error = TransactWriteItemsError;
    const TURN: Turn = Turn::Write;

    fn call(&self) -> Call {
        let items = self.transact_items.iter().flatten();
        Call { operation: "TransactWriteItems".into(), touches: items.flat_map(touches).collect() }
    }

    /// Within this process no answer is lost but on demand: the token, which costs the engine a digest of the whole
    /// request, is only given then.
    fn repeatable(mut self) -> Self {
        self.client_request_token.get_or_insert_with(token);
        self
    }

    fn carry_out(self, database: &Database) -> Result<TransactWriteItemsOutput, DynoxideError> {
        refuse(&[("ReturnItemCollectionMetrics", self.return_item_collection_metrics.is_some())])?;
        let answer = database.transact_write_items(TransactWriteItemsRequest {
            transact_items: self.transact_items.into_iter().flatten().map(part).collect::<Result<_, _>>()?,
            client_request_token: self.client_request_token,
            return_consumed_capacity: word(self.return_consumed_capacity),
            return_item_collection_metrics: None,
        })?;
        let consumed = all_consumed(answer.consumed_capacity);
        Ok(TransactWriteItemsOutput::builder().set_consumed_capacity(consumed).build())
    }
}

/// IAM knows no `TransactWriteItems`: each item needs the action of its kind.
fn touches(item: &TransactWriteItem) -> impl Iterator<Item = Touch> {
    let check = item.condition_check.as_ref();
    let check = check.map(|check| Touch::of("ConditionCheckItem", Some(&check.table_name)));
    let put = item.put.as_ref();
    let put = put.map(|put| Touch::of("PutItem", Some(&put.table_name)).writing(key(&put.item)));
    let update = item.update.as_ref();
    let update =
        update.map(|update| Touch::of("UpdateItem", Some(&update.table_name)).writing(key(&update.key)));
    let delete = item.delete.as_ref();
    let delete =
        delete.map(|delete| Touch::of("DeleteItem", Some(&delete.table_name)).writing(key(&delete.key)));
    [check, put, update, delete].into_iter().flatten()
}

fn part(item: TransactWriteItem) -> Result<Part, DynoxideError> {
    Ok(Part {
        put: item.put.map(put).transpose()?,
        update: item.update.map(update).transpose()?,
        delete: item.delete.map(delete).transpose()?,
        condition_check: item.condition_check.map(check).transpose()?,
    })
}

fn put(put: Put) -> Result<TransactPut, DynoxideError> {
    Ok(TransactPut {
        table_name: put.table_name,
        item: engine_item(put.item)?,
        condition_expression: put.condition_expression,
        expression_attribute_names: put.expression_attribute_names,
        expression_attribute_values: engine_values(put.expression_attribute_values)?,
        return_values_on_condition_check_failure: word(put.return_values_on_condition_check_failure),
    })
}

fn update(update: Update) -> Result<TransactUpdate, DynoxideError> {
    Ok(TransactUpdate {
        table_name: update.table_name,
        key: engine_item(update.key)?,
        update_expression: update.update_expression,
        condition_expression: update.condition_expression,
        expression_attribute_names: update.expression_attribute_names,
        expression_attribute_values: engine_values(update.expression_attribute_values)?,
        return_values_on_condition_check_failure: word(update.return_values_on_condition_check_failure),
    })
}

fn delete(delete: Delete) -> Result<TransactDelete, DynoxideError> {
    Ok(TransactDelete {
        table_name: delete.table_name,
        key: engine_item(delete.key)?,
        condition_expression: delete.condition_expression,
        expression_attribute_names: delete.expression_attribute_names,
        expression_attribute_values: engine_values(delete.expression_attribute_values)?,
        return_values_on_condition_check_failure: word(delete.return_values_on_condition_check_failure),
    })
}

fn check(check: ConditionCheck) -> Result<TransactConditionCheck, DynoxideError> {
    Ok(TransactConditionCheck {
        table_name: check.table_name,
        key: engine_item(check.key)?,
        condition_expression: check.condition_expression,
        expression_attribute_names: check.expression_attribute_names,
        expression_attribute_values: engine_values(check.expression_attribute_values)?,
        return_values_on_condition_check_failure: word(check.return_values_on_condition_check_failure),
    })
}
