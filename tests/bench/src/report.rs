//! Tables in markdown, fit for the README.

use std::fmt;
use std::fs::read_to_string;

/// One section's figures.
pub struct Table {
    title: String,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    pub fn new(title: &str, columns: &[&str]) -> Self {
        let columns = columns.iter().map(|column| (*column).to_owned()).collect();
        Self { title: title.to_owned(), columns, rows: Vec::new() }
    }

    /// Adds a row; it has as many cells as there are columns.
    pub fn row<const N: usize>(&mut self, cells: [String; N]) {
        debug_assert_eq!(N, self.columns.len());
        self.rows.push(cells.into());
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "**{}**\n", self.title)?;
        let line = |cells: &[String]| format!("| {} |", cells.join(" | "));
        writeln!(f, "{}", line(&self.columns))?;
        // Figures to the right.
        writeln!(f, "|---{}|", "|---:".repeat(self.columns.len() - 1))?;
        self.rows.iter().try_for_each(|row| writeln!(f, "{}", line(row)))
    }
}

/// What it was measured on, in one line.
pub fn machine() -> String {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let model = field("/proc/cpuinfo", "model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let memory = field("/proc/meminfo", "MemTotal").and_then(|text| kilobytes(&text));
    let memory = memory.map_or_else(String::new, |kb| format!(", {} GB", kb.div_ceil(1024 * 1024)));
    let kernel = read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!("Measured on {processors} × {model}{memory}, {} {}", std::env::consts::OS, kernel.trim())
}

/// The value of `name` in a file of the system, such as `VmRSS` in a process's status.
pub fn field(path: &str, name: &str) -> Option<String> {
    let text = read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// `"53264 kB"` as a number.
pub fn kilobytes(text: &str) -> Option<u64> {
    text.split_whitespace().next()?.parse().ok()
}

/// Bytes in MB of a million.
pub fn megabytes(bytes: u64) -> String {
    format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_markdown() {
        let mut table = Table::new("Start", &["what", "p50"]);
        table.row(["first answer".to_owned(), "12 ms".to_owned()]);
        let written = "**Start**\n\n| what | p50 |\n|---|---:|\n| first answer | 12 ms |\n";
        assert_eq!(table.to_string(), written);
        assert_eq!((kilobytes("53264 kB"), megabytes(5_250_000)), (Some(53264), "5.2 MB".to_owned()));
    }
}
