//! Whole items by their keys, read beside the engine: it makes each statement anew and builds every value twice. Asked
//! for nothing else, since anything that is out of the ordinary (another kind of key, a part of an item, what it
//! consumed, an error) is the engine's to answer.

use std::cell::RefCell;
use std::collections::HashMap;

use rusqlite::{Connection, OpenFlags, OptionalExtension};
use serde::Deserialize;

/// Kilobytes of the file that a connection keeps in mind: the upper levels of the trees.
const KEPT_KB: i64 = 1024;

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
        Ok(Self { connection, keys: RefCell::default() })
    }

    /// How the keys of a table are called; none for a table that is not there or has other keys.
    pub(crate) fn keys_of(&self, table: &str) -> Option<KeyNames> {
        if let Some(known) = self.keys.borrow().get(table) {
            return known.clone();
        }
        let made = self.made(table).ok().flatten();
        self.keys.borrow_mut().insert(table.to_owned(), made.clone());
        made
    }

    fn made(&self, table: &str) -> rusqlite::Result<Option<KeyNames>> {
        let made = "SELECT key_schema, attribute_definitions FROM _tables WHERE table_name = ?1";
        let made = self.connection.query_row(made, [table], |row| Ok((row.get(0)?, row.get(1)?)));
        let made: Option<(String, String)> = made.optional()?;
        Ok(made.and_then(|(keys, attributes)| names(&keys, &attributes)))
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
}

fn names(keys: &str, attributes: &str) -> Option<KeyNames> {
    let keys: Vec<KeyPart> = serde_json::from_str(keys).ok()?;
    let attributes: Vec<Attribute> = serde_json::from_str(attributes).ok()?;
    let is_text = |name: &str| attributes.iter().any(|one| one.name == name && one.kind == "S");
    let named = |kind: &str| {
        let part = keys.iter().find(|part| part.kind == kind)?;
        is_text(&part.name).then(|| part.name.clone())
    };
    Some(KeyNames { partition: named("HASH")?, sort: named("RANGE")? })
}
