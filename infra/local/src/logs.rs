//! Log lines on standard error: the other output belongs to `--json`.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// A filter that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("configuration key log is not a filter such as \"info\" or \"warn,porchlight_send=debug\"")]
pub struct WrongFilter;

/// Starts logging, once in a process.
pub fn start(filter: &str, format: LogFormat) -> Result<(), WrongFilter> {
    let filter = EnvFilter::try_new(filter).map_err(|_| WrongFilter)?;
    let colours = std::io::stderr().is_terminal();
    let lines =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours);
    match format {
        LogFormat::Text => lines.with_target(false).init(),
        LogFormat::Json => lines.json().with_target(false).init(),
    }
    Ok(())
}
