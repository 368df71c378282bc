//! Log lines: one event each, readable alone, with fields. Never a message body, phone number, token or
//! secret (P11): types that hold them hide them in `Debug`, and nothing here prints requests.

use tracing_subscriber::EnvFilter;

/// JSON lines on standard output, which Lambda keeps; level from `RUST_LOG`, `info` without it.
pub fn start_on_lambda() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().json().with_env_filter(filter).with_target(false).without_time().init();
}
