//! `/api/messages…`

pub mod dismiss;
