//! How items lie in the file: packed.
//!
//! The engine keeps an item as JSON text, its key attributes in it and once more in columns of their own, and finds rows
//! by an index that holds the keys a third time. Of what a message takes that was the half. So those of its tables, and
//! of its tables of an index, that the template names (what is kept for years: each write takes some ten microseconds
//! more, since the engine prepares each statement anew) are replaced by
//!
//! * `<name>::packed`, in the order of the keys: the rest of the item as JSONB beside them, without its keys. SQLite
//!   begins a page of its own for what goes beyond a quarter of one in such a table, so
//! * `<name>::large` has what is larger, and the row its number. An index of a part of the items has none;
//! * a view `<name>` of the engine's columns, which makes whole items of them; and triggers, since the engine writes to
//!   the view as to its table.
//!
//! The engine updates rows in place only for what we do not use (vector indexes, marks of a cache), and its own
//! migrations expect tables: `schema` refuses a file of another version of it. What is packed stays so, also when the
//! template no longer names it.
//!
//! Keys of other types than text are left to the engine, and with them the table or the index: see [`Shape::of`].
//!
//! # What of SQLite it relies on
//!
//! Triggers `INSTEAD OF` what is written to a view, with the conflict clause of the statement that fires them, and with
//! `changes()` and `last_insert_rowid()` of the statement before within them (sqlite.org/lang_createtrigger.html,
//! c3ref/changes.html, c3ref/last_insert_rowid.html). JSONB is JSON again to the letter, but for white space, which the
//! engine writes none of (json1.html, jsonb.html). Rows beyond a quarter of a page: fileformat2.html, "Cell Payload
//! Overflow Pages".

mod load;

use rusqlite::{OptionalExtension, Transaction, TransactionBehavior};
use serde_json::Value;

use super::side::{Made, Side};

pub use load::Loading;

/// What SQLite keeps of keys and item without a page for the rest (1002 bytes of a page's 4096), less what it notes
/// beside them.
const SMALL: usize = 975;

/// JSONB's empty object. A row has nothing for it.
const EMPTY: &str = "x'0C'";

/// What a kind of the engine's tables has, in SQL.
struct Kind {
    keys: &'static [&'static str],
    keys_made: &'static str,
    /// What the engine has after the keys and `item_json`, and its names.
    rest_made: &'static str,
    rest: &'static str,
    /// The same packed; how it is packed from a row `new`, and unpacked.
    packed: &'static str,
    packing: &'static str,
    unpacking: &'static str,
    /// What of that is gathered with rows that are loaded.
    gathered: &'static str,
    /// What else the engine finds rows by.
    found_by: Option<&'static str>,
}

/// The key columns of an index: its own, and its table's.
pub(super) const INDEX_KEYS: [&str; 4] = ["gsi_pk", "gsi_sk", "table_pk", "table_sk"];

const ITEMS: Kind = Kind {
    keys: &["pk", "sk"],
    keys_made: "pk TEXT NOT NULL, sk TEXT NOT NULL DEFAULT ''",
    rest_made: ", item_size INTEGER NOT NULL, cached_at REAL, hash_prefix TEXT NOT NULL DEFAULT ''",
    rest: ", item_size, cached_at, hash_prefix",
    packed: ", item_size INTEGER NOT NULL, cached_at REAL, hash BLOB NOT NULL",
    packing: ", new.item_size, new.cached_at, unhex(new.hash_prefix)",
    unpacking: ", item_size, cached_at, lower(hex(hash))",
    gathered: ", item_size, hash_prefix",
    found_by: None,
};

const INDEX: Kind = Kind {
    keys: &INDEX_KEYS,
    keys_made: "gsi_pk TEXT NOT NULL, gsi_sk TEXT NOT NULL DEFAULT '',
        table_pk TEXT NOT NULL, table_sk TEXT NOT NULL DEFAULT ''",
    rest_made: "",
    rest: "",
    packed: "",
    packing: "",
    unpacking: "",
    gathered: "",
    found_by: Some("table_pk, table_sk"),
};

/// One of the engine's tables, or of its indexes' tables, and how it is packed.
struct Shape {
    name: String,
    kind: &'static Kind,
    /// The attribute of each key column; none where the key has no second part.
    columns: Vec<Option<String>>,
    /// The attributes that the key columns hold, each once.
    attributes: Vec<(&'static str, String)>,
    /// Whether its items are whole, and may be large.
    is_whole: bool,
}

impl Side {
    /// Packs a table and these of its indexes, as far as they are not. What is stored stays.
    pub(super) fn pack(&self, table: &str, indexes: &[String]) -> rusqlite::Result<()> {
        let names: Vec<String> = indexes.iter().map(|index| index_table(table, index)).collect();
        self.reshape(table, "table", |shape| shape.name == table || names.contains(&shape.name), Shape::pack)
    }

