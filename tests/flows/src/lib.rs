//! Whole-system flows, in process: everything that the templates declare, a small business with its people,
//! and a simulator that plays Twilio and the phones. The flows are in `tests/flows/`.
//!
//! # Layout
//!
//! - [`House`]: everything, started; `household` puts a business into it. [`post`]: webhooks signed by hand.
//! - [`person`]: somebody signed in; [`directory`]: the customers and jobs that they put.
//! - [`feed`]: their live feed; [`mirror`]: what a client makes of it.
//! - [`meter`]: what writes consume. `derived`: the derived table, whole.
//! - [`push_service`]: takes what browsers are woken with.
//! - [`peer`]: programs that we did not write.
//!
//! It must not know how anything is done, only what is asked and what is seen: HTTP, webhooks, the feed, and
//! the tables where a promise is about them.

mod derived;
pub mod directory;
pub mod feed;
mod house;
mod household;
pub mod meter;
pub mod mirror;
pub mod peer;
pub mod person;
pub mod post;
pub mod push_service;

pub use feed::Feed;
pub use house::{House, Setup, text_in};
pub use household::{Household, LINE, PASSWORD};
pub use mirror::Mirror;
pub use person::Person;

use std::time::Duration;

use porchlight_edge::{Clock, Entropy};

/// Longest that a test waits for something that must come.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Asks again until there is an answer; for state that no event announces to the test.
///
/// # Panics
/// When there is none in [`PATIENCE`]; `what` says what was awaited.
pub async fn eventually<T, F: AsyncFnMut() -> Option<T>>(what: &str, ask: F) -> T {
    eventually_or(ask).await.unwrap_or_else(|| panic!("never came: {what}"))
}

/// The same; nothing when there is no answer in time.
pub async fn eventually_or<T, F: AsyncFnMut() -> Option<T>>(mut ask: F) -> Option<T> {
    let found = tokio::time::timeout(PATIENCE, async {
        let mut again = tokio::time::interval(Duration::from_millis(15));
        loop {
            again.tick().await;
            if let Some(found) = ask().await {
                return found;
            }
        }
    });
    found.await.ok()
}

/// A ULID, as a client makes it.
pub fn new_id() -> String {
    Entropy::system().ulid(Clock::system().now()).to_string()
}
