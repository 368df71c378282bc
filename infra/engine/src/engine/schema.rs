//! The engine's private tables, as far as we rely on them. A file that has others is left alone.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::EngineError;

/// The layout of dynoxide 3.2.0.
const SCHEMA_VERSION: &str = "11";
const STREAM_COLUMNS: &str = "id,table_name,event_name,keys_json,new_image,old_image,sequence_number,shard_id,created_at,user_identity,event_id";

/// Before the engine opens the file, and would migrate it.
pub(super) fn check_before(path: &Path) -> Result<(), EngineError> {
    if !path.exists() || path.metadata().is_ok_and(|metadata| metadata.len() == 0) {
        return Ok(());
    }
    let unreadable =
        |e: rusqlite::Error| EngineError::Unreadable { path: path.to_owned(), reason: e.to_string() };
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(unreadable)?;
    let tables: i64 = connection
        .query_row("SELECT COUNT(*) FROM sqlite_master", [], |row| row.get(0))
        .map_err(unreadable)?;
    if tables == 0 {
        return Ok(());
    }
    let version: Result<String, _> =
        connection.query_row("SELECT value FROM _config WHERE key = 'schema_version'", [], |row| row.get(0));
    match version {
        Ok(version) if version == SCHEMA_VERSION => Ok(()),
        Ok(version) => Err(unknown(path, format!("version {version}"))),
        Err(rusqlite::Error::SqliteFailure(error, reason)) if is_damage(error) => {
            Err(unreadable(rusqlite::Error::SqliteFailure(error, reason)))
        }
        Err(_) => Err(unknown(path, "no version".to_owned())),
    }
}

/// After the engine has opened it: what the second connection is about to rely on.
pub(super) fn check_after(connection: &Connection, path: &Path) -> Result<(), EngineError> {
    let columns: String = connection.query_row(
        "SELECT group_concat(name) FROM pragma_table_info('_stream_records')",
        [],
        |row| row.get(0),
    )?;
    if columns != STREAM_COLUMNS {
        return Err(unknown(path, format!("stream records of {columns}")));
    }
    Ok(())
}

fn is_damage(error: rusqlite::ffi::Error) -> bool {
    matches!(error.code, rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase)
}

fn unknown(path: &Path, found: String) -> EngineError {
    EngineError::UnknownSchema { path: path.to_owned(), found }
}
