//! The house itself: the direction of its crates, its [`templates`], and its functions' real binaries under a
//! small Lambda Runtime API ([`runtime_api`]), over tables that they reach by address ([`dynamodb`]). The
//! tests are in `tests/`.

pub mod dynamodb;
pub mod runtime_api;
pub mod templates;
