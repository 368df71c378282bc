//! Whole items by their keys, read beside the engine: it makes each statement anew and builds every value twice. Asked
//! for nothing else, since anything that is out of the ordinary (another kind of key, a part of an item, what it
//! consumed, an error) is the engine's to answer.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row};
use serde::Deserialize;

use super::Range;
use super::packed::{INDEX_KEYS, index_table};

/// Kilobytes of the file that a connection keeps in mind: the upper levels of the trees.
const KEPT_KB: i64 = 1024;

/// Statements that it keeps: of each table a few.
const KEPT_STATEMENTS: usize = 64;

const ITEM_KEYS: [&str; 2] = ["pk", "sk"];

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
    lies: Lies,
}

/// How its rows lie.
#[derive(Clone)]
enum Lies {
    /// As the engine writes them.
    AsText,
    /// Packed; the attributes that its key columns are, and whether what is large of it lies by itself.
    Packed { keys: Vec<String>, has_large: bool },
}

/// An item as it lies there.
pub(crate) enum Stored<'r> {
    /// As JSON.
    Text(&'r str),
    /// Its keys by their attributes, and what else it has as JSONB.
    Packed { keys: Vec<(&'r str, &'r str)>, rest: Option<&'r [u8]> },
}

impl Stored<'_> {
    /// Its bytes: no fewer than DynamoDB counts.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Packed { keys, rest } => {
                let keys: usize = keys.iter().map(|(name, value)| name.len() + value.len()).sum();
                keys + rest.map_or(0, <[u8]>::len)
            }
        }
    }
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
        // A plan serves whatever is bound: else each statement with a limit is prepared once more when it is asked.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        Ok(Self { connection, keys: RefCell::default() })
    }

    /// How the keys of a table or of its index are called; none for one that is not there or has other keys.
    pub(crate) fn keys_of(&self, table: &str, index: Option<&str>) -> Option<KeyNames> {
        let name = index.map_or(Cow::Borrowed(table), |index| index_table(table, index).into());
        if let Some(known) = self.keys.borrow().get(&*name) {
            return known.clone();
        }
        // What could not be read now is asked for again.
        let made = self.made(table, index).ok()?;
        self.keys.borrow_mut().insert(name.into_owned(), made.clone());
        made
    }

    fn made(&self, table: &str, index: Option<&str>) -> rusqlite::Result<Option<KeyNames>> {
        let made = "SELECT key_schema, attribute_definitions, COALESCE(gsi_definitions, '[]') FROM _tables
            WHERE table_name = ?1";
        let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let made: Option<(String, String, String)> =
            self.connection.query_row(made, [table], read).optional()?;
        let Some((keys, attributes, indexes)) = made else { return Ok(None) };
        let Some(of_table) = names(&serde_json::from_str::<Vec<_>>(&keys).unwrap_or_default(), &attributes)
        else {
            return Ok(None);
        };
        let Some(index) = index else { return self.lying(table, &[of_table, Vec::new()]).map(Some) };
        let indexes: Vec<IndexKeys> = serde_json::from_str(&indexes).unwrap_or_default();
        let of_index = indexes.into_iter().find(|one| one.name == index);
        let Some(of_index) = of_index.and_then(|one| names(&one.keys, &attributes)) else { return Ok(None) };
        self.lying(&index_table(table, index), &[of_index, of_table]).map(Some)
    }

    /// How the rows of a table lie whose key columns are these attributes.
    fn lying(&self, name: &str, keys: &[Vec<String>; 2]) -> rusqlite::Result<KeyNames> {
        let has = |suffix: &str| {
            let has = "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1)";
            self.connection.query_row(has, [format!("{name}::{suffix}")], |row| row.get::<_, bool>(0))
        };
        let (partition, sort) = (keys[0][0].clone(), keys[0][1].clone());
        let keys = keys.concat();
        let lies =
            if has("packed")? { Lies::Packed { keys, has_large: has("large")? } } else { Lies::AsText };
        Ok(KeyNames { partition, sort, lies })
    }

    /// What several reads in a row answer, of one moment: the file is locked and let go once, not for each.
    pub(crate) fn together<T>(&self, reads: impl FnOnce() -> T) -> rusqlite::Result<T> {
        // It ends when it is dropped.
        let _moment = self.connection.unchecked_transaction()?;
        Ok(reads())
    }

    /// What `read` makes of an item as it is stored; none where there is none.
    pub(crate) fn item<T>(
        &self,
        (table, names): (&str, &KeyNames),
        (partition, sort): (&str, &str),
        read: impl FnOnce(&Stored<'_>) -> Option<T>,
    ) -> rusqlite::Result<Option<T>> {
        let get = format!("{} WHERE pk = ?1 AND sk = ?2", names.selecting(table, &ITEM_KEYS));
        let mut statement = self.connection.prepare_cached(&get)?;
        let mut rows = statement.query([format!("S:{partition}"), format!("S:{sort}")])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        read(&names.stored(row)?).map(Some).ok_or(rusqlite::Error::InvalidQuery)
    }

    /// What `read` makes of the items of a partition in the order of their sort keys, or backward, and at most so many.
    pub(crate) fn items<T>(
        &self,
        (table, index, names): (&str, Option<&str>, &KeyNames),
        partition: &str,
        range: &Range,
        (is_backward, limit): (bool, Option<usize>),
        mut read: impl FnMut(&Stored<'_>) -> Option<T>,
    ) -> rusqlite::Result<Vec<T>> {
        let query = match index {
            None => names.ordered(table, &ITEM_KEYS, range, is_backward),
            Some(index) => names.ordered(&index_table(table, index), &INDEX_KEYS, range, is_backward),
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
            items.push(read(&names.stored(row)?).ok_or(rusqlite::Error::InvalidQuery)?);
        }
        Ok(items)
    }
}

impl KeyNames {
    /// What of a row is read, and from where.
    fn selecting(&self, name: &str, keys: &[&str]) -> String {
        let keys = keys.join(", ");
        match self.lies {
            Lies::AsText => format!("SELECT item_json FROM \"{name}\""),
            Lies::Packed { has_large: false, .. } => format!("SELECT item, {keys} FROM \"{name}::packed\""),
            Lies::Packed { has_large: true, .. } => format!(
                "SELECT coalesce(large.item, packed.item), {keys} FROM \"{name}::packed\" AS packed
                    LEFT JOIN \"{name}::large\" AS large ON large.id = packed.item"
            ),
        }
    }

    /// What is asked of the items of a partition: `?1`, at most `?2` of them, and the bounds of their sort keys after that.
    fn ordered(&self, name: &str, keys: &[&str], range: &Range, is_backward: bool) -> String {
        let (partition, sort) = (keys[0], keys[1]);
        let bounds = range.bounds().enumerate();
        let bounds: Vec<String> =
            bounds.map(|(at, (compared, _))| format!(" AND {sort} {compared} ?{}", at + 3)).collect();
        let way = if is_backward { " DESC" } else { "" };
        let order: Vec<String> = keys[1..].iter().map(|key| format!("{key}{way}")).collect();
        let (selecting, bounds, order) = (self.selecting(name, keys), bounds.concat(), order.join(", "));
        format!("{selecting} WHERE {partition} = ?1{bounds} ORDER BY {order} LIMIT ?2")
    }

    /// What was selected.
    fn stored<'r>(&'r self, row: &'r Row<'_>) -> rusqlite::Result<Stored<'r>> {
        let Lies::Packed { keys, .. } = &self.lies else {
            return Ok(Stored::Text(row.get_ref(0)?.as_str()?));
        };
        let key = |(at, name): (usize, &'r String)| {
            let typed = row.get_ref(at + 1)?.as_str()?;
            Ok((name.as_str(), typed.strip_prefix("S:").unwrap_or(typed)))
        };
        let keys = keys.iter().enumerate().map(key).collect::<rusqlite::Result<_>>()?;
        Ok(Stored::Packed { keys, rest: row.get_ref(0)?.as_blob_or_null()? })
    }
}

/// Partition and sort key, where there are both and both are text.
fn names(keys: &[KeyPart], attributes: &str) -> Option<Vec<String>> {
    if keys.len() != 2 {
        return None;
    }
    let attributes: Vec<Attribute> = serde_json::from_str(attributes).ok()?;
    let is_text = |name: &str| attributes.iter().any(|one| one.name == name && one.kind == "S");
    let named = |kind: &str| {
        let part = keys.iter().find(|part| part.kind == kind)?;
        is_text(&part.name).then(|| part.name.clone())
    };
    Some(vec![named("HASH")?, named("RANGE")?])
}
