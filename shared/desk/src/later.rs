//! What goes later (RULES "Later"): what becomes of it when its time has come, and what people do with it before.
//!
//! # Layout
//!
//! `due`: judged by the facts of the moment. `change`: taken back, sent now, changed, held by an open editor. `leave`:
//! how it goes, for both. `night`: the customer's.
//!
//! Invariant: every change is written on condition that the message is as it was read, so that of an edit, a taking
//! back and its time exactly one comes first.

mod change;
mod due;
mod leave;
mod night;

pub use self::change::{Editor, PlanChange};
