//! The release binaries, stripped, before any packaging.

use crate::program::{Binaries, FUNCTIONS};
use crate::report::{Table, megabytes};

/// Looks at the files.
pub fn measure(binaries: &Binaries) -> Table {
    let mut table = Table::new("Release binaries, stripped", &["", "size"]);
    let names = FUNCTIONS.iter().map(|name| format!("porchlight-{name}"));
    for name in names.chain(["porchlight".to_owned()]) {
        let size = std::fs::metadata(binaries.path(&name)).map_or(0, |file| file.len());
        table.row([format!("`{name}`"), megabytes(size)]);
    }
    table
}
