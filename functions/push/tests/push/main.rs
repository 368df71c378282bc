//! The function within the role that the template gives it, on the template's tables.

mod house;
mod ladder;
mod role;
