//! Queries: one partition of a table or of an index, in order.

use aws_sdk_dynamodb::operation::query::QueryInput;
use aws_sdk_dynamodb::operation::scan::ScanInput;

use crate::error::StoreError;
use crate::meter::{self, Direction};
use crate::store::Store;
use crate::table::{Expression, Item, Table, text};

/// The sort keys that a query takes.
#[derive(Clone, Debug)]
pub(crate) enum Range {
    All,
    Prefix(String),
    /// From the first on, exclusive.
    After(String),
    /// Up to and including.
    UpTo(String),
    Before(String),
    /// Both ends included.
    Between(String, String),
}

/// One partition in order.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    table: Table,
    index: Option<Index>,
    partition: String,
    range: Range,
    descending: bool,
    filter: Option<Expression>,
    limit: Option<usize>,
    from: Option<Item>,
}

/// An index, and the names of its keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Index {
    pub name: &'static str,
    pub partition: &'static str,
    pub sort: &'static str,
}

pub(crate) const RECENT: Index = Index { name: "recent", partition: "folder", sort: "activity" };
pub(crate) const WAITING: Index = Index { name: "waiting", partition: "waiting_folder", sort: "waiting_key" };
pub(crate) const DUE: Index = Index { name: "due", partition: "due_shard", sort: "due_at" };
pub(crate) const MEMBER: Index = Index { name: "member", partition: "member_of", sort: "conversation" };
pub(crate) const PINNED: Index = Index { name: "pinned", partition: "pinned_by", sort: "sk" };
pub(crate) const KIND: Index = Index { name: "directory_kind", partition: "kind", sort: "kind_key" };
pub(crate) const TRAY: Index = Index { name: "tray", partition: "tray", sort: "received_at" };

/// Some of what a query found, and where it goes on.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub items: Vec<Item>,
    pub next: Option<Item>,
}

impl Query {
    /// A partition of a table, strongly consistent.
    pub fn table(table: Table, partition: impl Into<String>) -> Self {
        Self {
            table,
            index: None,
            partition: partition.into(),
            range: Range::All,
            descending: false,
            filter: None,
            limit: None,
            from: None,
        }
    }

    /// A partition of an index, which may lag behind its table.
    pub fn index(table: Table, index: Index, partition: impl Into<String>) -> Self {
        Self { index: Some(index), ..Self::table(table, partition) }
    }

    pub fn range(mut self, range: Range) -> Self {
        self.range = range;
        self
    }

    pub fn prefix(self, prefix: impl Into<String>) -> Self {
        self.range(Range::Prefix(prefix.into()))
    }

    pub fn descending(mut self, descending: bool) -> Self {
        self.descending = descending;
        self
    }

    pub fn filter(mut self, filter: Expression) -> Self {
        self.filter = Some(filter);
        self
    }

    /// At most so many items are looked at.
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = Some(limit);
        self
    }

    pub fn from(mut self, from: Option<Item>) -> Self {
        self.from = from;
        self
    }

    fn condition(&self) -> Expression {
        let index = self.index;
        let partition = index.map_or("pk", |i| i.partition);
        let sort = index.map_or("sk", |i| i.sort);
        let (clause, low, high) = match &self.range {
            Range::All => ("", None, None),
            Range::Prefix(prefix) => (" AND begins_with(#sort, :low)", Some(prefix), None),
            Range::After(low) => (" AND #sort > :low", Some(low), None),
            Range::UpTo(high) => (" AND #sort <= :high", None, Some(high)),
            Range::Before(high) => (" AND #sort < :high", None, Some(high)),
            Range::Between(low, high) => (" AND #sort BETWEEN :low AND :high", Some(low), Some(high)),
        };
        let mut condition = Expression::new(format!("#partition = :partition{clause}"))
            .name("#partition", partition)
            .value(":partition", text(&self.partition));
        if !clause.is_empty() {
            condition = condition.name("#sort", sort);
        }
        for (placeholder, bound) in [(":low", low), (":high", high)] {
            if let Some(bound) = bound {
                condition = condition.value(placeholder, text(bound));
            }
        }
        condition
    }
}

impl Store {
    /// One page, as the table gives it.
    pub(crate) async fn query(&self, query: Query) -> Result<Found, StoreError> {
        let mut condition = query.condition();
        let filter = query.filter.map(|filter| {
            condition.names.extend(filter.names);
            condition.values.extend(filter.values);
            filter.text
        });
        let call = QueryInput::builder()
            .table_name(self.tables.name(query.table))
            .set_index_name(query.index.map(|index| index.name.to_owned()))
            .consistent_read(query.index.is_none())
            .set_expression_attribute_names(condition.names())
            .set_expression_attribute_values(condition.values())
            .key_condition_expression(condition.text)
            .set_filter_expression(filter)
            .scan_index_forward(!query.descending)
            .set_limit(query.limit.map(|limit| i32::try_from(limit).unwrap_or(i32::MAX).max(1)))
            .set_exclusive_start_key(query.from)
            .set_return_consumed_capacity(meter::wanted(self.meter.as_ref()));
        let answer = self.calls.query(call).await.map_err(|error| StoreError::from_sdk("Query", error))?;
        meter::count(self.meter.as_ref(), Direction::Read, answer.consumed_capacity());
        Ok(Found { items: answer.items.unwrap_or_default(), next: answer.last_evaluated_key })
    }

    /// All pages.
    pub(crate) async fn query_all(&self, query: Query) -> Result<Vec<Item>, StoreError> {
        let mut found = self.query(query.clone()).await?;
        let mut items = found.items;
        while let Some(next) = found.next {
            found = self.query(query.clone().from(Some(next))).await?;
            items.append(&mut found.items);
        }
        Ok(items)
    }

    /// The first `wanted` items that pass the filter, over as many pages as that takes.
    pub(crate) async fn query_first(&self, query: Query, wanted: usize) -> Result<Vec<Item>, StoreError> {
        let mut found = self.query(query.clone()).await?;
        let mut items = found.items;
        while let Some(next) = found.next.filter(|_| items.len() < wanted) {
            found = self.query(query.clone().from(Some(next))).await?;
            items.append(&mut found.items);
        }
        items.truncate(wanted);
        Ok(items)
    }

    /// One page of a whole table, strongly consistent; for rebuilds and tools, never on a request's path.
    pub(crate) async fn scan(
        &self,
        table: Table,
        filter: Expression,
        from: Option<Item>,
    ) -> Result<Found, StoreError> {
        let call = ScanInput::builder()
            .table_name(self.tables.name(table))
            .consistent_read(true)
            .set_expression_attribute_names(filter.names())
            .set_expression_attribute_values(filter.values())
            .filter_expression(filter.text)
            .set_exclusive_start_key(from)
            .set_return_consumed_capacity(meter::wanted(self.meter.as_ref()));
        let answer = self.calls.scan(call).await.map_err(|error| StoreError::from_sdk("Scan", error))?;
        meter::count(self.meter.as_ref(), Direction::Read, answer.consumed_capacity());
        Ok(Found { items: answer.items.unwrap_or_default(), next: answer.last_evaluated_key })
    }
}
