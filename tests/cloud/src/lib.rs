//! The house itself: the direction of its crates, its templates, and its functions' real binaries under a
//! small Lambda Runtime API ([`runtime_api`]). The tests are in `tests/`.

pub mod runtime_api;
