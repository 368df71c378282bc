//! Writes of items, one by one and in batches.

use aws_sdk_dynamodb::operation::batch_write_item::{
    BatchWriteItemError, BatchWriteItemInput, BatchWriteItemOutput,
};
use aws_sdk_dynamodb::operation::delete_item::{DeleteItemError, DeleteItemInput, DeleteItemOutput};
use aws_sdk_dynamodb::operation::put_item::{PutItemError, PutItemInput, PutItemOutput};
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemInput, UpdateItemOutput};
use aws_sdk_dynamodb::types::WriteRequest;
use dynoxide::actions::batch_write_item::{
    BatchWriteItemRequest, DeleteRequest, PutRequest, WriteRequest as Write,
};
use dynoxide::actions::delete_item::DeleteItemRequest;
use dynoxide::actions::put_item::PutItemRequest;
use dynoxide::actions::update_item::UpdateItemRequest;
use dynoxide::{Database, DynoxideError};

use super::attributes::{Item, all_consumed, consumed, engine_item, engine_values, sdk_item};
use super::{Request, refuse};
use crate::call::{Call, Touch, Written};
use crate::engine::Turn;

/// The key of an item.
pub(super) fn key(item: &Item) -> Option<Written> {
    let text = |name: &str| Some(item.get(name)?.as_s().ok()?.clone());
    Some((text("pk")?, text("sk")?))
}

fn key_of(item: Option<&Item>) -> Option<Written> {
    item.and_then(key)
}

/// A choice of the SDK as the engine names it.
pub(super) fn word(choice: Option<impl AsRef<str>>) -> Option<String> {
    choice.map(|choice| choice.as_ref().to_owned())
}

impl Request for PutItemInput {
    type Output = PutItemOutput;
    type Error = PutItemError;
    const TURN: Turn = Turn::Write;

    fn call(&self) -> Call {
        let touch = Touch::of("PutItem", self.table_name.as_ref()).writing(key_of(self.item.as_ref()));
        Call { operation: "PutItem".into(), touches: vec![touch] }
    }

    fn carry_out(self, database: &Database) -> Result<PutItemOutput, DynoxideError> {
        refuse(&[
            ("Expected", self.expected.is_some()),
            ("ConditionalOperator", self.conditional_operator.is_some()),
            ("ReturnItemCollectionMetrics", self.return_item_collection_metrics.is_some()),
        ])?;
        let answer = database.put_item(PutItemRequest {
            table_name: self.table_name.unwrap_or_default(),
            item: engine_item(self.item.unwrap_or_default())?,
            return_values: word(self.return_values),
            condition_expression: self.condition_expression,
            expression_attribute_names: self.expression_attribute_names,
            expression_attribute_values: engine_values(self.expression_attribute_values)?,
            return_consumed_capacity: word(self.return_consumed_capacity),
            return_values_on_condition_check_failure: word(self.return_values_on_condition_check_failure),
            ..PutItemRequest::default()
        })?;
        Ok(PutItemOutput::builder()
            .set_attributes(answer.attributes.map(sdk_item))
            .set_consumed_capacity(answer.consumed_capacity.map(consumed))
            .build())
    }
}

impl Request for UpdateItemInput {
    type Output = UpdateItemOutput;
    type Error = UpdateItemError;
    const TURN: Turn = Turn::Write;

    fn call(&self) -> Call {
        let touch = Touch::of("UpdateItem", self.table_name.as_ref()).writing(key_of(self.key.as_ref()));
        Call { operation: "UpdateItem".into(), touches: vec![touch] }
    }

    fn carry_out(self, database: &Database) -> Result<UpdateItemOutput, DynoxideError> {
        refuse(&[
            ("AttributeUpdates", self.attribute_updates.is_some()),
            ("Expected", self.expected.is_some()),
            ("ConditionalOperator", self.conditional_operator.is_some()),
            ("ReturnItemCollectionMetrics", self.return_item_collection_metrics.is_some()),
        ])?;
        let answer = database.update_item(UpdateItemRequest {
            table_name: self.table_name.unwrap_or_default(),
            key: engine_item(self.key.unwrap_or_default())?,
            update_expression: self.update_expression,
            condition_expression: self.condition_expression,
            expression_attribute_names: self.expression_attribute_names,
            expression_attribute_values: engine_values(self.expression_attribute_values)?,
            return_values: word(self.return_values),
            return_consumed_capacity: word(self.return_consumed_capacity),
            return_values_on_condition_check_failure: word(self.return_values_on_condition_check_failure),
            ..UpdateItemRequest::default()
        })?;
        Ok(UpdateItemOutput::builder()
            .set_attributes(answer.attributes.map(sdk_item))
            .set_consumed_capacity(answer.consumed_capacity.map(consumed))
            .build())
    }
}

