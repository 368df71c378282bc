//! Whole-system flows, in process: everything that the templates declare, a small business with its people,
//! and a simulator that plays Twilio and the phones. The flows are in `tests/`.
//!
//! - [`House`]: everything, started. - [`person`]: somebody signed in. - [`feed`]: their live feed.

pub mod feed;
mod house;
pub mod person;

pub use feed::Feed;
pub use house::{House, LINE, PASSWORD, Setup};
pub use person::Person;

use std::time::Duration;

/// Longest that a test waits for something that must come.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Asks again until there is an answer; for state that no event announces to the test.
///
/// # Panics
/// When there is none in [`PATIENCE`]; `what` says what was awaited.
pub async fn eventually<T, F: AsyncFnMut() -> Option<T>>(what: &str, mut ask: F) -> T {
    let found = tokio::time::timeout(PATIENCE, async {
        let mut again = tokio::time::interval(Duration::from_millis(15));
        loop {
            again.tick().await;
            if let Some(found) = ask().await {
                return found;
            }
        }
    });
    found.await.unwrap_or_else(|_| panic!("never came: {what}"))
}
