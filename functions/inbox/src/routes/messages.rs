//! `/api/messages…`

pub mod delete;
pub mod dismiss;
pub mod elsewhere;
pub mod planned;
