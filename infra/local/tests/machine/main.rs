//! The machinery itself, with small functions in the place of ours.

mod common;
mod gateway;
mod limits;
mod streams;
mod wiring;
