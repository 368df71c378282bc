//! Fills an empty store with a great deal. Rows are gathered beside it in the order in which they come, and laid table by
//! table in the order of their keys: written one by one, each would go to a place of its own in trees that outgrow what
//! is kept in mind, and leave pages half empty.
//!
//! The rows are those that the engine's own import would write: the same values, validated by it, and one in each index
//! whose keys an item has. Keys are text, as all of ours are; tables with others are refused.

use std::collections::BTreeMap;

use dynoxide::{AttributeValue, storage, types, validation};
use rusqlite::{Statement, Transaction, TransactionBehavior, params_from_iter, types::Value as Sql};
use serde_json::Value;

use super::{SMALL, Shape, index_table, listed};
use crate::engine::side::{Made, Side};
use crate::engine::{Engine, EngineError, Room};
use crate::values::{Item, engine_items};

/// Where rows are gathered: without a name it lies among SQLite's temporary files, and is gone with the connection.
const GATHER: &str =
    "ATTACH '' AS gathered; PRAGMA gathered.journal_mode = OFF; PRAGMA main.cache_size = -64000";
/// At the end everything is laid anew: only then SQLite fills the pages of tables without row numbers.
const LAID: &str = "DETACH gathered; VACUUM; PRAGMA main.cache_size = -2000; PRAGMA wal_checkpoint(TRUNCATE)";

/// What was gathered of an item without its keys. A row has nothing for an empty object.
const LEFT: &str = "nullif(item, x'0C')";

/// A store that is being filled. No stream tells of it, and nobody is woken.
pub struct Loading {
    engine: Engine,
}

impl Engine {
    /// Begins to fill a store that nobody else uses. What is put is there after [`Loading::end`].
    pub async fn load(&self) -> Result<Loading, EngineError> {
        self.run(|room| room.side.connection.execute_batch(GATHER)).await??;
        Ok(Loading { engine: self.clone() })
    }
}

impl Loading {
    /// Gathers items. A key comes once, and is not in the table yet.
    pub async fn put(&self, table: &str, items: Vec<Item>) -> Result<(), EngineError> {
        let table = table.to_owned();
        self.engine.run(move |room| room.gather(&table, items)).await?
    }

    /// Lays what was gathered: all of a table and its indexes, or nothing.
    pub async fn end(&self) -> Result<(), EngineError> {
        Ok(self.engine.run(|room| room.side.lay()).await??)
    }
}

impl Room {
    fn gather(&self, table: &str, items: Vec<Item>) -> Result<(), EngineError> {
        let refused =
            |reason: &str| EngineError::Table { table: table.to_owned(), reason: reason.to_owned() };
        let made = self.side.made(table)?.ok_or_else(|| refused("there is none"))?;
        let shapes = Shape::all(table, &made);
        if shapes.len() != 1 + made.indexes.len() {
            return Err(refused("its keys are no text"));
        }
        let gathering = self.side.connection.unchecked_transaction()?;
        let mut rows = shapes
            .into_iter()
            .map(|shape| Rows::into(&gathering, shape, table, &made))
            .collect::<rusqlite::Result<Vec<_>>>()?;
        for mut item in engine_items(items)? {
            validation::validate_item_attribute_values(&item)?;
            validation::normalize_item_sets(&mut item);
            for rows in &mut rows {
                rows.take(&item)?;
            }
        }
        drop(rows);
        Ok(gathering.commit()?)
    }
}

/// Where the rows of a table or an index are gathered.
struct Rows<'c> {
    shape: Shape,
    /// Of a table's rows the size and the place in a scan are kept too.
    is_table: bool,
    /// What an index has besides keys; none for everything.
    projected: Option<Vec<String>>,
    insert: Statement<'c>,
}

impl<'c> Rows<'c> {
    fn into(
        gathering: &'c Transaction<'_>,
        shape: Shape,
        table: &str,
        made: &Made,
    ) -> rusqlite::Result<Self> {
        let index = made.indexes.iter().find(|index| {
            index["IndexName"].as_str().is_some_and(|name| index_table(table, name) == shape.name)
        });
        let projected = index.and_then(projected);
        gathering.execute_batch(&shape.gathering())?;
        let insert = gathering.prepare(&shape.gather())?;
        Ok(Self { shape, is_table: index.is_none(), projected, insert })
    }