    /// Makes a table and its indexes the engine's again: it is about to drop them.
    pub(super) fn unpack(&self, table: &str) -> rusqlite::Result<()> {
        self.reshape(table, "view", |_| true, Shape::unpack)
    }

    /// The same for some of its indexes.
    pub(super) fn unpack_indexes(&self, table: &str, indexes: &[&str]) -> rusqlite::Result<()> {
        let names: Vec<String> = indexes.iter().map(|index| index_table(table, index)).collect();
        self.reshape(table, "view", |shape| names.contains(&shape.name), Shape::unpack)
    }

    /// All at once or nothing.
    fn reshape(
        &self,
        table: &str,
        from: &str,
        is_meant: impl Fn(&Shape) -> bool,
        change: impl Fn(&Shape) -> String,
    ) -> rusqlite::Result<()> {
        let Some(made) = self.made(table)? else { return Ok(()) };
        let reshaping = Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)?;
        for shape in Shape::all(table, &made).iter().filter(|shape| is_meant(shape)) {
            if self.is_a(&shape.name)?.as_deref() == Some(from) {
                reshaping.execute_batch(&change(shape))?;
            }
        }
        reshaping.commit()
    }

    fn is_packed(&self, shape: &Shape) -> rusqlite::Result<bool> {
        Ok(self.is_a(&shape.name)?.as_deref() == Some("view"))
    }

    /// `table` or `view`.
    fn is_a(&self, name: &str) -> rusqlite::Result<Option<String>> {
        let is_a = "SELECT type FROM sqlite_master WHERE name = ?1";
        self.connection.query_row(is_a, [name], |row| row.get(0)).optional()
    }
}

impl Shape {
    /// Of a table and its indexes, those that can be packed.
    fn all(table: &str, made: &Made) -> Vec<Self> {
        let keys = &made.key_schema;
        let items = Self::of(table.to_owned(), &ITEMS, &[keys], &made.attributes, true);
        let indexes = made.indexes.iter().filter_map(|index| {
            let name = index_table(table, index["IndexName"].as_str()?);
            let is_whole = index["Projection"]["ProjectionType"] == "ALL";
            Self::of(name, &INDEX, &[&index["KeySchema"], keys], &made.attributes, is_whole)
        });
        items.into_iter().chain(indexes).collect()
    }

