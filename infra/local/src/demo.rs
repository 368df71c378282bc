//! The demo business and seeded data: what an empty store is filled with, so that every screen has
//! something to show.
//!
//! # Layout
//!
//! - [`script`], [`when`] and [`hours`]: `demo/harbor.toml` as it is written, and when it plays; [`telling`]: from the script to a story.
//! - [`story`]: a business with everything around it, as values; threads are told by the acts of the domain.
//! - [`generate`], [`spread`] and [`words`]: plausible people in any number, and when they texted.
//! - [`load`]: writes a story; [`past`]: what the provider would remember of it.

pub mod generate;
pub mod hours;
pub mod load;
pub mod past;
pub mod script;
pub mod spread;
pub mod story;
pub mod telling;
pub mod when;
mod words;

use porchlight_domain::phone::InvalidContactPoint;
use porchlight_store::StoreError;

/// The demo could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The script is not as it should be.
    #[error("the demo's script")]
    Script(#[source] toml::de::Error),
    /// No such time zone.
    #[error("the demo's time zone")]
    TimeZone(#[source] jiff::Error),
    /// A number of the script.
    #[error("a number in the demo's script")]
    Contact(#[from] InvalidContactPoint),
    /// A time of the script.
    #[error(transparent)]
    When(#[from] when::InvalidWhen),
    /// A day of the script.
    #[error("“{0}” is no day in the demo's script")]
    Day(String),
    /// A line of the script.
    #[error("a line in the demo's script: {0}")]
    Line(String),
    /// A name that no member of staff has.
    #[error("nobody is called “{0}” in the demo's script")]
    Nobody(String),
    /// A customer without a number.
    #[error("a customer without a number in the demo's script")]
    Empty,
    /// It could not be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Its photos could not be kept.
    #[error("its photos could not be kept")]
    Photos(#[from] porchlight_bucket::BucketError),
    /// There is no place for them.
    #[error(transparent)]
    Bucket(#[from] porchlight_edge::ConfigError),
    /// The passwords of its people.
    #[error("the passwords could not be made")]
    Passwords(#[from] porchlight_edge::turns::Crowded),
}