impl Request for DeleteItemInput {
    type Output = DeleteItemOutput;
    type Error = DeleteItemError;
    const TURN: Turn = Turn::Write;

    fn call(&self) -> Call {
        let touch = Touch::of("DeleteItem", self.table_name.as_ref()).writing(key_of(self.key.as_ref()));
        Call { operation: "DeleteItem".into(), touches: vec![touch] }
    }

    fn carry_out(self, database: &Database) -> Result<DeleteItemOutput, DynoxideError> {
        refuse(&[
            ("Expected", self.expected.is_some()),
            ("ConditionalOperator", self.conditional_operator.is_some()),
            ("ReturnItemCollectionMetrics", self.return_item_collection_metrics.is_some()),
        ])?;
        let answer = database.delete_item(DeleteItemRequest {
            table_name: self.table_name.unwrap_or_default(),
            key: engine_item(self.key.unwrap_or_default())?,
            return_values: word(self.return_values),
            condition_expression: self.condition_expression,
            expression_attribute_names: self.expression_attribute_names,
            expression_attribute_values: engine_values(self.expression_attribute_values)?,
            return_consumed_capacity: word(self.return_consumed_capacity),
            return_values_on_condition_check_failure: word(self.return_values_on_condition_check_failure),
            ..DeleteItemRequest::default()
        })?;
        Ok(DeleteItemOutput::builder()
            .set_attributes(answer.attributes.map(sdk_item))
            .set_consumed_capacity(answer.consumed_capacity.map(consumed))
            .build())
    }
}

impl Request for BatchWriteItemInput {
    type Output = BatchWriteItemOutput;
    type Error = BatchWriteItemError;
    const TURN: Turn = Turn::Write;

    fn call(&self) -> Call {
        let tables = self.request_items.iter().flatten();
        let writes = tables.flat_map(|(table, writes)| writes.iter().map(move |write| (table, write)));
        let touch = |(table, write): (&String, &WriteRequest)| {
            let put = write.put_request.as_ref().map(|put| &put.item);
            let written = put.or_else(|| write.delete_request.as_ref().map(|delete| &delete.key));
            Touch::of("BatchWriteItem", Some(table)).writing(key_of(written))
        };
        Call { operation: "BatchWriteItem".into(), touches: writes.map(touch).collect() }
    }

    fn carry_out(self, database: &Database) -> Result<BatchWriteItemOutput, DynoxideError> {
        refuse(&[("ReturnItemCollectionMetrics", self.return_item_collection_metrics.is_some())])?;
        let tables = self.request_items.unwrap_or_default().into_iter();
        let writes =
            |writes: Vec<WriteRequest>| writes.into_iter().map(engine_write).collect::<Result<_, _>>();
        let answer = database.batch_write_item(BatchWriteItemRequest {
            request_items: tables
                .map(|(table, all)| Ok((table, writes(all)?)))
                .collect::<Result<_, DynoxideError>>()?,
            return_consumed_capacity: word(self.return_consumed_capacity),
            return_item_collection_metrics: None,
        })?;
        if !answer.unprocessed_items.is_empty() {
            let words = "the engine left writes of a batch undone, which it never does";
            return Err(DynoxideError::InternalServerError(words.to_owned()));
        }
        Ok(BatchWriteItemOutput::builder()
            .set_unprocessed_items(Some(std::collections::HashMap::new()))
            .set_consumed_capacity(all_consumed(answer.consumed_capacity))
            .build())
    }
}

fn engine_write(write: WriteRequest) -> Result<Write, DynoxideError> {
    let put = write.put_request.map(|put| engine_item(put.item)).transpose()?;
    let delete = write.delete_request.map(|delete| engine_item(delete.key)).transpose()?;
    Ok(Write {
        put_request: put.map(|item| PutRequest { item }),
        delete_request: delete.map(|key| DeleteRequest { key }),
    })
}
