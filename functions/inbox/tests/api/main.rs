//! The API over the template's tables, held to the function's role, by the very events that API Gateway sends.

mod support;

mod access;
mod acts;
mod audience;
mod bad_input;
mod begin;
mod blocked;
mod bulk;
mod consent;
mod day_off;
mod directory;
mod facts;
mod finding;
mod internal;
mod jobs;
mod later;
mod list;
mod notes;
mod push;
mod quiet;
mod send;
mod session;
mod staff;
mod table;
mod templates;
mod timeline;
mod tray;
mod wrong;
