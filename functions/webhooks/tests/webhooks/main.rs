//! The function on the template's tables and with its role's permissions: events in, as API Gateway and
//! EventBridge send them.

mod support;

mod bad_input;
mod consent;
mod forged;
mod meaning;
mod receipt;
mod replay;
mod status;