    /// Takes an item, if it has the keys.
    fn take(&mut self, item: &dynoxide::Item) -> Result<(), EngineError> {
        let key = |attribute: &Option<String>| match attribute {
            Some(attribute) => {
                item.get(attribute).filter(|key| matches!(key, AttributeValue::S(_)))?.to_key_string()
            }
            None => Some(String::new()),
        };
        let keys: Option<Vec<Sql>> = self.shape.columns.iter().map(|it| key(it).map(Sql::Text)).collect();
        let Some(mut row) = keys else {
            return if self.is_table { Err(self.lacks_its_keys()) } else { Ok(()) };
        };
        let is_carried = |name: &str| {
            self.shape.attributes.iter().all(|(_, key)| key != name)
                && self.projected.as_ref().is_none_or(|names| names.iter().any(|it| it == name))
        };
        let rest: BTreeMap<&str, &AttributeValue> = item
            .iter()
            .map(|(name, value)| (name.as_str(), value))
            .filter(|(name, _)| is_carried(name))
            .collect();
        row.push(Sql::Text(serde_json::to_string(&rest).map_err(|error| unwritable(&error))?));
        if self.is_table {
            row.push(i64::try_from(types::item_size(item)).unwrap_or(i64::MAX).into());
            let partition = self.shape.columns[0].as_ref().and_then(|name| item.get(name));
            row.push(partition.map(storage::compute_hash_prefix).unwrap_or_default().into());
        }
        self.insert.execute(params_from_iter(row))?;
        Ok(())
    }

    fn lacks_its_keys(&self) -> EngineError {
        let reason = "an item lacks a part of its key, or has no text there".to_owned();
        EngineError::Table { table: self.shape.name.clone(), reason }
    }
}

impl Side {
    fn lay(&self) -> rusqlite::Result<()> {
        for table in self.tables()? {
            let Some(made) = self.made(&table)? else { continue };
            let laying = Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)?;
            for shape in Shape::all(&table, &made) {
                if self.is_gathered(&shape)? {
                    let lay = if self.is_packed(&shape)? {
                        shape.lay_packed(self.newest_large(&shape)?)
                    } else {
                        shape.lay()
                    };
                    laying.execute_batch(&lay)?;
                }
            }
            laying.commit()?;
        }
        self.connection.execute_batch(LAID)
    }

    fn tables(&self) -> rusqlite::Result<Vec<String>> {
        self.connection.prepare("SELECT table_name FROM _tables")?.query_map([], |row| row.get(0))?.collect()
    }

    fn newest_large(&self, shape: &Shape) -> rusqlite::Result<i64> {
        if !shape.is_whole {
            return Ok(0);
        }
        let newest = format!("SELECT coalesce(max(id), 0) FROM \"{}::large\"", shape.name);
        self.connection.query_row(&newest, [], |row| row.get(0))
    }

    fn is_gathered(&self, shape: &Shape) -> rusqlite::Result<bool> {
        let has = "SELECT EXISTS (SELECT 1 FROM gathered.sqlite_master WHERE name = ?1)";
        self.connection.query_row(has, [&shape.name], |row| row.get(0))
    }
}

impl Shape {
    fn gathering(&self) -> String {
        let Self { name, kind, .. } = self;
        format!(
            "CREATE TABLE IF NOT EXISTS gathered.\"{name}\" ({}, item{})",
            kind.keys.join(", "),
            kind.gathered
        )
    }

    /// Gathers a row: its keys, the rest as JSON, and what else is gathered.
    fn gather(&self) -> String {
        let keys = listed(self.kind.keys, |_| "?".to_owned(), ", ");
        let also = ", ?".repeat(self.kind.gathered.matches(',').count());
        format!("INSERT INTO gathered.\"{}\" VALUES ({keys}, jsonb(?){also})", self.name)
    }

    fn lay(&self) -> String {
        let Self { name, kind, .. } = self;
        let keys = kind.keys.join(", ");
        let (whole, rest) = (self.whole(LEFT), kind.rest.replace("cached_at", "NULL"));
        format!(
            "INSERT INTO \"{name}\" ({keys}, item_json{})
                SELECT {keys}, {whole}{rest} FROM gathered.\"{name}\" ORDER BY {keys};",
            kind.rest
        )
    }

    /// What is large gets numbers after the newest.
    fn lay_packed(&self, newest_large: i64) -> String {
        let Self { name, kind, .. } = self;
        let keys = kind.keys.join(", ");
        let from = format!("FROM gathered.\"{name}\" AS new");
        let packing = kind.packing.replace("new.cached_at", "NULL");
        let lay = |item: &str| {
            format!("INSERT INTO \"{name}::packed\" SELECT {keys}, {item}{packing} {from} ORDER BY {keys};")
        };
        if !self.is_whole {
            return lay(LEFT);
        }
        let bytes = listed(kind.keys, |key| format!("octet_length({key})"), " + ");
        let (is_large, number) =
            (format!("{bytes} + length(item) > {SMALL}"), format!("new.rowid + {newest_large}"));
        let packed = lay(&format!("iif({is_large}, {number}, {LEFT})"));
        format!("INSERT INTO \"{name}::large\" SELECT {number}, item {from} WHERE {is_large}; {packed}")
    }
}

/// The attributes that an index takes along; none for all.
fn projected(index: &Value) -> Option<Vec<String>> {
    let projection = &index["Projection"];
    let names = projection["NonKeyAttributes"].as_array().into_iter().flatten();
    let names = names.filter_map(Value::as_str).map(str::to_owned).collect();
    (projection["ProjectionType"] != "ALL").then_some(names)
}

fn unwritable(error: &serde_json::Error) -> EngineError {
    EngineError::Refused(dynoxide::DynoxideError::InternalServerError(error.to_string()))
}
