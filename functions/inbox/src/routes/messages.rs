//! `/api/messages…`

pub mod dismiss;
pub mod elsewhere;
pub mod planned;
