//! Whole items by their keys, read beside the engine: it makes each statement anew and builds every value twice. Asked
//! for nothing else, since anything that is out of the ordinary (another kind of key, a part of an item, what it
//! consumed, an error) is the engine's to answer.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;

use rusqlite::{Connection, OpenFlags, OptionalExtension, Row};
use serde::Deserialize;

use super::Range;
use super::packed::{INDEX_KEYS, index_table};

/// Kilobytes of the file that a connection keeps in mind: the upper levels of the trees.
const KEPT_KB: i64 = 1024;

/// Statements that it keeps: of each table a few.
const KEPT_STATEMENTS: usize = 64;

/// A connection that reads items. It keeps in mind how the tables are made.
pub(crate) struct Rows {
    connection: Connection,
    keys: RefCell<HashMap<String, Option<KeyNames>>>,
}

/// What the two parts of a table's keys are called, where both are text.
#[derive(Clone)]
pub(crate) struct KeyNames {
    pub(crate) partition: String,
    pub(crate) sort: String,
}

#[derive(Deserialize)]
struct KeyPart {
    #[serde(rename = "AttributeName")]
    name: String,
    #[serde(rename = "KeyType")]
    kind: String,
}

#[derive(Deserialize)]
struct IndexKeys {
    #[serde(rename = "IndexName")]
    name: String,
    #[serde(rename = "KeySchema")]
    keys: Vec<KeyPart>,
}

#[derive(Deserialize)]
struct Attribute {
    #[serde(rename = "AttributeName")]
    name: String,
    #[serde(rename = "AttributeType")]
    kind: String,
}

impl Rows {
    pub(super) fn open(path: &str) -> rusqlite::Result<Self> {
        // It only reads. Yet whichever connection closes last has to be able to empty the log and take it away.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.pragma_update(None, "query_only", true)?;
        connection.busy_timeout(std::time::Duration::from_secs(5))?;
        connection.pragma_update(None, "cache_size", -KEPT_KB)?;
        connection.set_prepared_statement_cache_capacity(KEPT_STATEMENTS);
        Ok(Self { connection, keys: RefCell::default() })
    }

    /// How the keys of a table or of its index are called; none for one that is not there or has other keys.
    pub(crate) fn keys_of(&self, table: &str, index: Option<&str>) -> Option<KeyNames> {
        let name = index.map_or(Cow::Borrowed(table), |index| index_table(table, index).into());
        if let Some(known) = self.keys.borrow().get(&*name) {
            return known.clone();
        }
        let made = self.made(table, index).ok().flatten();
        self.keys.borrow_mut().insert(name.into_owned(), made.clone());
        made
    }

    fn made(&self, table: &str, index: Option<&str>) -> rusqlite::Result<Option<KeyNames>> {
        let made = "SELECT key_schema, attribute_definitions, COALESCE(gsi_definitions, '[]') FROM _tables
            WHERE table_name = ?1";
        let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let made: Option<(String, String, String)> =
            self.connection.query_row(made, [table], read).optional()?;
        Ok(made.and_then(|(keys, attributes, indexes)| {
            let Some(index) = index else {
                return names(&serde_json::from_str::<Vec<_>>(&keys).ok()?, &attributes);
            };
            let indexes: Vec<IndexKeys> = serde_json::from_str(&indexes).ok()?;
            names(&indexes.into_iter().find(|one| one.name == index)?.keys, &attributes)
        }))
    }

    /// What `read` makes of an item as it is stored; none where there is none.
    pub(crate) fn item<T>(
        &self,
        table: &str,
        (partition, sort): (&str, &str),
        read: impl FnOnce(&str) -> Option<T>,
    ) -> rusqlite::Result<Option<T>> {
        let get = format!("SELECT item_json FROM \"{table}\" WHERE pk = ?1 AND sk = ?2");
        let mut statement = self.connection.prepare_cached(&get)?;
        let mut rows = statement.query([format!("S:{partition}"), format!("S:{sort}")])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let stored = row.get_ref(0)?.as_str()?;
        read(stored).map(Some).ok_or(rusqlite::Error::InvalidQuery)
    }

    /// What `read` makes of the items of a partition in the order of their sort keys, or backward, and at most so many.
    pub(crate) fn items<T>(
        &self,
        (table, index): (&str, Option<&str>),
        partition: &str,
        range: &Range,
        (is_backward, limit): (bool, Option<usize>),
        mut read: impl FnMut(&str) -> Option<T>,
    ) -> rusqlite::Result<Vec<T>> {
        let query = match index {
            None => ordered(table, &["pk", "sk"], range, is_backward),
            Some(index) => ordered(&index_table(table, index), &INDEX_KEYS, range, is_backward),
        };
        let mut statement = self.connection.prepare_cached(&query)?;
        statement.raw_bind_parameter(1, format!("S:{partition}"))?;
        statement
            .raw_bind_parameter(2, limit.map_or(-1, |limit| i64::try_from(limit).unwrap_or(i64::MAX)))?;
        for (at, (_, bound)) in range.bounds().enumerate() {
            statement.raw_bind_parameter(at + 3, format!("S:{bound}"))?;
        }
        let (mut rows, mut items) = (statement.raw_query(), Vec::new());
        while let Some(row) = rows.next()? {
            items.push(read(row.get_ref(0)?.as_str()?).ok_or(rusqlite::Error::InvalidQuery)?);
        }
        Ok(items)
    }
}

/// What is asked of the items of a partition: `?1`, at most `?2` of them, and the bounds of their sort keys after that.
fn ordered(name: &str, keys: &[&str], range: &Range, is_backward: bool) -> String {
    let (partition, sort) = (keys[0], keys[1]);
    let bounds = range.bounds().enumerate();
    let bounds: Vec<String> =
        bounds.map(|(at, (compared, _))| format!(" AND {sort} {compared} ?{}", at + 3)).collect();
    let way = if is_backward { " DESC" } else { "" };
    let order: Vec<String> = keys[1..].iter().map(|key| format!("{key}{way}")).collect();
    let (bounds, order) = (bounds.concat(), order.join(", "));
    format!("SELECT item_json FROM \"{name}\" WHERE {partition} = ?1{bounds} ORDER BY {order} LIMIT ?2")
}

fn names(keys: &[KeyPart], attributes: &str) -> Option<KeyNames> {
    if keys.len() != 2 {
        return None;
    }
    let attributes: Vec<Attribute> = serde_json::from_str(attributes).ok()?;
    let is_text = |name: &str| attributes.iter().any(|one| one.name == name && one.kind == "S");
    let named = |kind: &str| {
        let part = keys.iter().find(|part| part.kind == kind)?;
        is_text(&part.name).then(|| part.name.clone())
    };
    Some(KeyNames { partition: named("HASH")?, sort: named("RANGE")? })
}
