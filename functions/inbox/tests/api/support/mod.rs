//! A business to ask about, and people who ask.

pub mod house;
pub mod person;

pub use house::House;
pub use person::Person;

use std::time::Duration;

use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;

/// 2026-11-20, ten in the morning in UTC, and so many seconds.
pub fn at(seconds: u64) -> Timestamp {
    let start: Timestamp = "2026-11-20T10:00:00.000Z".parse().expect("an instant");
    start + Duration::from_secs(seconds)
}

/// The `n`-th id of the tests.
pub fn ulid<T: std::str::FromStr>(n: u64) -> T {
    let id = ulid::Ulid::from_parts(at(0).millis().cast_unsigned(), u128::from(n));
    id.to_string().parse().ok().expect("a ULID")
}

/// A number of the range for fiction.
pub fn phone(n: u64) -> ContactPoint {
    ContactPoint::phone(&format!("+120755501{n:02}")).expect("a number")
}