    /// None where a key is no text, has more parts than two, or a name that would have to be written otherwise in JSON or SQL.
    fn of(
        name: String,
        kind: &'static Kind,
        schemas: &[&Value],
        types: &Value,
        is_whole: bool,
    ) -> Option<Self> {
        let mut columns = Vec::new();
        for schema in schemas {
            let key = key(schema, types)?;
            columns.extend((0..2).map(|part| key.get(part).cloned()));
        }
        let mut attributes: Vec<(&'static str, String)> = Vec::new();
        for (attribute, column) in columns.iter().zip(kind.keys) {
            let Some(attribute) = attribute else { continue };
            if attributes.iter().all(|(_, known)| known != attribute) {
                attributes.push((column, attribute.clone()));
            }
        }
        Some(Self { name, kind, columns, attributes, is_whole })
    }

    fn pack(&self) -> String {
        let Self { name, kind, .. } = self;
        let Kind { keys_made, rest, packed, .. } = kind;
        let keys = kind.keys.join(", ");
        let large = format!("CREATE TABLE \"{name}::large\" (id INTEGER PRIMARY KEY, item BLOB NOT NULL);");
        let large = if self.is_whole { &large } else { "" };
        let (view, triggers, found_by) = (self.view(), self.triggers(), self.find_by("::packed"));
        format!(
            "ALTER TABLE \"{name}\" RENAME TO \"{name}::before\";
            CREATE TABLE \"{name}::packed\" ({keys_made}, item{packed}, PRIMARY KEY ({keys})) WITHOUT ROWID;
            {large}{view}{triggers}
            INSERT INTO \"{name}\" ({keys}, item_json{rest})
                SELECT {keys}, item_json{rest} FROM \"{name}::before\" ORDER BY {keys};
            DROP TABLE \"{name}::before\";
            {found_by}"
        )
    }

    fn unpack(&self) -> String {
        let Self { name, kind, .. } = self;
        let Kind { keys_made, rest_made, rest, .. } = kind;
        let keys = kind.keys.join(", ");
        let found_by = self.find_by("");
        format!(
            "CREATE TABLE \"{name}::after\" ({keys_made}, item_json TEXT NOT NULL{rest_made}, PRIMARY KEY ({keys}));
            INSERT INTO \"{name}::after\" SELECT {keys}, item_json{rest} FROM \"{name}\";
            DROP VIEW \"{name}\";
            DROP TABLE \"{name}::packed\";
            DROP TABLE IF EXISTS \"{name}::large\";
            ALTER TABLE \"{name}::after\" RENAME TO \"{name}\";
            {found_by}"
        )
    }

    /// The engine's second index, on its own table or on the packed one.
    fn find_by(&self, on: &str) -> String {
        let name = &self.name;
        let index = |keys| format!("CREATE INDEX \"{name}::base_key\" ON \"{name}{on}\" ({keys});");
        self.kind.found_by.map_or_else(String::new, index)
    }

    fn view(&self) -> String {
        let Self { name, kind, .. } = self;
        let keys = kind.keys.join(", ");
        let (item, large) = if self.is_whole {
            let large = format!(" LEFT JOIN \"{name}::large\" AS large ON large.id = packed.item");
            ("coalesce(large.item, packed.item)", large)
        } else {
            ("item", String::new())
        };
        format!(
            "CREATE VIEW \"{name}\" ({keys}, item_json{}) AS
                SELECT {keys}, {}{} FROM \"{name}::packed\" AS packed{large};",
            kind.rest,
            self.whole(item),
            kind.unpacking
        )
    }

    /// The item as JSON, its keys first. They are quoted with their type, and then cut: where it is cut before, SQLite's
    /// text ends at a NUL.
    fn whole(&self, item: &str) -> String {
        let key = |(column, attribute): &(&str, String)| {
            format!("\"{attribute}\":{{\"S\":\"' || substr(json_quote({column}), 4) || '}}")
        };
        let keys = listed(&self.attributes, key, ",");
        format!("'{{{keys}' || coalesce(',' || substr(json({item}), 2), '}}')")
    }

    /// What is left of the item of a row `new` without its keys.
    fn left(&self) -> String {
        let paths = listed(&self.attributes, |(_, name)| format!("'$.\"{name}\"'"), ", ");
        format!("nullif(jsonb_remove(new.item_json, {paths}), {EMPTY})")
    }

    fn triggers(&self) -> String {
        let Self { name, kind, .. } = self;
        let keys = listed(kind.keys, |key| format!("new.{key}"), ", ");
        let (is_old, packing) = (self.is("old"), kind.packing);
        let (item, keep_large) = if self.is_whole {
            (format!("iif(changes() = 1, last_insert_rowid(), {})", self.left()), self.keep_large())
        } else {
            (self.left(), String::new())
        };
        let forget_large = if self.is_whole { self.forget_large("old") } else { String::new() };
        format!(
            "CREATE TRIGGER \"{name}::put\" INSTEAD OF INSERT ON \"{name}\" BEGIN
                {keep_large}
                INSERT OR REPLACE INTO \"{name}::packed\" VALUES ({keys}, {item}{packing});
            END;
            CREATE TRIGGER \"{name}::delete\" INSTEAD OF DELETE ON \"{name}\" BEGIN
                {forget_large}
                DELETE FROM \"{name}::packed\" WHERE {is_old};
            END;"
        )
    }

    /// In place of what was large of a row with the same keys, keeps what is large of a new one, if it is.
    fn keep_large(&self) -> String {
        let (name, forget_large, left) = (&self.name, self.forget_large("new"), self.left());
        let bytes = listed(self.kind.keys, |key| format!("octet_length(new.{key})"), " + ");
        format!(
            "{forget_large}
            INSERT INTO \"{name}::large\" (item)
                SELECT item FROM (SELECT {left} AS item) WHERE {bytes} + length(item) > {SMALL};"
        )
    }

    fn forget_large(&self, row: &str) -> String {
        let (name, is_it) = (&self.name, self.is(row));
        format!(
            "DELETE FROM \"{name}::large\" WHERE id =
                (SELECT item FROM \"{name}::packed\" WHERE {is_it} AND typeof(item) = 'integer');"
        )
    }

    /// That a row has the keys of the row `old` or `new`.
    fn is(&self, row: &str) -> String {
        listed(self.kind.keys, |key| format!("{key} = {row}.{key}"), " AND ")
    }
}

fn listed<T>(of: &[T], each: impl Fn(&T) -> String, between: &str) -> String {
    of.iter().map(each).collect::<Vec<_>>().join(between)
}

/// What the engine calls the table of an index.
pub(super) fn index_table(table: &str, index: &str) -> String {
    format!("{table}::gsi::{index}")
}

/// What the parts of a key are called.
fn key(schema: &Value, types: &Value) -> Option<Vec<String>> {
    let parts = schema.as_array()?;
    let named = |kind: &str| parts.iter().find(|part| part["KeyType"] == kind)?["AttributeName"].as_str();
    let key: Vec<String> = [named("HASH"), named("RANGE")].into_iter().flatten().map(str::to_owned).collect();
    let is_known = key.len() == parts.len() && key.iter().all(|name| is_plain(name) && is_text(name, types));
    is_known.then_some(key)
}

fn is_text(name: &str, types: &Value) -> bool {
    let of_it = types.as_array().and_then(|types| types.iter().find(|one| one["AttributeName"] == name));
    of_it.is_some_and(|one| one["AttributeType"] == "S")
}

fn is_plain(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
}
