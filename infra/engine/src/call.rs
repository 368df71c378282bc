//! What a call of the tables touches: which action on which table, index and item.

use std::borrow::Cow;

use serde_json::Value;

/// A call, in whichever form it came.
#[derive(Debug)]
pub(crate) struct Call {
    /// `PutItem` and so on.
    pub(crate) operation: Cow<'static, str>,
    /// All that it touches; a transaction touches with the action of each of its items.
    pub(crate) touches: Vec<Touch>,
}

/// One thing that a call touches.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Touch {
    /// What it needs a right for.
    pub(crate) asked: Asked,
    /// Partition and sort key of a written item.
    pub(crate) written: Option<Written>,
}

/// What a role allows or not.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Asked {
    /// The IAM action, without `dynamodb:`.
    pub(crate) action: Cow<'static, str>,
    /// The table; `None` for requests about all of them.
    pub(crate) table: Option<String>,
    /// The index that a query reads.
    pub(crate) index: Option<String>,
}

/// Partition and sort key: every table here is keyed by two texts, `pk` and `sk`.
pub(crate) type Written = (String, String);

impl Call {
    /// A request as the API writes it.
    pub(crate) fn read(operation: &str, body: &[u8]) -> Self {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let touches = match operation {
            "BatchGetItem" => batch_reads(&body),
            "BatchWriteItem" => batch_writes(&body),
            "TransactWriteItems" | "TransactGetItems" => transaction(&body),
            operation => vec![touch(operation.to_owned(), &body)],
        };
        Self { operation: operation.to_owned().into(), touches }
    }

    /// The tables of which it writes items, each once.
    pub(crate) fn written_tables(&self) -> Vec<&str> {
        let written = self.touches.iter().filter(|touch| touch.written.is_some());
        let mut tables: Vec<&str> = written.filter_map(|touch| touch.asked.table.as_deref()).collect();
        tables.sort_unstable();
        tables.dedup();
        tables
    }

    /// The table of the index that it reads.
    pub(crate) fn table_of_index(&self) -> Option<&str> {
        let touch = self.touches.first().filter(|touch| touch.asked.index.is_some())?;
        touch.asked.table.as_deref()
    }
}

impl Touch {
    /// An action on a table as a whole.
    pub(crate) fn of(action: &'static str, table: Option<&String>) -> Self {
        let asked = Asked { action: action.into(), table: table.cloned(), index: None };
        Self { asked, written: None }
    }

    /// The same, on an index of it.
    pub(crate) fn at(mut self, index: Option<&String>) -> Self {
        self.asked.index = index.cloned();
        self
    }

    /// The same, writing the item of this key.
    pub(crate) fn writing(mut self, key: Option<Written>) -> Self {
        self.written = key;
        self
    }
}

fn batch_reads(body: &Value) -> Vec<Touch> {
    let tables = body["RequestItems"].as_object().into_iter().flatten();
    tables.map(|(table, _)| Touch::of("BatchGetItem", Some(table))).collect()
}

fn batch_writes(body: &Value) -> Vec<Touch> {
    let tables = body["RequestItems"].as_object().into_iter().flatten();
    let writes = tables
        .flat_map(|(table, writes)| writes.as_array().into_iter().flatten().map(move |write| (table, write)));
    let key =
        |write: &Value| key(&write["PutRequest"]["Item"]).or_else(|| key(&write["DeleteRequest"]["Key"]));
    writes.map(|(table, write)| Touch::of("BatchWriteItem", Some(table)).writing(key(write))).collect()
}

fn transaction(body: &Value) -> Vec<Touch> {
    let items = body["TransactItems"].as_array().into_iter().flatten();
    let parts = items.flat_map(|item| item.as_object().into_iter().flatten());
    parts.map(|(part, request)| touch(action_of_part(part), request)).collect()
}

/// IAM knows no `TransactWriteItems`: each item needs the action of its kind.
fn action_of_part(part: &str) -> String {
    match part {
        "ConditionCheck" => "ConditionCheckItem".to_owned(),
        other => format!("{other}Item"),
    }
}

fn touch(action: String, request: &Value) -> Touch {
    let writes = matches!(action.as_str(), "PutItem" | "UpdateItem" | "DeleteItem");
    let written = key(&request["Item"]).or_else(|| key(&request["Key"])).filter(|_| writes);
    let word = |name: &str| request[name].as_str().map(str::to_owned);
    Touch {
        asked: Asked { action: action.into(), table: word("TableName"), index: word("IndexName") },
        written,
    }
}

/// The key of an item as the API writes it.
pub(crate) fn key(item: &Value) -> Option<Written> {
    let text = |name: &str| item[name]["S"].as_str().map(str::to_owned);
    Some((text("pk")?, text("sk")?))
}
