//! JSON shapes that only this function answers with.

pub mod audience;
pub mod bulk;
pub mod consent;
pub mod day_off;
pub mod detail;
pub mod devices;
pub mod directory;
pub mod facts;
pub mod list;
pub mod me;
pub mod notes;
pub mod staff;
pub mod templates;
pub mod timeline;
pub mod whom;
pub mod workday;

/// What a ULID looks like.
pub const ULID: &str = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$";

/// What a conversation's id looks like.
pub const CONVERSATION_ID: &str = "^[0-9a-f]{32}$";
