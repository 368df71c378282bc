//! `porchlight status`: what a data folder holds, and what stream consumers gave up.

use std::fmt::Write as _;
use std::path::Path;

use porchlight_engine::engine::TableSize;
use porchlight_engine::{DeadLetter, Engine, EngineError};

use crate::data_folder::store_in;

/// The report, for reading.
pub async fn report(folder: &Path) -> Result<String, EngineError> {
    let path = store_in(folder);
    if !path.exists() {
        return Ok(format!("Nothing is kept in {} yet.\n", folder.display()));
    }
    let engine = Engine::open(&path)?;
    let mut report = String::new();
    let _ = writeln!(report, "{:<32} {:>10} {:>12} {:>15}", "table", "items", "bytes", "stream records");
    for size in engine.sizes().await? {
        let TableSize { table, items, bytes, stream_records } = size;
        let _ = writeln!(report, "{table:<32} {items:>10} {bytes:>12} {stream_records:>15}");
    }
    let letters = engine.dead_letters().await?;
    let _ = writeln!(report, "\n{} dead letters", letters.len());
    for letter in letters {
        let DeadLetter {
            consumer,
            table,
            first_sequence_number,
            last_sequence_number,
            records,
            reason,
            at,
            ..
        } = letter;
        let place = format!("{table}, {first_sequence_number} to {last_sequence_number}");
        let _ = writeln!(report, "{at} {consumer} gave up {records} records of {place}: {reason}");
    }
    Ok(report)
}
