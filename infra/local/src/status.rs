//! `porchlight status`: what a data folder holds, and what stream consumers gave up.

use std::path::Path;

use porchlight_engine::{Engine, EngineError};

use crate::data_folder::store_in;

/// The report, for reading.
pub async fn report(folder: &Path) -> Result<String, EngineError> {
    let path = store_in(folder);
    if !path.exists() {
        return Ok(format!("Nothing is kept in {} yet.\n", folder.display()));
    }
    let engine = Engine::open(&path)?;
    let mut report = format!("{:<32} {:>10} {:>12} {:>15}\n", "table", "items", "bytes", "stream records");
    for size in engine.sizes().await? {
        let line =
            format!("{:<32} {:>10} {:>12} {:>15}\n", size.table, size.items, size.bytes, size.stream_records);
        report.push_str(&line);
    }
    let letters = engine.dead_letters().await?;
    report.push_str(&format!("\n{} dead letters\n", letters.len()));
    for letter in letters {
        let line = format!(
            "{} {} gave up {} records of {}, {} to {}: {}\n",
            letter.at,
            letter.consumer,
            letter.records,
            letter.table,
            letter.first_sequence_number,
            letter.last_sequence_number,
            letter.reason
        );
        report.push_str(&line);
    }
    Ok(report)
}
