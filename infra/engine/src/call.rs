//! What a request of the DynamoDB API touches: which action on which table, index and item.

use serde_json::Value;

/// A request.
pub(crate) struct Call {
    /// `PutItem` and so on.
    pub(crate) operation: String,
    /// Its JSON.
    pub(crate) body: Value,
}

/// One thing that a request touches.
#[derive(Debug, PartialEq)]
pub(crate) struct Touch {
    /// The IAM action, without `dynamodb:`.
    pub(crate) action: String,
    /// The table; `None` for requests about all of them.
    pub(crate) table: Option<String>,
    /// The index that a query reads.
    pub(crate) index: Option<String>,
    /// Partition and sort key of a written item.
    pub(crate) written: Option<Written>,
}

/// Partition and sort key, each as the API writes it.
pub(crate) type Written = (Value, Value);

impl Call {
    pub(crate) fn new(operation: &str, body: &[u8]) -> Self {
        Self { operation: operation.to_owned(), body: serde_json::from_slice(body).unwrap_or_default() }
    }

    /// All that it touches; a transaction touches with the action of each of its items.
    pub(crate) fn touches(&self) -> Vec<Touch> {
        match self.operation.as_str() {
            "BatchGetItem" => self.batch_tables(),
            "BatchWriteItem" => self.batch_writes(),
            "TransactWriteItems" | "TransactGetItems" => self.transaction(),
            operation => vec![touch(operation, &self.body)],
        }
    }

    fn batch_tables(&self) -> Vec<Touch> {
        let tables = self.body["RequestItems"].as_object().into_iter().flatten();
        tables.map(|(table, _)| named(&self.operation, table)).collect()
    }

    fn batch_writes(&self) -> Vec<Touch> {
        let tables = self.body["RequestItems"].as_object().into_iter().flatten();
        let writes = tables.flat_map(|(table, writes)| {
            writes.as_array().into_iter().flatten().map(move |write| (table, write))
        });
        writes
            .map(|(table, write)| Touch {
                written: key(&write["PutRequest"]["Item"]).or_else(|| key(&write["DeleteRequest"]["Key"])),
                ..named(&self.operation, table)
            })
            .collect()
    }

    fn transaction(&self) -> Vec<Touch> {
        let items = self.body["TransactItems"].as_array().into_iter().flatten();
        let parts = items.flat_map(|item| item.as_object().into_iter().flatten());
        parts.map(|(part, request)| touch(&action_of_part(part), request)).collect()
    }
}

/// IAM knows no `TransactWriteItems`: each item needs the action of its kind.
fn action_of_part(part: &str) -> String {
    match part {
        "ConditionCheck" => "ConditionCheckItem".to_owned(),
        other => format!("{other}Item"),
    }
}

fn touch(action: &str, request: &Value) -> Touch {
    let writes = matches!(action, "PutItem" | "UpdateItem" | "DeleteItem");
    let written = key(&request["Item"]).or_else(|| key(&request["Key"])).filter(|_| writes);
    Touch {
        action: action.to_owned(),
        table: request["TableName"].as_str().map(str::to_owned),
        index: request["IndexName"].as_str().map(str::to_owned),
        written,
    }
}

fn named(action: &str, table: &str) -> Touch {
    Touch { action: action.to_owned(), table: Some(table.to_owned()), index: None, written: None }
}

/// Every table here is keyed by `pk` and `sk`.
pub(crate) fn key(item: &Value) -> Option<Written> {
    Some((item.get("pk")?.clone(), item.get("sk")?.clone()))
}
