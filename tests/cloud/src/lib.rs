//! The house itself: the direction of its crates, its templates, and its functions' real binaries under a
//! small Lambda Runtime API. Everything is in `tests/`.
